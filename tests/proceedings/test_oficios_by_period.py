"""Several oficios in a campaign: each reviews the reports of its periods [LGPP 80.1.d.II-III]; one dictamen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, transaction

from kept import keeps
from proceedings.world import ZONE, World, at, build_world, codes
from runs import new_run
from sif.audit.models import Observacion
from sif.audit.review import leave_without_effect
from sif.audit.services import DecisionRefused, adopt, dismiss, rules_of
from sif.books.services import read_file
from sif.duties.selectors import obligations_of
from sif.notices.sheet import plain_text
from sif.proceedings import selectors, services
from sif.proceedings.closing import what_is_open
from sif.proceedings.dictamen_sheet import dictamen_data
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.progress import review_steps
from sif.proceedings.proposing import propose_oficio, waiting_proposal
from sif.registry import clock, scope
from sif.registry.models import Periodo, Ventana
from sif.registry.moving import reviewed_periods
from sif.registry.selectors import windows_open
from sif.registry.services import open_correction
from sif.registry.stage_days import period_calendars_of
from sif.values import Refused


def campaign_cut_early() -> World:
    """The federal campaign of 2018, with the rules run over the books of the day on which the last report is due."""
    with scope.everything():
        return build_world(corte=date(2018, 6, 30))


@pytest.fixture
@keeps(campaign_cut_early)
def unread(world_of: Callable[..., Any]) -> Iterator[World]:
    """That campaign, with every book in sight as the authority has them."""
    with scope.everything():
        yield world_of(campaign_cut_early)


FIRST_ISSUED, SECOND_ISSUED, LAST_ISSUED = "2018-05-11 12:00", "2018-06-10 12:00", "2018-07-10 12:00"


def period(world: World, number: int) -> Periodo:
    return world.etapa.periodos.get(numero=number)


def observed_in(world: World, *days: date | None, **fields: str) -> Observacion:
    facts = []
    for day in days:
        made = world.hallazgo("100.00", dia=day or date(2018, 4, 1))
        if day is None:
            with scope.acting():
                type(made).objects.filter(pk=made.pk).update(dia=None)
        facts.append(made)
    return world.observacion(facts, **fields)


def issued(world: World, moment: str, number: int | None) -> Oficio:
    with at(moment):
        propose_oficio(world.etapa, world.partido, world.dario, period(world, number) if number else None)
        return services.issue_oficio(world.etapa, world.partido, world.elena)


APRIL, MAY, JUNE = date(2018, 4, 10), date(2018, 5, 12), date(2018, 6, 20)


def test_each_report_has_its_oficio_with_its_term_and_the_correction_of_its_period_alone(world: World) -> None:
    april = observed_in(world, APRIL)
    observed_in(world, APRIL, MAY)
    first = issued(world, FIRST_ISSUED, 1)
    assert list(first.observaciones.all()) == [april]
    assert first.vence_el.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S") == "2018-05-16 23:59:59"
    days = period_calendars_of(world.etapa)[period(world, 1)]
    assert (days["oficio"].fecha, days["respuesta"].fecha) == (date(2018, 5, 11), date(2018, 5, 16))
    corrected = Ventana.objects.filter(tipo=Ventana.Tipo.CORRECCION, sujeto=world.partido)
    assert [row.periodo.numero for row in corrected] == [1]
    text = read_file(first.documento.texto_sha256).decode()
    assert "De la revisión del periodo 1 de campaña, Proceso" in text
    assert first.notificacion.vence_el == first.vence_el


def test_what_is_of_a_later_day_or_of_none_or_of_the_total_waits_for_a_later_oficio(world: World) -> None:
    april = observed_in(world, APRIL)
    may = observed_in(world, APRIL, MAY)
    total = observed_in(world, APRIL, criterio="rebase_tope")
    first = issued(world, FIRST_ISSUED, 1)
    second = issued(world, SECOND_ISSUED, 2)
    late = observed_in(world, APRIL)  # found once its period was reviewed: the last oficio still tells it
    last = issued(world, LAST_ISSUED, None)
    assert [list(each.observaciones.all()) for each in (first, second)] == [[april], [may]]
    assert list(last.observaciones.order_by("numero")) == [total, late]
    assert [[p.numero for p in selectors.periods_of(each)] for each in (first, second, last)] == [[1], [2], [3]]
    assert selectors.oficio_of(world.etapa, world.partido) == last
    opened = Ventana.objects.filter(tipo=Ventana.Tipo.CORRECCION, sujeto=world.partido).order_by(
        "periodo__numero", "pk"
    )
    assert [(row.periodo.numero, row.base) for row in opened] == [
        (1, first.numero),
        (1, second.numero),
        (1, last.numero),
        (2, second.numero),
        (3, last.numero),
    ]
    assert "de corrección de los periodos 1 y 3." in read_file(last.documento.texto_sha256).decode()
    assert "de corrección del periodo 1." in read_file(first.documento.texto_sha256).decode()


def test_what_a_later_oficio_tells_of_an_earlier_report_is_rectified_in_its_term(world: World) -> None:
    observed_in(world, APRIL)
    issued(world, "2018-07-08 12:00", 1)
    observed_in(world, APRIL)  # adopted once the oficio of its period was issued
    last = issued(world, LAST_ISSUED, None)
    books = world.contabilidades[0]
    for moment, base in (("2018-07-11 12:00", 1), ("2018-07-14 12:00", 2), ("2018-07-15 23:59", 2)):
        with at(moment):
            found = [w for w in windows_open(books) if w.periodo.numero == 1]
            assert len(found) == 1, moment
            assert (found[0].base == last.numero) == (base == 2)
    with at("2018-07-16 00:00"):
        assert not [w for w in windows_open(books) if w.periodo.numero == 1]


def test_the_database_opens_a_later_correction_for_a_later_oficio_alone(world: World) -> None:
    observed_in(world, APRIL)
    first = issued(world, FIRST_ISSUED, 1)
    with at("2018-05-17 12:00"), pytest.raises(Error, match="ya tiene ventana"), transaction.atomic():
        open_correction(
            world.etapa, world.partido, clock.now(), clock.now() + timedelta(days=5), first.numero, [period(world, 1)]
        )


def test_an_omitted_report_is_told_by_the_oficio_that_reviews_it(world: World) -> None:
    omitted = world.observacion(
        [world.hallazgo("0.00", "IN001", dia=date(2018, 5, 1), resultado="omitido", periodo_id=period(world, 1).pk)],
        criterio="informe_omitido",
    )
    of_may = world.observacion([world.hallazgo("5.00", dia=APRIL, periodo_id=period(world, 2).pk)])
    assert list(issued(world, FIRST_ISSUED, 1).observaciones.all()) == [omitted]
    assert list(issued(world, SECOND_ISSUED, 2).observaciones.all()) == [of_may]


def test_an_oficio_reviews_every_period_that_none_before_did(world: World) -> None:
    observed_in(world, MAY)
    second = issued(world, SECOND_ISSUED, 2)
    assert [p.numero for p in selectors.periods_of(second)] == [1, 2]
    assert "de los periodos 1 y 2 de campaña" in read_file(second.documento.texto_sha256).decode()
    assert reviewed_periods(world.etapa) == {1, 2}


def test_each_is_answered_in_its_own_term_and_is_a_duty_of_its_own(world: World) -> None:
    april = observed_in(world, APRIL)
    first = issued(world, FIRST_ISSUED, 1)
    june = observed_in(world, JUNE)
    with at("2018-05-16 23:59:59"):
        services.answer(first, april, "Se adjuntó el XML.", [], world.alicia)
    last = issued(world, LAST_ISSUED, None)
    with at("2018-07-11 10:00"):
        with pytest.raises(Refused) as late:
            services.answer(first, april, "Otra vez.", [], world.alicia)
        assert codes(late) == ["RESPUESTA_FUERA_DE_PLAZO"]
        with pytest.raises(Refused) as other:
            services.answer(last, april, "Aquí no.", [], world.alicia)
        assert codes(other) == ["OBSERVACION_AJENA"]
        services.answer(last, june, "Se adjuntó también.", [], world.alicia)
        duties = [row for row in obligations_of([world.partido.pk], clock.today()) if row.tipo == "RSP"]
        assert [(row.vence_el, row.estado) for row in duties] == [
            (date(2018, 5, 16), "cumplida"),
            (date(2018, 7, 15), "cumplida"),
        ]


@pytest.mark.parametrize(
    ("moment", "number", "code"),
    [
        ("2018-05-01 23:59", 1, "OFICIO_ANTES_DEL_INFORME"),
        ("2018-05-11 12:00", 2, "OFICIO_ANTES_DEL_INFORME"),
        ("2018-07-10 12:00", 3, "OFICIO_DE_TODA_LA_ETAPA"),
    ],
)
def test_it_is_refused_before_its_report_is_due_and_for_the_last_period(
    world: World, moment: str, number: int, code: str
) -> None:
    observed_in(world, APRIL)
    with at(moment), pytest.raises(Refused) as refused:
        propose_oficio(world.etapa, world.partido, world.dario, period(world, number))
    assert codes(refused) == [code]
    assert not OficioPropuesto.objects.exists()


def test_a_period_is_reviewed_once_and_nothing_follows_the_oficio_of_the_last(world: World) -> None:
    observed_in(world, APRIL)
    issued(world, SECOND_ISSUED, 2)
    observed_in(world, APRIL)
    for number in (1, 2):
        with at("2018-06-11 12:00"), pytest.raises(Refused) as again:
            propose_oficio(world.etapa, world.partido, world.dario, period(world, number))
        assert codes(again) == ["OFICIO_DE_PERIODO_REVISADO"]
    issued(world, LAST_ISSUED, None)
    observed_in(world, JUNE)
    with at("2018-07-11 12:00"), pytest.raises(Refused) as closed:
        propose_oficio(world.etapa, world.partido, world.dario)
    assert codes(closed) == ["ACTO_FUERA_DE_LUGAR"]


def test_it_issues_the_periods_that_were_proposed(world: World) -> None:
    observed_in(world, APRIL)
    with at(SECOND_ISSUED):
        before = propose_oficio(world.etapa, world.partido, world.dario, period(world, 1))
        after = propose_oficio(world.etapa, world.partido, world.dario, period(world, 2))
        assert waiting_proposal(world.etapa, world.partido) == after != before
        with pytest.raises(Refused) as changed:
            services.issue_oficio(world.etapa, world.partido, world.elena, before.pk)
        assert codes(changed) == ["OFICIO_CAMBIO"]
        assert services.issue_oficio(world.etapa, world.partido, world.elena, after.pk).periodo == period(world, 2)


def test_one_dictamen_waits_for_every_oficio_and_gathers_all(world: World) -> None:
    april = observed_in(world, APRIL)
    first = issued(world, FIRST_ISSUED, 1)
    with at("2018-05-15 10:00"):
        services.answer(first, april, "Se adjuntó el XML.", [], world.alicia)
    observed_in(world, JUNE)
    with at("2018-07-05 12:00"), pytest.raises(Refused) as untold:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(untold) == ["OBSERVACION_SIN_NOTIFICAR"]
    assert review_steps(world.etapa)["oficio"] == (0, 1)  # what is of June waits
    last = issued(world, LAST_ISSUED, None)
    assert review_steps(world.etapa)["oficio"] == (1, 1)
    with at("2018-07-12 12:00"), pytest.raises(Refused):
        services.open_dictamen(world.etapa, world.partido, world.elena)
    with at("2018-07-17 12:00"):
        assert [
            t.clase for t in what_is_open(world.etapa)[0] if t.sujeto == world.partido and t.clase == "sin_dictamen"
        ]
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        rows = selectors.conclusiones_of(dictamen)
        assert [row.observacion.numero for row in rows] == [1, 2]
        said = [selectors.considered_answer(row) for row in rows]
        assert "Se adjuntó el XML." in said[0] and "no presentó respuesta" in said[1]
        assert "15 de julio" in said[1]
        text = plain_text(dictamen_data(dictamen, (clock.now(), world.elena)))
    assert f"{first.numero}, del periodo 1 de campaña" in text and f"{last.numero}, de los periodos 2 y 3" in text
    assert "1 observación y plazo para responder hasta" in text


def test_the_dictamen_needs_no_last_oficio_where_nothing_is_left_to_tell(world: World) -> None:
    observed_in(world, APRIL)
    issued(world, FIRST_ISSUED, 1)
    every = rules_of(world.etapa)
    with at("2018-06-20 12:00"), pytest.raises(Refused) as early:
        services.open_dictamen(world.etapa, world.partido, world.elena)
    assert codes(early) == ["DICTAMEN_ANTES_DEL_INFORME"]
    with at("2018-07-05 12:00"):
        last = replace(world, corrida=new_run(world.etapa, "2" * 64, corte=date(2018, 7, 1), rules=every))
        last.hallazgo("70.00", dia=JUNE)
        with pytest.raises(Refused) as undecided:
            services.open_dictamen(world.etapa, world.partido, world.elena)
        assert codes(undecided) == ["DICTAMEN_CON_HALLAZGOS"]
        new_run(world.etapa, "3" * 64, corte=date(2018, 7, 2), rules=every)
        assert len(selectors.conclusiones_of(services.open_dictamen(world.etapa, world.partido, world.elena))) == 1


def test_no_run_but_that_of_every_rule_after_the_last_day_concludes_a_review(unread: World) -> None:
    every = rules_of(unread.etapa)

    def refused() -> tuple[list[str], str]:
        with pytest.raises(Refused) as caught:
            services.open_dictamen(unread.etapa, unread.partido, unread.elena)
        return codes(caught), str(caught.value)

    with at("2018-07-05 12:00"):
        assert refused()[0] == ["DICTAMEN_SIN_REVISION"] and "es al 30 de junio de 2018" in refused()[1]
        new_run(unread.etapa, "2" * 64, corte=date(2018, 7, 2))
        told = f"le faltan {len(every)} de las {len(every)} reglas de la etapa: {every[0].id}, "
        assert refused()[0] == ["DICTAMEN_SIN_REVISION"] and told in refused()[1]
        new_run(
            unread.etapa, "3" * 64, corte=date(2018, 7, 3), rules=[r for r in every if r.id not in ("CF001", "IN001")]
        )
        assert refused()[0] == ["DICTAMEN_SIN_REVISION"] and "reglas de la etapa: CF001, IN001." in refused()[1]
        assert "«Corridas», con «Congelar y correr»" in refused()[1]
        new_run(unread.etapa, "4" * 64, corte=date(2018, 7, 4), rules=every)
        later = replace(unread, corrida=new_run(unread.etapa, "5" * 64, corte=date(2018, 7, 5), rules=every[:1]))
        found = later.hallazgo("70.00", dia=JUNE)  # a later run of one rule is read too, and takes nothing away
        assert refused()[0] == ["DICTAMEN_CON_HALLAZGOS"]
        dismiss(found, "No procede.", unread.dario)
        assert services.open_dictamen(unread.etapa, unread.partido, unread.elena).conclusiones.count() == 0


def test_what_a_later_run_finds_does_not_keep_an_open_dictamen_from_closing(world: World) -> None:
    with at("2018-07-20 12:00"):
        dictamen = services.open_dictamen(world.etapa, world.partido, world.elena)
        later = replace(world, corrida=new_run(world.etapa, "1" * 64, corte=date(2018, 7, 20)))
        found = later.hallazgo("70.00", dia=JUNE)
        with pytest.raises(DecisionRefused, match="ya se abrió"):
            adopt([found], world.dario)
        assert services.close_dictamen(dictamen, world.bruno).cerrado_el is not None


def test_the_dictamen_withdraws_the_oficio_that_nobody_can_issue_any_more(world: World) -> None:
    april = observed_in(world, APRIL)
    with at("2018-07-05 12:00"):
        propose_oficio(world.etapa, world.partido, world.dario)
        leave_without_effect(april, "No procede.", world.elena)
        services.open_dictamen(world.etapa, world.partido, world.elena)
        assert waiting_proposal(world.etapa, world.partido) is None
        assert OficioPropuesto.objects.get().retirado.retirado_por == world.elena
        assert "oficio_propuesto" not in {each.clase for each in what_is_open(world.etapa)[0]}


def test_an_oficio_of_a_period_without_anything_of_its_own_says_which_one_tells_the_rest(world: World) -> None:
    observed_in(world, JUNE)
    with at(FIRST_ISSUED), pytest.raises(Refused) as refused:
        propose_oficio(world.etapa, world.partido, world.dario, period(world, 1))
    assert codes(refused) == ["SIN_OBSERVACIONES"]
    assert "hasta el periodo 1" in str(refused.value) and "abra el dictamen" not in str(refused.value)


def test_the_database_holds_the_order_of_periods_and_one_telling(world: World) -> None:
    april = observed_in(world, APRIL)
    first = issued(world, SECOND_ISSUED, 2)
    observed_in(world, JUNE)
    last = issued(world, LAST_ISSUED, None)
    with pytest.raises(Error, match="ya la notificó otro oficio"), transaction.atomic(), scope.acting():
        last.observaciones.add(april)
    for number, said in ((1, "ya revisó"), (2, "ya revisó"), (3, "cierra la revisión")):
        with at("2018-07-11 09:00"), pytest.raises(Error, match=said), transaction.atomic(), scope.acting():
            proposed = OficioPropuesto.objects.create(
                etapa=world.etapa,
                sujeto=world.partido,
                huella="0" * 64,
                propuesto_el=clock.now(),
                propuesto_por=world.dario,
                periodo=period(world, number),
            )
            Oficio.objects.create(
                etapa=world.etapa,
                sujeto=world.partido,
                numero=f"X{number}",
                documento=first.documento,
                notificacion=first.notificacion,
                notificado_el=clock.now(),
                vence_el=clock.now(),
                emitido_por=world.elena,
                propuesto=proposed,
                periodo=period(world, number),
            )
