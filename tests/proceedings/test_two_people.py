"""Four eyes: an oficio, a dictamen and a resolución take two people, in the services and in the database."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from proceedings.world import World, at, grounded, submitted
from rfcs import new_rfc
from sif.audit import review
from sif.audit.services import DecisionRefused, adopt
from sif.books.services import store_file
from sif.proceedings import gate, resolving, selectors, services
from sif.proceedings.models import DictamenCerrado, Documento, Oficio, OficioPropuesto, ResolucionVotada
from sif.proceedings.proposing import propose_oficio, waiting_proposal, withdraw_oficio
from sif.proceedings.terms import first_oficio_day
from sif.registry import clock
from sif.registry import services as registry
from sif.values import Money, Refused


def _refused(world: World, code: str) -> None:
    with pytest.raises(Refused) as refused:
        services.issue_oficio(world.etapa, world.partido, world.elena)
    assert [problem.codigo for problem in refused.value.problems] == [code]


def test_one_person_does_not_notify_alone(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    with at("2018-07-10 12:00"):
        _refused(world, "OFICIO_SIN_PROPUESTA")
        propose_oficio(world.etapa, world.partido, world.elena)
        _refused(world, "OFICIO_DE_DOS_PERSONAS")
        with pytest.raises(Refused) as refused:
            propose_oficio(world.etapa, world.partido, world.dario)
        assert [problem.codigo for problem in refused.value.problems] == ["OFICIO_YA_PROPUESTO"]
        with pytest.raises(Refused):
            withdraw_oficio(world.etapa, world.partido, world.dario)
        withdraw_oficio(world.etapa, world.partido, world.elena)
        assert waiting_proposal(world.etapa, world.partido) is None
        _refused(world, "OFICIO_SIN_PROPUESTA")
    oficio = world.oficio()
    assert oficio.propuesto is not None
    assert (oficio.propuesto.propuesto_por, oficio.emitido_por) == (world.dario, world.elena)


def test_no_oficio_is_proposed_before_the_report_is_due(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    first = first_oficio_day(world.etapa)
    with at(f"{first - timedelta(days=1)} 23:59:59"), pytest.raises(Refused) as refused:
        propose_oficio(world.etapa, world.partido, world.dario)
    assert [problem.codigo for problem in refused.value.problems] == ["OFICIO_ANTES_DEL_INFORME"]
    assert waiting_proposal(world.etapa, world.partido) is None
    with at(f"{first} 00:00"):
        assert propose_oficio(world.etapa, world.partido, world.dario).propuesto_por == world.dario


def test_what_changed_after_its_proposal_is_proposed_again(world: World) -> None:
    row = world.hallazgo("100.00")
    with at("2018-07-05 12:00"):
        adopt([row], world.dario)
    with at("2018-07-10 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        changed = review.reword(row, "Otras palabras.", world.dario)
        review.confirm([changed], world.elena)  # type: ignore[list-item]
        _refused(world, "OFICIO_CAMBIO")
        propose_oficio(world.etapa, world.partido, world.dario)
        assert services.issue_oficio(world.etapa, world.partido, world.elena).numero


def test_the_database_refuses_an_oficio_of_one_person_and_any_change_of_one_issued(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    same = {name: getattr(oficio, name) for name in ("documento", "notificacion", "notificado_el", "vence_el")}
    for proposal in (
        None,
        OficioPropuesto.objects.create(
            etapa=world.etapa, sujeto=world.otro, huella="0" * 64, propuesto_el=clock.now(), propuesto_por=world.elena
        ),
    ):
        with pytest.raises(Error, match="lo propone una persona"), transaction.atomic():
            Oficio.objects.create(
                etapa=world.etapa, sujeto=world.otro, numero="X", emitido_por=world.elena, propuesto=proposal, **same
            )
    for change in ({"vence_el": clock.now()}, {"notificado_el": clock.now()}, {"emitido_por": world.dario}):
        with pytest.raises(Error), transaction.atomic():
            Oficio.objects.update(**change)
    for break_it in (oficio.observaciones.clear, OficioPropuesto.objects.all().delete):
        with pytest.raises(Error), transaction.atomic():
            break_it()


def test_a_shadow_of_the_proposals_does_not_let_one_person_notify(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    same = {name: getattr(oficio, name) for name in ("documento", "notificacion", "notificado_el", "vence_el")}
    mine = OficioPropuesto.objects.create(
        etapa=world.etapa, sujeto=world.otro, huella="0" * 64, propuesto_el=clock.now(), propuesto_por=world.elena
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE proceedings_oficiopropuesto AS SELECT {mine.pk}::bigint AS id,"
            f" {world.etapa.pk}::bigint AS etapa_id, {world.otro.pk}::bigint AS sujeto_id,"
            f" {world.dario.pk}::bigint AS propuesto_por_id"
        )
    with pytest.raises(Error, match="lo propone una persona"), transaction.atomic():
        Oficio.objects.create(
            etapa=world.etapa, sujeto=world.otro, numero="X", emitido_por=world.elena, propuesto=mine, **same
        )


def test_who_judged_does_not_close_the_dictamen_nor_draw_the_resolucion(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for row in selectors.conclusiones_of(dictamen):
            services.close_conclusion(world.judge(row), world.elena)
        with pytest.raises(Refused) as refused:
            services.close_dictamen(dictamen, world.elena)
        assert [problem.codigo for problem in refused.value.problems] == ["DICTAMEN_DE_DOS_PERSONAS"]
        closed = services.close_dictamen(dictamen, world.bruno)
        registry.appoint(world.elena, "resoluciones", desde=date(2018, 1, 1))
        with pytest.raises(Refused) as refused:
            resolving.draft_resolucion(closed, date(2018, 8, 6), world.elena)
        assert [problem.codigo for problem in refused.value.problems] == ["RESOLUCION_DE_QUIEN_ANALIZA"]
        assert gate.check_apart(closed, world.elena, date(2014, 1, 1)) == []  # before the authority kept them apart


def test_who_judged_with_an_account_without_rfc_does_not_close_the_dictamen_with_another(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    bare = registry.create_usuario("bruno2", "Bruno Lira", "", password_hash="!")
    registry.appoint(bare, "revisor", desde=date(2018, 1, 1))
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        (row,) = selectors.conclusiones_of(dictamen)
        services.close_conclusion(world.judge(row), bare)
        with pytest.raises(Refused) as refused:
            services.close_dictamen(dictamen, world.bruno)
    (problem,) = refused.value.problems
    assert (problem.codigo, problem.donde) == ("DICTAMEN_DE_DOS_PERSONAS", f"conclusión {row.clave}")
    assert "bruno2 no tiene RFC" in problem.mensaje


def test_who_drew_the_resolucion_does_not_count_its_vote(world: World) -> None:
    world.observacion([world.hallazgo("100.00")], criterio="rebase_tope")
    world.oficio()
    world.dictamen()
    resolucion = world.resolucion()
    assert resolucion.elaborada_por == world.gloria
    grounded(resolucion, world.gloria, world.sofia)
    with pytest.raises(Error, match="otra cuenta su votación"), transaction.atomic():
        ResolucionVotada.objects.create(
            resolucion=resolucion,
            estado="aprobada",
            documento=resolucion.proyecto,
            votada_el=clock.now(),
            contada_por=world.gloria,
        )
    registry.appoint(world.gloria, "secretaria", desde=date(2018, 1, 1))
    with at("2018-08-06 12:00"):
        submitted(resolucion, world.gloria, world.sofia)
        for person in world.consejo:
            resolving.vote(resolucion, person, "a_favor")
        with pytest.raises(Refused) as refused:
            resolving.close_vote(resolucion, world.gloria)
        assert [problem.codigo for problem in refused.value.problems] == ["RESOLUCION_DE_DOS_PERSONAS"]
        assert resolving.close_vote(resolucion, world.sofia).votacion.contada_por == world.sofia


def test_who_does_not_dictate_neither_closes_a_dictamen_nor_draws_a_resolucion(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for row in selectors.conclusiones_of(dictamen):
            services.close_conclusion(world.judge(row), world.elena)
        for act in (
            lambda: services.close_dictamen(dictamen, world.sofia),
            lambda: resolving.draft_resolucion(dictamen, date(2018, 8, 6), world.sofia),
        ):
            with pytest.raises(Refused) as refused:
                act()
            assert [problem.codigo for problem in refused.value.problems] == ["SIN_ATRIBUCION"]
        with pytest.raises(Refused):
            services.close_dictamen(dictamen, world.gloria)  # drawing the resolución is not dictating
        assert services.close_dictamen(dictamen, world.bruno).cerrado_el is not None


def test_the_database_refuses_a_dictamen_closed_by_who_judged_it(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    oficio = world.oficio()
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for row in selectors.conclusiones_of(dictamen):
            services.close_conclusion(world.judge(row), world.elena)
    with pytest.raises(Error, match="lo cierra otra persona"), transaction.atomic():
        DictamenCerrado.objects.create(
            dictamen=dictamen, cerrado_el=clock.now(), cerrado_por=world.elena, documento=oficio.documento
        )


def _codes(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.codigo for problem in refused.value.problems]


def test_a_dictamen_without_observaciones_waits_for_the_report_and_takes_two_people(world: World) -> None:
    with at("2018-05-12 12:00"):
        assert _codes(lambda: services.open_dictamen(world.etapa, world.partido, world.elena)) == [
            "DICTAMEN_ANTES_DEL_INFORME"
        ]
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        assert _codes(lambda: services.close_dictamen(dictamen, world.elena)) == ["DICTAMEN_DE_DOS_PERSONAS"]
        with pytest.raises(Error, match="otra persona que quien lo abrió"), transaction.atomic():
            DictamenCerrado.objects.create(
                dictamen=dictamen, documento=_paper(), cerrado_el=clock.now(), cerrado_por=world.elena
            )
        assert services.close_dictamen(dictamen, world.bruno).cerrado_por == world.bruno


def _paper() -> Documento:
    return Documento.objects.create(
        clave="X",
        titulo="X",
        pdf_sha256=store_file(b"%PDF-1.4 x").sha256,
        docx_sha256=store_file(b"x").sha256,
        texto_sha256=store_file(b"y").sha256,
        hecho_el=clock.now(),
    )


def test_once_its_dictamen_is_open_nothing_is_adopted_nor_notified_of_a_subject(world: World) -> None:
    with at("2018-07-20 12:00"):
        services.open_dictamen(world.etapa, world.partido, world.elena)
        row, other = world.hallazgo("100.00"), world.hallazgo("50.00", "CF012")
        with pytest.raises(DecisionRefused, match=r"dictamen .* ya se abrió.*[Dd]eséche"):
            adopt([row], world.dario)
        with pytest.raises(DecisionRefused, match=r"dictamen .* ya se abrió"):
            review.propose([row], "adoptar", "", world.dario)
        waiting = world.observacion([other])
        assert _codes(lambda: propose_oficio(world.etapa, world.partido, world.dario)) == ["OFICIO_TRAS_DICTAMEN"]
        assert _codes(lambda: services.issue_oficio(world.etapa, world.partido, world.elena)) == [
            "OFICIO_TRAS_DICTAMEN"
        ]
        with pytest.raises(DecisionRefused, match=r"dictamen .* ya se abrió"):
            review.propose([row], "unir", "", world.dario, observacion=waiting)
        assert review.propose([row], "desechar", "Se halló después.", world.dario)  # the way out


def test_who_wrote_any_version_or_closed_the_dictamen_does_not_draw_the_resolucion(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    for name in ("gloria", "elena", "dario"):
        registry.appoint(getattr(world, name), "revisor", desde=date(2018, 1, 1))
        registry.appoint(getattr(world, name), "resoluciones", desde=date(2018, 1, 1))
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        for row in selectors.conclusiones_of(dictamen):
            services.analyse(
                row, selectors.considered_answer(row), "Primera versión.", "atendida", Money(0), world.gloria
            )
            services.close_conclusion(world.judge(row), world.elena)
        closed = services.close_dictamen(dictamen, world.dario)
    with at("2018-07-25 12:00"):
        for by in (world.gloria, world.elena, world.dario):
            assert _codes(lambda by=by: resolving.draft_resolucion(closed, date(2018, 8, 6), by)) == [  # type: ignore[misc]
                "RESOLUCION_DE_QUIEN_ANALIZA"
            ]


def test_another_account_without_rfc_does_not_draw_what_one_judged(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    bare = registry.create_usuario("elena2", "Elena Paz", "", password_hash="!")
    closed = world.dictamen()
    registry.appoint(bare, "resoluciones", desde=date(2018, 1, 1))
    with at("2018-07-25 12:00"):
        assert _codes(lambda: resolving.draft_resolucion(closed, date(2018, 8, 6), bare)) == [
            "RESOLUCION_DE_QUIEN_ANALIZA"
        ]
    (problem,) = gate.check_apart(closed, bare, date(2018, 7, 25))
    assert "La cuenta elena2 no tiene RFC" in problem.mensaje


def test_drawing_a_resolucion_asks_its_own_act(world: World) -> None:
    world.observacion([world.hallazgo("100.00")])
    world.oficio()
    closed = world.dictamen()
    other = registry.create_usuario("omar", "Omar Ruiz", "", password_hash="!", rfc=new_rfc())
    registry.appoint(other, "revisor", desde=date(2018, 1, 1))
    with at("2018-07-25 12:00"):
        assert _codes(lambda: resolving.draft_resolucion(closed, date(2018, 8, 6), other)) == ["SIN_ATRIBUCION"]
