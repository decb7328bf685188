"""Time passes over listings: certificates run out, free days go by, operators are told in time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from platforms.enums import ListingStatus
from platforms.models import Certificate, FreePeriod, Platform
from zhongshi.accounts.actors import members_of
from zhongshi.accounts.enums import Role
from zhongshi.accounts.models import User
from zhongshi.core import notifications
from zhongshi.core.models import Notification

from .listings import touch

WARN_DAYS = (7, 30, 90)


def listings_age(*, today: date) -> int:
    """Take up what came to an end, or came into force, since each platform was last looked at; returns how many.

    Each such platform counts as changed, so open needs are matched anew. One short transaction a platform, and each
    keeps the day it was looked at: a run that breaks off, or days without any run, lose nothing.
    """
    return sum(_age(pk, today) for pk in list(_due(today).values_list("pk", flat=True)))


def _age(pk: int, today: date) -> bool:
    with transaction.atomic(durable=True):
        # The race: another run of this task, or an import writing the same platform. Whoever holds the row wins; the
        # question is asked again under the lock, so nothing is taken up twice, and the next run finds what is left.
        locked = Platform.objects.select_for_update(of=("self",), skip_locked=True)
        platform = locked.select_related("organization").filter(pk__in=_due(today).values("pk")).filter(pk=pk).first()
        if platform is None:
            return False
        ended = list(_newly(_papers(platform.pk), "valid_until", platform.dated_on).filter(valid_until__lt=today))
        Platform.objects.filter(pk=pk).update(dated_on=today)
        touch(platform, today=today)
        _tell(platform, ended, "certificate.expired", mark="expired")
    return True


def _due(today: date) -> QuerySet[Any]:
    """Published platforms with a date between the day they were last looked at and today."""
    papers, seen = _papers(OuterRef("pk")), OuterRef("dated_on")
    periods = FreePeriod.objects.filter(capability__platform=OuterRef("pk"))
    ended = _newly(papers, "valid_until", seen).filter(valid_until__lt=today)
    gone = _newly(periods, "ends_on", seen).filter(ends_on__lt=today)
    # The day after the one seen: a paper holds on its first day, while things end after their last.
    begun = papers.filter(valid_from__gt=_day(seen), valid_from__lte=today)
    return Platform.objects.published().filter(Q(Exists(ended)) | Q(Exists(gone)) | Q(Exists(begun))).order_by("pk")


def _papers(platform: Any) -> QuerySet[Certificate]:
    return Certificate.objects.filter(platform=platform, status=ListingStatus.PUBLISHED)


def _newly(rows: QuerySet[Any], column: str, seen: Any) -> QuerySet[Any]:
    """What had not ended yet on the day seen; everything where no day was."""
    return rows.filter(**{f"{column}__gte": _day(seen)})


def _day(seen: Any) -> Any:
    return Coalesce(seen, Value(date.min))


def certificates_warn(*, today: date) -> int:
    """Tell operators of certificates that run out within 90, 30 and 7 days, once each; returns how many notices."""
    soon = (
        Certificate.objects.filter(
            status=ListingStatus.PUBLISHED,
            platform__organization__isnull=False,
            valid_until__range=(today, today + timedelta(days=max(WARN_DAYS))),
        )
        # Its successor is on the list already.
        .exclude(renewals__status=ListingStatus.PUBLISHED)
        .select_related("platform__organization")
        .order_by("platform_id", "pk")
    )
    count = 0
    for platform, papers in groupby(soon, key=lambda paper: paper.platform):
        with transaction.atomic(durable=True):
            for paper in papers:
                assert paper.valid_until is not None  # noqa: S101 - filtered by it
                days = (paper.valid_until - today).days
                mark = next(bound for bound in WARN_DAYS if days <= bound)
                count += _tell(platform, [paper], "certificate.expiring", mark=str(mark), days=days)
    return count


def _tell(platform: Platform, papers: list[Certificate], event: str, *, mark: str, **params: Any) -> int:
    """Owe the platform's people one notice a paper and mark; returns how many are new."""
    people = members_of(platform.organization, Role.OPERATOR) if platform.organization and papers else []
    told = 0
    for paper in papers:
        # Loading a listing anew writes its papers as new rows: the key is made of what the paper says.
        identity = uuid5(platform.uuid, f"{paper.qualification}|{paper.number}|{paper.valid_until}")
        key = f"{event}:{identity}:{mark}"
        new = _untold(people, key)
        if new:
            words = {"qualification": paper.qualification, "platform": platform.name, "day": f"{paper.valid_until}"}
            notifications.owe(new, event, key=key, path="/desk/certs/", params=words | params)
        told += len(new)
    return told


def _untold(people: list[User], key: str) -> list[User]:
    """Whoever has no notice of that key: its mail is owed once, also after the outbox forgot that it was sent."""
    keys = [f"{key}:{person.pk}" for person in people]
    known = set(Notification.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    return [person for person in people if f"{key}:{person.pk}" not in known]
