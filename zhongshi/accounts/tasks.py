"""Celery's side of accounts."""

from celery import shared_task

from .services.forgetting import accounts_forget


@shared_task(name="accounts.forget")
def forget() -> None:
    """Forget what is over; runs every hour."""
    accounts_forget()
