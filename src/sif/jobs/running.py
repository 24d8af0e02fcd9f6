"""Run a job piece by piece, each with its receipt in one transaction, so that any run takes up where another died."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from sif.jobs.kinds import Cancelled, Encargo, Kind, Progress, kind_of
from sif.jobs.models import Trabajo, TrabajoPieza
from sif.registry import clock, events
from sif.registry.models import Usuario
from sif.registry.opening import patient
from sif.registry.scope import acting, lend_scope
from sif.values import Problem, Refused

Estado = Trabajo.Estado
EVERY = 0.5  # seconds between two words of progress


def run_pieces(number: int) -> None:
    """Run what is left of a job. Refusals end it with their problems; other errors leave it open and are raised."""
    trabajo = _begin(number)
    if trabajo is None:
        return
    kind = kind_of(trabajo.tipo)
    with events.context(trabajo=trabajo.pk, persona=trabajo.persona_id):
        events.log("trabajo", tipo=trabajo.tipo, codigo="comenzado", intento=trabajo.intentos)
        try:
            with patient(None):
                _all_pieces(trabajo, kind)
        except Cancelled:
            _end(trabajo, Estado.CANCELADO)
        except Exception as refused:
            answers: tuple[type[Exception], ...] = (Refused, *kind.refusals)
            if not isinstance(refused, (*answers, PermissionError)):
                raise
            if isinstance(refused, answers):
                kind.refused(trabajo)
            _end(trabajo, Estado.FALLIDO, problems=_problems(refused))


def _begin(number: int) -> Trabajo | None:
    """Mark a job as running; None if it ended already, or was cancelled before it began."""
    with acting():
        locked = Trabajo.objects.select_for_update(no_key=True, of=("self",)).select_related("persona", "contabilidad")
        trabajo = locked.filter(pk=number, estado__in=Trabajo.OPEN).first()
        if trabajo is None:
            return None
        trabajo.estado, trabajo.intentos = Estado.EN_CURSO, trabajo.intentos + 1
        trabajo.comenzado_el = trabajo.comenzado_el or clock.now()
        trabajo.total = kind_of(trabajo.tipo).pieces(trabajo)
        trabajo.save(update_fields=["estado", "intentos", "comenzado_el", "total"])
    return trabajo


def _all_pieces(trabajo: Trabajo, kind: Kind) -> None:
    done = set(trabajo.piezas.values_list("n", flat=True))
    with _teller(trabajo) as tell:
        for n in range(1, trabajo.total + 1):
            if n not in done:
                _require_account(trabajo)
                tell(0)
                _piece(trabajo, kind, n, tell)
    last = trabajo.piezas.order_by("-n").first()
    _end(trabajo, Estado.HECHO, result=last.resultado if last else {})


def _require_account(trabajo: Trabajo) -> None:
    """Raise PermissionError where who asked was disabled since: a job signs in their name no longer than they may."""
    if not Usuario.objects.filter(pk=trabajo.persona_id, is_active=True).exists():
        raise PermissionError("La cuenta de quien lo pidió quedó deshabilitada. Pídalo quien lo necesite hoy.")


def _piece(trabajo: Trabajo, kind: Kind, n: int, tell: Progress) -> None:
    """Do one piece unless another run did: its receipt waits for that run and then finds it done."""
    encargo = Encargo(trabajo, trabajo.persona, n, tell)
    result = dict(kind.piece(encargo)) if kind.alone(n) else None
    with transaction.atomic():
        with acting(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_trabajopieza (trabajo_id, n, resultado) VALUES (%s, %s, '{}') "
                "ON CONFLICT DO NOTHING RETURNING id",
                [trabajo.pk, n],
            )
            receipt = cursor.fetchone()
        if receipt is None:
            return
        done = dict(kind.piece(encargo)) if result is None else result
        with acting():
            TrabajoPieza.objects.filter(pk=receipt[0]).update(resultado=done)
            Trabajo.objects.filter(pk=trabajo.pk, hechas__lt=n).update(hechas=n, avance=0)


@contextmanager
def _teller(trabajo: Trabajo) -> Iterator[Progress]:
    """Give a teller of progress, which writes on a connection of its own: others read it before the piece commits."""
    if settings.TRABAJOS_EN_LINEA:
        yield lambda _count: None
        return
    aside, told = connection.copy(), [0.0]
    with acting():  # its word of progress is written between the acts of the piece
        lend_scope(aside)

    def tell(count: int) -> None:
        now = time.monotonic()
        if now - told[0] < EVERY:
            return
        told[0] = now
        with aside.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_trabajo SET avance = %s WHERE id = %s RETURNING por_cancelar", [count, trabajo.pk]
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise Cancelled

    try:
        yield tell
    finally:
        aside.close()


def _end(
    trabajo: Trabajo,
    estado: str,
    *,
    result: dict[str, object] | None = None,
    problems: list[dict[str, str]] | None = None,
) -> None:
    with acting():
        Trabajo.objects.filter(pk=trabajo.pk, estado=Estado.EN_CURSO).update(
            estado=estado, terminado_el=clock.now(), resultado=result or {}, problemas=problems or [], avance=0
        )
    events.log("trabajo", trabajo=trabajo.pk, tipo=trabajo.tipo, codigo=estado)


def fail(number: int) -> None:
    """End a job whose last attempt broke, with plain words; its trace is in the log."""
    told = {
        "codigo": Trabajo.BROKEN,
        "donde": "trabajo",
        "mensaje": "El trabajo falló por una causa que no es del archivo.",
        "cura": "Nada quedó a medias. Use «Seguir»; si falla otra vez, dé a soporte el número de este trabajo.",
    }
    with acting():
        Trabajo.objects.filter(pk=number, estado__in=Trabajo.OPEN).update(
            estado=Estado.FALLIDO, terminado_el=clock.now(), problemas=[told], avance=0
        )


def _problems(refused: Exception) -> list[dict[str, str]]:
    """Return the problems of a refusal, or its sentence as the only one."""
    found: Sequence[Problem] = getattr(refused, "problems", ()) or [Problem("rechazo", "trabajo", str(refused), "")]
    return [problem.as_dict() for problem in found[:100]]
