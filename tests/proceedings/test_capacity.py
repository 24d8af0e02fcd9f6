"""Test the means of a subject: public money by month, earlier sanctions, and the months of a reduction."""

from datetime import date, datetime

import pytest

from golden.reading import docx_text
from proceedings.world import ZONE, World, again_in_2024, at, draft_of_2024, make_coalition, submitted
from sif.audit.authority_lists import load_table
from sif.books.services import read_file
from sif.proceedings import resolving, selectors
from sif.proceedings.capacity import Capacity, capacities_of, capacity_of
from sif.proceedings.models import Resolucion
from sif.registry.models import SujetoObligado
from sif.registry.services import create_proceso
from sif.values import Money

SESSION, MOMENT = date(2024, 7, 22), datetime(2024, 7, 22, 12, tzinfo=ZONE)
ACCORD = (
    "sujeto_id,anio,concepto,monto\nPAZ,2024,ordinario,72000000.00\nPAZ,2024,campana,30000000\nPAZ,2023,ordinario,1\n"
)


def _granted(world: World, text: str = ACCORD) -> None:
    with at("2024-01-20 12:00"):
        load_table("financiamiento", text.encode(), date(2024, 1, 18), world.dario)


def test_without_a_list_nothing_is_known_and_nothing_is_reduced_by_month(of_2024: World) -> None:
    assert capacity_of(of_2024.partido, of_2024.etapa.proceso, SESSION, MOMENT) == Capacity(2024, None, (), 0)
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG001")], criterio="egreso_no_reportado")
    (row,) = selectors.sanciones_of(draft_of_2024(of_2024))
    assert (row.forma, row.meses, row.porcentaje_mensual_pb, row.ministracion) == ("reduccion", None, None, None)


def test_the_list_of_the_year_gives_the_month(of_2024: World) -> None:
    _granted(of_2024)
    found = capacity_of(of_2024.partido, of_2024.etapa.proceso, SESSION, MOMENT)
    assert found.conceptos == {"ordinario": Money.parse("72000000"), "campana": Money.parse("30000000")}
    assert found.mensual == Money.parse("6000000")
    assert capacity_of(of_2024.otro, of_2024.etapa.proceso, SESSION, MOMENT).conceptos is None
    assert capacity_of(of_2024.partido, of_2024.etapa.proceso, date(2025, 1, 1), MOMENT).mensual == Money(0)
    before = datetime(2024, 1, 19, tzinfo=ZONE)
    assert capacity_of(of_2024.partido, of_2024.etapa.proceso, SESSION, before).conceptos is None


def test_the_money_and_what_is_reduced_are_of_the_process_that_is_resolved(of_2024: World) -> None:
    """A national party has ministraciones of its own in each state: they neither add up nor are halved together."""
    _granted(
        of_2024,
        "sujeto_id,anio,concepto,monto,ambito,entidad\nPAZ,2024,ordinario,72000000,,\n"
        "PAZ,2024,ordinario,1200000,local,JAL\nPAZ,2024,ordinario,2400000,local,MEX\n",
    )
    jalisco = create_proceso(
        clave="PEL-JAL",
        nombre="Proceso electoral local 2023-2024",
        ambito="local",
        entidad="JAL",
        anio=2024,
        jornada_el=date(2024, 6, 2),
    )
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG001")], criterio="egreso_no_reportado")
    _voted(of_2024, draft_of_2024(of_2024))
    later = datetime(2024, 8, 1, tzinfo=ZONE)
    federal = capacity_of(of_2024.partido, of_2024.etapa.proceso, date(2024, 8, 1), later)
    local = capacity_of(of_2024.partido, jalisco, date(2024, 8, 1), later)
    assert (federal.mensual, federal.en_curso_pb) == (Money.parse("6000000"), 2_500)
    assert (local.mensual, local.en_curso_pb) == (Money.parse("100000"), 0)
    assert local.pendiente == federal.pendiente == Money.parse("10998406.91")


def test_a_reduction_is_taken_by_months_of_a_quarter(of_2024: World) -> None:
    _granted(of_2024)
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG001")], criterio="egreso_no_reportado")
    of_2024.observacion([of_2024.hallazgo("1,000.00", "EG002")], criterio="egreso_no_reportado")
    resolucion = draft_of_2024(of_2024)
    reduced, fined = selectors.sanciones_of(resolucion)
    assert (reduced.forma, reduced.meses, reduced.porcentaje_mensual_pb) == ("reduccion", 8, 2_500)
    assert (reduced.monto, reduced.ministracion) == (10_998_406_91, 6_000_000_00)
    assert (fined.forma, fined.meses) == ("multa", None)
    text = docx_text(read_file(resolucion.proyecto.docx_sha256))
    assert "Se reduce el 25 % de cada ministración mensual de 6,000,000.00 (1,500,000.00) durante 8 meses" in text
    assert "el último, 498,406.91" in text
    assert "PAZ: financiamiento público de 2024, ordinario $72,000,000.00, campana $30,000,000.00" in text


def _voted(world: World, resolucion: Resolucion) -> Resolucion:
    with at("2024-07-22 12:00"):
        submitted(resolucion, world.gloria, world.sofia)
        for person in world.consejo:
            resolving.vote(resolucion, person, "a_favor")
        return resolving.close_vote(resolucion, world.sofia)


@pytest.mark.parametrize(("sesion", "share"), [(date(2025, 2, 28), 2_500), (date(2025, 3, 1), 0)])
def test_what_an_earlier_resolucion_takes_is_counted_until_its_last_month(
    of_2024: World, sesion: date, share: int
) -> None:
    _granted(of_2024)
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG001")], criterio="egreso_no_reportado")
    before = _voted(of_2024, draft_of_2024(of_2024))
    later = datetime(2025, 3, 1, tzinfo=ZONE)
    found = capacity_of(of_2024.partido, of_2024.etapa.proceso, sesion, later)
    assert found.anteriores == ((before.numero, Money.parse("10998406.91")),)
    assert (found.en_curso_pb, found.pendiente) == (share, Money.parse("10998406.91"))
    assert capacity_of(of_2024.partido, of_2024.etapa.proceso, sesion, MOMENT.replace(hour=0)).anteriores == ()


def test_each_member_of_a_coalition_has_its_own_means_and_no_month_is_set(of_2024: World) -> None:
    make_coalition(of_2024.partido, {"AAA": 6_000, "BBB": 4_000})
    _granted(of_2024, "sujeto_id,anio,concepto,monto\nAAA,2024,ordinario,12000000\n")
    found = dict(capacities_of(of_2024.partido, of_2024.etapa, SESSION, MOMENT))
    assert (found["AAA"].mensual, found["BBB"].conceptos) == (Money.parse("1000000"), None)
    of_2024.observacion([of_2024.hallazgo("10,998,406.91", "EG001")], criterio="egreso_no_reportado")
    resolucion = draft_of_2024(of_2024)
    (row,) = selectors.sanciones_of(resolucion)
    assert (row.forma, row.meses) == ("reduccion", None)
    assert "BBB: ninguna lista cargada del financiamiento de 2024 lo nombra" in docx_text(
        read_file(resolucion.proyecto.docx_sha256)
    )
    _voted(of_2024, resolucion)
    member = SujetoObligado.objects.get(siglas="AAA")
    assert capacity_of(
        member, of_2024.etapa.proceso, SESSION, datetime(2024, 8, 1, tzinfo=ZONE)
    ).pendiente == Money.parse("6599044")


def test_the_resoluciones_that_could_make_relapse_are_named(world: World) -> None:
    world.observacion([world.hallazgo("100,000.00", "TO001")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    world.resolucion()
    before = world.voted(5, 0).numero
    later = again_in_2024(world)
    later.observacion([later.hallazgo("50,000.00", "TO001")], criterio="rebase_tope")
    dictamen = draft_of_2024(later).dictamen
    assert selectors.earlier_resoluciones(dictamen, datetime(2024, 7, 22, tzinfo=ZONE)) == [before]
    assert selectors.earlier_resoluciones(dictamen, datetime(2018, 8, 1, tzinfo=ZONE)) == []
