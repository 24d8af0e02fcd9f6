"""Days, instants, limits and roles at the edge of each rule, where the neighbour would pass unseen."""

from datetime import date, timedelta
from typing import Any

import pytest

from proceedings.world import World, at, build_world
from sif.law.parameters import uma_on
from sif.proceedings import selectors, services
from sif.proceedings.machine import ActRefused
from sif.proceedings.sanctioning import reckon
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.models import FinNombramiento, Nombramiento, Ventana
from sif.registry.scope import everything, registering
from sif.registry.selectors import appointments_kept, may, windows_open


def _unattended(world: World, amount: str) -> Any:
    world.observacion([world.hallazgo(amount, "TP001")], criterio="rebase_tope")
    world.oficio()
    return world.dictamen()


def test_the_uma_of_a_sanction_is_that_of_the_last_day_of_the_stage(db: None) -> None:
    with everything():
        world = build_world(inicio=date(2018, 1, 15))
        dictamen = _unattended(world, "100,000.00")
        (row,) = reckon(dictamen, selectors.conclusiones_of(dictamen))
    assert uma_on(date(2018, 1, 15), "mx") != uma_on(date(2018, 6, 27), "mx")
    assert row.uma == uma_on(date(2018, 6, 27), "mx")


@pytest.mark.parametrize(
    ("tipo", "forma"),
    [
        ("partido", "multa"),
        ("partido_local", "multa"),
        ("comun", "multa"),
        ("independiente", "reduccion"),
    ],
)
def test_each_kind_of_subject_has_its_own_largest_fine(world: World, tipo: str, forma: str) -> None:
    dictamen = _unattended(world, "600,000.00")  # 600,000.00 / 80.60 = 7,444 UMA, between 5,000 and 10,000
    dictamen.sujeto.tipo = tipo
    (row,) = reckon(dictamen, selectors.conclusiones_of(dictamen))
    assert row.calculada.forma == forma


def test_a_kind_of_subject_without_a_largest_fine_is_refused_in_words(world: World) -> None:
    dictamen = _unattended(world, "600,000.00")
    dictamen.sujeto.tipo = "observadores"
    with pytest.raises(ActRefused, match="multa máxima"):
        reckon(dictamen, selectors.conclusiones_of(dictamen))


def test_an_answer_is_in_time_until_the_last_microsecond_of_its_second(world: World) -> None:
    observacion = world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-15 23:59:59.999999"):
        assert services.answer(oficio, observacion, "En el último instante.", [], world.alicia).version == 1
    with at("2018-07-16 00:00:00"), pytest.raises(ActRefused) as refused:
        services.answer(oficio, observacion, "Ya no.", [], world.alicia)
    assert refused.value.problems[0].codigo == "RESPUESTA_FUERA_DE_PLAZO"


def test_a_window_admits_its_opening_instant_and_not_its_closing_one(world: World) -> None:
    books, instant = world.contabilidades[0], timedelta(microseconds=1)
    window = Ventana.objects.filter(sujeto=None).order_by("pk")[0]
    for moment, is_open in (
        (window.abre_el - instant, False), (window.abre_el, True), (window.cierra_el - instant, True),
        (window.cierra_el, False),
    ):  # fmt: skip
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
        with pytest.raises(ActRefused) as refused:
            services.answer(oficio, observacion, "Aclaro.", [], candidate)
    assert refused.value.problems[0].codigo == "SIN_ATRIBUCION"


def test_a_role_that_ended_while_an_act_waited_is_read_again(world: World) -> None:
    with at("2018-07-20 12:00"), appointments_kept():
        assert may(world.elena, "dictaminar")
        ended = {"termina_el": clock.now(), "hecho_el": clock.now(), "motivo": "Renunció.", "hecho_por": world.dario}
        for row in Nombramiento.objects.filter(usuario=world.elena):
            with registering():  # as another process does: nothing is forgotten
                FinNombramiento.objects.create(nombramiento=row, **ended)
        assert may(world.elena, "dictaminar")
        with pytest.raises(ActRefused) as refused:
            services.open_dictamen(world.etapa, world.partido, world.elena)
    assert refused.value.problems[0].codigo == "SIN_ATRIBUCION"
