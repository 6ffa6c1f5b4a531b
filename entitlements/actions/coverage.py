"""Which level serves a report: the decision, with its reasons, as it is stored (R1 to R3)."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Organisation
from entitlements.enums import ON_SITE
from entitlements.models import (
    CoverageDecision,
    GoLiveProject,
    IncidentPack,
    LevelVersion,
    Licence,
    Service,
    TechnicalContract,
)
from entitlements.reads.current import current_levels
from entitlements.reads.holdings import candidates_of, holdings_of, project_candidate
from entitlements.rules.resolver import Candidate, Decision, Question, resolve
from entitlements.rules.terms import Term


def decide(
    *,
    organisation: Organisation,
    licence: Licence | None,
    project: GoLiveProject | None,
    service: str,
    channel: str,
    use_gold: bool,
    at: datetime,
    call_logged: bool = False,
    sold_by: datetime | None = None,
    service_name: str = "",
    save: bool = True,
) -> CoverageDecision:
    """Decide by the moment `at` at which the server received the report (R1).

    Five queries to decide and a sixth to keep it, however many licences and packs the
    organisation has. Spends nothing: who elects Gold calls `packs.spend` in the same transaction,
    and decides again when that is False (L2). `licence` and `project` are the organisation's: the
    caller has checked. `call_logged`: an engineer logged the telephone call (E2); who asks "what
    if" says True. Without a level nothing applies, and the decision says why and what would (R3).
    `sold_by` leaves out what was sold after that moment: who tells a promise again needs it.
    `service_name` saves a query where the caller has read it. Unsaved when `save` is False.
    On-site is covered while a technical contract runs, no longer (rule 10); asking for it is a
    query more.
    """
    levels = current_levels()
    contract = _contract(organisation, at, sold_by) if service == ON_SITE else None
    question = Question(
        at=at,
        service=service,
        channel=channel,
        use_gold=use_gold,
        licence=licence.pk if licence else None,
        project=project.pk if project else None,
        service_name=service_name or _name_of(service),
        call_logged=call_logged,
        needs_contract=service == ON_SITE,
        has_contract=contract is not None,
    )
    packs: dict[int, IncidentPack] = {}
    candidates = project_candidate(project, levels, organisation.timezone) if project else []
    if licence is not None and licence.held_at(at):
        (holding,) = holdings_of([licence], levels, organisation.timezone, sold_by=sold_by)
        candidates += candidates_of(holding, levels, at)
        packs = {one.pack.pk: one.pack for one in holding.packs}
    decision = _stored(resolve(question, candidates), levels, packs)
    if contract is not None and decision.covered_until_at is not None:
        decision.covered_until_at = min(decision.covered_until_at, contract.ends_at)
    decision.organisation = organisation
    decision.licence, decision.project = licence, project
    decision.service, decision.channel, decision.at = service, channel, at
    if save:
        decision.save()
    return decision


def _stored(
    decided: Decision, levels: dict[str, LevelVersion], packs: dict[int, IncidentPack]
) -> CoverageDecision:
    found = decided.as_json()
    chosen: Candidate | None = decided.chosen
    decision = CoverageDecision(
        considered_facts=found["considered"], remedy_facts=found["remedies"]
    )
    if chosen is not None:
        decision.level = levels[chosen.level]
        decision.pack = packs[chosen.pack] if chosen.pack is not None else None
        decision.covered_until_at = chosen.term.ends_at
    return decision


def _contract(organisation: Organisation, at: datetime, sold_by: datetime | None) -> Term | None:
    """The technical contract that runs at `at`, the longest of several."""
    signed = TechnicalContract.objects.filter(organisation=organisation)
    if sold_by is not None:
        signed = signed.filter(made_at__lte=sold_by)
    terms = [Term(one.starts_on, one.ends_on, organisation.timezone) for one in signed]
    running = [term for term in terms if term.contains(at)]
    return max(running, key=lambda term: term.ends_on) if running else None


def _name_of(service: str) -> str:
    return Service.objects.filter(key=service).values_list("name", flat=True).first() or ""
