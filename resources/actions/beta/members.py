"""Joining a beta programme by accepting its terms, leaving, fetching its builds (BT1 to BT3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import Person
from core.errors import NotAllowed
from core.journal import record
from core.text import one_line
from entitlements.models import Licence
from resources import policies
from resources.actions.beta.programmes import check_running, held
from resources.actions.releases.downloading import link_to
from resources.errors import (
    BetaNotForYou,
    BetaTermsChanged,
    BetaUnsigned,
    NotAMember,
    NotInYourLicence,
)
from resources.models import BetaMember, BetaProgramme, Download, ReleaseFile
from resources.reads.beta.joining import seats_of, why_no_builds


@transaction.atomic
def join(
    programme: BetaProgramme,
    licence: Licence,
    *,
    terms: int,
    signed_name: str,
    by: Person,
    at: datetime,
) -> BetaMember:
    """Take part for the licence, accepting version `terms` by name; also once more, after the
    terms changed or one had left. Both rows came out of `visible_to`.

    Errors: `NotAllowed`, `BetaNotRunning`, `BetaUnsigned`, `BetaTermsChanged`, `BetaNotForYou`.
    """
    if not policies.may_download(by) or licence.organisation_id != by.organisation_id:
        raise NotAllowed()
    one = held(programme)
    check_running(one)
    signed_name = one_line(signed_name)[:120]
    if not signed_name:
        raise BetaUnsigned()
    newest = one.terms.first()
    assert newest is not None, "none opens without terms"
    if newest.number != terms:
        raise BetaTermsChanged(number=newest.number)
    (seat,) = seats_of([licence], one, at)
    if not seat.may_join:
        raise BetaNotForYou(why=seat.said)
    signed = {"licence": licence, "terms": newest, "signed_name": signed_name, "accepted_at": at}
    theirs: dict[str, Any] = {
        "programme": one,
        "person": by,
        "organisation_id": licence.organisation_id,
    }
    known = BetaMember.objects.select_for_update().filter(**theirs).first()
    if known is None or known.left_at is not None:
        signed |= {"joined_at": at, "left_at": None}
    member, _ = BetaMember.objects.update_or_create(**theirs, defaults=signed)
    facts = {"beta": one.name, "version": newest.number, "signed_name": signed_name}
    record("beta.joined", licence, at=at, by=by, rule="BT2", **facts)
    return member


@transaction.atomic
def leave(programme: BetaProgramme, *, by: Person, at: datetime) -> None:
    """Take part no more: no build, no mail. What was said stays. Safe to repeat."""
    present = BetaMember.objects.select_for_update(of=("self",)).present()
    theirs = present.filter(organisation=F("person__organisation"))
    member = theirs.select_related("licence").filter(programme=programme, person=by).first()
    if member is None:
        return
    member.left_at = at
    member.save(update_fields=["left_at"])
    record("beta.left", member.licence, at=at, by=by, beta=programme.name)


@transaction.atomic
def fetch_build(file: ReleaseFile, *, by: Person, at: datetime) -> str:
    """The address from which a member may fetch the file within a minute (D3, BT3); journalled.

    Errors: `NotAllowed`, `NotAMember`, `NotInYourLicence`, `ReleaseFileGone`.
    """
    if not policies.may_download(by):
        raise NotAllowed()
    build = file.release
    assert build.programme is not None
    member = member_of(build.programme, by)
    if member is None:
        raise NotAMember(name=build.programme.name)
    newest = build.programme.terms.first()
    assert newest is not None, "none opens without terms"
    why = why_no_builds(member, newest.number, at)
    if build.withdrawn_at is not None:
        why = f"It was withdrawn: {build.withdrawn_for}"
    elif build.edition != member.licence.edition:
        why = f"It is for the {build.get_edition_display()}, your licence is not."
    if why or build.published_at is None:
        raise NotInYourLicence(why=why or "It is not published.")
    link = link_to(file)
    Download.objects.create(
        organisation_id=member.organisation_id,
        licence=member.licence,
        file=file,
        person=by,
        at=at,
    )
    facts = {"file": file.name, "version": build.version, "sha256": file.sha256}
    record("release.downloaded", member.licence, at=at, by=by, rule="BT3", **facts)
    return link


def member_of(programme: BetaProgramme, person: Person) -> BetaMember | None:
    """The person's own membership, unless they left."""
    found = BetaMember.objects.visible_to(person).present().for_list()
    return (
        found.filter(programme=programme, person=person, organisation=F("person__organisation"))
        .select_related("programme", "terms", "licence__organisation")
        .first()
    )
