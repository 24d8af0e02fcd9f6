"""The preflight of large books as a job: its answer is that of a request, for who asked and of those books alone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sif.audit import preflight_kept, preflight_tasks
from sif.audit.engine import RunFailed
from sif.audit.preflight import Preflight, preflight
from sif.audit.preflight_tasks import ask_for_preflight, last_answer, open_preflight, stamp
from sif.books.services import post_poliza
from sif.jobs.kinds import Cancelled
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.registry import clock
from sif.registry.appointments import end_nombramiento
from sif.registry.models import Nombramiento
from sif.registry.services import appoint, create_usuario
from small_world import World


@pytest.fixture
def posted(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Two sets of books with six expenses that nothing proves, and jobs that wait for a worker."""
    settings.TRABAJOS_EN_LINEA = False
    monkeypatch.setattr(preflight_kept, "GROUP", 2)
    for pesos in ("100.00", "200.00", "300.00", "400.00", "500.00"):
        post_poliza(world.expense(pesos), world.clerk)
    post_poliza(replace(world.expense("700.00"), contabilidad_id=world.other_books.pk), world.clerk)
    yield world


def both(world: World) -> list[Any]:
    return [world.books, world.other_books]


def done(world: World, libros: list[Any]) -> Trabajo:
    trabajo = ask_for_preflight(libros, world.clerk)
    run_pieces(trabajo.pk)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    return trabajo


def plain(found: Preflight) -> Preflight:
    """An answer with its cases at hand."""
    return replace(found, riesgos=tuple(replace(risk, hallazgos=tuple(risk.hallazgos)) for risk in found.riesgos))


def test_the_kept_answer_is_that_of_a_request(posted: World) -> None:
    for libros, whole in ((both(posted), True), ([posted.books], False)):
        trabajo = done(posted, libros)
        assert (trabajo.estado, trabajo.intentos, set(trabajo.resultado)) == ("hecho", 1, {"respuesta"})
        answer = last_answer(libros, posted.clerk)
        assert answer is not None
        assert plain(answer.revision) == plain(preflight(posted.etapa, libros, whole_subject=whole))
        assert (answer.corrida_el, answer.sello) == (clock.now(), stamp(libros))


def test_some_of_its_cases_are_read_without_the_rest(posted: World) -> None:
    done(posted, both(posted))
    answer = last_answer(both(posted), posted.clerk)
    assert answer is not None
    (risk,) = [each for each in answer.revision.riesgos if each.regla.id == "EV001"]
    amounts = [each.monto for each in risk.hallazgos]
    assert amounts == [70_000, 50_000, 40_000, 30_000, 20_000, 10_000] and len(risk.hallazgos) == 6
    for start in range(7):
        for stop in range(8):
            assert [each.monto for each in risk.hallazgos[start:stop]] == amounts[start:stop]
    assert (risk.hallazgos[3].monto, risk.hallazgos[-1].monto) == (30_000, 10_000)
    with pytest.raises(IndexError):
        risk.hallazgos[6]


def test_it_is_asked_once_and_answers_these_books_by_these_rules_to_this_person(
    posted: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = both(posted)
    assert last_answer(whole, posted.clerk) is None and open_preflight(whole, posted.clerk) is None
    first = ask_for_preflight(whole, posted.clerk)
    assert ask_for_preflight(whole, posted.clerk).pk == first.pk
    assert open_preflight(whole, posted.clerk) == first and open_preflight([posted.books], posted.clerk) is None
    assert last_answer(whole, posted.clerk) is None
    run_pieces(first.pk)
    assert last_answer(whole, posted.clerk) is not None and open_preflight(whole, posted.clerk) is None
    assert last_answer([posted.books], posted.clerk) is None
    colleague = create_usuario("pilar.previa", "Pilar", "", password_hash="!")
    appoint(colleague, "consulta", posted.party)
    assert last_answer(whole, colleague) is None
    monkeypatch.setattr(preflight_tasks, "rules_of", lambda _etapa: [])
    assert last_answer(whole, posted.clerk) is None


def test_who_does_not_consult_all_of_the_books_neither_asks_nor_reads(posted: World) -> None:
    done(posted, both(posted))
    for libros in (both(posted), [posted.books]):
        with pytest.raises(PermissionError, match="ya no consulta"):
            ask_for_preflight(libros, posted.stranger)
        with pytest.raises(PermissionError, match="ya no consulta"):
            last_answer(libros, posted.stranger)
    leave(posted)
    assert last_answer([posted.books], posted.clerk) is None
    with pytest.raises(PermissionError, match="ya no consulta"):
        last_answer(both(posted), posted.clerk)


def leave(world: World) -> None:
    """End the appointments of the clerk, who keeps one set of books from then on."""
    hugo = create_usuario("hugo.previa", "Hugo", "", password_hash="!")
    appoint(hugo, "administrador")
    for each in Nombramiento.objects.filter(usuario=world.clerk):
        end_nombramiento(each, "Cambia de encargo.", hugo)
    appoint(world.clerk, "capturista", world.party, [world.books])


def test_who_lost_a_set_of_books_while_it_waited_is_answered_nothing(posted: World) -> None:
    trabajo = ask_for_preflight(both(posted), posted.clerk)
    leave(posted)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert trabajo.estado == "fallido" and "ya no consulta" in trabajo.problemas[0]["mensaje"]


def test_the_last_of_two_answers_stands_until_its_file_expires(posted: World, settings: Any) -> None:
    done(posted, both(posted))
    before = last_answer(both(posted), posted.clerk)
    post_poliza(posted.expense("900.00"), posted.clerk)
    assert before is not None and before.sello != stamp(both(posted))
    done(posted, both(posted))
    after = last_answer(both(posted), posted.clerk)
    assert after is not None and after.sello == stamp(both(posted))
    assert after.revision.hallazgos > before.revision.hallazgos
    for path in (settings.DATOS / "trabajos").iterdir():
        path.unlink()
    assert last_answer(both(posted), posted.clerk) is None


def test_a_rule_that_does_not_run_is_told_and_nothing_is_kept(posted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any, **_told: Any) -> Any:
        raise RunFailed("EV001", "pasó de 900 segundos.")

    monkeypatch.setattr(preflight_tasks, "preflight", fails)
    trabajo = done(posted, both(posted))
    assert trabajo.estado == "fallido" and "EV001 no corrió" in trabajo.problemas[0]["mensaje"]
    assert list((preflight_tasks.settings.DATOS / "trabajos").iterdir()) == []


def test_it_tells_how_many_rules_answered_and_stops_at_any(posted: World, settings: Any) -> None:
    told: list[int] = []
    found = preflight(posted.etapa, both(posted), whole_subject=True, tell=told.append)
    assert told[:2] == [0, 0] and told[-1] == max(told) == len(found.cumplen) + len(found.esperan)

    def cancelled(rules: int) -> None:
        if rules == 3:
            raise Cancelled

    work = settings.DATOS / "resultados" / "revision"
    with pytest.raises(Cancelled):
        preflight(posted.etapa, both(posted), whole_subject=True, tell=cancelled, work=work)
    assert not work.exists()
