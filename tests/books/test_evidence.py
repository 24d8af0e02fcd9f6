"""Evidence: kept once by its content, typed by its content, voided but never removed."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sif.books.models import Archivo, Evidencia, EvidenciaSinEfecto
from sif.books.selectors import missing_evidence
from sif.books.services import (
    Support,
    attach_evidencia,
    attach_to_many,
    post_many,
    post_poliza,
    read_file,
    store_file,
    void_evidencia,
)
from sif.books.services import evidencias as room
from sif.registry import clock
from sif.registry.services import open_correction
from sif.values import Refused
from small_world import ZONE, World

PDF = b"%PDF-1.7 contrato"


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "archivos").rglob("*") if path.is_file()]


def test_the_same_bytes_are_kept_once_under_their_digest(world: World, tmp_path: Path) -> None:
    first, second = store_file(PDF), store_file(PDF)
    assert first == second
    assert files(tmp_path) == [tmp_path / "archivos" / first.pk[:2] / first.pk[2:]]
    assert (read_file(first.pk), first.tipo, first.bytes) == (PDF, "application/pdf", len(PDF))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "application/pdf"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "text/xml"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 32, "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 32, "image/jpeg"),
        ("Relación de páginas".encode(), "text/plain"),
    ],
)
def test_the_type_is_told_by_the_content(world: World, data: bytes, kind: str) -> None:
    assert store_file(data).tipo == kind


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0program", b"\x7fELF\x02\x01", b"#!/bin/sh\nrm"])
def test_nothing_empty_and_no_program_is_kept(world: World, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused):
        store_file(data)
    assert not files(tmp_path)


def test_a_file_too_big_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_BYTES", 10)
    with pytest.raises(Refused, match="17 bytes"):
        store_file(PDF)


def test_a_disk_that_fails_leaves_no_row_and_no_part(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError(28, "no space")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        store_file(PDF)
    assert not Archivo.objects.exists()
    assert not files(tmp_path)


def test_a_file_changed_on_disk_is_not_served(world: World, tmp_path: Path) -> None:
    kept = store_file(PDF)
    files(tmp_path)[0].write_bytes(b"%PDF-1.7 otro")
    with pytest.raises(ValueError, match="respaldo"):
        read_file(kept.pk)


def test_one_file_is_attached_to_many_with_the_same_questions_or_to_none(
    world: World,
) -> None:
    own = replace(world.expense("300.00"), contabilidad_id=world.other_books.pk)
    posted = post_many([(world.expense(str(n)), Support()) for n in range(1, 8)] + [(own, Support())], world.clerk)
    kept = store_file(PDF)
    asked = []
    for several in (posted[:1], posted):
        with CaptureQueriesContext(connection) as seen:
            attach_to_many(several, "pdf", "x.pdf", kept, world.clerk)
        asked.append(len(seen) - len(several))  # whether each of their books is captured by this person
    assert asked[1] <= asked[0]
    assert Evidencia.objects.filter(archivo=kept).count() == 1 + 8
    with pytest.raises(Refused) as refused:
        attach_to_many([*posted, post_poliza(world.expense(), world.clerk)], "inventada", "x.pdf", kept, world.clerk)
    assert refused.value.problems[0].codigo == "clase"
    assert Evidencia.objects.filter(archivo=kept).count() == 9


def test_what_the_accounts_ask_for_is_missed_until_attached(world: World) -> None:
    posted = post_poliza(world.expense(), world.clerk)
    asked = lambda: sorted(row.clase for row in missing_evidence([world.books.pk]))  # noqa: E731
    assert asked() == ["muestra", "pdf", "xml"]
    held = attach_evidencia(posted, "pdf", "factura.pdf", store_file(PDF), world.clerk)
    assert asked() == ["muestra", "xml"]
    void_evidencia(held, "Era de otra factura.", world.clerk)
    assert asked() == ["muestra", "pdf", "xml"]
    assert Evidencia.objects.get().sin_efecto.motivo == "Era de otra factura."


def test_attaching_has_its_refusals(world: World) -> None:
    posted, kept = post_poliza(world.expense(), world.clerk), store_file(PDF)
    for clase, by, code in (
        ("pdf", world.stranger, "ajena"),
        ("nada", world.clerk, "clase"),
        ("kardex", world.clerk, "clase_no_admitida"),
    ):
        with pytest.raises(Refused) as caught:
            attach_evidencia(posted, clase, "x.pdf", kept, by)
        assert caught.value.problems[0].codigo == code
    with clock.at(datetime(2024, 5, 10, tzinfo=ZONE)), pytest.raises(Refused, match="cerrado"):
        attach_evidencia(posted, "pdf", "x.pdf", kept, world.clerk)
    assert not Evidencia.objects.exists()


def test_voiding_needs_a_reason_an_owner_and_happens_once(world: World) -> None:
    held = attach_evidencia(post_poliza(world.expense(), world.clerk), "pdf", "x.pdf", store_file(PDF), world.clerk)
    for motivo, by, code in ((" ", world.clerk, "motivo"), ("x", world.stranger, "ajena")):
        with pytest.raises(Refused) as caught:
            void_evidencia(held, motivo, by)
        assert caught.value.problems[0].codigo == code
    void_evidencia(held, "Duplicada.", world.clerk)
    with pytest.raises(Refused) as caught:
        void_evidencia(held, "Otra vez.", world.clerk)
    assert caught.value.problems[0].codigo == "sin_efecto"


def test_evidence_of_a_closed_period_changes_only_in_its_window_of_correction(world: World) -> None:
    posted = post_poliza(world.expense(), world.clerk)
    held = attach_evidencia(posted, "pdf", "x.pdf", store_file(PDF), world.clerk)
    closed = datetime(2024, 6, 16, 9, tzinfo=ZONE)
    with clock.at(closed):
        with pytest.raises(Refused) as caught:
            void_evidencia(held, "Era de otra.", world.clerk)
        assert (caught.value.problems[0].codigo, EvidenciaSinEfecto.objects.count()) == ("cerrado", 0)
        open_correction(world.etapa, world.rival, closed, closed + timedelta(days=5), "LGPP 80.1.d.III")
        with pytest.raises(Refused, match="cerrado"):
            void_evidencia(held, "Era de otra.", world.clerk)
        open_correction(world.etapa, world.party, closed, closed + timedelta(days=5), "LGPP 80.1.d.III")
        attach_evidencia(posted, "pdf", "y.pdf", store_file(PDF + b" otro"), world.clerk)
        void_evidencia(held, "Era de otra.", world.clerk)
    assert EvidenciaSinEfecto.objects.get().evidencia == held
