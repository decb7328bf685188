"""What is sent with writing requests: plausible, and made of the secret's own words where these could be refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.factories import PASSWORD

from .hidden import CODE, EMAIL, LISTED, TEXT, WORD

_DAY = timezone.localdate()
_SOON = (_DAY + timedelta(days=30)).isoformat()
_NEED = {"title": f"{WORD}中试", "text": TEXT, "region": "510100", "visibility": "nda"}
_SHEET = _NEED | {"action": "count", "key": "k-1", "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
_PERSON = {"person_name": "张三", "contact_name": "张三", "contact_phone": "028-1", "consent": "on", "website": ""}
_STRANGER = {"kind": "enterprise", "zone": "1", "name": "新来公司", "credit_code": CODE, "email": EMAIL}
_STRANGER |= {"password": PASSWORD, "region": ""} | _PERSON
_QUOTE = {
    "amount": "1000",
    "currency": "CNY",
    "valid_until": _SOON,
    "lines-TOTAL_FORMS": "0",
    "lines-INITIAL_FORMS": "0",
}
_CAMPAIGN = {
    "title": f"{WORD}专项",
    "text": "征集",
    "opens_on": _DAY.isoformat(),
    "closes_on": _SOON,
    "is_public": "on",
}
_PAPER = {"qualification": "GMP", "number": f"{WORD}-1", "issuer": "省局", "valid_until": _SOON, "scope": "口服"}
_PLATFORM = {
    "name": f"{WORD}中试平台",
    "operator_name": f"{WORD}中试所",
    "operator_kind": "unknown",
    "region": "510100",
}
Bodies = tuple[dict[str, Any], ...]

BODIES: dict[str, Bodies] = {
    "POST api/v1/auth/token/": (
        {"username": EMAIL, "password": "wrong"},
        {"username": "operator", "password": PASSWORD},
    ),
    "POST api/v1/needs/": (_NEED,),
    "POST api/v1/needs/parse/": ({"title": _NEED["title"], "text": TEXT},),
    "PATCH api/v1/needs/<uuid:public_id>/": ({"revision": 1, "title": WORD},),
    "POST api/v1/matches/<uuid:public_id>/review/": ({"approve": True}, {"approve": False, "note": "不合适"}),
    "POST api/v1/questions/<uuid:public_id>/answer/": ({"answer": "约200 mPa·s"},),
    "POST api/v1/leads/<uuid:public_id>/decline/": ({"reason": "档期已满"},),
    "POST api/v1/leads/<uuid:public_id>/quote/": ({"amount": 1000, "valid_until": _SOON},),
    "POST api/v1/leads/<uuid:public_id>/ask/": ({"question": "粘度？"},),
    "POST api/v1/imports/": ({"file": LISTED},),
    "POST needs/new/": (_SHEET, _SHEET | {"action": "submit"}, _SHEET | {"action": "save"}),
    "POST needs/<str:number>/edit/": (_SHEET | {"revision": "1", "action": "submit"}, _SHEET | {"revision": "1"}),
    "POST needs/<str:number>/withdraw/": ({"note": "改期"},),
    "POST needs/<str:number>/relax/": ({"revision": "1", "proposal": "0"},),
    "POST needs/<str:number>/matches/<uuid:match_id>/unfit/": ({"code": "price", "words": "贵"},),
    "POST needs/<str:number>/questions/<uuid:question_id>/": ({"answer": "约200 mPa·s"},),
    "POST desk/leads/<uuid:match_id>/<str:action>/": (_QUOTE,),
    "POST desk/services/<uuid:uuid>/": ({"do": "check", "name": WORD, "processes": "发酵"},),
    "POST desk/platforms/new/": (_PLATFORM,),
    "POST desk/platforms/<uuid:uuid>/": (_PLATFORM,),
    "POST desk/platforms/<uuid:uuid>/services/new/": ({"do": "save", "name": WORD, "summary": "500L发酵罐"},),
    "POST desk/platforms/<uuid:uuid>/certs/new/": (_PAPER,),
    "POST desk/certs/<uuid:uuid>/": (_PAPER,),
    "POST desk/capacity/": ({"do": "feed"}, {"do": "open"}, {"do": "revoke"}),
    "POST compare/toggle/": ({"service": "{capability}"},),
    "POST park/review/": ({"item": "match:{proposed}", "decision": "approve"},),
    "POST park/review/<uuid:match_id>/": ({"decision": "approve"}, {"decision": "reject", "note": "不合适"}),
    "POST park/review/<str:kind>/<uuid:item_id>/": ({"decision": "approve"},),
    "POST park/needs/<str:number>/return/": ({"reason": "unclear", "note": "请补充"},),
    "POST park/needs/<str:number>/nominate/": ({"q": WORD}, {"capability": "{capability}", "note": "对口"}),
    "POST park/campaigns/new/": (_CAMPAIGN,),
    "POST park/campaigns/<uuid:campaign_id>/edit/": (_CAMPAIGN,),
    "POST park/campaigns/<uuid:campaign_id>/": ({"number": "{number}", "action": "join"},),
    "POST park/words/": ({"word": "{word}", "action": "dismiss"},),
    "POST park/words/<uuid:word_id>/": ({"action": "dismiss"},),
    "POST park/learned/": ({"form": "发酵罐", "action": "refuse"},),
    "POST accounts/register/": (_STRANGER,),
    "POST accounts/sign-in/": (
        {"username": EMAIL, "password": "wrong"},
        {"username": "tritium-owner@example.com", "password": "x"},
    ),
    "POST accounts/reset/": ({"email": EMAIL}, {"email": "owner@example.com"}),
    "POST accounts/members/invite/": ({"email": EMAIL},),
    "POST accounts/profile/": ({"name": "张三", "language": "en"},),
    "POST accounts/profile/email/": ({"email": EMAIL, "present": PASSWORD, "password": PASSWORD},),
    "POST accounts/organization/": (_STRANGER,),
    "POST notifications/robots/": (
        {"kind": "feishu", "name": WORD, "address": "https://open.feishu.cn/x", "language": "zh-hans"},
    ),
    "POST notifications/settings/": ({"digest": "daily", "digest_hour": "7"},),
}
