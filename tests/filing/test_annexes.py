"""The system attaches the annexes of a report: from the books of its cut, in what is signed and in its acuse."""

import csv
import hashlib
import io
from datetime import date
from typing import Any

import pytest

from filing.campaign import Campaign, on
from filing.ordinary import pesos
from sif.books.services import read_file
from sif.catalogs.services.campaign_goods import NewCasa, register_casa
from sif.filing.annexes import annexes_in, file_in, remade
from sif.filing.models import Informe
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.law.annexes import annexes_of, load_annexes
from sif.signing.chain import canonical_json, sha256_hex
from sif.statements.asked import Asked
from sif.statements.catalog import REPORTS
from sif.values import Money

HOUSE = NewCasa(
    "Casa del centro",
    "comodato",
    "Luz Mora",
    "CHH",
    "Juárez",
    "Calle 1",
    date(2024, 4, 2),
    date(2024, 4, 9),
    valuacion=Money(50_000),
)


def rows_of(informe: Informe, clave: str) -> list[dict[str, str]]:
    found = next(each for each in annexes_in(informe) if each.clave == clave)
    return list(csv.DictReader(io.StringIO(read_file(found.sha256).decode("utf-8-sig"))))


def test_a_version_freezes_its_annexes_of_its_days_and_its_acuse_lists_them(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    campaign.spend(campaign.ana, "70.00", date(2024, 5, 2), period=1)
    campaign.spend(campaign.berta, "9.00", date(2024, 4, 20))
    informe = campaign.prepare()
    found = annexes_in(informe)
    assert [each.clave for each in found] == [each.clave for each in annexes_of("IC", "mx")]
    for each in found:
        data = read_file(each.sha256)
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each.bytes, each.sha256)
        assert data.count(b"\r\n") == each.renglones + 1
    spent = [row["cargos"] for row in rows_of(informe, "balanza") if row["cuenta"].startswith("5")]
    assert spent == ["1000.00"] and Money.parse(spent[0]).centavos == informe.egresos
    assert [row["total"] for row in rows_of(informe, "polizas")] == ["1000.00"]
    assert rows_of(informe, "casas") == []
    act = campaign.present(informe)
    listed = act.acuse["archivos"]
    assert act.acuse["formato"] == "sif-acuse/1"
    assert [entry["nombre"] for entry in listed] == ["informe.json", *(each.archivo for each in found)]
    assert [entry["sha256"] for entry in listed[1:]] == [each.sha256 for each in found]
    assert f"|{sha256_hex(canonical_json(informe.contenido))}|" in act.cadena  # what is signed holds their digests
    for sheet in (informe_sheet(informe), acuse_sheet(act)):
        assert all(each.sha256 in str(sheet) for each in found)


def test_what_is_posted_later_does_not_change_what_the_books_of_its_cut_give(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    assert all(same for _each, same in remade(informe))
    campaign.spend(campaign.ana, "5.00", date(2024, 4, 11))
    assert all(same for _each, same in remade(informe))
    register_casa(campaign.ana, HOUSE, campaign.world.clerk)
    assert [each.clave for each, same in remade(informe) if not same] == ["casas"]
    assert rows_of(informe, "casas") == []


def test_what_is_not_attached_any_more_is_written_again_or_told_apart(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    informe = campaign.prepare()
    known = load_annexes("mx")
    monkeypatch.setattr("sif.filing.annexes.load_annexes", lambda _: {"IA": known["IA"]})
    compared = {each.clave: same for each, same in remade(informe)}
    assert [clave for clave, same in compared.items() if same is None] == ["eventos", "casas"]
    assert {same for clave, same in compared.items() if clave not in ("eventos", "casas")} == {True}


def test_what_nobody_read_is_printed_to_be_confirmed(campaign: Campaign) -> None:
    informe = campaign.prepare(nil=True)
    said = str(informe_sheet(informe))
    assert "Relación de eventos (RF 143 Bis, por confirmar)" in said
    assert "Balanza de comprobación (LGPP 61.1.a)" in said
    for entry in informe.contenido["anexos"]:
        del entry["estatus"]  # as a version of before says it
    assert "Relación de eventos (RF 143 Bis)" in str(informe_sheet(informe))


def test_another_annex_makes_another_version_and_the_same_ones_none(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    first = campaign.prepare()
    assert campaign.prepare().pk == first.pk
    register_casa(campaign.ana, HOUSE, campaign.world.clerk)
    second = campaign.prepare()
    assert second.version == 2 and [row["nombre"] for row in rows_of(second, "casas")] == ["Casa del centro"]
    assert [each.clave for each in annexes_in(second) if each not in annexes_in(first)] == ["casas"]


def test_a_report_in_zeros_says_that_its_annexes_have_no_rows(campaign: Campaign) -> None:
    found = annexes_in(campaign.prepare(nil=True))
    assert found and {each.renglones for each in found} == {0}


def test_a_version_of_before_annexes_is_presented_without_them(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    with monkeypatch.context() as before:
        before.setattr("sif.filing.preparing.annexes_of", lambda *_: ())
        before.setattr("sif.filing.figures.FORMAT", "sif-informe/1")
        informe = campaign.prepare()
    assert annexes_in(informe) == [] and file_in(informe, "balanza") is None
    assert "Anexos" not in str(informe_sheet(informe))
    act = campaign.present(informe)
    assert [entry["nombre"] for entry in act.acuse["archivos"]] == ["informe.json"]


def test_an_annual_report_brings_the_statements_of_its_year(ordinary: Any) -> None:
    ordinary.fill()
    with on("2026-01-10 12:00"):
        informe = ordinary.prepare(4, "IA")
    assert {"situacion", "actividades", "flujo"} <= {each.clave for each in annexes_in(informe)}
    lines = {row["linea"]: row["importe"] for row in rows_of(informe, "situacion")}
    assert lines["A"] == lines["PC"] == "1220579.63" and "X" not in lines


def test_the_closing_of_a_year_is_no_spending_of_its_statement_of_activities(ordinary: Any) -> None:
    ordinary.fill()
    with on("2026-01-10 12:00"):
        informe = ordinary.prepare(4, "IA")
    lines = {row["linea"]: (row["importe"], row["acumulado"]) for row in rows_of(informe, "actividades")}
    assert lines["I"] == (pesos(informe, "I")[1],) * 2 == ("1080580.23",) * 2
    assert lines["G"] == (pesos(informe, "G")[1],) * 2
    assert lines["R"] == ("640579.63",) * 2
    asked = Asked((ordinary.books.pk,), desde=date(2025, 1, 1), hasta=date(2025, 12, 31))
    [income] = [line for line in REPORTS["actividades"].filas(asked) if line.celdas["linea"] == "I.1"]
    drill = income.ligas["importe"]
    assert drill.filtros["operaciones"] == "1"
    beginnings = tuple(drill.filtros["cuenta"].split(","))
    behind = REPORTS["balanza"].filas(asked.but(cuentas=beginnings, operaciones=True)).totals()
    assert behind["abonos"] == income.celdas["importe"]  # what is opened from the amount adds up to it
