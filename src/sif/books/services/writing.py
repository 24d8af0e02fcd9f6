"""Insert the rows of posted pólizas in bulk: lines and support before headers, evidence after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection, Cursor
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from sif.books.content import FORMAT
from sif.books.services.soporte import Support
from sif.ledger import NewPoliza

Item = tuple[NewPoliza, Support]
Row = tuple[object, ...]

_OWN = {"poliza_id": "bigint", "contabilidad_id": "bigint"}
COLUMNS: dict[str, dict[str, str]] = {
    "books_movimiento": {
        **_OWN, "linea": "smallint", "cuenta_id": "text", "concepto": "text", "cargo": "bigint", "abono": "bigint",
        "auxiliar_tipo": "text", "auxiliar_id": "bigint",
    },
    "books_usocomprobante": {**_OWN, "comprobante_id": "bigint", "monto": "bigint"},
    "books_pago": {**_OWN, "proveedor_id": "bigint", "medio": "text", "fecha": "date", "monto": "bigint"},
    "books_aportacion": {
        **_OWN, "aportante_id": "bigint", "calidad": "text", "medio": "text", "fecha": "date", "folio": "text",
        "monto": "bigint",
    },
    "books_ladotransferencia": {
        **_OWN, "folio": "text", "lado": "text", "contraparte_id": "bigint", "forma": "text", "fecha": "date",
        "monto": "bigint",
    },
    "books_poliza": {
        "id": "bigint", "contabilidad_id": "bigint", "periodo_id": "bigint", "tipo": "text", "subtipo": "text",
        "numero": "integer", "clase": "text", "fecha_operacion": "date", "registrada_el": "timestamptz",
        "registrada_por_id": "bigint", "concepto": "text", "total": "bigint", "revierte_a_id": "bigint",
        "eslabon": "integer", "huella_anterior": "bytea", "huella": "bytea", "formato": "smallint",
    },
    "books_evidencia": {
        **_OWN, "clase_id": "text", "archivo_id": "text", "nombre": "text", "cargada_el": "timestamptz",
        "cargada_por_id": "bigint",
    },
}  # fmt: skip
"""The tables that posting writes, in the order it must: a header closes the lines and support already there."""


@dataclass(slots=True)
class Header:
    """The row of a póliza about to enter, with the columns of its table. `id` 0 until the table gives its number."""

    id: int
    contabilidad_id: int
    periodo_id: int
    tipo: str
    subtipo: str
    numero: int
    clase: str
    fecha_operacion: date
    registrada_el: datetime
    registrada_por_id: int
    concepto: str
    total: int
    revierte_a_id: int | None
    eslabon: int
    huella_anterior: bytes | None
    huella: bytes = b""
    formato: int = FORMAT

    def row(self) -> Row:
        """Its columns, in the order of the table."""
        return tuple(getattr(self, name) for name in COLUMNS["books_poliza"])


def lay_out(headers: Sequence[Header], items: Sequence[Item]) -> dict[str, list[Row]]:
    """The rows of every table for these pólizas, whose headers have their numbers; tables without rows are left out."""
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    tables["books_poliza"] = [header.row() for header in headers]
    lines = tables["books_movimiento"]
    for header, (new, support) in zip(headers, items, strict=True):
        own = (header.id, header.contabilidad_id)
        for number, line in enumerate(new.lineas, 1):
            lines.append(
                (
                    *own,
                    number,
                    line.cuenta,
                    line.concepto,
                    line.cargo.centavos,
                    line.abono.centavos,
                    line.auxiliar_tipo,
                    line.auxiliar_id,
                )
            )
        if support != _NOTHING:
            _support(tables, header, own, support)
    return {name: rows for name, rows in tables.items() if rows}


_NOTHING = Support()


def _support(tables: dict[str, list[Row]], header: Header, own: Row, support: Support) -> None:
    tables["books_usocomprobante"] += [(*own, number, part.centavos) for number, part in support.comprobantes]
    tables["books_pago"] += [(*own, p.proveedor_id, p.medio, p.fecha, p.monto.centavos) for p in support.pagos]
    tables["books_aportacion"] += [
        (*own, a.aportante_id, a.calidad, a.medio, a.fecha, a.folio, a.monto.centavos) for a in support.aportaciones
    ]
    tables["books_ladotransferencia"] += [
        (*own, side.folio, side.lado, side.contraparte_id, side.forma, side.fecha, side.monto.centavos)
        for side in support.lados
    ]
    tables["books_evidencia"] += [
        (*own, e.clase, e.sha256, e.nombre[:255], header.registrada_el, header.registrada_por_id)
        for e in support.evidencias
    ]


def take_numbers(database: Connection[TupleRow], count: int) -> list[int]:
    """So many new numbers of póliza, which are no folio: a transaction undone leaves a gap in them."""
    rows = database.execute(
        "SELECT nextval(pg_get_serial_sequence('books_poliza', 'id')) FROM generate_series(1, %s)", [count]
    ).fetchall()
    return [row[0] for row in rows]


def write_few(database: Connection[TupleRow], tables: dict[str, list[Row]]) -> None:
    """Write rows, one statement a table: for a póliza, or some hundreds."""
    with Cursor(database) as cursor:
        for table, columns in COLUMNS.items():
            if rows := tables.get(table):
                given = SQL(", ").join(SQL("%s::{}[]").format(SQL(kind)) for kind in columns.values())
                values = [list(column) for column in zip(*rows, strict=True)]
                cursor.execute(_insert(table, SQL("unnest({}) AS r").format(given)), values)


def stage(database: Connection[TupleRow], tables: dict[str, list[Row]]) -> list[Composed]:
    """Copy rows beside their tables, for this transaction alone; returns the statements that move them in.

    Row level security admits no COPY into the tables themselves, and these statements are what their checks read.
    """
    moves = []
    for table, columns in COLUMNS.items():
        if rows := tables.get(table):
            names, here = SQL(", ").join(map(Identifier, columns)), Identifier("pg_temp", f"carga_{table}")
            database.execute(
                SQL("CREATE TEMP TABLE IF NOT EXISTS {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                    Identifier(f"carga_{table}"), names, Identifier(table)
                )
            )
            with Cursor(database) as cursor, cursor.copy(SQL("COPY {} FROM STDIN").format(here)) as copy:
                for row in rows:
                    copy.write_row(row)
            moves += [_insert(table, here), SQL("TRUNCATE {}").format(here)]
    return moves


def _insert(table: str, source: object) -> Composed:
    names = SQL(", ").join(map(Identifier, COLUMNS[table]))
    if isinstance(source, Identifier):
        return SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(Identifier(table), names, names, source)
    return SQL("INSERT INTO {} ({}) SELECT * FROM {}").format(Identifier(table), names, source)
