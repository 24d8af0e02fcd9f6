"""Verify the whole record: each row against its leaf, each póliza against its chain, each file.

All of it is SQL of this program over the tables, as their owner; no function of the database under examination is
asked: names are looked for in `pg_catalog` alone, tables are written with their schema, and a row is taken whole as
`r.*`, which no column can stand in for. Two connections that see one and the same instant share the work.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from queue import SimpleQueue

from django.apps import apps
from psycopg import Connection, connect
from psycopg.rows import TupleRow

from sif.books.content import (
    CONTENT_OF_RANGE,
    LINES_OF_BEFORE,
    NUMBERS_OF_RANGE,
    PARTS_OF_RANGE,
    SUPPORT_KEYS,
    SUPPORT_OF_BEFORE,
)
from sif.books.services.file_store import FileChanged, FileMissing, open_file
from sif.books.verifying import strange_chart
from sif.filing.figures import LEAVES
from sif.filing.quick import Polizas, polizas_of, rows_question
from sif.filing.roots import differences, tables_of
from sif.filing.shape import unlike
from sif.filing.signers import SECOND
from sif.registry.plain import columns_of
from sif.registry.protection import digest_of_row
from sif.registry.tables import (
    CORRECTED,
    FILLED,
    IN_THEIR_POLIZA,
    MOMENTS,
    OF_ITS_ACT,
    OF_THE_LOG,
    SOME_ROWS,
    TABLES,
    Kind,
)

CORRECTIONS = "registry_correccionresuelta"
MOST = 1_000  # told of each question
OLD_CONTENT = "books_poliza/contenido"  # leaves of the pólizas of format 1, with how they stood when format 2 came
SETTINGS = (
    "SET search_path = pg_catalog; SET timezone = 'UTC'; SET bytea_output = 'hex'; SET row_security = off;"
    " SET work_mem = '32MB'; SET jit = off;"  # a range is sorted in memory, and no range is worth compiling
    " SET enable_memoize = off;"  # no link nor leaf is asked twice
)

Asked = Callable[[Connection[TupleRow]], Iterable[tuple[str, str, str]]]


@dataclass(frozen=True, slots=True)
class Altered:
    """An altered row of the record: its table, its number and its fault."""

    tabla: str
    id: str
    que: str


def keys_of_records() -> dict[str, str]:
    """Return the tables whose rows have leaves, with the column of their key."""
    without = IN_THEIR_POLIZA | OF_THE_LOG
    kept = {name for name, kind in TABLES.items() if kind is Kind.RECORD} - without
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table: str(m._meta.pk.column) for m in models if m._meta.db_table in kept}


def leaves_question(table: str, key: str, which: str = "true", *, corrected: bool = True) -> str:
    """Return the rows of a table that their leaves do not bear out: altered, missing or added.

    A row of before a column was filled is borne out without it (`FILLED`).

    which: the rows that have a leaf. corrected: whether this database keeps corrections, as one does since they are
    made.
    """
    digest = digest_of_row(f"'{table}'", f"'public.{table}'::regclass", "x.j")
    row = f"to_jsonb(r.*) || {_first_facts(table)}" if corrected and table in CORRECTED else "to_jsonb(r.*)"
    whole = before = ""
    if table in FILLED:
        without = digest_of_row(f"'{table}'", f"'public.{table}'::regclass", f"(t.j - '{FILLED[table]}')")
        whole, before = ", x.j", f"AND h.huella IS DISTINCT FROM {without}"
    return f"""
        SELECT coalesce(h.fila, t.fila), CASE WHEN h.fila IS NULL THEN 'agregado' WHEN t.fila IS NULL THEN 'falta'
            ELSE 'alterado' END
        FROM (SELECT (x.j ->> '{key}') COLLATE "C" AS fila, {digest} AS huella{whole}
              FROM public.{table} r CROSS JOIN LATERAL (SELECT {row} AS j OFFSET 0) x WHERE {which}) t
        FULL JOIN (SELECT fila, huella FROM public.registry_hoja WHERE tabla = '{table}') h ON h.fila = t.fila
        WHERE h.huella IS DISTINCT FROM t.huella {before} LIMIT {MOST}"""


def _first_facts(table: str) -> str:
    """Build the query expression of the first values of a row's correctable columns, changed since by corrections.

    The value of a column comes from the first correction that records the column; older corrections do not record a
    column added later.
    """
    column, _facts = CORRECTED[table]
    return (
        "coalesce((SELECT jsonb_object_agg(f.key, f.value ORDER BY c.id DESC) "
        "FROM public.registry_correccionresuelta c, jsonb_each(c.antes) f "
        f"WHERE c.{column} = r.id AND c.sentido = 'aprobada'), '{{}}'::jsonb)"
    )


def corrected_question(table: str) -> str:
    """The rows that are not what their last correction says, and those with one that does not follow the one before.

    A column added after a correction was made is lacking there and null in the row, which is the same.
    """
    column, facts = CORRECTED[table]
    now = ", ".join(f"'{each}', to_jsonb(r.*) -> '{each}'" for each in facts)
    return f"""
        SELECT c.fila::text, CASE WHEN c.antes IS DISTINCT FROM coalesce(c.anterior, c.antes)
            THEN 'su corrección no sigue a la anterior' ELSE 'no es lo que dice su última corrección' END
        FROM (SELECT s.{column} AS fila, jsonb_strip_nulls(s.antes) AS antes, jsonb_strip_nulls(s.despues) AS despues,
                  jsonb_strip_nulls(lag(s.despues) OVER (PARTITION BY s.{column} ORDER BY s.id)) AS anterior,
                  lead(s.id) OVER (PARTITION BY s.{column} ORDER BY s.id) IS NULL AS ultima
              FROM public.registry_correccionresuelta s
              WHERE s.{column} IS NOT NULL AND s.sentido = 'aprobada') c
        LEFT JOIN public.{table} r ON r.id = c.fila
        WHERE c.antes IS DISTINCT FROM coalesce(c.anterior, c.antes)
            OR c.ultima AND c.despues IS DISTINCT FROM jsonb_strip_nulls(jsonb_build_object({now}))
        ORDER BY c.fila LIMIT {MOST}"""


def _leaf_of(poliza: str, *tables: str) -> str:
    names = ", ".join(f"'{table}'" for table in tables)
    return f"SELECT h.huella FROM public.registry_hoja h WHERE h.tabla IN ({names}) AND h.fila = {poliza}::text"


def _digest(row: str) -> str:
    return digest_of_row("'books_poliza'", "'public.books_poliza'::regclass", row)


_WITHOUT_SUPPORT = f"(q.fila - {SUPPORT_KEYS})"
POLIZAS = f"""
    SELECT q.id::text, e.que FROM (
        SELECT p.id, p.eslabon, p.formato, p.huella, p.huella_anterior, b.id AS antes, b.huella AS huella_de_antes,
            h.huella AS hoja, {CONTENT_OF_RANGE} AS contenido,
            to_jsonb(p.*) || {NUMBERS_OF_RANGE} AS fila
        FROM public.books_poliza p {PARTS_OF_RANGE}
        LEFT JOIN LATERAL (SELECT a.id, a.huella FROM public.books_poliza a
            WHERE a.contabilidad_id = p.contabilidad_id AND a.eslabon = p.eslabon - 1 OFFSET 0) b ON true
        LEFT JOIN LATERAL ({_leaf_of("p.id", "books_poliza")} OFFSET 0) h ON true
        WHERE p.id >= %(desde)s AND p.id < %(hasta)s OFFSET 0) q
    CROSS JOIN LATERAL (VALUES
        (CASE WHEN q.hoja IS NULL THEN 'agregado' WHEN q.hoja <> {_digest("q.fila")} AND (
                {_digest("q.fila")} NOT IN ({_leaf_of("q.id", SUPPORT_OF_BEFORE, LINES_OF_BEFORE)})
                OR q.hoja <> {_digest(_WITHOUT_SUPPORT)} AND (
                    q.hoja <> {_digest(f"{_WITHOUT_SUPPORT} - 'lineas'")}
                    OR {_digest(_WITHOUT_SUPPORT)} NOT IN ({_leaf_of("q.id", LINES_OF_BEFORE)}))) THEN 'alterado' END),
        (CASE WHEN q.eslabon > 1 AND q.antes IS NULL THEN 'falta el eslabón anterior'
            WHEN q.eslabon <= 1 AND q.antes IS NOT NULL OR q.huella_anterior IS DISTINCT FROM q.huella_de_antes
            THEN 'no sigue al eslabón anterior'
            WHEN q.formato = 2 AND q.huella IS DISTINCT FROM sha256(CASE WHEN q.antes IS NULL THEN '\\x00'::bytea
                ELSE '\\x01'::bytea || q.huella_de_antes END || q.contenido)
            OR q.formato <> 2 AND sha256(q.contenido) NOT IN ({_leaf_of("q.id", OLD_CONTENT)})
            THEN 'su contenido no es el de su huella' END)
    ) e(que) WHERE e.que IS NOT NULL ORDER BY q.id LIMIT {MOST}"""
"""The pólizas of a range that their leaf, with the numbers of their lines and support, or their link do not bear out.

A póliza of before that leaf had those numbers has them in another leaf, and one of format 1 its content.
"""

POLIZAS_GONE = f"""
    SELECT h.fila, 'falta' FROM public.registry_hoja h WHERE h.tabla = 'books_poliza'
        AND NOT EXISTS (SELECT FROM public.books_poliza p WHERE p.id::text COLLATE "C" = h.fila) LIMIT {MOST}"""

FROZEN = f"""
    SELECT i.id::text, 'los libros ya no son los que este informe congeló'
    FROM public.filing_informe i JOIN public.filing_presentacion f ON f.informe_id = i.id
    WHERE (i.contenido #>> '{{libros,eslabon}}')::bigint > 0 AND NOT EXISTS (
        SELECT FROM public.books_poliza p WHERE p.contabilidad_id = i.contabilidad_id
            AND p.eslabon = (i.contenido #>> '{{libros,eslabon}}')::bigint
            AND encode(p.huella, 'hex') = i.contenido #>> '{{libros,huella}}')
    ORDER BY i.id LIMIT {MOST}"""

FROZEN_LEAVES = f"""
    SELECT i.id::text, 'los documentos de estos libros ya no son los que este informe congeló'
    FROM public.filing_informe i JOIN public.filing_presentacion f ON f.informe_id = i.id, LATERAL (
        {LEAVES.format(contabilidad="i.contabilidad_id")} AND h.id <= (i.contenido #>> '{{hojas,hasta}}')::bigint
    ) now (hasta, huella)
    WHERE i.contenido ? 'hojas' AND (now.huella IS DISTINCT FROM i.contenido #>> '{{hojas,huella}}'
        OR now.hasta IS DISTINCT FROM (i.contenido #>> '{{hojas,hasta}}')::bigint)
    ORDER BY i.id LIMIT {MOST}""".replace("%%", "%")


NAMES = f"""
    SELECT u.id::text, 'su nombre, su usuario o su RFC no son los que se registraron'
    FROM public.registry_usuario u LEFT JOIN LATERAL (SELECT v.username, v.nombre, v.rfc, v.desde, v.cuantos
        FROM (SELECT n.*, count(*) OVER () AS cuantos FROM public.registry_nombreusuario n WHERE n.usuario_id = u.id
            ORDER BY n.id DESC LIMIT 1) v OFFSET 0) ultimo ON true
    WHERE (u.username, u.nombre, u.rfc) IS DISTINCT FROM (ultimo.username, ultimo.nombre, ultimo.rfc)
        OR u.renombrada_el IS DISTINCT FROM CASE WHEN ultimo.cuantos > 1 THEN ultimo.desde END
    ORDER BY u.id LIMIT {MOST}"""

BOUNDS = """
    SELECT numero, hasta, least(hecho_el, lead(hecho_el) OVER (ORDER BY numero)) AS hora FROM public.registry_corte"""
"""The earliest hour of what entered after each cut and before the next: its own, or that of a next one with less."""

NAMES_BEFORE = f"""
    SELECT v.id::text, CASE WHEN u.id IS NULL THEN 'su persona no está' WHEN v.desde <= v.antes
        THEN 'empieza antes que el anterior' ELSE 'empieza antes de un corte que no la tenía' END
    FROM (SELECT n.id, n.usuario_id, n.desde, lag(n.desde) OVER (PARTITION BY n.usuario_id ORDER BY n.id) AS antes
          FROM public.registry_nombreusuario n) v LEFT JOIN public.registry_usuario u ON u.id = v.usuario_id
    WHERE u.id IS NULL OR v.desde <= v.antes OR v.antes IS NOT NULL AND v.desde + interval '1 hour' < (
        SELECT c.hora FROM public.registry_hoja h JOIN ({BOUNDS}) c ON c.hasta < h.id
        WHERE h.tabla = 'registry_nombreusuario' AND h.fila = v.id::text COLLATE "C"
        ORDER BY c.hasta DESC, c.numero DESC LIMIT 1)
    ORDER BY v.id LIMIT {MOST}"""
"""Versions of names out of their time. The last cut that lacks the leaf of one was made before it: so is its hour.

The hour is for a change that waits while a cut looks.
"""


_ITS_COMMITMENT = f"""
    SELECT FROM public.filing_compromiso c
    LEFT JOIN public.filing_compromiso o ON o.informe_id = c.informe_id AND o.papel <> c.papel
        AND o.sello = r.acuse #>> '{{otra_firma,sello}}'
    WHERE c.informe_id = r.informe_id AND c.sello = r.sello AND c.recibido_el = r.recibida_el
        AND (o.id IS NOT NULL) = (r.acuse ? 'otra_firma')
        AND (c.papel IS NULL OR c.papel <> ALL('{{{",".join(SECOND)}}}'))"""
"""The signature of a presentation, of who presents and at its hour, with the other one where the law asks for it.

One of two may have been presented without the other.
"""

COMMITMENTS = f"""
    SELECT r.id::text, CASE WHEN EXISTS ({_ITS_COMMITMENT}) THEN 'antes llegó otra firma del mismo informe'
        ELSE 'su hora y su sello no son los de un compromiso' END
    FROM public.filing_presentacion r JOIN public.registry_hoja h
        ON h.tabla = 'filing_presentacion' AND h.fila = r.id::text COLLATE "C"
    WHERE h.id > (SELECT min(id) FROM public.registry_hoja WHERE tabla = 'filing_compromiso')
        AND (NOT EXISTS ({_ITS_COMMITMENT}) OR EXISTS (
            SELECT FROM public.filing_compromiso a JOIN public.filing_informe b ON b.id = a.informe_id
            JOIN public.filing_informe i ON i.id = r.informe_id
            WHERE b.contabilidad_id = i.contabilidad_id AND b.periodo_id = i.periodo_id AND b.tipo = i.tipo
                AND a.recibido_el < coalesce((
                    SELECT u.recibido_el FROM public.filing_compromiso u
                    WHERE b.id = i.id AND u.informe_id = i.id AND u.papel = a.papel
                        AND u.sello IN (r.sello, r.acuse #>> '{{otra_firma,sello}}')), r.recibida_el)
                AND NOT EXISTS (SELECT FROM public.filing_compromisosinefecto s WHERE s.compromiso_id = a.id)
                AND (b.id = i.id OR NOT EXISTS (
                    SELECT FROM public.filing_presentacion p WHERE p.informe_id = b.id))))
    ORDER BY r.id LIMIT {MOST}"""
"""The presentations, since commitments are kept, that are not of the first that arrived of their report."""


def orphans_question(table: str) -> str:
    """Return the rows that hang from a póliza that is not there."""
    return f"""
        SELECT m.id::text, 'su póliza no está' FROM public.{table} m LEFT JOIN public.books_poliza p
            ON p.id = m.poliza_id AND p.contabilidad_id = m.contabilidad_id
        WHERE p.id IS NULL ORDER BY m.id LIMIT {MOST}"""


def added_question(table: str) -> str:
    """Return the rows that entered after a cut which had the act that they hang from: one transaction writes both."""
    column, act, key = OF_ITS_ACT[table]
    return f"""
        SELECT r.id::text, 'se agregó después de su acto' FROM public.{table} r
        JOIN public.{act} a ON a.{key} = r.{column}
        JOIN public.registry_hoja h ON h.tabla = '{table}' AND h.fila = r.id::text COLLATE "C"
        JOIN public.registry_hoja g ON g.tabla = '{act}' AND g.fila = a.id::text COLLATE "C"
        WHERE EXISTS (SELECT FROM public.registry_corte c WHERE g.id <= c.hasta AND h.id > c.hasta)
        ORDER BY r.id LIMIT {MOST}"""


def backdated_question(table: str, key: str) -> str:
    """Return the rows that say a moment of before the last cut which lacks their leaf, and so were written after it.

    Where the cut that follows a leaf says an earlier hour than the one before it, the clock stepped back between them,
    and that hour is the bound (ADR 0243). Each leaf finds its cut by halves. The hour forgiven is for an act that waits
    while a cut looks. All rows are found before any is told: so the tables are joined whole, and not row by row. A
    presentation with the hour of its commitment may be written any time after: of that hour the commitment is asked.
    """
    promised = f"AND NOT EXISTS ({_ITS_COMMITMENT})" if table == "filing_presentacion" else ""
    return f"""
        WITH cortes AS MATERIALIZED (
            SELECT array_agg(c.hasta ORDER BY c.hasta, c.numero) AS hasta,
                array_agg(c.hora - interval '1 hour' ORDER BY c.hasta, c.numero) AS desde FROM ({BOUNDS}) c),
        de_antes AS MATERIALIZED (
            SELECT r.{key}::text AS fila FROM public.registry_hoja h
            JOIN public.{table} r ON r.{key}::text COLLATE "C" = h.fila
            WHERE h.tabla = '{table}' AND h.id > (SELECT hasta[1] FROM cortes) AND r.{MOMENTS[table]}
                < (SELECT desde FROM cortes)[width_bucket(h.id - 1, (SELECT hasta FROM cortes))] {promised})
        SELECT fila, 'dice ser de antes de un corte que no la tenía' FROM de_antes LIMIT {MOST}"""


def _asked(table: str, sql: str, params: dict[str, object] | None = None, *, unless: str | None = None) -> Asked:
    """Ask a question; `unless`: one that counts in less time what this may have to say, and none if it has nothing."""

    def ask(database: Connection[TupleRow]) -> Iterable[tuple[str, str, str]]:
        if unless is not None and database.execute(unless, params).fetchone() == (0,):
            return ()
        return ((table, str(row[0]), str(row[1])) for row in database.execute(sql, params).fetchall())

    return ask


REACH = f"""
    SELECT identidad || ' ' || sujeto_id, CASE WHEN d.relacion IS NULL THEN 'agregado: nadie la postula ni la registra'
        ELSE 'falta, y hay quien la postula o la registra' END
    FROM (SELECT identidad, sujeto_id, true AS alcance FROM public.registry_alcancepersona) a
    FULL JOIN (SELECT DISTINCT p.identidad, n.sujeto_id, true AS relacion FROM (
            SELECT persona_id, sujeto_id FROM public.registry_candidatura
            UNION ALL SELECT (r.antes ->> 'persona_id')::bigint, c.sujeto_id FROM public.{CORRECTIONS} r
                JOIN public.registry_candidatura c ON c.id = r.candidatura_id
            UNION ALL SELECT persona_id, sujeto_id FROM public.catalogs_personasujeto
        ) n JOIN public.registry_persona p ON p.id = n.persona_id) d USING (identidad, sujeto_id)
    WHERE a.alcance IS NULL OR d.relacion IS NULL LIMIT {MOST}"""
"""Who reaches a person without a relation with her, and who has one and does not reach her."""

ROLE = """
    SELECT 'sif_app', 'el rol de la aplicación puede ' || concat_ws(', ', CASE WHEN r.rolsuper THEN 'todo' END,
        CASE WHEN r.rolbypassrls THEN 'saltar los muros' END, CASE WHEN r.rolcreaterole THEN 'crear roles' END,
        CASE WHEN r.rolreplication THEN 'replicar' END)
    FROM pg_catalog.pg_roles r WHERE r.rolname = 'sif_app'
        AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication)
    UNION ALL
    SELECT 'sif_app', 'el rol de la aplicación es también ' || g.rolname
    FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles r ON r.oid = m.member
    JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE r.rolname = 'sif_app'
    UNION ALL
    SELECT coalesce(r.rolname::text, current_database()), 'cada sesión empieza con ' || said
    FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole,
        unnest(s.setconfig) said
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
        AND split_part(said, '=', 1) IN ('session_replication_role', 'row_security', 'search_path', 'sif.pase')"""
"""What would lift the walls and guards of whoever connects, which no table keeps."""


def _strange(database: Connection[TupleRow]) -> Iterator[tuple[str, str, str]]:
    """Leaves of tables that are no records of this program."""
    known = keys_of_records().keys() | SOME_ROWS.keys() | {OLD_CONTENT, LINES_OF_BEFORE, SUPPORT_OF_BEFORE}
    return ((table, "", "tiene hojas y no es un registro") for table in tables_of(database) if table not in known)


def _of_polizas(polizas: Polizas | None) -> tuple[list[Asked], list[Asked]]:
    """Return the checks of the pólizas, and the check to run after them: whether a póliza is gone.

    The ranges of pólizas do not cover a leaf beyond all of them, so their total is compared at the end.
    """
    gone = _asked("books_poliza", POLIZAS_GONE)
    if polizas is None:
        return [gone, _asked("books_poliza", POLIZAS, {"desde": -(2**63), "hasta": 2**63})], []

    def of_range(params: dict[str, object]) -> Asked:
        judge = _asked("books_poliza", POLIZAS, params)
        return lambda database: () if polizas.bears_out(database, params) else judge(database)

    return [*map(of_range, polizas.ranges())], [lambda database: () if polizas.are_all(database) else gone(database)]


def _questions(
    database: Connection[TupleRow], published: Mapping[str, object] | None
) -> tuple[list[Asked], list[Asked]]:
    """Return the checks of the verification, and the checks to run once the first are done."""
    keys = keys_of_records()
    there = {name for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    columns = columns_of(database)
    quick = {
        table: rows_question(table, key, columns[table])
        for table, key in keys.items()
        if table in there - set(CORRECTED)
    }
    of_polizas, then = _of_polizas(polizas_of(database, columns))
    return [
        lambda database: differences(database, published),
        *(
            _asked(table, leaves_question(table, key, corrected=CORRECTIONS in there), unless=quick.get(table))
            for table, key in sorted(keys.items())
            if table in there and table != "books_poliza"
        ),
        *(_asked(table, leaves_question(table, *which)) for table, which in SOME_ROWS.items() if table in there),
        *of_polizas,
        *(_asked(table, orphans_question(table)) for table in sorted(IN_THEIR_POLIZA & there)),
        *(_asked(table, added_question(table)) for table in sorted(OF_ITS_ACT.keys() & there)),
        *(_asked(table, backdated_question(table, keys[table])) for table in sorted(MOMENTS.keys() & there)),
        *(_asked(table, corrected_question(table)) for table in sorted(CORRECTED) if CORRECTIONS in there),
        _asked("pg_roles", ROLE),
        *(_asked(table, REACH) for table in {"registry_alcancepersona"} & there),
        _asked("filing_informe", FROZEN),
        _asked("filing_informe", FROZEN_LEAVES),
        *(_asked("filing_presentacion", COMMITMENTS) for _ in {"filing_compromiso"} & there),
        _asked("registry_usuario", NAMES),
        _asked("registry_nombreusuario", NAMES_BEFORE),
        strange_chart,
        unlike,
        _strange,
    ], then


def verify_rows(
    conninfo: str, published: Mapping[str, object] | None = None, more: Sequence[Asked] = ()
) -> tuple[int, list[Altered]]:
    """Verify the rows of the record and return the count judged and the altered rows, in order of table and row.

    published: roots of some day to compare with the log, besides the kept cuts. more: checks of the rooms above, run on
    the same snapshot.
    """
    with connect(conninfo) as first, connect(conninfo) as second:
        for database in (first, second):
            database.execute(SETTINGS)
            database.commit()
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        seen = first.execute("SELECT pg_export_snapshot()").fetchone()
        second.execute(f"SET TRANSACTION SNAPSHOT '{seen[0] if seen else ''}'")
        count = first.execute("SELECT count(*) FROM public.registry_hoja").fetchone()
        asked, then = _questions(first, published)
        found = {*_answers((first, second), [*asked, *more]), *_answers((first, second), then)}
    return int(count[0]) if count else 0, [Altered(*one) for one in sorted(found)]


def _answers(databases: Sequence[Connection[TupleRow]], questions: Iterable[Asked]) -> set[tuple[str, str, str]]:
    """Run checks in order, each on the first free connection, and return their findings."""
    waiting: SimpleQueue[Asked | None] = SimpleQueue()
    for question in [*questions, *([None] * len(databases))]:
        waiting.put(question)

    def work(database: Connection[TupleRow]) -> list[tuple[str, str, str]]:
        return list(chain.from_iterable(ask(database) for ask in iter(waiting.get, None)))

    with ThreadPoolExecutor(len(databases)) as workers:
        return set(chain.from_iterable(workers.map(work, databases)))


def unfiled(conninfo: str) -> tuple[int, int]:
    """Return how many commitments wait for their presentation, and how many ended without effect.

    None in a copy of before commitments were kept.
    """
    with connect(conninfo) as database:
        database.execute(SETTINGS)
        if database.execute("SELECT to_regclass('public.filing_compromiso')").fetchone() == (None,):
            return 0, 0
        row = database.execute(
            "SELECT count(*) FILTER (WHERE s.id IS NULL AND NOT EXISTS (SELECT FROM public.filing_presentacion p"
            " WHERE p.informe_id = c.informe_id)), count(s.id) FROM public.filing_compromiso c"
            " LEFT JOIN public.filing_compromisosinefecto s ON s.compromiso_id = c.id"
        ).fetchone()
        return row or (0, 0)


def steps_back(conninfo: str) -> list[tuple[int, datetime, datetime]]:
    """The cuts that say an earlier hour than the one before: number, hour of the one before, and hour that it says."""
    with connect(conninfo) as database:
        database.execute(SETTINGS)
        rows = database.execute(
            "SELECT numero, antes, hecho_el FROM (SELECT numero, hecho_el, lag(hecho_el) OVER (ORDER BY numero)"
            " FROM public.registry_corte) c (numero, hecho_el, antes) WHERE hecho_el < antes ORDER BY numero"
        )
        return [(int(number), before, after) for number, before, after in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Files:
    """The files that were read, of evidence or of snapshots: how many, their bytes, and those not as they were."""

    archivos: int
    bytes: int
    alterados: list[Altered]


def verify_files(conninfo: str) -> Files:
    """Read every file of evidence against the SHA-256 that names it, a thousand names in memory at a time."""
    count = size = 0
    altered: list[Altered] = []
    with connect(conninfo) as database, database.cursor("archivos") as files, ThreadPoolExecutor(2) as readers:
        database.execute(SETTINGS)
        files.execute("SELECT sha256, bytes FROM public.books_archivo ORDER BY sha256")
        while rows := files.fetchmany(MOST):
            count, size = count + len(rows), size + sum(row[1] for row in rows)
            altered += [one for one in readers.map(_judge_file, (row[0] for row in rows)) if one is not None]
    return Files(count, size, altered)


def _judge_file(sha256: str) -> Altered | None:
    try:
        open_file(sha256).close()
    except FileMissing:
        return Altered("books_archivo", sha256, "falta el archivo")
    except FileChanged:
        return Altered("books_archivo", sha256, "los bytes del archivo cambiaron")
    return None
