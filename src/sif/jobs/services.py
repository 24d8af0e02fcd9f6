"""Write jobs: ask for one, cancel, resume, and put back those whose worker died."""

from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from sif.jobs.kinds import MOST_OPEN, kind_of
from sif.jobs.models import Trabajo
from sif.jobs.running import fail, run_pieces
from sif.jobs.selectors import is_operator, open_job
from sif.registry import clock, events
from sif.registry.locks import hold
from sif.registry.models import Contabilidad, Usuario
from sif.registry.scope import acting

Estado = Trabajo.Estado
TASK = "sif.trabajo"
HERE = JobManager(DjangoConnector())
"""Puts a job in the queue by the connection of whoever asks, so in the act that asks; a worker's own are others."""


class TrabajoRefused(ValueError):
    """The act does not fit the state of the job; nothing changed."""


class TooManyJobs(TrabajoRefused):
    """One person has as many jobs waiting or running as one may."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Usted tiene {number} trabajos en espera o en curso, y no se admiten más de una persona. Espere a que "
            "termine alguno, o cancele el que ya no quiera, y vuelva a pedirlo."
        )


def ask(
    tipo: str,
    clave: str,
    referencia: Mapping[str, int | str],
    by: Usuario,
    *,
    contabilidad: Contabilidad | None = None,
) -> Trabajo:
    """Ask for a job in this transaction; the same work asked for while it waits or runs is that same job.

    Where `TRABAJOS_EN_LINEA` is set it runs before this returns. Raises LookupError for an unknown kind, TrabajoRefused
    if the same work is open in the name of somebody whose jobs are not seen from here, TooManyJobs.
    """
    kind_of(tipo)
    try:
        with acting():
            _require_room(tipo, clave, by)
            made = Trabajo.objects.create(
                tipo=tipo,
                clave=clave,
                referencia=dict(referencia),
                persona=by,
                contabilidad=contabilidad,
                pedido_el=clock.now(),
            )
            _enqueue(made)
    except IntegrityError as again:
        same = open_job([tipo], clave)
        if same is None:
            raise TrabajoRefused(
                "Ese trabajo lo pidió otra persona y está por terminar. Vuelva en un momento."
            ) from again
        return same
    events.log("trabajo", trabajo=made.pk, tipo=tipo, codigo="pedido")
    _run_here(made)
    return made


def _require_room(tipo: str, clave: str, by: Usuario) -> None:
    """Raise TooManyJobs where a person has as many open jobs as one may, or of a kind as it admits to each.

    Who asks again for what is open adds nothing. What one person asks at once takes turns.
    """
    hold(f"jobs_trabajo.persona:{by.pk}")
    kinds = list(Trabajo.objects.filter(persona=by, estado__in=Trabajo.OPEN).values_list("tipo", flat=True))
    full = len(kinds) >= MOST_OPEN or kinds.count(tipo) >= kind_of(tipo).most
    if full and open_job([tipo], clave) is None:
        raise TooManyJobs(len(kinds))


def _enqueue(trabajo: Trabajo) -> None:
    """Put a job in the queue, once however often it is asked for."""
    if settings.TRABAJOS_EN_LINEA:
        return
    lock = f"contabilidad:{trabajo.contabilidad_id}" if trabajo.contabilidad_id else None
    try:
        with transaction.atomic():
            one = configure_task(name=TASK, job_manager=HERE, lock=lock, queueing_lock=f"trabajo:{trabajo.pk}")
            one.defer(trabajo=trabajo.pk)
    except AlreadyEnqueued:
        events.log("trabajo", trabajo=trabajo.pk, codigo="ya_en_cola")


def _run_here(trabajo: Trabajo) -> None:
    """Run a job in the scope that is open, where the settings say so; an error that nobody foresaw is raised."""
    if not settings.TRABAJOS_EN_LINEA:
        return
    try:
        run_pieces(trabajo.pk)
    except Exception:
        fail(trabajo.pk)
        raise
    finally:
        trabajo.refresh_from_db()


def _mine(trabajo: Trabajo, by: Usuario) -> Trabajo:
    """Lock a job of this person, or of anybody for an operator. Raises PermissionError."""
    found = Trabajo.objects.select_for_update(no_key=True, of=("self",)).get(pk=trabajo.pk)
    if found.persona_id != by.pk and not is_operator(by):
        raise PermissionError(f"El trabajo {found.pk} lo pidió otra persona; pídale que lo detenga o lo siga.")
    return found


def cancel(trabajo: Trabajo, by: Usuario) -> Trabajo:
    """Cancel a job: at once if it waits, at its next piece or word of progress if it runs. Raises TrabajoRefused."""
    with acting():
        found = _mine(trabajo, by)
        if not found.is_open:
            raise TrabajoRefused("El trabajo ya terminó: no hay qué cancelar.")
        found.por_cancelar = True
        if found.estado == Estado.EN_COLA:
            found.estado, found.terminado_el = Estado.CANCELADO, clock.now()
        found.save(update_fields=["por_cancelar", "estado", "terminado_el"])
    events.log("trabajo", trabajo=found.pk, codigo="por_cancelar")
    return found


def resume(trabajo: Trabajo, by: Usuario) -> Trabajo:
    """Put a job that was cancelled, or that broke, back in the queue; its pieces with receipt are not done again.

    Raises TrabajoRefused for any other, and for one that was refused: no attempt would change it. Raises TooManyJobs,
    and PermissionError for anybody else than who asked for it, an operator too: it runs and signs as that person.
    """
    with acting():
        found = _mine(trabajo, by)
        if found.persona_id != by.pk:
            raise PermissionError(f"El trabajo {found.pk} lo sigue solo quien lo pidió: corre y firma en su nombre.")
        if found.is_open or found.estado == Estado.HECHO:
            raise TrabajoRefused("El trabajo no está detenido: espere a que termine.")
        if not found.can_resume:
            raise TrabajoRefused("El trabajo se rechazó y daría lo mismo: cure lo que dice y pídalo otra vez.")
        _require_room(found.tipo, found.clave, by)
        try:
            with transaction.atomic():
                found.estado, found.terminado_el, found.por_cancelar, found.problemas = Estado.EN_COLA, None, False, []
                found.save(update_fields=["estado", "terminado_el", "por_cancelar", "problemas"])
        except IntegrityError as again:
            raise TrabajoRefused("Ese mismo trabajo se pidió otra vez y está en curso: siga aquel.") from again
        _enqueue(found)
    _run_here(found)
    events.log("trabajo", trabajo=found.pk, codigo="reanudado")
    return found
