"""What forged SQL reads and cites under the pass of a person: people of their subjects, and files that they have."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from sif.batch.files import stored_file
from sif.books.models import Archivo, Entrega, Evidencia
from sif.books.services import Handed, attach_evidencia, file_of, post_poliza, read_file, store_file, store_path
from sif.books.services.evidencias import store_files
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services import NewPersona, save_persona
from sif.commands.backup import evidence_of_installation
from sif.registry.history import current_of
from sif.registry.models import Candidatura, Cargo, Contabilidad, Persona, SujetoObligado, Territorio
from sif.registry.scope import acting, everything, set_scope
from sif.registry.services import NewCandidatura, approve_candidatura, register_persona
from sif.values import Refused
from small_world import World

CURP = "ROZA800101MMCBPL09"
DAY = date(2024, 4, 8)
REFUSED = "row-level security"


def run(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.description else []


def new(sujeto: SujetoObligado, nombre: str, curp: str = "", **more: str) -> NewPersona:
    return NewPersona(sujeto.pk, nombre, "empleo", DAY, curp=curp, **more)


def names() -> set[str]:
    return {name for (name,) in run("SELECT nombre FROM registry_persona")}


@pytest.fixture
def people(world: World) -> Iterator[World]:
    """A candidate of each subject, and a person that each enrolled."""
    territory = Territorio.objects.create(clave="15", nombre="México", tipo="entidad", entidad="MEX")
    office = Cargo.objects.create(clave="dip", nombre="Diputación", ambito="federal", columna="L")
    for n, (sujeto, name) in enumerate(((world.party, "Nuestra"), (world.rival, "Suya"))):
        nominated = NewCandidatura(f"F-{n}", register_persona(f"Candidata {name}"), sujeto, office, territory)
        approve_candidatura(world.etapa, nominated)
    save_persona(new(world.party, "Empleada Nuestra"), world.clerk)
    save_persona(new(world.rival, "Empleada Suya", CURP), world.stranger)
    yield world
    set_scope("todo")


def as_clerk(world: World) -> None:
    set_scope(f"s{world.party.pk}", world.clerk.pk)


def test_a_person_is_read_by_the_subjects_that_have_her_and_the_authority(people: World) -> None:
    ours, theirs = {"Candidata Nuestra", "Empleada Nuestra"}, {"Candidata Suya", "Empleada Suya"}
    mine = Contabilidad.objects.get(sujeto=people.party, candidatura__isnull=False).pk
    for scope, seen in (
        ("", set()),
        (f"s{people.party.pk}", ours),
        (f"s{people.rival.pk}", theirs),
        (str(people.foreign.pk), theirs),
        (str(mine), ours),
        ("todo", ours | theirs),
        ("registro", ours | theirs),
    ):
        set_scope(scope, people.clerk.pk if scope else 0)
        assert names() == seen, scope


def test_what_says_who_is_reached_gives_no_more_than_the_scope_and_nobody_writes_it(people: World) -> None:
    as_clerk(people)
    assert {sujeto for (sujeto,) in run("SELECT sujeto_id FROM registry_alcancepersona")} == {people.party.pk}
    forged = (
        "INSERT INTO registry_alcancepersona (identidad, sujeto_id) SELECT max(identidad), {} FROM registry_persona"
    )
    for order, told in (
        (forged.format(people.party.pk), REFUSED),
        ("DELETE FROM registry_alcancepersona", "permission denied"),
        (f"UPDATE registry_alcancepersona SET sujeto_id = {people.party.pk}", "permission denied"),
        ("INSERT INTO sif_archivos_del_alcance VALUES ('x')", r"permission denied|cannot"),
        ("DELETE FROM sif_archivos_del_alcance", r"permission denied|cannot"),
    ):
        with pytest.raises(DatabaseError, match=told), acting():
            run(order)
    set_scope("", 0)
    assert run("SELECT sujeto_id FROM registry_alcancepersona") == []
    assert run("SELECT llave FROM sif_archivos_del_alcance") == []


def test_no_sql_of_a_person_gives_its_subject_a_person_of_another(people: World) -> None:
    number = Persona.objects.get(nombre="Empleada Suya").pk
    as_clerk(people)
    forged = (
        "INSERT INTO catalogs_personasujeto (sujeto_id, persona_id, relacion, desde, hasta, clave_elector, domicilio,"
        f" registrada_por_id) VALUES ({people.party.pk}, {number}, 'empleo', '2024-04-01', '9999-12-31', '', '',"
        f" {people.clerk.pk})"
    )
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run(forged)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run(
            "INSERT INTO registry_persona (nombre, rfc, sexo, registrada_por_id)"
            f" VALUES ('x', '', '', {people.clerk.pk})"
        )
    assert names() == {"Candidata Nuestra", "Empleada Nuestra"}


def test_who_holds_a_whole_curp_enrols_its_person_and_then_sees_all_its_versions(people: World) -> None:
    as_clerk(people)
    assert not Persona.objects.filter(curp=CURP).exists()
    made = save_persona(new(people.party, "Otro Nombre", CURP, rfc="ROZA800101AB1"), people.clerk)
    seen = PersonaSujeto.objects.select_related("persona").get(pk=made.pk)
    assert (seen.persona.nombre, seen.persona.rfc, seen.persona.version) == ("Empleada Suya", "ROZA800101AB1", 2)
    assert [row.version for row in Persona.objects.filter(curp=CURP).order_by("version")] == [1, 2]
    with pytest.raises(Refused) as refused:
        save_persona(new(people.party, "Otro", CURP), people.clerk)
    assert [each.codigo for each in refused.value.problems] == ["repetida"]
    set_scope(f"s{people.rival.pk}", people.stranger.pk)
    assert current_of(Persona.objects.get(curp=CURP, version=1)).version == 2  # she is one for both


def test_a_curp_of_a_person_of_another_subject_is_refused_to_one_of_ours(people: World) -> None:
    as_clerk(people)
    ours = PersonaSujeto.objects.get()
    with pytest.raises(Refused) as refused:
        save_persona(new(people.party, "Empleada Nuestra", CURP), people.clerk, ficha=ours, motivo="Llegó su CURP")
    assert [each.donde for each in refused.value.problems] == ["curp"]
    fixed = save_persona(new(people.party, "Empleada Corregida"), people.clerk, ficha=ours, motivo="Se escribió mal")
    assert fixed.persona.nombre == "Empleada Corregida"


def test_the_name_of_who_another_subject_has_too_is_not_ours_to_change(people: World) -> None:
    as_clerk(people)
    ours = save_persona(new(people.party, "x", CURP), people.clerk)
    renamed = new(people.party, "Otra Cosa", CURP, domicilio="Aquí")
    fixed = save_persona(renamed, people.clerk, ficha=ours, motivo="Su domicilio")
    assert fixed.persona.nombre == "Empleada Suya"


def test_a_nominated_person_stands_in_the_books_of_her_subject(people: World) -> None:
    as_clerk(people)
    books = Contabilidad.objects.select_related("candidatura__persona").get(sujeto=people.party, clase="candidatura")
    assert books.titular == "Candidata Nuestra"
    assert Candidatura.objects.count() == 2  # that there are candidacies is public


@pytest.fixture
def files(world: World) -> Iterator[tuple[World, Archivo]]:
    """A file that is evidence of the rival, which handed it in."""
    with everything():
        theirs = post_poliza(world.expense("1.00", contabilidad_id=world.foreign.pk), world.stranger)
    set_scope(f"s{world.rival.pk}", world.stranger.pk)
    kept = store_file(b"%PDF-1.7 suyo", Handed(world.foreign, world.stranger))
    attach_evidencia(theirs, "pdf", "a.pdf", kept, world.stranger)
    yield world, kept
    set_scope("todo")


def test_a_file_is_seen_by_who_handed_it_in_or_has_it_as_evidence(files: tuple[World, Archivo], tmp_path: Path) -> None:
    world, theirs = files
    assert run("SELECT sha256 FROM books_archivo") == [(theirs.pk,)]
    for scope, count in ((str(world.foreign.pk), 1), ("", 0), (f"s{world.party.pk}", 0), ("todo", 1)):
        set_scope(scope, world.clerk.pk if scope else 0)
        assert len(run("SELECT sha256, bytes FROM books_archivo")) == count, scope
    as_clerk(world)
    handed = Handed(world.books, world.clerk)
    own = store_file(b"%PDF-1.7 propio", handed)
    (tmp_path / "x").write_bytes(b"%PDF-1.7 otro")
    other = store_path(tmp_path / "x", handed)
    assert set(run("SELECT sha256 FROM books_archivo")) == {(own.pk,), (other.pk,)}
    assert Entrega.objects.filter(sujeto=world.party, entregada_por=world.clerk).count() == 2
    assert file_of(theirs.pk) == theirs  # a record that the clerk may read names it


def test_evidence_shows_its_file_to_its_books_whoever_brought_it(files: tuple[World, Archivo]) -> None:
    world, _theirs = files
    with everything(world.clerk.pk):  # of the authority: nobody handed it in for a subject
        kept = store_file(b"%PDF-1.7 de oficio")
        posted = post_poliza(world.expense("3.00"), world.clerk)
    as_clerk(world)
    assert run("SELECT sha256 FROM books_archivo") == []
    with everything(world.clerk.pk):
        attach_evidencia(posted, "pdf", "a.pdf", kept, world.clerk)
    as_clerk(world)
    assert run("SELECT sha256 FROM books_archivo") == [(kept.pk,)]


def test_the_digest_of_a_file_of_another_makes_no_evidence(files: tuple[World, Archivo]) -> None:
    world, theirs = files
    as_clerk(world)
    own = post_poliza(world.expense("2.00"), world.clerk)
    forged = (
        "INSERT INTO books_evidencia (poliza_id, contabilidad_id, clase_id, archivo_id, nombre, cargada_el,"
        f" cargada_por_id) SELECT {own.pk}, {own.contabilidad_id}, 'pdf', '{theirs.pk}', n, now(), {world.clerk.pk}"
        " FROM unnest(ARRAY['a', 'b']) n"
    )
    with pytest.raises(DatabaseError, match="no lo entregó"), acting():  # even in an act of theirs
        run(forged)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run(
            "INSERT INTO books_entrega (archivo_id, sujeto_id, entregada_el, entregada_por_id)"
            f" VALUES ('{theirs.pk}', {world.party.pk}, now(), {world.clerk.pk})"
        )
    with pytest.raises(Archivo.DoesNotExist), stored_file(theirs.pk):
        pass
    assert not Evidencia.objects.exists()


def test_who_brings_the_same_bytes_cites_them_and_so_do_the_people_of_the_subject(files: tuple[World, Archivo]) -> None:
    world, theirs = files
    as_clerk(world)
    own = post_poliza(world.expense("2.00"), world.clerk)
    handed = Handed(world.books, world.clerk)
    [same] = store_files([b"%PDF-1.7 suyo"], handed)
    assert same.pk == theirs.pk and store_files([b"%PDF-1.7 suyo"], handed) == [same]
    set_scope(str(world.books.pk), world.clerk.pk)  # books of it alone
    attach_evidencia(own, "pdf", "a.pdf", same, world.clerk)
    attach_evidencia(own, "otra", "a.pdf", same, world.clerk)
    assert read_file(same.pk) == b"%PDF-1.7 suyo"
    assert Evidencia.objects.count() == 2


def test_a_backup_names_every_file_though_its_command_has_no_scope(files: tuple[World, Archivo]) -> None:
    _world, theirs = files
    set_scope("", 0)
    assert not Archivo.objects.exists()
    assert list(evidence_of_installation().nombres()) == [theirs.pk]
