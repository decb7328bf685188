"""Which day a platform's dates were last looked at, and which facts have no valid certificate any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platforms", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="platform",
            name="dated_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="dates taken up on"),
        ),
        migrations.AddField(
            model_name="fact",
            name="is_lapsed",
            field=models.BooleanField(default=False, verbose_name="its certificate has run out"),
        ),
    ]
