"""Dead rows know when they died and whether somebody decided that they stay undone.

Not one transaction: the index is built and the check is proved while the outbox goes on being written.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("core", "0005_audit_sealed")]

    operations = [
        migrations.AddField(
            "outboxevent",
            "died_at",
            models.DateTimeField(blank=True, null=True, verbose_name="given up by the service at"),
        ),
        migrations.AddField(
            "outboxevent",
            "dismissed_at",
            models.DateTimeField(blank=True, null=True, verbose_name="given up by a person at"),
        ),
        AddConstraintNotValid(
            "outboxevent",
            models.CheckConstraint(
                condition=models.Q(("dismissed_at__isnull", True), ("state", "dead"), _connector="OR"),
                name="outbox_dismissed_is_dead",
            ),
        ),
        ValidateConstraint("outboxevent", "outbox_dismissed_is_dead"),
        AddIndexConcurrently(
            "outboxevent",
            models.Index(condition=models.Q(("state", "dead")), fields=["handler", "-id"], name="outbox_dead"),
        ),
    ]
