"""Precampaign, apoyo ciudadano, agrupaciones, observers and organisations: what each owes, to the cent, and filed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from filing.campaign import on
from filing.ordinary import BANKS, EVENTS, MEMBERS, PAYABLE, RENT, Ordinary, make_ordinary, pesos
from sif.filing.figures import form_frozen, outside_form
from sif.filing.owed import report_of
from sif.filing.selectors import is_late, obligations
from sif.filing.sheets import informe_sheet
from sif.notices.sheet import plain_text
from sif.proceedings.terms import hearing_of
from sif.registry.scope import everything
from sif.signing import minting

OWN, GIFT, INDEPENDENT = "4-2-03-01-0000", "4-2-02-01-0000", "4-2-04-01-0000"
PUBLIC = "4-1-02-01-0000"
Make = Callable[..., Ordinary]


@pytest.fixture
def make(db: None, settings: Any, tmp_path: Path, mint: minting.MintedAuthority) -> Iterator[Make]:
    """The maker of a process of a kind, with everything seen."""
    settings.DATOS = tmp_path
    with everything():
        yield lambda *args: make_ordinary(mint, *args)


def owed(made: Ordinary) -> list[tuple[str, int, str, str]]:
    rows = obligations(made.books)
    return [
        (row.tipo, row.periodo.numero, f"{row.desde}/{row.hasta}", f"{row.vence_el:%Y-%m-%d} {row.base}")
        for row in rows
    ]


def test_a_precampaign_owes_one_report_of_the_whole_of_it(make: Make) -> None:
    made = make("federal_intermedia", 2027, "partido", "precampana")
    first, last = made.etapa.inicia_el, made.etapa.termina_el
    # Ten natural days after it ends (LGPP 79.1.a.III); the instant is the midnight that ends the tenth.
    assert [row[:3] for row in owed(made)] == [("IPR", 1, f"{first}/{last}")]
    day = first.isoformat()
    made.post(day, ((BANKS, "50000.00"),), ((OWN, "50000.00"),))
    made.post(day, ((BANKS, "1500.30"),), ((MEMBERS, "1500.30"),))
    made.post(day, (("5-2-01-00-0000", "20000.10"),), ((PAYABLE, "20000.10"),))
    made.post(day, (("5-2-03-00-0000", "999.90"),), ((BANKS, "999.90"),))
    with on("2027-02-20 12:00"):
        informe = made.prepare(1)
        act = made.present(informe)
    expected = {
        "I.1.1": "50000.00",
        "I.2.1": "1500.30",
        "I": "51500.30",
        "II.1": "20000.10",
        "II.3": "999.90",
        "II.A": "21000.00",
        "II": "21000.00",
        "III": "30500.30",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected
    assert informe.folio == f"IPR-{made.books.pk}-P1-V1" and not is_late(act)
    text = plain_text(informe_sheet(informe))
    assert "Informe de precampaña" in text and "quedan $308,638.00" in text  # 329,638.00 less 21,000.00


def test_an_aspirant_owes_the_report_of_apoyo_ciudadano(make: Make) -> None:
    made = make("federal_intermedia", 2027, "aspirante", "apoyo_ciudadano")
    assert [row[0] for row in owed(made)] == ["IAC"]
    day = made.etapa.inicia_el.isoformat()
    made.post(day, ((BANKS, "7000.00"),), ((INDEPENDENT, "7000.00"),))
    made.post(day, ((BANKS, "3000.55"),), ((GIFT, "3000.55"),))
    made.post(day, (("5-3-03-00-0000", "4000.25"),), ((BANKS, "4000.25"),))
    with on(f"{made.etapa.termina_el.year}-02-20 12:00"):
        informe = made.prepare(1)
        made.present(informe)
    expected = {
        "I.1.1": "7000.00",
        "I.2.1": "3000.55",
        "I": "10000.55",
        "II.3": "4000.25",
        "II": "4000.25",
        "III": "6000.30",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected


def test_an_independent_reports_its_campaign_on_lines_of_its_own_and_what_was_frozen_keeps_its_lines(
    make: Make,
) -> None:
    made = make("federal_intermedia", 2027, "independiente", "campana")
    day = made.etapa.inicia_el.isoformat()
    made.post(day, ((BANKS, "7000.00"),), ((INDEPENDENT, "7000.00"),))
    made.post(day, ((BANKS, "3000.55"),), ((GIFT, "3000.55"),))
    made.post(day, ((BANKS, "900.00"),), ((PUBLIC, "900.00"),))
    made.post(day, (("5-5-03-06-0000", "4000.25"),), ((BANKS, "4000.25"),))
    made.post(day, ((BANKS, "50.00"),), ((MEMBERS, "50.00"),))  # no article lets it: it has no line, and is told
    first = made.etapa.periodos.get(numero=1)
    report = report_of(made.books, first, "IC")
    assert report is not None and outside_form(made.books, report) == {MEMBERS: 50_00}
    with on(f"{first.hasta + timedelta(days=1)} 12:00"):
        informe = made.prepare(1)
    expected = {
        "I.1.1": "7000.00",
        "I.3.1": "3000.55",
        "I.6": "900.00",
        "I": "10900.55",
        "II.3": "4000.25",
        "II.A": "4000.25",
        "II": "4000.25",
        "III": "6900.30",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected
    assert not {"I.2", "I.4", "I.7", "II.11", "II.12"} & {line["linea"] for line in informe.contenido["lineas"]}
    assert (informe.tipo, informe.contenido["formulario"]) == ("IC", "LGIPE 394.1.n")
    assert "Informe de campaña de candidatura independiente" in plain_text(informe_sheet(informe))
    informe.contenido["formulario"] = "LGPP 79.1.b"  # one frozen before there was a form of its own
    assert form_frozen(informe)[0].clave == "ic"
    assert "Informe de campaña de candidatura independiente" not in plain_text(informe_sheet(informe))


def test_an_agrupacion_owes_its_annual_ninety_business_days_after_the_year(make: Make) -> None:
    made = make("agrupaciones", 2025, "agrupacion")
    [(tipo, _period, days, _due)] = owed(made)
    assert (tipo, days) == ("IA-APN", "2025-01-01/2025-12-31")
    made.post("2025-03-01", ((BANKS, "8000.00"),), ((MEMBERS, "8000.00"),))
    made.post("2025-05-01", ((EVENTS, "2500.75"),), ((BANKS, "2500.75"),))
    made.post("2025-11-01", ((RENT, "1000.00"),), ((PAYABLE, "1000.00"),))
    with on("2026-03-02 12:00"):
        informe = made.prepare(1)
        made.present(informe)
    expected = {
        "I.1.1": "8000.00",
        "I": "8000.00",
        "G.4": "1000.00",
        "G.11": "2500.75",
        "G": "3500.75",
        "SF": "4499.25",
        "CB": "5499.25",
        "DC": "-1000.00",
        "M.2": "1000.00",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected


def test_observers_report_what_they_got_thirty_days_after_the_vote(make: Make) -> None:
    made = make("observacion", 2027, "observadores")
    # Voting on 6 June 2027; thirty natural days end on 6 July (LGIPE 217.2).
    assert owed(made) == [("IOE", 1, "2026-09-01/2027-06-06", "2027-07-07 LGIPE 217.2")]
    made.post("2027-05-01", ((BANKS, "12000.00"),), ((GIFT, "12000.00"),))
    made.post("2027-06-01", (("5-1-07-00-0000", "9000.10"),), ((BANKS, "9000.10"),))
    with on("2027-06-20 12:00"):
        informe = made.prepare(1)
        made.present(informe)
    expected = {
        "I.1.1": "12000.00",
        "I": "12000.00",
        "G.7": "9000.10",
        "G": "9000.10",
        "SF": "2999.90",
        "CB": "2999.90",
        "DC": "0.00",
    }
    assert {line: pesos(informe, line)[1] for line in expected} == expected


def test_an_organisation_reports_each_month_within_ten_days(make: Make) -> None:
    made = make("formacion", 2025, "en_formacion")
    rows = owed(made)
    assert len(rows) == 18
    assert rows[0] == ("IM", 1, "2025-01-01/2025-01-31", "2025-02-11 LGPP 11.2")
    assert rows[17][2:] == ("2026-06-01/2026-06-30", "2026-07-11 LGPP 11.2")
    made.post("2025-01-20", ((BANKS, "3000.00"),), ((MEMBERS, "3000.00"),))
    made.post("2025-02-10", ((RENT, "1200.40"),), ((BANKS, "1200.40"),))
    with on("2025-03-05 12:00"):
        informe = made.prepare(2)
        act = made.present(informe)
    expected = {
        "SI": ("0.00", "3000.00", "0.00"),
        "I": ("3000.00", "0.00", "3000.00"),
        "G": ("0.00", "1200.40", "1200.40"),
        "SF": ("3000.00", "1799.60", "1799.60"),
    }
    assert {line: pesos(informe, line) for line in expected} == expected
    assert not is_late(act) and informe.tipo == "IM"


ASPIRANTS, GROUPS = "LGIPE 429.1; LGPP 80.1.c.II por analogía", "LGPP 80.1.b.II, por LGIPE 192.5"
INDEPENDENTS = "LGIPE 431.3; LGPP 80.1.c.II"


@pytest.mark.parametrize(
    ("args", "tipo", "article", "estatus"),
    [
        (("federal_intermedia", 2027, "partido", "precampana"), "partido", "LGPP 80.1.c.II", "confirmado"),
        (("federal_intermedia", 2027, "partido", "precampana"), "independiente", INDEPENDENTS, "confirmado"),
        (("federal_intermedia", 2027, "aspirante", "apoyo_ciudadano"), "aspirante", ASPIRANTS, "por confirmar"),
        (("agrupaciones", 2025, "agrupacion"), "agrupacion", GROUPS, "por confirmar"),
    ],
)
def test_the_audience_of_each_kind_is_by_its_own_article(
    make: Make, args: tuple[object, ...], tipo: str, article: str, estatus: str
) -> None:
    etapa = make(*args).etapa
    assert hearing_of(etapa, tipo, second=False) == (article, estatus)
    if etapa.tipo == "ordinario":
        assert hearing_of(etapa, tipo, second=True) == (article.replace("b.II", "b.III"), estatus)
