"""A snapshot taken little by little is the same snapshot: same bytes, whatever was read from the database again."""

import json
import resource
import shutil
import stat
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proceedings.world import at, build_world
from sif.audit import copying, freeze, services
from sif.audit.engine import Snapshot, SnapshotRefused, open_snapshot
from sif.books.services import NewAportacion, Support, attach_evidencia, post_poliza, store_file, void_evidencia
from sif.catalogs.services import NewAportante, save_aportante
from sif.catalogs.services.campaign_events import NewEvento, cancel_evento, register_evento
from sif.filing.selectors import obligations
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.clock import legal_zone
from sif.registry.models import Contabilidad, Etapa, IntegranteCoalicion, Proceso, SujetoObligado
from sif.registry.scope import acting, everything, registering
from sif.registry.services import open_contabilidad, register_proveedor, register_sujeto
from sif.values import Money
from small_world import BANKS, GIFT, LEAFLETS, PAYABLE, PETROL, World

CUT = date(2024, 6, 10)
NAMES = ("polizas", "movimientos", "evidencias")


def _whole(world: World) -> dict[str, dict[str, object]]:
    """The manifest of a snapshot read whole from the database."""
    _, manifest = freeze.freeze_tables(world.etapa, CUT)
    tables: dict[str, dict[str, object]] = manifest["tables"]
    return tables


def test_what_is_new_is_added_and_the_digest_is_that_of_the_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "ROWS_IN_A_GROUP", 4)  # several groups, cut where they fall
    for _ in range(3):
        post_poliza(world.expense("1000.00"), world.clerk)
    first = services.freeze(world.etapa, CUT)
    for amount in ("10.00", "20.00"):
        post_poliza(world.expense(amount), world.clerk)
    seen: list[str] = []
    original = copying.copied

    def watched(table, query, asked, where=""):  # type: ignore[no-untyped-def]
        seen.append(f"{table.name}: {where}")
        return original(table, query, asked, where)

    monkeypatch.setattr(copying, "copied", watched)
    second = services.freeze(world.etapa, CUT)
    assert second.digest != first.digest
    assert any(text.startswith("polizas: poliza_id > ") for text in seen)
    shutil.rmtree(services.folder_of(second))
    assert {n: second.manifiesto["tables"][n] for n in NAMES} == {n: _whole(world)[n] for n in NAMES}


def test_each_report_that_is_owed_is_in_the_snapshot_and_nobody_may_write_in_it(
    db: None, settings: Any, tmp_path: Path
) -> None:
    settings.DATOS = tmp_path
    with everything(), at("2018-07-05 12:00"):
        etapa = build_world().etapa
        folder, _ = freeze.freeze_tables(etapa, date(2018, 7, 4))
        owed = [(row.contabilidad_id, row.periodo.pk, None) for row in obligations(etapa)]
        last = max(row.vence_el for row in obligations(etapa)) - timedelta(seconds=1)
    rows = pq.read_table(folder / "informes.parquet").to_pylist()
    assert len(owed) == 2 * etapa.periodos.count()
    assert [(row["contabilidad_id"], row["periodo_id"], row["presentado_el"]) for row in rows] == owed
    assert max(row["vence_el"] for row in rows) == last.astimezone(legal_zone()).date()
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o444}


@pytest.mark.parametrize(
    ("clase", "lines", "proved"),
    [
        ("reclasificacion", ((LEAFLETS, 1), (PETROL, -1)), "reclasificacion"),
        ("reclasificacion", ((LEAFLETS, 1), (PAYABLE, -1)), "ordinaria"),
        ("reclasificacion", ((PAYABLE, 1), (BANKS, -1)), "ordinaria"),
        ("transferencia", ((LEAFLETS, 1), (PAYABLE, -1)), "ordinaria"),
        ("prorrateo", ((LEAFLETS, 1), (PETROL, -1)), "ordinaria"),
        ("ordinaria", ((LEAFLETS, 1), (PETROL, -1)), "ordinaria"),
    ],
)
def test_the_class_of_a_poliza_is_what_its_records_and_lines_prove(
    world: World, clase: str, lines: tuple[tuple[str, int], ...], proved: str
) -> None:
    own: dict[str, Any] = {"auxiliar_tipo": "proveedor", "auxiliar_id": world.supplier.pk}
    bank: dict[str, Any] = {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": world.bank.pk}
    amount = Money.parse("500.00")
    made = tuple(
        NewLine(account, **{"cargo" if sign > 0 else "abono": amount, **(bank if account == BANKS else own)})
        for account, sign in lines
    )
    post_poliza(world.expense(clase=clase, lineas=made), world.clerk)
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    assert [row["clase"] for row in pq.read_table(folder / "polizas.parquet").to_pylist()] == [proved]


@pytest.mark.parametrize(
    ("ambito", "entidad", "anio", "changed"),
    [
        ("local", "NLE", 2018, [5000]),
        ("local", "NLE", 2021, []),
        ("federal", "", 2018, []),
    ],
)
def test_a_figure_that_a_judgement_changed_is_in_the_snapshot_of_its_process_alone(
    ambito: str, entidad: str, anio: int, changed: list[int]
) -> None:
    etapa = Etapa(proceso=Proceso(ambito=ambito, entidad=entidad, anio=anio))
    rows = list(freeze.fixed_rows("parametros", etapa, etapa, CUT) or ())
    assert [row[3] for row in rows if row[0] == "excepcion limite_independientes_pb"] == changed
    assert [row[3] for row in rows if row[0] == "limite_independientes_pb"] == [1000]


@pytest.mark.parametrize(("tipo", "alone"), [("aspirante", True), ("independiente", True), ("partido", False)])
def test_who_seeks_an_independent_candidacy_is_told_as_one(world: World, tipo: str, alone: bool) -> None:
    """LGIPE 376.1, 380.1.c and 446.1.d and f: neither receives nor pays in cash."""
    with acting():
        sujeto = register_sujeto(tipo, "91", "QASP", "Quien contiende", "PAM140101AB2")
        books = open_contabilidad(world.etapa, sujeto, Contabilidad.Clase.CONCENTRADORA)
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    rows = pq.read_table(folder / "contabilidades.parquet").to_pylist()
    assert [row["independiente"] for row in rows if row["contabilidad_id"] == books.pk] == [alone]


@pytest.mark.parametrize(("told", "hours"), [((22, 12), -12), ((25, 0), 48), ((25, 0, 1), 49)])
def test_a_cancellation_is_counted_from_the_end_of_the_day_of_its_event(
    world: World, told: tuple[int, ...], hours: int
) -> None:
    """RF 143 Bis.2: after the date on which it was to be held, and not after the hour at which it was to begin."""
    rally = NewEvento(
        "Mitin", "publico", True, date(2024, 4, 22), time(8), time(9), "MEX", "San Jacinto", "Plaza", "Rita Solís"
    )
    event = register_evento(world.books, rally, world.clerk)
    with clock.at(datetime(2024, 4, *told, tzinfo=legal_zone())):
        cancel_evento(event, "Lluvia", world.clerk)
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    [row] = pq.read_table(folder / "cambios_evento.parquet").to_pylist()
    assert (row["acto"], row["horas_despues"]) == ("cancelado", hours)


def test_the_members_of_a_coalition_are_told_with_it_though_they_keep_no_books_of_their_own(world: World) -> None:
    """Its invoices are in the RFC of a member: who is not there has no RFC to be compared with."""
    with registering():
        union, member, former, alone = (
            SujetoObligado.objects.create(tipo=tipo, numero=name, siglas=name, nombre=name, rfc=rfc)
            for tipo, name, rfc in (
                ("coalicion", "U1", ""),
                ("partido", "U2", "PAM140101AB2"),
                ("partido", "U3", "PAM140101AC0"),
                ("partido", "U4", "PAM140101AD9"),
            )
        )
        for party, ends in ((member, date(9999, 12, 31)), (former, date(2024, 3, 2))):
            IntegranteCoalicion.objects.create(
                coalicion=union, sujeto=party, participacion_pb=5_000, desde=date(2024, 3, 1), hasta=ends
            )
    with acting():
        open_contabilidad(world.etapa, union, Contabilidad.Clase.CONCENTRADORA)
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    told = {row["sujeto_id"]: row["rfc"] for row in pq.read_table(folder / "sujetos.parquet").to_pylist()}
    assert told.items() >= {(union.pk, None), (member.pk, "PAM140101AB2"), (former.pk, "PAM140101AC0")}
    assert alone.pk not in told


def test_a_table_with_nothing_new_is_the_same_file(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    first = services.freeze(world.etapa, CUT)
    second = services.freeze(world.etapa, date(2024, 6, 11))
    one, other = (services.folder_of(snapshot) / "polizas.parquet" for snapshot in (first, second))
    assert first != second
    assert one.samefile(other)


@pytest.mark.parametrize(
    ("clase", "data", "proved"),
    [
        ("pdf", b"%PDF-1.4 uno", "pdf"),
        ("pdf", b"un texto", "otra"),
        ("muestra", b"un texto", "otra"),
        ("muestra", b"%PDF-1.4 dos", "muestra"),
        ("otra", b"un texto", "otra"),
        ("xml", b"un texto", "xml"),
    ],
)
def test_the_class_of_a_file_is_what_its_content_may_be(world: World, clase: str, data: bytes, proved: str) -> None:
    posted = post_poliza(world.expense("1000.00"), world.clerk)
    attach_evidencia(posted, clase, "x", store_file(data), world.clerk)
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    assert [row["clase"] for row in pq.read_table(folder / "evidencias.parquet").to_pylist()] == [proved]


def test_evidence_without_effect_is_told_although_its_row_is_old(world: World) -> None:
    posted = post_poliza(world.expense("1000.00"), world.clerk)
    evidence = attach_evidencia(posted, "otra", "x.pdf", store_file(b"%PDF-1.4 uno"), world.clerk)
    first = services.freeze(world.etapa, CUT)
    void_evidencia(evidence, "Era de otra operación", world.clerk)
    second = services.freeze(world.etapa, CUT)

    def states(folder: Path) -> list[str]:
        return [row["estado"] for row in pq.read_table(folder / "evidencias.parquet").to_pylist()]

    assert states(services.folder_of(first)) == ["activa"]
    assert states(services.folder_of(second)) == ["sin_efecto"]
    assert second.manifiesto["tables"]["evidencias"] == _whole(world)["evidencias"]


def test_a_row_that_was_being_recorded_is_not_lost(world: World) -> None:
    """A row with a number below the last one frozen, recorded after: the table is read whole."""
    for _ in range(3):
        post_poliza(world.expense("1000.00"), world.clerk)
    frozen = services.freeze(world.etapa, CUT)
    folder = services.folder_of(frozen)
    rows = pq.read_table(folder / "polizas.parquet")
    short = folder.parent / "corta"
    short.mkdir()
    pq.write_table(rows.slice(1), short / "polizas.parquet")  # as if the first had not been committed yet
    try:
        asked = {"etapa": world.etapa.pk, "corte": CUT, "zona": "America/Mexico_City"}
        missing = Snapshot(short, "x", {"polizas": 2})
        with CaptureQueriesContext(connection):
            grown = copying.grow(short, freeze.TABLES["polizas"], freeze.SOURCES["polizas"], asked, missing)
        assert grown is None
    finally:
        shutil.rmtree(short)


def test_a_damaged_snapshot_is_no_base(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    first = services.freeze(world.etapa, CUT)
    file = services.folder_of(first) / "movimientos.parquet"
    data = bytearray(file.read_bytes())
    data[40] ^= 1
    file.chmod(0o644)
    file.write_bytes(data)
    post_poliza(world.expense("10.00"), world.clerk)
    second = services.freeze(world.etapa, CUT)
    assert second.manifiesto["tables"]["movimientos"] == _whole(world)["movimientos"]
    assert open_snapshot(services.folder_of(second)).digest == second.digest


def test_a_disk_that_fills_up_leaves_nothing_and_says_so(world: World) -> None:
    post_poliza(world.expense("1000.00"), world.clerk)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limit[1]))
    try:
        with pytest.raises(SnapshotRefused, match="No quedó nada a medias: libere espacio"):
            services.freeze(world.etapa, CUT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert list(freeze.snapshots_folder().iterdir()) == []


def test_text_comes_out_as_it_is(world: World) -> None:
    """Quotes, commas, new lines, empty and absent text, as the database holds them."""
    strange = 'Imprenta "La, Única"\ny hermanos; 100 % Ñ'
    supplier = register_proveedor("ILU150312Q47", strange)
    folder, manifest = freeze.freeze_tables(world.etapa, CUT)
    names = {r["proveedor_id"]: r["nombre"] for r in pq.read_table(folder / "proveedores.parquet").to_pylist()}
    assert names[supplier.pk] == strange
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8")) == manifest


def test_a_corrected_donor_is_one_row_and_its_contributions_name_it(world: World) -> None:
    first, second = world.donor, None
    for amount in (Money(90_000), Money(10_000)):
        donor = second or first
        given = NewAportacion(donor.pk, "simpatizante", "transferencia", date(2024, 4, 10), f"R-{donor.pk}", amount)
        lines = (
            NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=world.bank.pk),
            NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=donor.pk),
        )
        post_poliza(world.expense(lineas=lines), world.clerk, support=Support(aportaciones=(given,)))
        new = NewAportante(world.party.pk, f"Corregido {amount}", rfc="PEUU800101AA1")
        second = save_aportante(new, world.clerk, aportante=donor, motivo="Así consta")
    folder = services.folder_of(services.freeze(world.etapa, CUT))
    donors = pq.read_table(folder / "aportantes.parquet").to_pylist()
    given_rows = pq.read_table(folder / "aportaciones.parquet").to_pylist()
    lines_of = [
        row["auxiliar_id"]
        for row in pq.read_table(folder / "movimientos.parquet").to_pylist()
        if row["auxiliar_tipo"] == "aportante"
    ]
    assert [(row["aportante_id"], row["nombre"]) for row in donors] == [(first.pk, f"Corregido {Money(10_000)}")]
    assert {row["aportante_id"] for row in given_rows} == {first.pk} == set(lines_of)
    assert len(given_rows) == len(lines_of) == 2
