"""What is shown and nobody published is named: a row altered, missing or put in, or a content that is not read."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from acts import committed
from disclosure.acts import published
from proceedings.world import at, build_world
from sif.books.services import read_file, store_file
from sif.books.services.file_store import almacen
from sif.disclosure.models import ArchivoPublicado, ContabilidadPublicada, Publicacion
from sif.disclosure.publish import propose_publicacion, propose_withdrawal, withdraw_publicacion
from sif.disclosure.verifying import verify_published
from sif.filing.verifying import verify_files, verify_rows
from sif.registry.scope import everything, registering, set_scope


def _owner() -> str:
    return psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], dbname=connection.settings_dict["NAME"])


APPROVAL = ("contiende_desde", "acuerdo_aprobacion", "emblema")
LATER = (
    "baja",
    "baja_desde",
    "sustituta",
    "sustituta_contabilidad",
    "informes_en_plazo",
    "informes_hasta",
    "integrantes",
)


@pytest.fixture
def stage(django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path) -> Iterator[Publicacion]:
    settings.DATOS = tmp_path

    def build() -> Publicacion:
        with at("2018-08-06 12:00"):
            return published(build_world())

    with committed(django_db_blocker, build) as made:
        yield made


def _tamper(order: str) -> list[tuple[str, str, str]]:
    """What is named once the owner wrote that."""
    with psycopg.connect(_owner()) as database:
        database.execute(order)
    return [(one.tabla, one.id, one.que) for one in verify_published(_owner())]


@pytest.mark.parametrize(
    ("order", "named"),
    [
        (
            "UPDATE disclosure_contabilidadpublicada SET egresos = egresos + 1 WHERE id_contabilidad = {0}",
            ("disclosure_contabilidadpublicada", "{0}", "no es lo que se publicó: egresos"),
        ),
        (
            "UPDATE disclosure_contabilidadpublicada SET rubros = '{{\"X\": 1}}' WHERE id_contabilidad = {0}",
            ("disclosure_contabilidadpublicada", "{0}", "no es lo que se publicó: rubros"),
        ),
        (
            "DELETE FROM disclosure_contabilidadpublicada WHERE id_contabilidad = {0}",
            ("disclosure_contabilidadpublicada", "{0}", "falta lo que se publicó"),
        ),
        (
            "INSERT INTO disclosure_documentopublicado (proceso_id, clave, titulo, siglas, pdf_sha256, publicado_el)"
            " SELECT id, 'FALSO', 'Falso', '', '', now() FROM disclosure_procesopublicado",
            ("disclosure_documentopublicado", "FALSO", "nadie lo publicó"),
        ),
        (
            "UPDATE disclosure_procesopublicado SET nombre = 'Otro'",
            ("disclosure_procesopublicado", "{1}", "no es lo que se publicó: nombre"),
        ),
    ],
)
def test_what_is_shown_and_was_not_published_is_named(
    stage: Publicacion, order: str, named: tuple[str, str, str]
) -> None:
    assert verify_published(_owner()) == []
    row = ContabilidadPublicada.objects.select_related("proceso").order_by("pk")[0]
    assert _tamper(order.format(row.id_contabilidad)) == [
        tuple(part.format(row.id_contabilidad, row.proceso.clave) for part in named)
    ]


def test_a_stage_that_was_withdrawn_and_shows_again_is_named(stage: Publicacion) -> None:
    with at("2018-08-07 12:00"):
        asked = propose_withdrawal(stage, "Cifra equivocada.", "Artículo 1", stage.publicada_por)
        withdraw_publicacion(asked, stage.propuesta.propuesta_por)
    assert verify_published(_owner()) == []
    order = (
        "INSERT INTO disclosure_procesopublicado (clave, nombre, ambito, entidad, inicia_el, termina_el, datos_al)"
        " VALUES ('OTRO', 'Otro', 'local', '', now(), now(), now())"
    )
    assert _tamper(order) == [("disclosure_procesopublicado", "OTRO", "nadie lo publicó")]


def test_a_content_whose_bytes_changed_is_named(stage: Publicacion) -> None:
    almacen().path_of(stage.propuesta.huella).write_bytes(b"{}")  # type: ignore[attr-defined]
    named = [(one.tabla, one.id) for one in verify_published(_owner())]
    assert named[0] == ("disclosure_publicacion", str(stage.pk))


def test_a_content_of_before_the_approval_of_candidacies_is_verified_as_it_was_published(stage: Publicacion) -> None:
    content = json.loads(read_file(stage.propuesta.huella))
    rows = [{k: v for k, v in row.items() if k not in APPROVAL + LATER} for row in content["contabilidades"]]
    del content["proceso"]["informes"]
    content |= {"formato": "sif-publicacion/2", "contabilidades": rows}
    _replace_content(stage, content)
    with psycopg.connect(_owner()) as database:  # what a migration adds is null in what was shown before
        database.execute("UPDATE disclosure_procesopublicado SET informes = NULL")
        database.execute("UPDATE disclosure_contabilidadpublicada SET informes_en_plazo = NULL, informes_hasta = NULL")
        database.execute("UPDATE disclosure_contabilidadpublicada SET integrantes = NULL")
    assert verify_published(_owner()) == []
    set_rule = "UPDATE disclosure_contabilidadpublicada SET acuerdo_aprobacion = 'otro'"
    assert {told for _table, _id, told in _tamper(set_rule)} == {"no es lo que se publicó: acuerdo_aprobacion"}


def test_rules_of_the_format_before_are_not_asked_for(stage: Publicacion) -> None:
    content = json.loads(read_file(stage.propuesta.huella))
    content |= {"formato": "sif-publicacion/1", "reglas": [{"regla": "CF001", "juzgadas": 9}]}
    _replace_content(stage, content)
    assert verify_published(_owner()) == []


def _replace_content(stage: Publicacion, content: dict[str, Any]) -> None:
    """Say that what a publication published was another content."""
    before = store_file(json.dumps(content).encode()).sha256
    with psycopg.connect(_owner()) as database:
        database.execute("ALTER TABLE disclosure_publicacionpropuesta DISABLE TRIGGER USER")
        database.execute("UPDATE disclosure_publicacionpropuesta SET huella = %s", [before])
        database.execute("ALTER TABLE disclosure_publicacionpropuesta ENABLE TRIGGER USER")


def _unguarded(order: str) -> list[tuple[str, str, str]]:
    """What is named once the owner wrote that with the guards of open files and notices put aside."""
    tables = ("disclosure_archivopublicado", "disclosure_retiropublicado")
    switch = "".join(f"ALTER TABLE {table} {{0}} TRIGGER USER;" for table in tables)
    return _tamper(f"{switch.format('DISABLE')}{order};{switch.format('ENABLE')}")


COPY = (
    "INSERT INTO disclosure_archivopublicado (publicacion, proceso, clave, forma, sha256, bytes, renglones)"
    " SELECT {publicacion}, proceso, {clave}, forma, sha256, bytes, renglones FROM disclosure_archivopublicado"
    " WHERE clave = 'sanciones' AND forma = 'csv'"
)


@pytest.mark.parametrize(
    ("order", "named"),
    [
        (COPY.format(publicacion="publicacion", clave="'otro'"), ("{last}", "nadie lo publicó")),
        (COPY.format(publicacion="publicacion + 9", clave="clave"), ("{last}", "nadie lo publicó")),
        ("DELETE FROM disclosure_archivopublicado WHERE id = {row}", ("{act}/reglas.csv", "falta lo que se publicó")),
        ("UPDATE disclosure_archivopublicado SET renglones = 7 WHERE id = {row}", ("{row}", "no es lo que se publicó")),
        ("UPDATE disclosure_archivopublicado SET proceso = 'X' WHERE id = {row}", ("{row}", "no es lo que se publicó")),
        (
            "UPDATE disclosure_archivopublicado SET sha256 = repeat('0', 64) WHERE id = {row}",
            ("{row}", "no es lo que se publicó"),
        ),
    ],
)
def test_an_open_file_that_its_act_did_not_say_is_named(stage: Publicacion, order: str, named: tuple[str, str]) -> None:
    row = ArchivoPublicado.objects.get(publicacion=stage.pk, clave="reglas", forma="csv")
    found = _unguarded(order.format(row=row.pk))
    last = ArchivoPublicado.objects.latest("pk").pk
    wanted = tuple(part.format(row=row.pk, act=stage.pk, last=last) for part in named)
    assert found == [("disclosure_archivopublicado", *wanted)]


def test_files_of_a_publication_of_before_its_act_said_them_are_compared_with_its_content(stage: Publicacion) -> None:
    with psycopg.connect(_owner()) as database:
        database.execute("ALTER TABLE disclosure_publicacion DISABLE TRIGGER USER")
        database.execute("UPDATE disclosure_publicacion SET archivos = NULL")
        database.execute("ALTER TABLE disclosure_publicacion ENABLE TRIGGER USER")
    assert verify_published(_owner()) == []
    row = ArchivoPublicado.objects.get(publicacion=stage.pk, clave="publicacion")
    found = _unguarded(f"UPDATE disclosure_archivopublicado SET sha256 = repeat('0', 64) WHERE id = {row.pk}")
    assert found == [("disclosure_archivopublicado", str(row.pk), "no es lo que se publicó")]


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ("UPDATE disclosure_retiropublicado SET motivo = 'Otro'", "no es lo que se publicó"),
        ("DELETE FROM disclosure_retiropublicado", "falta lo que se publicó"),
    ],
)
def test_a_notice_that_is_not_of_its_withdrawal_is_named(stage: Publicacion, order: str, what: str) -> None:
    with at("2018-08-07 12:00"):
        asked = propose_withdrawal(stage, "Cifra equivocada.", "Artículo 1", stage.publicada_por)
        withdraw_publicacion(asked, stage.propuesta.propuesta_por)
    assert verify_published(_owner()) == []
    assert _unguarded(order) == [("disclosure_retiropublicado", str(stage.pk), what)]


def test_the_pass_of_who_publishes_writes_no_open_file_even_with_its_act(stage: Publicacion) -> None:
    with transaction.atomic(), everything():
        set_scope("todo", stage.publicada_por_id)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            row = ArchivoPublicado.objects.get(publicacion=stage.pk, clave="reglas", forma="csv")
            asked = propose_publicacion(stage.propuesta.etapa, stage.propuesta.propuesta_por, without_vote=True)
            made = Publicacion.objects.create(
                propuesta=asked, publicada_el=stage.publicada_el, publicada_por=stage.publicada_por
            )
            row.pk, row.publicacion = None, made.pk
            row.save(force_insert=True)


def test_nobody_adds_an_open_file_to_a_publication_that_stands(stage: Publicacion) -> None:
    row = ArchivoPublicado.objects.get(publicacion=stage.pk, clave="sanciones", forma="csv")
    row.pk, row.clave = None, "otro"
    with registering(), pytest.raises(DatabaseError, match="entra con su acto"), transaction.atomic():
        row.save(force_insert=True)


def test_an_open_file_whose_row_or_bytes_changed_is_named(stage: Publicacion) -> None:
    row = ArchivoPublicado.objects.get(publicacion=stage.pk, clave="sanciones", forma="xlsx")
    assert (verify_rows(_owner())[1], verify_files(_owner()).alterados) == ([], [])
    almacen().path_of(row.sha256).write_bytes(b"otro")  # type: ignore[attr-defined]
    assert [(one.tabla, one.id) for one in verify_files(_owner()).alterados] == [("books_archivo", row.sha256)]
    with psycopg.connect(_owner()) as database:
        database.execute("ALTER TABLE disclosure_archivopublicado DISABLE TRIGGER USER")
        database.execute("UPDATE disclosure_archivopublicado SET renglones = 7 WHERE id = %s", [row.pk])
        database.execute("ALTER TABLE disclosure_archivopublicado ENABLE TRIGGER USER")
    assert [(one.tabla, one.id) for one in verify_rows(_owner())[1]] == [("disclosure_archivopublicado", str(row.pk))]
