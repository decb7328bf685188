import uuid6
from django.db import migrations, models


def give_ids(apps, schema_editor):
    """One each: the default of a new column would be the same for all rows."""
    people = apps.get_model("accounts", "User").objects
    for pk in people.values_list("pk", flat=True).iterator():
        people.filter(pk=pk).update(uuid=uuid6.uuid7())


class Migration(migrations.Migration):

    dependencies = [("accounts", "0003_first_managers")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="uuid",
            field=models.UUIDField(default=uuid6.uuid7, editable=False, null=True, verbose_name="public id"),
        ),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="uuid",
            field=models.UUIDField(default=uuid6.uuid7, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AddField(
            model_name="user",
            name="external_id",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="name at the gateway"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id",),
                name="user_external_id_once",
            ),
        ),
    ]
