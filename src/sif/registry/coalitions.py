"""Register the agreement of a coalition and its amendments, and say who made it up on a day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from sif.registry import clock, trail
from sif.registry.coalition_models import ends_of, in_force_on
from sif.registry.locks import lock_sujeto
from sif.registry.models import ConvenioCoalicion, IntegranteCoalicion, SujetoObligado, Usuario
from sif.registry.scope import acting, registering
from sif.registry.sujetos import ALLIANCES, PARTIES, must_administer
from sif.values import Problem, Refused

WHOLE = 10_000  # basis points


@dataclass(frozen=True, slots=True)
class NewAgreement:
    """An agreement as its accord registers it: every member with its share in basis points, from a day on.

    partes: the number of each party and its share; those of zero are left out. documento, sha256: the file of the
    agreement, where it was brought.
    """

    acuerdo: str
    aprobado_el: date
    desde: date
    partes: tuple[tuple[int, int], ...]
    documento: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement of a coalition with its members, as it ruled: hasta is the first day of the one that follows."""

    convenio: ConvenioCoalicion
    partes: tuple[IntegranteCoalicion, ...]
    hasta: date | None


def members_on(coalicion: SujetoObligado, day: date) -> list[IntegranteCoalicion]:
    """Return who makes up a coalition on a day, by number of the party; none for who is no coalition."""
    rows = in_force_on(day, coalicion.integrantes.all()).select_related("sujeto")
    return list(rows.order_by("sujeto__numero"))


def shares_on(day: date) -> dict[int, list[IntegranteCoalicion]]:
    """Return who makes up each coalition on a day, by its number; the members of the largest shares first."""
    found: dict[int, list[IntegranteCoalicion]] = {}
    rows = in_force_on(day).select_related("sujeto", "convenio")
    for part in rows.order_by("coalicion", "-participacion_pb", "sujeto__numero"):
        found.setdefault(part.coalicion_id, []).append(part)
    return found


def were_ever_joined(one: int, other: int) -> bool:
    """Return whether one of two subjects was a member of the other, a coalition, on some day."""
    pairs = Q(coalicion=one, sujeto=other) | Q(coalicion=other, sujeto=one)
    return IntegranteCoalicion.objects.filter(pairs).exists()


def agreements_of(coalicion: SujetoObligado) -> list[Agreement]:
    """Return the agreements of a coalition with their members, the last first."""
    rows = coalicion.convenios.select_related("registrado_por").order_by("-pk")
    ends = ends_of(rows)
    parts: dict[int | None, list[IntegranteCoalicion]] = {}
    for part in coalicion.integrantes.select_related("sujeto").order_by("-participacion_pb", "pk"):
        parts.setdefault(part.convenio_id, []).append(part)
    return [Agreement(each, tuple(parts.get(each.pk, ())), ends.get(each.pk)) for each in rows]


def register_agreement(coalicion: SujetoObligado, new: NewAgreement, by: Usuario) -> ConvenioCoalicion:
    """Register the agreement of a coalition, or an amendment that rules from its day on; what ruled before is kept.

    Raises Refused with each problem at its place (that of a party, `parte_<number>`), and PermissionError.
    """
    must_administer(by)
    with acting():
        lock_sujeto(coalicion.pk)
        must_administer(by)
        kept = [(pk, share) for pk, share in new.partes if share]
        new = replace(new, partes=tuple(kept), acuerdo=new.acuerdo.strip(), documento=new.documento.strip()[-160:])
        if problems := [*_problems(coalicion, new)]:
            raise Refused(*problems)
        with registering(by.pk):
            made = ConvenioCoalicion.objects.create(
                coalicion=coalicion,
                acuerdo=new.acuerdo,
                aprobado_el=new.aprobado_el,
                desde=new.desde,
                documento=new.documento,
                sha256=new.sha256,
                registrado_el=clock.now(),
                registrado_por=by,
            )
            IntegranteCoalicion.objects.bulk_create(
                IntegranteCoalicion(
                    coalicion=coalicion, convenio=made, sujeto_id=pk, participacion_pb=share, desde=new.desde
                )
                for pk, share in sorted(kept)
            )
        first = not coalicion.convenios.exclude(pk=made.pk).exists()
        trail.act("registrar_integrantes" if first else "modificar_convenio", by, made)
    return made


def _problems(coalicion: SujetoObligado, new: NewAgreement) -> Iterator[Problem]:
    if coalicion.tipo not in ALLIANCES:
        cure = "Elija una coalición o una candidatura común."
        yield Problem("tipo", "", f"{coalicion.nombre} no es una coalición.", cure)
        return
    if not 1 <= len(new.acuerdo) <= 60:
        yield Problem("acuerdo", "acuerdo", "Un acuerdo lo registra.", "Escríbalo, en 60 letras o menos.")
    yield from _day_problems(coalicion, new)
    yield from share_problems(new.partes)
    yield from _same_problems(coalicion, new)


def _day_problems(coalicion: SujetoObligado, new: NewAgreement) -> Iterator[Problem]:
    if new.aprobado_el > clock.today():
        told = f"El {new.aprobado_el:%d/%m/%Y} todavía no llega."
        yield Problem("futuro", "aprobado_el", told, "Escriba el día en que se aprobó el acuerdo.")
    if new.desde < new.aprobado_el:
        told = f"El {new.desde:%d/%m/%Y} es anterior al acuerdo, del {new.aprobado_el:%d/%m/%Y}."
        yield Problem("antes", "desde", told, "Rige desde que se aprueba, o después: corrija el que esté mal.")
    last = coalicion.integrantes.order_by("-desde").first()
    if last is not None and new.desde < last.desde:
        told = f"Ya hay partes que rigen desde el {last.desde:%d/%m/%Y}."
        cure = "Escriba ese día, si corrige las de ese convenio, o uno posterior."
        yield Problem("orden", "desde", told, cure)


def share_problems(parts: Sequence[tuple[int, int]]) -> Iterator[Problem]:
    """Say what is wrong in the shares of an agreement, each at its party; they sum the whole to the last hundredth."""
    found = False
    known = {each.pk: each for each in SujetoObligado.objects.filter(pk__in=[pk for pk, _share in parts])}
    for pk, times in Counter(pk for pk, _share in parts).items():
        party = known.get(pk)
        if party is None or party.tipo not in PARTIES:
            found = True
            seen = f"{party.nombre} no es un partido." if party else "Ese integrante no es un partido."
            yield Problem("partido", f"parte_{pk}", seen, "Quítelo: una coalición es de partidos.")
        elif times > 1:
            found = True
            yield Problem("repetido", f"parte_{pk}", f"{party.nombre} está {times} veces.", "Déjelo una vez.")
    for pk, share in parts:
        if not 0 <= share <= WHOLE:
            found = True
            yield Problem("parte", f"parte_{pk}", f"{percent(share)} % no cabe en el todo.", "Escriba de 0 a 100.")
    if len({pk for pk, _share in parts}) < 2:
        found = True
        yield Problem("pocos", "", f"Tiene {len(parts)} integrante.", "Una coalición es de dos partidos o más.")
    total = sum(share for _pk, share in parts)
    if not found and total != WHOLE:
        over, rest = total > WHOLE, percent(abs(WHOLE - total))
        cure = f"{'Sobra' if over else 'Falta'} {rest} %: escriba las del convenio, con dos decimales."
        yield Problem("suma", "", f"Las participaciones suman {percent(total)} % y deben sumar 100 %.", cure)


def _same_problems(coalicion: SujetoObligado, new: NewAgreement) -> Iterator[Problem]:
    """Say that the last agreement is the one asked for: a press repeated changes nothing."""
    last = coalicion.convenios.order_by("-pk").first()
    if last is None or (last.acuerdo, last.aprobado_el, last.desde) != (new.acuerdo, new.aprobado_el, new.desde):
        return
    if set(last.partes.values_list("sujeto_id", "participacion_pb")) == set(new.partes):
        told = f"Ese convenio ya se registró, el {clock.legal_day(last.registrado_el):%d/%m/%Y}."
        yield Problem("repetido", "", told, "Véalo en la página de la coalición.")


def percent(share: int) -> str:
    """Write a share in hundredths of a percent: 3333 is 33.33."""
    return f"{Decimal(share) / 100:.2f}"
