"""The first wall: SQL outside the portable subset is refused whatever its disguise."""

import pytest
import sqlglot

from sif.rulebook import SqlRefused, check_sql, load_rules
from sif.rulebook.binding import bind, tables_named
from sif.rulebook.derived import DERIVED
from sif.rulebook.subset import MAX_CHARACTERS, canonical, parse

HOSTILE = """
COPY polizas TO '/tmp/fuga.csv'
COPY (SELECT poliza_id FROM polizas) TO '/tmp/fuga.csv'
SELECT a FROM read_csv('/etc/passwd')
SELECT a FROM read_parquet('otra.parquet')
SELECT a FROM read_text('/etc/passwd')
SELECT a FROM glob('/*')
SELECT a FROM '/etc/passwd'
SELECT a FROM "polizas.parquet"
ATTACH '/tmp/otra.db'
DETACH memory
PRAGMA database_list
SET threads = 8
RESET threads
INSTALL httpfs
LOAD httpfs
CALL pragma_version()
EXPORT DATABASE '/tmp/x'
DROP TABLE polizas
DELETE FROM polizas
UPDATE polizas SET total = 0
INSERT INTO polizas SELECT 1
CREATE TABLE x AS SELECT 1 AS a
VACUUM
CHECKPOINT
DESCRIBE polizas
SHOW TABLES
EXPLAIN SELECT 1
SELECT 1 AS a; SELECT 2 AS a
SELECT 1 AS a;
WITH x AS (DELETE FROM polizas RETURNING poliza_id) SELECT poliza_id FROM x
WITH x AS (INSERT INTO polizas SELECT 1 RETURNING poliza_id) SELECT poliza_id FROM x
WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 AS a FROM x) SELECT a FROM x
WITH x AS (WITH y AS (SELECT 1 AS a) SELECT a FROM y) SELECT a FROM x
WITH x AS MATERIALIZED (SELECT total FROM polizas) SELECT total FROM x
WITH x(a) AS (SELECT total FROM polizas) SELECT a FROM x
SELECT poliza_id FROM polizas AS p(a)
SELECT total AS a FROM polizas UNION SELECT total AS a FROM polizas
SELECT total AS a FROM polizas UNION ALL BY NAME SELECT total AS a FROM polizas
SELECT total FROM polizas EXCEPT SELECT total FROM polizas
SELECT total FROM polizas INTERSECT SELECT total FROM polizas
SELECT clase, COUNT(*) AS n FROM polizas GROUP BY ALL
SELECT clase, COUNT(*) AS n FROM polizas GROUP BY ROLLUP (clase)
SELECT clase, COUNT(*) AS n FROM polizas GROUP BY GROUPING SETS ((clase), ())
SELECT COUNT(*) AS n FROM polizas GROUP BY total + 1
SELECT * FROM polizas
SELECT p.* FROM polizas p
SELECT COLUMNS('.*') FROM polizas
SELECT DISTINCT total FROM polizas
SELECT total FROM polizas LIMIT 1
SELECT total FROM polizas ORDER BY total
SELECT total FROM polizas OFFSET 1
SELECT total FROM polizas USING SAMPLE 10
SELECT total FROM polizas TABLESAMPLE 10 PERCENT
SELECT total FROM polizas QUALIFY ROW_NUMBER() OVER (ORDER BY total) = 1
SELECT total / 2 AS a FROM polizas
SELECT total // poliza_id AS a FROM polizas
SELECT total // 0 AS a FROM polizas
SELECT total // -2 AS a FROM polizas
SELECT total % 2 AS a FROM polizas
SELECT total ^ 2 AS a FROM polizas
SELECT total | 2 AS a FROM polizas
SELECT 1.5 AS a FROM polizas
SELECT 1e3 AS a FROM polizas
SELECT 99999999999999999999 AS a FROM polizas
SELECT ROUND(total) AS a FROM polizas
SELECT AVG(total) AS a FROM polizas
SELECT SUM(DISTINCT total) AS a FROM polizas
SELECT SUM(total ORDER BY total) AS a FROM polizas
SELECT SUM(total) FILTER (WHERE total > 0) AS a FROM polizas
SELECT COUNT(DISTINCT total, clase) AS a FROM polizas
SELECT MAX(total, 3) AS a FROM polizas
SELECT LIST(total) AS a FROM polizas
SELECT [1, 2] AS a FROM polizas
SELECT {'a': 1} AS a FROM polizas
SELECT clase LIKE 'a%' AS a FROM polizas
SELECT clase ILIKE 'a%' AS a FROM polizas
SELECT REGEXP_MATCHES(clase, 'a') AS a FROM polizas
SELECT clase || 'a' AS a FROM polizas
SELECT LOWER(clase) AS a FROM polizas
SELECT LENGTH(clase) AS a FROM polizas
SELECT GETENV('HOME') AS a FROM polizas
SELECT CURRENT_DATE AS a FROM polizas
SELECT NOW() AS a FROM polizas
SELECT RANDOM() AS a FROM polizas
SELECT UUID() AS a FROM polizas
SELECT VERSION() AS a FROM polizas
SELECT reflect('java.lang.Runtime', 'getRuntime') AS a FROM polizas
SELECT java_method('java.lang.System', 'exit') AS a FROM polizas
SELECT a FROM text.`/etc/passwd`
SELECT a FROM otra.polizas
SELECT a FROM memory.main.polizas
SELECT table_name FROM information_schema.tables
SELECT total FROM polizas p, movimientos m
SELECT total FROM polizas NATURAL JOIN movimientos
SELECT total FROM polizas JOIN movimientos USING (poliza_id)
SELECT total FROM polizas p RIGHT JOIN movimientos m ON p.poliza_id = m.poliza_id
SELECT total FROM polizas p FULL JOIN movimientos m ON p.poliza_id = m.poliza_id
SELECT total FROM polizas p SEMI JOIN movimientos m ON p.poliza_id = m.poliza_id
SELECT total FROM polizas p ASOF JOIN movimientos m ON p.poliza_id = m.poliza_id
SELECT total FROM polizas p POSITIONAL JOIN movimientos m
SELECT total FROM polizas p, LATERAL (SELECT 1 AS a) x
SELECT total FROM polizas WHERE poliza_id IN (SELECT poliza_id FROM movimientos)
SELECT total FROM polizas WHERE EXISTS (SELECT 1 FROM movimientos)
SELECT total FROM (SELECT total FROM polizas) p
SELECT (SELECT MAX(fecha) FROM corte) AS a FROM polizas
SELECT total FROM polizas WHERE total IS DISTINCT FROM 3
SELECT total FROM polizas WHERE total BETWEEN SYMMETRIC 1 AND 2
SELECT CASE WHEN total > 0 THEN 1 END AS a FROM polizas
SELECT CASE total WHEN 0 THEN 1 ELSE 2 END AS a FROM polizas
SELECT IF(total > 0, 1, 2) AS a FROM polizas
SELECT TRY_CAST(clase AS BIGINT) AS a FROM polizas
SELECT CAST(clase AS DOUBLE) AS a FROM polizas
SELECT CAST(clase AS DECIMAL(10, 2)) AS a FROM polizas
SELECT CAST(clase AS BIGINT[]) AS a FROM polizas
SELECT clase::STRUCT(a INT) AS a FROM polizas
SELECT DATE_DIFF('month', fecha_operacion, fecha_registro) AS a FROM polizas
SELECT fecha_operacion + INTERVAL 1 DAY AS a FROM polizas
SELECT EXTRACT(year FROM fecha_operacion) AS a FROM polizas
SELECT YEAR(CURRENT_DATE) AS a FROM polizas
SELECT MONTH('2024-01-01') AS a FROM polizas
SELECT DAY(CAST(clase AS DATE)) AS a FROM polizas
SELECT WEEK(fecha_operacion) AS a FROM polizas
SELECT ROW_NUMBER() OVER () AS a FROM polizas
SELECT LAG(total) OVER (PARTITION BY poliza_id) AS a FROM polizas
SELECT LAG(total) AS a FROM polizas
SELECT LAG(total, 2) OVER (ORDER BY total) AS a FROM polizas
SELECT RANK() OVER (ORDER BY total) AS a FROM polizas
SELECT SUM(total) OVER (ORDER BY total ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS a FROM polizas
SELECT SUM(total) OVER (ORDER BY total GROUPS CURRENT ROW) AS a FROM polizas
SELECT SUM(total) OVER (ORDER BY total NULLS FIRST) AS a FROM polizas
SELECT SUM(total) OVER w AS a FROM polizas WINDOW w AS (ORDER BY total)
SELECT SUM(total) IGNORE NULLS OVER (ORDER BY total) AS a FROM polizas
SELECT COUNT(DISTINCT clase) OVER (PARTITION BY total) AS a FROM polizas
SELECT total -- comentario
SELECT total /*+ BROADCAST(p) */ FROM polizas p
SELECT $1 AS a FROM polizas
SELECT ? AS a FROM polizas
SELECT :x AS a FROM polizas
SELECT @total AS a FROM polizas
SELECT #1 AS a FROM polizas
SELECT TOTAL AS a FROM POLIZAS
SELECT total AS "a b" FROM polizas
SELECT ñandu FROM polizas
PIVOT polizas ON clase USING SUM(total)
UNPIVOT polizas ON total INTO NAME a VALUE b
FROM polizas
VALUES (1, 2)
SUMMARIZE polizas
SELECT unnest([1, 2]) AS a
SELECT x -> x + 1 AS a FROM polizas
SELECT EXTRACT(epoch FROM fecha_operacion) AS a FROM polizas
""".strip().splitlines()


@pytest.mark.parametrize("text", [*HOSTILE, "", "SELECT", "SELECT a FROM", "SELECT total\x00 FROM polizas"])
def test_hostile_sql_is_refused(text: str) -> None:
    with pytest.raises(SqlRefused):
        check_sql(text)


def test_there_are_more_than_enough_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 120


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT {'(' * 3000}1{')' * 3000} AS a FROM polizas",
        f"SELECT {'NOT ' * 1900}a AS b FROM polizas",
        f"SELECT {'1 + ' * 3000}1 AS a FROM polizas",
        "SELECT total FROM polizas p" + "".join(f" JOIN polizas p{n} ON p{n}.total = p.total" for n in range(40)),
    ],
)
def test_oversized_sql_is_refused(text: str) -> None:
    with pytest.raises(SqlRefused):
        check_sql(text)


def test_a_text_of_the_whole_length_is_still_read() -> None:
    text = "SELECT total FROM polizas"
    assert check_sql(text + " " * (MAX_CHARACTERS - len(text))) == text
    with pytest.raises(SqlRefused, match="8001 caracteres"):
        check_sql(text + " " * (MAX_CHARACTERS - len(text) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT COUNT(*) AS n, COUNT(DISTINCT p.clase) AS c FROM polizas AS p WHERE NOT p.revierte_a IS NULL",
        "SELECT SUM(p.total) OVER (PARTITION BY p.clase ORDER BY p.numero RANGE BETWEEN UNBOUNDED PRECEDING AND "
        "CURRENT ROW) AS s FROM polizas AS p",
        "SELECT ROW_NUMBER() OVER (ORDER BY p.total DESC) AS s FROM polizas AS p CROSS JOIN corte",
        "SELECT LAG(p.total) OVER (PARTITION BY p.clase ORDER BY p.poliza_id) AS s FROM polizas AS p",
        "SELECT YEAR(p.fecha_operacion) * 10000 + MONTH(p.fecha_operacion) AS m, DAY(p.fecha_operacion) AS d "
        "FROM polizas AS p",
        "SELECT CAST('2024-01-01' AS DATE) AS d, LEAST(p.total, GREATEST(0, -p.total)) AS e FROM polizas AS p",
        "WITH x AS (SELECT p.total FROM polizas AS p) SELECT x.total FROM x UNION ALL SELECT 0 AS total FROM corte",
    ],
)
def test_what_the_subset_admits_is_printed_as_it_was(text: str) -> None:
    assert check_sql(text) == text


def test_what_runs_is_the_printed_text_never_the_bytes_of_the_author() -> None:
    assert check_sql("select  p.total\nfrom polizas p") == "SELECT p.total FROM polizas AS p"


BOUND_HOSTILE = [
    ("SELECT a FROM clientes", "clientes"),
    ("SELECT x.total FROM duckdb_settings AS x", "duckdb_settings"),
    ("SELECT p.sueldo FROM polizas p", "sueldo"),
    ("WITH polizas AS (SELECT m.cargo FROM movimientos m) SELECT polizas.cargo FROM polizas", "oculta"),
    ("WITH p_tope AS (SELECT m.cargo FROM movimientos m) SELECT p_tope.cargo FROM p_tope", "oculta"),
    ("WITH x AS (SELECT 1 AS a), x AS (SELECT 2 AS a) SELECT x.a FROM x", "se repite"),
    ("SELECT p.total FROM polizas p JOIN movimientos m ON p.total > m.cargo", "igualdad"),
    ("SELECT p.total FROM polizas p JOIN movimientos m ON 1 = 1", "igualdad"),
    ("SELECT p.total FROM polizas p JOIN movimientos m ON m.cargo = m.abono", "igualdad"),
    ("SELECT p.total FROM polizas p JOIN movimientos m ON p.poliza_id = m.poliza_id OR 1 = 1", "igualdad"),
    ("SELECT p.total FROM polizas p CROSS JOIN movimientos", "corte"),
    ("SELECT p_tope.valor FROM p_tope", "un solo modo"),
    (
        "SELECT t.valor FROM polizas p JOIN p_tope t ON p.fecha_operacion >= t.desde AND p.fecha_operacion < t.hasta",
        "modo",
    ),
    (
        "SELECT t.valor FROM polizas p LEFT JOIN p_tope t "
        "ON p.fecha_operacion > t.desde AND p.fecha_operacion < t.hasta",
        "un solo modo",
    ),
    (
        "SELECT t.valor FROM polizas p LEFT JOIN p_tope t "
        "ON p.fecha_operacion >= t.desde AND p.fecha_registro < t.hasta",
        "un solo modo",
    ),
    ("SELECT p.total + 1 FROM polizas p", "AS"),
    ("SELECT p.total, p.total FROM polizas p", "mismo nombre"),
    ("SELECT p.total AS a FROM polizas p UNION ALL SELECT p.total AS b FROM polizas p", "mismas columnas"),
    ("SELECT CASE WHEN p.total > 0 THEN p.clase ELSE 'x' END AS resultado FROM polizas p", "literales"),
    ("SELECT poliza_id FROM polizas p JOIN movimientos m ON m.poliza_id = p.poliza_id", "ambigua"),
]


@pytest.mark.parametrize(("text", "says"), BOUND_HOSTILE)
def test_names_and_joins_that_are_not_the_rule_s_are_refused(text: str, says: str) -> None:
    with pytest.raises(SqlRefused, match=says):
        bind(parse(text), frozenset({"tope"}))


def test_a_result_is_followed_through_with() -> None:
    tree = parse(
        "WITH x AS (SELECT p.poliza_id, CASE WHEN p.total > 0 THEN 'si' ELSE 'no' END AS resultado FROM polizas p) "
        "SELECT x.poliza_id, x.resultado FROM x UNION ALL SELECT e.evidencia_id AS poliza_id, 'otro' AS resultado "
        "FROM evidencias e"
    )
    assert bind(tree, frozenset()).results == {"si", "no", "otro"}


def test_a_universe_may_add_scalar_counts_but_not_correlate_them() -> None:
    text = "SELECT (SELECT COUNT(*) FROM polizas) + (SELECT COUNT(*) FROM evidencias)"
    tree = parse(text, universe=True)
    bind(tree, frozenset(), universe=True)
    assert canonical(tree) == text
    wrong = "SELECT (SELECT COUNT(*) FROM evidencias e WHERE e.poliza_id = p.poliza_id) FROM polizas p"
    with pytest.raises(SqlRefused, match="anidan"):
        bind(parse(wrong, universe=True), frozenset(), universe=True)


def test_the_tables_of_every_rule_are_read_from_its_text_as_from_its_tree() -> None:
    texts = [text for rule in load_rules("mx") for text in (rule.query, rule.universe)]
    texts += [entry.sql for entry in DERIVED.values() if entry.sql]
    for text in texts:
        tree = sqlglot.parse_one(text, read="duckdb")
        assert tables_named(text) == {table.name for table in tree.find_all(sqlglot.exp.Table)}
