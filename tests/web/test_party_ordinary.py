"""The reports of an ordinary year in pages: listed with their terms, shown line by line, given as files."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from filing.campaign import on
from filing.ordinary import BANKS, MEMBERS, Ordinary, filed_year
from kept import keeps
from sif.banks.selectors import open_movements
from sif.books.services import post_poliza
from sif.catalogs.services import report_cuenta
from sif.filing import services
from sif.ledger import NewPoliza
from sif.registry import clock
from sif.registry.models import CuentaBancaria
from sif.registry.scope import everything
from sif.signing.chain import sha256_hex
from small_world import ZONE


def _filed() -> Ordinary:
    with on("2026-02-02 12:00"), everything():
        return filed_year()


@pytest.fixture
@keeps(_filed)
def ordinary(world_of: Any) -> Iterator[Ordinary]:
    """The whole year in books, on 2 February 2026, with its fourth quarter and its annual prepared."""
    with on("2026-02-02 12:00"):
        yield world_of(_filed)


@pytest.fixture
def olga(ordinary: Ordinary, enter: Any) -> Client:
    return enter(ordinary.clerk)


def at(ordinary: Ordinary, tipo: str, period: int, name: str = "informe", *more: int) -> str:
    return reverse(f"party:{name}", args=[ordinary.books.pk, tipo, period, *more])


def test_the_list_says_each_report_with_its_kind_and_its_term(ordinary: Ordinary, olga: Client) -> None:
    page = olga.get(reverse("party:informes")).text
    assert page.count("Informe trimestral de avance del ejercicio") == 4
    assert "Informe anual de gasto ordinario" in page and "periodo 2" in page and "año 2025" in page
    assert [page.count(at(ordinary, "IT", period)) for period in (1, 2, 3, 4)] == [1, 1, 1, 1]
    assert page.count(at(ordinary, "IA", 4)) == 1
    books = olga.get(reverse("party:contabilidad", args=[ordinary.books.pk])).text
    assert "Informe anual de gasto ordinario, año 2025" in books


def test_a_quarter_has_three_columns_and_the_year_one_each_line_with_its_article(
    ordinary: Ordinary, olga: Client
) -> None:
    quarter, year = olga.get(at(ordinary, "IT", 4)).text, olga.get(at(ordinary, "IA", 4)).text
    assert "Periodos anteriores" in quarter and "Acumulado" in quarter
    assert "Periodos anteriores" not in year and "Importe" in year
    for page in (quarter, year):
        assert "LGPP 51.1.a.V" in page and "LGPP 72.2.d" in page
    assert "1,080,580.23" in year and "1,140,579.63" in year
    assert "Congeladas en IA-" in year
    apart = "Informe detallado de los bienes inmuebles propiedad del partido"
    assert apart in year and "LGPP 78.1.b.III" in year and apart not in quarter
    english = olga.get(at(ordinary, "IA", 4), headers={"accept-language": "en"}).text
    assert "Annual report of ordinary spending, year 2025" in english and "Closing balance" in english


def test_the_files_of_a_version_say_what_was_frozen(ordinary: Ordinary, olga: Client) -> None:
    informe = ordinary.books.informes.get(tipo="IA")
    content = olga.get(at(ordinary, "IA", 4, "informe_json", 1)).content
    assert sha256_hex(content) == informe.contenido_sha256
    assert json.loads(content)["periodo"] == {"numero": 4, "desde": "2025-01-01", "hasta": "2025-12-31"}
    sheet = load_workbook(BytesIO(olga.get(at(ordinary, "IA", 4, "informe_xlsx", 1)).content)).active
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    assert rows["I"][1:4] == ("Total de ingresos", 1080580.23, "LGPP 72.1")
    assert rows["SF"][2] == 1140579.63
    assert informe.folio in str(list(rows))
    assert olga.get(at(ordinary, "IA", 4, "informe_pdf", 1)).content[:5] == b"%PDF-"
    wide = load_workbook(BytesIO(olga.get(at(ordinary, "IT", 4, "informe_xlsx", 1)).content)).active
    assert any(
        row[:5] == ("G", "Total de egresos", 350000.6, 90000, 440000.6) for row in wide.iter_rows(values_only=True)
    )


def test_a_report_is_made_in_its_page_and_one_that_is_not_owed_is_not_found(ordinary: Ordinary, olga: Client) -> None:
    refused = olga.post(at(ordinary, "IT", 3, "generar"))
    assert refused.status_code == 422 and "marque «Declaro que el periodo no tuvo movimientos»" in refused.text
    made = olga.post(at(ordinary, "IT", 3, "generar"), {"sin_movimientos": "on"})
    assert made["Location"] == at(ordinary, "IT", 3)
    assert f"IT-{ordinary.books.pk}-P3-V1" in olga.get(made["Location"]).text
    for tipo, period in (("IA", 1), ("IC", 1), ("NADA", 4), ("IT", 5)):
        assert olga.get(at(ordinary, tipo, period)).status_code == 404


def test_what_is_missing_is_told_before_signing_and_refuses_nothing(ordinary: Ordinary, olga: Client) -> None:
    with everything():
        ordinary.post("2025-11-03", ((BANKS, "77.25"),), (("4-2-03-01-0000", "77.25"),))
    page = olga.get(at(ordinary, "IA", 4)).text
    panel = page[page.index("Antes de firmar") : page.index("Revisión previa</h2>")]
    assert "El formato no tiene línea para la cuenta 4-2-03-01-0000" in panel and "77.25" in panel
    assert "Estados de cuenta de Banco" in panel and "01/2025, 02/2025" in panel and "12/2025" in panel
    account = CuentaBancaria.objects.get(contabilidad=ordinary.books.pk)
    assert "Aviso de la cuenta de Banco" in panel and reverse("party:cuenta", args=[account.pk]) in panel
    moved = open_movements(account, hasta=date(2025, 12, 31)).count()
    assert "Por conciliar en Banco" in panel and f"Del banco: 0. De los libros: {moved}." in panel and moved > 1
    assert "registrada tarde" not in panel and "registradas tarde" not in panel
    with clock.at(datetime(2025, 12, 20, 18, tzinfo=ZONE)), everything():
        period = ordinary.etapa.periodos.get(numero=4)
        entry = ordinary.lines(((BANKS, "10.00"),), ((MEMBERS, "10.00"),))
        new = NewPoliza(ordinary.books.pk, period.pk, "normal", "DR", date(2025, 11, 3), "Un hecho", entry)
        post_poliza(new, ordinary.clerk)
    page = olga.get(at(ordinary, "IA", 4)).text
    assert "Póliza registrada tarde" in page[page.index("Antes de firmar") : page.index("Revisión previa</h2>")]
    with everything():
        report_cuenta(account, date(2026, 1, 15), ordinary.clerk)
    assert "Aviso de la cuenta" not in olga.get(at(ordinary, "IA", 4)).text
    assert "Firma del auditor externo" in panel and "LGPP 78.1.b.IV" in panel and "Firma aquí con su e.firma" in panel
    assert reverse("party:libro", args=["situacion"]) in panel
    assert "Nada de esto impide presentar el informe." in panel
    quarter = olga.get(at(ordinary, "IT", 3)).text
    assert "07/2025, 08/2025, 09/2025" in quarter and "01/2025" not in quarter and "4-2-03" not in quarter
    assert "Antes de firmar" not in olga.get(at(ordinary, "IT", 4)).text  # it was presented


def test_the_preflight_of_the_books_of_a_report_is_asked_of_them_alone(
    ordinary: Ordinary, olga: Client, enter: Any
) -> None:
    address = f"{reverse('party:revision_breve')}?contabilidad={ordinary.books.pk}"
    assert address in olga.get(at(ordinary, "IA", 4)).text
    assert f"{reverse('party:revision')}?contabilidad={ordinary.books.pk}" in olga.get(address).text
    assert enter(ordinary.stranger).get(address).status_code == 403


def test_a_stranger_is_refused_every_page_and_file(ordinary: Ordinary, enter: Any) -> None:
    raul = enter(ordinary.stranger)
    for name, more in (
        ("informe", ()),
        ("informe_pdf", (1,)),
        ("informe_xlsx", (1,)),
        ("informe_json", (1,)),
        ("acuse", (1,)),
    ):
        assert raul.get(at(ordinary, "IT", 4, name, *more)).status_code == 403
        assert Client().get(at(ordinary, "IT", 4, name, *more)).status_code == 302
    assert raul.post(at(ordinary, "IT", 4, "generar")).status_code == 403


def test_both_signers_see_whose_signature_is_lacking_and_strangers_take_nothing_back(
    ordinary: Ordinary, olga: Client, enter: Any
) -> None:
    with everything():
        annual = ordinary.books.informes.get(tipo="IA")
        services.complete(ordinary.keep(annual))
    page, back = olga.get(at(ordinary, "IA", 4)).text, at(ordinary, "IA", 4, "retirar_firma", 1)
    assert "En espera de la otra firma" in page and "auditor externo: Berta" in page and back in page
    assert "2. Firmar y presentar" not in page  # she signed
    assert "Falta la firma de auditor externo: Berta" in olga.get(reverse("party:informes")).text
    assert "Informe en espera de la otra firma" in olga.get(reverse("party:home")).text
    assert "Espera la otra firma" in page and "Espera su acuse" not in page
    berta = enter(ordinary.auditor)
    page = berta.get(at(ordinary, "IA", 4)).text
    assert "2. Firmar y presentar" in page and back not in page and "1. Generar" not in page
    assert annual.folio in berta.get(reverse("party:firmar")).text
    assert "Informe que espera su firma" in berta.get(reverse("party:home")).text
    assert "2. Firmar y presentar" not in berta.get(at(ordinary, "IT", 3)).text
    stranger = enter(ordinary.stranger)
    assert stranger.post(back).status_code == 403
    assert enter(ordinary.clerk).get(back).status_code == 405
    assert "no está en espera de otra firma" in berta.post(back).text  # what she did not sign
    olga = enter(ordinary.clerk)
    assert olga.post(back).status_code == 302
    page = olga.get(at(ordinary, "IA", 4)).text
    assert f"{ordinary.clerk.nombre} retiró el informe de firma" in page and "2. Firmar y presentar" in page
    again = olga.post(back)
    assert again.status_code == 422 and "no está en espera de otra firma" in again.text


def test_today_offers_captures_to_whoever_captures(ordinary: Ordinary, olga: Client, enter: Any) -> None:
    captures = reverse("party:captura"), reverse("party:cfdi")
    mine = olga.get(reverse("party:home")).text.partition("<main")[2]
    theirs = enter(ordinary.auditor).get(reverse("party:home")).text.partition("<main")[2]
    for address in captures:
        assert f'class="button" href="{address}"' in " ".join(mine.split())
        assert f'class="button" href="{address}"' not in " ".join(theirs.split())
    assert "Contabilidades" in theirs


def test_who_presents_does_not_lose_the_term_for_want_of_the_other_signature(
    ordinary: Ordinary, olga: Client, enter: Any
) -> None:
    with everything():
        services.complete(ordinary.keep(ordinary.books.informes.get(tipo="IA")))
    alone = at(ordinary, "IA", 4, "presentar_sola", 1)
    assert alone in olga.get(at(ordinary, "IA", 4)).text
    berta = enter(ordinary.auditor)
    assert alone not in berta.get(at(ordinary, "IA", 4)).text
    for other in (berta, enter(ordinary.stranger)):
        assert other.post(alone).status_code == 403
    olga = enter(ordinary.clerk)
    page = olga.post(alone, follow=True).text
    assert "presentado sin la otra firma" in page and "Sin la firma de" in page and "Auditor externo" in page
    assert olga.post(alone).status_code == 302  # twice is once
    assert alone not in olga.get(at(ordinary, "IA", 4)).text


def test_the_acuse_of_two_shows_both(ordinary: Ordinary, olga: Client) -> None:
    with everything():
        ordinary.present(ordinary.books.informes.get(tipo="IA"))
    page = olga.get(at(ordinary, "IA", 4, "acuse", 1)).text
    assert "BERTA SOLÍS MORA" in page and "ALICIA ROSAS NÚÑEZ" in page and ordinary.auditor.rfc in page
    given = json.loads(olga.get(at(ordinary, "IA", 4, "acuse", 1) + "?formato=json").content)
    assert given["formato"] == "sif-acuse/2"
    assert olga.get(at(ordinary, "IA", 4, "acuse", 1) + "?formato=pdf").content[:5] == b"%PDF-"
