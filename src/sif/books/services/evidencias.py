"""Store files of evidence by content, attach them to pólizas, and void them without deleting."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import puremagic
from django.conf import settings
from django.db import transaction

from sif.books.models import Archivo, ClaseEvidencia, Entrega, Evidencia, EvidenciaSinEfecto, Movimiento, Poliza
from sif.books.previews import is_locked
from sif.books.services.file_store import almacen
from sif.law.chart import evidence_for
from sif.registry import clock
from sif.registry.files import CHUNK
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting, registering
from sif.registry.selectors import may, windows_open
from sif.values import Problem, Refused, refusal

ALWAYS_ADMITTED = "otra"
PDF = "application/pdf"
MAX_BYTES = 500 * 1024 * 1024
WRITERS = 8
HEAD = 64 * 1024  # what tells the type of a file is in its first bytes
REFUSED_TYPES = frozenset({"application/x-msdownload", "application/x-executable", "application/x-elf"})
_LOCK = b"/Encrypt"
_EXECUTABLE = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"#!")


@dataclass(frozen=True, slots=True)
class Handed:
    """For which books a file is handed in, and by whom: the subject of those books may cite it from then on."""

    books: Contabilidad
    by: Usuario


def _may_hand(handed: Handed | None) -> None:
    """Raise Refused, before a byte is kept, for who does not capture in the books a file is handed in for."""
    if handed is not None:
        _must_capture(handed.books, handed.by)


def sniff(data: bytes) -> str:
    """Return the media type of a file by its content, never by its name."""
    if data[:5] == b"%PDF-":
        return PDF
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:5] == b"<?xml":
        return "text/xml"
    try:
        return str(puremagic.from_string(data, mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(data) else "application/octet-stream"


def _is_text(data: bytes) -> bool:
    try:
        data[:4096].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in data[:4096]


def store_file(data: bytes, handed: Handed | None = None) -> Archivo:
    """Keep a file under its SHA-256, once. The file is whole on disk before its row exists. Raises Refused."""
    return store_files([data], handed)[0]


def store_files(files: Sequence[bytes], handed: Handed | None = None) -> list[Archivo]:
    """Keep many files as `store_file` does, in their order. Raises Refused, and then keeps no row of any."""
    _may_hand(handed)
    moment = clock.now()
    rows = [
        Archivo(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), tipo=_accepted(data)[:80], guardado_el=moment)
        for data in files
    ]
    with ThreadPoolExecutor(WRITERS) as writers:  # most of the time of a write is waiting for the disk to confirm it
        list(writers.map(almacen().put, [row.sha256 for row in rows], files))
    keep_rows(rows, handed)
    return rows


def keep_rows(rows: Sequence[Archivo], handed: Handed | None = None) -> None:
    """Keep the rows of files whose bytes are kept, and for which books they came; the authority's for none."""
    with transaction.atomic(), registering():
        Archivo.objects.bulk_create({row.sha256: row for row in rows}.values(), ignore_conflicts=True)
        if handed is None:
            return
        own = {"sujeto_id": handed.books.sujeto_id, "entregada_el": clock.now(), "entregada_por": handed.by}
        Entrega.objects.bulk_create(
            (Entrega(archivo_id=sha256, **own) for sha256 in sorted({row.sha256 for row in rows})),
            ignore_conflicts=True,
        )


def file_of(sha256: str) -> Archivo | None:
    """Return the row of a file that a record names, for who judged that the record may be read."""
    with registering():
        return Archivo.objects.filter(pk=sha256).first()


def store_path(path: Path, handed: Handed | None = None) -> Archivo:
    """Keep a file that is already on disk as `store_file` does, read once and in pieces. Raises Refused.

    Nobody writes it any more; its caller deletes the name that it had.
    """
    _may_hand(handed)
    size = path.stat().st_size
    with path.open("rb") as file:
        kind = _admitted_type(file.read(HEAD), size)
    sha256, is_marked = _read_through(path)
    if kind == PDF:
        _refuse_locked(path, is_marked=is_marked)
    almacen().put(sha256, path)
    row = Archivo(sha256=sha256, bytes=size, tipo=kind[:80], guardado_el=clock.now())
    keep_rows([row], handed)
    return row


def _read_through(path: Path) -> tuple[str, bool]:
    """Return the SHA-256 of a file, and whether it holds the mark of a PDF with a password."""
    digest, held, is_marked = hashlib.sha256(), b"", False
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
            seen = held + piece
            is_marked, held = is_marked or _LOCK in seen, seen[1 - len(_LOCK) :]
    return digest.hexdigest(), is_marked


def _accepted(data: bytes) -> str:
    """Return the media type of a file that may be kept. Raises Refused."""
    kind = _admitted_type(data, len(data))
    if kind == PDF:
        _refuse_locked(data, is_marked=_LOCK in data)
    return kind


def _admitted_type(head: bytes, size: int) -> str:
    if not size:
        raise Refused(Problem("vacio", "archivo", "El archivo está vacío.", "Elija el archivo de nuevo."))
    if size > MAX_BYTES:
        raise Refused(
            Problem(
                "grande",
                "archivo",
                f"El archivo pesa {size:,} bytes y el máximo es {MAX_BYTES:,}.",
                "Divídalo o comprímalo.",
            )
        )
    kind = sniff(head)
    if kind in REFUSED_TYPES or head.startswith(_EXECUTABLE):
        raise Refused(
            Problem(
                "ejecutable",
                "archivo",
                f"Por su contenido es un programa ({kind}), aunque su nombre diga otra cosa.",
                "Adjunte el documento: PDF, imagen, XML o texto.",
            )
        )
    return kind


def _refuse_locked(source: bytes | Path, *, is_marked: bool) -> None:
    """A PDF that asks for a password proves nothing to whoever must read it."""
    if is_marked and is_locked(source):
        raise Refused(
            Problem(
                "cifrado",
                "archivo",
                "El PDF pide contraseña: nadie podría leerlo en la revisión.",
                "Guárdelo sin contraseña y adjúntelo de nuevo.",
            )
        )


def admitted_classes(poliza: Poliza) -> dict[str, str]:
    """Return the classes that the accounts of a póliza admit on its day, with their names; all when it has none."""
    names = dict(ClaseEvidencia.objects.values_list("pk", "nombre"))
    return _admitted(frozenset(poliza.movimientos.values_list("cuenta_id", flat=True)), poliza.fecha_operacion, names)


def _admitted(accounts: frozenset[str], day: date, names: dict[str, str]) -> dict[str, str]:
    if not accounts:
        return names
    admitted = {*evidence_for(accounts, day, settings.JURISDICTION), ALWAYS_ADMITTED}
    return {key: name for key, name in names.items() if key in admitted}


def attach_evidencia(poliza: Poliza, clase: str, nombre: str, archivo: Archivo, by: Usuario) -> Evidencia:
    """Attach a stored file to a posted póliza, while its books are open. Raises Refused."""
    return attach_to_many([poliza], clase, nombre, archivo, by)[0]


def attach_to_many(
    polizas: Sequence[Poliza], clase: str, nombre: str, archivo: Archivo, by: Usuario
) -> list[Evidencia]:
    """Attach one stored file to posted pólizas, all or none, while their books are open. Raises Refused.

    The first reason is told; windows are read once for each stage and subject, accounts once for all. The windows are
    those open when the file arrives, not when another writer of the books lets it through.
    """
    arrived = clock.now()
    with acting():
        lock_contabilidades({poliza.contabilidad_id for poliza in polizas})
        _may_attach(polizas, clase, by, arrived)
        return Evidencia.objects.bulk_create(
            Evidencia(
                poliza=poliza,
                contabilidad_id=poliza.contabilidad_id,
                clase_id=clase,
                archivo=archivo,
                nombre=nombre[:255],
                cargada_el=arrived,
                cargada_por=by,
            )
            for poliza in polizas
        )


def _may_attach(polizas: Sequence[Poliza], clase: str, by: Usuario, arrived: datetime) -> None:
    """Raise Refused with the first reason not to attach a class of evidence to these pólizas."""
    names = dict(ClaseEvidencia.objects.values_list("pk", "nombre"))
    moved: dict[int, set[str]] = {}
    lines = Movimiento.objects.filter(poliza__in=[poliza.pk for poliza in polizas])
    for poliza_id, cuenta in lines.values_list("poliza_id", "cuenta_id").distinct():
        moved.setdefault(poliza_id, set()).add(cuenta)
    seen: dict[tuple[int, int], set[int]] = {}
    for poliza in polizas:
        _must_capture(poliza.contabilidad, by)
        _must_be_open(poliza, arrived, seen)
        if clase not in names:
            raise refusal("clase", "clase", f"La clase de evidencia «{clase}» no existe.", "Elija una de la lista.")
        admitted = _admitted(frozenset(moved.get(poliza.pk, ())), poliza.fecha_operacion, names)
        if clase not in admitted:
            raise refusal(
                "clase_no_admitida",
                "clase",
                f"Ninguna de sus cuentas admite evidencia de clase «{clase}».",
                f"Use una de: {', '.join(sorted(admitted))}.",
            )


def _must_capture(books: Contabilidad, by: Usuario) -> None:
    if not may(by, "capturar", contabilidad=books):
        raise refusal("ajena", "póliza", "Esta contabilidad es de otro sujeto.", "Pídalo a su responsable de finanzas.")


def _must_be_open(poliza: Poliza, arrived: datetime, windows: dict[tuple[int, int], set[int]]) -> None:
    """Raise Refused unless a window of its period was open; `windows` remembers those of books alike."""
    books = poliza.contabilidad
    shared = (books.etapa_id, books.sujeto_id)
    if shared not in windows:
        windows[shared] = {window.periodo_id for window in windows_open(books, arrived)}
    if poliza.periodo_id not in windows[shared]:
        raise refusal(
            "cerrado",
            "periodo",
            f"El periodo {poliza.periodo.numero} está cerrado y su evidencia no cambia.",
            "Podrá cambiarla en la ventana de corrección, después del oficio.",
        )


def void_evidencia(evidencia: Evidencia, motivo: str, by: Usuario) -> EvidenciaSinEfecto:
    """Leave evidence without effect, with a reason, while a window of its period is open; it stays visible.

    Raises Refused motivo, ajena, cerrado, sin_efecto.
    """
    if not motivo.strip():
        raise Refused(Problem("motivo", "motivo", "Falta el motivo.", "Escriba por qué queda sin efecto."))
    poliza, arrived = evidencia.poliza, clock.now()
    with acting():
        lock_contabilidades([poliza.contabilidad_id])
        _must_capture(poliza.contabilidad, by)
        _must_be_open(poliza, arrived, {})
        act, is_new = EvidenciaSinEfecto.objects.get_or_create(
            evidencia=evidencia, defaults={"motivo": motivo.strip()[:300], "hecha_el": arrived, "hecha_por": by}
        )
        if not is_new:
            raise refusal("sin_efecto", "evidencia", f"Ya quedó sin efecto: {act.motivo}", "No hace falta más.")
    return act
