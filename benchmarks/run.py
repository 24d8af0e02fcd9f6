"""Measures what the project promises and writes it down: medians of several runs, in JSON and as a page."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def measure(times: int, work: Callable[[], int]) -> float:
    """Median of units of work a second, over several runs."""
    rates = []
    for _ in range(times):
        began = time.perf_counter()
        units = work()
        rates.append(units / (time.perf_counter() - began))
    return statistics.median(rates)


def cfdi_rates() -> dict[str, float]:
    """Invoices written and read a second, one core, in memory: parse, seal, certificate and complement."""
    from sif.cfdi import read, trust
    from sif.cfdi.document import ComplementoIne, EntidadIne
    from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
    from sif.demo.keys import Names
    from sif.signing.minting import mint_authority, mint_csd
    from sif.values import Money

    authority = mint_authority()
    name, rfc = Names(Random(1)).company()  # noqa: S311 - invented names
    seal = Sealer.open(*mint_csd(authority, rfc, "", name, date(2025, 1, 1), date(2030, 1, 1)))
    ine = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("MEX", "Local", (41201,)),))

    def invoice(number: int) -> bytes:
        factura = Factura(
            uuid=f"AAAAAAAA-0000-4000-8000-{number:012X}", serie="A", folio=str(number),
            fecha=datetime(2026, 4, 10, 12, tzinfo=UTC), emisor=Contribuyente(rfc, name),
            receptor=Contribuyente(rfc, name, "603"),
            lineas=(Linea("Playera", 1000, Money(1_000_00 + number), "53101800"),), ine=ine,
        )  # fmt: skip
        return build_cfdi(factura, seal, seal)

    files = [invoice(number) for number in range(1000)]
    believed = trust((authority.authority,))

    def write() -> int:
        for number in range(300):
            invoice(number)
        return 300

    def take() -> int:
        for data in files:
            if read(data, "x.xml", believed).sello != "valido":
                raise AssertionError("una factura sellada aquí no se verificó")
        return len(files)

    return {"cfdi_escritos_por_s": measure(RUNS, write), "cfdi_leidos_y_verificados_por_s": measure(RUNS, take)}


def rule_rates() -> dict[str, float]:
    """Seconds to read and prove the whole rulebook."""
    from sif.audit.cases import check_rule
    from sif.rulebook.reading import load_rules, rule_paths

    began = time.perf_counter()
    count = len(load_rules())
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    for path in rule_paths("mx"):
        if check_rule(path):
            raise AssertionError(f"{path.stem} no pasa sus casos")
    return {"reglas": float(count), "leer_reglas_s": read_s, "probar_reglas_s": time.perf_counter() - began}


def demo_seconds(folder: Path) -> dict[str, float]:
    """Seconds of the whole demonstration in a new folder, as a person runs it, without the server."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
    environment["SIF_DATOS"] = str(folder / "demo")
    began = time.perf_counter()
    command = [str(Path(sys.executable).parent / "sif"), "demo", "--sin-servidor", "--json"]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE)
    return {"demo_completa_s": time.perf_counter() - began}


def machine() -> str:
    """What machine this is, in a line."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _cpuinfo() if line.startswith("model name")), platform.processor()
    )
    return f"{os.cpu_count()} núcleos, {model}, {platform.system()}, Python {platform.python_version()}"


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write(results: dict[str, Any]) -> None:
    """The results, as JSON with stable names and as a page."""
    target = ROOT / "benchmarks" / "resultados.json"
    target.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    rows = "\n".join(f"| `{name}` | {value:,.2f} |" for name, value in results["medidas"].items())
    page = (
        "# Rendimiento\n\nLo escribe `make bench`. Medianas; el nombre de cada medida dice su unidad.\n\n"
        f"Máquina: {results['maquina']}. Fecha: {results['fecha']}.\n\n| medida | valor |\n|---|---:|\n{rows}\n"
    )
    (ROOT / "docs" / "rendimiento.md").write_text(page, encoding="utf-8")
    print(page)


def main() -> int:
    """Measure everything; about two minutes."""
    with tempfile.TemporaryDirectory() as folder:
        measures = {**cfdi_rates(), **rule_rates(), **demo_seconds(Path(folder))}
    write({"maquina": machine(), "fecha": date.today().isoformat(), "medidas": measures})  # noqa: DTZ011
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
