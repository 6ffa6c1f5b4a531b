"""What people type is Markdown, what customers and mails send is plain, and both stay as sent."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.models import Notice
from notices.sending.rendering import mail_of
from tests.factories import NINE, hours, make_engineer
from tests.tickets.desk import filed
from tickets.actions.conversation import answer, note, write
from tickets.enums import TextFormat
from tickets.models import Message

pytestmark = pytest.mark.django_db

SOURCE = "Please **stop** it:\n\n```\naxigen stop\n    now   *please*\n```\n\nThen max_log_size."
LOG = "    at com.axigen.Store\n    *fatal* max_log_size __x__\n\n\n\tlast   line"


@pytest.fixture
def incident():
    return filed()


def wrote(incident, body):
    return write(incident, author=incident.reporter, body=body, at=NINE + hours(1))


def answered(incident, body=SOURCE, **fields):
    fields = {"format": TextFormat.MARKDOWN} | fields
    return answer(incident, author=make_engineer(), body=body, at=NINE + hours(1), **fields)


def mail(template):
    return mail_of(Notice.objects.get(template=template))


def html_of(mail):
    return mail.alternatives[0][0]


def test_an_answer_keeps_its_source_and_is_rendered_once(incident):
    message = answered(incident)

    assert message.body == SOURCE
    assert "<strong>stop</strong>" in message.html
    assert "    now   *please*\n</code></pre>" in message.shown


def test_the_mail_says_the_same_in_text_and_in_html(incident):
    answered(incident)

    sent = mail("incident_answered")
    assert SOURCE in sent.body
    assert "<strong>stop</strong>" in html_of(sent)
    assert "    now   *please*\n</code></pre>" in html_of(sent)
    assert "**stop**" not in html_of(sent)


def test_text_that_only_looks_like_markup_is_not_read_as_such(incident):
    message = wrote(incident, LOG)

    message.refresh_from_db()
    assert (message.body, message.format, message.html) == (LOG, "plain", "")
    assert "*fatal* max_log_size __x__" in message.shown
    assert "<em>" not in message.shown


def test_a_log_reaches_the_owner_by_mail_to_the_letter(incident):
    answered(incident)  # it has an owner now
    wrote(incident, LOG)

    sent = mail("incident_customer_wrote")
    assert LOG in sent.body
    assert f"{LOG}</pre>" in html_of(sent).replace('overflow-wrap: anywhere;">', '">')


def test_an_answer_that_came_by_mail_is_plain(incident):
    message = answered(incident, body="use *.log\n\n  twice", format=TextFormat.PLAIN)

    assert message.html == ""
    assert "use *.log" in message.shown
    assert "use *.log" in html_of(mail("incident_answered"))


def test_html_in_an_answer_reaches_nobody(incident):
    answered(incident, body="<script>alert(1)</script> [x](javascript:alert(1))")

    assert "<script" not in Message.objects.latest("pk").html
    assert "<script" not in html_of(mail("incident_answered"))


def test_nothing_but_markdown_has_stored_html(incident):
    message = wrote(incident, "hello")

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(html="<p>x</p>")


def test_portal_and_desk_show_the_same(client, incident):
    message = answered(incident)
    wrote(incident, LOG)
    note(
        incident,
        author=message.author,
        body="**mine**",
        at=NINE + hours(2),
        format=TextFormat.MARKDOWN,
    )

    client.force_login(incident.reporter)
    portal = client.get(reverse("tickets:detail", args=[incident.number])).content.decode()
    client.force_login(message.author)
    desk = client.get(reverse("admin:incident", args=[incident.number])).content.decode()

    for page in (portal, desk):
        assert "<strong>stop</strong>" in page
        assert "    at com.axigen.Store\n    *fatal* max_log_size __x__" in page
    assert "<strong>mine</strong>" in desk
    assert "mine" not in portal


def test_the_desk_s_own_forms_write_markdown_and_keep_the_first_indentation(client, incident):
    engineer = make_engineer()
    client.force_login(engineer)
    address = reverse("admin:incident_action", args=[incident.number, "note"])

    client.post(address, {"key": "k", "body": "    code\n    more\n\n*so*"})

    said = Message.objects.latest("pk")
    assert said.body == "    code\n    more\n\n*so*"
    assert said.format == TextFormat.MARKDOWN
    assert "<em>so</em>" in said.html
