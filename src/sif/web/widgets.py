"""Render the inputs and selects of forms in Python: a capture page has dozens of them, each of several templates."""

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_FOLDER = "django/forms/widgets/"
_KINDS = ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time")
_INPUTS = frozenset(f"{_FOLDER}{name}.html" for name in _KINDS)
_SELECT = f"{_FOLDER}select.html"


class Renderer(DjangoTemplates):
    """Render plain inputs and selects, and leave every other widget to Django's templates."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render a widget as HTML, as Django's template of that name does but for the order of attributes."""
        widget = context.get("widget")
        if widget is not None and template_name in _INPUTS:
            return _input(widget)
        if widget is not None and template_name == _SELECT:
            return _select(widget)
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    said = "" if value is None else format_html(' value="{}"', value)
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], said, flatatt(widget["attrs"])
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = [_group(name, options) for name, options, _index in widget["optgroups"]]
    attributes = flatatt(widget["attrs"])
    return format_html('<select name="{}"{}>{}</select>', widget["name"], attributes, SafeString("".join(groups)))


def _group(name: object, options: list[Mapping[str, Any]]) -> SafeString:
    drawn = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each["value"], flatatt(each["attrs"]), each["label"]) for each in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn
