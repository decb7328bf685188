"""Counters of what may not be done often, for all processes together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_organization_status_valid")]

    operations = [
        migrations.CreateModel(
            name="RateBudget",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="key")),
                ("spent_until", models.DateTimeField(db_index=True, verbose_name="spent until")),
            ],
            options={"verbose_name": "rate budget", "verbose_name_plural": "rate budgets"},
        ),
        migrations.CreateModel(
            name="SignInPause",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False, verbose_name="key")),
                ("tries", models.PositiveIntegerField(verbose_name="tries")),
                ("until", models.DateTimeField(verbose_name="until")),
                ("tried_at", models.DateTimeField(db_index=True, verbose_name="last try")),
            ],
            options={"verbose_name": "pause of an account", "verbose_name_plural": "pauses of accounts"},
        ),
    ]
