"""Browsers by the names that people know them by."""

import pytest

from accounts.rules.browsers import browser_words

WEBKIT = "AppleWebKit/537.36"
SAID = (
    (
        f"Mozilla/5.0 (Linux x86_64) {WEBKIT} HeadlessChrome/156.0 Safari/537.36",
        "Chrome on Linux",
    ),
    (
        f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0",
        "Edge on Windows",
    ),
    ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
    (
        f"Mozilla/5.0 (Linux; Android 15) {WEBKIT} Chrome/140.0 Mobile Safari/537.36",
        "Chrome on Android",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
        " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Safari on iPhone",
    ),
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
        " Version/18.0 Safari/605.1.15",
        "Safari on macOS",
    ),
    ("curl/8.5.0", "curl/8.5.0"),
    ("", "An unnamed browser"),
    ("<script>" * 20, ("<script>" * 20)[:60]),
)


@pytest.mark.parametrize(("said", "words"), SAID)
def test_browsers(said, words):
    assert browser_words(said) == words
