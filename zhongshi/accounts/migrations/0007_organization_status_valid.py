"""Every organization has a known status; checked without keeping anybody waiting."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_personal_data")]

    operations = [ValidateConstraint(model_name="organization", name="organization_status_known")]
