"""Forwards, bounces, charsets and quotations of many programs and languages: one line each."""

import pytest

from accounts.models import Person
from mailroom.forms import AddForm
from mailroom.text.forwards import forwarded_from
from mailroom.text.quoting import split_reply
from mailroom.text.reading import read_mail
from mailroom.text.text import decode
from tests.mailroom.making import OWN, mail, multipart, part

ANA = "ana@northwind.example"


def read(raw: bytes):
    return read_mail(raw, own_addresses=OWN)


def block(*names: str, value: str = f"Ana <{ANA}>") -> str:
    values = (value, "Monday 10:00", "Ion", "Relay")
    return "".join(f"{one}: {said}\r\n" for one, said in zip(names, values, strict=True))


ENGLISH = block("From", "Date", "To", "Subject")
SENT = ("From", "Sent", "To", "Subject")
OUTLOOK = "-----Original Message-----\r\n"
GMAIL = "---------- Forwarded message ---------\r\n"
APPLE = "Begin forwarded message:\r\n\r\n" + block("> From", "> Date", "> To", "> Subject")
FORWARDS = {
    "Gmail": ("Fwd: Relay", GMAIL + ENGLISH),
    "Gmail, another subject": ("The relay", GMAIL + ENGLISH),
    "old Outlook": ("FW: Relay", OUTLOOK + block(*SENT, value=f"Ana [mailto:{ANA}]")),
    "Thunderbird": ("[Fwd: Relay]", "-------- Original Message --------\r\n" + ENGLISH),
    "mutt": ("Relay (fwd)", "----- Forwarded message from Ana -----\r\n" + ENGLISH),
    "Apple": ("Fwd: Relay", APPLE),
    "de": ("WG: Relay", block("Von", "Gesendet", "An", "Betreff")),
    "fr": ("TR : Relay", block("De ", "Envoyé ", "À ", "Objet ")),
    "es": ("RV: Relay", block("De", "Enviado", "Para", "Asunto")),
    "it": ("I: Relay", block("Da", "Inviato", "A", "Oggetto")),
    "pt": ("ENC: Relay", block("De", "Enviada em", "Para", "Assunto")),
    "nl": ("Doorgestuurd: Relay", block("Van", "Verzonden", "Aan", "Onderwerp")),
    "da": ("VS: Relay", block("Fra", "Sendt", "Til", "Emne")),
    "fi": ("VL: Relay", block("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe")),
    "lt": ("PERS: Relay", block("Nuo", "Išsiųsta", "Kam", "Tema")),
    "pl": ("PD: Relay", block("Od", "Wysłano", "Do", "Temat")),
    "hu": ("Továbbítás: Relay", block("Feladó", "Elküldve", "Címzett", "Tárgy")),
    "ro": ("Redirecționat: Relay", block("De la", "Trimis", "Către", "Subiect")),
    "sl": ("Posr: Relay", block("Od", "Poslano", "Za", "Zadeva")),
    "el": ("ΠΡΘ: Relay", block("Από", "Στάλθηκε", "Προς", "Θέμα")),
    "tr": ("İLT: Relay", block("Kimden", "Gönderildi", "Kime", "Konu")),
    "ru": ("Пересл: Relay", block("От", "Отправлено", "Кому", "Тема")),
    "he": ("הועבר: Relay", block("מאת", "נשלח", "אל", "נושא")),
    "zh": ("转发: Relay", block("发件人", "发送时间", "收件人", "主题")),
    "ja": ("転送: Relay", block("差出人", "送信日時", "宛先", "件名")),
    "ko": ("전달: Relay", block("보낸 사람", "보낸 날짜", "받는 사람", "제목")),
}  # fmt: skip


@pytest.mark.parametrize("words", ("Came to me.\r\n\r\n", ""), ids=("with words", "alone"))
@pytest.mark.parametrize(("subject", "quoted"), FORWARDS.values(), ids=FORWARDS)
def test_a_forward_says_whose_mail_it_was(subject, quoted, words):
    raw = mail(
        f"{words}{quoted}\r\nThe relay refuses.\r\n", sender="ion@desk.example", Subject=subject
    )

    assert forwarded_from(read(raw)) == ANA


def test_a_forward_as_a_file_says_it_too_and_two_files_say_nothing():
    inner = part(mail("The relay refuses.", sender=f"Ana <{ANA}>"), "message/rfc822")

    one = multipart(part("See."), inner, Subject="Relay", sender="ion@desk.example")
    two = multipart(part("See."), inner, inner, Subject="Fwd: Relay", sender="ion@desk.example")

    assert (forwarded_from(read(one)), forwarded_from(read(two))) == (ANA, "")


def test_an_answer_is_no_forward():
    quoted = "-----Original Message-----\r\n" + block("From", "Sent", "To", "Subject")

    assert (
        forwarded_from(read(mail(f"Yes.\r\n\r\n{quoted}\r\nRelay?\r\n", Subject="Re: Relay"))) == ""
    )


def test_who_decides_about_a_kept_mail_is_offered_whom_it_is_about():
    forwarded = f"See.\r\n\r\n{block('From', 'Sent', 'To', 'Subject')}\r\nRelay?"
    form = {"sender": "Shop <no-reply@shop.example>", "Reply_To": ANA}

    for raw in (mail(forwarded, sender="ion@x.example", Subject="Fwd: Relay"), mail(**form)):
        assert AddForm(person=Person(), read=read(raw)).initial["email"] == ANA


FAILED = ("tom@x.example", "to@x.example", "user1@x.example", "1st@x.example", "for.us@x.example",
          "o'brien@x.example", "from@x.example", "rfc822@x.example", "tom+a@s.example")  # fmt: skip
SAID = {
    "Exim": "A message that you sent could not be delivered.\n\n  {0}\n    550 Unknown user\n",
    "qmail": "I'm afraid I wasn't able to deliver your message.\n\n<{0}>:\nNo mailbox. (#5.1.1)\n",
    "sendmail": "-- These addresses had fatal errors --\n<{0}>\n (reason: 550 <{0}>)\n",
    "Exchange": "Delivery to the following recipients failed.\n\n       {0}\n",
    "CommuniGate": "Failed to deliver to '{0}'\nSMTP module reports: account is unknown\n",
    "numbered": "1: {0}\n   550 user unknown\n",
    "a sentence": "Ihre Nachricht an {0} konnte nicht zugestellt werden: Empfänger unbekannt\n",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_failed_address_is_read_whole_whatever_word_it_begins_with(said):
    for address in FAILED:
        raw = mail(
            said.format(address), sender="MAILER-DAEMON@mx.y.example", Return_Path="<>",
            Subject="Mail delivery failed: returning message to sender",
        )  # fmt: skip
        assert read(raw).bounced == (address,)


CHARSETS = {
    "x-mac-cyrillic": ("mac_cyrillic", "Очередь"), "x-mac-greek": ("mac_greek", "Ουρά"),
    "x-mac-turkish": ("mac_turkish", "sığ"), "x-windows-1250": ("cp1250", "žluť"),
    "x-iso-8859-2": ("iso8859_2", "žluť"), "x-big5": ("big5", "隊列"), "x-sjis": ("cp932", "日本"),
    "x-IBM943": ("cp932", "日本"), "x-windows-31j": ("cp932", "①"), "eucJP-ms": ("euc_jp", "日本"),
    "iso-8859-6-i": ("iso8859_6", "مرحبا"), "iso-8859-8-i": ("iso8859_8", "תור"),
    "koi8-ru": ("koi8_u", "черга"), "x-johab": ("johab", "대기"),
    "x-windows-949": ("cp949", "대기"),
    "windows-874": ("cp874", "คิว"), "x-unknown": ("utf-8", "Größe"),
    "x-nobody-knows": ("utf-8", "Größe"),
}  # fmt: skip


@pytest.mark.parametrize(("codec", "text"), CHARSETS.values(), ids=CHARSETS)
def test_charsets_under_private_names_are_read(codec, text, request):
    assert decode(text.encode(codec), request.node.callspec.id) == text


FOREIGN = {  # nothing of these languages stands in our tables
    "Welsh": ("Oddi wrth", "Anfonwyd", "At", "Pwnc", "ysgrifennais hyn: {0}"),
    "Tamil": ("அனுப்புநர்", "அனுப்பியது", "பெறுநர்", "பொருள்", "{0} எழுதுகிறார்:"),
    "Khmer": ("ពី", "បានផ្ញើ", "ទៅ", "ប្រធានបទ", "{0} បានសរសេរ:"),
    "Esperanto": ("De", "Sendita", "Al", "Temo", "La 26-an je 17:53 {0} skribis:"),
}  # fmt: skip


@pytest.mark.parametrize(
    "frame", ("", "________________________________\n"), ids=("bare", "a line")
)
@pytest.mark.parametrize("words", FOREIGN.values(), ids=FOREIGN)
def test_a_header_block_is_known_by_its_form_in_languages_that_we_do_not_know(words, frame):
    values = ("Desk <s@desk.example>", "26. 11. 2026 17:53", ANA, "[AX-2026-000007] Queue stops")
    quoted = "\n".join(f"{name}: {value}" for name, value in zip(words, values, strict=False))

    assert (
        split_reply(f"It works.\n\n{frame}{quoted}\n\nHello Ana,\nrestart it.\n").text
        == "It works."
    )


def test_a_quotation_is_known_by_its_form_too():
    line = "La 26-an de novembro 2026 je 17:53 Desk <s@desk.example> skribis:"

    assert split_reply(f"It works.\n\n{line}\n\n> Restart it.\n").text == "It works."


@pytest.mark.parametrize(
    "written",
    (
        "Server: mx3 <x@y.example>\nLast login: 26. 11. 2026 17:53\nQuota: 5 GB",
        "Since 17:53 on 26.11. it says of <x@y.example>:\n\n550 refused\n551 refused",
        "Seen at 17:53 in the log of <x@y.example>:\nerror 5",
    ),
)
def test_what_a_person_lists_is_no_quotation(written):
    assert split_reply(f"Hello,\n\n{written}").text == f"Hello,\n\n{written}"
