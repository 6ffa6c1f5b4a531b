"""Serializers whose fields are made once say what new ones say, to each who asks his own."""

import threading
from typing import Any

import pytest
from rest_framework import serializers

from core.serializing import checked, shown


class Row(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=5)
    asked_by = serializers.SerializerMethodField()
    inner = serializers.SerializerMethodField()

    def get_asked_by(self, thing):
        return self.context.get("who")

    def get_inner(self, thing):
        if "inner" not in thing:
            return None
        return shown(Row, thing["inner"], {"who": "inner"})

    def validate_name(self, given):
        if given == self.context.get("who"):
            raise serializers.ValidationError("That is you.")
        return given


def test_one_within_another_and_the_next_know_their_own_context():
    found = shown(Row, {"name": "a", "inner": {"name": "b"}}, {"who": "outer"})

    assert (found["asked_by"], found["inner"]["asked_by"]) == ("outer", "inner")
    assert shown(Row, {"name": "a"}, {})["asked_by"] is None


def test_threads_at_once_are_not_mixed_up():
    together = threading.Barrier(4)
    wrong: list[str] = []

    def ask(who):
        together.wait()
        wrong.extend(
            who for _ in range(200) if shown(Row, {"name": who}, {"who": who})["asked_by"] != who
        )

    threads = [threading.Thread(target=ask, args=[str(n)]) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


@pytest.mark.parametrize("data", ({}, None, [], {"name": "too long"}, {"name": "me"}))
def test_what_is_wrong_is_said_in_drfs_words(data):
    context = {"who": "me"}
    with pytest.raises(serializers.ValidationError) as ours:
        checked(Row, data, context)
    with pytest.raises(serializers.ValidationError) as theirs:
        Row(data=data, context=context).is_valid(raise_exception=True)

    assert ours.value.detail == theirs.value.detail


def test_what_is_right_is_given_each_time():
    assert [checked(Row, {"name": "a"}, {}) for _ in range(2)] == [{"name": "a"}] * 2
