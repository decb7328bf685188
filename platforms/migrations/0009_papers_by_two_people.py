import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platforms", "0008_imports_step_by_step"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20, verbose_name="kind of listing")),
                ("listing", models.UUIDField(verbose_name="listing")),
                ("record", models.JSONField(default=dict, verbose_name="what it said")),
                ("published_at", models.DateTimeField(verbose_name="published at")),
            ],
            options={
                "verbose_name": "published version",
                "verbose_name_plural": "published versions",
            },
        ),
        migrations.RemoveConstraint(
            model_name="certificate",
            name="certificate_status_known",
        ),
        migrations.AddField(
            model_name="certificate",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "submitted", "checked", "published", "returned", "suspended"])
                ),
                name="certificate_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "checked"), _negated=True), ("checked_by__isnull", False), _connector="OR"
                ),
                name="certificate_checked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("checked_by__isnull", True),
                    ("published_by__isnull", True),
                    models.Q(("published_by", models.F("checked_by")), _negated=True),
                    _connector="OR",
                ),
                name="certificate_by_two_people",
            ),
        ),
        migrations.AddField(
            model_name="listingversion",
            name="published_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="listingversion",
            constraint=models.UniqueConstraint(fields=("kind", "listing"), name="listing_version_last"),
        ),
    ]
