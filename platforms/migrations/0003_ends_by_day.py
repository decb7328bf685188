"""Find what ended by day."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("platforms", "0002_dates_taken_up")]

    operations = [
        AddIndexConcurrently("freeperiod", models.Index(fields=["ends_on"], name="free_period_end")),
        AddIndexConcurrently("certificate", models.Index(fields=["valid_until"], name="certificate_end")),
    ]
