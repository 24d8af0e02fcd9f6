"""Detect attributes shared by different subjects, and operations just under a limit."""

from collections.abc import Iterable, Iterator, Mapping

import duckdb
import pyarrow as pa
from django.conf import settings

from sif.audit.lens.figures import SHOWN
from sif.audit.lens.indicio import Indicio
from sif.law.parameters import load_parameters
from sif.rulebook import identidad
from sif.rulebook.identidad import Enlace
from sif.values import Money
from sif.values.span import OPEN_END

LIMITS_IN_UMA = {
    "aportacion": ("limite_efectivo_uma", "aportaciones en efectivo"),
    "pago": ("pago_bancario_uma", "pagos en efectivo"),
    "contrato": ("rnp_umbral_uma", "contratos"),
}
"""What is watched -> the figure of law it must not pass, in UMA, and its name in words."""

_WATCHED = """
SELECT 'aportacion' AS que, a.sujeto_id, r.persona_id AS quien, a.contabilidad_id, a.poliza_id, a.fecha, a.monto
FROM aportaciones a INNER JOIN personas r ON r.aportante_id = a.aportante_id
INNER JOIN polizas_netas n ON n.poliza_id = a.poliza_id WHERE a.medio = 'efectivo' AND n.neto <> 0
UNION ALL
SELECT 'pago', k.sujeto_id, g.proveedor_id, g.contabilidad_id, g.poliza_id, g.fecha, g.monto
FROM pagos g INNER JOIN contabilidades k ON k.contabilidad_id = g.contabilidad_id
INNER JOIN polizas_netas n ON n.poliza_id = g.poliza_id
WHERE g.medio = 'efectivo' AND n.neto <> 0 AND g.proveedor_id IS NOT NULL
UNION ALL
SELECT 'contrato', c.sujeto_id, c.proveedor_id, c.contabilidad_id, NULL, c.suscrito_el, c.monto
FROM contratos c WHERE c.modifica_a IS NULL
"""

_SHARED = {
    "cuentas": (
        "SELECT b.clabe AS clave, k.sujeto_id, b.contabilidad_id, CAST(NULL AS BIGINT) AS poliza_id, 0 AS monto "
        "FROM cuentas_bancarias b INNER JOIN contabilidades k ON k.contabilidad_id = b.contabilidad_id",
        "La cuenta {clave} está en los libros de {sujetos} sujetos obligados.",
    ),
    "domicilios": (
        "SELECT TRIM(REGEXP_REPLACE(STRIP_ACCENTS(UPPER(h.domicilio)), '[^A-Z0-9]+', ' ', 'g')) AS clave, k.sujeto_id, "
        "h.contabilidad_id, CAST(NULL AS BIGINT) AS poliza_id, COALESCE(h.costo, h.valuacion, 0) AS monto FROM casas h "
        "INNER JOIN contabilidades k ON k.contabilidad_id = h.contabilidad_id WHERE h.domicilio <> ''",
        "{casos} casas de campaña de {sujetos} sujetos obligados están en {clave}.",
    ),
    "archivos": (
        "SELECT e.sha256 AS clave, k.sujeto_id, e.contabilidad_id, e.poliza_id, p.total AS monto FROM evidencias e "
        "INNER JOIN contabilidades k ON k.contabilidad_id = e.contabilidad_id "
        "INNER JOIN polizas p ON p.poliza_id = e.poliza_id WHERE e.estado = 'activa'",
        "El mismo archivo ({clave:.16}…) es evidencia en {casos} pólizas de {sujetos} sujetos obligados.",
    ),
    "proveedores": (
        "SELECT c.emisor_rfc AS clave, u.sujeto_id, u.contabilidad_id, u.poliza_id, u.monto FROM cfdi_poliza u "
        "INNER JOIN cfdi c ON c.cfdi_id = u.cfdi_id INNER JOIN polizas_netas n ON n.poliza_id = u.poliza_id "
        "WHERE n.neto <> 0",
        "{clave} facturó a {sujetos} sujetos obligados en {casos} usos de comprobante.",
    ),
    "aportantes": (
        "SELECT CAST(r.persona_id AS VARCHAR) AS clave, a.sujeto_id, a.contabilidad_id, a.poliza_id, a.monto "
        "FROM aportaciones a INNER JOIN personas r ON r.aportante_id = a.aportante_id "
        "INNER JOIN polizas_netas n ON n.poliza_id = a.poliza_id WHERE n.neto <> 0",
        "Una misma persona (registro de aportante {clave}) dio {casos} aportaciones a {sujetos} sujetos obligados.",
    ),
}
"""Lens -> what ties (clave, subject, accounting, póliza, centavos), and what is said of it."""


def shared(engine: duckdb.DuckDBPyConnection, lens: str, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Yield an indicio for each value that the books of several subjects share."""
    query, says = _SHARED[lens]
    rows = engine.execute(
        "SELECT clave, COUNT(*), CAST(SUM(monto) AS BIGINT), LIST(DISTINCT sujeto_id ORDER BY sujeto_id), "
        "LIST(DISTINCT contabilidad_id ORDER BY contabilidad_id), "
        "LIST(DISTINCT poliza_id ORDER BY poliza_id) FILTER (WHERE poliza_id IS NOT NULL) "
        f"FROM ({query}) GROUP BY clave HAVING COUNT(DISTINCT sujeto_id) >= {limits['sujetos']:d}"
    ).fetchall()
    for key, many, amount, subjects, books, polizas in rows:
        told = says.format(clave=key, sujetos=len(subjects), casos=many)
        yield Indicio(
            lens,
            f"{lens}={key}",
            tuple(books),
            tuple(subjects),
            many,
            int(amount or 0),
            len(subjects),
            limits["sujetos"],
            told,
            tuple((polizas or ())[:SHOWN]),
        )


def gives_and_sells(engine: duckdb.DuckDBPyConnection, _limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Yield an indicio for each contributor to a subject that also invoiced the subject."""
    rows = engine.execute(
        "WITH dio AS (SELECT a.sujeto_id, UPPER(d.rfc) AS rfc, CAST(SUM(a.monto) AS BIGINT) AS monto "
        "FROM aportaciones a "
        "INNER JOIN aportantes d ON d.aportante_id = a.aportante_id "
        "INNER JOIN polizas_netas n ON n.poliza_id = a.poliza_id WHERE n.neto <> 0 GROUP BY ALL), "
        "cobro AS (SELECT u.sujeto_id, c.emisor_rfc AS rfc, COUNT(*) AS casos, CAST(SUM(u.monto) AS BIGINT) AS monto, "
        "LIST(DISTINCT u.contabilidad_id ORDER BY u.contabilidad_id) AS libros, "
        "LIST(DISTINCT u.poliza_id ORDER BY u.poliza_id) AS polizas FROM cfdi_poliza u "
        "INNER JOIN cfdi c ON c.cfdi_id = u.cfdi_id INNER JOIN polizas_netas n ON n.poliza_id = u.poliza_id "
        "WHERE n.neto <> 0 GROUP BY ALL) "
        "SELECT cobro.*, dio.monto FROM cobro INNER JOIN dio ON dio.sujeto_id = cobro.sujeto_id AND dio.rfc = cobro.rfc"
    ).fetchall()
    for subject, rfc, many, amount, books, polizas, given in rows:
        yield Indicio(
            "dobles",
            f"sujeto={subject};rfc={rfc}",
            tuple(books),
            (subject,),
            many,
            amount,
            many,
            0,
            f"{rfc} facturó ${Money(amount)} al sujeto y le aportó ${Money(given)}.",
            tuple(polizas[:SHOWN]),
        )


def donors_alike(engine: duckdb.DuckDBPyConnection, _limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Donor records that look like one person though no exact key joins them, with the evidence of each link."""
    records = engine.execute("SELECT aportante_id, nombre, rfc, curp, clave_elector FROM aportantes").fetchall()
    given = (
        "SELECT a.aportante_id, a.sujeto_id, a.contabilidad_id, a.poliza_id, a.monto FROM aportaciones a "
        "INNER JOIN polizas_netas n ON n.poliza_id = a.poliza_id WHERE n.neto <> 0"
    )
    names = {row[0]: row[1] for row in records}
    yield from _linked(engine, "identidad", identidad.donors_alike(records), given, names)


def suppliers_alike(engine: duckdb.DuckDBPyConnection, _limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Suppliers that look like one though their RFC differs, with the evidence of each link."""
    records = engine.execute("SELECT proveedor_id, nombre, rfc FROM proveedores").fetchall()
    sold = (
        "SELECT v.proveedor_id, u.sujeto_id, u.contabilidad_id, u.poliza_id, u.monto FROM proveedores v "
        "INNER JOIN cfdi c ON c.emisor_rfc = v.rfc INNER JOIN cfdi_poliza u ON u.cfdi_id = c.cfdi_id "
        "INNER JOIN polizas_netas n ON n.poliza_id = u.poliza_id WHERE n.neto <> 0"
    )
    names = {row[0]: f"{row[1]} ({row[2]})" for row in records}
    yield from _linked(engine, "identidad_proveedores", identidad.suppliers_alike(records), sold, names)


def _linked(
    engine: duckdb.DuckDBPyConnection, lens: str, links: list[Enlace], operations: str, names: dict[int, str]
) -> Iterator[Indicio]:
    """Yield each link with the operations of both records, given as (record, subject, accounting, póliza, centavos)."""
    pairs = {"uno": [link.uno for link in links], "otro": [link.otro for link in links]}
    engine.register("enlaces", pa.table(pairs, schema=pa.schema([("uno", pa.int64()), ("otro", pa.int64())])))
    rows = engine.execute(
        "SELECT e.uno, e.otro, COUNT(*), CAST(SUM(o.monto) AS BIGINT), "
        "LIST(DISTINCT o.sujeto_id ORDER BY o.sujeto_id), LIST(DISTINCT o.contabilidad_id ORDER BY o.contabilidad_id), "
        "LIST(DISTINCT o.poliza_id ORDER BY o.poliza_id) FROM enlaces e "
        f"INNER JOIN ({operations}) AS o(quien, sujeto_id, contabilidad_id, poliza_id, monto) "
        "ON o.quien = e.uno OR o.quien = e.otro GROUP BY e.uno, e.otro"
    ).fetchall()
    engine.unregister("enlaces")
    by_pair = {(link.uno, link.otro): link for link in links}
    for one, other, many, amount, subjects, books, polizas in rows:
        link = by_pair[one, other]
        told = f"«{names[one]}» y «{names[other]}» parecen la misma persona: {link.evidencia}. Lo confirma una persona."
        yield Indicio(
            lens,
            f"{lens}={one};{other}",
            tuple(books),
            tuple(subjects),
            many,
            int(amount),
            link.parecido,
            100,
            told,
            tuple(polizas[:SHOWN]),
        )


def under_a_limit(engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Operations of one pair a little under the limit of their day, that together pass it."""
    spans = ", ".join(
        f"('{what}', DATE '{since}', DATE '{until}', CAST({value} AS BIGINT))"
        for what, (name, _) in LIMITS_IN_UMA.items()
        for since, until, value in limit_spans(name)
    )
    rows = engine.execute(
        f"WITH limites AS (SELECT * FROM (VALUES {spans}) AS t(que, desde, hasta, valor)) "
        "SELECT w.que, w.sujeto_id, w.quien, COUNT(*), CAST(SUM(w.monto) AS BIGINT), MAX(t.valor), "
        "LIST(DISTINCT w.contabilidad_id ORDER BY w.contabilidad_id), "
        "LIST(DISTINCT w.poliza_id ORDER BY w.poliza_id) FILTER (WHERE w.poliza_id IS NOT NULL) "
        f"FROM ({_WATCHED}) w INNER JOIN limites t ON t.que = w.que AND w.fecha >= t.desde AND w.fecha < t.hasta "
        f"WHERE w.monto <= t.valor AND w.monto * 10000 >= t.valor * {10_000 - limits['cerca_pb']:d} "
        f"GROUP BY w.que, w.sujeto_id, w.quien HAVING COUNT(*) >= {limits['operaciones']:d} "
        "AND SUM(w.monto) > MAX(t.valor)"
    ).fetchall()
    for what, subject, who, many, amount, limit, books, polizas in rows:
        words = LIMITS_IN_UMA[what][1]
        yield Indicio(
            "bajo_limite",
            f"{what};sujeto={subject};quien={who}",
            tuple(books),
            (subject,),
            many,
            amount,
            many,
            limits["operaciones"],
            f"{many} {words} con la misma contraparte quedan cada una a menos de {limits['cerca_pb'] // 100} % del "
            f"límite de ${Money(limit)} y juntas suman ${Money(amount)}.",
            tuple((polizas or ())[:SHOWN]),
        )


def limit_spans(name: str) -> Iterable[tuple[object, object, int]]:
    """(first day, first day no longer, centavos) of a limit that the law says in UMA."""
    parameters = load_parameters(settings.JURISDICTION)
    for times in parameters[name].valores:
        for uma in parameters["uma"].valores:
            since = max(times.desde, uma.desde)
            until = min(times.hasta or OPEN_END, uma.hasta or OPEN_END)
            if since < until:
                yield since, until, times.valor * uma.valor


def prices(engine: duckdb.DuckDBPyConnection, limits: Mapping[str, int]) -> Iterator[Indicio]:
    """Yield an indicio for each supplier that charges an item at many times, or a small part of, its median price."""
    times = limits["veces_pb"]
    rows = engine.execute(
        "WITH precios AS (SELECT DISTINCT u.contabilidad_id, u.sujeto_id, u.poliza_id, c.cfdi_id, c.linea, c.articulo, "
        "c.unidad, c.valor_unitario, c.importe, i.emisor_rfc FROM cfdi_poliza u "
        "INNER JOIN cfdi_conceptos c ON c.cfdi_id = u.cfdi_id INNER JOIN cfdi i ON i.cfdi_id = u.cfdi_id "
        "INNER JOIN polizas_netas n ON n.poliza_id = u.poliza_id "
        "WHERE n.neto <> 0 AND c.articulo <> 'sin_comparable' AND c.valor_unitario > 0), "
        "medianas AS (SELECT articulo, unidad, QUANTILE_DISC(valor_unitario, 0.5) AS mediana FROM "
        "(SELECT DISTINCT cfdi_id, linea, articulo, unidad, valor_unitario FROM precios) "
        f"GROUP BY articulo, unidad HAVING COUNT(*) >= {limits['conceptos']:d}) "
        "SELECT p.articulo, p.unidad, p.emisor_rfc, COUNT(*), CAST(SUM(p.importe) AS BIGINT), MIN(p.valor_unitario), "
        "MAX(p.valor_unitario), m.mediana, LIST(DISTINCT p.contabilidad_id ORDER BY p.contabilidad_id), "
        "LIST(DISTINCT p.sujeto_id ORDER BY p.sujeto_id), LIST(DISTINCT p.poliza_id ORDER BY p.poliza_id) "
        "FROM precios p INNER JOIN medianas m ON m.articulo = p.articulo AND m.unidad = p.unidad "
        f"WHERE p.valor_unitario * 10000 >= m.mediana * {times:d} OR p.valor_unitario * {times:d} <= m.mediana * 10000 "
        "GROUP BY p.articulo, p.unidad, p.emisor_rfc, m.mediana"
    ).fetchall()
    for item, unit, rfc, many, amount, least, most, median, books, subjects, polizas in rows:
        charged = f"a ${Money(least)}" if least == most else f"de ${Money(least)} a ${Money(most)}"
        far = most if most * 10_000 >= median * times else least
        yield Indicio(
            "precios",
            f"articulo={item};unidad={unit};rfc={rfc}",
            tuple(books),
            tuple(subjects),
            many,
            amount,
            far * 10_000 // median,
            times,
            f"{rfc} cobró {item} ({unit}) {charged}; la mediana es de ${Money(median)}.",
            tuple(polizas[:SHOWN]),
        )
