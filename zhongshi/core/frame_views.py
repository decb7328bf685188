"""Pages about the service itself: its parts, accessibility, privacy, help."""

# ruff: noqa: TID251 - views: HTTP is their business

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .page_views import page_links
from .samples import SampleForm

HEAT_LEVELS = (("h1", "1–2"), ("h2", "3–6"), ("h3", "7–11"), ("h4", "12–16"), ("h5", "≥ 17"))
_PAGES_SHOWN = 90


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the pages keep to, how that is tested, what is known not to work."""
    return render(request, "about/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, for how long, and who sees it."""
    return render(request, "about/privacy.html")


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to find, post, answer and review, in a page."""
    return render(request, "about/help.html")


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every part pages are made of, once, in all its states. 404 for anybody but staff."""
    if not request.user.is_staff:
        raise Http404
    page = Paginator(range(_PAGES_SHOWN), 10).get_page(request.GET.get("page", "5"))
    context = {
        "form": SampleForm(),
        "refused": SampleForm({"name": "", "scale": "pilot", "volume": "900", "day": "2026-13-01"}),
        "links": page_links(page, request),
        "levels": HEAT_LEVELS,
        "icons": icon_names(),
    }
    return render(request, "styleguide/page.html", context)


def icon_names() -> list[str]:
    """The symbols of ``icons.svg``, in its order."""
    sprite = (settings.BASE_DIR / "zhongshi" / "static" / "icons.svg").read_text(encoding="utf-8")
    return re.findall(r'<symbol id="([\w-]+)"', sprite)
