"""Celery's side of listings: the calendar."""

from celery import shared_task
from django.utils import timezone

from .services import dates


@shared_task(name="platforms.take_up_dates")
def take_up_dates() -> None:
    """Take up a new day; every hour, so that a day begins late by an hour at most, and again without harm."""
    today = timezone.localdate()
    dates.listings_age(today=today)
    dates.certificates_warn(today=today)
