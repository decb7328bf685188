"""What the catalogue taught about words, as the engine takes it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from matching.engine import Likely
from matching.models import LearnedForm
from zhongshi.vocabulary.models import Synonym


def learned_version() -> Any:
    """Changes whenever what was learned, or refused, changes."""
    return tuple(LearnedForm.objects.aggregate(newest=Max("updated_at"), n=Count("pk")).values())


def learned_forms() -> list[Likely]:
    """Every synonym learned and not refused."""
    rows = LearnedForm.objects.filter(is_refused=False).order_by("kind", "form")
    return [Likely((row.kind, row.form), row.value, row.listings, row.together) for row in rows]


def undecided_forms() -> QuerySet[LearnedForm]:
    """Those the vocabulary does not know as a name yet, refused ones too; the best supported first."""
    named = Synonym.objects.filter(term__kind=OuterRef("kind"), form=OuterRef("form"))
    return LearnedForm.objects.exclude(Exists(named))
