"""Test sanctions by kind of person: forms, maxima and days of each letter, and what is imposed in their place."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sif.law import offenders
from sif.law.articles import read_text
from sif.law.offenders import (
    SanctionForm,
    Terms,
    load_sanction_law,
    offender_kind,
    other_offender,
    uma_day_rule,
    vistas_of,
)
from sif.law.parameters import NotInForce
from sif.law.sanctions import imposed_text, load_criteria, reduce_monthly, sanction_on_amount, sanction_on_units
from sif.law.sources import LawDataError, data_path
from sif.values import Money

DAY = date(2024, 5, 12)
UMA = Money.parse("108.57")
MAXIMA = {
    "partido": 10_000,
    "agrupacion": 10_000,
    "aspirante": 5_000,
    "precandidatura": 5_000,
    "candidatura": 5_000,
    "independiente": 5_000,
    "persona": 500,
    "moral": 100_000,
    "observadores": 200,
    "organizacion": 5_000,
}


def _terms(persona: str, exceso: str = "", reincidente: bool = False, fecha: date = DAY, uma: Money = UMA) -> Terms:
    return Terms(offender_kind(persona, "mx"), fecha, uma, exceso, reincidente)


def test_every_kind_of_person_has_its_letter_and_its_largest_fine() -> None:
    kinds = load_sanction_law("mx").clases
    assert {key: kind.must("multa", DAY).maximo for key, kind in kinds.items()} == MAXIMA
    for key, kind in kinds.items():
        assert kind.form("amonestacion", DAY), key
        inside = {row.articulo for row in kind.formas if not row.articulo.startswith(kind.articulo)}
        assert inside == ({"LGIPE 456.1.d.III"} if key == "aspirante" else set()), key


def test_no_fraction_of_the_article_is_forgotten() -> None:
    """Each letter with its fractions, as the text of the law has them, is a form, a vista or left out with why."""
    law, letter, fractions = load_sanction_law("mx"), "", set()
    for line in read_text("LGIPE", "mx")["456"].splitlines():
        if opens := re.match(r"([a-i])\) Respecto ", line):
            letter = opens[1]
        elif (fraction := re.match(r"([IVX]+)\. ", line)) and letter:
            fractions.add(f"LGIPE 456.1.{letter}.{fraction[1]}")
    used = {form.articulo for kind in law.clases.values() for form in kind.formas}
    used |= {row.articulo for row in law.vistas if row.articulo.startswith("LGIPE 456.1.")}
    assert len(fractions) == 33
    assert used | law.fuera.keys() == fractions
    assert not used & law.fuera.keys()
    assert all(law.fuera.values())


def test_only_a_party_loses_ministraciones_and_pays_as_much_as_it_exceeded() -> None:
    kinds = load_sanction_law("mx").clases
    for forma in ("reduccion", "un_tanto_igual"):
        assert [key for key, kind in kinds.items() if kind.form(forma, DAY)] == ["partido"]


def test_an_independent_stops_at_its_largest_fine() -> None:
    """2,000,000 unreported were 2,000,000 as a reduction of ministraciones that an independent does not receive."""
    found = sanction_on_amount(Money.parse("2000000"), 10_000, _terms("independiente"))
    assert (found.sancion.plain(), found.forma, found.umas) == ("542850.00", "multa", 5_000)
    assert (found.maximo, found.articulo) == (Money.parse("542850"), "LGIPE 456.1.d.II")
    assert found.sobrante == Money.parse("1457150")
    assert "1,457,150.00 no puede sancionarse" in found.trabajo[-1]


@pytest.mark.parametrize("persona", sorted(MAXIMA.keys() - {"partido"}))
def test_the_largest_fine_of_each_person_and_a_centavo_over_it(persona: str) -> None:
    top = UMA * MAXIMA[persona]
    exact = sanction_on_amount(top, 10_000, _terms(persona))
    over = sanction_on_amount(top + Money(1), 10_000, _terms(persona))
    assert (exact.sancion, exact.forma, exact.sobrante) == (top, "multa", Money(0))
    assert (over.sancion, over.forma, over.sobrante, over.maximo) == (top, "multa", Money(1), top)
    units = sanction_on_units(MAXIMA[persona] + 1, 1, _terms(persona))
    assert (units.sancion, units.umas, units.sobrante) == (top, MAXIMA[persona], UMA)


def test_a_company_pays_up_to_a_hundred_thousand_uma() -> None:
    uma = Money.parse("89.62")
    found = sanction_on_amount(Money.parse("14026500"), 20_000, _terms("moral", fecha=date(2021, 6, 1), uma=uma))
    assert found.sancion.plain() == "8962000.00"
    assert found.estatus == "por confirmar"  # what the fraction said before December 2022 was not read


def test_as_much_as_the_excess_to_the_centavo() -> None:
    """50,000 over the cap gave 49,942.20, in whole UMA."""
    found = sanction_on_amount(Money.parse("50000.01"), 10_000, _terms("partido", "tope_campana"))
    assert (found.sancion.plain(), found.forma, found.umas) == ("50000.01", "un_tanto_igual", 460)
    assert (found.maximo, found.articulo, found.estatus) == (found.sancion, "LGIPE 456.1.a.II", "confirmado")
    large = sanction_on_amount(Money.parse("8000000"), 10_000, _terms("partido", "limite_simpatizantes"))
    assert (large.sancion.plain(), large.forma) == ("8000000.00", "un_tanto_igual")
    small = sanction_on_amount(Money.parse("0.01"), 10_000, _terms("partido", "limite_candidatos"))
    assert (small.sancion, small.forma) == (Money(1), "un_tanto_igual")


def test_an_excess_that_the_letter_does_not_name_is_fined() -> None:
    for terms in (_terms("partido", "limite_militantes"), _terms("precandidatura", "tope_campana"), _terms("partido")):
        found = sanction_on_amount(Money.parse("50000"), 10_000, terms)
        assert (found.sancion.plain(), found.forma) == ("49942.20", "multa")


def test_recidivism_doubles_the_excess_and_the_largest_fine_of_a_party_alone() -> None:
    twice = sanction_on_amount(Money.parse("50000"), 10_000, _terms("partido", "tope_campana", True))
    assert (twice.sancion.plain(), twice.maximo) == ("100000.00", Money.parse("100000"))
    over = UMA * 10_000 + Money(1)
    again = sanction_on_amount(over, 10_000, _terms("partido", reincidente=True))
    assert (again.forma, again.sancion, again.maximo) == ("multa", UMA * 10_000, UMA * 20_000)
    assert any("sube de 10,000 a 20,000 UMA" in step for step in again.trabajo)
    assert sanction_on_amount(UMA * 20_000 + Money(1), 10_000, _terms("partido", reincidente=True)).forma == "reduccion"
    other = sanction_on_amount(UMA * 6_000, 10_000, _terms("independiente", reincidente=True))
    assert (other.sancion, other.maximo) == (UMA * 5_000, UMA * 5_000)
    assert any("no aumenta por eso" in step for step in other.trabajo)


@pytest.mark.parametrize("persona", MAXIMA)
def test_under_one_uma_there_is_a_reprimand_and_no_fine_of_zero(persona: str) -> None:
    found = sanction_on_amount(Money.parse("2171.39"), 500, _terms(persona))  # 108.5695
    assert (found.sancion, found.forma, found.umas, found.maximo) == (Money(0), "amonestacion", 0, None)
    assert found.articulo.endswith(".I")
    assert "no alcanza una UMA de 108.57" in found.trabajo[-1]
    assert sanction_on_amount(Money.parse("2171.40"), 500, _terms(persona)).sancion == UMA
    assert sanction_on_units(0, 200, _terms(persona)).forma == "amonestacion"
    assert sanction_on_amount(Money(0), 10_000, _terms(persona, "tope_campana")).forma == "amonestacion"


def test_a_reduction_says_its_months() -> None:
    found = reduce_monthly(Money.parse("10998406.91"), Money.parse("6000000"), _terms("partido"))
    assert (found.porcentaje_pb, found.cuota, found.meses) == (2_500, Money.parse("1500000"), 8)
    assert found.ultima == Money.parse("498406.91")
    half = reduce_monthly(Money.parse("6000000"), Money.parse("6000000"), _terms("partido"), 5_000)
    assert (half.meses, half.ultima) == (2, Money.parse("3000000"))
    assert reduce_monthly(Money.parse("6000000.01"), Money.parse("6000000"), _terms("partido"), 5_000).meses == 3


@pytest.mark.parametrize(
    ("running", "share", "waits"),
    [(0, 2_500, False), (2_500, 2_500, False), (4_000, 1_000, False), (5_000, 2_500, True)],
)
def test_no_more_than_the_half_is_taken_together(running: int, share: int, waits: bool) -> None:
    found = reduce_monthly(Money.parse("100"), Money.parse("6000000"), _terms("partido"), en_curso_pb=running)
    assert (found.porcentaje_pb, found.espera) == (share, waits)


@pytest.mark.parametrize(
    ("share", "monthly", "says"),
    [
        (5_001, "6000000", "admite hasta 50 %"),
        (0, "6000000", "Pida más de cero"),
        (2_500, "0.03", "no hay nada que reducir"),
    ],
)
def test_a_reduction_over_the_half_or_of_nothing_is_refused(share: int, monthly: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        reduce_monthly(Money.parse("100"), Money.parse(monthly), _terms("partido"), share)


def test_nobody_else_has_ministraciones_to_reduce() -> None:
    with pytest.raises(NotInForce, match="reduccion para «independiente»"):
        reduce_monthly(Money.parse("100"), Money.parse("6000000"), _terms("independiente"))


def test_a_day_whose_words_are_not_known_has_no_fine() -> None:
    """UMA exists since 28 January 2016; the maxima said UMA since 2014."""
    kind = offender_kind("partido", "mx")
    assert kind.form("multa", date(2016, 1, 27)) is None
    assert kind.form("multa", date(2016, 1, 28)) is not None
    with pytest.raises(NotInForce, match="se conoce desde el 2016-01-28"):
        sanction_on_amount(Money.parse("10000"), 10_000, _terms("partido", fecha=date(2015, 6, 1)))


@pytest.mark.parametrize(
    ("fecha", "estatus"),
    [
        (date(2022, 12, 20), "por confirmar"),
        (date(2022, 12, 21), "confirmado"),
        (date(2023, 3, 2), "confirmado"),
        (date(2023, 3, 3), "por confirmar"),
        (date(2023, 6, 22), "por confirmar"),
        (date(2023, 6, 23), "confirmado"),
    ],
)
def test_the_reform_that_fell_leaves_its_days_unconfirmed(fecha: date, estatus: str) -> None:
    fine, excess = _terms("independiente", fecha=fecha), _terms("partido", "tope_campana", fecha=fecha)
    assert sanction_on_units(10, 1, fine).estatus == estatus
    assert sanction_on_amount(Money(1), 10_000, excess).estatus == estatus


def test_no_history_of_a_form_has_a_gap() -> None:
    for kind in load_sanction_law("mx").clases.values():
        for form in kind.formas:
            assert form.lapsos[-1].hasta is None
            for before, after in zip(form.lapsos, form.lapsos[1:], strict=False):
                assert before.hasta == after.desde, (kind.clave, form.articulo)


def test_what_another_decides_is_told_to_whom() -> None:
    (one,) = vistas_of("rebase_tope", "precampana", DAY, "mx")
    assert (one.persona, one.articulo) == ("precandidatura", "LGIPE 229.4")
    assert one.words.startswith("Vista al Consejo General de la autoridad que registra: cancelación del registro")
    assert [row.articulo for row in vistas_of("rebase_tope", "apoyo_ciudadano", DAY, "mx")] == ["LGIPE 375.1"]
    assert vistas_of("rebase_tope", "campana", DAY, "mx") == ()
    assert {row.articulo for row in vistas_of("informe_omitido", "apoyo_ciudadano", DAY, "mx")} == {
        "LGIPE 378.1",
        "LGIPE 456.1.d.IV",
    }
    assert vistas_of("rebase_tope", "precampana", date(2014, 5, 23), "mx") == ()


def test_a_report_is_referred_by_the_whole_condition_of_the_law() -> None:
    """Of 229.3, that is of what a precandidate owes its party, the report of the party says nothing."""
    assert vistas_of("informe_omitido", "precampana", DAY, "mx") == ()
    told = {
        row.articulo: row
        for etapa in ("apoyo_ciudadano", "campana")
        for row in vistas_of("informe_omitido", etapa, DAY, "mx")
    }
    for articulo in ("LGIPE 456.1.d.IV", "LGIPE 456.1.d.V"):
        assert "omita informar y comprobar" in told[articulo].cita
        assert told[articulo].consecuencia.startswith("si tampoco comprueba los gastos")
    assert told["LGIPE 378.1"].cita.startswith("El aspirante que no entregue el informe")


def test_what_another_decides_in_a_federal_election_is_not_told_of_a_local_one() -> None:
    for conduct, etapa in (("rebase_tope", "precampana"), ("rebase_tope", "apoyo_ciudadano")):
        assert vistas_of(conduct, etapa, DAY, "mx") and not vistas_of(conduct, etapa, DAY, "mx", "local")
    assert vistas_of("informe_omitido", "campana", DAY, "mx", "local")  # LGIPE 456 is of both


def test_who_commits_the_excess_of_a_precampaign_is_the_precandidate_and_nobody_else_is_another() -> None:
    found = {
        (conduct, sujeto, etapa): other.persona
        for conduct in load_criteria("mx")
        for sujeto in ("partido", "partido_local", "coalicion", "comun", "aspirante", "independiente", "agrupacion")
        for etapa in ("ordinario", "precampana", "apoyo_ciudadano", "campana")
        if (other := other_offender(conduct, sujeto, etapa, "mx"))
    }
    parties = ("partido", "partido_local", "coalicion", "comun")
    assert found == {("rebase_tope", each, "precampana"): "precandidatura" for each in parties}


def test_the_day_of_the_uma_is_a_dated_rule_in_dispute() -> None:
    change = date(2017, 12, 20)
    assert uma_day_rule(change - timedelta(1), "mx").regla == "imposicion"
    now = uma_day_rule(change, "mx")
    assert (now.regla, now.lapso.estatus) == ("comision", "por confirmar")
    assert "LXXVII/2016" in now.duda
    with pytest.raises(NotInForce, match="dia_uma"):
        uma_day_rule(date(2016, 1, 27), "mx")


def test_what_is_imposed_in_words() -> None:
    assert imposed_text("amonestacion", "$0.00") == "amonestación pública"
    assert imposed_text("multa", "$5.00") == "multa de $5.00"
    assert imposed_text("un_tanto_igual", "$5.00") == "multa de un tanto igual al exceso de $5.00"


def test_a_unit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="mayor que cero"):
        _terms("partido", uma=Money(0))


def _written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]) -> None:
    raw = yaml.safe_load(data_path("mx", "law", "sanciones.yaml").read_text(encoding="utf-8"))
    change(raw)
    path = tmp_path / "sanciones.yaml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(offenders, "data_path", lambda *_asked: path)
    offenders.load_sanction_law.__wrapped__("mx")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda raw: raw["personas"]["partido"]["formas"][1].pop("maximo"), "dicen su máximo"),
        (lambda raw: raw["personas"]["partido"]["formas"][0].update(maximo=5), "dicen su máximo"),
        (lambda raw: raw["personas"]["partido"]["formas"][0].update(forma="azotes"), "«azotes» no se conoce"),
        (lambda raw: raw["personas"]["partido"]["formas"][4].pop("decide"), "quién la decide"),
        (lambda raw: raw["personas"]["partido"]["formas"][0].update(lapso="nunca"), "«nunca» no está"),
        (lambda raw: raw["lapsos"]["uma"].pop(1), "hueco o traslape"),
        (lambda raw: raw["vistas"][0].update(persona="nadie"), "«nadie» no está"),
        (lambda raw: raw["infractores"][0].update(persona="nadie"), "infractor 1: la persona «nadie» no está"),
        (lambda raw: raw["dia_uma"][0].update(regla="cuando sea"), "«cuando sea» no se conoce"),
        (lambda raw: raw["dia_uma"][0].update(hasta=date(2017, 1, 1)), "hueco o traslape"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused(
    change: Callable[[Any], object], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(LawDataError, match=says):
        _written(tmp_path, monkeypatch, change)


def test_a_form_knows_the_span_of_a_day() -> None:
    form: SanctionForm = offender_kind("partido", "mx").must("multa", DAY)
    span = form.on(date(2023, 4, 1))
    assert span is not None
    assert "transitorio cuarto" in span.nota
