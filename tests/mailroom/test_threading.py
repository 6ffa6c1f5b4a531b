"""Tokens by which an answer finds its incident."""

import pytest

from mailroom.text.reading import read_mail
from mailroom.text.threading import thread_hints
from notices.rules.threads import new_message_id, reply_address, subject_tag, verify_address
from tests.mailroom.making import mail

NUMBER = "AX-2025-000123"
OURS = {"secret": "s3cret", "domain": "desk.example", "local_part": "support"}


def hints(**headers):
    return thread_hints(read_mail(mail(**headers)), **OURS)


def test_a_signed_address_gives_its_number_in_any_case():
    address = reply_address(NUMBER, **OURS)

    assert verify_address(address.upper(), **OURS) == NUMBER
    assert hints(To=f"Desk <{address}>").verified_number == NUMBER
    assert hints(Delivered_To=address).verified_number == NUMBER


@pytest.mark.parametrize(
    "address",
    (
        reply_address(NUMBER, secret="another", domain="desk.example"),
        reply_address(NUMBER, **OURS).replace("000123", "000124"),
        reply_address(NUMBER, **OURS).replace("desk.", "other."),
        reply_address(NUMBER, **OURS).replace("support+", "sales+"),
        "support+ax-2025-000123@desk.example",
        "support+ax-2025-000123.@desk.example",
        "support+ax-2025-000123.ß@desk.example",
        "support@desk.example",
        "",
    ),
)
def test_an_address_that_we_did_not_sign_gives_nothing(address):
    assert verify_address(address, **OURS) is None


def test_ids_come_in_order_of_trust_and_ours_are_recognised():
    ours = new_message_id(NUMBER, token="0f3a9c77", domain="desk.example")

    found = hints(In_Reply_To=ours, References=f"<a@b> <c@d> {ours}")

    assert found.message_ids == (ours, "<c@d>", "<a@b>")
    assert found.claimed_numbers == (NUMBER,)


def test_an_id_of_another_domain_claims_nothing():
    assert hints(In_Reply_To=f"<axs.{NUMBER}.0f3a9c77@other.example>").claimed_numbers == ()


def test_the_number_in_the_subject_is_found_with_brackets_and_without():
    assert hints(Subject=f"Re: {subject_tag(NUMBER).lower()} Queue").subject_number == NUMBER
    assert hints(Subject=f"Re: {NUMBER} Queue").subject_number == NUMBER
    assert hints(Subject=f"Re: X{NUMBER} {NUMBER}-7").subject_number is None
