"""The desk of the authority whole: 40,000 candidacies loaded with caps, 100,000 users, a past process, every page.

`python benchmarks/mesa.py [FOLDER [WORD …]]` loads the file of candidacies as its job does, writes users, invitations,
events and mail beside them, loads the public file of 2,203 accounts as a past process and opens it, and asks each page
that who administers reaches by links, and those that people search, order and turn. It prints JSON: seconds and memory
of the loads, and of each page its queries, milliseconds (median, p95) and milliseconds of processor of the program and
of its connection to PostgreSQL, which other work on the machine does not move. A folder that is given is kept and not
loaded again; its pages are then those whose name holds a word, or all. SIF_BENCH_CANDIDATURAS=1000 loads a thousand and
writes the others without services, for the pages alone.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import padron
import pages
import paginas
import personas

CANDIDACIES, MESSAGES, OF_PROCESSOR = 40_000, 60_000, 5
HISTORY = Path(__file__).parents[1] / "tests/data/ine/portal-2021/PEFO_20-21_CAMPAÑA_G_RUBRO_210622.csv"
MOST_OF_HISTORY = 60
BEGIN = ("administration:home", "personas", "accesos", "trabajos:lista", "mis_nombramientos", "mi_correo")
OTHER_DESKS = ("party", "auditor", "council", "public")
ASKED = {
    "candidaturas, página 700": ("administration:candidaturas", "?pagina=700"),
    "candidaturas, por tope": ("administration:candidaturas", "?orden=-tope"),
    "candidaturas, por nombre": ("administration:candidaturas", "?orden=nombre"),
    "candidaturas, por lugar": ("administration:candidaturas", "?orden=cargo"),
    "candidaturas, una palabra": ("administration:candidaturas", "?q=NUMERO+3999"),
    "candidaturas, palabra que nadie tiene": ("administration:candidaturas", "?q=nadie"),
    "candidaturas, sin aprobación": ("administration:candidaturas", "?aprobacion=sin"),
    "sujetos, una palabra": ("administration:sujetos", "?q=sujeto+39"),
    "sujetos, por libros": ("administration:sujetos", "?orden=-libros"),
    "sujetos, partidos": ("administration:sujetos", "?tipo=partido"),
    "correos, página 900": ("administration:correos", "?pagina=900"),
    "correos, una palabra": ("administration:correos", "?q=persona59"),
    "correos, devueltos": ("administration:correos", "?estado=devuelto"),
    "correos, en espera": ("administration:correos", "?estado=en_cola"),
    "correos, invitaciones": ("administration:correos", "?clase=invitacion"),
    "accesos, más atrás": ("accesos", "?antes=9000"),
}


def fill_candidacies() -> None:
    """Write candidacies, with their people, books and caps, beside those that were loaded, until there are as many."""
    from sif.registry import clock
    from sif.registry.models import Candidatura, Contabilidad, Persona, TopeContabilidad

    there, now = Candidatura.objects.count(), clock.now()
    if there >= CANDIDACIES:
        return
    first = Candidatura.objects.select_related("etapa", "cargo").order_by("pk")[0]
    places = list(Candidatura.objects.values_list("territorio", flat=True).distinct().order_by("territorio"))
    subjects = list(Candidatura.objects.values_list("sujeto", flat=True).distinct().order_by("sujeto"))
    by = Contabilidad.objects.filter(topes__isnull=False)[0].topes.get().fijado_por
    lacking = range(there, CANDIDACIES)
    named = [Persona(nombre=f"PERSONA NUMERO {n}", **pages._first(n)) for n in lacking]
    pages._many(named)
    made = [
        Candidatura(
            etapa=first.etapa,
            folio=f"X{n}",
            persona=person,
            sujeto_id=subjects[n % len(subjects)],
            cargo=first.cargo,
            territorio_id=places[n % len(places)],
            aprobada_el=first.etapa.inicia_el,
        )
        for n, person in zip(lacking, named, strict=True)
    ]
    pages._many(made)
    number = max(Contabilidad.objects.values_list("pk", flat=True)) + 1
    books = [
        Contabilidad(
            pk=number + n,
            etapa=first.etapa,
            sujeto_id=each.sujeto_id,
            candidatura=each,
            clase="candidatura",
            habilitada_el=now,
        )
        for n, each in enumerate(made)
    ]
    pages._many(books)
    pages._many(
        TopeContabilidad(contabilidad=each, tope=10_000_000 + n, acuerdo=padron.ACCORD, fijado_el=now, fijado_por=by)
        for n, each in enumerate(books)
    )


def fill() -> None:
    """Write subjects, people, invitations, events and mail, as the superuser and without triggers."""
    from sif.mail.models import Carta, Intento, Mensaje
    from sif.registry import clock
    from sif.registry.models import Contabilidad

    fill_candidacies()
    books = list(Contabilidad.objects.order_by("pk").values_list("pk", flat=True))
    personas.fill_people(personas.fill_subjects(), books)
    now = clock.now()
    pages._many(
        Mensaje(
            identificador=f"{n:032x}",
            clase=("invitacion", "aviso", "recordatorio")[n % 3],
            para=f"persona{n}@ejemplo.mx",
            idioma="es",
            asunto=f"Asunto {n}",
            huella=f"{n:064x}",
            encolado_el=now - timedelta(seconds=MESSAGES - n),
            caduca_el=now + timedelta(days=3),
        )
        for n in range(MESSAGES)
    )
    sent = list(Mensaje.objects.order_by("pk").values_list("pk", flat=True))
    results = ("enviado",) * 40 + ("devuelto", "rechazado", "pospuesto")
    pages._many(
        Intento(mensaje_id=pk, resultado=results[n % len(results)], codigo=250, dicho="2.0.0 Ok", hecho_el=now)
        for n, pk in enumerate(sent[:-200])
    )
    pages._many(Carta(mensaje_id=pk, cuerpo="x", proximo_el=now) for pk in sent[-200:])


def history() -> dict[str, float]:
    """Load the public file of accounts as a past process and open its page, as who administers does."""
    from django.urls import reverse

    from sif.disclosure.history import load_history
    from sif.registry.models import Usuario
    from sif.registry.scope import everything

    by = Usuario.objects.get(username=padron.ADMINISTRATOR)
    client = paginas.client_of(padron.ADMINISTRATOR)
    began = time.perf_counter()
    with everything(by.pk):
        done = load_history(HISTORY.read_bytes(), HISTORY.name, by)
    loaded = time.perf_counter()
    answer = client.get(reverse("administration:historico", args=[done.carga.pk]))
    opened = time.perf_counter()
    if answer.status_code != 200:
        raise AssertionError(f"el proceso histórico respondió {answer.status_code}")
    return {
        "cuentas": len(done.hoja.cuentas),
        "cargar_s": round(loaded - began, 1),
        "cargar_y_abrir_s": round(opened - began, 1),
    }


def installed(folder: Path) -> dict[str, Any]:
    """Open the installation of a folder, filled the first time; return what its loads took."""
    from django.db import connection

    padron.connect(folder)
    from django.conf import settings

    from sif.registry.models import Contabilidad, Usuario
    from sif.registry.scope import everything

    settings.ALLOWED_HOSTS = ["*"]
    etapa, done = padron.prepare(), dict[str, Any]()
    with everything():
        loaded = Contabilidad.objects.exists()
    if not loaded:
        done["candidaturas"] = padron.load(etapa)
    if not Usuario.objects.filter(username=personas.HUGO).exists():
        with pages._as_superuser(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            fill()
            cursor.execute("VACUUM ANALYZE")
        done["historico"] = history()
    return done


def addresses(client: Any) -> Iterator[tuple[str, str]]:
    """Yield each page of the desk by its name, and those that people search, order and turn."""
    from django.urls import reverse

    for name, address in paginas.walk(client, BEGIN):
        if name.partition(":")[0] not in OTHER_DESKS:
            yield name, address
    for name, (page, query) in ASKED.items():
        yield name, reverse(page) + query
    for name, address in personas.PAGES.items():
        if name.startswith(personas.HUGO):
            yield name.partition(": ")[2], address


def processor(client: Any, address: str) -> float:
    """Return the milliseconds of processor of a page: of this program and of its connection to PostgreSQL."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = 1_000 / os.sysconf("SC_CLK_TCK")

    def spent() -> float:
        cells = backend.read_text(encoding="ascii").rpartition(") ")[2].split()
        return time.process_time() * 1_000 + (int(cells[11]) + int(cells[12])) * ticks

    before = spent()
    for _ in range(OF_PROCESSOR):
        client.get(address)
    return (spent() - before) / OF_PROCESSOR


def measured(folder: Path, chosen: list[str]) -> dict[str, Any]:
    """Load, ask, and say what exceeds its bound."""
    done, client = installed(folder), paginas.client_of(personas.HUGO)
    found = {}
    for name, address in list(addresses(client)):
        if not chosen or any(word in name for word in chosen):
            asked, half, high = pages.measure(client, address)
            found[name] = {
                "consultas": asked,
                "mediana_ms": round(half),
                "p95_ms": round(high),
                "procesador_ms": round(processor(client, address)),
            }
            print(name, address, found[name], file=sys.stderr, flush=True)
    loads, past = done.get("candidaturas", {}), done.get("historico", {})
    over = [name for name, each in found.items() if each["p95_ms"] > padron.MOST_MILLISECONDS]
    if loads.get("cargar_s", 0) > padron.MOST_SECONDS or loads.get("cargar_mib", 0) > padron.MOST_MIB:
        over.append("candidaturas")
    if past.get("cargar_y_abrir_s", 0) > MOST_OF_HISTORY:
        over.append("historico")
    return {**done, "paginas": found, "carga_del_equipo": os.getloadavg()[0], "exceden": over}


def main() -> int:
    """Measure in a folder given, or in one that goes."""
    given, chosen = sys.argv[1:2], sys.argv[2:]
    with tempfile.TemporaryDirectory() as thrown:
        made = measured(Path(given[0] if given else thrown), chosen)
    print(json.dumps(made, ensure_ascii=False, indent=1))
    return 1 if made["exceden"] else 0


if __name__ == "__main__":
    sys.exit(main())
