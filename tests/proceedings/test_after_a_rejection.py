"""A resolución that the council rejects does not end its matter: another project is drawn, voted and counted."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kept import keeps
from proceedings.world import World, at, build_world, submitted
from sif.disclosure.selectors import unvoted
from sif.proceedings import closing, resolving
from sif.proceedings.capacity import capacity_of
from sif.proceedings.models import Dictamen, Resolucion, Sancion
from sif.proceedings.progress import review_steps
from sif.registry import clock
from sif.registry.scope import acting, everything
from sif.values import Refused

AGAIN = date(2018, 8, 20)


def _rejected() -> World:
    with everything():
        world = build_world()
        world.observacion([world.hallazgo("100,000.00", "TP001")], criterio="rebase_tope")
        world.oficio()
        world.dictamen()
        world.resolucion()
        world.voted(2, 3)
        return world


@pytest.fixture
@keeps(_rejected)
def rejected(world_of: Callable[..., Any]) -> Iterator[World]:
    """A resolución that two councillors approved and three did not."""
    with everything():
        yield world_of(_rejected)


def drawn_again(world: World) -> Resolucion:
    with at("2018-08-07 10:00"):
        return resolving.draft_resolucion(Dictamen.objects.get(), AGAIN, world.gloria)


def test_another_project_is_drawn_voted_and_approved(rejected: World) -> None:
    first = Resolucion.objects.get()
    second = drawn_again(rejected)
    assert (second.sustituye, first.estado, second.estado) == (first, "rechazada", "proyecto")
    assert second.numero != first.numero
    assert [row.monto for row in first.sanciones.all()] == [row.monto for row in second.sanciones.all()] != []
    with at("2018-08-20 12:00"):
        submitted(second, rejected.gloria, rejected.sofia)
        for person in rejected.consejo:
            resolving.vote(second, person, "a_favor")
        approved = resolving.close_vote(second, rejected.sofia)
    assert approved.estado == "aprobada"
    assert Dictamen.objects.get().resolucion == approved
    assert Resolucion.objects.get(pk=first.pk).documento == first.documento  # as it was voted


def test_its_document_says_which_one_it_replaces(rejected: World) -> None:
    first, second = Resolucion.objects.get(), drawn_again(rejected)
    said = resolving.resolucion_data(resolving._redraw(second))
    assert f"Sustituye a la resolución {first.numero}, que el Consejo rechazó el 6 de agosto de 2018." in str(said)


def test_one_alone_replaces_it_and_none_replaces_what_waits_or_was_approved(rejected: World) -> None:
    second = drawn_again(rejected)
    with pytest.raises(Refused) as told:
        drawn_again(rejected)
    assert [each.codigo for each in told.value.problems] == ["ACTO_FUERA_DE_LUGAR"]
    with pytest.raises(Error, match="sólo sustituye a la que el Consejo rechazó"):
        forge(second, second.pk)


def test_sql_draws_no_second_first_project(rejected: World) -> None:
    with pytest.raises(Error, match="resolucion_primera_de_su_dictamen"):
        forge(Resolucion.objects.get(), None)


def forge(row: Resolucion, before: int | None) -> None:
    """Insert by SQL another project of the dictamen of a resolución; it is undone."""
    with acting(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH d AS (INSERT INTO proceedings_documento (clave, titulo, pdf_sha256, docx_sha256, texto_sha256,"
            " hecho_el) SELECT 'forjada', 'x', pdf_sha256, docx_sha256, texto_sha256, now() FROM"
            " proceedings_documento LIMIT 1 RETURNING id) INSERT INTO proceedings_resolucion (dictamen_id, numero,"
            " sesion_el, proyecto_id, elaborada_el, elaborada_por_id, sustituye_id) SELECT r.dictamen_id, 'otra',"
            " r.sesion_el, d.id, r.elaborada_el, r.elaborada_por_id, %s FROM proceedings_resolucion r, d"
            " WHERE r.id = %s",
            [before, row.pk],
        )
        transaction.set_rollback(True)


def test_what_was_rejected_counts_nowhere(rejected: World) -> None:
    etapa, before = rejected.etapa, [each.clase for each in closing.what_is_open(rejected.etapa)[0]]
    assert "rechazada" in before
    assert unvoted(etapa).rechazadas == 1  # type: ignore[union-attr]
    second = drawn_again(rejected)
    assert [each.clase for each in closing.what_is_open(etapa)[0]] == [
        "resolucion" if each == "rechazada" else each for each in before
    ]
    assert unvoted(etapa).rechazadas == 0  # type: ignore[union-attr]
    assert review_steps(etapa)["comision"] == (1, 1)
    assert review_steps(etapa)["consejo"] == (0, 1)
    assert Sancion.objects.count() == 2
    assert capacity_of(second.dictamen.sujeto, etapa.proceso, AGAIN, clock.now()).anteriores == ()
