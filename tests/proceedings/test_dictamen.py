"""The dictamen: no conclusion closes without an answer considered and an analysis, and no thread stays loose."""

from typing import Any

import pytest
from django.db import Error, transaction

from proceedings.world import World, at, codes
from sif.audit import review
from sif.audit.models import ObservacionSinEfecto
from sif.audit.services import DecisionRefused, adopt
from sif.jobs.models import Trabajo
from sif.proceedings import selectors, services
from sif.proceedings.models import AnalisisConclusion, Conclusion, ConclusionCerrada, Determinado, Dictamen
from sif.proceedings.tasks import ask_to_close
from sif.registry import clock
from sif.values import Money, Refused


def _open(world: World) -> list[Conclusion]:
    with at("2018-07-20 12:00"):
        return selectors.conclusiones_of(services.open_dictamen(world.etapa, world.partido, world.elena))


def test_it_opens_when_the_term_has_run_with_a_conclusion_for_each_observation(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.observacion([world.hallazgo("50.00")], criterio="")
    world.oficio()
    with at("2018-07-15 23:59"), pytest.raises(Refused) as refused:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["DICTAMEN_ANTES_DE_LA_RESPUESTA"]
    assert "Se puede abrir desde las 00:00 horas del 16 de julio de 2018" in str(refused.value)
    rows = _open(world)
    assert [row.clave for row in rows] == ["6_C1_FD", "6_C2_FD"]
    assert [row.criterio for row in rows] == ["sin_xml", ""]
    assert [row.conducta for row in rows] == ["Comprobante fiscal sin archivo XML", rows[1].observacion.titulo]


def test_observations_nobody_was_told_of_keep_it_shut(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    with at("2018-07-20 12:00"), pytest.raises(Refused) as refused:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(refused) == ["OBSERVACION_SIN_NOTIFICAR"]


@pytest.mark.parametrize(
    ("considered", "analysis", "ending", "left", "wanted"),
    [
        ("", "Algo.", "atendida", 0, ["CONCLUSION_SIN_RESPUESTA"]),
        ("   ", " \n ", "atendida", 0, ["CONCLUSION_SIN_RESPUESTA", "CONCLUSION_SIN_ANALISIS"]),
        ("Dijo que sí.", "Algo.", "atendida", 0, ["CONCLUSION_RESPUESTA_INEXISTENTE"]),
        ("No presentó respuesta.", "Algo.", "", 0, ["CONCLUSION_SIN_REFERENCIA"]),
        ("No presentó respuesta.", "Algo.", "no_atendida", 100_01, ["CONCLUSION_MONTO"]),
        ("No presentó respuesta.", "Algo.", "atendida", 1, ["CONCLUSION_MONTO"]),
    ],
)
def test_an_incomplete_judgement_is_refused(
    world: World, considered: str, analysis: str, ending: str, left: int, wanted: list[str]
) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    row = _open(world)[0]
    with pytest.raises(Refused) as refused:
        services.analyse(row, considered, analysis, ending, Money(left), world.elena)
    assert codes(refused) == wanted
    with pytest.raises(Refused):
        services.close_conclusion(row, world.elena)


@pytest.mark.parametrize("empty", ["", " ", "\n\t"])
def test_the_database_itself_refuses_to_close_an_empty_conclusion(world: World, empty: str) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    row = _open(world)[0]
    moment, whole = (
        clock.now(),
        {"respuesta_considerada": "Sin respuesta.", "analisis": "Algo.", "referencia": "atendida"},
    )

    def written(version: int, **said: Any) -> AnalisisConclusion:
        return AnalisisConclusion.objects.create(
            conclusion=row, version=version, hecho_el=moment, hecho_por=world.elena, **{**whole, **said}
        )

    for version, field in enumerate(("analisis", "respuesta_considerada"), 1):
        lacking = written(version, **{field: empty})
        with pytest.raises(Error, match="no tiene respuesta considerada"), transaction.atomic():
            ConclusionCerrada.objects.create(
                conclusion=row, analisis=lacking, cerrada_el=moment, cerrada_por=world.elena
            )
    with pytest.raises(Error, match="10001 centavos sin atender de 10000"), transaction.atomic():
        written(3, referencia="no_atendida", monto_no_atendido=100_01)
    last = written(3)
    written(4)
    with pytest.raises(Error, match="última versión"), transaction.atomic():
        ConclusionCerrada.objects.create(conclusion=row, analisis=last, cerrada_el=moment, cerrada_por=world.elena)


def test_a_closed_conclusion_and_a_closed_dictamen_do_not_change(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    dictamen = world.dictamen()
    row = dictamen.conclusiones.get()
    with pytest.raises(Refused) as refused:
        world.judge(row, "atendida")
    assert codes(refused) == ["ACTO_FUERA_DE_LUGAR"]
    last = row.ultimo
    with pytest.raises(Error, match="está cerrada"), transaction.atomic():
        AnalisisConclusion.objects.create(
            conclusion=row, version=last.version + 1, analisis="Otro.", hecho_el=clock.now(), hecho_por=world.elena
        )
    for change in (
        lambda: AnalisisConclusion.objects.update(analisis="Otro."),
        lambda: Dictamen.objects.update(numero="otro"),
        lambda: ConclusionCerrada.objects.all().delete(),
        lambda: Conclusion.objects.update(criterio=""),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_every_version_of_an_analysis_stays(world: World) -> None:
    world.observacion([world.hallazgo("100.00"), world.hallazgo("50.00")])
    world.oficio()
    row = _open(world)[0]
    world.judge(row, left="120.00")
    services.count_unattended(row, 1, world.elena)
    world.judge(row, "atendida")
    kept = [
        (each.version, each.referencia, each.monto_no_atendido, each.unidades_no_atendidas)
        for each in AnalisisConclusion.objects.filter(conclusion=row)
    ]
    assert kept == [(1, "no_atendida", 120_00, None), (2, "no_atendida", 120_00, 1), (3, "atendida", 0, 1)]
    closed = services.close_conclusion(row, world.elena)
    assert (closed.referencia, closed.cierre.analisis.version) == ("atendida", 3)


def test_a_determined_amount_stands_until_a_ruling_revokes_it(world: World) -> None:
    world.observacion([world.hallazgo("100.10", "EG001")], criterio="egreso_no_reportado")
    world.oficio()
    world.dictamen()
    determined = Determinado.objects.get()
    with pytest.raises(Refused) as refused:
        services.revoke_determinado(determined, "SUP-RAP-1/2018", world.elena)
    assert codes(refused) == ["SIN_ATRIBUCION"]
    with pytest.raises(Refused) as refused:
        services.revoke_determinado(determined, " ", world.sofia)
    assert codes(refused) == ["REVOCADO_SIN_MOTIVO"]
    assert selectors.determined_by_contabilidad(world.etapa) == {8802: 100_10}
    services.revoke_determinado(determined, "SUP-RAP-1/2018", world.sofia)
    assert selectors.determined_by_contabilidad(world.etapa) == {}
    with pytest.raises(Refused) as refused:
        services.revoke_determinado(determined, "SUP-RAP-1/2018", world.sofia)
    assert codes(refused) == ["DETERMINADO_YA_REVOCADO"]


def test_who_did_not_answer_is_said_in_words_and_who_did_is_heard(world: World) -> None:
    heard = world.observacion([world.hallazgo("100.00")])
    world.observacion([world.hallazgo("50.00")])
    oficio = world.oficio()
    with at("2018-07-11 09:00"):
        services.answer(oficio, heard, "El XML está en PC1/DR-1.", [], world.alicia)
    first, second = _open(world)
    assert selectors.considered_answer(first) == (
        "El 11 de julio de 2018 el sujeto obligado respondió: «El XML está en PC1/DR-1.»"
    )
    assert selectors.considered_answer(second) == (
        "El sujeto obligado no presentó respuesta a esta observación dentro del plazo, que venció el "
        "15 de julio de 2018 a las 24:00 horas."
    )
    with pytest.raises(Refused) as refused:
        services.analyse(first, "No presentó respuesta.", "Algo.", "atendida", Money(0), world.elena)
    assert codes(refused) == ["CONCLUSION_RESPUESTA_IGNORADA"]


def test_it_closes_only_when_every_conclusion_is_closed(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.observacion([world.hallazgo("50.00")])
    world.oficio()
    first, second = _open(world)
    with at("2018-07-21 12:00"):
        services.close_conclusion(world.judge(first), world.elena)
        world.judge(second)
        with pytest.raises(Refused) as refused:
            services.close_dictamen(first.dictamen, world.bruno)
        assert codes(refused) == ["CONCLUSION_ABIERTA"]
        with pytest.raises(Refused) as refused:
            ask_to_close(first.dictamen, world.bruno)
        assert codes(refused) == ["CONCLUSION_ABIERTA"]
        assert not Trabajo.objects.exists()
        services.close_conclusion(second, world.elena)
        dictamen = services.close_dictamen(first.dictamen, world.bruno)
    assert dictamen.documento is not None
    assert dictamen.numero == "SIF/UTF/DC/0001/2018"


def test_an_observation_adopted_after_the_oficio_is_an_orphan(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    row = _open(world)[0]
    world.observacion([world.hallazgo("1.00")])
    with at("2018-07-21 12:00"):
        services.close_conclusion(world.judge(row), world.elena)
        with pytest.raises(Refused) as refused:
            services.close_dictamen(row.dictamen, world.bruno)
    assert codes(refused) == ["OBSERVACION_SIN_NOTIFICAR"]


def test_a_conclusion_taken_away_leaves_its_observation_an_orphan(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    row = _open(world)[0]
    oficio.observaciones.add(world.observacion([world.hallazgo("7.00")]))  # as if its conclusion were gone
    with at("2018-07-21 12:00"):
        services.close_conclusion(world.judge(row), world.elena)
        with pytest.raises(Refused) as refused:
            services.close_dictamen(row.dictamen, world.bruno)
    assert codes(refused) == ["OBSERVACION_HUERFANA"]


@pytest.mark.parametrize(
    ("second", "twice"),
    [
        ({"regla": "CF011", "poliza_id": 500}, True),
        ({"regla": "EV001", "poliza_id": 500}, True),
        ({"regla": "CF011", "poliza_id": 501}, False),
        ({"regla": "CF011", "poliza_id": 500, "cfdi_id": 2}, False),
        ({"regla": "CF011", "poliza_id": 500, "cfdi_id": 1}, True),
    ],
)
def test_the_same_operation_is_not_punished_twice(world: World, second: dict[str, Any], twice: bool) -> None:
    named = {"cfdi_id": 1} if "cfdi_id" in second else {}
    world.observacion([world.hallazgo("100.00", poliza_id=500, **named)])
    world.observacion([world.hallazgo("100.00", **second)])
    world.oficio()
    if not twice:
        assert world.dictamen().cerrado_el is not None
        return
    with pytest.raises(Refused) as refused:
        world.dictamen()
    assert codes(refused) == ["DOBLE_SANCION"]
    assert "6_C2_FD" in str(refused.value)
    assert "6_C1_FD ya sanciona" in str(refused.value)


def test_the_second_conclusion_without_effects_clears_the_gate(world: World) -> None:
    for _ in range(2):
        world.observacion([world.hallazgo("100.00", poliza_id=500)])
    world.oficio()
    first, second = _open(world)
    with at("2018-07-21 12:00"):
        services.close_conclusion(world.judge(first), world.elena)
        services.close_conclusion(world.judge(second, "sin_efectos"), world.elena)
        assert services.close_dictamen(first.dictamen, world.bruno).cerrado_el is not None


def test_unreported_spending_is_determined_by_contabilidad(world: World) -> None:
    facts = [world.hallazgo("100.10", "EG001"), world.hallazgo("200.20", "EG001", book=1)]
    world.observacion(facts, criterio="egreso_no_reportado")
    world.observacion([world.hallazgo("9.00")])
    world.oficio()
    world.dictamen()
    rows = Determinado.objects.order_by("contabilidad").values_list("contabilidad_id", "monto")
    assert list(rows) == [(8802, 100_10), (8803, 200_20)]  # 100.10 + 200.20, and nothing of the missing XML
    assert selectors.determined_by_contabilidad(world.etapa) == {8802: 100_10, 8803: 200_20}
    assert selectors.determined_by_contabilidad(world.etapa, only_approved=True) == {}


def test_a_part_left_over_several_books_asks_how_much_is_of_each(world: World) -> None:
    facts = [world.hallazgo("100.00", "EG001"), world.hallazgo("200.00", "EG001", book=1)]
    world.observacion(facts, criterio="egreso_no_reportado")
    world.oficio()
    row = _open(world)[0]
    with at("2018-07-21 12:00"):
        world.judge(row, left="150.00")
        with pytest.raises(Refused) as refused:
            services.close_conclusion(row, world.elena)
        assert codes(refused) == ["DETERMINADO_SIN_REPARTO"]
        services.close_conclusion(row, world.elena, {8802: Money(50_00), 8803: Money(100_00)})
    assert selectors.determined_by_contabilidad(world.etapa) == {8802: 50_00, 8803: 100_00}


def test_parts_given_where_nothing_is_left_are_refused_and_not_lost(world: World) -> None:
    facts = [world.hallazgo("100.00", "EG001"), world.hallazgo("200.00", "EG001", book=1)]
    world.observacion(facts, criterio="egreso_no_reportado")
    world.oficio()
    row = _open(world)[0]
    with at("2018-07-21 12:00"):
        world.judge(row, "atendida")
        with pytest.raises(Refused, match="no deja gasto no reportado") as refused:
            services.close_conclusion(row, world.elena, {8802: Money(50_00), 8803: Money(0)})
        assert codes(refused) == ["DETERMINADO_SOBRA"]
        assert row.cerrada_el is None and not Determinado.objects.exists()
        services.close_conclusion(row, world.elena, {8802: Money(0), 8803: Money(0)})
    assert selectors.determined_by_contabilidad(world.etapa) == {}


def test_a_subject_without_observations_has_a_dictamen_without_conclusions(world: World) -> None:
    dictamen = world.dictamen()
    assert dictamen.conclusiones.count() == 0
    assert dictamen.documento is not None


def test_an_observacion_adopted_after_the_oficio_is_left_without_effect_and_the_dictamen_closes(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    late = world.observacion([world.hallazgo("50.00")])
    with pytest.raises(Refused) as refused:
        world.dictamen()
    assert [problem.codigo for problem in refused.value.problems] == ["OBSERVACION_SIN_NOTIFICAR"]
    with pytest.raises(DecisionRefused, match="pide un motivo"):
        review.leave_without_effect(late, "  ", world.elena)
    with pytest.raises(DecisionRefused, match="nombramiento"):
        review.leave_without_effect(late, "No procede.", world.dario)
    review.leave_without_effect(late, "Se adoptó después del oficio.", world.elena)
    with pytest.raises(DecisionRefused, match="ya quedó sin efecto"):
        review.leave_without_effect(late, "Otra vez.", world.elena)
    with at("2018-07-20 13:00"):
        assert services.close_dictamen(Dictamen.objects.get(), world.bruno).cerrado_el is not None


def test_who_adopted_an_observacion_does_not_leave_it_without_effect_nor_does_the_database(world: World) -> None:
    with at("2018-07-05 12:00"):
        (own,) = adopt([world.hallazgo("50.00")], world.elena)
    with pytest.raises(DecisionRefused, match="otra persona"):
        review.leave_without_effect(own, "No procede.", world.elena)
    with pytest.raises(Error, match="otra persona"), transaction.atomic():
        ObservacionSinEfecto.objects.create(observacion=own, motivo="x", hecho_el=clock.now(), hecho_por=world.elena)
    world.oficio()
    with pytest.raises(DecisionRefused, match="ya se notificó"):
        review.leave_without_effect(own, "No procede.", world.elena)
    with pytest.raises(Error, match="ya se notificó"), transaction.atomic():
        ObservacionSinEfecto.objects.create(observacion=own, motivo="x", hecho_el=clock.now(), hecho_por=world.dario)
