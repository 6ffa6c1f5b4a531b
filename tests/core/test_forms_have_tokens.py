"""A form of an include posts: `only` would leave it without the token of its request."""

from __future__ import annotations

import re

from django.conf import settings

INCLUDE = re.compile(r'{%\s*include\s+"([^"]+)"(?![^%]*csrf_token=)[^%]*\bonly\s*%}')


def test_no_include_with_a_form_is_cut_off_from_the_token():
    folder = settings.BASE_DIR / "templates"
    cut_off = [
        f"{page.relative_to(folder)} includes {name}"
        for page in sorted(folder.rglob("*.html"))
        for name in INCLUDE.findall(page.read_text())
        if "{% csrf_token %}" in (folder / name).read_text()
    ]
    assert cut_off == []
