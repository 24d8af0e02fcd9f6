"""Every form of the site says what it lacks in the words of the house, and never in those of the library."""

import gettext
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
from django import forms
from django.core.exceptions import ValidationError
from django.forms import Field
from django.urls import get_resolver
from django.utils.translation import override

from sif.web.fields import text_field

SENTENCES = ("This field is required.", "Enter a valid date.", "Enter a whole number.")
LENGTH = "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."


@cache
def of_the_library() -> frozenset[str]:
    """What the library says in the Spanish of Mexico, where it falls back to that of Spain, and in English."""
    said = set[str]()
    for code in ("es_MX", "es"):
        file = Path(django.__path__[0]) / "conf" / "locale" / code / "LC_MESSAGES" / "django.mo"
        with file.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)
        said |= {catalogue.gettext(each) for each in SENTENCES}
        said |= {text for text in catalogue._catalog.values() if text.strip(".")}  # type: ignore[attr-defined]
        said |= {key if isinstance(key, str) else key[0] for key in catalogue._catalog if key}  # type: ignore[attr-defined]
    return frozenset(said)


def forms_of_the_site() -> Iterator[type[forms.BaseForm]]:
    """Every form that some page of ours has, declared by us or by the library of entry and drawn by us."""
    assert get_resolver().url_patterns  # which imports every page
    left = list[type[forms.BaseForm]](forms.BaseForm.__subclasses__())
    while left:
        each = left.pop()
        left += each.__subclasses__()
        if each.__module__.startswith("sif."):
            yield each


def said_by(field: Field) -> Iterator[str]:
    """What a field would say of each thing that may be wrong with it."""
    yield from (str(message) for message in field.error_messages.values())
    yield from (str(each.message) for each in field.validators if hasattr(each, "message"))
    try:
        field.clean(None)
    except ValidationError as missing:
        yield from missing.messages


def test_no_form_speaks_the_sentences_of_the_library() -> None:
    classes = set(forms_of_the_site())
    found = set[str]()
    with override("es-mx"):
        for each in classes:
            for name, field in getattr(each, "base_fields", {}).items():
                found |= {f"{each.__name__}.{name}: {text}" for text in said_by(field) if text in of_the_library()}
    assert len(classes) > 90 and not found, sorted(found)


def test_no_kind_of_field_speaks_the_sentences_of_the_library() -> None:
    """Fields that a form adds for each request, which no class declares, take what their kind says."""
    kinds = [forms.CharField(max_length=3, min_length=2), forms.ChoiceField(), forms.MultipleChoiceField()]
    kinds += [forms.BooleanField(), forms.IntegerField(min_value=1, max_value=2), forms.FileField(max_length=9)]
    kinds += [forms.DecimalField(max_digits=5, decimal_places=2), forms.DateField(), forms.TimeField()]
    kinds += [forms.EmailField(), forms.TypedChoiceField(), forms.FloatField(), forms.UUIDField(), text_field("Uno")]
    with override("es-mx"):
        found = {f"{type(each).__name__}: {text}" for each in kinds for text in said_by(each)}
        assert not {each for each in found if each.partition(": ")[2] in of_the_library()}
        assert LENGTH in of_the_library()


def test_an_empty_form_says_what_to_do_with_each_of_its_fields() -> None:
    class Empty(forms.Form):
        nombre = forms.CharField()
        funcion = forms.ChoiceField(choices=[("uno", "Uno")])
        acepta = forms.BooleanField()

    with override("es-mx"):
        assert Empty({}).errors == {
            "nombre": ["Falta este dato."],
            "funcion": ["Elija una de las opciones."],
            "acepta": ["Marque esta casilla."],
        }
        wrong = Empty({"nombre": "A", "funcion": "tres", "acepta": "on"})
        assert wrong.errors == {"funcion": ["«tres» no es una de las opciones. Elija una de ellas."]}
    with override("en"):
        assert Empty({}).errors["funcion"] == ["Choose one of the options."]
