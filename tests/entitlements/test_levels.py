"""What the code knows of levels and channels stands in one place, for every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.choices import Choice
from entitlements import levels
from entitlements.actions.catalogue_file import read
from entitlements.channels import IN_PROGRAMME, SPOKEN, Channel
from entitlements.levels import RANK, SUBSCRIBED_LEVELS, Level, Source
from entitlements.rules.resolver import Question, resolve
from tests.factories import NINE

ROOT = Path(settings.BASE_DIR)


@pytest.mark.parametrize("level", Level)
def test_every_level_says_all_that_pages_and_rules_ask(level):
    facts = level.facts

    assert (level.label, facts.source in Source) == (facts.label, True)
    assert facts.tone.startswith("badge-")
    assert _has_style(f".{facts.tone}")
    assert _has_style(f".{facts.fill} ")
    assert not facts.icon or _has_icon(facts.icon)
    assert len(level.value) <= 10  # its column


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_says_all_that_pages_and_rules_ask(channel):
    facts = channel.facts

    assert all((facts.label, facts.name, facts.reported, facts.row, facts.icon))
    assert _has_icon(facts.icon)
    assert IN_PROGRAMME.count(channel) == 1
    assert (channel in SPOKEN) == facts.spoken
    assert not (facts.spoken and facts.advice)  # nobody is sent to what needs an engineer's log
    assert len(channel.value) <= 10
    asked = Question(at=NINE, service="troubleshooting", channel=channel.value)
    assert resolve(asked, []).chosen is None


def test_the_catalogue_as_delivered_has_every_level_and_each_channel_in_one_of_them():
    written = (ROOT / "entitlements" / "catalogue.toml").read_text()
    delivered = read(written)

    assert {one.level for one in delivered.levels} == set(Level.values)
    assert {one for level in delivered.levels for one in level.channels} == set(Channel.values)


def test_levels_are_best_first_and_each_is_had_in_one_way():
    assert [RANK[one] for one in Level] == list(range(len(Level)))
    assert [one for one in Level if one.facts.source == Source.SUBSCRIPTION] == [*SUBSCRIBED_LEVELS]
    assert len(levels.REGISTERED_LEVELS) == len(levels.PACK_LEVELS) == 1
    assert set(levels.CARRYING_LEVELS) <= set(SUBSCRIBED_LEVELS)
    shown = levels.LICENCE_LEVELS  # what carries packs, the packs, the rest
    assert shown.index(levels.CARRYING_LEVELS[-1]) < shown.index(levels.PACK_LEVELS[0])
    assert set(shown) == set(Level) - set(levels.PROJECT_LEVELS)


def test_the_ladder_of_what_is_sold_has_two_ends():
    best, worst = SUBSCRIBED_LEVELS[0], SUBSCRIBED_LEVELS[-1]

    assert levels.subscribed_next_to(best, better=True) is None
    assert levels.subscribed_next_to(worst, better=False) is None
    assert levels.subscribed_next_to(worst, better=True) == SUBSCRIBED_LEVELS[-2]
    assert levels.at_least(Level.GOLD) == (Level.GOLIVE, Level.GOLD)


def test_a_member_without_facts_is_none():
    with pytest.raises((TypeError, RuntimeError)):  # 3.11 wraps what a class's body raises

        class Unfinished(Choice):
            CHAT = "chat"

    with pytest.raises(ValueError, match="carrier pigeon"):
        Channel("carrier pigeon")


# What would have to be found again when a level or a channel is added.
_LISTED = re.compile(r"\((?:Level|Channel)\.[A-Z]+, *(?:Level|Channel)\.[A-Z]+")
_NAMES = "|".join([*Level.values, *Channel.values])
_CHAINED = re.compile(rf"""(?:level|channel|via) (?:==|!=|in) \(?["'](?:{_NAMES})["']""")
# What is about one mechanism, not about all levels: the demo's story.
_STORIES = ("axsupport/demo/",)


@pytest.mark.parametrize("pattern", (_LISTED, _CHAINED))
def test_nobody_else_lists_levels_or_channels_or_tells_them_apart(pattern):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _sources()
        for match in pattern.finditer(path.read_text())
    ]

    assert found == []


def _sources():
    for folder in ("accounts", "axsupport", "bench", "core", "entitlements", "notices", "reports"):
        yield from _files(folder)
    for folder in ("mailroom", "rota", "telephone", "tickets", "resources", "templates"):
        yield from _files(folder)


def _files(folder: str):
    for path in sorted((ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        wanted = path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts
        if wanted and not name.startswith(_STORIES):
            yield path


def _has_style(selector: str) -> bool:
    return any(selector in path.read_text() for path in (ROOT / "static/css").glob("*.css"))


def _has_icon(name: str) -> bool:
    return f'id="{name}"' in (ROOT / "static/icons/sprite.svg").read_text()
