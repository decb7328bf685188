"""Figures of the rules in words, and how far a capability moves from one version to the next."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from matching.exposure import Full
from matching.models import Match
from matching.preview import Place
from matching.weight_words import GROUPS, SHARES, Group, group_of, label_of
from matching.zone_rules import WEIGHT_NAMES, ZoneRules
from zhongshi.core.templatetags.ui import icon
from zhongshi.vocabulary.labels import MINUS, number_label

register = template.Library()


@register.filter
def figure_name(name: str) -> str:
    """A figure's name in words."""
    return str(label_of(name))


@register.filter
def figure(value: float, name: str) -> str:
    """A figure's value: a number without needless digits, or yes and no."""
    if name == "approves_itself":
        return _("yes") if value else _("no")
    return number_label(value)


@register.filter
def figure_of(rules: ZoneRules, name: str) -> str:
    """The value a version gives a figure."""
    return figure(rules.figures()[name], name)


@register.simple_tag
def rules_name(rules: ZoneRules) -> str:
    """What pages call a version: r7, or that it is what the engine brings along."""
    return rules.name if rules.saved else _("initial rules")


@register.simple_tag
def held_reason(held: Mapping[int, Full], match: Match) -> str:
    """Why the zone's rule keeps a match; nothing where it does not."""
    full = held.get(match.pk)
    if full is None:
        return ""
    words = ngettext(
        "The operator has %(n)s lead to answer already (at most %(limit)s)",
        "The operator has %(n)s leads to answer already (at most %(limit)s)",
        full.open_leads,
    )
    return words % {"n": full.open_leads, "limit": full.limit}


@register.simple_tag
def weighed(rules: ZoneRules) -> list[tuple[Group, list[tuple[str, float, float]]]]:
    """The weights in their groups as (name, value, share): the share is of the group's largest, 0..100, for a bar.

    A weight in the shares has the points it gives where a need asks about everything.
    """
    weights = rules.weights.as_mapping()
    whole = sum(value for name, value in weights.items() if group_of(name) is SHARES) or 1.0
    return [
        (
            group,
            [
                (name, weights[name], _share(weights[name], group, whole))
                for name in WEIGHT_NAMES
                if group_of(name) is group
            ],
        )
        for group in GROUPS
    ]


def _share(value: float, group: Group, whole: float) -> float:
    return 100 * value / (whole if group is SHARES else group.most)


@register.simple_tag
def move(place: Place) -> SafeString:
    """How a place under the new rules came about: up, down, new among the first, or as before."""
    if place.is_only_here:
        before = _("was %(rank)s") % {"rank": place.other_rank} if place.other_rank else _("not among the first 20")
        return format_html(
            '<span class="move move-in">{} {} <small>{}</small></span>', icon("plus"), pgettext("place", "new"), before
        )
    if place.moved:
        tone, words = ("up", _up(place.moved)) if place.moved > 0 else ("down", _down(-place.moved))
        return format_html('<span class="move move-{}">{} {}</span>', tone, "▲" if place.moved > 0 else "▼", words)
    return format_html('<span class="move">{}</span>', pgettext("place", "as before"))


@register.simple_tag
def exit_mark(place: Place) -> SafeString | str:
    """What became of a place under the old rules that is not among the first any more; nothing for the others."""
    if not place.is_only_here:
        return ""
    now = _("now %(rank)s") % {"rank": place.other_rank} if place.other_rank else _("beyond the first 20")
    return format_html(
        '<span class="move move-out">{} {} <small>{}</small></span>', icon("minus"), pgettext("place", "out"), now
    )


@register.filter
def signed(points: float) -> str:
    """Points won or lost: +2.5, −1.0, ±0."""
    if not points:
        return "±0"
    return f"{MINUS if points < 0 else '+'}{abs(points):.1f}"


def _up(places: int) -> str:
    return ngettext("up %(n)s place", "up %(n)s places", places) % {"n": places}


def _down(places: int) -> str:
    return ngettext("down %(n)s place", "down %(n)s places", places) % {"n": places}
