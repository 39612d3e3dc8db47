"""The tables of the record."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.lookups
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("tree_size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
                ("previous", models.BinaryField()),
                ("key_id", models.CharField(max_length=8)),
                ("signature", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tree_size__gte", 0)), name="checkpoint_tree_size"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(models.F("root"), function="octet_length", output_field=models.IntegerField()),
                            32,
                        ),
                        name="checkpoint_root",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("previous"), function="octet_length", output_field=models.IntegerField()
                            ),
                            32,
                        ),
                        name="checkpoint_previous",
                    ),
                    models.CheckConstraint(condition=models.Q(("note__endswith", "\n")), name="checkpoint_note"),
                    models.CheckConstraint(
                        condition=models.Q(("key_id__regex", "^[0-9a-f]{8}$")), name="checkpoint_key_id"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("signature"), function="octet_length", output_field=models.IntegerField()
                            ),
                            64,
                        ),
                        name="checkpoint_signature",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("act", models.CharField(max_length=122)),
                ("subject", models.CharField(max_length=120)),
                ("provider", models.CharField(blank=True, max_length=64)),
                ("actor", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("facts_text", models.TextField(db_column="facts")),
                ("key_id", models.CharField(max_length=8)),
                ("signature", models.BinaryField()),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [
                    models.Index(fields=["subject", "id"], name="entry_by_subject"),
                    models.Index(fields=["provider", "id"], name="entry_by_provider"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("act__regex", "^[a-z][a-z0-9_]{0,39}(\\.[a-z][a-z0-9_]{0,39}){1,2}$")),
                        name="entry_act",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject__regex", "^[A-Za-z0-9][A-Za-z0-9:._~-]{0,119}$")),
                        name="entry_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("provider__regex", "^[A-Za-z0-9._-]{0,64}$")), name="entry_provider"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("actor__regex", "^[A-Za-z0-9][A-Za-z0-9:._~-]{0,119}$")), name="entry_actor"
                    ),
                    models.CheckConstraint(condition=models.Q(("key_id__regex", "^[0-9a-f]{8}$")), name="entry_key_id"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("signature"), function="octet_length", output_field=models.IntegerField()
                            ),
                            64,
                        ),
                        name="entry_signature",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            models.Func(
                                models.F("facts_text"), function="octet_length", output_field=models.IntegerField()
                            ),
                            16384,
                        ),
                        name="entry_facts_size",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                django.db.models.functions.comparison.Cast("facts_text", models.JSONField()),
                                function="jsonb_typeof",
                                output_field=models.TextField(),
                            ),
                            "object",
                        ),
                        name="entry_facts_object",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("name", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("position__gte", 0)), name="follower_position")
                ],
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("level__in", (8, 16, 24, 32, 40))), name="node_level"),
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="node_index"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(models.F("hash"), function="octet_length", output_field=models.IntegerField()),
                            32,
                        ),
                        name="node_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pending", to="ledger.entry"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "pending",
            },
        ),
        migrations.CreateModel(
            name="FollowerFailure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.BigIntegerField()),
                ("subject", models.CharField(max_length=120)),
                ("attempts", models.IntegerField()),
                ("next_try_at", models.DateTimeField()),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="failures",
                        to="ledger.follower",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["follower", "subject", "index"], name="failure_by_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("follower", "index"), name="failure_once"),
                    models.CheckConstraint(condition=models.Q(("attempts__gte", 0)), name="failure_attempts"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attempts", 0), ("error", "")),
                            models.Q(("attempts__gt", 0), models.Q(("error", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="failure_error_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                ("leaf_hash", models.BinaryField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="ledger.entry"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "leaves",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="leaf_index"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            models.Func(
                                models.F("leaf_hash"), function="octet_length", output_field=models.IntegerField()
                            ),
                            32,
                        ),
                        name="leaf_hash",
                    ),
                ],
            },
        ),
    ]
