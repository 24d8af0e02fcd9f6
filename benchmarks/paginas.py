"""Every page of every desk over one installation with much data: queries, median and p95, warm.

10,000 pólizas in one contabilidad and 100,000 more, 100,000 contributions, 300,000 hallazgos, 120 contabilidades.
`python benchmarks/paginas.py FOLDER [NAME …]` fills an installation in FOLDER the first time and prints the pages
named, or all of them; the next time it finds FOLDER filled. Without FOLDER it fills one to be thrown away and prints
the worst. All of them are kept in `paginas.json`. Filling took six minutes on a busy machine of two cores. The database
is asked as the server of pages asks it, with one process (ADR 0297). SIF_MEDIDA_PARTE=5 fills a fifth of each size,
and SIF_MEDIDA_VECES=11 asks each page eleven times.
The pages are those that each person reaches by links from the first page of each desk, one address of each name, and
those of `pages.PAGES` and `pages_audit.addresses`, as people narrow and order them.
"""

import json
import os
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import campaign as campaigns
import pages
import pages_audit
from run import machine

ADMINISTRATOR = "administra"
DESKS = {
    "partido": ("responsable1", ("party:home",)),
    "auditoría": ("auditora1", ("auditor:home",)),
    "consejo": ("auditora1", ("council:home",)),
    "administración": (ADMINISTRATOR, ("administration:home", "personas")),
    "público": ("", ("public:home",)),
}
"""Who looks at each desk, and where they begin."""
OTHERS = ("muestras", "muestras_publico")
"""Sheets of the pieces, which are of no desk."""
MOST, TRIES = 600, 3  # addresses that a walk asks at most, and of each name while none of them is a page
FILES = frozenset(f"auditor:{name}" for name in pages_audit.NOT_MEASURED)  # whole lists as files take minutes
MILLISECONDS, OF_A_POLIZA = 300, 150


def installed(folder: Path) -> None:
    """Open the installation of a folder, filled the first time."""
    pages_audit.installed(folder)
    from django.db import connections

    from sif.web.warmup import keep_to_one_process

    keep_to_one_process()  # as the server of pages asks the database
    connections["default"].close()
    from sif.registry import services
    from sif.registry.models import Nombramiento, Usuario
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS, acts=True):
        if not Usuario.objects.filter(username=ADMINISTRATOR).exists():
            one = services.create_usuario(
                ADMINISTRATOR, "Administra", "", password_hash=campaigns.NOBODY, rfc="AUDA800101AC1"
            )
            services.appoint(one, Nombramiento.Rol.ADMINISTRADOR)


def client_of(username: str) -> Any:
    """Return a client with a session of a person; of nobody for the public."""
    from django.conf import settings
    from django.test import Client

    from sif.registry.models import Usuario
    from sif.registry.scope import WHOEVER_SIGNS, everything

    client = Client(headers={"accept-language": "es-MX"})
    if username:
        with everything(WHOEVER_SIGNS):
            person = Usuario.objects.get(username=username)
        client.cookies[settings.SESSION_COOKIE_NAME] = pages._session_of(client, person)
    return client


def name_of(address: str) -> str:
    """Return the name under which an address of ours resolves; '' for another."""
    from django.urls import Resolver404, resolve

    if not address.startswith("/") or address.startswith("//"):
        return ""
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def leads_of(body: str) -> Iterator[str]:
    """Find the links of a page."""
    from lxml import html

    for link in html.fromstring(body).iter("a"):
        if "download" not in link.attrib:
            yield str(link.get("href", "")).partition("#")[0]


def walk(client: Any, begin: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Follow links from some pages: each name that answers a page, with the first address of it that did."""
    from django.urls import reverse

    waiting = deque(reverse(each) for each in begin)
    seen, tried = set[str](), Counter[str]()
    while waiting and tried.total() < MOST:
        address = waiting.popleft()
        name = name_of(address)
        if not name or name in seen or name in FILES or tried[name] == TRIES or "formato=" in address:
            continue
        tried[name] += 1
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", "") or answer.streaming:
            continue
        seen.add(name)
        yield name, address
        waiting.extend(leads_of(answer.text))


def addresses(desk: str, client: Any, begin: tuple[str, ...]) -> dict[str, str]:
    """Return each page of a desk by its name, and those that people narrow and order."""
    from django.urls import reverse

    found = {name: address for name, address in walk(client, begin) if name not in OTHERS}
    if desk == "partido":
        found |= {
            f"party:{words}": reverse(f"party:{words.partition(',')[0]}", args=pages._of(words.partition(",")[0]))
            + query
            for words, query in pages.PAGES.items()
        }
    if desk == "auditoría":
        found |= {
            f"auditor:{words}": address
            for words, address in pages_audit.addresses().items()
            if not words.startswith("consejo")
        }
    return found


def measured(chosen: list[str]) -> Iterator[tuple[str, str, int, float, float]]:
    """Measure the pages named, or all of them: desk, page, queries, median and p95."""
    for desk, (username, begin) in DESKS.items():
        client = client_of(username)
        for name, address in addresses(desk, client, begin).items():
            if not chosen or name in chosen:
                yield desk, name, *pages.measure(client, address)


def kept(rows: list[tuple[str, str, int, float, float]], load: float) -> dict[str, float]:
    """Keep the table beside this file, and return what `run.py` writes of it."""
    seen = {
        "maquina": machine(),
        "fecha": datetime.now(UTC).date().isoformat(),
        "carga": round(load, 1),
        "al_terminar": round(os.getloadavg()[0], 1),
        "parte": pages.PART,
        "veces": pages.TIMES,
        "paginas": [(desk, name, asked, round(half), round(high)) for desk, name, asked, half, high in rows],
    }
    target = Path(__file__).with_name("paginas.json")
    target.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    polizas = [high for _desk, name, _asked, _half, high in rows if name == "party:poliza"]
    return {
        "paginas_carga_de_la_maquina": load,
        "paginas": float(len(rows)),
        "paginas_peor_p95_ms": max(high for *_rest, high in rows),
        "paginas_de_300_ms_o_mas": float(sum(high >= MILLISECONDS for *_rest, high in rows)),
        "pagina_poliza_entre_11_mil_p95_ms": max(polizas),
    }


def main() -> int:
    """Measure the pages named, or all of them."""
    folder, chosen = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    with tempfile.TemporaryDirectory() as thrown:
        installed(Path(folder or thrown))
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        load, rows = os.getloadavg()[0], []
        if folder:
            print("| mesa | página | consultas | p50 ms | p95 ms |\n|---|---|---:|---:|---:|")
        for desk, name, asked, half, high in measured(chosen):
            rows.append((desk, name, asked, half, high))
            if folder:
                print(f"| {desk} | {name} | {asked} | {half:.0f} | {high:.0f} |", flush=True)
        worst = {} if chosen else kept(rows, load)
        if not folder:
            print(json.dumps(worst))
    return 0


if __name__ == "__main__":
    sys.exit(main())
