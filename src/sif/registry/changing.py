"""Move a candidacy to a coalition or out of one, and say before what becomes of its books and obligations."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sif.registry import clock, trail
from sif.registry.closed import refuse_closed_stage
from sif.registry.coalitions import members_on
from sif.registry.leaving import end_of, formula_behind
from sif.registry.leaving_models import MOVED, contends
from sif.registry.loading import open_concentradoras
from sif.registry.locks import lock_contabilidades, lock_etapa
from sif.registry.models import (
    Candidatura,
    Contabilidad,
    FinCandidatura,
    IntegranteCoalicion,
    Nombramiento,
    Periodo,
    SujetoObligado,
    SustitucionCandidatura,
    TopeContabilidad,
    Usuario,
)
from sif.registry.nominating import running_folio
from sif.registry.scope import acting, registering
from sif.registry.selectors import in_force
from sif.registry.services import NewCandidatura, approve_candidatura, record_candidatura
from sif.registry.sujetos import ALLIANCES, PARTIES, must_administer
from sif.values import Problem, Refused


@dataclass(frozen=True, slots=True)
class NewAlliance:
    """The subject for which a candidacy contends from a day on, by an accord."""

    sujeto: SujetoObligado
    desde: date
    acuerdo: str


@dataclass(frozen=True, slots=True)
class AllianceEffects:
    """The effects of a change on books and obligations, before it is done.

    de_antes, de_ahora: the periods that the books there are and the new ones owe; one that the day divides is of both.
    personas: who acts on the books there are, whom the new subject names anew. suplentes: who moves with the formula.
    """

    libros: int
    de_antes: tuple[Periodo, ...]
    de_ahora: tuple[Periodo, ...]
    tope: TopeContabilidad | None
    abre_concentradora: bool
    personas: int
    suplentes: int


def effects_of(candidatura: Candidatura, new: NewAlliance) -> AllianceEffects:
    """Say what a change would do, writing nothing. Raises Refused with each problem at its field."""
    if problems := [*_problems(candidatura, new)]:
        raise Refused(*problems)
    books, etapa = candidatura.contabilidad, candidatura.etapa
    periods = list(etapa.periodos.order_by("numero"))
    pools = Contabilidad.objects.filter(etapa=etapa, sujeto=new.sujeto, clase=Contabilidad.Clase.CONCENTRADORA)
    people = in_force(Nombramiento.objects.filter(contabilidades=books))
    return AllianceEffects(
        libros=books.pk,
        de_antes=tuple(each for each in periods if books.empezo_el <= each.hasta and each.desde < new.desde),
        de_ahora=tuple(each for each in periods if each.hasta >= new.desde),
        tope=books.topes.order_by("-pk").first(),
        abre_concentradora=not pools.exists(),
        personas=people.values("usuario").distinct().count(),
        suplentes=len(_followers(candidatura)),
    )


def change_alliance(candidatura: Candidatura, new: NewAlliance, by: Usuario) -> Contabilidad:
    """End a candidacy for its subject and approve the same person for another, with books of its own.

    Its books stay with the subject that had them and owe the days they ran; the cap is that of the contest, by the same
    accord; the rest of the formula moves with it. Raises Refused with each problem at its field, PermissionError.
    """
    must_administer(by)
    with acting():
        etapa = lock_etapa(candidatura.etapa_id)
        must_administer(by)
        refuse_closed_stage(etapa)
        lock_contabilidades(Contabilidad.objects.filter(candidatura=candidatura).values_list("pk", flat=True))
        if problems := [*_problems(candidatura, new)]:
            raise Refused(*problems)
        others = _followers(candidatura)
        fin, *_fines = [_moved(each, new, by) for each in (candidatura, *others)]
        cap = candidatura.contabilidad.topes.order_by("-pk").first()
        head = _approved(candidatura, new, running_folio(etapa))
        if cap is not None:
            head = replace(head, tope=cap.tope, tope_acuerdo=cap.acuerdo)
        books = approve_candidatura(etapa, head, by=by)
        assert books.candidatura is not None
        for place, each in enumerate(others, 2):
            record_candidatura(etapa, _approved(each, new, f"{head.folio}-{place}"))
        with registering(by.pk):
            act = SustitucionCandidatura.objects.create(
                sale=fin, entra=books.candidatura, acuerdo=new.acuerdo.strip(), hecho_el=clock.now(), hecho_por=by
            )
        open_concentradoras(etapa, by)
        trail.act("cambiar_coalicion", by, act)
    return books


def _moved(candidatura: Candidatura, new: NewAlliance, by: Usuario) -> FinCandidatura:
    with registering(by.pk):
        return FinCandidatura.objects.create(
            candidatura=candidatura,
            causa=MOVED,
            desde=new.desde,
            acuerdo=new.acuerdo.strip(),
            hecho_el=clock.now(),
            hecho_por=by,
        )


def _approved(candidatura: Candidatura, new: NewAlliance, folio: str) -> NewCandidatura:
    return NewCandidatura(
        folio=folio,
        persona=candidatura.persona,
        sujeto=new.sujeto,
        cargo=candidatura.cargo,
        territorio=candidatura.territorio,
        aprobada_el=new.desde,
        acuerdo_aprobacion=new.acuerdo.strip(),
    )


def _followers(candidatura: Candidatura) -> list[Candidatura]:
    """Return the rest of the formula that a candidacy heads, which moves with it."""
    rows = Candidatura.objects.filter(contends(), pk__in=formula_behind(candidatura))
    return list(rows.select_related("persona", "cargo", "territorio").order_by("pk"))


def why_not_moved(candidatura: Candidatura) -> Problem | None:
    """Return why a candidacy changes no coalition, whatever other; None where it may."""
    kinds = (*PARTIES, *ALLIANCES)
    if candidatura.sujeto.tipo not in kinds:
        return Problem("sujeto", "", "No la postula un partido ni una coalición.", "Sigue como está.")
    if not Contabilidad.objects.filter(candidatura=candidatura).exists():
        return Problem("sin_libros", "", "Es la suplencia de una fórmula.", "Cambia con quien la encabeza.")
    if (fin := end_of(candidatura)) is not None:
        told = f"Esa candidatura dejó de contender el {fin.desde:%d/%m/%Y}."
        return Problem("terminada", "", told, "Vea el acto que lo dice.")
    return None


def _problems(candidatura: Candidatura, new: NewAlliance) -> Iterator[Problem]:
    if (refused := why_not_moved(candidatura)) is not None:
        yield refused
        return
    etapa, approved = candidatura.etapa, candidatura.aprobada_el
    last = etapa.proceso.jornada_el or etapa.termina_el
    if new.desde > clock.today():
        told = f"El {new.desde:%d/%m/%Y} todavía no llega."
        yield Problem("futuro", "desde", told, "Registre el acto cuando surta efectos.")
    elif new.desde > last:
        told = f"El {new.desde:%d/%m/%Y} ya no se contiende: la elección fue el {last:%d/%m/%Y}."
        yield Problem("despues", "desde", told, "Escriba el primer día en que contiende por el otro sujeto.")
    elif approved and new.desde <= approved:
        told = f"Contiende desde el {approved:%d/%m/%Y} por {candidatura.sujeto.siglas}."
        yield Problem("antes", "desde", told, "Escriba un día posterior.")
    if not 1 <= len(new.acuerdo.strip()) <= 60:
        yield Problem("acuerdo", "acuerdo", "Lo aprueba un acuerdo.", "Escríbalo, en 60 letras o menos.")
    if new.desde <= last and (periodo := _already_reported(candidatura, new.desde)):
        told = (
            f"Los libros que tiene ya presentaron el informe de días que pasarían: hasta el {periodo.hasta:%d/%m/%Y}."
        )
        yield Problem("presentado", "desde", told, "Escriba un día posterior a lo que se informó.")
    if told := _unrelated(candidatura.sujeto, new):
        cure = "Elija la coalición que integra, o el partido que la integraba; si falta, registre antes su convenio."
        yield Problem("sujeto", "sujeto", told, cure)
    elif told := _back_to_another(candidatura, new):
        yield Problem("otro_partido", "sujeto", told, "Elija el partido por el que se le registró, o su coalición.")


def _already_reported(candidatura: Candidatura, desde: date) -> Periodo | None:
    """Return a period whose report the books presented and that covers days that a change would take from them."""
    books = Contabilidad.objects.filter(candidatura=candidatura).first()
    presented = Periodo.objects.filter(informes__contabilidad=books, informes__presentacion__isnull=False)
    return presented.filter(hasta__gte=desde).order_by("-numero").first() if books else None


def _back_to_another(candidatura: Candidatura, new: NewAlliance) -> str:
    """Return why a party may not have a candidacy that another party registered, through whatever coalition; or ''.

    «Ningún partido político podrá registrar a un candidato de otro partido político» [LGPP 87.6].
    """
    if new.sujeto.tipo not in PARTIES:
        return ""
    first = candidatura
    while (entered := SustitucionCandidatura.objects.filter(entra=first, sale__causa=MOVED).first()) is not None:
        first = entered.sale.candidatura
    if first.sujeto.tipo in PARTIES and first.sujeto_id != new.sujeto.pk:
        return f"La registró {first.sujeto.siglas}; otro partido no registra a su candidato."
    return ""


def _unrelated(left: SujetoObligado, new: NewAlliance) -> str:
    """Return why a subject is not the one that a candidacy of another may pass to, in Spanish; '' where it is.

    «Los partidos políticos no podrán celebrar más de una coalición en un mismo proceso electoral» [LGPP 87.9].
    """
    to = new.sujeto
    if to.pk == left.pk:
        return f"Ya contiende por {to.nombre}."
    if to.tipo not in (*PARTIES, *ALLIANCES):
        return f"{to.nombre} no es partido ni coalición."
    if left.tipo in PARTIES and to.tipo in PARTIES:
        return f"{left.siglas} y {to.siglas} son partidos: nadie entra ni sale de una coalición."
    if left.tipo in ALLIANCES and to.tipo in ALLIANCES:
        return f"{left.siglas} y {to.siglas} son dos coaliciones, y un partido no celebra más de una en un proceso."
    before = _within(left, new.desde - timedelta(days=1))
    if not before & _within(to, new.desde):
        return f"El {new.desde:%d/%m/%Y} {to.siglas} no comparte ningún partido con {left.siglas}."
    return ""


def _within(subject: SujetoObligado, day: date) -> set[int]:
    """Return the parties of a coalition on a day; of a party, itself."""
    if subject.tipo in PARTIES:
        return {subject.pk}
    return {each.sujeto_id for each in members_on(subject, day)}


def coalitions_of(candidatura: Candidatura) -> list[SujetoObligado]:
    """Return the subjects to which a candidacy might pass: those that share a party with its own, whatever the day."""
    own = candidatura.sujeto
    shares = IntegranteCoalicion.objects
    parties = {own.pk} if own.tipo in PARTIES else set(shares.filter(coalicion=own).values_list("sujeto", flat=True))
    unions = set(shares.filter(sujeto__in=parties).values_list("coalicion", flat=True))
    found = unions | (parties if own.tipo in ALLIANCES else set())
    return list(SujetoObligado.objects.filter(pk__in=found - {own.pk}).order_by("nombre"))
