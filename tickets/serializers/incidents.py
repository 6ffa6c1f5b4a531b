"""Incidents as the API shows and takes them. Moments are ISO 8601 in UTC."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from entitlements.models import Licence
from tickets.enums import PRIORITY_NAMES, Impact, Priority, TextFormat, Urgency
from tickets.models import Attachment, Cause, Incident, Message


class PriorityField(serializers.ChoiceField):
    """A priority by its number, or by its name ("critical", "high", "normal", "low")."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(PRIORITY_NAMES.get(str(data).lower(), data))


WHY = "Why it happened, by its key, such as configuration"


class CauseField(serializers.SlugRelatedField[Cause]):
    """A cause of the managers' list, by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("key", queryset=Cause.objects.filter(is_offered=True), **kwargs)


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Attachment
        fields = ("id", "name", "size", "content_type", "sha256", "url")


class MessageSerializer(serializers.ModelSerializer[Message]):
    author = serializers.SerializerMethodField()
    attachments = AttachmentSerializer(many=True, read_only=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "kind",
            "channel",
            "author",
            "body",
            "format",
            "quoted",
            "sent_at",
            "attachments",
        )

    def get_author(self, message: Message) -> str | None:
        return str(message.author) if message.author else None


class PostedMessageSerializer(MessageSerializer):
    """`incident` is the number that it landed on, which may be a follow-up (R7)."""

    incident = serializers.CharField(source="incident.number")

    class Meta(MessageSerializer.Meta):
        fields = (*MessageSerializer.Meta.fields, "incident")  # type: ignore[assignment]


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    """One row of a list. `level` is null when nothing covers it; `due_at` when none is owed.

    `owner` is null until the incident was given to an engineer: mostly a second after the report.
    """

    organisation = serializers.CharField(source="organisation.slug")
    licence = serializers.CharField(source="licence.key", allow_null=True, default=None)
    service = serializers.CharField(source="service.key")
    reporter = serializers.CharField(source="reporter.email")
    owner = serializers.SerializerMethodField()
    worker = serializers.SerializerMethodField(
        help_text="Who works on it at TS2 or TS3, while the owner answers the customer"
    )
    level = serializers.CharField(source="decision.level.level", allow_null=True, default=None)
    tier = serializers.CharField(source="get_tier_display")
    priority_name = serializers.SerializerMethodField()
    private = serializers.BooleanField(
        source="is_private", help_text="Of the customer only its reporter and who takes part see it"
    )
    due_at = serializers.DateTimeField(allow_null=True, default=None)
    outside_at = serializers.DateTimeField(
        allow_null=True, help_text="When it ended as outside the limits of support; null otherwise"
    )

    class Meta:
        model = Incident
        fields = (
            "number",
            "organisation",
            "licence",
            "service",
            "channel",
            "priority",
            "priority_name",
            "impact",
            "urgency",
            "subject",
            "private",
            "product",
            "version",
            "state",
            "tier",
            "level",
            "reporter",
            "owner",
            "worker",
            "received_at",
            "due_at",
            "solved_at",
            "closed_at",
            "outside_at",
        )

    def get_owner(self, incident: Incident) -> str | None:
        return str(incident.owner) if incident.owner else None

    def get_worker(self, incident: Incident) -> str | None:
        return str(incident.worker) if incident.worker else None

    def get_priority_name(self, incident: Incident) -> str:
        return Priority(incident.priority).name.lower()


class TargetSerializer(serializers.Serializer[Any]):
    cycle = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    met_at = serializers.DateTimeField(allow_null=True)
    breach_noted_at = serializers.DateTimeField(allow_null=True)


class DefectSerializer(serializers.Serializer[Any]):
    """A known defect of the product; `fixed_in` is the build, empty while it is not fixed."""

    number = serializers.CharField()
    fixed_in = serializers.CharField(allow_blank=True)


class IncidentDetailSerializer(IncidentSerializer):
    """One incident with its conversation, its targets and why its level serves it."""

    messages = serializers.SerializerMethodField()
    targets = TargetSerializer(many=True, read_only=True)
    coverage = serializers.SerializerMethodField()
    follows = serializers.CharField(source="follows.number", allow_null=True, default=None)
    merged_into = serializers.CharField(
        source="merged_into.number",
        allow_null=True,
        default=None,
        help_text="The incident that this one repeats; what is written here goes there",
    )
    defect = DefectSerializer(read_only=True, allow_null=True)
    solution = serializers.CharField(
        source="solution_text",
        allow_null=True,
        default=None,
        help_text="The newest that was registered, in a sentence",
    )
    cause = serializers.CharField(
        source="solution_cause",
        allow_null=True,
        default=None,
        help_text="Why it happened, in words",
    )

    class Meta(IncidentSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *IncidentSerializer.Meta.fields,
            "follows",
            "merged_into",
            "defect",
            "solution",
            "cause",
            "coverage",
            "targets",
            "messages",
        )

    @extend_schema_field(MessageSerializer(many=True))
    def get_messages(self, incident: Incident) -> Any:
        if "messages" in self.context:  # in hand, as they are shown
            return self.context["messages"]
        person = self.context["request"].user
        said = Message.objects.visible_to(person).said_on(incident).for_conversation()
        return MessageSerializer(said, many=True).data

    def get_coverage(self, incident: Incident) -> dict[str, Any]:
        decision = incident.decision
        return {
            "level": decision.level.level if decision.level else None,
            "gold_depleted": decision.gold_depleted,
            "goodwill": decision.goodwill,
            "considered": decision.considered,
            "remedies": decision.remedies,
        }


class NewIncidentSerializer(serializers.Serializer[Any]):
    """A report. `licence` is its key (or id); `use_gold` null means the organisation's default."""

    licence = serializers.CharField(required=False, allow_null=True, max_length=60)
    service = serializers.CharField(max_length=40)
    priority = PriorityField(
        choices=Priority.choices,
        default=None,
        allow_null=True,
        help_text="1 to 4, or critical, high, normal, low. Without it, from impact and urgency;"
        " normal without those",
    )
    impact = serializers.ChoiceField(choices=Impact.choices, default=None, allow_null=True)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default=None, allow_null=True)
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    body = serializers.CharField(max_length=100_000, trim_whitespace=False)
    version = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    use_gold = serializers.BooleanField(required=False, allow_null=True, default=None)
    private = serializers.BooleanField(
        default=False, help_text="Only you and who takes part see it of your organisation"
    )
    files = serializers.ListField(child=serializers.FileField(), required=False, default=list)

    def validate_licence(self, given: str | None) -> Licence | None:
        if not given:
            return None
        ours = Licence.objects.visible_to(self.context["request"].user).held()
        found = next(iter(ours.filter(key=given)[:1]), None)
        if found is None and given.isascii() and given.isdigit():
            found = ours.filter(pk=int(given)).first()
        if found is None:
            raise serializers.ValidationError(
                "Your organisation has no such licence. GET /api/v1/licences/ lists them."
            )
        return found


class NewMessageSerializer(serializers.Serializer[Any]):
    """What staff say besides: `kind` ("answer" or "note"), `then`, what an answer leaves behind.

    `format` is how `body` is read; a customer's is always plain. `solution` is a sentence for the
    customer's service report, `cause` why it happened; they are kept where `then` is "solved".
    """

    body = serializers.CharField(max_length=100_000, trim_whitespace=False)
    kind = serializers.ChoiceField(choices=("answer", "note"), default="answer")
    then = serializers.ChoiceField(choices=("open", "waiting", "solved"), default="open")
    format = serializers.ChoiceField(choices=TextFormat.choices, default=TextFormat.PLAIN)
    solution = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    cause = CauseField(required=False, allow_null=True, default=None, help_text=WHY)
    files = serializers.ListField(child=serializers.FileField(), required=False, default=list)


class ClosingSerializer(serializers.Serializer[Any]):
    """What staff may say of what they close: a sentence, and why it happened. Nobody needs to."""

    solution = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    cause = CauseField(required=False, allow_null=True, default=None, help_text=WHY)


class EscalationSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=10_000)
    tried = serializers.CharField(max_length=10_000)
    reproduction = serializers.CharField(max_length=10_000)
    environment = serializers.CharField(max_length=10_000)
    logs = serializers.CharField(max_length=100_000, required=False, allow_blank=True, default="")
    ticked = serializers.ListField(
        child=serializers.CharField(max_length=200),
        default=list,
        help_text="Items of the service's checklist, word by word; from TS1 to TS2 only",
    )
    unticked_because = serializers.CharField(max_length=300, allow_blank=True, default="")


class ReopeningSerializer(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=100_000, required=False, allow_blank=True, default="")


class NextLevelSerializer(serializers.Serializer[Any]):
    """Why the customer wants the next technical level."""

    reason = serializers.CharField(max_length=2000)
