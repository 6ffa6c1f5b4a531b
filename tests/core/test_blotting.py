"""What means a person in a text, and what only looks like it; in Python and in PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from core.blotting import Words

ANA = Words(
    addresses=("ana.pop@example.com",), names=("Ana Pop-Ionescu",), numbers=("+40 21 555 01 00",)
)
EVERYWHERE = (
    ("Ana Pop-Ionescu wrote", "[erased] wrote"),
    ("ana  pop-ionescu", "[erased]"),
    ("Pop-Ionescu, Ana", "[erased]"),
    ("ANA\nPOP-IONESCU", "[erased]"),
    ("Ana.Pop@Example.com", "[erased]"),
    ("<ana.pop@example.com>.", "<[erased]>."),
    ("?to=ana.pop%40example.com&x=1", "?to=[erased]&x=1"),
    ("call +40215550100 or 40 (21) 555-0100", "call [erased] or [erased]"),
    ("diana.pop@example.com", "diana.pop@example.com"),
    ("ana.pop@example.com.au", "ana.pop@example.com.au"),
    ("Dana Pop-Ionescu", "Dana Pop-Ionescu"),
    ("Ana", "Ana"),
    ("1402155501009", "1402155501009"),
)
NEAR = (
    ("Hello Ana,", "Hello [erased],"),
    ("Dear Ms Pop-Ionescu", "Dear Ms [erased]"),
    ("Anamaria, an ana", "Anamaria, an ana"),
)
ODD = ('Ana "Q." O\'Neil', "Ünal Şahin", "Ng", "a.*b c+d", "李 小龍", "100% Sure\\Thing x")


def by_postgres(pattern: str, text: str, flags: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT regexp_replace(%s, %s, '[erased]', %s)", [text, pattern, flags])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "expected"), EVERYWHERE)
def test_wherever_it_stands(text, expected):
    assert ANA.blotted(text) == expected
    assert by_postgres(ANA.pattern, text, "gi") == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "expected"), NEAR)
def test_where_it_is_about_them_anyway(text, expected):
    assert ANA.blotted(text, near=True) == expected
    assert by_postgres(ANA.parts, text, "g") == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_read_as_they_are_written(name):
    words = Words(addresses=('"odd+x"@e.example', "no address"), names=(name,))
    text = f"by {name}, to"
    expected = text if len(name.split()) < 2 else "by [erased], to"

    assert words.blotted(text) == expected
    assert by_postgres(words.pattern, text, "gi") == expected
    assert by_postgres(words.parts, "nothing at all", "g") == "nothing at all"


@pytest.mark.django_db
def test_who_has_a_namesake_is_not_meant_by_the_name_alone():
    words = Words(addresses=("ana@a.example",), names=("Ana Pop",), has_namesake=True)

    assert words.blotted("Ana Pop, ana@a.example") == "Ana Pop, [erased]"


def test_they_are_kept_as_json():
    assert Words.from_json(ANA.as_json() | {"numbers": list(ANA.numbers)}) == ANA


@pytest.mark.django_db
def test_in_json_a_quotation_mark_is_written_with_another():
    words = Words(addresses=(), names=('Ana "Q" Pop',))
    with connection.cursor() as cursor:
        cursor.execute("SELECT jsonb_build_object('a', %s::text)::text", ['by Ana "Q" Pop\nx'])
        kept = cursor.fetchone()[0]
        cursor.execute(
            "SELECT (regexp_replace(%s, %s, '[erased]', 'gi')::jsonb)->>'a'", [kept, words.pattern]
        )
        assert cursor.fetchone()[0] == "by [erased]\nx"
