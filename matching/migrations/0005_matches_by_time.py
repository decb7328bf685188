"""Matches of a month are counted by capability; without the index each count would read them all."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("matching", "0004_rules_are_numbered")]

    operations = [
        AddIndexConcurrently("match", models.Index(fields=["created_at"], name="match_created")),
    ]
