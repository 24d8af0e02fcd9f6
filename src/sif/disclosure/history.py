"""Load the totals of a past process from its public file, and query them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from sif.disclosure.history_reading import Account, ColumnsOfHistory, HistorySheet, read_history
from sif.disclosure.models import CargaHistorica, CargaHistoricaRetirada, CuentaHistorica
from sif.registry import clock, trail
from sif.registry.candidaturas import plain
from sif.registry.locks import hold
from sif.registry.models import Usuario
from sif.registry.scope import acting
from sif.registry.selectors import may
from sif.values import Money, Problem, Refused

AT_ONCE = 1_000
LOCK = "disclosure.historico"
TEXTS = ("nombre", "sujeto", "siglas", "asociacion", "cargo", "entidad", "lugar", "estatus")


@dataclass(frozen=True, slots=True)
class HistoryLoad:
    """A load as it stands and what its file said; `repetida`: it was there already and nothing changed."""

    carga: CargaHistorica
    hoja: HistorySheet
    repetida: bool


def load_history(
    data: bytes,
    archivo: str,
    by: Usuario | None,
    *,
    mapa: ColumnsOfHistory | None = None,
    nombre: str = "",
    progress: Callable[[int], None] = lambda _count: None,
) -> HistoryLoad:
    """Load a public file of totals as a past process, whole or not at all; it opens no books.

    mapa: which column each datum is, for files whose titles are not known; by: None where who operates the installation
    loads it. A later load of the same process replaces it; the same file again changes nothing. Raises
    PermissionError, and Refused with row and column of each thing that cannot be read.
    """
    _must(by)
    sheet = readable(data, mapa)
    digest, key = hashlib.sha256(data).hexdigest(), key_of(sheet, archivo)
    with acting():
        hold(f"{LOCK}:{key}")
        there = standing().filter(clave=key).first()
        same = there is not None and (there.sha256, there.mapa) == (digest, sheet.columnas.as_dict())
        if there is not None and same and nombre.strip()[:200] in ("", there.nombre):
            return HistoryLoad(there, sheet, repetida=True)
        carga = CargaHistorica.objects.create(
            clave=key,
            nombre=(nombre.strip() or _name(sheet, key))[:200],
            ambito=sheet.ambito[:8],
            inicia_el=sheet.inicia,
            termina_el=sheet.termina,
            archivo=archivo[:200],
            sha256=digest,
            mapa=sheet.columnas.as_dict(),
            redondeados=sheet.redondeados,
            descuadrados=sheet.descuadrados,
            cargada_el=clock.now(),
            cargada_por=by,
        )
        for first in range(0, len(sheet.cuentas), AT_ONCE):
            some = sheet.cuentas[first : first + AT_ONCE]
            CuentaHistorica.objects.bulk_create(_row(carga, each) for each in some)
            progress(first + len(some))
        if by is not None:
            trail.act("cargar_historico", by, carga)
    return HistoryLoad(carga, sheet, repetida=False)


def readable(data: bytes, mapa: ColumnsOfHistory | None) -> HistorySheet:
    """Read a file in which nothing is wrong. Raises Refused."""
    sheet = read_history(data, mapa, jurisdiction=settings.JURISDICTION)
    if not sheet.cuentas and not sheet.problemas:
        sheet.problemas.append(Problem("nada", "archivo", "El archivo no trae ninguna cuenta.", "Cargue otro."))
    if sheet.problemas:
        raise Refused(*sheet.problemas)
    return sheet


def _must(by: Usuario | None) -> None:
    if by is not None and not may(by, "administrar"):
        raise PermissionError("Los procesos históricos los carga quien administra el sistema.")


def key_of(sheet: HistorySheet, archivo: str) -> str:
    """Return the key of a past process: what its file calls it, with ámbito and year where that would be of several."""
    said = plain(sheet.proceso) or plain(archivo.rsplit(".", 1)[0])
    if not any(char.isdigit() for char in said):
        year = str(sheet.termina.year) if sheet.termina else ""
        said = "-".join(part for part in (said, sheet.ambito.upper(), year) if part)
    return said.replace(" ", "-")[:60]


def _name(sheet: HistorySheet, key: str) -> str:
    span = {day.year for day in (sheet.inicia, sheet.termina) if day}
    more = (sheet.ambito, "-".join(map(str, sorted(span))))
    return ", ".join([key, *(part for part in more if part and part.upper() not in key)])


def _row(carga: CargaHistorica, account: Account) -> CuentaHistorica:
    def centavos(amount: Money | None) -> int | None:
        return None if amount is None else amount.centavos

    said = {name: account.textos.get(name, "") for name in TEXTS}
    said["nombre"] = said["nombre"] or said["sujeto"]
    return CuentaHistorica(
        carga=carga,
        renglon=account.renglon,
        identificador=account.textos.get("id", ""),
        **said,
        tope=centavos(account.tope),
        ingresos=centavos(account.ingresos),
        gasto=centavos(account.gasto),
        determinado=centavos(account.determinado),
        ajustes_negativos=account.adjustments,
        rubros={head: amount.centavos for head, amount in account.rubros.items()},
        origenes={head: amount.centavos for head, amount in account.origenes.items()},
    )


def withdraw_history(carga: CargaHistorica, motivo: str, by: Usuario) -> CargaHistoricaRetirada:
    """Take a past process out of sight, with a reason. Raises PermissionError, and Refused where it is not in sight."""
    _must(by)
    reason = " ".join(motivo.split())
    if not reason:
        raise Refused(Problem("motivo", "motivo", "Falta el motivo.", "Escriba por qué se retira."))
    with acting():
        hold(f"{LOCK}:{carga.clave}")
        if not standing().filter(pk=carga.pk).exists():
            raise Refused(Problem("vigente", "", "Ese proceso histórico ya no está a la vista.", "Nada que retirar."))
        made = CargaHistoricaRetirada.objects.create(
            carga=carga, motivo=reason[:300], hecho_el=clock.now(), hecho_por=by
        )
        trail.act("retirar_historico", by, carga)
    return made


def standing() -> QuerySet[CargaHistorica]:
    """Return the past processes in sight: the last load of each key, unless it was withdrawn."""
    later = CargaHistorica.objects.filter(clave=OuterRef("clave"), pk__gt=OuterRef("pk"))
    rows = CargaHistorica.objects.filter(~Exists(later), retirada=None)
    return rows.order_by(F("termina_el").desc(nulls_last=True), "clave")


_SPENT = Coalesce(F("gasto"), Value(0)) + Coalesce(F("determinado"), Value(0))


def accounts_of(carga: CargaHistorica) -> QuerySet[CuentaHistorica]:
    """The accounts of a past process with what each spent (`total`) and how far over its cap, in basis points."""
    over = Case(When(tope__gt=0, total__gt=F("tope"), then=(F("total") - F("tope")) * 10_000 / F("tope")))
    return CuentaHistorica.objects.filter(carga=carga).annotate(total=_SPENT).annotate(exceso_pb=over)


@dataclass(frozen=True, slots=True)
class HistoryTotals:
    """The totals of a past process; an amount that its file does not say is None."""

    cuentas: int
    ingresos: Money | None
    gasto: Money | None
    topes: Money | None
    determinado: Money | None
    sobre_tope: int
    sin_tope: int
    topes_en_cero: int
    ajustes_negativos: int


def totals_of(carga: CargaHistorica) -> HistoryTotals:
    """Sum the accounts of a past process."""
    found = accounts_of(carga).aggregate(
        cuentas=Count("pk"),
        **{f"suma_{name}": Sum(name) for name in ("ingresos", "gasto", "tope", "determinado")},
        sobre=Count("pk", filter=Q(exceso_pb__isnull=False)),
        sin=Count("pk", filter=Q(tope__isnull=True) | Q(tope__lte=0)),
        cero=Count("pk", filter=Q(tope=0)),
        negativos=Sum("ajustes_negativos", default=0),
    )

    def amount(name: str) -> Money | None:
        total = found[f"suma_{name}"]
        return None if total is None else Money(total)

    return HistoryTotals(
        cuentas=found["cuentas"],
        ingresos=amount("ingresos"),
        gasto=amount("gasto"),
        topes=amount("tope"),
        determinado=amount("determinado"),
        sobre_tope=found["sobre"],
        sin_tope=found["sin"],
        topes_en_cero=found["cero"],
        ajustes_negativos=found["negativos"],
    )


def heads_of(carga: CargaHistorica) -> tuple[dict[str, Money], dict[str, Money]]:
    """Sum each heading of spending and each origin of income of a past process, in the order of its file."""
    sums: tuple[dict[str, int], dict[str, int]] = ({}, {})
    orders = (carga.mapa.get("rubros", []), carga.mapa.get("origenes", []))
    for row in CuentaHistorica.objects.filter(carga=carga).values_list("rubros", "origenes"):
        for total, said in zip(sums, row, strict=True):
            for head, amount in said.items():
                total[head] = total.get(head, 0) + amount
    spent, earned = (
        {head: Money(total[head]) for head in order if head in total} for total, order in zip(sums, orders, strict=True)
    )
    return spent, earned
