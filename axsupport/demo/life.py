"""How one incident goes, from the report to the rating: a chain of events, each a real action.

Each event is planned by the one before it, at a moment of its own; those after the end of the
story never happen, which leaves the desk in the middle of its work.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from accounts.enums import Role
from accounts.models import Person
from axsupport.demo import ladder, problems
from axsupport.demo.canned import with_commands
from axsupport.demo.problems import Problem
from axsupport.demo.setting import Customer
from entitlements.actions.packs import refund
from entitlements.enums import Channel, RefundReason
from entitlements.reads.current import current_level, working_calendar
from tickets.actions import conversation, goodwill, lifecycle, ratings
from tickets.actions.dispatch import ownership
from tickets.actions.dispatch.dispatching import dispatch, pass_on
from tickets.actions.filing import Report, file_incident
from tickets.actions.ladder import escalation
from tickets.actions.ladder.checklists import current_checklist
from tickets.actions.promises import alarms
from tickets.enums import UNFINISHED, State, TextFormat, Tier
from tickets.models import Cause, Dispatch, Incident, ResponseTarget
from tickets.rules.dispatch.settings import AS_DELIVERED
from tickets.rules.promises.alarm_steps import AS_SHIPPED, warn_at

Plan = Callable[[datetime, Callable[[datetime], None]], None]

FIRST_WARNING = min(warn_at(AS_SHIPPED)) / 100  # of a target: before it nobody is warned
LONGEST_LIE = AS_DELIVERED.take_within / 100  # of a target, after which it is passed on
NOTICED_AFTER = timedelta(seconds=11)  # the sweep that finds what became due
TEAM = {Tier.TS2: "ts2", Tier.TS3: "ts3"}


class Life:
    """One incident. `plan(at, event)` puts an event on the story's time line."""

    def __init__(
        self, random: Random, plan: Plan, customer: Customer, staff: dict[str, list[Person]]
    ) -> None:
        self.random = random
        self.plan = plan
        self.customer = customer
        self.staff = staff
        self.problem: Problem = random.choice(problems.PROBLEMS)
        self.contact = random.choice(customer.people)
        self.rounds = random.choices((0, 1, 2), (48, 42, 10))[0]
        self.escalates = random.random() < 0.14
        self.gaps: dict[str, Any] = {
            "host": random.choice(problems.HOSTS),
            "user": random.choice(problems.USERS),
            "day": random.choice(problems.DAYS),
            "version": random.choice(problems.VERSIONS),
            "name": self.contact.name,
            "second": random.randrange(60),
        }
        self.pk = 0
        self._known: Incident | None = None  # as the last action left it

    def report(self, at: datetime) -> None:
        """The customer files, by portal, mail or, where it is included, telephone."""
        owned = [one for one in self.customer.licences if one.made_at <= at]
        licence = self.random.choices(owned, range(len(owned), 0, -1))[0] if owned else None
        project = self.customer.project if self.random.random() < 0.4 else None
        count = self._count()
        impact, urgency = self._hit()
        incident = file_incident(
            Report(
                reporter=self.contact,
                service=self.problem.service,
                subject=self._say(self.problem.subject, count),
                body=self._say(self.problem.report + problems.SIGN, count),
                licence=licence,
                project=project,
                channel=self._channel(),
                impact=impact,
                urgency=urgency,
                version=self.gaps["version"],
                use_gold=self.random.choices((None, True, False), (60, 4, 36))[0],
                files=self._files(),
            ),
            at=at,
        )
        self.pk, self._known = incident.pk, incident
        if incident.decision.level is None:
            self._uncovered(incident, at)
            return
        dispatch(incident, at=at)
        self._owe_answer(at, self.first_answer)

    def first_answer(self, at: datetime) -> None:
        if self.random.random() < 0.15:
            engineer = self._engineer(self._incident())
            conversation.note(
                self._incident(),
                author=engineer,
                body=self._say(self.random.choice(problems.NOTES)),
                at=at - timedelta(minutes=4),
            )
        if self.rounds == 0 and not self.escalates:
            self._solve(at)
            return
        self._answer(at, self.problem.question, State.WAITING)
        self.plan(at + self._while(22, 1.1), self.reply)

    def reply(self, at: datetime) -> None:
        """The customer writes back; the incident was waiting for it, or had been solved."""
        incident = self._incident()
        if incident.state == State.CLOSED:
            return
        text = self._say(self.problem.reply)
        author = self._writer(incident)
        self._known = conversation.write(incident, author=author, body=text, at=at).incident
        if self.escalates:
            self.escalates = False
            self.plan(at + self._while(1.5, 0.6), self.escalate)
        self._owe_answer(at, self.next_answer)

    def next_answer(self, at: datetime) -> None:
        if self._incident().tier != Tier.TS1:
            text = "Our testing team looks into it now. We write as soon as they have a result."
            self._answer(at, text, State.OPEN)
        elif self.rounds > 1:
            self.rounds -= 1
            self._answer(at, self.problem.question, State.WAITING)
            self.plan(at + self._while(22, 1.1), self.reply)
        else:
            self._solve(at)

    def escalate(self, at: datetime) -> None:
        incident = self._incident()
        if incident.state not in UNFINISHED or incident.tier == Tier.TS3:
            return
        by = self._engineer(incident)
        handover = escalation.escalate(
            incident,
            by=by,
            at=at,
            reason=f"Beyond what we know: {incident.subject}",
            tried=self._say(self.random.choice(problems.TRIED)),
            reproduction=self._say(self.problem.reproduction),
            environment=self._say(self.random.choice(problems.ENVIRONMENTS)),
            logs=self._say(problems.LOG),
            **self._ticked(incident),
        )
        self._known = handover.incident
        self.plan(at + self._while(4, 0.6), self.look_into_it)
        further = incident.tier == Tier.TS1 and self.random.random() < 0.3
        self.plan(at + self._while(55, 0.8), self.escalate if further else self.give_back)

    def look_into_it(self, at: datetime) -> None:
        """Who works on it at TS2 or TS3 says what they found; now and then to the customer."""
        incident = self._incident()
        worker = incident.worker
        if worker is None or incident.state not in UNFINISHED:
            return
        role = Role(worker.role)
        if self.random.random() < 0.35:
            self._answer(at, ladder.ASKED[role], State.OPEN, author=worker)
            return
        text = self._say(self.random.choice(ladder.LOOKED_AT[role]))
        conversation.note(incident, author=worker, body=text, at=at)

    def give_back(self, at: datetime) -> None:
        incident = self._incident()
        if incident.state not in UNFINISHED or incident.tier == Tier.TS1:
            return
        handover = escalation.give_back(
            incident,
            by=self._engineer(incident),
            at=at,
            result=self._say(self.random.choice(problems.RESULTS)),
            to_tier=Tier.TS1,
        )
        self._known = handover.incident
        self.plan(at + self._while(3, 0.7), self._solve)

    def rate(self, at: datetime) -> None:
        incident = self._incident()
        if incident.state not in (State.SOLVED, State.CLOSED):
            return
        late = any(one.breach_noted_at for one in incident.targets.all())
        weights = (20, 25, 25, 20, 10) if late else (2, 3, 8, 35, 52)
        score = self.random.choices((1, 2, 3, 4, 5), weights)[0]
        ratings.rate(incident, score=score, comment=self.random.choice(problems.COMMENTS), at=at)

    def close(self, at: datetime) -> None:
        incident = self._incident()
        if incident.state == State.SOLVED:
            self._known = lifecycle.close(incident, by=self.contact, at=at)

    def close_by_itself(self, at: datetime) -> None:
        if self._incident().state == State.SOLVED:
            lifecycle.close_solved(self._incident(), at=at)
            self._known = None

    def give_refund(self, at: datetime) -> None:
        refund(
            self._incident(),
            kind=RefundReason.DEFECT,
            reason="A defect of ours, repaired in the next patch release",
            by=self.staff["ts1"][0],
            at=at,
        )

    def _uncovered(self, incident: Incident, at: datetime) -> None:
        """Most are closed after a word with the account manager; some are accepted anyway."""
        if self.random.random() < 0.4:
            self.plan(at + self._while(5, 0.6), self._accept)
        else:
            self.plan(at + self._while(60, 0.5), self._withdraw)

    def _accept(self, at: datetime) -> None:
        if self._is_covered_now(at):
            return
        manager = self.staff["manager"][0]
        reason = "A customer for years; the renewal is on its way."
        level = current_level("first")
        self._known = goodwill.accept(
            self._incident(), level=level, by=manager, at=at, reason=reason
        )
        dispatch(self._known, at=at)
        self._owe_answer(at, self.first_answer)

    def _withdraw(self, at: datetime) -> None:
        if not self._is_covered_now(at):
            self._known = lifecycle.close(self._incident(), by=self.contact, at=at)

    def _is_covered_now(self, at: datetime) -> bool:
        """Whether a subscription that began meanwhile took it up; then it goes on as others do."""
        self._known = None
        if self._incident().decision.level is None:
            return False
        dispatch(self._incident(), at=at)
        self._owe_answer(at, self.first_answer)
        return True

    def _solve(self, at: datetime) -> None:
        incident = self._incident()
        if incident.state not in UNFINISHED or incident.tier != Tier.TS1:
            return
        self._answer(at, self.problem.solution, State.SOLVED)
        if self.random.random() < 0.5:
            self.plan(at + self._while(9, 1.0), self.rate)
        if self.random.random() < 0.04:
            self.rounds = 1
            self.plan(at + self._while(60, 0.4), self.reply)
        elif self.random.random() < 0.3:
            self.plan(at + min(self._while(30, 0.6), timedelta(days=6)), self.close)
        if self.random.random() < 0.06:
            self.plan(at + self._while(20, 0.5), self.give_refund)
        self.plan(at + timedelta(days=7, minutes=23), self.close_by_itself)

    def _answer(
        self, at: datetime, text: str, then: State, *, author: Person | None = None
    ) -> None:
        incident = self._incident()
        if incident.state == State.CLOSED:
            return
        engineer = author or self._talker(incident)
        greeting = f"Dear {self.contact.get_short_name()},\n\n"
        sign = f"\n\nKind regards,\n{engineer.name}"
        said_first = self._say(text)
        if text == self.problem.question:
            said_first = with_commands(said_first, self.problem.service)
        said = conversation.answer(
            incident,
            author=engineer,
            body=greeting + said_first + sign,
            at=at,
            then=then,
            format=TextFormat.MARKDOWN,
            **self._solved(said_first) if then == State.SOLVED else {},
        )
        self._known = said.incident

    def _solved(self, said: str) -> dict[str, Any]:
        """What solved it is the first sentence of what is said; its cause mostly the usual one."""
        keys = (problems.CAUSES.get(self.problem.service, "configuration"), *problems.OTHER_CAUSES)
        cause = Cause.objects.get(key=keys[self.pk % len(keys)])
        return {"solution": f"{said.partition('. ')[0].rstrip('.')}.", "cause": cause}

    def _owe_answer(self, at: datetime, answer: Callable[[datetime], None]) -> None:
        """Plan the answer somewhere in its target, now and then late, and the sweeps between."""
        target = self._owed()
        if target is None:
            self.plan(at + self._while(2, 0.7), answer)
            return
        share = self.random.betavariate(1.5, 3.4)
        if self.random.random() < 0.035:
            share = self.random.uniform(1.04, 1.7)
        calendar = working_calendar(target.calendar)
        answered_at = calendar.due(at, target.target * share)
        if answered_at < at + timedelta(minutes=3):
            answered_at = at + timedelta(minutes=3)
        warnings = target.warnings.all() if share > FIRST_WARNING else ()
        for warning in warnings:
            if warning.due_at < answered_at:
                self.plan(warning.due_at + NOTICED_AFTER, _warn(warning.pk))
        if answer == self.first_answer and share > LONGEST_LIE:
            self._leave_it_a_while(answered_at)
        if target.due_at < answered_at:
            self.plan(target.due_at + NOTICED_AFTER, _breach(target.pk))
        self.plan(answered_at, answer)

    def _owed(self) -> ResponseTarget | None:
        target = ResponseTarget.objects.open().filter(incident=self.pk).first()
        level = self._incident().decision.level
        if target is not None and level is not None and target.calendar_id == level.calendar_id:
            target.calendar = level.calendar  # one row less to read, and a long one
        return target

    def _leave_it_a_while(self, answered_at: datetime) -> None:
        """Most engineers say in time that they are on it; now and then it goes to another."""
        given = Dispatch.objects.filter(incident=self.pk, settled_at=None).last()
        if given is None or given.take_by is None or given.take_by >= answered_at:
            return
        if self.random.random() < 0.7:
            self.plan(given.at + (given.take_by - given.at) * self.random.random(), self.accept)
        else:
            self.plan(given.take_by + NOTICED_AFTER, self._pass_on(given.pk))

    def accept(self, at: datetime) -> None:
        incident = self._incident()
        if incident.owner is not None:
            self._known = ownership.accept(incident, by=incident.owner, at=at)

    def _pass_on(self, pk: int) -> Callable[[datetime], None]:
        def sweep(at: datetime) -> None:
            if pass_on(pk, at=at):
                self._known = None  # another has it now

        return sweep

    def _incident(self) -> Incident:
        if self._known is None:
            self._known = Incident.objects.get(pk=self.pk)
        return self._known

    def _engineer(self, incident: Incident) -> Person:
        """Who works on it: whoever does at its tier, one of that team, or its owner."""
        if incident.worker is not None:
            return incident.worker
        team = TEAM.get(Tier(incident.tier))
        return self.random.choice(self.staff[team]) if team else self._talker(incident)

    def _ticked(self, incident: Incident) -> dict[str, Any]:
        """What TS2's list asks for: mostly all of it, else why not."""
        checklist = current_checklist(incident.service_id)
        if checklist is None or incident.tier != Tier.TS1:
            return {}
        if self.random.random() < 0.7:
            return {"ticked": checklist.items}
        because = "The customer can not stop the service before the weekend."
        return {"ticked": checklist.items[:-1], "unticked_because": because}

    def _talker(self, incident: Incident) -> Person:
        """Who talks to the customer: the owner, else the lead of TS1 (or of the partner)."""
        partner = incident.organisation.partner_id is not None
        team = self.staff["partner" if partner else "ts1"]
        return next((one for one in team if one.pk == incident.owner_id), team[0])

    def _writer(self, incident: Incident) -> Person:
        """Now and then a colleague writes on, and is notified of the answers from then on."""
        return self.customer.people[0] if incident.pk % 9 == 0 else self.contact

    def _count(self) -> int:
        return self.random.choice((3, 7, 12, 18, 24, 40, 64, 90))

    def _say(self, text: str, count: int | None = None) -> str:
        return text.format(**self.gaps, count=count or self._count())

    def _channel(self) -> Channel:
        choices = (Channel.PORTAL, Channel.EMAIL)
        return self.random.choices(choices, (60, 40))[0]

    def _hit(self) -> tuple[int, int]:
        """Whom it hits and how hard: seldom everybody, mostly some."""
        return self.random.choices(((1, 1), (1, 2), (2, 2), (2, 3)), (6, 22, 58, 14))[0]

    def _files(self) -> list[UploadedFile[Any]]:
        if self.random.random() > 0.06:
            return []
        log = (self._say(problems.LOG) * 20).encode()
        return [SimpleUploadedFile(f"{self.gaps['host']}.log", log, "text/plain")]

    def _while(self, hours: float, spread: float) -> timedelta:
        """A span around `hours`, seldom much longer."""
        return timedelta(hours=self.random.lognormvariate(math.log(hours), spread))


def by_role(people: list[Person]) -> dict[str, list[Person]]:
    """The staff by role, leads first."""
    found: dict[str, list[Person]] = {role.value: [] for role in Role}
    for person in sorted(people, key=lambda one: (not one.is_lead, one.pk)):
        found[person.role].append(person)
    return found


def _warn(pk: int) -> Callable[[datetime], None]:
    return lambda at: _ignore(alarms.notify_of_warning(pk, at=at))


def _breach(pk: int) -> Callable[[datetime], None]:
    return lambda at: _ignore(alarms.note_breach(pk, at=at))


def _ignore(result: object) -> None:
    """A sweep that finds nothing to do any more is as good as one that does."""
