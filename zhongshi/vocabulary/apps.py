"""App `vocabulary`."""

from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "zhongshi.vocabulary"
    label = "vocabulary"

    def ready(self) -> None:
        """Offer the regions to the registration of organizations."""
        from zhongshi.accounts import places  # noqa: PLC0415 - app ready

        places.offer("zhongshi.vocabulary.places.region_choices")
