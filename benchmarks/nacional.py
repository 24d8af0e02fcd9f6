"""A million pólizas put in PostgreSQL by SQL alone, as its owner, to measure how they come out."""

import os
from typing import Any

import psycopg

POLIZAS = """
INSERT INTO books_poliza (id, contabilidad_id, periodo_id, tipo, subtipo, numero, clase, fecha_operacion, registrada_el,
  registrada_por_id, concepto, total, eslabon, huella)
SELECT {base} + n, (%(libros)s::bigint[])[1 + n %% %(cuantos)s], %(periodo)s, 'normal', 'DR', 10000000 + {first} + n,
  'ordinaria', %(dia)s::date + (n %% 18), %(dia)s::date + (n %% 18) + (CASE WHEN n %% 500 = 0 THEN 9 ELSE 1 END)
  * interval '1 day', %(quien)s, 'Compra de volantes ' || n, 200000 + n, 10000000 + {first} + n, '\\x00'
FROM generate_series(0, {count} - 1) n"""
LINES = """
INSERT INTO books_movimiento (id, poliza_id, contabilidad_id, linea, cuenta_id, concepto, cargo, abono, auxiliar_tipo,
  auxiliar_id)
SELECT ({base} + n) * 4 + k, {base} + n, (%(libros)s::bigint[])[1 + n %% %(cuantos)s], k + 1,
  (ARRAY['5-5-01-03-0000', '2-1-01-01-0000', '2-1-01-01-0000', '1-1-02-00-0000'])[k + 1], 'Tiro',
  CASE WHEN k IN (0, 2) THEN 100000 + n / 2 ELSE 0 END, CASE WHEN k IN (1, 3) THEN 100000 + n / 2 ELSE 0 END,
  'proveedor', %(proveedor)s
FROM generate_series(0, {count} - 1) n, generate_series(0, 3) k"""
FILES = """
INSERT INTO books_archivo (sha256, bytes, tipo, guardado_el)
SELECT lpad(to_hex(n), 64, '0'), 1, 'application/pdf', now() FROM generate_series({base} * 2, ({base} + {count}) * 2) n
ON CONFLICT DO NOTHING"""
EVIDENCE = """
INSERT INTO books_evidencia (id, poliza_id, contabilidad_id, clase_id, archivo_id, nombre, cargada_el, cargada_por_id)
SELECT ({base} + n) * 2 + k, {base} + n, (%(libros)s::bigint[])[1 + n %% %(cuantos)s],
  (ARRAY['muestra', 'pdf'])[k + 1],
  lpad(to_hex(({base} + n - CASE WHEN n %% 5000 = 4999 THEN 1 ELSE 0 END) * 2 + k), 64, '0'), 'x.pdf', now(), %(quien)s
FROM generate_series(0, {count} - 1) n, generate_series(0, 1) k"""
FIRST = 50_000_000


def fill_fast(made: Any, first: int, count: int) -> None:
    """So many pólizas of four lines and two evidences among the books of a campaign, numbered from `first`; one in
    500 is late and one in 5,000 carries a file that another carries."""
    books = [row.pk for row in (*made.libros, made.grande)]
    values = {
        "libros": books,
        "cuantos": len(books),
        "periodo": made.etapa.periodos.get(numero=1).pk,
        "dia": made.first_day,
        "quien": made.alicia.pk,
        "proveedor": made.proveedores[0].pk,
    }
    places = {"base": FIRST + first, "first": first, "count": count}
    tables = ("books_poliza", "books_movimiento", "books_archivo", "books_evidencia")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY")
            _drop_references(owner, table)
        for text in (POLIZAS, LINES, FILES, EVIDENCE):
            owner.execute(text.format(**places), values)
        for table in tables:
            walls = "" if table == "books_archivo" else ", ENABLE ROW LEVEL SECURITY"
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER{walls}")
        owner.execute("ANALYZE")


def _drop_references(owner: psycopg.Connection[Any], table: str) -> None:
    """The rows are right by construction and the database is thrown away: look-ups are not what is measured."""
    names = owner.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass", [table]
    ).fetchall()
    for (name,) in names:
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
