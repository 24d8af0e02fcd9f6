"""Filter an oficio to the part that a person may read: all, or their own contabilidades."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, prefetch_related_objects

from sif.audit.models import Hallazgo, Observacion, ObservacionSinEfecto
from sif.counterparties.subject_scope import whole_subject
from sif.notices.models import Notificacion
from sif.proceedings.models import Oficio, ResolucionVotada, Respuesta
from sif.proceedings.selectors import Coverage
from sif.registry import clock
from sif.registry.models import SujetoObligado
from sif.registry.selectors import Reach


@dataclass(frozen=True, slots=True)
class ObservedPart:
    """An observación with the facts that a person sees of it; `entera`: they are all its facts."""

    observacion: Observacion
    hallazgos: tuple[Hallazgo, ...]
    entera: bool

    @property
    def pk(self) -> int:
        """Number of the row of the observación."""
        return self.observacion.pk

    @property
    def numero(self) -> int:
        """Number of the observación in its oficio."""
        return self.observacion.numero

    @property
    def retirada(self) -> ObservacionSinEfecto | None:
        """Return how the observación was left without effect after it was notified, or None while it stands."""
        return getattr(self.observacion, "sin_efecto", None)

    @property
    def titulo(self) -> str:
        """Title of the observación."""
        return self.observacion.titulo

    @property
    def solicitud(self) -> str:
        """Return the request of the authority."""
        return self.observacion.solicitud

    @property
    def fundamento(self) -> str:
        """Articles of the observación."""
        return self.observacion.fundamento

    @property
    def texto(self) -> str:
        """Text as adopted where the part is the whole; else what each fact says."""
        return self.observacion.texto if self.entera else "\n".join(each.mensaje for each in self.hallazgos)

    @property
    def monto(self) -> int:
        """Centavos observed, of these facts alone where there are others."""
        return self.observacion.monto if self.entera else sum(each.monto for each in self.hallazgos)


@dataclass(frozen=True, slots=True)
class OficioPart:
    """An oficio as a person sees it; `entero`: nothing of it is left out."""

    oficio: Oficio
    observaciones: tuple[ObservedPart, ...]
    entero: bool


def oficios_of_reach(reach: Reach) -> QuerySet[Oficio]:
    """List the oficios that a person sees: those of whole subjects, and those that name their books."""
    rows = Oficio.objects.select_related("sujeto", "etapa__proceso", "documento")
    named = Q(sujeto__in=reach.parciales, observaciones__hallazgos__contabilidad__in=reach.libros)
    return rows.filter(pk__in=Oficio.objects.filter(Q(sujeto__in=reach.enteros) | named).values("pk"))


def running_appeals(reach: Reach, now: datetime) -> list[Notificacion]:
    """Return the resoluciones notified to the subjects of a person that may still be appealed, the first to end first.

    Of a subject seen in part, those that name the books of the person.
    """
    rows = Notificacion.objects.filter(sujeto__in=reach.enteros | reach.parciales, oficio=None)
    running = list(rows.filter(vence_el__gt=clock.last_ended(now)).order_by("vence_el", "pk"))
    partly = [row for row in running if row.sujeto_id in reach.parciales]
    hidden = {row.pk for row in partly} - notices_naming(reach) if partly else set()
    return [row for row in running if row.pk not in hidden]


def notices_naming(reach: Reach) -> frozenset[int]:
    """Return the numbers of the notifications that name the books of who sees only some of a subject.

    An oficio names them by its facts; a resolución, by those of its conclusions; what was left without effect, where
    every fact of it is of those books.
    """
    if not reach.parciales:
        return frozenset()
    by_oficio = oficios_of_reach(reach).filter(sujeto__in=reach.parciales)
    found = set(by_oficio.values_list("notificacion_id", flat=True))
    told = ObservacionSinEfecto.objects.filter(observacion__sujeto__in=reach.parciales, notificacion__isnull=False)
    for left in told.select_related("observacion__sujeto"):
        with whole_subject(left.observacion.sujeto):
            books = set(left.observacion.hallazgos.values_list("contabilidad", flat=True))
        if left.notificacion_id and books <= set(reach.libros):
            found.add(left.notificacion_id)
    decided = ResolucionVotada.objects.filter(
        resolucion__dictamen__sujeto__in=reach.parciales,
        resolucion__dictamen__conclusiones__observacion__hallazgos__contabilidad__in=reach.libros,
    ).values_list("documento__pdf_sha256", "resolucion__dictamen__sujeto_id")
    for digest, subject in set(decided):
        notified = Notificacion.objects.filter(documento_sha256=digest, sujeto=subject)
        found.update(notified.values_list("pk", flat=True))
    return frozenset(found)


def part_of(oficio: Oficio, reach: Reach) -> OficioPart:
    """Return the part of an oficio that a person sees."""
    return parts_of([oficio], reach)[oficio.pk]


def parts_of(oficios: Iterable[Oficio], reach: Reach) -> dict[int, OficioPart]:
    """Return the part that a person sees of each of some oficios, by its pk, with two queries for each subject.

    The facts are read of the whole subject, so that a part is known to be one whatever the scope of the connection.
    """
    by_subject: dict[SujetoObligado, list[Oficio]] = {}
    for oficio in oficios:
        by_subject.setdefault(oficio.sujeto, []).append(oficio)
    found: dict[int, OficioPart] = {}
    for sujeto, group in by_subject.items():
        pairs = Oficio.observaciones.through.objects.filter(oficio__in=group)
        told: dict[int, list[Observacion]] = {oficio.pk: [] for oficio in group}
        with whole_subject(sujeto):
            for pair in pairs.select_related("observacion__sin_efecto").order_by("observacion__numero"):
                told[pair.oficio_id].append(pair.observacion)
            prefetch_related_objects([row for rows in told.values() for row in rows], "hallazgos")
        found |= {oficio.pk: _part(oficio, told[oficio.pk], reach) for oficio in group}
    return found


def _part(oficio: Oficio, observed: Sequence[Observacion], reach: Reach) -> OficioPart:
    facts = {row.pk: sorted(row.hallazgos.all(), key=lambda each: each.pk) for row in observed}
    whole = reach.is_whole(oficio.sujeto_id)
    parts = []
    for row in observed:
        own = [each for each in facts[row.pk] if whole or each.contabilidad_id in reach.libros]
        if own or whole:
            parts.append(ObservedPart(row, tuple(own), len(own) == len(facts[row.pk])))
    return OficioPart(oficio, tuple(parts), len(parts) == len(observed) and all(part.entera for part in parts))


def part_coverage(observed: Sequence[ObservedPart], answered: Mapping[int, Respuesta]) -> Coverage:
    """Count the observaciones that stand and the answered ones, and sum the centavos of all and of the unanswered."""
    parts = [part for part in observed if part.retirada is None]
    missing = sum(part.monto for part in parts if part.pk not in answered)
    done = sum(part.pk in answered for part in parts)
    return Coverage(len(parts), done, sum(part.monto for part in parts), missing)
