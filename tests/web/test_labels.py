"""The choices that tables keep are told in words of the language of who reads, roles first of all."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from sif import web
from sif.books.models import Aportacion, LadoTransferencia, Pago
from sif.catalogs.models import PersonaSujeto
from sif.registry.models import CierrePropuesto, Contabilidad, Nombramiento, Ventana
from sif.registry.scope import everything
from sif.registry.services import create_usuario
from sif.web.labels import CONTEXT, EVERY
from sif.web.messages import catalogue
from web.listed_rows import administrator

TEMPLATES = Path(web.__file__).parent / "templates"
KEPT: dict[str, set[str]] = {
    "rol": set(Nombramiento.Rol.values),
    "ventana": set(Ventana.Tipo.values),
    "libros": set(Contabilidad.Clase.values),
    "cierre": set(CierrePropuesto.Clase.values),
    "relacion": {key for key, _words in PersonaSujeto._meta.get_field("relacion").choices or ()},
    "lado": {key for key, _words in LadoTransferencia._meta.get_field("lado").choices or ()},
}


def admitted(model: Any, field: str) -> set[str]:
    """Return what a table admits in a field, by its constraint."""
    conditions = (str(getattr(each, "condition", "")) for each in model._meta.constraints)
    told = next(each.partition(f"'{field}__in'")[2] for each in conditions if f"'{field}__in'" in each)
    return set(re.findall(r"'(\w+)'", told.partition("]")[0]))


@pytest.mark.parametrize("kind", EVERY)
def test_every_choice_has_words_in_both_languages(kind: str) -> None:
    context, known = CONTEXT if kind == "rol" else None, catalogue()
    with translation.override("es-mx"):
        words = {key: str(each) for key, each in EVERY[kind].items()}
    assert not [each for each in words.values() if not (found := known.get(each, context)) or not found.string]
    if kind in KEPT:
        assert words.keys() == KEPT[kind]


def test_what_is_given_and_paid_is_in_words_that_know_every_way() -> None:
    assert admitted(Aportacion, "calidad") == set(EVERY["calidad"])
    assert admitted(Aportacion, "medio") | admitted(Pago, "medio") <= set(EVERY["medio"])


def test_no_template_prints_the_choice_of_a_table_in_one_language_alone() -> None:
    told = {path.name: re.findall(r"get_\w+_display", path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")}
    assert not {name: found for name, found in told.items() if found}


def test_who_reads_english_reads_roles_in_english(scene: Any, enter: Any) -> None:
    with everything():
        client = enter(administrator())
        create_usuario("sin.nada", "Sin Nada", None)
    page = reverse("personas")
    assert "Administrador del sistema" in client.get(page).text
    english = client.get(page, headers={"accept-language": "en"}).text
    assert "System administrator" in english and "Administrador del sistema" not in english
