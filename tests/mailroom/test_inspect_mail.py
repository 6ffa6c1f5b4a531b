"""The command that says how mails are read."""

import json

from django.core.management import call_command

from tests.mailroom.making import delivery_report, mail


def inspected(tmp_path, *files, **options):
    out = tmp_path / "out.json"
    call_command("inspect_mail", "--json", str(out), *map(str, files), **options)
    return json.loads(out.read_text())


def test_a_mail_is_reported_under_its_path_below_raw(tmp_path):
    (tmp_path / "raw" / "set").mkdir(parents=True)
    path = tmp_path / "raw" / "set" / "a.eml"
    path.write_bytes(mail("Hello", In_Reply_To="<q@desk.example>"))

    result = inspected(tmp_path, path)["raw/set/a.eml"]

    assert result["from"] == "ana@northwind.example"
    assert (result["body_text"], result["attachments"]) == ("Hello", [])
    assert (result["threads_to"], result["reopened"]) == ("<q@desk.example>", True)
    assert (result["new_contacts"], result["error"]) == (0, None)


def test_a_bounce_is_not_answered_and_reopens_nothing(tmp_path):
    path = tmp_path / "bounce.eml"
    path.write_bytes(delivery_report(("a@x.example", "failed", "5.1.1")))

    result = inspected(tmp_path, path)[path.as_posix()]

    assert (result["bounce"], result["bounced"]) == ("permanent", ["a@x.example"])
    assert (result["auto_reply"], result["autoresponded"], result["reopened"]) == (
        True,
        False,
        False,
    )


def test_own_addresses_can_be_given(tmp_path):
    path = tmp_path / "own.eml"
    path.write_bytes(mail())

    result = inspected(tmp_path, path, own=["ana@northwind.example"])[path.as_posix()]

    assert result["automatic"] == "own"


def test_a_file_that_is_not_there_stops_nothing(tmp_path):
    path = tmp_path / "there.eml"
    path.write_bytes(mail())

    results = inspected(tmp_path, tmp_path / "missing.eml", path)

    assert [result["error"] for result in results.values()] == [
        "FileNotFoundError: No such file or directory",
        None,
    ]
