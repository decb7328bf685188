"""Every page and state a person can open, by whom; looked at by axe, by the width tests and by `make screens`.

`{name}` in a path stands for an id of the demo's story, found by the query of that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .service import Service

_NEED = "select number from requests_need where title like '{}%'"
_MATCH = (
    "select m.uuid from matching_match m join requests_need n on n.id = m.need_id "
    "join platforms_capability c on c.id = m.capability_id where n.title like '{}%' and c.external_id = '{}'"
)
_JOB = "select uuid from platforms_importjob where file_name = '{}'"
IDS = {
    "chosen": _NEED.format("头孢"),
    "quoted": _NEED.format("苹果"),
    "open": _NEED.format("聚酰亚胺"),
    "returned": _NEED.format("锂电"),
    "confidential": _NEED.format("益生菌果粉"),
    "confidential_lead": _MATCH.format("益生菌果粉", "cn-029-2"),
    "draft": _NEED.format("乳清"),
    "capability": "select uuid from platforms_capability where external_id = 'cn-022-1'",
    "capability2": "select uuid from platforms_capability where external_id = 'cn-002-1'",
    "platform": "select uuid from platforms_platform where external_id = 'cn-022'",
    "asked_lead": _MATCH.format("冻干", "cn-029-2"),
    "waiting_lead": _MATCH.format("农药", "cn-022-1"),
    "quoted_lead": _MATCH.format("苹果", "cn-029-1"),
    "won_lead": _MATCH.format("头孢", "cn-022-1"),
    "match": "select m.uuid from matching_match m join requests_need n on n.id = m.need_id "
    "where n.title like '聚酰亚胺%' order by m.rank limit 1",
    "match2": "select m.uuid from matching_match m join requests_need n on n.id = m.need_id "
    "where n.title like '聚酰亚胺%' order by m.rank offset 1 limit 1",
    "held": "select uuid from matching_match where status = 'proposed' order by id limit 1",
    "certificate": "select uuid from platforms_certificate where number = '示例-2026-0001'",
    "campaign": "select uuid from requests_campaign limit 1",
    "import_done": _JOB.format("冻干车间.csv"),
    "import_draft": _JOB.format("待整理.csv"),
    "month": "select to_char(now() at time zone 'Asia/Shanghai', 'YYYY-MM')",
}


@dataclass(frozen=True, slots=True)
class PageState:
    """One page as one person meets it. `status`: what it answers. `shot`: whether docs/screens shows it."""

    name: str
    path: str
    account: str = ""
    status: int = 200
    shot: bool = True


PUBLIC = (
    PageState("home", "/"),
    PageState("services", "/services/"),
    PageState("services-filtered", "/services/?chain=生物制造&process=发酵", shot=False),
    PageState("services-size", "/services/?quantity=volume&value=500&unit=L", shot=False),
    PageState("services-empty", "/services/?q=反重力装置&chain=生物制造"),
    PageState("services-refused", "/services/?quantity=volume&value=500&unit=kg", shot=False),
    PageState("compare", "/compare/?ids={capability},{capability2}"),
    PageState("compare-empty", "/compare/", shot=False),
    PageState("capability", "/services/{capability}/"),
    PageState("platform", "/platforms/{platform}/"),
    PageState("chains", "/chains/"),
    PageState("chain", "/chains/石化化工/"),
    PageState("campaigns", "/campaigns/", shot=False),
    PageState("campaign", "/campaigns/{campaign}/"),
    PageState("rules-explained", "/rules/"),
    PageState("help", "/help/", shot=False),
    PageState("accessibility", "/accessibility/", shot=False),
    PageState("privacy", "/privacy/", shot=False),
    PageState("sign-in", "/accounts/sign-in/"),
    PageState("register", "/accounts/register/"),
    PageState("register-sent", "/accounts/register/sent/", shot=False),
    PageState("register-confirmed", "/accounts/register/confirmed/", shot=False),
    PageState("reset-sent", "/accounts/reset/sent/", shot=False),
    PageState("link-invalid", "/accounts/register/none/", status=410, shot=False),
    PageState("invitation-invalid", "/accounts/invitation/none/", status=410, shot=False),
    PageState("email-confirm", "/accounts/email/none/", shot=False),
    PageState("reset", "/accounts/reset/"),
    PageState("reset-invalid", "/accounts/reset/none/none/", shot=False),
    PageState("not-found", "/nowhere/", status=404),
)
ACCOUNT = (
    PageState("account-profile", "/accounts/profile/", "operator3"),
    PageState("account-security", "/accounts/security/", "operator3"),
    PageState("account-two-step", "/accounts/two-step/", "operator3", shot=False),
    PageState("account-devices", "/accounts/sessions/", "operator3"),
    PageState("account-data", "/accounts/data/", "operator3"),
    PageState("account-delete", "/accounts/data/delete/", "operator3", shot=False),
    PageState("organization-close", "/accounts/organization/close/", "operator3", shot=False),
    PageState("account-organization", "/accounts/organization/", "operator3"),
    PageState("account-members", "/accounts/members/", "operator3"),
)
ENTERPRISE = (
    PageState("needs", "/needs/", "enterprise3"),
    PageState("need-new", "/needs/new/", "enterprise3"),
    PageState("need-draft", "/needs/{draft}/edit/", "enterprise4"),
    PageState("need-delete", "/needs/{draft}/delete/", "enterprise4", shot=False),
    PageState("need", "/needs/{open}/", "enterprise3"),
    PageState("need-edit", "/needs/{open}/edit/", "enterprise3"),
    PageState("need-chosen", "/needs/{chosen}/", "enterprise3", shot=False),
    PageState("need-confidential", "/needs/{confidential}/", "enterprise4"),
    PageState("readings", "/needs/{confidential}/readings/", "enterprise4", shot=False),
    PageState("need-returned", "/needs/{returned}/", "enterprise3"),
    PageState("matches", "/needs/{open}/matches/", "enterprise3"),
    PageState("matches-quoted", "/needs/{quoted}/matches/", "enterprise4"),
    PageState("matches-chosen", "/needs/{chosen}/matches/", "enterprise3", shot=False),
    PageState("match", "/needs/{open}/matches/{match}/", "enterprise3", shot=False),
    PageState("unfit", "/needs/{open}/matches/{match}/unfit/", "enterprise3", shot=False),
    PageState("matches-compare", "/needs/{open}/compare/?m={match}&m={match2}", "enterprise3"),
    PageState("excluded", "/needs/{open}/excluded/", "enterprise3"),
    PageState("routes", "/needs/{open}/routes/", "enterprise3"),
    PageState("quotes", "/needs/{quoted}/quotes/", "enterprise4"),
    PageState("choose", "/needs/{quoted}/matches/{quoted_lead}/choose/", "enterprise4"),
    PageState("withdraw", "/needs/{open}/withdraw/", "enterprise3", shot=False),
    PageState("notifications", "/notifications/", "enterprise3"),
    PageState("notifications-group", "/notifications/?group=progress", "enterprise3", shot=False),
    PageState("notification-settings", "/notifications/settings/", "enterprise3"),
    PageState("notification-robots", "/notifications/robots/", "operator3"),
    PageState("refused", "/park/", "enterprise3", status=403),
)
OPERATOR = (
    PageState("desk", "/desk/", "operator3"),
    PageState("leads", "/desk/leads/", "operator3"),
    PageState("leads-quoted", "/desk/leads/?state=quoted", "operator4", shot=False),
    PageState("lead-waiting", "/desk/leads/{waiting_lead}/", "operator3"),
    PageState("lead-quoting", "/desk/leads/{waiting_lead}/?do=quote", "operator3"),
    PageState("lead-declining", "/desk/leads/{waiting_lead}/?do=decline", "operator3", shot=False),
    PageState("lead-asked", "/desk/leads/{asked_lead}/", "operator4", shot=False),
    PageState("lead-quoted", "/desk/leads/{quoted_lead}/", "operator4", shot=False),
    PageState("lead-confidential", "/desk/leads/{confidential_lead}/", "operator4"),
    PageState("lead-won", "/desk/leads/{won_lead}/", "operator3"),
    PageState("desk-services", "/desk/services/", "operator3"),
    PageState("desk-service", "/desk/services/{capability}/", "operator3"),
    PageState("desk-service-new", "/desk/platforms/{platform}/services/new/", "operator3", shot=False),
    PageState("desk-platform", "/desk/platforms/{platform}/", "operator3", shot=False),
    PageState("desk-platform-new", "/desk/platforms/new/", "operator3", shot=False),
    PageState("desk-certs", "/desk/certs/", "operator3"),
    PageState("desk-cert", "/desk/certs/{certificate}/", "operator3", shot=False),
    PageState("desk-cert-new", "/desk/platforms/{platform}/certs/new/", "operator3", shot=False),
    PageState("capacity", "/desk/capacity/", "operator3"),
    PageState("desk-stats", "/desk/stats/", "operator3"),
    PageState("imports", "/desk/services/import/", "operator4"),
    PageState("import-columns", "/desk/services/import/{import_draft}/columns/", "operator4"),
    PageState("import-check", "/desk/services/import/{import_done}/", "operator4"),
)
ZONE = (
    PageState("park", "/park/", "admin"),
    PageState("gap", "/park/coverage/石化化工/PILOT/", "admin"),
    PageState("review", "/park/review/", "admin"),
    PageState("review-list", "/park/review/?view=list&kind=match", "admin", shot=False),
    PageState("review-match", "/park/review/{held}/", "admin"),
    PageState("review-certificate", "/park/review/certificate/{certificate}/", "admin"),
    PageState("zone-needs", "/park/needs/", "admin"),
    PageState("zone-need", "/needs/{open}/", "admin", shot=False),
    PageState("nominate", "/park/needs/{open}/nominate/", "admin", shot=False),
    PageState("zone-campaigns", "/park/campaigns/", "admin", shot=False),
    PageState("zone-campaign", "/park/campaigns/{campaign}/", "admin"),
    PageState("zone-campaign-edit", "/park/campaigns/{campaign}/edit/", "admin", shot=False),
    PageState("zone-campaign-new", "/park/campaigns/new/", "admin", shot=False),
    PageState("zone-imports", "/park/imports/", "admin", shot=False),
    PageState("zone-organizations", "/park/orgs/", "admin"),
    PageState("report", "/park/reports/{month}/", "admin"),
    PageState("rules", "/park/rules/", "admin"),
    PageState("rules-new", "/park/rules/new/", "admin"),
    PageState("words", "/park/words/", "admin", shot=False),
    PageState("learned", "/park/learned/", "admin", shot=False),
    PageState("zone-readings", "/park/readings/", "admin"),
    PageState("agreement", "/park/agreement/", "admin", shot=False),
    PageState("audit", "/park/audit/", "admin"),
    PageState("operations", "/operations/", "root", shot=False),
    PageState("styleguide", "/styleguide/", "root"),
)
PAGES = PUBLIC + ACCOUNT + ENTERPRISE + OPERATOR + ZONE


def found_ids(service: Service, pages: Iterable[PageState] = PAGES) -> dict[str, str]:
    """The ids the paths of `pages` need, from the running service's database."""
    paths = " ".join(page.path for page in pages)
    return {name: service.look_up(query) for name, query in IDS.items() if f"{{{name}}}" in paths}
