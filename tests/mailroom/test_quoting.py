"""Which lines of a text are the reply."""

import pytest

from mailroom.text.html import as_text
from mailroom.text.markers import REPLY_MARKER
from mailroom.text.quoting import split_reply

MARKERS = [
    "On Tue, May 6, 2025 at 10:00 AM Ana <ana@x.example> wrote:",
    "On Tue, May 6, 2025 at 10:00 AM Ana With A Long Name <\nana@x.example> wrote:",
    "Am 06.05.2025 um 10:00 schrieb Ana Müller <ana@x.example>:",
    "Ana <ana@x.example> schrieb am Di., 6. Mai\n2025 um 10:00:",
    "Le mar. 6 mai 2025 à 10:00, Ana <ana@x.example> a écrit :",
    "El mar, 6 may 2025 a las 10:00, Ana (<ana@x.example>) escribió:",
    "Il giorno mar 6 mag 2025 alle 10:00 Ana <ana@x.example> ha scritto:",
    "Em ter., 6 de mai. de 2025 10:00, Ana <ana@x.example> escreveu:",
    "Op di 6 mei 2025 om 10:00 schreef Ana <ana@x.example>:",
    "Den 6. mai 2025 kl. 10.00 skrev Ana <ana@x.example>:",
    "W dniu 06.05.2025 o 10:00 Ana pisze/napisała:",
    "Pe mar., 6 mai 2025 la 10:00, Ana <ana@x.example> a scris:",
    "вт, 6 мая 2025 г. в 10:00, Ана <ana@x.example> написала:",
    "06.05.2025, 10:00, Ana <ana@x.example>:",
    "在 2025年5月6日，上午10:00，Ana <ana@x.example> 写道：",
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "---------- Forwarded message ---------",
    "Begin forwarded message:",
    REPLY_MARKER,
    "From: Ana\nSent: Tuesday, May 6, 2025 10:00\nTo: Desk\nSubject: Queue",
    "________________________________\nVon: Ana\nGesendet: Dienstag\nAn: Desk\nBetreff: Queue",
    "*De :* Ana\n*Envoyé :* mardi 6 mai 2025\n*À :* Desk\n*Objet :* File",
]


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("quoted", ("> It stops.\n> Always.", "It stops.\n\nAlways."))
def test_what_follows_a_marker_is_folded(marker, quoted):
    reply = split_reply(f"Thanks, it works.\n\n{marker}\n\n{quoted}\n")

    assert reply.text == "Thanks, it works."
    assert reply.elided.split("\n")[-1] in ("> Always.", "Always.")


def test_answers_between_quoted_lines_stay_with_them():
    text = "On 6 May 2025, Ana wrote:\n> One?\nYes.\n> Two?\nNo."

    assert split_reply(text).text == "> One?\nYes.\n> Two?\nNo."


def test_an_answer_below_the_quotation_is_the_reply():
    assert split_reply("On 6 May 2025, Ana wrote:\n> One?\n\nYes.\n").text == "Yes."


def test_only_a_quotation_leaves_no_reply():
    reply = split_reply("On 6 May 2025, Ana <a@x.example> wrote:\n>\n")

    assert reply.text == ""


def test_a_signature_is_folded_and_found():
    reply = split_reply("It works.\n\n-- \nAna\nNorthwind")

    assert (reply.text, reply.signature) == ("It works.", "--\nAna\nNorthwind".replace("--", "-- "))


def test_a_signature_without_a_line_before_it_is_found_and_stays():
    reply = split_reply("It works.\n\nBest regards\nAna Doe\n+40 21 555 01 00")

    assert reply.signature == "Best regards\nAna Doe\n+40 21 555 01 00"
    assert reply.text.endswith(reply.signature)


@pytest.mark.parametrize(
    "line", ("Sent from my iPhone", "Von meinem iPad gesendet", "Trimis de pe iPhone")
)
def test_the_advertisement_of_a_telephone_is_folded(line):
    assert split_reply(f"It works.\n\n{line}").text == "It works."


LOGS = [
    "mysql> select 1;\n| 1 |",
    "Here is the log:\n-----\n" + "\n".join(f"{n} ERROR queue stopped" for n in range(30)),
    "```\n> cat\n-----\nFrom: a\nTo: b\nSubject: c\n```\nWhy?",
    "Received: from mx by mx\nFrom: a@x.example\nTo: b@x.example\nSubject: c\nWhat is wrong?",
    "On the server nothing was wrote:\nat all",
    "The admin wrote:\n3 errors",
    "2025-05-06 10:00 error for ana@x.example.",
]


@pytest.mark.parametrize("text", LOGS)
def test_logs_and_tables_are_not_taken_for_quotations(text):
    assert split_reply(f"Hello,\n\n{text}").text == f"Hello,\n\n{text}"


def test_an_embedded_mail_is_told_from_the_text_above_it():
    reply = split_reply("See below.\n\n> From: Ana\n> Sent: today\n> To: Bo\n>\n> Hello")

    assert reply.before_embedded == "See below."
    assert reply.embedded == "From: Ana\nSent: today\nTo: Bo\n\nHello"


def test_quotations_in_html_are_marked_as_in_a_plain_mail():
    html = "<p>Yes.</p><p>On 6 May 2025, Ana wrote:</p><blockquote>One?<blockquote>Zero?"

    text = as_text(html)

    assert text.split("\n")[-1] == ">> Zero?"
    assert split_reply(text).text == "Yes."
