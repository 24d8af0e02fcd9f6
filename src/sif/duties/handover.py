"""List what is pending in a subject when its Responsable is replaced, and replace them by a document that says so."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sif.batch.models import Lote
from sif.books.models import Borrador, Recepcion, UsoComprobante
from sif.books.services import store_file
from sif.duties.selectors import drafts_of
from sif.filing.selectors import half_signed
from sif.jobs.models import Trabajo
from sif.mail.invitations import mail_link
from sif.mail.recipients import Recipient
from sif.mail.roles import tell_delegation, tell_relief
from sif.notices.models import Notificacion
from sif.proceedings.models import Oficio
from sif.proceedings.selectors import with_answers
from sif.registry import clock
from sif.registry.delegating import NewDelegation, delegate
from sif.registry.invited import Invited
from sif.registry.models import Nombramiento, SujetoObligado, Usuario, Ventana
from sif.registry.papers import Paper
from sif.registry.relieving import NewRelief, Relieved, relieve, standing
from sif.registry.scope import acting
from sif.registry.windows import last_windows
from sif.signing.chain import sha256_hex
from sif.values import Problem, Refused

MAX_BYTES = 20 * 2**20
"""Bytes of the longest document of an appointment."""
RELIEF, ROLE = "/cuenta/relevos/{}/", "/cuenta/nombramientos/{}/"
"""The pages of a relief and of an appointment, which a letter leads to."""
WAITING = ("abierta", "vencida", "omitida")
"""States of a duty that whoever enters has to meet."""


@dataclass(frozen=True, slots=True)
class NewHandover:
    """A relief as it is asked for: who enters, from which day, how its document is cited, and its file."""

    entra: Invited
    desde: date
    referencia: str
    nombre_archivo: str
    archivo: bytes


def hand_over(new: NewHandover, to: Recipient, path_of: Callable[[str], str], by: Usuario) -> Relieved:
    """Replace a Responsable, keep the document and what was pending, mail the link of a new account, and tell both.

    Raises as `relieve`, and Refused for a file that is no readable PDF.
    """
    with keeping_paper(new.referencia, new.nombre_archivo, new.archivo) as paper:
        made = relieve(NewRelief(new.entra, new.desde, paper, pending_of), by)
        if made.enlace and to.correo:
            mail_link(made.enlace, to, path_of, by)
        tell_relief(made.relevo, RELIEF.format(made.relevo.pk), by)
    return made


@dataclass(frozen=True, slots=True)
class NewLoan:
    """A delegation as it is asked for: to whom, its days, how its document is cited, and its file."""

    a: Usuario | None
    desde: date
    hasta: date
    referencia: str
    nombre_archivo: str
    archivo: bytes


def lend(appointment: Nombramiento, new: NewLoan, by: Usuario) -> Nombramiento:
    """Delegate one's own role, keep its document and tell whoever receives it.

    Raises as `delegate`, and Refused for a file that is no readable PDF.
    """
    with keeping_paper(new.referencia, new.nombre_archivo, new.archivo) as paper:
        made = delegate(appointment, NewDelegation(new.a, new.desde, new.hasta, paper), by)
        tell_delegation(made, ROLE.format(made.pk), by)
    return made


@contextmanager
def keeping_paper(referencia: str, nombre: str, data: bytes) -> Iterator[Paper]:
    """Describe a document, run the act that rests on it, and keep its file: that of a refused act is not kept.

    Raises Refused at `archivo` for a file that is no PDF, before the act.
    """
    paper = checked_paper(referencia, nombre, data)
    with acting():
        yield paper
        store_file(data)


def checked_paper(referencia: str, nombre: str, data: bytes) -> Paper:
    """Return the description of a document, and keep nothing of it yet. Raises Refused at `archivo` for no PDF."""
    if len(data) > MAX_BYTES:
        told = f"El archivo pesa {len(data):,} bytes y el máximo es {MAX_BYTES:,}."
        raise Refused(Problem("grande", "archivo", told, "Guárdelo en blanco y negro, o solo las páginas del caso."))
    if data[:5] != b"%PDF-":
        told = "El archivo no es un PDF por su contenido."
        raise Refused(Problem("no_pdf", "archivo", told, "Guarde el documento como PDF y elíjalo."))
    return Paper(referencia, PurePath(nombre).name, sha256_hex(data), len(data))


def pending_of(sujeto: SujetoObligado) -> Mapping[str, object]:
    """List what is pending in a subject now, in plain values: what an act of relief keeps.

    Drafts, lots and invoices are of the books, so whoever enters finds them where they are; nothing is copied.
    """
    leaves = standing(sujeto)
    person = leaves.usuario if leaves else None
    books = {"contabilidad__sujeto": sujeto}
    used = UsoComprobante.objects.filter(comprobante=OuterRef("comprobante"), contabilidad=OuterRef("contabilidad"))
    inbox = Recepcion.objects.filter(~Exists(used), descartada_el__isnull=True, **books)
    unread = Notificacion.objects.filter(sujeto=sujeto)
    unread = unread.exclude(lecturas__usuario=person) if person else unread
    return {
        "borradores": Borrador.objects.filter(**books).count(),
        "lotes": Lote.objects.filter(estado__in=[Lote.Estado.RECIBIDO, Lote.Estado.REVISADO], **books).count(),
        "bandeja": inbox.count(),
        "a_media_firma": len(half_signed(sujeto.contabilidades.all())),
        "sin_leer": unread.count(),
        "trabajos": Trabajo.objects.filter(persona=person, estado__in=Trabajo.OPEN).count() if person else 0,
        "oficios": _oficios(sujeto),
        "ventanas": _windows(sujeto),
        "obligaciones": _duties(sujeto),
    }


def _oficios(sujeto: SujetoObligado) -> list[dict[str, object]]:
    """List the oficios whose term runs and that are not answered whole."""
    rows: QuerySet[Any] = with_answers(Oficio.objects.filter(sujeto=sujeto, vence_el__gt=clock.last_ended()))
    return [
        {"numero": row.numero, "vence_el": row.vence_el.isoformat(), "faltan": row.observadas - row.contestadas}
        for row in rows.order_by("vence_el", "pk")
        if row.contestadas < row.observadas
    ]


def _windows(sujeto: SujetoObligado) -> list[dict[str, object]]:
    """List the windows in which some books of the subject may record now."""
    now = clock.now()
    rows = Ventana.objects.filter(
        Q(sujeto=None) | Q(sujeto=sujeto),
        abre_el__lte=now,
        cierra_el__gt=now,
        periodo__etapa__in=sujeto.contabilidades.values("etapa"),
    ).select_related("periodo__etapa__proceso")
    return [
        {
            "proceso": each.periodo.etapa.proceso.clave,
            "periodo": each.periodo.numero,
            "tipo": each.tipo,
            "cierra_el": each.cierra_el.isoformat(),
        }
        for each in last_windows(rows.order_by("cierra_el", "pk"))
    ]


def _duties(sujeto: SujetoObligado) -> list[dict[str, object]]:
    """Count the duties not met by kind, state and last day."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for group in drafts_of([sujeto.pk], clock.today()).groups:
        common = group.common
        if common.estado in WAITING and common.cumplida_el is None:
            due = common.vence_el.isoformat() if common.vence_el else ""
            counted[due, common.tipo, common.estado] += len(group.each)
    return [
        {"tipo": tipo, "estado": estado, "vence_el": due, "cuantas": many}
        for (due, tipo, estado), many in sorted(counted.items())
    ]
