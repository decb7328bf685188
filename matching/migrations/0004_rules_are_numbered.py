"""Every saved version of the rules has its number and its public id."""

import uuid6
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_number_rules")]

    operations = [
        migrations.AlterModelOptions(
            "rulesversion",
            {
                "ordering": ["-number"],
                "verbose_name": "rules version",
                "verbose_name_plural": "rules versions",
            },
        ),
        migrations.AlterField(
            "rulesversion", "number", models.PositiveIntegerField(verbose_name="number", unique=True)
        ),
        migrations.AlterField(
            "rulesversion",
            "uuid",
            models.UUIDField(verbose_name="public id", default=uuid6.uuid7, unique=True, editable=False),
        ),
    ]
