"""End a candidacy by the accord that says so, approve who takes its place, and restore who should not have left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q

from sif.law.leaving import LeavingCause, load_causes, rules_in
from sif.law.parameters import value_on
from sif.law.subjects import kind_of
from sif.registry import clock, trail
from sif.registry.approvals import approval_problems
from sif.registry.closed import refuse_closed_stage
from sif.registry.leaving_models import MOVED, contends, standing_ends
from sif.registry.locks import lock_contabilidades, lock_etapa
from sif.registry.models import (
    Candidatura,
    Contabilidad,
    Etapa,
    FinCandidatura,
    RestitucionCandidatura,
    SustitucionCandidatura,
    Usuario,
)
from sif.registry.motives import motive_problems
from sif.registry.nominating import key_problems, name_problems, running_folio
from sif.registry.scope import acting, registering
from sif.registry.services import NewCandidatura, approve_candidatura, nominated_persona
from sif.registry.sujetos import must_administer
from sif.values import Problem, Refused

RESIGNED = "renuncia"


@dataclass(frozen=True, slots=True)
class NewEnd:
    """The end of a candidacy. desde: the first day on which it no longer contends; presentada_el: of a resignation."""

    causa: str
    desde: date
    acuerdo: str
    presentada_el: date | None = None


@dataclass(frozen=True, slots=True)
class NewSubstitute:
    """The substitute of an ended candidacy, with the accord of approval and the first day to contend."""

    nombre: str
    acuerdo: str
    folio: str = ""
    curp: str = ""
    rfc: str = ""
    sexo: str = ""
    aprobada_el: date | None = None


def causes() -> dict[str, LeavingCause]:
    """Return why a candidacy ends, by key, as this jurisdiction's law says."""
    return dict(load_causes(settings.JURISDICTION))


def end_of(candidatura: Candidatura) -> FinCandidatura | None:
    """Return the act that ended a candidacy; None while it contends."""
    return standing_ends().filter(candidatura=candidatura).select_related("hecho_por").first()


def end_candidacy(candidatura: Candidatura, new: NewEnd, by: Usuario) -> FinCandidatura:
    """End a candidacy; its books stay and owe the reports of the days they ran. Raises Refused and PermissionError.

    Where the law lets nobody take its place, the whole formula ends with whoever heads it.
    """
    must_administer(by)
    with acting():
        etapa = lock_etapa(candidatura.etapa_id)
        lock_contabilidades(Contabilidad.objects.filter(candidatura=candidatura).values_list("pk", flat=True))
        if problems := [*_end_problems(etapa, candidatura, new)]:
            raise Refused(*problems)
        with registering(by.pk):
            fin, *_others = [_ended(each, new, by) for each in (candidatura, *_formula(candidatura))]
        trail.act("terminar_candidatura", by, fin)
    return fin


def _ended(candidatura: Candidatura, new: NewEnd, by: Usuario) -> FinCandidatura:
    return FinCandidatura.objects.create(
        candidatura=candidatura,
        causa=new.causa,
        desde=new.desde,
        presentada_el=new.presentada_el if new.causa == RESIGNED else None,
        acuerdo=new.acuerdo.strip(),
        hecho_el=clock.now(),
        hecho_por=by,
    )


def _formula(candidatura: Candidatura) -> list[Candidatura]:
    """Return who falls with a candidacy: the rest of the formula that it heads, where nobody takes its place."""
    if kind_of(candidatura.sujeto.tipo, settings.JURISDICTION).may_be_substituted:
        return []
    if not Contabilidad.objects.filter(candidatura=candidatura).exists():
        return []  # the absence of a suplente leaves the formula as it is [LGIPE 391.1]
    return list(Candidatura.objects.filter(contends(), pk__in=formula_behind(candidatura)).order_by("pk"))


def formula_behind(head: Candidatura) -> list[int]:
    """Return the numbers of the candidacies of a formula beside who heads it, whose folio theirs continue."""
    start = f"{head.folio}-"
    rows = Candidatura.objects.filter(etapa=head.etapa_id, folio__startswith=start).values_list("pk", "folio")
    return [pk for pk, folio in rows if folio.removeprefix(start).isdigit()]


def _end_problems(etapa: Etapa, candidatura: Candidatura, new: NewEnd) -> Iterator[Problem]:
    standing = end_of(candidatura)
    if standing is not None:
        told = f"Esa candidatura dejó de contender el {standing.desde:%d/%m/%Y}."
        yield Problem("terminada", "", told, "Vea el acto que lo dice.")
    if new.causa not in causes():
        yield Problem("causa", "causa", f"La causa «{new.causa}» no se conoce.", "Elija una de la lista.")
    last = etapa.proceso.jornada_el or etapa.termina_el
    if new.desde > clock.today():
        told = f"El {new.desde:%d/%m/%Y} todavía no llega."
        yield Problem("futuro", "desde", told, "Registre el acto cuando surta efectos.")
    elif new.desde > last:
        told = f"El {new.desde:%d/%m/%Y} ya no se contiende: la elección fue el {last:%d/%m/%Y}."
        yield Problem("despues", "desde", told, "Escriba el primer día en que ya no contiende.")
    elif candidatura.aprobada_el and new.desde < candidatura.aprobada_el:
        told = f"Contiende desde el {candidatura.aprobada_el:%d/%m/%Y}, por el acuerdo que la aprobó."
        yield Problem("antes", "desde", told, "Escriba ese día o uno posterior; si está mal, corrija su aprobación.")
    yield from _resignation(new)
    yield from _accord(new.acuerdo)


def _resignation(new: NewEnd) -> Iterator[Problem]:
    if new.causa != RESIGNED:
        return
    if new.presentada_el is None:
        told = "No dice cuándo se presentó la renuncia."
        yield Problem("presentada", "presentada_el", told, "Escriba el día: de él depende que se pueda sustituir.")
    elif new.presentada_el > new.desde:
        told = f"La renuncia se presentó el {new.presentada_el:%d/%m/%Y}, después de que surtió efectos."
        yield Problem("presentada", "presentada_el", told, "Corrija uno de los dos días.")


def _accord(acuerdo: str) -> Iterator[Problem]:
    if not 1 <= len(acuerdo.strip()) <= 60:
        yield Problem("acuerdo", "acuerdo", "Lo aprueba un acuerdo.", "Escríbalo, en 60 letras o menos.")


def why_not_substituted(fin: FinCandidatura) -> Problem | None:
    """Return why the law lets nobody take the place of a candidacy that ended; None where it does."""
    candidatura = fin.candidatura
    kind = kind_of(candidatura.sujeto.tipo, settings.JURISDICTION)
    if not kind.may_be_substituted:
        article = f" ({kind.substituted.articulo})" if kind.substituted else ""
        return Problem("sujeto", "", f"{kind.nombre}: no se sustituye{article}.", "Sus libros siguen hasta informar.")
    if not Contabilidad.objects.filter(candidatura=candidatura).exists():
        told = "Es la suplencia de una fórmula y no tiene contabilidad."
        return Problem("sin_libros", "", told, "Su lugar no cambia lo que se informa.")
    if fin.causa == MOVED:
        return Problem("cambio", "", "No dejó de contender: cambió de coalición.", "Sustituya la que tiene ahora.")
    proceso = candidatura.etapa.proceso
    if not rules_in(proceso.ambito, settings.JURISDICTION):
        return None
    cause = causes()[fin.causa]
    if not cause.may_be_substituted:
        told = f"Por «{cause.nombre}» no se sustituye ({cause.said.articulo})."
        return Problem("causa", "", told, "Si un tribunal lo ordena, registre una candidatura nueva con esa sentencia.")
    if cause.limit and fin.presentada_el and proceso.jornada_el:
        days = value_on(cause.limit, proceso.jornada_el, settings.JURISDICTION)
        if fin.presentada_el >= proceso.jornada_el - timedelta(days=days):
            told = f"La renuncia se presentó en los {days} días anteriores a la elección ({cause.said.articulo})."
            return Problem("plazo", "", told, "Ya no se sustituye.")
    return None


def substitute(fin: FinCandidatura, new: NewSubstitute, by: Usuario) -> Contabilidad:
    """Approve who takes the place of a candidacy that ended: same subject, office and place, books and cap of its own.

    The cap is that of the contest, by the same accord. Raises Refused with each problem at its field, PermissionError.
    """
    must_administer(by)
    left = fin.candidatura
    with acting():
        refuse_closed_stage(etapa := lock_etapa(left.etapa_id))
        if problems := [*_substitute_problems(fin, new)]:
            raise Refused(*problems)
        keys = {"rfc": new.rfc.strip().upper(), "sexo": new.sexo}
        person = nominated_persona(new.nombre.strip(), new.curp.strip().upper(), by, **keys)
        cap = left.contabilidad.topes.order_by("-pk").first()
        approved = NewCandidatura(
            folio=new.folio.strip() or running_folio(etapa),
            persona=person,
            sujeto=left.sujeto,
            cargo=left.cargo,
            territorio=left.territorio,
            tope=cap.tope if cap else None,
            tope_acuerdo=cap.acuerdo if cap else "",
            aprobada_el=new.aprobada_el,
            acuerdo_aprobacion=new.acuerdo.strip() if new.aprobada_el else "",
        )
        books = approve_candidatura(left.etapa, approved, by=by)
        assert books.candidatura is not None
        with registering(by.pk):
            act = SustitucionCandidatura.objects.create(
                sale=fin, entra=books.candidatura, acuerdo=new.acuerdo.strip(), hecho_el=clock.now(), hecho_por=by
            )
        trail.act("sustituir_candidatura", by, act)
    return books


def _substitute_problems(fin: FinCandidatura, new: NewSubstitute) -> Iterator[Problem]:
    if RestitucionCandidatura.objects.filter(fin=fin).exists():
        yield Problem("restituida", "", "Esa candidatura se restituyó y contiende.", "Vea el acto en su página.")
    standing = SustitucionCandidatura.objects.filter(sale=fin).select_related("entra__persona").first()
    if standing is not None:
        told = f"Ya la sustituyó {standing.entra.persona.nombre}."
        yield Problem("sustituida", "", told, "Si también dejó de contender, registre su fin y sustitúyala.")
    elif (holder := _holder(fin.candidatura)) is not None:
        yield Problem("ocupado", "", f"Tiene ese lugar {holder.persona.nombre}, que contiende.", "Véala en su página.")
    if (refused := why_not_substituted(fin)) is not None:
        yield refused
    yield from name_problems(new.nombre)
    yield from key_problems(new.curp, new.rfc)
    yield from _accord(new.acuerdo)
    left = fin.candidatura
    yield from approval_problems(left.etapa, new.aprobada_el)
    if new.aprobada_el and new.aprobada_el < fin.desde:
        told = f"Ese lugar lo tuvo {left.persona.nombre} hasta el {fin.desde - timedelta(days=1):%d/%m/%Y}."
        yield Problem("aprobacion", "aprobada_el", told, f"Escriba el {fin.desde:%d/%m/%Y} o un día posterior.")
    rows = Candidatura.objects.filter(etapa=left.etapa_id)
    same = Q(cargo=left.cargo_id, territorio=left.territorio_id, persona__nombre__iexact=new.nombre.strip())
    if len(new.folio.strip()) > 40 or (new.folio.strip() and rows.filter(folio=new.folio.strip()).exists()):
        told = "Ese folio ya está en la etapa, o tiene más de 40 letras."
        yield Problem("folio", "folio", told, "Copie el suyo del registro.")
    if rows.filter(contends(), same).exists():
        told = "Esa persona ya contiende ahí en esta etapa."
        yield Problem("repetida", "nombre", told, "Véala en la lista.")


def contest_of(candidatura: Candidatura) -> list[Candidatura]:
    """Return those who held a candidacy one after another, the first of them first; alone, itself."""
    rows = Candidatura.objects.select_related("persona", "sujeto", "contabilidad", "sustituye__sale__candidatura")
    first = rows.get(pk=candidatura.pk)
    while hasattr(first, "sustituye"):
        first = rows.get(pk=first.sustituye.sale.candidatura_id)
    chain = [first]
    for each in chain:  # who was restored may have been substituted twice
        chain += rows.filter(sustituye__sale__candidatura=each).order_by("sustituye__pk")
    return chain


# Restored -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewReturn:
    """The ground to restore a candidacy: the accord that corrects a mistake, or the judgment that orders a return."""

    acuerdo: str
    motivo: str


def restore_candidacy(fin: FinCandidatura, new: NewReturn, by: Usuario) -> RestitucionCandidatura:
    """Leave the end of a candidacy without effect: it contends and owes as if it never left.

    The formula that fell with who heads it returns with her. Raises Refused with each problem at its field,
    PermissionError.
    """
    must_administer(by)
    left = fin.candidatura
    with acting():
        refuse_closed_stage(lock_etapa(left.etapa_id))
        lock_contabilidades(Contabilidad.objects.filter(candidatura=left).values_list("pk", flat=True))
        if problems := [*_return_problems(fin, new)]:
            raise Refused(*problems)
        with registering(by.pk):
            act, *_others = [_restored(each, new, by) for each in (fin, *_fell_with(fin))]
        trail.act("restituir_candidatura", by, act)
    return act


def _restored(fin: FinCandidatura, new: NewReturn, by: Usuario) -> RestitucionCandidatura:
    told = {"acuerdo": new.acuerdo.strip(), "motivo": new.motivo.strip()}
    return RestitucionCandidatura.objects.create(fin=fin, **told, hecho_el=clock.now(), hecho_por=by)


def _fell_with(fin: FinCandidatura) -> list[FinCandidatura]:
    """Return the ends of the rest of a formula, which the end of who heads it brought."""
    left = fin.candidatura
    if kind_of(left.sujeto.tipo, settings.JURISDICTION).may_be_substituted:
        return []
    alike = {"causa": fin.causa, "desde": fin.desde, "acuerdo": fin.acuerdo, "pk__gt": fin.pk}
    return list(standing_ends().filter(candidatura__in=formula_behind(left), **alike).order_by("pk"))


def why_not_restored(fin: FinCandidatura) -> Problem | None:
    """Return why a candidacy that ended may not contend again yet; None where it may."""
    if RestitucionCandidatura.objects.filter(fin=fin).exists():
        return Problem("restituida", "", "Esa candidatura ya se restituyó.", "Vea el acto en su página.")
    left = fin.candidatura
    if (holder := _holder(left)) is not None:
        told = f"Tiene su lugar {holder.persona.nombre}, que contiende."
        return Problem("sustituida", "", told, "Termine primero esa candidatura, con el mismo acuerdo.")
    if (head := _ended_head(left)) is not None:
        told = f"Encabeza su fórmula {head.persona.nombre}, que dejó de contender."
        return Problem("formula", "", told, "Restituya a quien la encabeza: la fórmula completa vuelve con ella.")
    same = {"etapa": left.etapa_id, "cargo": left.cargo_id, "territorio": left.territorio_id}
    named = Q(persona__identidad=left.persona.identidad) | Q(persona__nombre__iexact=left.persona.nombre)
    if Candidatura.objects.filter(contends(), named, **same).exists():
        told = f"{left.persona.nombre} ya contiende ahí con otra candidatura."
        return Problem("repetida", "", told, "Termine primero la otra, con el mismo acuerdo.")
    return None


def _holder(left: Candidatura) -> Candidatura | None:
    """Return who contends today in the place that a candidacy had, if somebody does."""
    others = [each.pk for each in contest_of(left) if each.pk != left.pk]
    return Candidatura.objects.filter(contends(), pk__in=others).select_related("persona").first()


def _ended_head(left: Candidatura) -> Candidatura | None:
    """Return who heads the formula of a candidacy, where the whole of it ends with her and she ended."""
    head, mark, number = left.folio.rpartition("-")
    if not (mark and number.isdigit()) or kind_of(left.sujeto.tipo, settings.JURISDICTION).may_be_substituted:
        return None
    ended = Candidatura.objects.exclude(contends()).filter(etapa=left.etapa_id, sujeto=left.sujeto_id, folio=head)
    return ended.select_related("persona").first()


def _return_problems(fin: FinCandidatura, new: NewReturn) -> Iterator[Problem]:
    if (refused := why_not_restored(fin)) is not None:
        yield refused
    yield from motive_problems(new.motivo, "Diga qué error se corrige o qué sentencia la restituye.")
    yield from _accord(new.acuerdo)
