"""Measures the audit of a national process; prints JSON: `python benchmarks/auditoria.py` (about half an hour).

SIF_BENCH_MILLONES says the sizes in millions of pólizas (1,3,10 when it is not there), and SIF_BENCH_PROCESOS a folder
where processes already invented are (proceso_10), to measure their audit alone.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns
import nacional
import peers_sql

SIF = Path(sys.executable).parent / "sif"
MILLIONS = [float(text) for text in os.environ.get("SIF_BENCH_MILLONES", "1,3,10").split(",")]
COMMON = int(os.environ.get("SIF_BENCH_JUNTOS", "1000000"))  # pólizas on which every engine is asked the same
FROZEN = int(os.environ.get("SIF_BENCH_CONGELADAS", "1000000"))
CHECKED = 20_000
Measures = dict[str, float]


def child(*arguments: str) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and output of a command of its own."""
    began = time.perf_counter()
    with subprocess.Popen([str(SIF), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        said = running.stdout.read()
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise AssertionError(f"sif {' '.join(arguments)} salió con {running.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024, said.decode()


def national(folder: Path, millions: float) -> Measures:
    """A process of that size invented, unless it is there, then every rule over it; the key must come out exact."""
    size = f"{millions:g}".replace(".", "_")
    process = Path(os.environ.get("SIF_BENCH_PROCESOS", folder)) / f"proceso_{size}"
    measures: Measures = {}
    was_there = process.exists()
    if not was_there:
        measures[f"simular_{size}m_s"], measures[f"simular_{size}m_memoria_mb"], _ = child(
            "simular",
            "--contabilidades",
            str(max(400, int(4_000 * millions))),
            "--polizas",
            str(int(millions * 1_000_000)),
            "--semilla",
            "1",
            "--salida",
            str(process),
            "--json",
        )
    before = os.times()
    _, memory, said = child("auditar", "--instantanea", str(process), "--clave", "--json", "--memoria", "5")
    used = os.times()
    told = json.loads(said)
    wrong = [row["id"] for row in told["reglas"] if row["falsas"] or row["plantadas"] != row["encontradas"]]
    if wrong:
        raise AssertionError(f"la clave no sale exacta en {wrong}")
    if not was_there:
        shutil.rmtree(process)
    cpu = used.children_user + used.children_system - before.children_user - before.children_system
    return measures | {
        f"auditar_{size}m_s": told["segundos"],
        f"auditar_{size}m_procesador_s": cpu,
        f"auditar_{size}m_memoria_mb": memory,
        f"auditar_{size}m_reglas": float(len(told["reglas"])),
        f"auditar_{size}m_renglones": float(sum(row["examinadas"] for row in told["reglas"])),
    }


class Watch:
    """The most memory this process holds while something is done, in MB, looked at every twentieth of a second."""

    def __enter__(self) -> "Watch":
        self.most, self._end = 0.0, threading.Event()
        self._looker = threading.Thread(target=self._look, daemon=True)
        self._looker.start()
        return self

    def _look(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._end.wait(0.05):
            resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * page
            self.most = max(self.most, resident / 2**20)

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._looker.join()


def frozen(made: campaigns.Campaign) -> Measures:
    """A million pólizas of four lines and two evidences frozen from PostgreSQL, then some more; a hallazgo repeated."""
    from sif.audit import services
    from sif.audit.models import Hallazgo
    from sif.audit.replay import repeat
    from sif.registry import clock
    from sif.registry.scope import WHOEVER_SIGNS, everything
    from sif.rulebook import load_rules

    nacional.fill_fast(made, 0, FROZEN)
    with everything(WHOEVER_SIGNS), Watch() as whole:
        began = time.perf_counter()
        snapshot = services.freeze(made.etapa, clock.today())
        first_s = time.perf_counter() - began
    nacional.fill_fast(made, FROZEN, FROZEN // 100)
    with everything(WHOEVER_SIGNS):
        began = time.perf_counter()
        snapshot = services.freeze(made.etapa, clock.today())
        again_s = time.perf_counter() - began
        rules = [rule for rule in load_rules("mx") if rule.id in ("RE001", "EV003")]
        services.run(snapshot, rules)
        found = Hallazgo.objects.filter(estado="hallazgo")
        taken = []
        for hallazgo in [*found.filter(regla="RE001")[:3], *found.filter(regla="EV003")[:3]]:
            began = time.perf_counter()
            if not repeat(hallazgo).is_same:
                raise AssertionError(f"{hallazgo.regla} no se repite igual")
            taken.append(time.perf_counter() - began)
    return {
        "congelar_1m_s": first_s * 1_000_000 / FROZEN,
        "congelar_1m_memoria_mb": whole.most,
        "congelar_lo_nuevo_1m_s": again_s,
        "repetir_hallazgo_1m_mediana_s": statistics.median(taken),
        "repetir_hallazgo_1m_peor_s": max(taken),
    }


def captured(made: campaigns.Campaign) -> Measures:
    """Pólizas of four lines checked as at capture, one core, in memory, every problem told; half of them have some."""
    from dataclasses import replace

    from sif.books.services.posting_checks import Desk, learn, review
    from sif.registry import clock
    from sif.values import Money

    sound = list(campaigns.items_of(made, made.grande, campaigns.rows_of(made, made.grande, 5_000_000, CHECKED // 2)))
    faulty = [
        (
            replace(
                p,
                fecha_operacion=p.fecha_operacion.replace(year=2031),
                concepto="x" * 501,
                lineas=(replace(p.lineas[0], cargo=Money(1)), *p.lineas[1:]),
            ),
            support,
        )
        for p, support in sound
    ]
    desk = Desk(made.grande, made.alicia, clock.now())
    items = [item for pair in zip(sound, faulty, strict=True) for item in pair]
    learn(desk.known, items)
    rates = []
    for _ in range(5):
        began = time.process_time()
        problems = [review(desk, poliza, support) for poliza, support in items]
        rates.append(len(items) / (time.process_time() - began))
        if any(problems[::2]) or not all(len(told) >= 3 for told in problems[1::2]):
            raise AssertionError("la revisión de captura no dice lo que debe")
    return {"revisar_poliza_al_capturar_por_s": statistics.median(rates)}


def main() -> None:
    """Everything, in a folder that is thrown away."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measures: Measures = {"auditoria_carga_de_la_maquina": load}
        for millions in MILLIONS:
            measures |= national(folder, millions)
        campaigns.connect(folder)
        from sif.registry.scope import WHOEVER_SIGNS, everything

        with everything(WHOEVER_SIGNS):
            made = campaigns.make_campaign()
            measures |= captured(made)
        measures |= frozen(made)
        measures |= peers_sql.compared(folder, COMMON)
    measures["auditoria_memoria_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(measures))


if __name__ == "__main__":
    main()
