"""The open files of a publication are written with its act, and are there only while it is in sight."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from disclosure.acts import published
from proceedings.world import World, at
from sif.books.services import store_file
from sif.disclosure import stored
from sif.disclosure.content import published_key
from sif.disclosure.models import ArchivoPublicado, ProcesoPublicado
from sif.disclosure.open_files import CONTENT, WRITERS
from sif.disclosure.publish import propose_publicacion, propose_withdrawal, publish_etapa, withdraw_publicacion
from sif.registry.scope import registering


@pytest.fixture(autouse=True)
def datos(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path


def digests(world: World) -> dict[tuple[str, str], str]:
    """The files of the stage that are offered, each checked against the bytes that are given."""
    rows = stored.open_files(published_key(world.etapa))
    for row in rows:
        data = stored.file_stream(row).read()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (row.sha256, row.bytes)
    return {(row.clave, row.forma): row.sha256 for row in rows}


def test_the_act_writes_every_file_and_the_same_figures_give_the_same_bytes(world: World) -> None:
    with at("2018-07-05 12:00"):
        first = published(world)
        seen = digests(world)
        assert set(seen) == {*WRITERS, CONTENT} and seen[CONTENT] == first.propuesta.huella
        second = published(world)
    assert digests(world) == seen
    assert {row.publicacion for row in ArchivoPublicado.objects.all()} == {first.pk, second.pk}


def test_what_is_proposed_and_nobody_published_has_no_file(world: World) -> None:
    key = published_key(world.etapa)
    with at("2018-07-05 12:00"):
        asked = propose_publicacion(world.etapa, world.sofia, without_vote=True)
        assert (digests(world), Client().get(f"/datos-abiertos/{key}/estados-de-cuenta.csv").status_code) == ({}, 404)
        publish_etapa(asked, world.elena)
        before = digests(world)
    with at("2018-07-06 12:00"):  # figures of another day are proposed: what is given is what was published
        propose_publicacion(world.etapa, world.sofia, without_vote=True)
        assert digests(world) == before


def test_the_files_of_a_withdrawn_publication_answer_as_its_pages(world: World) -> None:
    key = published_key(world.etapa)
    addresses = [f"/datos-abiertos/{key}/{name}.{form}" for name, form in (*WRITERS, CONTENT)]
    with at("2018-07-05 12:00"):
        made = published(world)
        assert all(Client().get(address).status_code == 200 for address in addresses)
        asked = propose_withdrawal(made, "Cifra equivocada.", "LGPP 82.1.c", world.elena)
        withdraw_publicacion(asked, world.sofia)
        assert digests(world) == {}
        for address in (*addresses, f"/?proceso={key}"):
            answer = Client().get(address)
            assert (answer.status_code, "Cifra equivocada." in answer.text) == (410, True), address
    with at("2018-07-06 12:00"):
        published(world)
    assert len(digests(world)) == len(addresses)


def test_a_stage_that_shows_again_without_its_act_gives_no_file(world: World) -> None:
    with at("2018-07-05 12:00"):
        made = published(world)
        shown = ProcesoPublicado.objects.get()
        withdraw_publicacion(propose_withdrawal(made, "Error.", "LGPP 82", world.elena), world.sofia)
    with registering():
        ProcesoPublicado.objects.create(
            clave=shown.clave,
            nombre=shown.nombre,
            ambito=shown.ambito,
            inicia_el=shown.inicia_el,
            termina_el=shown.termina_el,
            datos_al=shown.datos_al,
        )
    assert stored.open_files(shown.clave) == []


def test_nobody_changes_a_file_of_a_publication(world: World) -> None:
    with at("2018-07-05 12:00"):
        made = published(world)
    row = ArchivoPublicado.objects.get(publicacion=made.pk, clave="sanciones", forma="csv")
    with pytest.raises(DatabaseError), transaction.atomic():
        ArchivoPublicado.objects.filter(pk=row.pk).update(sha256=store_file(b"otra cosa").sha256)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
