"""Imports become drafts first: columns, fixes, outcome, and what it takes to undo one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_first_managers"),
        ("platforms", "0007_weeks_of_capacity"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform_id", models.BigIntegerField()),
                ("platform_uuid", models.UUIDField()),
                ("name", models.CharField(max_length=300, verbose_name="platform")),
                ("before", models.JSONField(null=True)),
                ("after", models.CharField(max_length=64)),
                (
                    "fate",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("removed", "removed"),
                            ("restored", "restored"),
                            ("suspended", "suspended, because a match or a booking refers to it"),
                            ("changed", "left as it is, because it was changed since"),
                        ],
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.BinaryField()),
                ("sheets", models.JSONField(default=list)),
                ("table", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headings", models.CharField(max_length=64)),
                ("columns", models.JSONField(default=list)),
                ("used_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="RemovedCapability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("capability_id", models.BigIntegerField()),
                ("version", models.BigIntegerField(db_index=True)),
                ("removed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="importjob",
            name="import_state_known",
        ),
        migrations.AddField(
            model_name="importjob",
            name="columns",
            field=models.JSONField(blank=True, default=list, verbose_name="columns"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="counts",
            field=models.JSONField(blank=True, default=dict, verbose_name="outcome"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="failed_rows",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="importjob",
            name="fixes",
            field=models.JSONField(blank=True, default=list, verbose_name="fixes"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="headings",
            field=models.JSONField(blank=True, default=list, verbose_name="headings"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="sheet",
            field=models.CharField(blank=True, max_length=200, verbose_name="sheet"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="started at"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="undone at"),
        ),
        migrations.AddField(
            model_name="importjob",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="importjob",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "being prepared"),
                    ("waiting", "waiting"),
                    ("running", "running"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("undoing", "being undone"),
                    ("undone", "undone"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="importjob",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "waiting", "running", "done", "failed", "undoing", "undone"])
                ),
                name="import_state_known",
            ),
        ),
        migrations.AddField(
            model_name="importchange",
            name="job",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="platforms.importjob"
            ),
        ),
        migrations.AddField(
            model_name="importfile",
            name="job",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="file", to="platforms.importjob"
            ),
        ),
        migrations.AddField(
            model_name="importmapping",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="importchange",
            constraint=models.UniqueConstraint(fields=("job", "platform_id"), name="import_change_once"),
        ),
        migrations.AddConstraint(
            model_name="importchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("fate__in", ["", "removed", "restored", "suspended", "changed"])),
                name="import_change_fate_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importmapping",
            constraint=models.UniqueConstraint(fields=("organization", "headings"), name="import_mapping_once"),
        ),
    ]
