"""Rules may belong to a zone and carry its policy; number and public id follow once older rows have theirs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("matching", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("rulesversion", "number", models.PositiveIntegerField(verbose_name="number", null=True)),
        migrations.AddField(
            "rulesversion", "uuid", models.UUIDField(verbose_name="public id", null=True, editable=False)
        ),
        migrations.AddField(
            "rulesversion",
            "zone",
            models.ForeignKey(
                to="accounts.zone",
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                related_name="rules_versions",
                verbose_name="zone",
            ),
        ),
        migrations.AddField(
            "rulesversion",
            "approves_itself",
            models.BooleanField(verbose_name="approves good matches by itself", null=True, blank=True),
        ),
        migrations.AddField(
            "rulesversion",
            "approval_score",
            models.PositiveSmallIntegerField(verbose_name="least score for that", null=True, blank=True),
        ),
        migrations.AddField(
            "rulesversion",
            "lead_limit",
            models.PositiveSmallIntegerField(verbose_name="most open leads an operator gets", null=True, blank=True),
        ),
        migrations.AddField(
            "rulesversion",
            "replaced",
            models.ForeignKey(
                to="matching.rulesversion",
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                related_name="+",
                verbose_name="in force before",
            ),
        ),
        migrations.AddConstraint(
            "rulesversion",
            models.CheckConstraint(
                condition=models.Q(zone=None, approves_itself=None, approval_score=None, lead_limit=None)
                | models.Q(
                    zone__isnull=False, approves_itself__isnull=False, approval_score__lte=100, lead_limit__gte=1
                ),
                name="rules_policy_with_zone",
            ),
        ),
    ]
