"""Serve the acts of the API: post pólizas; read pólizas, balances, lots and accounts."""

from datetime import date
from typing import Annotated

from django.http import HttpRequest, HttpResponse
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
from sif.web.api.door import acting, books_of, only, tell_next
from sif.web.api.door import api as api
from sif.web.party.mesa import books_name

PAGE = 100
LOTS = 20
"""Lots of a page: each is counted by a query of its own."""
BAD_ROWS = 200
Numero = Annotated[int, Query(ge=0, le=2**63 - 1)]
"""The last row seen of a list, after which its next page begins."""
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
    response={200: list[shapes.ContabilidadSale], **REFUSALS},
)
def my_books(request: HttpRequest, response: HttpResponse, despues: Numero = 0) -> object:
    """Las contabilidades de la persona, por su número, de cien en cien desde la que sigue a `despues`."""
    only(request, "despues")
    writes = not request.clave.solo_lectura  # type: ignore[attr-defined]
    with acting(request) as person:
        shown = list(contabilidades_of(person).filter(pk__gt=despues)[: PAGE + 1])
        if len(shown) > PAGE:
            tell_next(request, response, despues=shown[PAGE - 1].pk)
        return [
            {
                "numero": each.pk,
                "sujeto": each.sujeto.siglas,
                "nombre": books_name(each),
                "estatus": each.estatus,
                "puede_registrar": writes and may(person, "capturar", contabilidad=each),
                **approval_of(each.candidatura),
            }
            for each in shown[:PAGE]
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
        only(request)
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
    despues: Numero = 0,
) -> object:
    """Pólizas registradas, en el orden de su cadena, de cien en cien desde la que sigue a `despues`.

    `desde` y `hasta` son días de operación. `siguiente` es el asiento que se pasa en `despues` para seguir; null en la
    última. `total` cuenta todas.
    """
    only(request, "desde", "hasta", "despues")
    with acting(request) as person:
        books = books_of(person, number)
        found = selectors.polizas([books.pk]).order_by("eslabon")
        found = found.filter(fecha_operacion__gte=desde) if desde else found
        found = found.filter(fecha_operacion__lte=hasta) if hasta else found
        total = found.count()
        shown = list(found.filter(eslabon__gt=despues).prefetch_related("movimientos")[: PAGE + 1])
        more, shown = len(shown) > PAGE, shown[:PAGE]
        loaded = PolizaCargada.objects.filter(poliza__in=shown).values_list("poliza_id", "externo")
        names = dict(loaded)
        return {
            "total": total,
            "siguiente": shown[-1].eslabon if more else None,
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
        only(request, "desde", "hasta")
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
def lots(request: HttpRequest, response: HttpResponse, number: int, antes: Numero = 0) -> object:
    """Los lotes de una contabilidad, el último primero, de veinte en veinte desde el que antecede a `antes`."""
    only(request, "antes")
    with acting(request) as person:
        found = lotes([books_of(person, number).pk]).order_by("-pk")
        shown = list((found.filter(pk__lt=antes) if antes else found)[: LOTS + 1])
        if len(shown) > LOTS:
            tell_next(request, response, antes=shown[LOTS - 1].pk)
        return [_lot(each) for each in shown[:LOTS]]


@api.get(
    "/contabilidades/{number}/lotes/{lote}",
    summary="Un lote con sus errores",
    tags=["SIF"],
    response={200: shapes.LoteDetalle, **REFUSALS},
)
def lot(request: HttpRequest, number: int, lote: int, despues: Numero = 0) -> object:
    """Un lote con los errores de sus renglones, de doscientos en doscientos desde el que sigue al renglón `despues`.

    `siguiente` es el renglón que se pasa en `despues` para seguir; null si no hay más.
    """
    only(request, "despues")
    with acting(request) as person:
        found = lotes([books_of(person, number).pk]).filter(pk=lote).first()
        if found is None:
            raise HttpError(404, f"No hay un lote {lote} en la contabilidad {number}.")
        rows = list(bad_rows(found).filter(fila__gt=despues)[: BAD_ROWS + 1])
        more, rows = len(rows) > BAD_ROWS, rows[:BAD_ROWS]
        errors = [{"fila": row.fila, "poliza": row.clave, **p} for row in rows for p in row.problemas]
        return {**_lot(found), "errores": errors, "siguiente": rows[-1].fila if more else None}


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
