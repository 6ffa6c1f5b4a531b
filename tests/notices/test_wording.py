"""The words of notices, which managers change: what is refused, what counts, what is shown."""

from pathlib import Path

import pytest
from django.conf import settings

from notices.errors import WordingNotAllowed, WordingUnusable
from notices.kinds import KINDS, UNWORDED
from notices.models import Notice, WordingVersion
from notices.sending.delivery import send_one
from notices.sending.rendering import mail_of
from notices.wording.language import Wording, delivered, owed, placeholders, problems
from notices.wording.versions import as_delivered, reword
from tests.factories import (
    NINE,
    hours,
    make_contact,
    make_engineer,
    make_manager,
    make_notice,
)
from tests.notices.test_rendering import CONTEXTS
from tests.tickets.staff_pages import asks

pytestmark = pytest.mark.django_db

KIND = "incident_answered"
OURS = Wording(
    "[{{ number }}] We answered: {{ subject }}",
    "Good day {{ name }},\n\n{{ body }}\n\nSee it: {{ url }}\n\n{{ sign_off }}",
)
LIST, PAGE = "/admin/wording/", f"/admin/wording/{KIND}/"


def test_every_notice_has_its_line_among_the_kinds():
    files = {path.stem for path in Path(settings.BASE_DIR, "templates/notices").glob("*.txt")}

    assert files - {"_sign_off"} - UNWORDED == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_desk_came_with_keeps_its_own_rules(kind):
    assert problems(kind, delivered(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_delivered_words_read_the_same_when_they_are_saved_as_ones_own(kind):
    context = CONTEXTS[kind]
    notice = make_notice(to=make_contact(), template=kind, context=context)
    before = mail_of(notice)
    WordingVersion.objects.create(
        kind=kind,
        version=1,
        subject=delivered(kind).subject,
        text=delivered(kind).text,
        made_at=NINE,
        made_by=make_manager(),
    )

    after = mail_of(notice)

    assert (after.subject, after.body) == (before.subject, before.body)
    assert after.alternatives == before.alternatives


@pytest.mark.parametrize(
    ("subject", "text", "says"),
    (
        (OURS.subject, OURS.text + "{{ nmae }}", "Did you mean {{ name }}?"),
        ("We answered", OURS.text, "The subject has to name {{ number }}"),
        (OURS.subject, "Look into the portal: {{ url }}", "a right to {{ body }}: put it in"),
        (OURS.subject, OURS.text + "{% load static %}", "Invalid block tag on line 7: 'load'"),
        (OURS.subject, OURS.text + "{% include 'base.html' %}", "Invalid block tag"),
        (OURS.subject, OURS.text + "{{ body|safe }}", "Invalid filter: 'safe'"),
        (OURS.subject, OURS.text + "{{ body.__class__ }}", "may not begin with underscores"),
        (OURS.subject, OURS.text + "{{ url.upper }}", "Nobody fills in {{ url.upper }}"),
        (OURS.subject, OURS.text + "{% if url %}", "Unclosed tag"),
        (OURS.subject, OURS.text + "{{ name|default:secret }}", "Nobody fills in {{ secret }}"),
        (OURS.subject, OURS.text + "{% for x in y %}{{ x }}{% endfor %}", "fills in {{ y }}"),
        (OURS.subject, OURS.text + "{% if hidden == 1 %}x{% endif %}", "fills in {{ hidden }}"),
        (OURS.subject, OURS.text + "{% if url %}" * 900 + "{% endif %}" * 900, "too tangled"),
        (OURS.subject, OURS.text + f"{{% if {'not ' * 900}url %}}x{{% endif %}}", "too tangled"),
        (OURS.subject, OURS.text + f"{{% if {'url or ' * 900}url %}}x{{% endif %}}", "tangled"),
        (OURS.subject, OURS.text + "{{ number|floatformat:99999999 }}", "floatformat requires 1"),
        (
            OURS.subject,
            OURS.text + "{% for a in body %}{% for b in body %}x{% endfor %}{% endfor %}",
            "A list of the text stands in another one",
        ),
    ),
)
def test_what_can_not_be_filled_in_is_refused_with_what_would_help(subject, text, says):
    with pytest.raises(WordingUnusable) as refused:
        reword(KIND, Wording(subject, text), by=make_manager(), at=NINE)

    assert says in str(refused.value)
    assert not WordingVersion.objects.exists()


def test_what_is_owed_stays_and_what_may_be_named_is_listed():
    assert owed("incident_filed") == [
        "due_at",
        "gold_depleted",
        "may_choose_gold",
        "number",
        "promise",
        "url",
    ]
    assert {"level", "hours", "name", "sign_off", "vendor.desk"} <= set(
        placeholders("incident_filed")
    )


def test_the_next_mail_says_it_so_in_both_its_parts():
    reword(KIND, OURS, by=make_manager(), at=NINE)
    reader = make_contact(name="Nora")

    mail = mail_of(make_notice(to=reader, template=KIND, context=CONTEXTS[KIND]))

    assert mail.subject == "[AX-2026-000042] We answered: IMAP stops"
    assert mail.body.startswith("Good day Nora,\n\nPlease restart IMAP.\n\nThen try again.\n\nSee")
    html = str(mail.alternatives[0][0])
    assert ">See it</a>" in html  # the button
    assert settings.VENDOR["desk"] in mail.body


def test_what_a_customer_wrote_is_no_markup_of_the_mail():
    reword(KIND, OURS, by=make_manager(), at=NINE)
    context = CONTEXTS[KIND] | {"body": "<script>x</script> {{ secret }} {% load y %}"}

    mail = mail_of(make_notice(to=make_contact(), template=KIND, context=context))

    assert "<script>x</script> {{ secret }} {% load y %}" in mail.body
    assert "<script>" not in str(mail.alternatives[0][0])


def test_one_query_more_a_mail(django_assert_num_queries):
    reword(KIND, OURS, by=make_manager(), at=NINE)
    notice = make_notice(to=make_contact(), template=KIND, context=CONTEXTS[KIND])

    with django_assert_num_queries(1):
        mail_of(notice)


def test_nothing_is_overwritten_and_the_way_back_is_a_version_too():
    manager = make_manager()
    reword(KIND, OURS, by=manager, at=NINE)
    reword(KIND, OURS, by=manager, at=NINE + hours(1))  # says nothing new
    reword(KIND, Wording(OURS.subject, OURS.text + "!"), by=manager, at=NINE + hours(2))
    as_delivered(KIND, by=manager, at=NINE + hours(3))
    as_delivered(KIND, by=manager, at=NINE + hours(4))
    reword(KIND, delivered(KIND), by=manager, at=NINE + hours(5))

    versions = WordingVersion.objects.order_by("version")
    assert [(one.version, one.is_delivered) for one in versions] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    mail = mail_of(make_notice(to=make_contact(), template=KIND, context=CONTEXTS[KIND]))
    assert mail.subject == "[AX-2026-000042] IMAP stops"


def test_only_managers_word_the_mails(client):
    engineer = make_engineer(is_lead=True)

    with pytest.raises(WordingNotAllowed):
        reword(KIND, OURS, by=engineer, at=NINE)
    client.force_login(engineer)
    assert client.get(LIST).status_code == 404
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}test/", {}).status_code == 404


@pytest.fixture
def manager(client):
    manager = make_manager(name="Diana Marin", email="diana@axsupport.example")
    client.force_login(manager)
    return manager


def typed(**changed):
    return {"subject": OURS.subject, "text": OURS.text, "key": "once"} | changed


@pytest.mark.parametrize("edited", (1, 3))
def test_the_list_costs_the_same_whatever_was_edited(client, manager, edited):
    for kind in ("incident_answered", "incident_solved", "incident_declined")[:edited]:
        words = delivered(kind)
        reword(kind, Wording(words.subject, words.text + "\nBye"), by=manager, at=NINE)

    with asks(4):
        page = client.get(LIST).content.decode()

    assert page.count("Yours, version 1") == edited


def test_a_manager_saves_and_reads_what_changed(client, manager):
    saved = client.post(PAGE, typed(), follow=True)

    page = saved.content.decode()
    assert "Saved. The next mail of this kind says it so." in page
    assert "+Subject: [{{ number }}] We answered: {{ subject }}" in page
    again = client.post(f"{PAGE}as-delivered/", follow=True).content.decode()
    assert "As delivered again" in again
    assert client.get("/admin/wording/no_such_kind/").status_code == 404


def test_what_can_not_be_saved_is_shown_again_with_all_that_is_wrong(client, manager):
    answer = client.post(PAGE, typed(text="Hello {{ nmae }}"))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Did you mean {{ name }}?" in page
    assert "{{ body }}, {{ url }}" in page
    assert "Hello {{ nmae }}" in page


@pytest.mark.parametrize("real", (True, False))
def test_a_preview_fills_in_what_was_typed_in_a_frame_that_nothing_leaves(client, manager, real):
    if real:
        make_notice(to=make_contact(), template=KIND, context=CONTEXTS[KIND])

    html = client.post(f"{PAGE}preview/", typed())
    text = client.post(f"{PAGE}preview/", typed(**{"as": "text"}))

    assert "Good day Diana Marin," in html.content.decode()
    assert "sandbox" in html["Content-Security-Policy"]
    assert html["X-Frame-Options"] == "SAMEORIGIN"
    assert text["Content-Type"].startswith("text/plain")
    assert text.content.decode().startswith("Subject: [AX-2026-000042] We answered")
    assert not WordingVersion.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_seen_filled_in(client, manager, kind):
    assert client.get(f"/admin/wording/{kind}/preview/").status_code == 200


def test_a_test_goes_to_the_manager_alone_once_and_is_no_answer(client, manager, mailoutbox):
    for _ in range(2):
        answer = client.post(f"{PAGE}test/", typed())

    assert "A test is on its way to diana@axsupport.example" in answer.content.decode()
    notice = Notice.objects.get()
    assert (notice.to, notice.template) == (manager, "wording_test")
    assert send_one(notice.pk, at=notice.next_at)
    mail = mailoutbox[0]
    assert mail.subject.startswith("Test: [AX-2026-000042] We answered")
    assert "Good day Diana Marin," in mail.body
    assert not WordingVersion.objects.exists()


def test_a_test_of_words_that_can_not_be_used_is_not_sent(client, manager):
    answer = client.post(f"{PAGE}test/", typed(text="Hello"))

    assert answer.status_code == 400
    assert not Notice.objects.exists()
