"""Days, instants, limits and roles at the edge of each rule, where the neighbour would pass unseen."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proceedings.world import World, at, build_world, closed_of_2024
from sif.duties.handover import _oficios
from sif.law.parameters import uma_on
from sif.notices.selectors import mailbox
from sif.proceedings import selectors, services
from sif.proceedings.models import Dictamen
from sif.proceedings.proposing import propose_oficio
from sif.proceedings.sanctioning import Reckoning, reckon, uma_day
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.models import FinNombramiento, Nombramiento, Ventana
from sif.registry.scope import everything, registering
from sif.registry.selectors import Reach, appointments_kept, may, windows_open
from sif.values import Money, Refused
from sif.web.auditor.oficios.oficios import _met
from sif.web.clocks import Clock
from sif.web.party.hoy.buzon import _ended
from sif.web.party.terms import next_term

SESSION = date(2018, 8, 6)


def _unattended(world: World, amount: str, criterio: str = "rebase_tope") -> Any:
    world.observacion([world.hallazgo(amount, "TP001")], criterio=criterio)
    world.oficio()
    return world.dictamen()


def _reckoned(dictamen: Dictamen) -> list[Reckoning]:
    """Its sanctions, with the kinds that the test gave to its subject and stage."""
    rows = selectors.conclusiones_of(dictamen)
    for row in rows:
        row.dictamen = dictamen
    return reckon(dictamen, rows, SESSION)


def test_the_uma_of_a_sanction_is_that_of_the_last_day_of_its_facts(db: None) -> None:
    """A fault of January pays the UMA of January, though the stage ended with another."""
    with everything():
        world = build_world(inicio=date(2018, 1, 15))
        facts = [world.hallazgo("50,000.00", "TP001", dia=date(2018, 1, day)) for day in (31, 20)]
        world.observacion(facts, criterio="rebase_tope")
        world.oficio()
        dictamen = world.dictamen()
        (row,) = reckon(dictamen, selectors.conclusiones_of(dictamen), SESSION)
    assert uma_on(date(2018, 1, 31), "mx") != uma_on(date(2018, 6, 27), "mx")
    assert (row.terms.uma, row.uma_del) == (uma_on(date(2018, 1, 31), "mx"), date(2018, 1, 31))


def test_facts_without_a_day_and_the_rule_of_the_session(world: World) -> None:
    assert uma_day(world.etapa, [None], SESSION) == world.etapa.termina_el
    assert uma_day(world.etapa, [None, date(2018, 4, 1)], SESSION) == date(2018, 4, 1)
    world.etapa.termina_el = date(2017, 6, 1)  # until the end of 2017 the UMA was that of the day of the fine
    assert uma_day(world.etapa, [date(2017, 4, 1)], SESSION) == SESSION


@pytest.mark.parametrize(
    ("tipo", "forma", "umas"),
    [
        ("partido", "reduccion", 12_000),
        ("partido_local", "reduccion", 12_000),
        ("coalicion", "reduccion", 12_000),
        ("comun", "reduccion", 12_000),
        ("agrupacion", "multa", 10_000),
        ("independiente", "multa", 5_000),
        ("aspirante", "multa", 5_000),
        ("en_formacion", "multa", 5_000),
        ("observadores", "multa", 200),
    ],
)
def test_each_kind_of_subject_has_its_own_forms_and_largest_fine(
    world: World, tipo: str, forma: str, umas: int
) -> None:
    dictamen = _unattended(world, "967,200.00", "limite_no_nombrado")  # 12,000 UMA of 80.60
    dictamen.sujeto.tipo = tipo
    (row,) = _reckoned(dictamen)
    assert (row.calculada.forma, row.calculada.umas) == (forma, umas)
    assert row.calculada.sancion == Money.parse("80.60") * umas


def test_a_kind_of_subject_without_a_letter_is_refused_in_words(world: World) -> None:
    dictamen = _unattended(world, "600,000.00")
    dictamen.sujeto.tipo = "sindicato"
    with pytest.raises(Refused, match=r"personas de acts\.yaml"):
        _reckoned(dictamen)


@pytest.mark.parametrize(
    ("etapa", "tipo", "criterio", "forma", "told"),
    [
        ("campana", "partido", "rebase_tope", "un_tanto_igual", []),
        ("campana", "independiente", "rebase_tope", "multa", []),
        ("campana", "partido", "limite_individual", "un_tanto_igual", []),
        ("precampana", "partido", "limite_individual", "un_tanto_igual", []),
        ("campana", "partido", "limite_no_nombrado", "multa", []),
        ("precampana", "partido", "rebase_tope", "vista", ["LGIPE 229.4"]),
        ("precampana", "coalicion", "rebase_tope", "vista", ["LGIPE 229.4"]),
        ("apoyo_ciudadano", "aspirante", "rebase_tope", "multa", ["LGIPE 375.1"]),
    ],
)
def test_as_much_as_the_excess_is_for_what_the_law_names(
    world: World, etapa: str, tipo: str, criterio: str, forma: str, told: list[str]
) -> None:
    """The caps before a campaign are not «topes a los gastos de campaña» [LGPP 60.1.b]: a fine, or the vista alone."""
    dictamen = _unattended(world, "50,000.01", criterio)
    dictamen.sujeto.tipo, dictamen.etapa.tipo = tipo, etapa
    (row,) = _reckoned(dictamen)
    amount = {"un_tanto_igual": "50000.01", "multa": "49972.00", "vista": "0.00"}[forma]  # 620 UMA of 80.60
    assert (row.calculada.forma, row.calculada.sancion.plain()) == (forma, amount)
    assert [each["articulo"] for each in row.vistas] == told


def _referred(of_2024: World, amount: str, criterio: str, etapa: str, tipo: str) -> list[str]:
    """Articles by which a report that a kind of subject owed in a stage is referred to another authority."""
    of_2024.observacion([of_2024.hallazgo(amount, "IN001")], criterio=criterio)
    dictamen = closed_of_2024(of_2024)
    dictamen.sujeto.tipo, dictamen.etapa.tipo = tipo, etapa
    (row,) = _reckoned(dictamen)
    return [each["articulo"] for each in row.vistas]


@pytest.mark.parametrize(
    ("etapa", "tipo", "told"),
    [
        ("campana", "partido", []),
        ("campana", "independiente", ["LGIPE 456.1.d.V"]),
        ("precampana", "partido", []),
        ("precampana", "coalicion", []),
        ("apoyo_ciudadano", "aspirante", ["LGIPE 378.1", "LGIPE 456.1.d.IV"]),
        ("ordinario", "partido", []),
        ("ordinario", "agrupacion", ["LGPP 22.9.c"]),
    ],
)
def test_an_omitted_report_is_told_only_of_whom_the_law_says(
    of_2024: World, etapa: str, tipo: str, told: list[str]
) -> None:
    assert _referred(of_2024, "50,000.00", "informe_omitido", etapa, tipo) == told


@pytest.mark.parametrize(
    ("etapa", "tipo", "told"),
    [
        ("apoyo_ciudadano", "aspirante", ["LGIPE 378.1"]),
        ("campana", "independiente", []),
        ("precampana", "partido", []),
        ("ordinario", "agrupacion", []),
    ],
)
def test_a_report_of_an_aspirant_after_its_thirty_days_denies_the_registration_too(
    of_2024: World, etapa: str, tipo: str, told: list[str]
) -> None:
    assert _referred(of_2024, "0.00", "informe_extemporaneo", etapa, tipo) == told


@pytest.mark.parametrize(("ambito", "told"), [("federal", "LGIPE 229.4"), ("local", "LGIPE 456.1.c.III")])
def test_the_excess_of_a_precampaign_is_of_the_precandidate_and_nothing_is_imposed_on_its_party(
    world: World, ambito: str, told: str
) -> None:
    """What is charged to it alone is not sanctioned in the party [LGIPE 456.1.c.III]; 229 is of federal elections."""
    dictamen = _unattended(world, "50,000.01")
    dictamen.etapa.tipo, dictamen.etapa.proceso.ambito = "precampana", ambito
    (row,) = _reckoned(dictamen)
    assert (row.terms.clase.clave, row.calculada.forma, row.calculada.sancion) == ("precandidatura", "vista", Money(0))
    assert row.calculada.articulo == "LGIPE 456.1.c.III"
    assert "al partido no se le sanciona" in row.calculada.trabajo[0]
    assert [(each["articulo"], each["persona"]) for each in row.vistas] == [(told, "precandidatura")]


def test_an_answer_is_in_time_until_the_last_microsecond_of_its_second(world: World) -> None:
    observacion = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-15 23:59:59.999999"):
        assert services.answer(oficio, observacion, "En el último instante.", [], world.alicia).version == 1
    with at("2018-07-16 00:00:00"), pytest.raises(Refused) as refused:
        services.answer(oficio, observacion, "Ya no.", [], world.alicia)
    assert refused.value.problems[0].codigo == "RESPUESTA_FUERA_DE_PLAZO"


@pytest.mark.parametrize(
    ("hour", "is_over"), [("2018-07-15 23:59:59.999999", False), ("2018-07-16 00:00:00", True)], ids=["last", "after"]
)
def test_whoever_tells_that_a_term_ended_tells_it_when_no_answer_is_taken(
    world: World, hour: str, is_over: bool
) -> None:
    observacion = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    row = {"vence_el": oficio.vence_el, "sin_contestar": True}
    with at(hour):
        (mail,) = mailbox(world.alicia)
        told = {
            "state": selectors.oficio_state(oficio) == "vencido",
            "mail": mail.vencida,
            "mailbox": _ended(row) != ("por_vencer", "Corre"),
            "clock": Clock("", oficio.vence_el, clock.now()).is_over,
            "desk": next_term(
                [], Reach(world.alicia.pk, frozenset({world.partido.pk}), frozenset(), frozenset()), clock.now()
            )
            is None,
            "unanswered": _met(oficio, selectors.coverage_of_answers([observacion], {})) != "",
            "handed": _oficios(world.partido) == [],
        }
    assert told == dict.fromkeys(told, is_over)


def test_a_window_admits_its_opening_instant_and_not_its_closing_one(world: World) -> None:
    books, instant = world.contabilidades[0], timedelta(microseconds=1)
    window = Ventana.objects.filter(sujeto=None).order_by("pk")[0]
    for moment, is_open in (
        (window.abre_el - instant, False),
        (window.abre_el, True),
        (window.cierra_el - instant, True),
        (window.cierra_el, False),
    ):
        assert (window in windows_open(books, moment)) is is_open


def test_a_candidate_neither_presents_nor_answers(world: World) -> None:
    candidate = registry.create_usuario("marisol", "Marisol Arce", "", password_hash="!")
    registry.appoint(
        candidate, "candidatura", world.partido, contabilidades=world.contabilidades, desde=date(2018, 1, 1)
    )
    observacion = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-12 12:00"):
        assert may(candidate, "consultar", sujeto=world.partido)
        assert not may(candidate, "presentar", contabilidad=world.contabilidades[0])
        with pytest.raises(Refused) as refused:
            services.answer(oficio, observacion, "Aclaro.", [], candidate)
    assert refused.value.problems[0].codigo == "SIN_ATRIBUCION"


ACTS: dict[str, Callable[[World], Any]] = {
    "dictaminar": lambda world: services.open_dictamen(world.etapa, world.partido, world.elena),
    "auditar": lambda world: propose_oficio(world.etapa, world.partido, world.elena),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_role_that_ended_while_an_act_waited_is_read_again(world: World, act: str) -> None:
    with at("2018-07-20 12:00"), appointments_kept():
        assert may(world.elena, act)
        ended = {"termina_el": clock.now(), "hecho_el": clock.now(), "motivo": "Renunció.", "hecho_por": world.dario}
        for row in Nombramiento.objects.filter(usuario=world.elena):
            with registering():  # as another process does: nothing is forgotten
                FinNombramiento.objects.bulk_create([FinNombramiento(nombramiento=row, **ended)])
        assert may(world.elena, act)
        with pytest.raises(Refused) as refused:
            ACTS[act](world)
    assert refused.value.problems[0].codigo == "SIN_ATRIBUCION"


@pytest.mark.parametrize("act", ACTS)
def test_an_act_locks_its_stage_before_it_asks_whether_the_stage_is_closed(world: World, act: str) -> None:
    with at("2018-07-20 12:00"), CaptureQueriesContext(connection) as asked, suppress(Refused):
        ACTS[act](world)
    locks = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    assert 'OF "registry_etapa"' in locks[0]
