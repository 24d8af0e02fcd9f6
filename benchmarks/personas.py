"""The pages of people with 100,000 users, 40,000 sets of books and 20,000 open invitations: queries, median and p95.

`python benchmarks/personas.py FOLDER [WORD …]` fills an installation in FOLDER the first time, and measures the pages
whose name holds a word, or all of them. The rows are written without triggers: they are to be read.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import campaign as campaigns
import pages

USERS, SUBJECTS, BOOKS, LINKS, EVENTS = 100_000, 400, 40_000, 20_000, 300_000
HUGO, NORA = "hugo", "nora"
PAGES = {
    "hugo: personas": "/cuenta/personas/",
    "hugo: personas, más allá de 50,000": "/cuenta/personas/?despues=50000",
    "hugo: personas, nombre": "/cuenta/personas/?q=persona+040211",
    "hugo: personas, nombre que nadie tiene": "/cuenta/personas/?q=nadie",
    "hugo: personas, función rara": "/cuenta/personas/?rol=consejero",
    "hugo: personas, de un sujeto": "/cuenta/personas/?sujeto=S200",
    "hugo: personas, sin función": "/cuenta/personas/?estado=sin_funcion",
    "hugo: personas, deshabilitadas": "/cuenta/personas/?estado=deshabilitada",
    "hugo: personas, invitaciones de antes": "/cuenta/personas/?antes=9000",
    "hugo: accesos": "/cuenta/accesos/",
    "nora: personas": "/cuenta/personas/",
    "nora: personas, nombre": "/cuenta/personas/?q=persona",
}


def fill() -> None:
    """Write everything, as the superuser and without triggers."""
    from sif.registry import clock
    from sif.registry.models import Contabilidad, Etapa

    etapa = Etapa.objects.get(proceso__clave=campaigns.PROCESS)
    subjects = fill_subjects()
    first = max(Contabilidad.objects.values_list("pk", flat=True)) + 1
    pages._many(
        Contabilidad(
            pk=first + n,
            etapa=etapa,
            sujeto=subjects[n % SUBJECTS],
            clase="concentradora",
            habilitada_el=clock.now(),
        )
        for n in range(BOOKS)
    )
    fill_people(subjects, range(first, first + BOOKS))


def fill_subjects() -> list[Any]:
    """Write parties beside those that are there."""
    from sif.registry.models import SujetoObligado

    pages._many(
        SujetoObligado(tipo="partido", numero=f"9{n:04d}", siglas=f"S{n}", nombre=f"Sujeto {n}")
        for n in range(SUBJECTS)
    )
    return list(SujetoObligado.objects.filter(siglas__regex=r"^S\d+$").order_by("pk"))


def fill_people(subjects: Sequence[Any], books: Sequence[int]) -> None:
    """Write users with an appointment each in some books, who administers, open invitations and events."""
    from sif.registry import clock
    from sif.registry.models import Invitacion, Nombramiento, Suceso, Usuario

    now, day = clock.now(), clock.today() - timedelta(days=90)
    pages._many(
        Usuario(
            username=f"persona{n:06d}",
            nombre=f"Persona {(n * 7919) % USERS:06d} de Tal",
            password=campaigns.NOBODY,
            is_active=bool(n % 50),
        )
        for n in range(USERS)
    )
    people = list(Usuario.objects.filter(username__startswith="persona").order_by("pk").values_list("pk", flat=True))
    pages._many(
        Nombramiento(usuario_id=pk, rol="capturista", sujeto=subjects[n % SUBJECTS], desde=day)
        for n, pk in enumerate(people)
        if n % 100
    )
    through: Any = Nombramiento.contabilidades.through
    seats = (
        Nombramiento.objects.filter(usuario__in=people, rol="capturista").order_by("pk").values_list("pk", flat=True)
    )
    pages._many(through(nombramiento_id=pk, contabilidad_id=books[n % len(books)]) for n, pk in enumerate(seats))
    for place, (name, role, subject) in enumerate(
        ((HUGO, "administrador", None), ("irma", "consejero", None), (NORA, "responsable_finanzas", subjects[5]))
    ):
        person = Usuario.objects.create(
            username=name, nombre=name, password=campaigns.NOBODY, rfc=f"XAMP80010100{place}"
        )
        Nombramiento.objects.create(usuario=person, rol=role, sujeto=subject, desde=day)
    hugo = Usuario.objects.get(username=HUGO)
    pages._many(
        Invitacion(
            huella=f"{n:064x}",
            rol="capturista",
            sujeto=subjects[n % SUBJECTS],
            nombre=f"Invitada {n}",
            username=f"invitada{n}",
            invitada_por=hugo,
            hecha_el=now,
            vence_el=now + timedelta(days=3_000),
        )
        for n in range(LINKS)
    )
    pages._many(
        Suceso(
            ocurrido_el=now, clase="entrada", verbo="aceptada", persona_id=people[n % USERS], direccion="203.0.113.0/24"
        )
        for n in range(EVENTS)
    )


def installed(folder: Path) -> dict[str, Any]:
    """Open the installation of a folder, filled the first time, and return who looks at it, by user name."""
    from django.db import connection

    new = not (folder / "personas").exists()
    campaigns.connect(folder)
    from sif.registry.models import Usuario
    from sif.registry.scope import WHOEVER_SIGNS, everything

    if new:
        with everything(WHOEVER_SIGNS):
            campaigns.make_campaign()
        with pages._as_superuser(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            fill()
            cursor.execute("VACUUM ANALYZE")
        (folder / "personas").touch()
    with everything(WHOEVER_SIGNS):
        return {each.username: each for each in Usuario.objects.filter(username__in=[HUGO, NORA])}


def main() -> int:
    """Measure the pages named."""
    folder, *words = sys.argv[1:]
    people = installed(Path(folder))
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    clients = {}
    for name, person in people.items():
        clients[name] = Client(headers={"accept-language": "es-MX"})
        clients[name].cookies[settings.SESSION_COOKIE_NAME] = pages._session_of(clients[name], person)
    print("| página | consultas | p50 ms | p95 ms |\n|---|---|---|---|")
    for said, address in PAGES.items():
        if not words or any(word in said for word in words):
            asked, median, high = pages.measure(clients[said.partition(":")[0]], address)
            print(f"| {said} | {asked} | {median:.0f} | {high:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
