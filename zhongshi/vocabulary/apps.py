"""App `vocabulary`."""

from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "zhongshi.vocabulary"
    label = "vocabulary"
