"""Books of a candidacy that ended record and report the days that they ran, and nothing after."""

import json
from datetime import date, datetime

import pytest

from filing.campaign import Campaign, on
from sif.books.models import Poliza
from sif.books.services import PolizaRefused, reverse_poliza
from sif.disclosure.content import gather
from sif.duties.selectors import obligations_of
from sif.filing.models import Presentacion
from sif.filing.selectors import obligations
from sif.registry import clock
from sif.registry.leaving import NewEnd, NewSubstitute, end_candidacy, substitute
from sif.registry.models import Candidatura, FinCandidatura, Nombramiento, Usuario
from sif.registry.services import appoint, create_usuario

LAST, FIRST_DAY_OUT = date(2024, 4, 19), date(2024, 4, 20)


def administrator() -> Usuario:
    person = create_usuario("administra", "Administra", None)
    appoint(person, Nombramiento.Rol.ADMINISTRADOR)
    return person


def ended(campaign: Campaign, desde: date = FIRST_DAY_OUT) -> FinCandidatura:
    left = Candidatura.objects.get(contabilidad=campaign.ana)
    end = end_candidacy(left, NewEnd("fallecimiento", desde, "INE/CG400/2024"), administrator())
    campaign.ana = type(campaign.ana).objects.get(pk=campaign.ana.pk)
    return end


def test_it_records_what_took_place_before_and_nothing_after(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "10.00", FIRST_DAY_OUT)  # recorded when nobody knew
    ended(campaign)
    campaign.spend(campaign.ana, "80.00", LAST)
    with pytest.raises(PolizaRefused) as refused:
        campaign.spend(campaign.ana, "5.00", FIRST_DAY_OUT)
    assert [(each.codigo, each.donde) for each in refused.value.problems] == [("fecha_fuera", "fecha de operación")]
    known_late = Poliza.objects.get(contabilidad=campaign.ana, total=1_000)
    reverse_poliza(known_late, campaign.world.clerk, concepto="Ya no contendía")
    campaign.spend(campaign.berta, "5.00", FIRST_DAY_OUT)
    assert obligations(campaign.ana)[0].estado == "sin_generar"
    campaign.present(campaign.prepare())
    assert (obligations(campaign.ana)[0].estado, obligations(campaign.ana)[0].egresos) == ("presentado", 8_000)


def test_it_owes_the_periods_that_it_ran_and_who_comes_in_those_of_its_own(campaign: Campaign) -> None:
    fin = ended(campaign)
    with on("2024-05-03 10:00"):
        entered = substitute(fin, NewSubstitute("Delia Vega", "INE/CG401/2024"), fin.hecho_por)
    assert [row.periodo.numero for row in obligations(campaign.ana)] == [1]
    rows = {row.clave: row for row in obligations_of([campaign.world.party.pk], date(2024, 5, 31))}
    assert [clave for clave in rows if clave.startswith(f"IC-{campaign.ana.pk}-")] == [f"IC-{campaign.ana.pk}-1"]
    assert [clave for clave in rows if clave.startswith(f"IC-{entered.pk}-")] == [f"IC-{entered.pk}-2"]


def test_who_is_substituted_between_the_cut_and_the_filing_leaves_one_filing_of_their_own(campaign: Campaign) -> None:
    campaign.spend(campaign.ana, "80.00", LAST)
    informe = campaign.prepare()
    fin = ended(campaign)
    entered = substitute(fin, NewSubstitute("Delia Vega", "INE/CG401/2024"), fin.hecho_por)
    presented = campaign.present(informe)
    assert (obligations(campaign.ana)[0].estado, obligations(campaign.ana)[0].egresos) == ("presentado", 8_000)
    assert list(Presentacion.objects.all()) == [presented]
    assert presented.informe.contabilidad_id == campaign.ana.pk != entered.pk
    assert presented.informe.contenido["contabilidad"] == campaign.ana.pk


@pytest.mark.parametrize(("desde", "numbers"), [(date(2024, 4, 1), []), (date(2024, 5, 1), [1])])
def test_the_first_day_out_is_owed_by_nobody(campaign: Campaign, desde: date, numbers: list[int]) -> None:
    ended(campaign, desde)
    assert [row.periodo.numero for row in obligations(campaign.ana)] == numbers
    rows = obligations_of([campaign.world.party.pk], date(2024, 5, 31))
    kept = [row.clave for row in rows if row.clave.startswith(f"IC-{campaign.ana.pk}-")]
    assert kept == [f"IC-{campaign.ana.pk}-{number}" for number in numbers]


def test_what_is_published_says_that_it_ended(campaign: Campaign) -> None:
    fin = ended(campaign)
    rows = json.loads(gather(campaign.world.etapa, clock.now()))["contabilidades"]
    states = {row["id_contabilidad"]: (row["estatus"], row["cancelada_el"]) for row in rows}
    assert states[campaign.ana.pk][0] == "baja"
    assert datetime.fromisoformat(states[campaign.ana.pk][1]) == clock.midnight(FIRST_DAY_OUT) != fin.hecho_el
    assert states[campaign.berta.pk] == ("activa", None)


def test_what_is_published_says_why_since_when_and_who_came(campaign: Campaign) -> None:
    def said() -> tuple[str, str | None, str, int | None]:
        rows = json.loads(gather(campaign.world.etapa, clock.now()))["contabilidades"]
        (row,) = (row for row in rows if row["id_contabilidad"] == campaign.ana.pk)
        return row["baja"], row["baja_desde"], row["sustituta"], row["sustituta_contabilidad"]

    assert said() == ("", None, "", None)
    fin = ended(campaign)
    assert said() == ("fallecimiento", "2024-04-20", "", None)
    entered = substitute(fin, NewSubstitute("Delia Vega", "INE/CG401/2024"), fin.hecho_por)
    assert said() == ("fallecimiento", "2024-04-20", "Delia Vega", entered.pk)
