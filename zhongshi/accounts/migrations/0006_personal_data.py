"""What people may ask for: consents apart, accounts erased, organizations closed."""

import django.contrib.postgres.operations
import django.db.models.deletion
import uuid6
from django.conf import settings
from django.db import migrations, models

STATUSES = [
    ("submitted", "waits for the zone's office"),
    ("approved", "approved"),
    ("returned", "returned"),
    ("suspended", "suspended"),
    ("closed", "closed"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_joining_and_sessions")]

    operations = [
        migrations.CreateModel(
            name="ContactConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "uuid",
                    models.UUIDField(default=uuid6.uuid7, editable=False, unique=True, verbose_name="public id"),
                ),
                ("match", models.UUIDField(verbose_name="match")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent to passing on contacts",
                "verbose_name_plural": "consents to passing on contacts",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("match", "user"), name="contact_consent_once")],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="personal data erased at"),
        ),
        migrations.AlterField(
            model_name="organization",
            name="status",
            field=models.CharField(choices=STATUSES, default="approved", max_length=20, verbose_name="status"),
        ),
        migrations.RemoveConstraint(model_name="organization", name="organization_status_known"),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(status__in=[code for code, _ in STATUSES]), name="organization_status_known"
            ),
        ),
    ]
