"""What is read of the review: each hallazgo with who has it and how it stands, and how far the whole has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sif.audit.models import (
    Asignacion,
    Asunto,
    Comentario,
    Descarte,
    Hallazgo,
    Observacion,
    Pedido,
    Propuesta,
    Redaccion,
    Reparto,
    Vista,
)
from sif.registry import clock
from sif.registry.models import Etapa, Nombramiento, Usuario

NOBODY = 0
_IN_OBSERVACION = Observacion.hallazgos.through


@dataclass(frozen=True, slots=True)
class Standing:
    """How one hallazgo stands: estado is adoptado, desechado, propuesto, en_espera, sin_dato or sin_revisar."""

    estado: str
    asignado: Usuario | None
    de_reparto: bool
    propuesta: Propuesta | None
    observacion: Observacion | None
    descarte: Descarte | None
    comentarios: int


def with_review(rows: QuerySet[Hallazgo], etapa: Etapa) -> QuerySet[Hallazgo]:
    """Hallazgos with adoptado, desechado, propuesto, en_espera (bool) and asignado (id of a person, 0: nobody).

    A decision counts for the same rule and key in any run of the stage.
    """
    same = {"etapa": etapa, "regla": OuterRef("regla"), "clave": OuterRef("clave")}
    matter = {f"asunto__{name}": value for name, value in same.items()}
    explicit = Asignacion.objects.filter(**matter, retirada_el__isnull=True).values("usuario_id")
    shared = (
        Reparto.objects.filter(
            Q(regla="") | Q(regla=OuterRef("regla")),
            Q(sujeto__isnull=True) | Q(sujeto=OuterRef("contabilidad__sujeto")),
            etapa=etapa, retirado_el__isnull=True,
        )
        .order_by(F("sujeto").asc(nulls_last=True), F("regla").desc())
        .values("usuario_id")[:1]
    )  # fmt: skip
    return rows.annotate(
        adoptado=Exists(
            _IN_OBSERVACION.objects.filter(
                observacion__etapa=etapa, hallazgo__regla=OuterRef("regla"), hallazgo__clave=OuterRef("clave")
            )
        ),
        desechado=Exists(
            Descarte.objects.filter(
                hallazgo__corrida__instantanea__etapa=etapa, hallazgo__regla=OuterRef("regla"),
                hallazgo__clave=OuterRef("clave"),
            )
        ),
        propuesto=Exists(Propuesta.objects.filter(**matter, sentido="")),
        en_espera=Exists(Pedido.objects.filter(**matter, respondido_el__isnull=True)),
        asignado=Coalesce(Subquery(explicit[:1]), Subquery(shared), Value(NOBODY), output_field=IntegerField()),
    )  # fmt: skip


def matters_of(hallazgos: Sequence[Hallazgo]) -> dict[int, Asunto]:
    """The matter of each hallazgo by its pk, where somebody has done something with it."""
    stages = {row.corrida.instantanea.etapa_id for row in hallazgos}
    rows = Asunto.objects.filter(
        etapa__in=stages, regla__in={row.regla for row in hallazgos}, clave__in={row.clave for row in hallazgos}
    )
    known = {(row.etapa_id, row.regla, row.clave): row for row in rows}
    keys = {row.pk: (row.corrida.instantanea.etapa_id, row.regla, row.clave) for row in hallazgos}
    return {pk: known[key] for pk, key in keys.items() if key in known}


def _key(row: Hallazgo) -> tuple[str, str]:
    return (row.regla, row.clave)


def observaciones_by_key(hallazgos: Sequence[Hallazgo]) -> dict[int, Observacion]:
    """The observación that holds each hallazgo, or the same key of another run, by pk of the hallazgo."""
    if not hallazgos:
        return {}
    links = _IN_OBSERVACION.objects.filter(
        observacion__etapa__in={row.corrida.instantanea.etapa_id for row in hallazgos},
        hallazgo__regla__in={row.regla for row in hallazgos}, hallazgo__clave__in={row.clave for row in hallazgos},
    ).select_related("observacion__adoptada_por", "observacion__sujeto", "hallazgo")  # fmt: skip
    known = {_key(link.hallazgo): link.observacion for link in links}
    return {row.pk: known[_key(row)] for row in hallazgos if _key(row) in known}


def _dismissals(hallazgos: Sequence[Hallazgo]) -> dict[tuple[str, str], Descarte]:
    rows = Descarte.objects.filter(
        hallazgo__corrida__instantanea__etapa__in={row.corrida.instantanea.etapa_id for row in hallazgos},
        hallazgo__regla__in={row.regla for row in hallazgos}, hallazgo__clave__in={row.clave for row in hallazgos},
    )  # fmt: skip
    return {_key(row.hallazgo): row for row in rows.select_related("hallazgo", "hecho_por")}


def words_of(hallazgos: Sequence[Hallazgo]) -> dict[int, str]:
    """The last wording people wrote of each hallazgo by its pk; absent where the rule's own words stand."""
    matters = matters_of(hallazgos)
    last: dict[int, str] = {}
    for row in Redaccion.objects.filter(asunto__in=[each.pk for each in matters.values()]).order_by("pk"):
        last[row.asunto_id] = row.texto
    return {pk: last[matter.pk] for pk, matter in matters.items() if matter.pk in last}


def standings(hallazgos: Sequence[Hallazgo]) -> dict[int, Standing]:
    """How each hallazgo stands, by its pk; every one of them is there."""
    if not hallazgos:
        return {}
    etapa = hallazgos[0].corrida.instantanea.etapa
    marked = {row.pk: row for row in with_review(Hallazgo.objects.filter(pk__in=[h.pk for h in hallazgos]), etapa)}
    matters = matters_of(hallazgos)
    numbers = [matter.pk for matter in matters.values()]
    explicit = set(
        Asignacion.objects.filter(asunto__in=numbers, retirada_el__isnull=True).values_list("asunto_id", flat=True)
    )
    people = {row.pk: row for row in Usuario.objects.filter(pk__in={row.asignado for row in marked.values()})}  # type: ignore[attr-defined]
    waiting = {
        row.asunto_id: row
        for row in Propuesta.objects.filter(asunto__in=numbers, sentido="").select_related(
            "propuesta_por", "observacion"
        )
    }
    said: dict[int, int] = {}
    for number in Comentario.objects.filter(asunto__in=numbers).values_list("asunto_id", flat=True):
        said[number] = said.get(number, 0) + 1
    adopted, dropped = observaciones_by_key(hallazgos), _dismissals(hallazgos)
    found = {}
    for row in hallazgos:
        matter = matters[row.pk].pk if row.pk in matters else 0
        mark = marked[row.pk]
        found[row.pk] = Standing(
            _state(mark), people.get(mark.asignado), matter not in explicit, waiting.get(matter),  # type: ignore[attr-defined]
            adopted.get(row.pk), dropped.get(_key(row)), said.get(matter, 0),
        )  # fmt: skip
    return found


def _state(row: Hallazgo) -> str:
    """The state of a hallazgo read through with_review."""
    for name in ("adoptado", "desechado", "propuesto", "en_espera"):
        if getattr(row, name):
            return name
    return "sin_dato" if row.estado == "sin_dato" else "sin_revisar"


@dataclass(frozen=True, slots=True)
class Trail:
    """What was done with one hallazgo, oldest first: assignments, proposals, comments, requests and wordings."""

    asignaciones: tuple[Asignacion, ...]
    propuestas: tuple[Propuesta, ...]
    comentarios: tuple[Comentario, ...]
    pedidos: tuple[Pedido, ...]
    redacciones: tuple[Redaccion, ...]


def trail_of(hallazgo: Hallazgo) -> Trail:
    """Everything people did with one hallazgo, in whatever run they found it."""
    matter = matters_of([hallazgo]).get(hallazgo.pk)
    if matter is None:
        return Trail((), (), (), (), ())
    return Trail(
        tuple(matter.asignaciones.select_related("usuario", "asignada_por").order_by("pk")),
        tuple(matter.propuestas.select_related("propuesta_por", "resuelta_por", "observacion").order_by("pk")),
        tuple(matter.comentarios.select_related("hecho_por").order_by("pk")),
        tuple(matter.pedidos.select_related("pedido_por", "respondido_por").order_by("pk")),
        tuple(matter.redacciones.select_related("hecha_por").order_by("pk")),
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
    """What one subject carries from other stages for the same rule: observaciones by stage with centavos."""

    etapa: Etapa
    observaciones: int
    monto: int
    misma_regla: int


def history_of(hallazgo: Hallazgo) -> list[History]:
    """The same subject in every stage, the last first: how much was observed and how much of it by this rule."""
    rows = Observacion.objects.filter(sujeto=hallazgo.contabilidad.sujeto_id).select_related("etapa__proceso")
    grouped: dict[int, list[Observacion]] = {}
    for row in rows:
        grouped.setdefault(row.etapa_id, []).append(row)
    found = [
        History(
            members[0].etapa, len(members), sum(row.monto for row in members),
            sum(row.regla == hallazgo.regla for row in members),
        )
        for members in grouped.values()
    ]  # fmt: skip
    return sorted(found, key=lambda each: each.etapa.termina_el, reverse=True)


def auditors() -> list[Usuario]:
    """Who may review today, by name."""
    today = clock.today()
    seats = Nombramiento.objects.filter(
        rol__in=[Nombramiento.Rol.AUDITOR, Nombramiento.Rol.REVISOR], desde__lte=today, hasta__gt=today
    )
    return list(Usuario.objects.filter(pk__in=seats.values("usuario")).order_by("nombre"))


def distributions_of(etapa: Etapa) -> list[Reparto]:
    """The distributions in force in a stage."""
    rows = Reparto.objects.filter(etapa=etapa, retirado_el__isnull=True)
    return list(rows.select_related("sujeto", "usuario", "hecho_por").order_by("regla", "sujeto__nombre"))


def views_of(usuario: Usuario) -> list[Vista]:
    """The saved views of a person, then those that others share."""
    rows = Vista.objects.filter(Q(usuario=usuario) | Q(compartida=True)).select_related("usuario")
    return sorted(rows, key=lambda row: (row.usuario_id != usuario.pk, row.nombre, row.pk))


def open_proposals(etapa: Etapa) -> QuerySet[Propuesta]:
    """The proposals of a stage that wait for a second person, oldest first."""
    rows = Propuesta.objects.filter(asunto__etapa=etapa, sentido="")
    return rows.select_related("asunto", "propuesta_por", "observacion", "hallazgo__contabilidad__sujeto").order_by(
        "pk"
    )
