"""Serialize the content that the digest of a póliza covers, in one canonical form."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from json import JSONEncoder
from typing import TYPE_CHECKING, Protocol

from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.plain import Columns, are_plain, concat, item

if TYPE_CHECKING:
    from sif.books.services.soporte import Support

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class Covered(Protocol):
    """The header of a póliza as far as its digest covers it: a row of the table, or one about to be written."""

    @property
    def contabilidad_id(self) -> int: ...
    @property
    def periodo_id(self) -> int: ...
    @property
    def tipo(self) -> str: ...
    @property
    def subtipo(self) -> str: ...
    @property
    def numero(self) -> int: ...
    @property
    def clase(self) -> str: ...
    @property
    def fecha_operacion(self) -> date: ...
    @property
    def registrada_el(self) -> datetime: ...
    @property
    def registrada_por_id(self) -> int: ...
    @property
    def concepto(self) -> str: ...
    @property
    def revierte_a_id(self) -> int | None: ...
    @property
    def eslabon(self) -> int: ...
    @property
    def total(self) -> int: ...


def content_of(poliza: Covered, lines: Sequence[NewLine]) -> bytes:
    """Encode the header and lines of a póliza of format 1 as the canonical bytes of its digest.

    The bytes equal `signing.chain.canonical_json` of the value, whose keys are written here already in their order.
    """
    return _encode(
        {
            "clase": poliza.clase,
            "concepto": poliza.concepto,
            "contabilidad": poliza.contabilidad_id,
            "eslabon": poliza.eslabon,
            "fecha_operacion": poliza.fecha_operacion.isoformat(),
            "lineas": [
                [
                    line.cuenta,
                    line.cargo.centavos,
                    line.abono.centavos,
                    line.concepto,
                    line.auxiliar_tipo,
                    line.auxiliar_id,
                ]
                for line in lines
            ],
            "numero": poliza.numero,
            "periodo": poliza.periodo_id,
            "registrada_el": poliza.registrada_el.astimezone(clock.legal_zone()).isoformat(),
            "registrada_por": poliza.registrada_por_id,
            "revierte_a": poliza.revierte_a_id,
            "subtipo": poliza.subtipo,
            "tipo": poliza.tipo,
        }
    ).encode()


FORMAT = 2
"""The format of the pólizas that enter now; those of format 1 stay as they are, each true to its own."""

_write = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def whole_content(poliza: Covered, lines: Sequence[NewLine], support: "Support") -> bytes:
    """Encode the header, total, lines and support of a póliza of format 2 as the canonical bytes of its digest.

    Evidence is left out: a file attached on a later day has a leaf, as a file attached at once has. The bytes equal the
    result of `CONTENT` over the rows of the póliza.
    """
    return _write(
        [
            "sif-poliza/2",
            poliza.contabilidad_id,
            poliza.periodo_id,
            poliza.tipo,
            poliza.subtipo,
            poliza.numero,
            poliza.clase,
            poliza.fecha_operacion.isoformat(),
            (poliza.registrada_el - _EPOCH) // timedelta(microseconds=1),
            poliza.registrada_por_id,
            poliza.concepto,
            poliza.total,
            poliza.revierte_a_id,
            poliza.eslabon,
            [
                [
                    number,
                    line.cuenta,
                    line.concepto,
                    line.cargo.centavos,
                    line.abono.centavos,
                    line.auxiliar_tipo,
                    line.auxiliar_id,
                ]
                for number, line in enumerate(lines, 1)
            ],
            [[number, part.centavos] for number, part in support.comprobantes],
            [[p.proveedor_id, p.medio, p.fecha.isoformat(), p.monto.centavos] for p in support.pagos],
            [
                [a.aportante_id, a.calidad, a.medio, a.fecha.isoformat(), a.folio, a.monto.centavos]
                for a in support.aportaciones
            ],
            [
                [s.folio, s.lado, s.contraparte_id, s.forma, s.fecha.isoformat(), s.monto.centavos]
                for s in support.lados
            ],
        ]
    ).encode()


_PARTS: dict[str, tuple[str, str]] = {
    "books_movimiento": ("linea", "linea, cuenta_id, concepto, cargo, abono, auxiliar_tipo, auxiliar_id"),
    "books_usocomprobante": ("id", "comprobante_id, monto"),
    "books_pago": ("id", "proveedor_id, medio, fecha, monto"),
    "books_aportacion": ("id", "aportante_id, calidad, medio, fecha, folio, monto"),
    "books_ladotransferencia": ("id", "folio, lado, contraparte_id, forma, fecha, monto"),
}
"""What enters with a póliza, in its order within the content: the order of its rows, and their columns there."""


_INSTANT = "(extract(epoch FROM p.registrada_el) * 1000000)::bigint"


def _written(parts: Iterable[str]) -> str:
    return f"""convert_to(json_build_array('sif-poliza/2', p.contabilidad_id, p.periodo_id, p.tipo, p.subtipo, p.numero,
    p.clase, p.fecha_operacion, {_INSTANT}, p.registrada_por_id,
    p.concepto, p.total, p.revierte_a_id, p.eslabon,
    {", ".join(f"coalesce({part}, '[]'::json)" for part in parts)})::text, 'UTF8')"""


CONTENT = _written(
    f"(SELECT json_agg(json_build_array({columns}) ORDER BY {order}) FROM public.{table} WHERE poliza_id = p.id)"
    for table, (order, columns) in _PARTS.items()
)
"""The SQL of the same content, of the row `p` of a póliza and the rows that hang from it."""

CONTENT_OF_RANGE = _written(f"{table}.lista" for table in _PARTS)
"""The same of each póliza `p` of a range, beside `PARTS_OF_RANGE`."""

PARTS_OF_RANGE = " ".join(
    f"""LEFT JOIN (SELECT poliza_id, json_agg(json_build_array({columns}) ORDER BY {order}) AS lista
        , jsonb_agg(id ORDER BY {order}) AS numeros FROM public.{table}
        WHERE poliza_id >= %(desde)s AND poliza_id < %(hasta)s GROUP BY poliza_id
    ) {table} ON {table}.poliza_id = p.id"""
    for table, (order, columns) in _PARTS.items()
)
"""The SQL that joins to `p` what hangs from the pólizas of a range, each table read once and in order."""

LINES = (
    "jsonb_build_object('lineas', (SELECT jsonb_agg(m.id ORDER BY m.linea) FROM public.books_movimiento m"
    " WHERE m.poliza_id = {row}.id))"
)
"""The SQL of what the leaf of a póliza has beside its row: the numbers of its lines, which acts of the bank cite."""

_SUPPORT = {
    "usos": "books_usocomprobante",
    "pagos": "books_pago",
    "aportaciones": "books_aportacion",
    "lados": "books_ladotransferencia",
}

SUPPORT = "jsonb_build_object({})".format(
    ", ".join(
        f"'{key}', (SELECT jsonb_agg(s.id ORDER BY s.id) FROM public.{table} s WHERE s.poliza_id = {{row}}.id)"
        for key, table in _SUPPORT.items()
    )
)
"""The SQL of what it has beside that: the numbers of its support, which hallazgos and receipts cite; none, nothing."""

SUPPORT_KEYS = "ARRAY[{}]".format(", ".join(f"'{key}'" for key in _SUPPORT))

NUMBERS_OF_RANGE = "jsonb_build_object({})".format(
    ", ".join(f"'{key}', {table}.numeros" for key, table in {"lineas": "books_movimiento", **_SUPPORT}.items())
)
"""Both of each póliza of a range, beside `PARTS_OF_RANGE`."""

LINES_OF_BEFORE = "books_poliza/lineas"
"""Leaves of the pólizas whose own was written before it had the numbers of their lines."""

SUPPORT_OF_BEFORE = "books_poliza/soporte"
"""Leaves of the pólizas with support whose own was written before it had the numbers of it."""

LISTS_OF_RANGE = {key: f"{table}.numeros" for key, table in {"lineas": "books_movimiento", **_SUPPORT}.items()}
"""The numbers of each list of them, beside what joins `plain_content`."""

_HEADER = (
    "contabilidad_id",
    "periodo_id",
    "tipo",
    "subtipo",
    "numero",
    "clase",
    "fecha_operacion",
    _INSTANT,
    "registrada_por_id",
    "concepto",
    "total",
    "revierte_a_id",
    "eslabon",
)


def plain_content(tables: Mapping[str, Columns]) -> tuple[str, str] | None:
    """The SQL of the content of each póliza of a range, and of what joins to it, written as text with no JSON built.

    It is what `CONTENT_OF_RANGE` gives, for columns of these types; None where they are not all there and plain.
    """
    wanted = {"books_poliza": [name for name in _HEADER if name != _INSTANT]}
    wanted |= {table: ["id", *columns.split(", ")] for table, (_order, columns) in _PARTS.items()}
    for table, names in wanted.items():
        there = tables.get(table, {})
        if not all(name in there and are_plain({name: there[name]}) for name in names):
            return None
    header = [_INSTANT if name == _INSTANT else item("p", name, tables["books_poliza"]) for name in _HEADER]
    pieces = [each for one in header for each in ("', '", one)]
    pieces += [each for table in _PARTS for each in ("', ['", f"{table}.lista", "']'")]
    content = f"""convert_to({concat(["'[\"sif-poliza/2\"'", *pieces, "']'"])}, 'UTF8')"""
    return content, " ".join(_listed(table, tables[table]) for table in _PARTS)


def _listed(table: str, columns: Columns) -> str:
    """Return the SQL that joins what a table has of each póliza of a range, as text, and the numbers of its rows."""
    order, names = _PARTS[table]
    pieces = [each for name in names.split(", ") for each in ("', '", item("x", name, columns))]
    one = concat(["'['", *pieces[1:], "']'"])
    return f"""LEFT JOIN (SELECT x.poliza_id, string_agg({one}, ', ' ORDER BY x.{order}) AS lista
            , string_agg(concat(x.id), ', ' ORDER BY x.{order}) AS numeros FROM public.{table} x
            WHERE x.poliza_id >= %(desde)s AND x.poliza_id < %(hasta)s GROUP BY x.poliza_id
        ) {table} ON {table}.poliza_id = p.id"""
