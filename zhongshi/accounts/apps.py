"""App `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhongshi.accounts"
    label = "accounts"
