from django.db import migrations


def everybody_manages(apps, schema_editor):
    """Organizations of before had no managers: without one, nobody could invite or correct anything."""
    apps.get_model("accounts", "Membership").objects.update(is_manager=True)


class Migration(migrations.Migration):

    dependencies = [("accounts", "0002_organization_status")]

    operations = [migrations.RunPython(everybody_manages, migrations.RunPython.noop)]
