"""Celery's side of matching: the clock."""

from celery import shared_task
from django.utils import timezone

from .services import clock, learning


@shared_task(name="matching.pass_time")
def pass_time() -> None:
    """Remind and expire; every five minutes, and beside itself without harm."""
    now = timezone.now()
    clock.leads_remind(now=now)
    clock.leads_expire(now=now)


@shared_task(name="matching.learn_forms")
def learn_forms() -> None:
    """Learn synonyms from the listings of now; every hour, and beside itself without harm."""
    learning.forms_learn()
