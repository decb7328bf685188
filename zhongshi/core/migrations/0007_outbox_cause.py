from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_outbox_dead_letters")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="cause",
            field=models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="request"),
        ),
    ]
