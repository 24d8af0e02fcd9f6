"""Bank accounts and series of folios: opened once, told in time, one of campaign for each candidacy."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sif.catalogs.models import SerieRecibos
from sif.catalogs.selectors.people import accounts_on, end_of, state_of, term_of
from sif.catalogs.services import (
    NewCuenta,
    NewSerie,
    authorize_serie,
    cancel_cuenta,
    open_cuenta,
    report_cuenta,
)
from sif.registry import clock
from sif.registry.models import Cargo, Persona, Territorio
from sif.registry.services import NewCandidatura, approve_candidatura
from sif.values import Refused

BBVA, BANAMEX = "012180001182080318", "002180000000000009"


def _refusal(act: Any) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        act()
    return {problem.donde: problem.codigo for problem in refused.value.problems}


@pytest.fixture
def candidacy(world: Any) -> Any:
    cargo = Cargo.objects.create(clave="X", nombre="Diputación", ambito="federal", columna="D")
    place = Territorio.objects.create(clave="X", nombre="D1", tipo="distrito", entidad="MEX")
    new = NewCandidatura("F1", Persona.objects.create(nombre="Eva"), world.party, cargo, place)
    return approve_candidatura(world.etapa, new)


def test_the_bank_is_read_from_the_clabe(world: Any) -> None:
    account = open_cuenta(NewCuenta(world.books.pk, BBVA, date(2024, 4, 12), "concentradora", "Toluca"), world.clerk)
    assert account.banco == "BBVA Mexico"
    assert (account.plaza, account.titular_rfc) == ("Toluca", world.party.rfc)


@pytest.mark.parametrize("clabe", ["", "012180001182080317", "01218000118208031", "01218000118208031X"])
def test_a_bad_clabe_is_refused(world: Any, clabe: str) -> None:
    new = NewCuenta(world.books.pk, clabe, date(2024, 4, 12), "concentradora", banco="Banco")
    assert _refusal(lambda: open_cuenta(new, world.clerk)) == {"clabe": "clabe"}


def test_an_account_is_refused_twice_and_in_the_future(world: Any) -> None:
    new = NewCuenta(world.books.pk, BANAMEX, date(2024, 4, 16), "de ahorro")
    assert _refusal(lambda: open_cuenta(new, world.clerk)) == {
        "clabe": "repetida",
        "apertura_el": "fecha_futura",
        "tipo": "tipo",
    }
    assert _refusal(lambda: open_cuenta(new, world.stranger)) == {"": "ajeno"}


def test_a_candidacy_has_one_account_of_campaign_at_a_time(world: Any, candidacy: Any) -> None:
    first = open_cuenta(NewCuenta(candidacy.pk, BBVA, date(2024, 4, 12), "campana"), world.clerk)
    second = NewCuenta(candidacy.pk, BANAMEX, date(2024, 4, 12), "campana")
    assert _refusal(lambda: open_cuenta(second, world.clerk)) == {"tipo": "una_por_candidatura"}
    cancel_cuenta(first, date(2024, 4, 15), world.clerk)
    assert open_cuenta(second, world.clerk).pk


def test_the_notice_has_five_days(world: Any) -> None:
    account = world.bank  # opened on 1 March
    zone = datetime.fromisoformat("2024-03-06T23:59:59-06:00")
    assert term_of(account, zone).estado == "por_avisar"
    assert term_of(account, zone + timedelta(seconds=1)).estado == "vencida"
    assert _refusal(lambda: report_cuenta(account, date(2024, 2, 29), world.clerk)) == {"fecha": "fecha"}
    assert _refusal(lambda: report_cuenta(account, date(2024, 4, 16), world.clerk)) == {"fecha": "fecha"}
    told = report_cuenta(account, date(2024, 3, 6), world.clerk)
    account.refresh_from_db()
    assert term_of(account, zone).estado == "avisada"
    assert (account.aviso.hecho_el, account.aviso.hecho_por) == (clock.now(), world.clerk)
    for read in (account, told):
        assert _refusal(lambda row=read: report_cuenta(row, date(2024, 3, 6), world.clerk)) == {"fecha": "avisada"}
    late = report_cuenta(world.other_bank, date(2024, 3, 7), world.clerk)
    late.refresh_from_db()
    assert term_of(late, zone).estado == "avisada_tarde"


def test_an_account_of_campaign_is_closed_after_it(world: Any) -> None:
    last = datetime.fromisoformat("2024-05-30T12:00:00-06:00")
    assert not term_of(world.bank, last).debe_cancelarse
    assert term_of(world.bank, last + timedelta(days=1)).debe_cancelarse
    cancel_cuenta(world.bank, date(2024, 4, 14), world.clerk)
    world.bank.refresh_from_db()
    assert not term_of(world.bank, last + timedelta(days=1)).debe_cancelarse


def test_the_database_tells_the_same_state(world: Any, candidacy: Any) -> None:
    opened = date(2024, 3, 1)
    first = open_cuenta(NewCuenta(candidacy.pk, BBVA, opened, "campana"), world.clerk)
    seen = set()
    for told in (False, True):
        for days in (0, 5, 6, 20, 400):
            now = datetime.combine(opened + timedelta(days=days), datetime.min.time(), clock.legal_zone())
            for row in accounts_on([candidacy.pk, world.books.pk], now):
                term = term_of(row, now)
                assert (row.estado, end_of(row.ultimo_dia)) == (state_of(row, term), term.vence_el)
                seen.add(row.estado)
        if not told:
            report_cuenta(first, date(2024, 3, 20), world.clerk)
    assert {"por_avisar", "vencida", "avisada_tarde", "por_cancelar"} <= seen


def test_two_series_never_share_a_folio(world: Any) -> None:
    authorize_serie(NewSerie(world.party.pk, "rsef", 1, 100), world.clerk)
    assert _refusal(lambda: authorize_serie(NewSerie(world.party.pk, "RSEF", 100, 200), world.clerk)) == {
        "desde": "traslape"
    }
    assert authorize_serie(NewSerie(world.party.pk, "RSEF", 101, 200), world.clerk).clave == "RSEF"
    assert authorize_serie(NewSerie(world.rival.pk, "RSEF", 1, 100), world.stranger).pk
    assert SerieRecibos.objects.filter(sujeto=world.party).count() == 2


def test_a_series_belongs_to_a_format_and_is_in_order(world: Any) -> None:
    assert _refusal(lambda: authorize_serie(NewSerie(world.party.pk, "ZZ-1", 0, 5), world.clerk)) == {
        "clave": "formato",
        "hasta": "folios",
    }
    assert _refusal(lambda: authorize_serie(NewSerie(world.party.pk, "RSEF", 1, 200_000), world.clerk)) == {
        "hasta": "folios"
    }
