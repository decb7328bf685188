from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0006_learned_forms'),
        ('platforms', '0006_unread_phrases'),
        ('requests', '0002_suggested_conditions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='match',
            name='decline_code',
            field=models.CharField(blank=True, choices=[('no_capacity', 'no free capacity in time'), ('out_of_scope', 'outside what we do'), ('scale', 'scale does not fit'), ('permit', 'permit or safety condition cannot be met'), ('price', 'budget does not cover it'), ('other', 'other reason')], max_length=20, verbose_name='kind of reason'),
        ),
        migrations.AddConstraint(
            model_name='match',
            constraint=models.CheckConstraint(condition=models.Q(('decline_code__in', ['', 'no_capacity', 'out_of_scope', 'scale', 'permit', 'price', 'other'])), name='match_decline_code_known'),
        ),
    ]
