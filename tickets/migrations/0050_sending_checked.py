from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("tickets", "0049_sending")]

    operations = [
        ValidateConstraint(model_name="draft", name="draft_known_kind"),
        ValidateConstraint(model_name="draft", name="draft_sending_has_its_moments"),
        AddIndexConcurrently(
            "draft",
            models.Index(
                fields=["send_at"], condition=Q(("kind", "sending")), name="draft_sending"
            ),
        ),
        AddIndexConcurrently(
            "draft",
            models.Index(
                fields=["incident"], condition=Q(("kind", "sending")), name="draft_sending_on"
            ),
        ),
    ]
