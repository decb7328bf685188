"""Celery's side of listings: the calendar, and files nobody came back for."""

from celery import shared_task
from django.utils import timezone

from .services import dates, import_drafts


@shared_task(name="platforms.take_up_dates")
def take_up_dates() -> None:
    """Take up a new day, so that it begins late by an hour at most, and clear away old imports; again without harm."""
    today = timezone.localdate()
    dates.listings_age(today=today)
    dates.certificates_warn(today=today)
    import_drafts.imports_forget()
