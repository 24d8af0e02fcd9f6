"""Compute the figures of a report from its form, and serialize them canonically."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from sif.books.models import Poliza
from sif.books.selectors import account_balances
from sif.law.forms import fill_form, load_form
from sif.registry.models import Contabilidad, Periodo

FORMAT = "sif-informe/1"
TIPO = "IC"
INCOME, SPENDING, AGAINST_CAP = "I", "II", "II.A"
_HEADS = {"libros": None, "hojas": None}


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line of the form with its three amounts in centavos: previous periods, this period, and both."""

    linea: str
    titulo: str
    anterior: int
    periodo: int
    acumulado: int


def lines_of(contabilidad: Contabilidad, periodo: Periodo) -> tuple[list[LineAmounts], bool]:
    """The lines of the campaign report of some books for a period, and whether the period moved any account.

    Reads the accounts twice, up to the day before the period and within it; each account enters with the sign of its
    own nature, as `law.forms` says.
    """
    form = load_form(TIPO.lower(), settings.JURISDICTION)
    before = account_balances(contabilidad.pk, hasta=periodo.desde - timedelta(days=1))
    within = account_balances(contabilidad.pk, desde=periodo.desde, hasta=periodo.hasta)
    previous, current = fill_form(form, before), fill_form(form, within)
    lines = [
        LineAmounts(line.linea, line.titulo, previous[line.linea], current[line.linea],
                    previous[line.linea] + current[line.linea])
        for line in form
    ]  # fmt: skip
    return lines, bool(within)


def freeze_content(
    contabilidad: Contabilidad, periodo: Periodo, lines: list[LineAmounts], etapa_captura: str, *, nil: bool
) -> dict[str, Any]:
    """What a version of a report says, ready to be written as canonical JSON: text, whole centavos and truth values."""
    last = Poliza.objects.filter(contabilidad=contabilidad.pk).order_by("-eslabon").first()
    return {
        "formato": FORMAT,
        "tipo": TIPO,
        "formulario": load_form(TIPO.lower(), settings.JURISDICTION).base,
        "proceso": contabilidad.etapa.proceso.clave,
        "sujeto": contabilidad.sujeto.siglas,
        "contabilidad": contabilidad.pk,
        "periodo": {"numero": periodo.numero, "desde": periodo.desde.isoformat(), "hasta": periodo.hasta.isoformat()},
        "etapa_captura": etapa_captura,
        "sin_movimientos": nil,
        "tope": contabilidad.tope,
        "lineas": [asdict(line) for line in lines],
        "libros": {"eslabon": last.eslabon if last else 0, "huella": bytes(last.huella).hex() if last else ""},
        "hojas": _leaves_of(contabilidad),
    }


LEAVES = """SELECT coalesce(max(h.id), 0),
        encode(sha256(coalesce(string_agg(h.huella, ''::bytea ORDER BY h.id), '')), 'hex')
    FROM public.registry_hoja h WHERE h.contabilidad_id = {contabilidad} AND h.tabla LIKE 'books\\_%%'"""
"""Last leaf and digest of all the leaves of some books, in order: pólizas, evidence, contracts, receipts. Who writes
them holds the row of the contabilidad, so none can appear later with a lower number."""


def _leaves_of(contabilidad: Contabilidad) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(LEAVES.format(contabilidad="%s"), [contabilidad.pk])
        last, digest = cursor.fetchone()
    return {"hasta": last, "huella": digest}


def same_figures(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two contents report the same: all but the heads of the books, which grow with other periods too."""
    return {**one, **_HEADS} == {**other, **_HEADS}


def amount_of(content: Mapping[str, Any], linea: str, column: str = "periodo") -> int:
    """An amount of a frozen content (centavos): column is anterior, periodo or acumulado. Raises KeyError."""
    for line in content["lineas"]:
        if line["linea"] == linea:
            return int(line[column])
    raise KeyError(linea)
