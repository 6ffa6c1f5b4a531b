from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("answer", "Answer"),
    ("note", "Internal note"),
    ("message", "Message of the customer"),
    ("report", "New report"),
    ("sending", "Answer that can still be taken back"),
]


class Migration(migrations.Migration):
    dependencies = [("tickets", "0048_private_incidents")]
    safe_because = "The kinds of a draft are no part of its column, which stays as it is."

    operations = [
        migrations.AddField("draft", "pressed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("draft", "send_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("draft", "kind", models.CharField(choices=KINDS, max_length=8)),
        migrations.RemoveConstraint("draft", "draft_known_kind"),
        AddConstraintNotValid(
            "draft",
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in KINDS]), name="draft_known_kind"
            ),
        ),
        AddConstraintNotValid(
            "draft",
            models.CheckConstraint(
                condition=Q(
                    Q(("kind", "sending"), ("pressed_at__isnull", False), ("send_at__isnull", False)),
                    Q(
                        Q(("kind", "sending"), _negated=True),
                        ("pressed_at", None),
                        ("send_at", None),
                    ),
                    _connector="OR",
                ),
                name="draft_sending_has_its_moments",
            ),
        ),
    ]
