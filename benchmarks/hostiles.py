"""Open each hostile file as SIF opens it and print time, peak and outcome: `python benchmarks/hostiles.py` (minutes).

It writes benchmarks/hostiles.json, which `run.py` puts into docs/rendimiento.md. Cap it: `prlimit --as=6000000000`.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))

from config.settings import PAGINA_ESPERA_S
from sandbox import hostile
from sif.sandbox.client import Client, Late, _refusal
from sif.sandbox.opening import Limits, Wrong

TARGET = Path(__file__).with_name("hostiles.json")
BOOK = {"hoja": "polizas", "exacta": False, "columnas": 60}
STATEMENT: dict[str, Any] = {"mapa": None, "ayuda": None}
Maker = Callable[[], bytes]


def invoice_args(data: bytes) -> dict[str, Any]:
    """What the opener of invoices is told of one file."""
    return {"autoridades": [], "archivos": [["a", len(data)]], "completas": data[:2] == b"PK"}


# name, opener, its arguments (or how they come of the bytes), the file
FILES: tuple[tuple[str, str, Any, Maker], ...] = (
    ("PDF, 9 niveles de 10 dibujos", "pdf", {"pagina": 1}, hostile.nested_pdf),
    ("XLSX, 7.8 M de textos compartidos", "libro", BOOK, hostile.many_strings),
    ("XLSX, una celda de 7 M de tramos", "libro", BOOK, hostile.many_runs),
    ("XLSX de un banco, un texto compartido de 3 M de tramos", "banco_columnas", {}, hostile.many_shared_runs),
    ("XLSX, una celda de 60 MB", "libro", BOOK, hostile.long_cell),
    ("XLSX, 3 M de celdas combinadas", "libro", BOOK, hostile.many_merges),
    ("PNG, 13,300 por lado", "imagen", {}, hostile.large_png),
    ("XML, entidades anidadas", "cfdi", invoice_args, hostile.entities),
    ("XML, 3 M de niveles", "cfdi", invoice_args, hostile.deep),
    ("XML, 10 M de elementos vacíos", "cfdi", invoice_args, hostile.empties),
    ("XML, 400,000 atributos", "cfdi", invoice_args, hostile.attributes),
    ("XML, lo más ancho que se admite de un CFDI", "cfdi", invoice_args, hostile.wide_cfdi),
    ("ZIP, 2 GB de ceros", "cfdi", invoice_args, hostile.zeros_zip),
    ("ZIP, 400 CFDI de 8 MB de espacios", "cfdi", invoice_args, hostile.bomb_of_invoices),
    ("Balanza del SAT, 300,000 cuentas", "sat_filas", None, hostile.wide_accounting),
    ("OFX, 4.5 M de etiquetas vacías", "banco_estados", STATEMENT, hostile.many_tags_ofx),
    ("OFX, 250,000 movimientos", "banco_estados", STATEMENT, hostile.many_movements_ofx),
    ("CAMT, 3.9 M de elementos", "banco_estados", STATEMENT, hostile.many_entries_camt),
    ("CAMT, 3 M de niveles", "banco_estados", STATEMENT, hostile.deep_camt),
    ("CSV, comillas que no cierran", "banco_estados", STATEMENT, hostile.one_quote_csv),
)
_GROWN = frozenset({"libro", "cfdi", "sat_filas", "banco_estados", "banco_columnas"})  # their limits grow with the file
_ACCOUNTING = {"documento": {"clase": "balanza", "version": "1.3", "rfc": "PAM140101AB1", "anio": 2024, "mes": 1}}


Seen = tuple[float, float, float, str]
"""Seconds of wall clock, seconds of processor, MiB at the peak, and how it ended."""


def limits_of(op: str, data: bytes) -> Limits:
    """What the file may take: the clock of a busy machine, and all else of every day."""
    return replace(Limits().grown(len(data)) if op in _GROWN else Limits(), wall=900)


def held_by_page(client: Client, op: str, args: Mapping[str, Any], data: bytes) -> float:
    """Seconds that a page is held by a file that nobody opened before, kept or opened."""
    began = time.perf_counter()
    with suppress(Late, Wrong):
        client.ask(op, data, args, limits_of(op, data), PAGINA_ESPERA_S)
    return time.perf_counter() - began


def outcome_of(client: Client, op: str, args: Mapping[str, Any], data: bytes) -> Seen:
    """Open a file once, whatever verdict was kept of it."""
    limits = limits_of(op, data)
    spent = children_of(client)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        opened = client._exchange(op, file.fileno(), args, limits)
    ended = opened.outcome
    code = ended.motivo
    if code == "rechazado":
        code = _refusal(opened).problems[0].codigo
    said = b"" if code else opened.data()
    if op == "cfdi" and said:
        code = json.loads(said.splitlines()[-1])["problemas"][0]["codigo"]
    told = f"negado: {code}" if code else f"leído, {len(said):,} bytes"
    return ended.segundos, children_of(client) - spent, ended.pico / 1024, told


def children_of(client: Client) -> float:
    """Seconds of processor of the children that the server has buried."""
    assert client._own is not None
    fields = Path(f"/proc/{client._own.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def calamine(data: bytes) -> Seen:
    """The same of a workbook read by python-calamine, which SIF does not use, under the same two limits."""
    read, write = os.pipe()
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        limits = Limits().grown(len(data))
        resource.setrlimit(resource.RLIMIT_AS, (limits.mib << 20, limits.mib << 20))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
        os.write(write, _calamine_rows(data).encode())
        os._exit(0)
    os.close(write)
    _pid, status, usage = os.wait4(pid, 0)
    said = os.read(read, 200).decode()
    os.close(read)
    ended = f"señal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else said
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, ended


def _calamine_rows(data: bytes) -> str:
    import io

    from python_calamine import CalamineError, load_workbook

    try:
        rows = load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        longest = max((len(str(cell)) for row in rows for cell in row), default=0)
        return f"leído, {len(rows)} filas, la celda mayor de {longest:,} letras"
    except (CalamineError, MemoryError, OSError) as error:
        return f"negado: {type(error).__name__}"


def main() -> int:
    """Open every file once and write what was seen."""
    from run import machine

    from config.settings import ABRIDORES

    modules = [name for names in ABRIDORES.values() for name in names]
    rows: list[list[Any]] = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        client = Client(Path(folder), modules)
        client.ask("sonda", b"x", {}, Limits())
        for name, op, args, make in FILES:
            data = make()
            told = _ACCOUNTING if op == "sat_filas" else args(data) if callable(args) else args
            with suppress(Wrong):
                client.ask(op, b"x", told, Limits())  # what its openers load before their first file
            held = held_by_page(client, op, told, data)
            rows.append([name, len(data), held, *outcome_of(client, op, told, data)])
            print(*rows[-1], sep=" | ", flush=True)
            if op == "libro":
                rows.append([f"{name}, con calamine", len(data), None, *calamine(data)])
                print(*rows[-1], sep=" | ", flush=True)
            del data
        client.close()
    seen = {
        "maquina": machine(),
        "carga": f"{load:.1f} al empezar y {os.getloadavg()[0]:.1f} al terminar",
        "fecha": date.today().isoformat(),  # noqa: DTZ011
        "archivos": rows,
    }
    TARGET.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
