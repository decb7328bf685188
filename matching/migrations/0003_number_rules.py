"""Rules saved before they had a number keep the name they were known by: r<id>."""

import uuid6
from django.db import migrations
from django.db.models import F


def number(apps, _editor):
    rules = apps.get_model("matching", "RulesVersion")
    rules.objects.filter(number=None).update(number=F("id"))
    for row in rules.objects.filter(uuid=None):
        rules.objects.filter(pk=row.pk).update(uuid=uuid6.uuid7())


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_rules_of_a_zone")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop, elidable=True)]
