"""Take names, addresses and numbers out of the trail while it can still be changed."""

from django.db import migrations

from zhongshi.core.masking import masked

_BY_ID = """
    UPDATE core_auditentry a SET detail = jsonb_set(a.detail, '{member}', to_jsonb(u.uuid::text))
    FROM accounts_user u WHERE a.detail->>'member' = u.username;
    UPDATE core_auditentry SET detail = detail - 'email' WHERE detail->>'email' IS NOT NULL;
    UPDATE core_auditentry SET note = '' WHERE action IN ('asked', 'answered') AND note <> '';
"""


def mask(apps, schema_editor):
    entries = apps.get_model("core", "AuditEntry").objects
    for pk, note in entries.exclude(note="").values_list("pk", "note").iterator(chunk_size=1000):
        if masked(note) != note:
            entries.filter(pk=pk).update(note=masked(note))


class Migration(migrations.Migration):
    dependencies = [("core", "0003_notice_channels"), ("accounts", "0005_joining_and_sessions")]

    operations = [
        migrations.RunSQL(_BY_ID, migrations.RunSQL.noop),
        migrations.RunPython(mask, migrations.RunPython.noop),
    ]
