"""The trail refuses to be changed, and gets its chain of seals."""

from django.db import migrations, models

_REFUSE = """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is append-only: % on % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$;
"""
# ALWAYS: also in sessions that play a replica, which ordinary triggers would let pass.
_KEEP = """
    CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
    CREATE TRIGGER audit_keep_all BEFORE TRUNCATE ON {0} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
    ALTER TABLE {0} ENABLE ALWAYS TRIGGER audit_keep;
    ALTER TABLE {0} ENABLE ALWAYS TRIGGER audit_keep_all;
"""
_LET_GO = "DROP TRIGGER audit_keep_all ON {0}; DROP TRIGGER audit_keep ON {0};"
_TABLES = ("core_auditentry", "core_auditseal")


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_names_by_id")]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("entry_id", models.BigIntegerField(unique=True, verbose_name="entry")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="digest before")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("sealed_at", models.DateTimeField(auto_now_add=True, verbose_name="sealed at")),
            ],
            options={
                "verbose_name": "seal of the audit trail",
                "verbose_name_plural": "seals of the audit trail",
            },
        ),
        migrations.RunSQL(_REFUSE, "DROP FUNCTION audit_refuse();"),
        *(migrations.RunSQL(_KEEP.format(table), _LET_GO.format(table)) for table in _TABLES),
    ]
