"""Find facts by quantity and size."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("platforms", "0004_facts_in_base_units")]

    operations = [
        AddIndexConcurrently(
            "fact",
            models.Index(
                fields=["quantity", "dimension", "base_high"],
                name="fact_size",
                condition=models.Q(kind="parameter"),
            ),
        ),
    ]
