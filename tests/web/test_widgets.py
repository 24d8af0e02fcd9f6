"""Compare each widget drawn in Python with the one of Django's template: same elements, attributes and words."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from sif.web.widgets import Renderer

HOSTILE = "\"'><script>&amp;"
ATTRS = {"id": "id_x", "aria-invalid": "false", "data-x": HOSTILE, "required": True, "hidden": False}
OPTIONS = [("", "—"), (1, "Uno"), ("Grupo <b>", [("a", HOSTILE), (HOSTILE, "b")])]


class Read(HTMLParser):
    """What a browser would build: elements with their attributes, and words without the spaces around them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.seen.append(data.strip())


INPUTS = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.DateInput,
    forms.DateTimeInput,
    forms.TimeInput,
]


@pytest.mark.parametrize("kind", INPUTS)
@pytest.mark.parametrize("value", [None, "", "10.50", HOSTILE, SafeString("<b>"), 7])
def test_an_input_is_the_one_of_the_template(kind: type[forms.TextInput], value: object) -> None:
    drawn = kind(attrs=ATTRS).render("monto", value, renderer=Renderer())
    asked = kind(attrs=ATTRS).render("monto", value, renderer=DjangoTemplates())
    assert Read(drawn).seen == Read(asked).seen
    assert "<script>" not in drawn


@pytest.mark.parametrize("value", [None, "", 1, "1", HOSTILE])
def test_a_select_is_the_one_of_the_template(value: object) -> None:
    drawn = forms.Select(attrs=ATTRS, choices=OPTIONS).render("clase", value, renderer=Renderer())
    asked = forms.Select(attrs=ATTRS, choices=OPTIONS).render("clase", value, renderer=DjangoTemplates())
    assert Read(drawn).seen == Read(asked).seen
    assert "<script>" not in drawn


def test_other_widgets_are_left_to_the_templates() -> None:
    for widget in (forms.Textarea(), forms.CheckboxInput(), forms.RadioSelect(choices=[("a", "A")])):
        asked = widget.render("x", "a", renderer=DjangoTemplates())
        assert widget.render("x", "a", renderer=Renderer()) == asked


def test_forms_use_it(settings: object) -> None:
    assert isinstance(forms.Form().renderer, Renderer)
