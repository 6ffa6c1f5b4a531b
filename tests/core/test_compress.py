"""Answers are compressed for who accepts it, but never where a secret stands for long (BREACH)."""

import gzip

import pytest
from django.urls import reverse

from tests.factories import make_engineer

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:queue")
ACCEPTS = {"Accept-Encoding": "gzip, br"}


@pytest.fixture(autouse=True)
def compressing(settings):
    settings.COMPRESS_RESPONSES = True


def test_page_is_a_third_of_its_length_for_who_accepts_it(client):
    client.force_login(make_engineer())

    plain, small = client.get(QUEUE), client.get(QUEUE, headers=ACCEPTS)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert len(small.content) < len(plain.content) / 2
    assert gzip.decompress(small.content).startswith(b"<!DOCTYPE html>")


def test_answers_differ_in_length_and_in_their_tokens_each_time(client):
    client.force_login(make_engineer())
    answers = [client.get(QUEUE, headers=ACCEPTS).content for _ in range(8)]
    assert len({len(one) for one in answers}) > 1
    tokens = [gzip.decompress(one).partition(b'"X-CSRFToken": "')[2][:64] for one in answers]
    assert len(set(tokens)) == len(answers)


@pytest.mark.parametrize("page", ("account_login", "account_reset_password"))
def test_pages_of_the_sign_in_are_left_alone(client, page):
    assert "Content-Encoding" not in client.get(reverse(page), headers=ACCEPTS).headers


def test_a_proxy_that_does_it_is_left_to_it(client, settings):
    settings.COMPRESS_RESPONSES = False
    client.force_login(make_engineer())
    assert "Content-Encoding" not in client.get(QUEUE, headers=ACCEPTS).headers
