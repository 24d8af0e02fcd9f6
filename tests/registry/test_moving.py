"""The days of a stage already open move by a later accord of two people; what passed stays and nobody loses a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from rfcs import new_rfc
from sif.proceedings.terms import hearing_of, report_due
from sif.registry import clock
from sif.registry.appointments import end_nombramiento
from sif.registry.models import Etapa, FechasPropuestas, FechasResueltas, Nombramiento, Usuario, Ventana
from sif.registry.moving import (
    MovingAccord,
    ShorterReview,
    StageDays,
    check_days,
    days_of,
    move_days,
    propose_days,
    read_moved,
    refuse_days,
    reviews_shortened,
    waiting,
    withdraw_days,
)
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.registry.scope import acting, everything, only, registering
from sif.registry.selectors import windows_open
from sif.registry.services import (
    appoint,
    create_usuario,
    open_contabilidad,
    open_correction,
    register_sujeto,
)
from sif.registry.stage_days import calendar_of, period_calendars_of
from sif.registry.windows import normal_windows
from sif.values import Conflict, Refused
from sif.web.term_pages import terms_of

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/Mexico_City")
OPENED = datetime(2025, 2, 1, 10, tzinfo=ZONE)
ACCORD = MovingAccord("IEPC/CG9/2025", date(2025, 4, 20), "Amplía los días para informar.")
People = tuple[Etapa, Usuario, Usuario]


@pytest.fixture
def people() -> Iterator[People]:
    """A campaign of April and May of 2025 seen on 25 April, and two people who administer."""
    with everything():
        with clock.at(OPENED):
            ana, luis = (create_usuario(name, name.title(), None, rfc=new_rfc()) for name in ("ana", "luis"))
            for each in (ana, luis):
                appoint(each, Nombramiento.Rol.ADMINISTRADOR)
            new = draft("local_intermedia", "DUR", 2025)
            stages = tuple(replace(each, acuerdo="LIPEED 178") for each in new.etapas)
            proceso = open_proceso(propose_proceso(replace(new, etapas=stages), ana), luis)
        with clock.at(datetime(2025, 4, 25, 10, tzinfo=ZONE)):
            yield proceso.etapas.get(tipo="campana"), ana, luis


def later(days: StageDays, number: int = 1, more: int = 5) -> StageDays:
    return replace(days, vencen={**days.vencen, number: days.vencen[number] + timedelta(days=more)})


def longer(days: StageDays, at: int, more: int = 5) -> StageDays:
    return replace(days, plazos=tuple(term + more * (place == at) for place, term in enumerate(days.plazos)))


def moved(etapa: Etapa, asked: StageDays, by: Usuario, other: Usuario) -> FechasResueltas:
    return move_days(propose_days(etapa, asked, ACCORD, by), other)


def places(etapa: Etapa, asked: StageDays, by: Usuario, accord: MovingAccord = ACCORD) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        check_days(etapa, asked, accord, by)
    return {(each.codigo, each.donde) for each in refused.value.problems}


def test_one_proposes_and_another_moves_the_last_day_to_report(people: People) -> None:
    etapa, ana, luis = people
    stood = days_of(etapa)
    proposed = propose_days(etapa, later(stood), ACCORD, ana)
    assert days_of(etapa) == stood and [*waiting()] == [proposed]
    move_days(proposed, luis)
    first = stood.vencen[1]
    assert days_of(etapa) == later(stood) and not waiting()
    assert [(each.clave, each.antes, each.despues) for each in read_moved(proposed)] == [
        ("informe:1", first, first + timedelta(days=5))
    ]
    windows = Ventana.objects.filter(periodo__etapa=etapa, periodo__numero=1, tipo="normal").order_by("cierra_el")
    assert [each.base for each in windows] == ["LGPP 79.1.b.III", "IEPC/CG9/2025"]
    owed = normal_windows([etapa.pk])[etapa.pk]
    assert [(each.periodo.numero, each.base) for each in owed] == [(1, "IEPC/CG9/2025"), (2, "LGPP 79.1.b.III")]
    term = next(each for each in terms_of(etapa) if each.clave == "informe1")
    assert (term.hasta, term.movida_de, term.base) == (first + timedelta(days=5), first, "IEPC/CG9/2025")


def test_books_record_in_one_window_until_the_day_of_the_accord(people: People) -> None:
    etapa, ana, luis = people
    with clock.at(OPENED):
        party = register_sujeto("partido", "1", "AMB", "Partido Ámbar")
        books = open_contabilidad(etapa, party, "concentradora")
    due = days_of(etapa).vencen[1]
    moved(etapa, later(days_of(etapa)), ana, luis)
    for day, there in ((due, True), (due + timedelta(days=1), True), (due + timedelta(days=6), False)):
        found = windows_open(books, datetime(*day.timetuple()[:3], 12, tzinfo=ZONE))
        assert [each.base for each in found if each.periodo.numero == 1] == ["IEPC/CG9/2025"] * there


def test_a_term_to_report_that_ended_does_not_begin_again(people: People) -> None:
    etapa, ana, _luis = people
    days = days_of(etapa)
    with clock.at(datetime(*(days.vencen[1] + timedelta(days=1)).timetuple()[:3], 9, tzinfo=ZONE)):
        assert places(etapa, later(days, more=20), ana) == {("pasado", "vence_1")}
        assert check_days(etapa, later(days, 2, 2), ACCORD, ana)


def test_the_terms_of_a_review_move_with_the_days_that_they_had(people: People) -> None:
    etapa, ana, luis = people
    stood = calendar_of(etapa)
    moved(etapa, longer(days_of(etapa), 3), ana, luis)
    stands = calendar_of(etapa)
    assert [hito for hito, day in stands.items() if day.movida_de] == ["dictamen", "comision", "consejo"]
    assert stands["dictamen"].fecha == stood["dictamen"].fecha + timedelta(days=5)
    assert stands["dictamen"].movida_de == stood["dictamen"].fecha
    assert "IEPC/CG9/2025" in stands["dictamen"].base
    last = [*period_calendars_of(etapa).values()][-1]
    assert last["dictamen"].fecha == stands["dictamen"].fecha


def test_a_second_accord_goes_over_the_first_and_both_stay(people: People) -> None:
    etapa, ana, luis = people
    moved(etapa, longer(later(days_of(etapa)), 3), ana, luis)
    again = replace(ACCORD, numero="IEPC/CG12/2025")
    move_days(propose_days(etapa, later(days_of(etapa), 2, 1), again, luis), ana)
    assert "IEPC/CG9/2025" in calendar_of(etapa)["dictamen"].base  # the second accord moved no term
    assert report_due(etapa)[1] == "IEPC/CG12/2025"
    assert FechasResueltas.objects.filter(sentido="movidas").count() == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda days: days, {("igual", "")}),
        (lambda days: later(days, more=-1), {("acorta", "vence_1")}),
        (lambda days: later(days, more=201), {("largo", "vence_1")}),
        (lambda days: later(days, 2, 30), {("orden", "plazos")}),
        (lambda days: longer(days, 2, -1), {("respuesta", "plazos")}),
        (lambda days: replace(days, plazos=days.plazos[:5]), {("plazos", "plazos")}),
        (lambda days: longer(days, 4, 300), {("plazos", "plazos")}),
    ],
)
def test_days_that_no_accord_may_give_are_told_at_their_place(people: People, change: Any, told: Any) -> None:
    etapa, ana, _luis = people
    assert places(etapa, change(days_of(etapa)), ana) == told


def test_the_report_of_a_period_and_its_oficio_move_together(people: People) -> None:
    etapa, ana, _luis = people
    days = days_of(etapa)
    oficio = next(iter(period_calendars_of(etapa).values()))["oficio"].fecha
    more = (oficio - days.vencen[1]).days
    assert places(etapa, later(days, 1, more), ana) == {("orden", "vence_1")}
    told = [each.clave for each in check_days(etapa, later(days, 1, more - 1), ACCORD, ana)]
    assert told == ["informe:1"]
    told = [each.clave for each in check_days(etapa, longer(later(days, 1, more), 1), ACCORD, ana)]
    assert told[:2] == ["informe:1", "oficio"]


def test_an_accord_has_its_number_its_day_and_its_words(people: People) -> None:
    etapa, ana, _luis = people
    wrong = MovingAccord(" ", clock.today() + timedelta(days=1), "x")
    asked = later(days_of(etapa))
    assert places(etapa, asked, ana, wrong) == {
        ("acuerdo", "acuerdo"),
        ("aprobado", "aprobado_el"),
        ("motivo", "motivo"),
    }
    assert places(etapa, asked, ana, replace(ACCORD, numero="x" * 41)) == {("acuerdo", "acuerdo")}


def test_a_milestone_that_passed_stays_and_none_moves_to_the_past(people: People) -> None:
    etapa, ana, _luis = people
    stood, days = calendar_of(etapa), days_of(etapa)
    after = stood["oficio"].fecha + timedelta(days=1)
    with clock.at(datetime(*after.timetuple()[:3], 9, tzinfo=ZONE)):
        assert places(etapa, longer(days, 1), ana) == {("pasado", "plazos")}
        assert {each.clave for each in check_days(etapa, longer(days, 4), ACCORD, ana)} == {"comision", "consejo"}
    near = stood["dictamen"].fecha - timedelta(days=1)
    with clock.at(datetime(*near.timetuple()[:3], 9, tzinfo=ZONE)):
        assert places(etapa, longer(days, 3, -5), ana) == {("pasado", "plazos")}


def test_after_an_oficio_what_led_to_it_stays(people: People) -> None:
    etapa, ana, _luis = people
    party = register_sujeto("partido", "1", "AMB", "Partido Ámbar")
    days, oficio = days_of(etapa), calendar_of(etapa)["oficio"].fecha
    with clock.at(datetime(*oficio.timetuple()[:3], 9, tzinfo=ZONE)):
        open_correction(etapa, party, clock.now(), clock.now() + timedelta(days=5), "LGPP 80.1.d.III")
        assert places(etapa, later(days, 2, 20), ana) == {("revisada", "vence_2")}
        assert ("revisada", "plazos") in places(etapa, longer(days, 2), ana)
        assert check_days(etapa, longer(days, 3), ACCORD, ana)


def test_after_the_oficio_of_an_earlier_report_what_led_to_it_stays_for_every_report(people: People) -> None:
    etapa, ana, _luis = people
    party = register_sujeto("partido", "1", "AMB", "Partido Ámbar")
    first = etapa.periodos.get(numero=1)
    oficio = period_calendars_of(etapa)[first]["oficio"].fecha
    with clock.at(datetime(*oficio.timetuple()[:3], 9, tzinfo=ZONE)):
        open_correction(etapa, party, clock.now(), clock.now() + timedelta(days=5), "OF-1", [first])
        for place in (0, 1, 2):
            assert ("revisada", "plazos") in places(etapa, longer(days_of(etapa), place), ana)
        assert check_days(etapa, longer(days_of(etapa), 3), ACCORD, ana)
        assert check_days(etapa, later(days_of(etapa), 2, 1), ACCORD, ana)


def test_the_day_of_the_oficio_of_an_earlier_report_that_passed_stays(people: People) -> None:
    etapa, ana, luis = people
    first = period_calendars_of(etapa)[etapa.periodos.get(numero=1)]
    days = days_of(etapa)
    with clock.at(datetime(*first["respuesta"].fecha.timetuple()[:3], 9, tzinfo=ZONE) + timedelta(days=1)):
        assert places(etapa, longer(days, 1), ana) == places(etapa, longer(days, 2), ana) == {("pasado", "plazos")}
        moved(etapa, longer(days, 3), ana, luis)
        again = period_calendars_of(etapa)[etapa.periodos.get(numero=1)]
        assert [again[hito].fecha for hito in again] == [first[hito].fecha for hito in first]


def test_the_days_of_review_that_an_accord_takes_are_told(people: People) -> None:
    etapa, ana, luis = people
    days, last = days_of(etapa), max(days_of(etapa).vencen)
    assert reviews_shortened(etapa, days, "A/1") == reviews_shortened(etapa, longer(days, 1), "A/1") == []
    due, oficio = days.vencen[last], calendar_of(etapa)["oficio"].fecha
    assert (oficio - due).days == 10
    eaten = later(days, last, 9)  # to the day before its oficio, which the order of the days admits
    assert check_days(etapa, eaten, ACCORD, ana)
    assert reviews_shortened(etapa, eaten, "A/1") == [ShorterReview(last, 1, 10, "LGPP 80.1.d.II")]
    assert reviews_shortened(etapa, longer(eaten, 1, 9), "A/1") == []  # the oficio moves as much
    first = reviews_shortened(etapa, later(days, 1, 2), "A/1")
    assert [(each.periodo, each.dias) for each in first] == [(1, 8)]  # each report has its own
    moved(etapa, eaten, ana, luis)
    assert reviews_shortened(etapa, later(eaten, 1, 2), "A/1") == first  # it is told once


def test_the_accord_that_moved_the_answer_is_cited_with_its_date(people: People) -> None:
    etapa, ana, luis = people
    article = "LGPP 80.1.d.III"
    moved(etapa, longer(days_of(etapa), 3), ana, luis)  # that of the dictamen moves no answer
    assert hearing_of(etapa, "partido", second=False)[0] == article
    moved(etapa, longer(days_of(etapa), 2), ana, luis)
    cited = f"{article}; IEPC/CG9/2025, del 20 de abril de 2025"
    assert hearing_of(etapa, "partido", second=False) == (cited, "por confirmar")
    later_one = replace(ACCORD, numero="IEPC/CG10/2025")
    move_days(propose_days(etapa, longer(days_of(etapa), 5), later_one, ana), luis)  # nor that of the Consejo
    assert hearing_of(etapa, "partido", second=False)[0] == cited


def test_nobody_moves_what_they_proposed_nor_twice_nor_without_the_right(people: People) -> None:
    etapa, ana, luis = people
    proposed = propose_days(etapa, later(days_of(etapa)), ACCORD, ana)
    assert places(etapa, later(days_of(etapa)), luis) == {("espera", "")}
    with pytest.raises(PermissionError, match="otra persona"):
        move_days(proposed, ana)
    with pytest.raises(PermissionError, match="retírelo"):
        refuse_days(proposed, "No lo dice el acuerdo.", ana)
    with pytest.raises(PermissionError, match="aprobarlo o rechazarlo"):
        withdraw_days(proposed, luis)
    stranger = create_usuario("eva", "Eva", None)
    for act in (move_days, withdraw_days):
        with pytest.raises(PermissionError, match="administra"):
            act(proposed, stranger)
    move_days(proposed, luis)
    for again in (lambda: move_days(proposed, luis), lambda: withdraw_days(proposed, ana)):
        with pytest.raises(Conflict, match="ya quedó: movidas"):
            again()
    assert Ventana.objects.filter(base=ACCORD.numero).count() == 1


def test_what_is_refused_or_withdrawn_moves_nothing(people: People) -> None:
    etapa, ana, luis = people
    stood = days_of(etapa)
    refused = propose_days(etapa, later(stood), ACCORD, ana)
    with pytest.raises(Refused, match="motivo"):
        refuse_days(refused, "no", luis)
    assert refuse_days(refused, "El acuerdo no lo dice.", luis).motivo == "El acuerdo no lo dice."
    withdraw_days(propose_days(etapa, later(stood), ACCORD, ana), ana)
    assert days_of(etapa) == stood and not Ventana.objects.filter(base=ACCORD.numero).exists()


def test_what_was_proposed_over_other_days_is_not_moved(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    etapa, ana, luis = people
    stood = days_of(etapa)
    proposed = propose_days(etapa, later(stood), ACCORD, ana)
    monkeypatch.setattr("sif.registry.moving.days_of", lambda _etapa: later(stood, 2, 1))
    with pytest.raises(Conflict, match="cambiaron"):
        move_days(proposed, luis)


def test_who_proposed_still_administers_when_it_is_moved(people: People) -> None:
    etapa, ana, luis = people
    eva = create_usuario("eva", "Eva", None, rfc=new_rfc())
    appoint(eva, Nombramiento.Rol.ADMINISTRADOR)
    proposed = propose_days(etapa, later(days_of(etapa)), ACCORD, eva)
    end_nombramiento(Nombramiento.objects.get(usuario=eva), "Renunció al cargo.", luis)
    with pytest.raises(Refused, match="ya no administra"):
        move_days(proposed, luis)
    refuse_days(proposed, "Quien lo propuso ya no está.", ana)


def test_the_day_to_answer_is_not_brought_forward_by_the_terms_before_it(people: People) -> None:
    etapa, ana, _luis = people
    assert places(etapa, longer(days_of(etapa), 1, -1), ana) == {("respuesta", "plazos")}


def test_the_database_takes_a_later_window_from_the_accord_that_moves_that_day_alone(people: People) -> None:
    etapa, ana, luis = people
    window = Ventana.objects.get(periodo__etapa=etapa, periodo__numero=1)

    def opened(base: str, closes: datetime) -> None:
        with transaction.atomic(), acting(), registering(luis.pk):
            Ventana.objects.create(
                periodo=window.periodo, tipo="normal", base=base, abre_el=window.abre_el, cierra_el=closes
            )

    with pytest.raises(IntegrityError, match="ya tiene ventana"):
        opened("x", window.cierra_el + timedelta(days=365))
    with transaction.atomic():
        moved(etapa, later(days_of(etapa)), ana, luis)
        for base, days in (("x", 5), (ACCORD.numero, 6), (ACCORD.numero, 3)):
            with pytest.raises(IntegrityError, match="ya tiene ventana"):
                opened(base, window.cierra_el + timedelta(days=days))


def test_who_observes_is_shown_the_calendar_of_the_authority_and_an_accord_moves_it() -> None:
    with everything():
        with clock.at(datetime(2024, 9, 2, 10, tzinfo=ZONE)):
            ana, luis = (create_usuario(name, name.title(), None, rfc=new_rfc()) for name in ("ana", "luis"))
            for each in (ana, luis):
                appoint(each, Nombramiento.Rol.ADMINISTRADOR)
            new = draft("agrupaciones", "", 2025)
            proceso = open_proceso(propose_proceso(new, ana), luis)
        etapa = proceso.etapas.get()
        stood = {hito: day.fecha for hito, day in calendar_of(etapa).items()}
    with only([]):
        assert {hito: day.fecha for hito, day in calendar_of(etapa).items()} == stood
    with everything(), clock.at(datetime(2025, 9, 2, 10, tzinfo=ZONE)):
        moved(etapa, longer(days_of(etapa), 5, 3), ana, luis)
        changed = {hito for hito, day in calendar_of(etapa).items() if day.fecha != stood[hito]}
    assert changed == {"consejo"}


def test_the_database_takes_no_end_of_the_wrong_person(people: People) -> None:
    etapa, ana, luis = people
    proposed = propose_days(etapa, later(days_of(etapa)), ACCORD, ana)
    stranger = create_usuario("eva", "Eva", None)
    wrong = [("movidas", ana), ("rechazadas", ana), ("retiradas", luis), ("movidas", stranger)]
    for sentido, by in wrong:
        with pytest.raises(DatabaseError), transaction.atomic(), acting(), registering(by.pk):
            FechasResueltas.objects.create(
                propuesta=proposed,
                sentido=sentido,
                motivo="x" * (sentido == "rechazadas"),
                hecho_el=clock.now(),
                hecho_por=by,
            )
    with pytest.raises(DatabaseError), transaction.atomic():
        FechasPropuestas.objects.filter(pk=proposed.pk).update(acuerdo="otro")
