"""Pages of notices: the list, the bell's panel, marking as read, and what one wants to be told."""

# ruff: noqa: TID251 - views: HTTP is their business

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import notifications
from .fragments import page_or_part, wants_part
from .models import Channel, Delivery, Notification, Robot
from .notice_forms import NoticeSettingsForm
from .notifications import shown
from .notifications.registry import Group
from .notifications.wishes import settings_of, settings_save
from .page_views import own_path, page_links

LIST = "/notifications/"
NOTICES_PER_PAGE = 20


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices by group, newest first, in the language of the page; looking marks nothing."""
    user_id = _own_id(request)
    group = request.GET.get("group", "")
    group = group if group in Group.values else ""
    unread = request.GET.get("unread") == "1"
    counts = shown.counts(user_id)
    context: dict[str, Any] = {
        "tabs": _tabs(counts, group, unread=unread),
        "group": group,
        "unread": unread,
        "total": sum(counts[name][unread] for name in ([group] if group else counts)),
        "unread_total": sum(fresh for name, (_all, fresh) in counts.items() if not group or name == group),
        "newest": Notification.objects.filter(recipient_id=user_id).values_list("pk", flat=True).first(),
        "switch": _address(group, unread=not unread),
        "here": request.get_full_path(),
    }
    if group:
        page = Paginator(shown.listed(user_id, group=group, unread=unread), NOTICES_PER_PAGE).get_page(
            request.GET.get("page")
        )
        context |= {"items": [shown.show(row) for row in page], "links": page_links(page, request)}
    else:
        context["sections"] = [
            (section, _address(section.group, unread=unread)) for section in shown.sections(user_id, unread=unread)
        ]
    return page_or_part(request, "notifications/list.html", "notifications/_list_part.html", context)


@require_safe
def notice_panel(request: HttpRequest) -> HttpResponse:
    """What the bell shows on wide screens; whoever asks without htmx is led to the page."""
    if not wants_part(request):
        return redirect(LIST)
    user_id = _own_id(request)
    context = {"items": shown.newest(user_id), "here": own_path(request, request.GET.get("from", "")) or LIST}
    return render(request, "notifications/_panel.html", context)


@require_POST
def notice_read(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Mark one of one's own notices as read, then go where it points, or back to the list it was marked on.

    404 for anybody else's.
    """
    notice = get_object_or_404(Notification, recipient_id=request.user.pk, uuid=uuid)
    notifications.mark_read(notice)
    onward = request.POST.get("next") or notice.path
    return HttpResponseRedirect(own_path(request, onward) or LIST)


@require_POST
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark all that was on the page, of one group or of all, and return to it."""
    group = request.POST.get("group", "")
    seen = request.POST.get("up_to", "")
    notifications.mark_all_read(
        _own_id(request),
        group=group if group in Group.values else "",
        up_to=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
    )
    return HttpResponseRedirect(own_path(request, request.POST.get("next", "")) or LIST)


@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: HttpRequest) -> HttpResponse:
    """Which event goes out by which channel, the daily mail, the quiet hours; and what became of the last ones."""
    user_id = _own_id(request)
    events = notifications.events(_role_of(request))
    channels = _channels_of(user_id)
    form = NoticeSettingsForm(
        request.POST if request.method == "POST" else None,
        events=events,
        channels=channels,
        wishes=settings_of(user_id),
    )
    if form.is_bound and form.is_valid():
        settings_save(user_id=user_id, **form.values())
        messages.success(request, _("Your notification settings are saved."))
        return redirect("notice-settings")
    context = {
        "form": form,
        "groups": _matrix(form),
        "channels": [Channel(channel).label for channel in channels],
        "has_robots": len(channels) > 1,
        "log": shown.log(_last_deliveries(user_id)),
    }
    return render(request, "notifications/settings.html", context, status=400 if form.errors else 200)


def _own_id(request: HttpRequest) -> int:
    assert request.user.pk is not None  # noqa: S101 - signed in, or the middleware had sent them away
    return request.user.pk


def _role_of(request: HttpRequest) -> str:
    membership = getattr(request.user, "membership", None)
    return str(membership.role) if membership else ""


def _channels_of(user_id: int) -> list[str]:
    """Mail, and what the person's organization has robots for."""
    robots = Robot.objects.filter(organization__memberships__user_id=user_id, is_active=True)
    kinds = set(robots.values_list("kind", flat=True))
    return [channel.value for channel in Channel if channel == Channel.MAIL or channel in kinds]


def _matrix(form: NoticeSettingsForm) -> list[tuple[str, list[tuple[Any, list[tuple[str, str, bool]]]]]]:
    """[(group, [(event, [(value, channel, is on)])])]."""
    on = form.switched_on
    rows: dict[Group, list[Any]] = {}
    for event in form.events:
        cells = [(f"{name}:{event.name}", Channel(name).label, f"{name}:{event.name}" in on) for name in form.channels]
        rows.setdefault(event.group, []).append((event, cells))
    return [(str(group.label), events) for group, events in rows.items()]


def _last_deliveries(user_id: int) -> Any:
    rows = Delivery.objects.filter(recipient_id=user_id, notification__isnull=False)
    return rows.select_related("notification").order_by("-id")[: shown.IN_LOG]


def _tabs(counts: dict[str, tuple[int, int]], group: str, *, unread: bool) -> list[dict[str, Any]]:
    every = {"label": _("All"), "count": sum(fresh for _all, fresh in counts.values()), "name": ""}
    tabs = [every] + [
        {"label": Group(name).label, "count": fresh, "name": name} for name, (_all, fresh) in counts.items()
    ]
    return [
        tab | {"url": _address(str(tab["name"]), unread=unread), "is_current": tab["name"] == group} for tab in tabs
    ]


def _address(group: str, *, unread: bool) -> str:
    query = QueryDict(mutable=True)
    if group:
        query["group"] = group
    if unread:
        query["unread"] = "1"
    return f"{LIST}?{query.urlencode()}" if query else LIST
