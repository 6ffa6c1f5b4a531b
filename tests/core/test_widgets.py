from django import forms
from django.test.html import parse_html

from core.widgets import LongSelect

CHOICES = [("", "All"), ("a&b", "<Anna & Bob>"), ("c", "Carl")]


def test_a_long_select_says_what_djangos_own_says():
    ours = LongSelect(attrs={"class": "wide", "required": True}, choices=CHOICES)
    djangos = forms.Select(attrs={"class": "wide", "required": True}, choices=CHOICES)

    for value in ("", "a&b", "unknown", None):
        said = ours.render("who", value, {"id": "id_who"})
        assert parse_html(said) == parse_html(djangos.render("who", value, {"id": "id_who"}))
