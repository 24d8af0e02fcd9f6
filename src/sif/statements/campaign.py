"""Query the records of other rooms as books: folios, kárdex, agenda, avisos, casas, prorrateo."""

from collections.abc import Iterable, Iterator
from datetime import date

from sif.apportionment.selectors import ParteRow, TransferRow, partes_of, transferencias
from sif.books.models import AvisoContratacion, MovimientoInventario
from sif.books.records import ContractRow, contract_row, contracts
from sif.books.selectors import reference_of
from sif.books.warehouse import KardexLine
from sif.books.warehouse import kardex as kardex_of
from sif.catalogs.models import SerieRecibos
from sif.catalogs.selectors import campaign_events, campaign_goods
from sif.counterparties.folios import FolioRow, folio_text, folios_of, series_of
from sif.registry import clock
from sif.registry.masks import masked
from sif.registry.models import SujetoObligado
from sif.statements.asked import Asked
from sif.statements.report import Drill, Line, ListRows
from sif.values import Money

FOLIO_STATES = {
    "usado": "Usado",
    "repetido": "Citado dos veces",
    "revertido": "Por cancelar: su póliza se revirtió",
    "cancelado": "Cancelado",
    "pendiente": "Pendiente",
    "saltado": "Saltado",
}


def _in_days(asked: Asked, day: date) -> bool:
    return (asked.desde is None or day >= asked.desde) and (asked.hasta is None or day <= asked.hasta)


def _to_poliza(contabilidad: int | None, asiento: int | None) -> dict[str, Drill]:
    if contabilidad is None or asiento is None:
        return {}
    return {"poliza": Drill("poliza", {"contabilidad": str(contabilidad), "asiento": str(asiento)})}


def _to(thing: str, contabilidad: int, number: int) -> Drill:
    return Drill(thing, {"contabilidad": str(contabilidad), "numero": str(number)})


def folios(asked: Asked) -> ListRows:
    """Every folio of the series of the subjects of these books; those never reached come as one row by series."""
    sujetos = SujetoObligado.objects.filter(contabilidades__in=asked.contabilidades).distinct().order_by("pk")
    lines = [line for sujeto in sujetos for serie in series_of(sujeto) for line in _serie_lines(serie, asked)]
    return ListRows(lines, ("monto",))


def _serie_lines(serie: SerieRecibos, asked: Asked) -> Iterator[Line]:
    rows = folios_of(serie)
    for row in rows:
        yield _folio_line(serie, row, asked)
    last = max((row.numero for row in rows), default=serie.desde - 1)
    if last < serie.hasta:
        rest = f"{folio_text(serie.clave, last + 1)} a {folio_text(serie.clave, serie.hasta)}"
        count = serie.hasta - last
        cells = {"serie": serie.clave, "folio": rest, "estado": f"Pendientes: {count}"}
        yield Line(cells, {"serie": Drill("serie", {"numero": str(serie.pk)})})


def _folio_line(serie: SerieRecibos, row: FolioRow, asked: Asked) -> Line:
    mine = row.contabilidad_id in asked.contabilidades
    cells = {
        "serie": serie.clave,
        "folio": row.folio,
        "estado": FOLIO_STATES.get(row.estado, row.estado),
        "fecha": row.fecha,
        "persona": row.aportante,
        "motivo": row.motivo,
        "monto": row.monto,
        "contabilidad": str(row.contabilidad_id) if row.contabilidad_id else "",
    }
    drill = _to_poliza(row.contabilidad_id, row.eslabon) if mine else {}
    links = {"serie": Drill("serie", {"numero": str(serie.pk)})}
    return Line(cells, {**links, "folio": drill["poliza"]} if drill else links)


def kardex(asked: Asked) -> ListRows:
    """Return each article's entries and exits with what remained; stock starts from all that is earlier."""
    lines = [
        _kardex_line(row)
        for article in campaign_goods.articulos(asked.contabilidades)
        for row in kardex_of(article)
        if _in_days(asked, row.movimiento.fecha)
    ]
    return ListRows(lines, ("costo",))


def _kardex_line(row: KardexLine) -> Line:
    moved: MovimientoInventario = row.movimiento
    is_entry = moved.tipo == "entrada"
    poliza = moved.poliza
    where = moved.evento.nombre if moved.evento else moved.destino
    return Line(
        {
            "contabilidad": str(moved.contabilidad_id),
            "articulo": moved.articulo.clave,
            "nombre": moved.articulo.nombre,
            "fecha": moved.fecha,
            "movimiento": moved.get_tipo_display(),
            "documento": moved.documento,
            "destino": where,
            "entrada": row.cantidad_milesimas if is_entry else None,
            "salida": None if is_entry else -row.cantidad_milesimas,
            "existencia": row.existencia.cantidad_milesimas,
            "costo": row.costo,
            "valor": row.existencia.valor,
            "poliza": reference_of(poliza) if poliza else "",
        },
        {
            "articulo": _to("articulo", moved.contabilidad_id, moved.articulo_id),
            **(_to_poliza(moved.contabilidad_id, poliza.eslabon) if poliza else {}),
        },
    )


def agenda(asked: Asked) -> ListRows:
    """The events with how many days before they were registered, and whether in time."""
    found = campaign_events.agenda(asked.contabilidades, desde=asked.desde, hasta=asked.hasta, q=asked.texto)
    return ListRows([_event_line(row) for row in campaign_events.agenda_rows(found)])


def _event_line(row: campaign_events.AgendaRow) -> Line:
    event = row.evento
    registered = clock.legal_day(row.primera.registrada_el)
    return Line(
        {
            "contabilidad": str(event.contabilidad_id),
            "numero": event.numero,
            "nombre": event.nombre,
            "tipo": event.get_tipo_display(),
            "costo": "Oneroso" if event.oneroso else "No oneroso",
            "fecha": event.fecha,
            "horario": f"{event.hora_inicio:%H:%M} a {event.hora_fin:%H:%M}",
            "lugar": event.lugar,
            "municipio": event.municipio,
            "responsable": event.responsable,
            "estado": event.get_estatus_display(),
            "registro": row.primera.registrada_el,
            "dias": (event.fecha - registered).days,
            "a_tiempo": "Sí" if row.a_tiempo else "No",
            "cambios": row.cambios,
        },
        {"nombre": _to("evento", event.contabilidad_id, event.identidad)},
    )


_NOTICE_STATES = {
    "sin_aviso": "Sin aviso",
    "a_tiempo": "A tiempo",
    "extemporaneo": "Extemporáneo",
    "cancelado": "Cancelado",
    "no_aplica": "No aplica",
}


def avisos(asked: Asked) -> ListRows:
    """Return each contract with its notices: a contract without notice comes too."""
    rows = [contract_row(each) for each in contracts(asked.contabilidades) if _in_days(asked, each.suscrito_el)]
    return ListRows([line for row in rows for line in _notice_lines(row)])


def _notice_lines(row: ContractRow) -> Iterator[Line]:
    notices: Iterable[AvisoContratacion | None] = row.avisos or (None,)
    contract = row.contrato
    for notice in notices:
        given = clock.legal_day(notice.presentado_el) if notice else None
        yield Line(
            {
                "contabilidad": str(contract.contabilidad_id),
                "folio": notice.folio if notice else "",
                "tipo": notice.get_tipo_display() if notice else "",
                "estado": _NOTICE_STATES[row.estado],
                "proveedor": f"{masked('rfc', contract.proveedor.rfc)} {contract.proveedor.nombre}",
                "objeto": contract.objeto,
                "suscrito": contract.suscrito_el,
                "presentado": notice.presentado_el if notice else None,
                "dias": (given - contract.suscrito_el).days if given else None,
                "monto": Money(contract.monto),
            },
            {"monto": _to("contrato", contract.contabilidad_id, contract.pk)},
        )


def casas(asked: Asked) -> ListRows:
    """Return the houses in use on some of the days asked for."""
    found = campaign_goods.casas(asked.contabilidades)
    if asked.desde:
        found = found.filter(hasta__gte=asked.desde)
    if asked.hasta:
        found = found.filter(desde__lte=asked.hasta)
    return ListRows(
        [
            Line(
                {
                    "contabilidad": str(each.contabilidad_id),
                    "nombre": each.nombre,
                    "titulo": each.get_titulo_display(),
                    "propietario": each.propietario,
                    "domicilio": each.domicilio,
                    "municipio": each.municipio,
                    "desde": each.desde,
                    "hasta": each.hasta,
                    "estado": "Vigente" if each.cancelado_el is None else "Cancelada",
                    "costo": Money(each.costo),
                    "valuacion": Money(each.valuacion),
                },
                {"nombre": _to("casa", each.contabilidad_id, each.pk)},
            )
            for each in found
        ],
        ("costo", "valuacion"),
    )


def prorrateo(asked: Asked) -> ListRows:
    """Return the share of each campaign in each shared expense; a reversed share adds nothing to the total."""
    rows = [row for row in partes_of(asked.contabilidades) if _in_days(asked, row.fecha)]
    return ListRows([_part_line(row) for row in rows], ("subsiste",))


def _part_line(row: ParteRow) -> Line:
    return Line(
        {
            "folio": row.folio,
            "fecha": row.fecha,
            "origen": str(row.origen_id),
            "contabilidad": str(row.contabilidad_id),
            "candidatura": row.candidatura,
            "cargo": row.cargo,
            "porcentaje": row.columna_pb,
            "tope": row.tope,
            "poliza": row.poliza,
            "monto": row.monto,
            "estado": "Revertido" if row.revertida else "Vigente",
            "subsiste": Money(0) if row.revertida else row.monto,
        },
        _to_poliza(row.contabilidad_id, row.asiento),
    )


def transfers(asked: Asked) -> ListRows:
    """Return both sides of each transfer that touches these books."""
    rows = [row for row in transferencias(asked.contabilidades, prorrateadas=True) if _in_days(asked, row.fecha)]
    return ListRows([_transfer_line(row, asked) for row in rows])


def _transfer_line(row: TransferRow, asked: Asked) -> Line:
    links = {
        key: _to_poliza(books, side[1])["poliza"]
        for key, books, side in (
            ("poliza_salida", row.origen_id, row.poliza_salida),
            ("poliza_entrada", row.destino_id, row.poliza_entrada),
        )
        if side and books in asked.contabilidades
    }
    return Line(
        {
            "folio": row.folio,
            "fecha": row.fecha,
            "forma": row.forma.capitalize(),
            "origen": str(row.origen_id),
            "destino": str(row.destino_id),
            "sale": row.sale,
            "entra": row.entra,
            "diferencia": row.diferencia,
            "poliza_salida": row.poliza_salida[0] if row.poliza_salida else "",
            "poliza_entrada": row.poliza_entrada[0] if row.poliza_entrada else "",
            "estado": "Revertida" if row.revertida else "Vigente",
        },
        links,
    )
