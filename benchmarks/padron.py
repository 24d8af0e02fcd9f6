"""Measure 40,000 candidacies loaded from a file with their caps, and the pages of who administers over them.

`python benchmarks/padron.py [FOLDER]` prints JSON: seconds and peak memory of the preview and of the load that its job
runs, how many times it told its progress, and milliseconds (median, p95) of each page. The job may take 600 seconds and
1 GB; a page, 300 milliseconds. A folder that is given is kept, and its file not loaded again.
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from campaign import NOBODY, connect
from paginas import client_of

ROWS, PARTIES, TIMES = int(os.environ.get("SIF_BENCH_CANDIDATURAS", "40000")), 20, 15
MOST_SECONDS, MOST_MIB, MOST_MILLISECONDS = 600, 1024, 300
ADMINISTRATOR, ACCORD, TOWNS = "administra", "IEEM/CG12/2024", 125
HEAD = "PARTIDO,CARGO,ENTIDAD,MUNICIPIO,FOLIO,NOMBRE,SEXO,TOPE"


def sheet() -> bytes:
    """Write a file of candidacies of one office in many towns, each with its cap."""
    rows = (
        f"Partido {n % PARTIES + 1},PRESIDENCIA MUNICIPAL,MEXICO,MUNICIPIO {n % TOWNS},F{n},"
        f"PERSONA NUMERO {n},{'MUJER' if n % 2 else 'HOMBRE'},{100_000 + n}.50"
        for n in range(ROWS)
    )
    return "\n".join([HEAD, *rows]).encode()


def prepare() -> Any:
    """Register a local campaign whose first reports are owed already, its parties and who administers; its stage."""
    from sif.registry import clock, services
    from sif.registry.models import Etapa, Nombramiento
    from sif.registry.scope import WHOEVER_SIGNS, everything

    today = clock.today()
    if there := Etapa.objects.select_related("proceso").first():
        return there
    with everything(WHOEVER_SIGNS, acts=True):
        proceso = services.create_proceso(
            clave="PEL-BANCO",
            nombre="Medición",
            ambito="local",
            entidad="MEX",
            anio=today.year,
            jornada_el=today + timedelta(days=18),
        )
        etapa = services.create_etapa(proceso, "campana", today - timedelta(days=45), today + timedelta(days=14))
        services.open_periods(etapa)
        for n in range(1, PARTIES + 1):
            services.register_sujeto("partido", f"{n}", f"P{n}", f"Partido {n}")
        one = services.create_usuario(ADMINISTRATOR, "Administra", "", password_hash=NOBODY, rfc="AUDA800101AC1")
        services.appoint(one, Nombramiento.Rol.ADMINISTRADOR)
    return etapa


def peak() -> int:
    """Return the peak memory of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def load(etapa: Any) -> dict[str, float]:
    """Look at the file and load it, as the page and its job do."""
    from sif.registry.loading import load_file, preview
    from sif.registry.models import Usuario
    from sif.registry.naming import say_names
    from sif.registry.scope import everything

    data, by, told = sheet(), Usuario.objects.get(username=ADMINISTRATOR), count()
    with everything(by.pk):
        began = time.perf_counter()
        seen = preview(data, etapa)
        looked, memory = time.perf_counter() - began, peak()
        say_names({name.clave: name.sujeto for name in seen.nombres if name.sujeto}, by)
        began = time.perf_counter()
        report = load_file(data, etapa, ACCORD, by, lambda _n: next(told) and None)
        loaded = time.perf_counter() - began
    if report.buenas != ROWS or report.malas:
        raise AssertionError(f"entraron {report.buenas} y se rechazaron {report.malas}: {report.problemas[:3]}")
    return {
        "revisar_s": round(looked, 1),
        "revisar_mib": memory,
        "cargar_s": round(loaded, 1),
        "cargar_mib": peak(),
        "avances": next(told),
    }


def pages(etapa: Any) -> dict[str, dict[str, float]]:
    """Ask each page of the padrón several times, warm."""
    from django.urls import reverse

    from sif.registry.models import Candidatura, SujetoObligado

    last = Candidatura.objects.order_by("-pk").first()
    party = SujetoObligado.objects.get(siglas="P1")
    assert last is not None
    listed, subjects = reverse("administration:candidaturas"), reverse("administration:sujetos")
    asked = {
        "hoy": reverse("administration:home"),
        "procesos": reverse("administration:procesos"),
        "proceso": reverse("administration:proceso", args=[etapa.proceso_id]),
        "candidaturas": listed,
        "candidaturas, página 700": f"{listed}?pagina=700",
        "candidaturas, por tope": f"{listed}?orden=-tope",
        "candidaturas, por lugar": f"{listed}?orden=cargo",
        "candidaturas, de un sujeto": f"{listed}?sujeto={party.pk}",
        "candidaturas, una palabra": f"{listed}?q=NUMERO+3999",
        "candidatura": reverse("administration:candidatura", args=[last.pk]),
        "terminar": reverse("administration:candidatura_fin", args=[last.pk]),
        "candidatura nueva": reverse("administration:candidatura_nueva"),
        "sujetos": subjects,
        "sujeto": reverse("administration:sujeto", args=[party.pk]),
        "topes": reverse("administration:topes"),
    }
    client = client_of(ADMINISTRATOR)
    found = {}
    for name, url in asked.items():
        spent = []
        for _ in range(TIMES):
            began = time.perf_counter()
            answer = client.get(url)
            spent.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise AssertionError(f"{name} respondió {answer.status_code}")
        spent.sort()
        found[name] = {"mediana_ms": round(statistics.median(spent)), "p95_ms": round(spent[int(TIMES * 0.95) - 1])}
    return found


def measured(folder: Path) -> dict[str, Any]:
    """Load, ask, and say what exceeds its bound."""
    connect(folder)
    from sif.registry.models import Contabilidad
    from sif.registry.scope import everything

    etapa = prepare()
    done: dict[str, Any] = {} if Contabilidad.objects.exists() else {"carga": load(etapa)}
    with everything():
        done["contabilidades"] = Contabilidad.objects.count()
    done["paginas"] = pages(etapa)
    took = done.get("carga", {})
    over = [name for name, each in done["paginas"].items() if each["p95_ms"] > MOST_MILLISECONDS]
    over += ["cargar"] if took.get("cargar_s", 0) > MOST_SECONDS or took.get("cargar_mib", 0) > MOST_MIB else []
    return {**done, "carga_del_equipo": os.getloadavg()[0], "exceden": over}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        made = measured(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as thrown:
            made = measured(Path(thrown))
    sys.stdout.write(json.dumps(made, ensure_ascii=False, indent=1) + "\n")
