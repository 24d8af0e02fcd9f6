"""Read the published tables as typed rows, the only source of the public desk."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OrderBy,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.expressions import Expression
from django.db.models.functions import Cast, Coalesce, NullIf

from sif.disclosure.layout import ExpenseRow, columns, layout
from sif.disclosure.members import Member, read_members
from sif.disclosure.models import (
    ContabilidadPublicada,
    DocumentoPublicado,
    ProcesoPublicado,
    ReglaPublicada,
    RetiroPublicado,
    SancionPublicada,
)
from sif.registry.clock import legal_zone
from sif.registry.folding import Folded, with_words
from sif.values import Money

_AT_ONCE = 2_000  # rows of a file that are read at a time


@dataclass(frozen=True, slots=True)
class Process:
    """A stage as published, with its totals: books, income, spending and sanctions.

    sin_voto: it was proposed with no resolución approved; informes: the reports by kind, as `reports` counts them. None
    where that was not kept.
    """

    clave: str
    nombre: str
    ambito: str
    entidad: str
    inicia_el: date
    termina_el: date
    jornada_el: date | None
    datos_al: datetime
    contabilidades: int
    ingresos: Money
    egresos: Money
    sanciones: Money
    sin_voto: bool | None
    informes: dict[str, dict[str, object]] | None


@dataclass(frozen=True, slots=True)
class Statement:
    """The public statement of some books; rubros and ingresos_por_origen only have headings with movement.

    aprobada_el: when the books were opened. contiende_desde, acuerdo_aprobacion: the approval of the candidacy, None
    and '' where it is not known or they are of none. no_reportado: None while the council has not resolved it.
    emblema: the digest of the figure of their subject, or ''. baja: why their candidacy no longer contends, a cause of
    the law, or ''; baja_desde: since when; sustituta: who took its place, and in which books, where somebody did.
    informes_en_plazo: the reports not filed whose term runs, until informes_hasta; None where that was not kept.
    integrantes: who made up the coalition on the last day of the stage; None where that was not kept.
    """

    proceso: str
    id_contabilidad: int
    clase: str
    nombre: str
    cargo: str
    territorio: str
    entidad: str
    sujeto: str
    siglas: str
    tipo_asociacion: str
    estatus: str
    aprobada_el: datetime
    cancelada_el: datetime | None
    tope: Money | None
    ingresos: Money
    egresos: Money
    no_reportado: Money | None
    rubros: dict[str, Money]
    ingresos_por_origen: dict[str, Money]
    informes_debidos: int
    informes_presentados: int
    informes_tarde: int
    datos_al: datetime
    contiende_desde: date | None
    acuerdo_aprobacion: str
    emblema: str
    baja: str
    baja_desde: date | None
    sustituta: str
    sustituta_contabilidad: int | None
    informes_en_plazo: int | None
    informes_hasta: date | None
    integrantes: tuple[Member, ...] | None

    @property
    def total(self) -> Money:
        """Column C of the cap table: reported plus determined; what is reported while nothing was resolved."""
        return self.egresos + (self.no_reportado or Money(0))

    @property
    def queda(self) -> Money | None:
        """Return the amount left under the cap, negative when exceeded, or None where there is no cap."""
        return None if self.tope is None else self.tope - self.total


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list of books, empty for all; texto: words of the line, accents and capitals ignored."""

    siglas: str = ""
    cargo: str = ""
    territorio: str = ""
    clase: str = ""
    texto: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of a list of books: their number, their sums, and the number over their cap.

    no_reportado: None where the council resolved it of none of them.
    """

    cuantas: int
    ingresos: Money
    egresos: Money
    no_reportado: Money | None
    rebasan: int
    informes_debidos: int
    informes_presentados: int
    informes_tarde: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of the filters of a stage: subjects (siglas, name), offices and places."""

    sujetos: dict[str, str]
    cargos: frozenset[str]
    territorios: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublicSanction:
    """A sanction of an approved resolución, with the vote; partes: what each member of a coalition pays."""

    proceso: str
    conclusion: str
    resolucion: str
    sujeto: str
    siglas: str
    conducta: str
    articulo: str
    regla: str
    monto_involucrado: Money
    umas: int
    forma: str
    monto: Money
    partes: tuple[tuple[str, Money], ...]
    votada_el: datetime
    votos_a_favor: int
    votos_en_contra: int


@dataclass(frozen=True, slots=True)
class SanctionTotals:
    """The number, the subjects and the sums of some published sanctions."""

    cuantas: int
    sujetos: int
    involucrado: Money
    monto: Money


@dataclass(frozen=True, slots=True)
class PublicRule:
    """A rule in words. fundamento: article, what it says, status, and the only outcomes it grounds (none: all)."""

    regla: str
    titulo: str
    texto: str
    fundamento: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    sancionadas: int


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A public document and the digest of its PDF."""

    clave: str
    titulo: str
    siglas: str
    pdf_sha256: str
    publicado_el: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The notice of a publication withdrawn. vigente: nothing of that stage was published in its place."""

    publicacion: int
    proceso: str
    nombre: str
    huella: str
    datos_al: datetime
    publicada_el: datetime
    retirada_el: datetime
    motivo: str
    fundamento: str
    autoridad: str
    vigente: bool


def processes() -> list[Process]:
    """Return every stage published, the last first."""
    rows = ProcesoPublicado.objects.annotate(
        cuantas=Count("contabilidades"),
        suma_ingresos=Sum("contabilidades__ingresos", default=0),
        suma_egresos=Sum("contabilidades__egresos", default=0),
    )
    fined = dict(ProcesoPublicado.objects.values_list("clave").annotate(total=Sum("sanciones__monto", default=0)))
    return [
        Process(
            row.clave,
            row.nombre,
            row.ambito,
            row.entidad,
            row.inicia_el,
            row.termina_el,
            row.jornada_el,
            row.datos_al,
            row.cuantas,
            Money(row.suma_ingresos),
            Money(row.suma_egresos),
            Money(fined[row.clave]),
            row.sin_voto,
            row.informes,
        )
        for row in rows.order_by("-termina_el", "clave")
    ]


def process(clave: str) -> Process | None:
    """Return the stage of that key, or None."""
    return next((row for row in processes() if row.clave == clave), None)


def contabilidades(
    proceso: str, filters: Filters | None = None, order: str = "-reportado", part: slice = slice(None)
) -> Iterator[Statement]:
    """The part asked for of the books of a stage, in order (a key of `ORDERS`, reversed after «-»), never all held."""
    rows = _narrowed(proceso, filters).select_related("proceso").order_by(*_order(order), "id_contabilidad")[part]
    return (_statement(row) for row in rows.iterator(_AT_ONCE))


def totals(proceso: str, filters: Filters | None = None) -> Totals:
    """Return the totals of a list of books."""
    names = ("ingresos", "egresos", "informes_debidos", "informes_presentados", "informes_tarde")
    sums = {f"suma_{name}": Sum(name, default=0) for name in names}
    over = Count("pk", filter=Q(tope__lt=_TOTAL))
    sums["suma_no_reportado"] = Sum("no_reportado")
    said = _narrowed(proceso, filters).aggregate(cuantas=Count("pk"), rebasan=over, **sums)
    unreported = said["suma_no_reportado"]
    return Totals(
        said["cuantas"],
        Money(said["suma_ingresos"]),
        Money(said["suma_egresos"]),
        None if unreported is None else Money(unreported),
        said["rebasan"],
        said["suma_informes_debidos"],
        said["suma_informes_presentados"],
        said["suma_informes_tarde"],
    )


def choices(proceso: str) -> Choices:
    """Return the choices of the filters of a stage."""
    rows = ContabilidadPublicada.objects.filter(proceso__clave=proceso).order_by()
    cargos, places = (rows.values_list(name, flat=True).distinct() for name in ("cargo", "territorio"))
    return Choices(subjects(proceso), frozenset(cargos) - {""}, frozenset(places) - {""})


def subjects(proceso: str) -> dict[str, str]:
    """Return the name of each subject of a stage by its siglas."""
    rows = ContabilidadPublicada.objects.filter(proceso__clave=proceso).order_by()
    return dict(rows.values_list("siglas", "sujeto").distinct())


def elections(proceso: str) -> list[tuple[str, str]]:
    """Return the office and place of each election of a stage, those in which most was spent first."""
    rows = _narrowed(proceso, Filters(clase="candidatura")).order_by().values_list("cargo", "territorio")
    spent = rows.annotate(gasto=Sum(_TOTAL))
    return [(office, place) for office, place, _spent in sorted(spent, key=lambda row: (-row[2], row[:2]))]


def election(proceso: str, cargo: str, territorio: str) -> list[Statement]:
    """Return the candidacies of an election, the highest spending first."""
    rows = _narrowed(proceso, Filters(clase="candidatura")).filter(cargo=cargo, territorio=territorio)
    found = rows.select_related("proceso").order_by(_TOTAL.desc(), "nombre", "id_contabilidad")
    return [_statement(row) for row in found]


_TOTAL = F("egresos") + Coalesce(F("no_reportado"), 0, output_field=BigIntegerField())
_SPENT = ExpressionWrapper(_TOTAL, output_field=BigIntegerField())
_SHARE = ExpressionWrapper(
    Cast(_TOTAL, DecimalField(max_digits=40, decimal_places=0)) / NullIf(F("tope"), 0),
    output_field=DecimalField(max_digits=60, decimal_places=20),
)
ORDERS: dict[str, tuple[Expression | F, ...]] = {
    "nombre": (Folded("nombre"),),
    "tope": (_SHARE, _SPENT),
    "reportado": (F("egresos"),),
    "no_reportado": (F("no_reportado"),),
}
"""What orders a list of books, by its key; `tope` is by part of the cap spent, and what has no cap goes last."""


def _order(order: str) -> list[OrderBy]:
    is_down = order.startswith("-")
    last, first = (True, None) if is_down else (None, True)
    return [
        OrderBy(each, descending=is_down, nulls_last=last, nulls_first=first)
        for each in ORDERS[order.removeprefix("-")]
    ]


def _narrowed(proceso: str, filters: Filters | None) -> QuerySet[ContabilidadPublicada]:
    asked = filters or Filters()
    rows = ContabilidadPublicada.objects.filter(proceso__clave=proceso)
    exact = {name: value for name in ("siglas", "cargo", "territorio", "clase") if (value := getattr(asked, name))}
    number = Cast("id_contabilidad", CharField())
    named = rows.filter(**exact).alias(numero=number)
    return with_words(named, asked.texto, "nombre", "sujeto", "siglas", "cargo", "territorio", "numero")


def contabilidad(number: int) -> Statement | None:
    """Return the statement of the books of that number, or None."""
    row = ContabilidadPublicada.objects.filter(id_contabilidad=number).select_related("proceso").first()
    return None if row is None else _statement(row)


_OTHERWISE = {"proceso", "tope", "ingresos", "egresos", "no_reportado", "rubros", "ingresos_por_origen", "integrantes"}
_AS_STORED = tuple(field.name for field in fields(Statement) if field.name not in _OTHERWISE)


def _statement(row: ContabilidadPublicada) -> Statement:
    said: dict[str, Any] = {name: getattr(row, name) for name in _AS_STORED}
    return Statement(
        **said,
        proceso=row.proceso.clave,
        tope=None if row.tope is None else Money(row.tope),
        ingresos=Money(row.ingresos),
        egresos=Money(row.egresos),
        no_reportado=None if row.no_reportado is None else Money(row.no_reportado),
        rubros={head: Money(amount) for head, amount in row.rubros.items()},
        ingresos_por_origen={origin: Money(amount) for origin, amount in row.ingresos_por_origen.items()},
        integrantes=read_members(row.integrantes),
    )


def sanciones(proceso: str, siglas: str = "", part: slice = slice(None)) -> list[PublicSanction]:
    """Return the part asked for of the sanctions of a stage, of a subject or of all, the largest first."""
    rows = _sanction_rows(proceso, siglas).annotate(clave_proceso=F("proceso__clave"))
    return [
        PublicSanction(
            proceso=row.clave_proceso,
            conclusion=row.conclusion,
            resolucion=row.resolucion,
            sujeto=row.sujeto,
            siglas=row.siglas,
            conducta=row.conducta,
            articulo=row.articulo,
            regla=row.regla,
            monto_involucrado=Money(row.monto_involucrado),
            umas=row.umas,
            forma=row.forma,
            monto=Money(row.monto),
            partes=tuple((part["siglas"], Money(part["monto"])) for part in row.partes),
            votada_el=row.votada_el,
            votos_a_favor=row.votos_a_favor,
            votos_en_contra=row.votos_en_contra,
        )
        for row in rows.order_by("-monto", "conclusion")[part]
    ]


def sum_sanciones(proceso: str, siglas: str = "") -> SanctionTotals:
    """Return the number and the sums of the sanctions of a stage, or of a subject in the stage."""
    found = _sanction_rows(proceso, siglas).aggregate(
        count=Count("pk"),
        subjects=Count("siglas", distinct=True),
        involved=Sum("monto_involucrado", default=0),
        total=Sum("monto", default=0),
    )
    return SanctionTotals(found["count"], found["subjects"], Money(int(found["involved"])), Money(int(found["total"])))


def sanctioned(proceso: str) -> dict[str, str]:
    """Return the subjects that a stage sanctions, their names by siglas."""
    return dict(_sanction_rows(proceso).values_list("siglas", "sujeto").distinct())


def _sanction_rows(proceso: str, siglas: str = "") -> QuerySet[SancionPublicada]:
    rows = SancionPublicada.objects.filter(proceso__clave=proceso)
    return rows.filter(siglas=siglas) if siglas else rows


def reglas(proceso: str) -> list[PublicRule]:
    """Return the rules by which the council sanctioned in a stage, in order of id."""
    return [
        PublicRule(
            row.regla,
            row.titulo,
            row.texto,
            tuple((b["articulo"], b["dice"], b["estatus"], tuple(b.get("funda", ()))) for b in row.fundamento),
            row.sancionadas,
        )
        for row in ReglaPublicada.objects.filter(proceso__clave=proceso).order_by("regla")
    ]


def documentos(proceso: str, siglas: str = "", part: slice = slice(None)) -> list[PublicDocument]:
    """Return the part asked for of the public documents of a stage, of a subject or of all, the last first."""
    rows = DocumentoPublicado.objects.filter(proceso__clave=proceso, **({"siglas": siglas} if siglas else {}))
    return [
        PublicDocument(row.clave, row.titulo, row.siglas, row.pdf_sha256, row.publicado_el)
        for row in rows.order_by("-publicado_el", "clave")[part]
    ]


def count_documentos(proceso: str) -> int:
    """Count the public documents of a stage."""
    return DocumentoPublicado.objects.filter(proceso__clave=proceso).count()


def expense_columns(jurisdiction: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of the public file of spending in order: (heading, form: texto, dia, instante or pesos)."""
    return tuple((column.titulo, column.forma) for column in columns(jurisdiction))


def expenses(proceso: str) -> Iterator[ExpenseRow]:
    """Yield the spending of the candidacies of a stage, as the 26 columns of the public file have it."""
    names: dict[str, str] = layout(settings.JURISDICTION)["entidades"]
    rows = ContabilidadPublicada.objects.filter(proceso__clave=proceso, clase="candidatura").select_related("proceso")
    zone = legal_zone()
    for row in rows.order_by("id_contabilidad").iterator(_AT_ONCE):
        yield ExpenseRow(
            proceso=row.proceso.clave,
            ambito=row.proceso.ambito.upper(),
            entidad=names.get(row.entidad, ""),
            territorio=row.territorio,
            cargo=row.cargo.upper(),
            tipo_asociacion=row.tipo_asociacion,
            sujeto=row.sujeto.upper(),
            siglas=row.siglas,
            nombre=row.nombre.upper(),
            inicia_el=row.proceso.inicia_el,
            termina_el=row.proceso.termina_el,
            aprobada_el=row.aprobada_el.astimezone(zone),
            estatus="ACTIVO" if row.estatus == "activa" else "CANCELADO",
            cancelada_el=row.cancelada_el.astimezone(zone) if row.cancelada_el else None,
            tope=None if row.tope is None else Money(row.tope),
            total=Money(row.egresos),
            rubros={head: Money(amount) for head, amount in row.rubros.items()},
        )


def withdrawals(**of: object) -> list[Withdrawal]:
    """Return every notice of withdrawal, the last first; `of` narrows them by columns of the table."""
    shown = set(ProcesoPublicado.objects.values_list("clave", flat=True))
    names = [each.name for each in fields(Withdrawal) if each.name != "vigente"]
    return [
        Withdrawal(**{name: getattr(row, name) for name in names}, vigente=row.proceso not in shown)
        for row in RetiroPublicado.objects.filter(**of).order_by("-publicacion")
    ]


def withdrawn(part: str, key: str | int) -> Withdrawal | None:
    """Return the last notice of what showed a stage (`proceso`), a contabilidad or a document of that key, or None."""
    of = {"proceso": key} if part == "proceso" else {f"lugares__{part}__contains": [key]}
    return next(iter(withdrawals(**of)), None)
