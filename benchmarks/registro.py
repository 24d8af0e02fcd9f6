"""Measures `sif verificar` and a cut over a million pólizas; prints JSON: `python benchmarks/registro.py [FOLDER]`.

The rows are written by SQL with the guards lifted, chained and with the leaves that the guards would have written. A
folder that is given is kept, and not filled again: measuring twice costs one filling.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns

POLIZAS = int(os.environ.get("SIF_BENCH_POLIZAS", "1000000"))
FILES = 200
Measures = dict[str, float]

FILL = """
CREATE TEMP TABLE libro AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS k FROM registry_contabilidad LIMIT 120;
CREATE TEMP TABLE nueva AS SELECT n AS id, 'normal'::varchar AS tipo, 'DR'::varchar AS subtipo,
    (n - 1) / 120 + 1 AS numero, 'captura'::varchar AS clase, current_date - 3 AS fecha_operacion,
    now() AS registrada_el,
    'Compra de volantes ' || n AS concepto, 100000 + n AS total, ((n - 1) / 120 + 1)::int AS eslabon,
    l.id AS contabilidad_id,
    (SELECT min(id) FROM registry_periodo) AS periodo_id, (SELECT min(id) FROM registry_usuario) AS registrada_por_id,
    NULL::bigint AS revierte_a_id
    FROM generate_series(1, {polizas}) n JOIN libro l ON l.k = (n - 1) % 120;
INSERT INTO books_movimiento (linea, concepto, cargo, abono, auxiliar_tipo, auxiliar_id, contabilidad_id, cuenta_id,
        poliza_id)
    SELECT s, 'Tiro ' || s, CASE WHEN s % 2 = 1 THEN total ELSE 0 END,
        CASE WHEN s % 2 = 0 THEN total ELSE 0 END, '', NULL,
        contabilidad_id, CASE s WHEN 1 THEN '5-5-01-03-0000' WHEN 4 THEN '1-1-02-00-0000' ELSE '2-1-01-01-0000' END, id
    FROM nueva CROSS JOIN generate_series(1, 4) s ORDER BY id, s;
INSERT INTO books_pago (medio, fecha, monto, contabilidad_id, proveedor_id, poliza_id)
    SELECT 'transferencia', fecha_operacion, total, contabilidad_id, (SELECT min(id) FROM registry_proveedor), id
    FROM nueva ORDER BY id;
INSERT INTO books_evidencia (nombre, cargada_el, archivo_id, cargada_por_id, clase_id, contabilidad_id, poliza_id)
    SELECT 'factura-' || id || '.pdf', registrada_el, (SELECT array_agg(sha256) FROM books_archivo)[id % {files} + 1],
        registrada_por_id, (SELECT min(clave) FROM books_claseevidencia), contabilidad_id, id
    FROM nueva CROSS JOIN generate_series(1, 2) s WHERE s = 1 OR id % 5 < 3 ORDER BY id, s;
ANALYZE books_movimiento; ANALYZE books_pago;
CREATE TEMP TABLE contenido AS SELECT p.id, p.contabilidad_id, p.eslabon, {content} AS dice FROM nueva p;
CREATE TEMP TABLE enlace (id bigint, anterior bytea, huella bytea);
DO $$ DECLARE r record; antes bytea; libro bigint := 0; ahora bytea; BEGIN
    FOR r IN SELECT * FROM contenido ORDER BY contabilidad_id, eslabon LOOP
        IF r.contabilidad_id <> libro THEN antes := NULL; libro := r.contabilidad_id; END IF;
        ahora := sha256(CASE WHEN antes IS NULL THEN '\\x00'::bytea ELSE '\\x01'::bytea || antes END || r.dice);
        INSERT INTO enlace VALUES (r.id, antes, ahora);
        antes := ahora;
    END LOOP; END $$;
INSERT INTO books_poliza (id, tipo, subtipo, numero, clase, fecha_operacion, registrada_el, concepto, total, eslabon,
    huella_anterior, huella, contabilidad_id, periodo_id, registrada_por_id, revierte_a_id, formato)
    OVERRIDING SYSTEM VALUE
    SELECT n.id, tipo, subtipo, numero, clase, fecha_operacion, registrada_el, concepto, total, eslabon,
        e.anterior, e.huella, contabilidad_id, periodo_id, registrada_por_id, revierte_a_id, 2
    FROM nueva n JOIN enlace e ON e.id = n.id ORDER BY n.id;
SET timezone = 'UTC'; SET bytea_output = 'hex';
INSERT INTO registry_hoja (tabla, fila, contabilidad_id, huella)
    SELECT 'books_poliza', x.j ->> 'id', (x.j ->> 'contabilidad_id')::bigint, {digest}
    FROM books_poliza n CROSS JOIN LATERAL (SELECT to_jsonb(n.*) || {lines} AS j OFFSET 0) x ORDER BY n.id;
"""


def fill(admin: str) -> None:
    """Write the pólizas, their lines, payments and evidence, and the leaves of what has them."""
    import psycopg

    from sif.books.content import CONTENT, LINES, SUPPORT
    from sif.books.services import store_file
    from sif.registry.protection import digest_of_row, record

    for n in range(FILES):
        store_file(f"%PDF-1.4 evidencia {n}".encode())
    with psycopg.connect(admin, autocommit=True) as database:
        database.execute("SET session_replication_role = replica; SET work_mem = '256MB'; SET synchronous_commit = off")
        digest = digest_of_row("'books_poliza'", "'books_poliza'::regclass", "x.j")
        written = {"content": CONTENT, "digest": digest, "lines": f"{LINES} || {SUPPORT}".format(row="n")}
        database.execute(FILL.format(polizas=POLIZAS, files=FILES, **written))
        with database.transaction():
            database.execute(record("books_evidencia"))
        database.execute("VACUUM ANALYZE")


def verify(folder: Path, *more: str) -> tuple[dict[str, Any], float]:
    """What `sif verificar --json` said, run as a person runs it, and the most memory of its process, in MB."""
    command = [sys.executable, "-m", "sif.commands.main", "verificar", "--json", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "SIF_DATOS": str(folder)})
    most = [0.0]
    thread = threading.Thread(target=_watch, args=(process, most))
    thread.start()
    out, _ = process.communicate()
    thread.join()
    said: dict[str, Any] = json.loads(out)
    return said, most[0] / 1024


def _watch(process: "subprocess.Popen[bytes]", most: list[float]) -> None:
    while process.poll() is None:
        try:
            lines = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii").splitlines()
        except OSError:
            return
        most[0] = max([most[0], *(float(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
        time.sleep(0.2)


def measures(folder: Path) -> Measures:
    """Fill unless it is filled, cut, verify with the roots of that cut."""
    campaigns.connect(folder)
    import psycopg

    from sif.books.models import Poliza
    from sif.filing.cuts import make_cut
    from sif.registry.scope import WHOEVER_SIGNS, everything

    admin = psycopg.conninfo.make_conninfo(os.environ["DATABASE_OWNER_URL"], user="postgres")
    with everything(WHOEVER_SIGNS):
        if not Poliza.objects.exists():
            campaigns.make_campaign()
            fill(admin)
        began = time.perf_counter()
        cut = make_cut()
        cut_s = time.perf_counter() - began
    roots = folder / "raices.json"
    roots.write_text(cut.raices, encoding="utf-8")
    said, memory = verify(folder, "--raices", str(roots))
    if not said["integro"]:
        raise AssertionError(f"lo que se escribió no está íntegro: {said['alterados'][:5]}")
    return {
        "verificar_carga_de_la_maquina": round(os.getloadavg()[0], 2),
        "verificar_polizas": POLIZAS,
        "verificar_registros": said["registros"],
        "verificar_s": said["segundos"],
        "verificar_memoria_mb": round(memory, 1),
        "corte_s": round(cut_s, 1),
    }


def main() -> int:
    """Measure in a folder given, or in one that goes."""
    if len(sys.argv) > 1:
        print(json.dumps(measures(Path(sys.argv[1]).resolve())))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measures(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
