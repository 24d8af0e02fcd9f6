"""Query hallazgos with their holder and state, and the totals of the review."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from sif.audit.models import (
    Asignacion,
    Comentario,
    Descarte,
    Hallazgo,
    Observacion,
    Pedido,
    PedidoRespondido,
    Propuesta,
    PropuestaResuelta,
    Redaccion,
    Reparto,
    Vista,
)
from sif.registry.models import Etapa, Nombramiento, Usuario
from sif.registry.selectors import in_force

NOBODY = 0
_IN_OBSERVACION = Observacion.hallazgos.through


@dataclass(frozen=True, slots=True)
class Standing:
    """The review status of one hallazgo.

    estado: adoptado, desechado, propuesto, en_espera, sin_dato or sin_revisar. asignado_por: the number of the person
    who assigned the hallazgo, by hand or by a distribution; 0 where it is unassigned.
    """

    estado: str
    asignado: Usuario | None
    asignado_por: int
    de_reparto: bool
    propuesta: Propuesta | None
    observacion: Observacion | None
    descarte: Descarte | None
    comentarios: int


UNDECIDED = Q(adoptado=False, desechado=False)
"""What nobody adopted nor dismissed, of rows that `with_review` read."""


def with_review(rows: QuerySet[Hallazgo], etapa: Etapa) -> QuerySet[Hallazgo]:
    """Hallazgos with adoptado, desechado, propuesto, en_espera (bool) and asignado (id of a person, 0: nobody).

    A decision counts for the same matter in any run of the stage.
    """
    matter = OuterRef("asunto")
    return rows.annotate(
        adoptado=Exists(_IN_OBSERVACION.objects.filter(hallazgo__asunto=matter)),
        desechado=Exists(Descarte.objects.filter(hallazgo__asunto=matter)),
        propuesto=Exists(waiting().filter(asunto=matter)),
        en_espera=Exists(unanswered().filter(asunto=matter)),
        asignado=_assigned(etapa),
    )


def waiting() -> QuerySet[Propuesta]:
    """Select the proposals that nobody has resolved.

    The database estimates how few they are of what is not there; of a join without its other side, it takes one.
    """
    return Propuesta.objects.filter(~Exists(PropuestaResuelta.objects.filter(propuesta=OuterRef("pk"))))


def unanswered() -> QuerySet[Pedido]:
    """Select the requests for information that nobody has answered."""
    return Pedido.objects.filter(~Exists(PedidoRespondido.objects.filter(pedido=OuterRef("pk"))))


def _assigned(etapa: Etapa) -> Coalesce:
    """Build the query expression of each hallazgo's reviewer: by hand, or by the most particular distribution."""
    given = Asignacion.objects.filter(asunto=OuterRef("asunto"), retirada_el__isnull=True)
    whens = []
    for row in _most_particular_first(etapa):
        wanted = Q(regla=row.regla) if row.regla else Q()
        wanted &= Q(contabilidad__sujeto=row.sujeto_id) if row.sujeto_id else Q()
        whens.append(When(wanted, then=Value(row.usuario_id)))
    shared = Case(*whens, default=Value(NOBODY), output_field=IntegerField())
    return Coalesce(Subquery(given.values("usuario")[:1]), shared, output_field=IntegerField())


def _most_particular_first(etapa: Etapa) -> list[Reparto]:
    """Return the distributions in force: those of a subject and a rule, then of a subject, then of a rule."""
    rows = Reparto.objects.filter(etapa=etapa, retirado_el__isnull=True).order_by("pk")
    return sorted(rows, key=lambda row: (row.sujeto_id is None, not row.regla))


def observaciones_by_key(hallazgos: Sequence[Hallazgo]) -> dict[int, Observacion]:
    """Return the observación that holds each hallazgo, or the same matter in another run, by pk of the hallazgo."""
    same = dict(Hallazgo.objects.filter(asunto__in=_matters(hallazgos)).values_list("pk", "asunto"))
    rows = _IN_OBSERVACION.objects.filter(hallazgo__in=list(same)).order_by("pk")
    links = list(rows.values_list("hallazgo", "observacion"))
    if not links:  # as of those that wait to be reviewed
        return {}
    current = Observacion.objects.filter(pk__in={pk for _hallazgo, pk in links}, reemplazada_por=None)
    found = current.select_related("adoptada_por", "sujeto").in_bulk()
    known = {same[hallazgo]: found[pk] for hallazgo, pk in links if pk in found}
    return {row.pk: known[row.asunto_id] for row in hallazgos if row.asunto_id in known}


def _matters(hallazgos: Sequence[Hallazgo]) -> list[int]:
    return [row.asunto_id for row in hallazgos]


def _dismissals(hallazgos: Sequence[Hallazgo]) -> dict[int, Descarte]:
    """Return the dismissal of each matter, by its number."""
    rows = Descarte.objects.filter(hallazgo__asunto__in=_matters(hallazgos)).select_related("hallazgo", "hecho_por")
    return {row.hallazgo.asunto_id: row for row in rows}


def words_of(hallazgos: Sequence[Hallazgo]) -> dict[int, str]:
    """Return the last wording people wrote of each hallazgo by its pk; absent where the rule's own words stand."""
    last = {row.asunto_id: row.texto for row in _wordings(_matters(hallazgos))}
    return {row.pk: last[row.asunto_id] for row in hallazgos if row.asunto_id in last}


def _wordings(matters: Collection[int]) -> list[Redaccion]:
    """Return the words that people wrote of some matters, in the order in which they came to stand.

    Those of an observación stand since another person confirmed them, and are of the proposal that its author signed.
    """
    rows = Redaccion.objects.filter(asunto__in=matters).select_related("hecha_por").order_by("pk")
    said = [(row.hecha_el, row) for row in rows]
    proposed = Propuesta.objects.filter(
        asunto__in=matters,
        decision=Propuesta.Decision.REDACTAR,
        resuelta__sentido=PropuestaResuelta.Sentido.CONFIRMADA,
    )
    said += [
        (
            each.resuelta.hecho_el,
            Redaccion(
                asunto_id=each.asunto_id, texto=each.texto, hecha_el=each.propuesta_el, hecha_por=each.propuesta_por
            ),
        )
        for each in proposed.select_related("propuesta_por", "resuelta").order_by("pk")
    ]
    return [row for _since, row in sorted(said, key=lambda each: each[0])]


def standings(hallazgos: Sequence[Hallazgo]) -> dict[int, Standing]:
    """Return the review status of each hallazgo, by its pk; no hallazgo is left out."""
    if not hallazgos:
        return {}
    numbers = _matters(hallazgos)
    proposed = {
        row.asunto_id: row
        for row in waiting().filter(asunto__in=numbers).select_related("propuesta_por", "observacion")
    }
    asked = set(unanswered().filter(asunto__in=numbers).values_list("asunto_id", flat=True))
    said = Counter(Comentario.objects.filter(asunto__in=numbers).values_list("asunto_id", flat=True))
    adopted, dropped = observaciones_by_key(hallazgos), _dismissals(hallazgos)
    holders, given = _holders(hallazgos)
    found = {}
    for row in hallazgos:
        matter = row.asunto_id
        observacion, descarte, proposal = adopted.get(row.pk), dropped.get(matter), proposed.get(matter)
        states = (
            ("adoptado", observacion),
            ("desechado", descarte),
            ("propuesto", proposal),
            ("en_espera", matter in asked),
            ("sin_dato", row.estado == "sin_dato"),
        )
        state = next((name for name, stands in states if stands), "sin_revisar")
        holder, giver = holders.get(row.pk, (None, NOBODY))
        found[row.pk] = Standing(
            state, holder, giver, matter not in given, proposal, observacion, descarte, said[matter]
        )
    return found


def _holders(
    hallazgos: Sequence[Hallazgo],
) -> tuple[dict[int, tuple[Usuario, int]], dict[int, tuple[Usuario, int]]]:
    """Return the reviewer and the assigner's number by pk of hallazgo, and the same, by hand only, by pk of matter."""
    rows = Asignacion.objects.filter(asunto__in=_matters(hallazgos), retirada_el__isnull=True)
    given = {row.asunto_id: (row.usuario, row.asignada_por_id) for row in rows.select_related("usuario")}
    shared = _most_particular_first(hallazgos[0].corrida.instantanea.etapa)
    people = Usuario.objects.in_bulk({row.usuario_id for row in shared})
    holders: dict[int, tuple[Usuario, int]] = {}
    for row in hallazgos:
        fits = (
            share
            for share in shared
            if share.regla in ("", row.regla) and share.sujeto_id in (None, row.contabilidad.sujeto_id)
        )
        share = next(fits, None)
        who = given.get(row.asunto_id)
        if who is None and share is not None:
            who = people[share.usuario_id], share.hecho_por_id
        if who is not None:
            holders[row.pk] = who
    return holders, given


@dataclass(frozen=True, slots=True)
class Trail:
    """The review history of one hallazgo, oldest first: assignments, proposals, comments, requests and wordings."""

    asignaciones: tuple[Asignacion, ...]
    propuestas: tuple[Propuesta, ...]
    comentarios: tuple[Comentario, ...]
    pedidos: tuple[Pedido, ...]
    redacciones: tuple[Redaccion, ...]


def trail_of(hallazgo: Hallazgo) -> Trail:
    """Return the review history of one hallazgo over every run that found its matter."""
    matter = hallazgo.asunto
    return Trail(
        tuple(matter.asignaciones.select_related("usuario", "asignada_por").order_by("pk")),
        tuple(matter.propuestas.select_related("propuesta_por", "resuelta__hecho_por", "observacion").order_by("pk")),
        tuple(matter.comentarios.select_related("hecho_por").order_by("pk")),
        tuple(matter.pedidos.select_related("pedido_por", "respondido__hecho_por").order_by("pk")),
        tuple(_wordings([matter.pk])),
    )


def similar_to(hallazgo: Hallazgo, limit: int = 6) -> list[Hallazgo]:
    """Hallazgos of the same run, rule and result, nearest in amount first; of any subject."""
    rows = Hallazgo.objects.filter(
        corrida=hallazgo.corrida_id, regla=hallazgo.regla, resultado=hallazgo.resultado, estado=hallazgo.estado
    ).exclude(pk=hallazgo.pk)
    near = rows.select_related("contabilidad__sujeto", "corrida__instantanea__etapa")
    above = list(near.filter(monto__gte=hallazgo.monto).order_by("monto", "pk")[:limit])
    below = list(near.filter(monto__lt=hallazgo.monto).order_by("-monto", "pk")[:limit])
    return sorted([*above, *below], key=lambda row: (abs(row.monto - hallazgo.monto), row.pk))[:limit]


@dataclass(frozen=True, slots=True)
class History:
    """The observaciones of one subject in a stage: their count, their centavos, and the count of the same rule."""

    etapa: Etapa
    observaciones: int
    monto: int
    misma_regla: int


def history_of(hallazgo: Hallazgo) -> list[History]:
    """Return the same subject in every stage, the last first: how much was observed and how much of it by this rule."""
    rows = Observacion.objects.filter(sujeto=hallazgo.contabilidad.sujeto_id, reemplazada_por=None).order_by()
    sums = {"n": Count("pk"), "m": Sum("monto"), "misma": Count("pk", filter=Q(regla=hallazgo.regla))}
    counted = list(rows.values("etapa").annotate(**sums).values_list("etapa", *sums))
    stages = Etapa.objects.select_related("proceso").in_bulk({stage for stage, *_amounts in counted})
    found = [History(stages[stage], *amounts) for stage, *amounts in counted]
    return sorted(found, key=lambda each: each.etapa.termina_el, reverse=True)


def auditors() -> list[Usuario]:
    """List the persons who may review today, by name."""
    seats = in_force(Nombramiento.objects.filter(rol__in=[Nombramiento.Rol.AUDITOR, Nombramiento.Rol.REVISOR]))
    return list(Usuario.objects.filter(pk__in=seats.values("usuario")).order_by("nombre"))


def distributions_of(etapa: Etapa) -> list[Reparto]:
    """Return the distributions in force in a stage."""
    rows = Reparto.objects.filter(etapa=etapa, retirado_el__isnull=True)
    return list(rows.select_related("sujeto", "usuario", "hecho_por").order_by("regla", "sujeto__nombre"))


def views_of(usuario: Usuario) -> list[Vista]:
    """Return the saved views of a person, then those that others share."""
    rows = Vista.objects.filter(Q(usuario=usuario) | Q(compartida=True)).select_related("usuario")
    return sorted(rows, key=lambda row: (row.usuario_id != usuario.pk, row.nombre, row.pk))


def open_proposals(etapa: Etapa) -> QuerySet[Propuesta]:
    """Return the proposals of a stage that wait for a second person, oldest first."""
    rows = waiting().filter(asunto__etapa=etapa)
    return rows.select_related("asunto", "propuesta_por", "observacion", "hallazgo__contabilidad__sujeto").order_by(
        "pk"
    )


def proposals_on(rows: QuerySet[Hallazgo], etapa: Etapa) -> QuerySet[Propuesta]:
    """Return the proposals that wait on some hallazgos, whatever run they were proposed in."""
    return open_proposals(etapa).filter(asunto__in=rows.order_by().values("asunto"))
