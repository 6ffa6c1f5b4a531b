"""Form widgets and fields of our own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class BlockField(forms.CharField):
    """A text of several lines, whose first keeps its indentation: a log begins like that."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(widget=widget, strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return typed if typed.strip() else ""


class TypeAhead(forms.TextInput):
    """A text field that offers what fits while one types, by the browser's own list.

    `offers` is the address that is asked with the field's name and gives `<option>`s. Without
    JavaScript it is a text field, whose form says what it did not understand.
    """

    def __init__(self, offers: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"type": "search", "autocomplete": "off", **(attrs or {})})
        self.offers = offers

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        names = f"{(attrs or {}).get('id', name)}-offers"
        asking = {
            "list": names,
            "hx-get": self.offers,
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{names}",
            "hx-swap": "innerHTML",
        }
        field = super().render(name, value, {**(attrs or {}), **asking}, renderer)
        return format_html('{}<datalist id="{}"></datalist>', field, names)


class LongSelect(forms.Select):
    """A select without groups, for a list that grows with the customers.

    Django renders two templates an option: 25 ms for 200 organisations.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (option["value"], " selected" if option["selected"] else "", option["label"])
                for _, group, _ in widget["optgroups"]
                for option in group
            ),
        )
        attributes = flatatt({"name": widget["name"], **widget["attrs"]})
        return format_html("<select{}>\n{}\n</select>", attributes, options)
