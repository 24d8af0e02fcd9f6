"""Serve the acts of the API: post pólizas; read pólizas, balances, lots and accounts."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Query, Status
from ninja.errors import HttpError

from sif.batch.models import Lote, PolizaCargada
from sif.batch.programs import Envio, digest_of, post_from_program
from sif.batch.selectors import bad_rows, counts_of, lotes
from sif.books import selectors
from sif.books.models import Poliza
from sif.registry.approvals import approval_of
from sif.registry.selectors import contabilidades_of, may
from sif.values import Money
from sif.web.api import shapes
from sif.web.api.door import acting, books_of
from sif.web.api.door import api as api
from sif.web.party.mesa import books_name

PAGE = 100
MOST_ERRORS = 1000
REFUSALS = {
    401: shapes.Problema,
    403: shapes.Problema,
    404: shapes.Problema,
    422: shapes.Problema,
    429: shapes.Problema,
}


@api.get(
    "/contabilidades",
    summary="Mis contabilidades",
    tags=["SIF"],
    response={200: list[shapes.ContabilidadSale], 401: shapes.Problema},
)
def my_books(request: HttpRequest) -> object:
    """Las contabilidades de la persona."""
    with acting(request) as person:
        return [
            {
                "numero": each.pk,
                "sujeto": each.sujeto.siglas,
                "nombre": books_name(each),
                "estatus": each.estatus,
                "puede_registrar": may(person, "capturar", contabilidad=each),
                **approval_of(each.candidatura),
            }
            for each in contabilidades_of(person)
        ]


@api.get(
    "/contabilidades/{number}/cuentas",
    summary="Cuentas que se pueden usar",
    tags=["SIF"],
    response={200: list[shapes.CuentaSale], **REFUSALS},
)
def accounts(request: HttpRequest, number: int) -> object:
    """Las cuentas de último nivel y el auxiliar que piden."""
    with acting(request) as person:
        rows = selectors.accounts_of(books_of(person, number)).values()
        return [
            {"cuenta": row.codigo, "nombre": row.nombre, "naturaleza": row.naturaleza, "auxiliar": row.auxiliar}
            for row in rows
            if row.capturable
        ]


@api.post(
    "/contabilidades/{number}/polizas",
    summary="Registrar pólizas",
    tags=["SIF"],
    response={200: shapes.Registradas, 201: shapes.Registradas, **REFUSALS},
)
def post_polizas(
    request: HttpRequest,
    number: int,
    envio: shapes.Envio,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key")],
) -> object:
    """Registra todas las pólizas o ninguna. Repetir la misma clave devuelve la misma respuesta y no registra otra vez.

    201 si se registraron ahora; 200 si ya lo estaban.
    """
    with acting(request) as person:
        rows = [row for poliza in envio.polizas for row in poliza.rows()]
        sent = Envio(rows, idempotency_key, digest_of(request.path, request.body))
        answer, is_new = post_from_program(books_of(person, number), sent, person)
        return Status(201 if is_new else 200, answer)


@api.get(
    "/contabilidades/{number}/polizas",
    summary="Pólizas registradas",
    tags=["SIF"],
    response={200: shapes.Pagina, **REFUSALS},
)
def polizas(
    request: HttpRequest,
    number: int,
    desde: date | None = None,
    hasta: date | None = None,
    pagina: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> object:
    """Pólizas registradas por día de operación, en el orden de su cadena, de cien en cien."""
    with acting(request) as person:
        books = books_of(person, number)
        found = selectors.polizas([books.pk]).order_by("eslabon")
        found = found.filter(fecha_operacion__gte=desde) if desde else found
        found = found.filter(fecha_operacion__lte=hasta) if hasta else found
        total, first = found.count(), max(0, pagina - 1) * PAGE
        shown = list(found.prefetch_related("movimientos")[first : first + PAGE])
        loaded = PolizaCargada.objects.filter(poliza__in=shown).values_list("poliza_id", "externo")
        names = dict(loaded)
        return {
            "total": total,
            "siguiente": pagina + 1 if first + PAGE < total else None,
            "polizas": [_poliza(each, names.get(each.pk, "")) for each in shown],
        }


def _poliza(each: Poliza, external: str) -> dict[str, object]:
    lines = sorted(each.movimientos.all(), key=lambda line: line.linea)
    return {
        "referencia": selectors.reference_of(each),
        "asiento": each.eslabon,
        "id": external,
        "periodo": each.periodo.numero,
        "tipo": each.tipo,
        "subtipo": each.subtipo,
        "fecha_operacion": each.fecha_operacion,
        "registrada_el": each.registrada_el,
        "concepto": each.concepto,
        "total": Money(each.total).plain(),
        "huella": bytes(each.huella).hex(),
        "lineas": [
            {
                "linea": line.linea,
                "cuenta": line.cuenta_id,
                "auxiliar_tipo": line.auxiliar_tipo,
                "auxiliar_id": line.auxiliar_id,
                "concepto": line.concepto,
                "cargo": Money(line.cargo).plain(),
                "abono": Money(line.abono).plain(),
            }
            for line in lines
        ],
    }


@api.get(
    "/contabilidades/{number}/balanza",
    summary="Balanza",
    tags=["SIF"],
    response={200: list[shapes.SaldoSale], **REFUSALS},
)
def balance(request: HttpRequest, number: int, desde: date | None = None, hasta: date | None = None) -> object:
    """La balanza entre dos días de operación, ambos incluidos."""
    with acting(request) as person:
        books = books_of(person, number)
        return [
            {
                "cuenta": row.cuenta,
                "nombre": row.nombre,
                "cargos": row.cargos.plain(),
                "abonos": row.abonos.plain(),
                "saldo": row.saldo.plain(),
            }
            for row in selectors.balanza(books.pk, desde=desde, hasta=hasta)
        ]


@api.get(
    "/contabilidades/{number}/lotes", summary="Lotes", tags=["SIF"], response={200: list[shapes.LoteSale], **REFUSALS}
)
def lots(request: HttpRequest, number: int) -> object:
    """Los últimos cien lotes de una contabilidad."""
    with acting(request) as person:
        return [_lot(each) for each in lotes([books_of(person, number).pk])[:PAGE]]


@api.get(
    "/contabilidades/{number}/lotes/{lote}",
    summary="Un lote con sus errores",
    tags=["SIF"],
    response={200: shapes.LoteDetalle, **REFUSALS},
)
def lot(request: HttpRequest, number: int, lote: int) -> object:
    """Un lote con sus errores, hasta mil."""
    with acting(request) as person:
        found = lotes([books_of(person, number).pk]).filter(pk=lote).first()
        if found is None:
            raise HttpError(404, f"No hay un lote {lote} en la contabilidad {number}.")
        errors = [
            {"fila": row.fila, "poliza": row.clave, **p} for row in bad_rows(found)[:MOST_ERRORS] for p in row.problemas
        ]
        return {**_lot(found), "errores": errors[:MOST_ERRORS]}


def _lot(each: Lote) -> dict[str, object]:
    counts = counts_of(each)
    return {
        "lote": each.pk,
        "tipo": each.tipo,
        "origen": each.origen,
        "nombre": each.nombre,
        "sha256": each.sha256,
        "estado": each.estado,
        "recibido_el": each.recibido_el,
        "renglones": counts.filas,
        "con_error": counts.filas_malas,
        "aplicadas": counts.aplicadas,
    }
