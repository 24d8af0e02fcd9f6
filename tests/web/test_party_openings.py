"""The page that opens an ordinary year: seen first, done once, from the year before or from a file, then adjusted."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from batch.test_opening_files import ROWS, TITLES, books
from books.test_openings import post, years
from sif.audit.preflight import Case
from sif.batch.opening_files import open_from_file, read_opening
from sif.books.models import Apertura
from sif.books.services import save_borrador
from sif.registry.models import Contabilidad
from sif.web.auditor.expediente.proof import poliza_of
from sif.web.party.informes.preflight import _places
from small_world import BANKS, PAYABLE, World, world

__all__ = ["books", "world", "years"]
Years = tuple[World, Contabilidad, Contabilidad]


def page_of(books: Contabilidad) -> str:
    return reverse("party:apertura", args=[books.pk])


def once_of(text: str) -> str:
    found = re.search(r'name="una_vez" value="([^"]+)"', text)
    assert found
    return found[1]


def test_the_year_before_is_seen_and_then_opens_it_once(years: Years, enter: Any) -> None:
    world, old, new = years
    olga: Client = enter(world.clerk)
    listed = olga.get(reverse("party:aperturas")).text
    assert page_of(old) in listed and page_of(new) in listed and "Sin saldos de apertura" in listed
    shown = olga.get(page_of(new), {"de": old.pk}).text
    assert "1 may 2025" in shown and "Resultado del ejercicio 2025" in shown and "299,879.99" in shown
    assert not Apertura.objects.exists()
    sent = {"hacer": "abrir", "de": old.pk, "una_vez": once_of(shown)}
    for _press in range(2):
        assert olga.post(page_of(new), sent).url == page_of(new)  # type: ignore[attr-defined]
    assert Apertura.objects.count() == 1
    after = olga.get(page_of(new)).text
    assert "Cómo se abrió" in after and "Abrir el ejercicio" not in after and f"la contabilidad {old.pk}" in after
    assert "Abierta con saldos" in olga.get(reverse("party:aperturas")).text


def test_what_keeps_it_is_told_with_its_way_out(years: Years, enter: Any) -> None:
    world, old, new = years
    save_borrador(old, {"concepto": "x"}, world.clerk)
    olga = enter(world.clerk)
    shown = olga.get(page_of(new), {"de": old.pk}).text
    assert "1 borradores sin registrar" in shown and "Abrir el ejercicio" not in shown
    assert olga.post(page_of(new), {"hacer": "abrir", "de": old.pk}).status_code == 422
    assert not Apertura.objects.exists()


def test_an_opening_is_adjusted_with_its_reason(years: Years, enter: Any) -> None:
    world, old, new = years
    olga = enter(world.clerk)
    olga.post(page_of(new), {"hacer": "abrir", "de": old.pk})
    assert olga.post(page_of(new), {"hacer": "ajustar", "motivo": "Nada"}).status_code == 422
    post(world, old, "2025-12-30", (PAYABLE, "10.00", ""), (BANKS, "", "10.00"))
    assert olga.post(page_of(new), {"hacer": "ajustar", "motivo": "Pago omitido"}).status_code == 302
    assert "Pago omitido" in olga.get(page_of(new)).text


def test_strangers_and_who_only_reads_open_nothing(years: Years, enter: Any) -> None:
    world, old, new = years
    raul = enter(world.stranger)
    for answer in (raul.get(page_of(new)), raul.post(page_of(new), {"hacer": "abrir", "de": old.pk})):
        assert answer.status_code == 403
    assert enter(world.clerk).post(page_of(new), {"hacer": "abrir", "de": world.foreign.pk}).status_code == 403
    assert enter(world.clerk).get(page_of(world.books)).status_code == 404
    assert enter(world.clerk).post(page_of(new), {"hacer": "otra"}).status_code == 422
    assert not Apertura.objects.exists()


def sent(*rows: str) -> dict[str, Any]:
    content = (TITLES + "\n".join(rows)).encode()
    return {"hacer": "leer", "archivo": SimpleUploadedFile("saldos.csv", content, "text/csv")}


def test_a_file_is_read_shown_and_then_opens_it_once(world: World, books: Contabilidad, enter: Any) -> None:
    olga = enter(world.clerk)
    for form in ("csv", "xlsx"):
        assert olga.get(reverse("party:apertura_plantilla", args=[form])).status_code == 200
    wrong = olga.post(page_of(books), sent(*ROWS[:-1], f"{PAYABLE},IPR150312Q47,,F-9,,500.00"))
    assert wrong.status_code == 422 and "fila 7, Fecha del documento" in wrong.text
    shown = olga.post(page_of(books), sent(*ROWS))
    assert shown.status_code == 200 and "15 mar 2024" in shown.text and not Apertura.objects.exists()
    digest = re.search(r'name="sha256"\s+value="([0-9a-f]{64})"', shown.text)
    assert digest
    ask = {"hacer": "archivo", "sha256": digest[1], "nombre": "saldos.csv", "una_vez": once_of(shown.text)}
    for _press in range(2):
        assert olga.post(page_of(books), ask).status_code == 302
    assert Apertura.objects.count() == 1
    assert "un archivo de otro programa" in olga.get(page_of(books)).text
    assert olga.post(page_of(books), ask | {"sha256": "f" * 64, "una_vez": ""}).status_code == 422


def test_no_file_and_a_hostile_one_are_refused_in_words(world: World, books: Contabilidad, enter: Any) -> None:
    olga = enter(world.clerk)
    assert olga.post(page_of(books), {"hacer": "leer"}).status_code == 422
    bomb = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    answer = olga.post(page_of(books), {"hacer": "leer", "archivo": SimpleUploadedFile("x.csv", bomb)})
    assert answer.status_code == 422 and "Cargue la plantilla de apertura" in answer.text
    assert not Apertura.objects.exists()


@pytest.mark.parametrize("name", ["party:aperturas", "party:libros"])
def test_the_page_stands_in_english(world: World, enter: Any, name: str) -> None:
    olga = enter(world.clerk)
    text = olga.get(reverse(name), headers={"accept-language": "en"}).text
    assert "Opening of years" in text


def test_a_document_of_a_file_leads_to_the_poliza_that_opened_the_year(world: World, books: Contabilidad) -> None:
    read = read_opening(books, ("saldos.csv", [(TITLES + "\n".join(ROWS)).encode()]), world.clerk)
    opening = open_from_file(books, read.sha256, "saldos.csv", world.clerk).apertura
    item = opening.partidas.order_by("pk").first()
    assert item is not None
    case = Case("k", books.pk, None, 1, -item.pk, "", "")
    assert _places([case]) == {"k": reverse("party:poliza", args=[books.pk, opening.poliza.eslabon])}
    found = SimpleNamespace(fila={"poliza_id": -item.pk})
    assert poliza_of(found) == opening.poliza  # type: ignore[arg-type]


def test_a_ledger_is_taken_where_the_xml_of_sat_is(world: World, books: Contabilidad, enter: Any) -> None:
    text = f'2026-01-10 * "x"\n  Assets:{BANKS} 1.00 MXN\n  Equity:3-1-01-01-0000\n'
    sent = {"contabilidad": books.pk, "archivo": SimpleUploadedFile("libro.beancount", text.encode())}
    answer = enter(world.clerk).post(reverse("party:lotes_sat"), sent)
    assert answer.status_code == 302 and books.lotes.get().origen == "diario"
    wrong = {"contabilidad": books.pk, "archivo": SimpleUploadedFile("libro.bean", b"a,b\n1,2\n")}
    assert enter(world.clerk).post(reverse("party:lotes_sat"), wrong).status_code == 422
    assert enter(world.stranger).post(reverse("party:lotes_sat"), sent).status_code == 403
