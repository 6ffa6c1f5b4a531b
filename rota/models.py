from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import Person, check_timezone
from rota.enums import SwapState
from rota.querysets import (
    UNFINISHED,
    AbsenceQuerySet,
    PatternQuerySet,
    ShiftQuerySet,
    SwapQuerySet,
)


def _apart(name: str) -> ExclusionConstraint:
    """No two rows of one person overlap; an end that is NULL is open."""
    span = Func(
        "starts_at",
        "ends_at",
        RangeBoundary(),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[("person", RangeOperators.EQUAL), (span, RangeOperators.OVERLAPS)],
    )


class Pattern(models.Model):
    """When a person works in each week, by the wall clock of an IANA zone.

    `weekly` maps "mon".."sun" to pairs of "HH:MM"; one such as 22:00 to 06:00 ends on the next
    day. `starts_at` and `ends_at` are the midnights before the first and after the last day on
    which a shift begins. Its shifts are laid out until `planned_until`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="patterns")
    timezone = models.CharField(max_length=60, validators=[check_timezone])
    weekly = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    planned_until = models.DateTimeField()

    objects = PatternQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            _apart("pattern_no_overlap"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="pattern_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["planned_until"], name="pattern_to_plan", condition=UNFINISHED)
        ]

    def __str__(self) -> str:
        return f"pattern of {self.person_id} from {self.starts_on}"


class Shift(models.Model):
    """A person is on duty in [starts_at, ends_at).

    `planned_for` is whose pattern it comes from. `is_by_hand`: it was handed to another since,
    so that a new pattern of theirs leaves it as it is, and never lays it out a second time.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="shifts")
    planned_for = models.ForeignKey(Person, models.CASCADE, related_name="+")
    pattern = models.ForeignKey(
        Pattern, models.SET_NULL, null=True, blank=True, related_name="shifts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_by_hand = models.BooleanField(default=False)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            _apart("shift_no_overlap"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_start"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_at"], name="shift_of_person"),
            models.Index(fields=["ends_at"], name="shift_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.starts_at:%Y-%m-%d %H:%M}"


class Absence(models.Model):
    """A person is away in [starts_at, ends_at), whatever their pattern says."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            _apart("absence_no_overlap"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_at"], name="absence_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} away from {self.starts_at:%Y-%m-%d %H:%M}"


class Swap(models.Model):
    """An engineer asks a colleague of the team to take a shift, or to exchange it for theirs.

    Open until it is answered, withdrawn, or the shift begins. The colleague's own shift that is
    offered in return is `in_return`; without one the shift is given away.
    """

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="swaps")
    in_return = models.ForeignKey(
        Shift, models.CASCADE, null=True, blank=True, related_name="swaps_for"
    )
    asked_by = models.ForeignKey(Person, models.CASCADE, related_name="+")
    asked_of = models.ForeignKey(Person, models.CASCADE, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SwapState, default=SwapState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state=SwapState.OPEN), name="swap_one_open_a_shift"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("asked_of")), name="swap_asks_somebody_else"
            ),
            models.CheckConstraint(
                condition=(Q(state=SwapState.OPEN) & Q(settled_at=None))
                | (~Q(state=SwapState.OPEN) & Q(settled_at__isnull=False)),
                name="swap_settled_with_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["asked_of"], name="swap_asked_of")]

    def __str__(self) -> str:
        return f"swap of shift {self.shift_id}: {self.state}"


class ToldGap(models.Model):
    """A gap that the managers were notified of. NULL: nothing is planned before, or after it."""

    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["starts_at", "ends_at"], nulls_distinct=False, name="gap_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"gap from {self.starts_at} to {self.ends_at}"
