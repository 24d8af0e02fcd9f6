"""Lists of the party desk with 10,000 rows of each thing and 100,000 contributions: queries, median and p95, warm.

`python benchmarks/pages.py FOLDER [NAME …]` fills an installation in FOLDER the first time, and measures the lists
named, or all of them. The rows are written without triggers: they are to be read, and no chain of theirs is checked.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import campaign as campaigns

PART = int(os.environ.get("SIF_MEDIDA_PARTE", "1"))
"""What part of the sizes is filled: 5 for a fifth of them, on a machine that is busy."""
ROWS, GIFTS = 10_000 // PART, 100_000 // PART
TIMES, MOST_SECONDS = int(os.environ.get("SIF_MEDIDA_VECES", "30")), 12
PAGES = {
    "aportaciones": "",
    "aportaciones, página 1,000": "?pagina=1000",
    "aportaciones, monto": "?orden=-monto",
    "aportaciones, filtro": "?q=persona+4021",
    "aportantes": "",
    "aportantes, página 150": "?pagina=150",
    "aportantes, filtro": "?q=persona+4021",
    "proveedores": "",
    "proveedores, página 150": "?pagina=150",
    "proveedores, cerca": "?rnp=cerca",
    "gente": "",
    "gente, filtro": "?q=persona+4021",
    "cuentas": "",
    "cuentas, estado": "?estado=vencida",
    "traspasos": "",
    "traspasos, filtro": "?q=T-4021",
    "casas": "",
    "activos": "",
    "repap": "",
    "ceps": "",
    "cfdi": "",
    "poliza": "",
}


class Filler:
    """Write rows of every list in the books of an invented campaign."""

    def __init__(self, made: campaigns.Campaign) -> None:
        from sif.registry import clock

        self.made, self.now, self.day = made, clock.now(), clock.today()
        self.period = made.etapa.periodos.get(numero=1)
        self.stamp = {"registrada_el": self.now, "registrada_por": made.alicia}

    def books(self, n: int) -> Any:
        """Choose the books of a row."""
        return self.made.libros[n % len(self.made.libros)]

    def fill(self) -> None:
        """Write everything."""
        self.catalogues()
        self.contributions()
        self.campaign()
        self.transfers()
        self.invoices()
        self.deep()

    def catalogues(self) -> None:
        """Write donors, people, suppliers with their fichas and purchases, and accounts."""
        from sif.catalogs.models import FichaProveedor, PersonaSujeto
        from sif.registry.models import (
            AlcancePersona,
            Aportante,
            AvisoCuenta,
            CuentaBancaria,
            Persona,
            Proveedor,
            RegistroRnp,
        )

        subject = self.made.partido
        _many(Aportante(sujeto=subject, nombre=f"Persona {n}", rfc=f"PEUU80{n:07d}", **_first(n)) for n in range(ROWS))
        _many(Persona(nombre=f"Persona {n}", rfc=f"PEUU80{n:07d}", **_first(n)) for n in range(ROWS))
        _many(Proveedor(rfc=f"P{n:011d}", nombre=f"Proveedor {n}") for n in range(ROWS))
        people = list(Persona.objects.filter(nombre__startswith="Persona ").order_by("pk"))
        sellers = list(Proveedor.objects.filter(nombre__startswith="Proveedor ").order_by("pk"))
        kinds = ("empleo", "honorarios", "repap", "representante")
        _many(
            PersonaSujeto(sujeto=subject, persona=each, relacion=kinds[n % 4], desde=self.day, **_first(n))
            for n, each in enumerate(people)
        )
        _many(
            AlcancePersona(identidad=each.identidad, sujeto=subject) for each in people
        )  # a trigger's, put aside here
        _many(FichaProveedor(sujeto=subject, proveedor=each, **_first(n)) for n, each in enumerate(sellers))
        _many(RegistroRnp(proveedor=each, folio=f"R{each.pk}", desde=self.day) for each in sellers[::3])
        opened = [
            CuentaBancaria(contabilidad=self.books(n), clabe=f"{n:018d}", banco=f"Banco {n % 9}", apertura_el=self.day)
            for n in range(ROWS)
        ]
        _many(opened)
        _many(
            AvisoCuenta(cuenta=each, contabilidad=each.contabilidad, fecha=self.day, hecho_el=self.now)
            for each in opened[::2]
        )

    def polizas(self, first: int, count: int) -> list[Any]:
        """Write pólizas with a line each; the expense of every second one is bought from a supplier."""
        from sif.books.models import Cuenta, Movimiento, Poliza
        from sif.registry.models import Proveedor

        made = [
            Poliza(
                contabilidad=self.books(n),
                periodo=self.period,
                tipo="normal",
                subtipo="IG",
                numero=n // len(self.made.libros) + 1,
                fecha_operacion=self.made.first_day,
                concepto="Ingreso",
                total=100_000,
                eslabon=n // len(self.made.libros) + 1,
                huella=b"0" * 32,
                **self.stamp,
            )
            for n in range(first, first + count)
        ]
        _many(made)
        sellers = list(Proveedor.objects.order_by("pk").values_list("pk", flat=True))
        spent = Cuenta.objects.get(codigo=campaigns.LEAFLETS)
        _many(
            Movimiento(
                poliza=each,
                contabilidad_id=each.contabilidad_id,
                linea=1,
                cuenta=spent,
                cargo=100_000 * (n % 11 + 1),
                auxiliar_tipo="proveedor",
                auxiliar_id=sellers[n * 7 % len(sellers)],
            )
            for n, each in enumerate(made[::2])
        )
        return made

    def contributions(self) -> None:
        """Write ten contributions of each donor."""
        from sif.books.models import Aportacion
        from sif.registry.models import Aportante

        donors = list(Aportante.objects.order_by("pk").values_list("pk", flat=True))
        made = self.polizas(0, GIFTS)
        _many(
            Aportacion(
                poliza=each,
                contabilidad_id=each.contabilidad_id,
                aportante_id=donors[n % len(donors)],
                calidad=("simpatizante", "militante")[n % 5 == 0],
                medio=("transferencia", "cheque")[n % 3 == 0],
                fecha=self.made.first_day + timedelta(days=n % 18),
                folio=f"RSEF-{n:06d}",
                monto=10_000 + n % 9_973,
            )
            for n, each in enumerate(made)
        )

    def campaign(self) -> None:
        """Write houses, assets and both kinds of receipt."""
        from sif.books.models import Cep, ReciboRepap
        from sif.catalogs.models import ActivoFijo, CasaCampana
        from sif.registry.models import Persona

        day, people = self.day, list(Persona.objects.order_by("-pk").values_list("pk", flat=True)[:ROWS])
        issued = {"expedido_el": self.now, "expedido_por": self.made.alicia, "medio": "transferencia"}
        books = self.books
        _many(
            CasaCampana(
                contabilidad=books(n),
                nombre=f"Casa {n}",
                titulo="comodato",
                propietario=f"Dueño {n}",
                entidad="MEX",
                municipio="Toluca",
                domicilio="Centro",
                desde=day,
                hasta=day,
                valuacion=n + 1,
                **self.stamp,
            )
            for n in range(ROWS)
        )
        _many(
            ActivoFijo(
                contabilidad=books(n),
                numero=f"A{n}",
                descripcion=f"Equipo {n}",
                cuenta="1-2-05-00-0000",
                adquirido_el=day - timedelta(days=n % 2_000),
                costo=100_000 + n,
                vida_meses=36,
                ubicacion="Oficina",
                resguardante="Rita",
                registrado_el=self.now,
                registrado_por=self.made.alicia,
            )
            for n in range(ROWS)
        )
        _many(
            ReciboRepap(
                contabilidad=books(n),
                persona_id=people[n],
                folio=f"R{n}",
                actividad="Brigada",
                desde=day,
                hasta=day,
                monto=50_000,
                pagado_el=day,
                **issued,
            )
            for n in range(ROWS)
        )
        _many(
            Cep(
                contabilidad=books(n),
                persona_id=people[n],
                folio=f"C{n}",
                representacion="casilla",
                seccion=str(n),
                oneroso=True,
                monto=60_000,
                **issued,
            )
            for n in range(ROWS)
        )

    def transfers(self) -> None:
        """Write both sides of each transfer."""
        from sif.books.models import LadoTransferencia

        made = self.polizas(GIFTS, 2 * ROWS)
        sides = []
        for n in range(ROWS):
            common = {
                "folio": f"T-{n}",
                "forma": "efectivo",
                "fecha": self.day - timedelta(days=n % 90),
                "monto": n + 1,
            }
            out, into = made[2 * n], made[2 * n + 1]
            for side, own, other in (("salida", out, into), ("entrada", into, out)):
                sides.append(
                    LadoTransferencia(
                        lado=side,
                        poliza=own,
                        contabilidad_id=own.contabilidad_id,
                        contraparte_id=other.contabilidad_id,
                        **common,
                    )
                )
        _many(sides)

    def deep(self) -> None:
        """Write ROWS pólizas of one expense each, without evidence, in the first books."""
        from sif.books.models import Cuenta, Movimiento, Poliza

        books, spent = self.made.libros[0], Cuenta.objects.get(codigo=campaigns.LEAFLETS)
        last = Poliza.objects.filter(contabilidad=books).count()
        made = [
            Poliza(
                contabilidad=books,
                periodo=self.period,
                tipo="normal",
                subtipo="EG",
                numero=n,
                eslabon=last + n,
                fecha_operacion=self.made.first_day,
                concepto="Volantes",
                total=100_000,
                huella=b"0" * 32,
                **self.stamp,
            )
            for n in range(1, ROWS + 1)
        ]
        _many(made)
        _many(Movimiento(poliza=each, contabilidad=books, linea=1, cuenta=spent, cargo=100_000) for each in made)

    def invoices(self) -> None:
        """Write invoices that wait in the inbox."""
        from sif.books.models import Comprobante, Recepcion

        made = [
            Comprobante(
                uuid=f"{n:08d}-0000-4000-8000-000000000000",
                version="4.0",
                tipo="I",
                emisor_rfc="IMP150312AB1",
                emisor_nombre=f"Impresos {n}",
                receptor_rfc="PME140101AB1",
                fecha=self.now,
                subtotal=n + 1,
                total=n + 1,
                moneda="MXN",
                sello="0" * 16,
                xml_sha256=f"{n:064d}",
            )
            for n in range(ROWS)
        ]
        _many(made)
        _many(
            Recepcion(
                comprobante=each,
                contabilidad=self.books(n),
                archivo=f"{n}.xml",
                recibida_el=self.now,
                recibida_por=self.made.alicia,
            )
            for n, each in enumerate(made)
        )


def _first(n: int) -> dict[str, int]:
    """Say that a row is the first version of something."""
    return {"identidad": 1_000_000 + n, "version": 1}


def _many(rows: Iterator[Any] | list[Any]) -> None:
    found = list(rows)
    type(found[0])._default_manager.bulk_create(found, batch_size=2_000)


def installed(folder: Path) -> Any:
    """Open the installation of a folder, filled the first time, and return who looks at it."""
    from django.db import connection

    new = not (folder / "lleno").exists()
    campaigns.connect(folder)
    from sif.registry.models import Usuario
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        if new:
            made = campaigns.make_campaign()
    if new:
        with _as_superuser(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            Filler(made).fill()
            cursor.execute("VACUUM ANALYZE")
        (folder / "lleno").touch()
    with everything(WHOEVER_SIGNS):
        return Usuario.objects.get(username=campaigns.RESPONSABLE)


@contextmanager
def _as_superuser() -> Iterator[None]:
    """Write without walls or triggers."""
    from django.db import connection

    user = connection.settings_dict["USER"]
    for name in ("postgres", user):
        connection.close()
        connection.settings_dict["USER"] = name
        if name != user:
            yield


def measure(client: Any, address: str) -> tuple[int, float, float]:
    """Ask a page many times once it is warm: its queries, and its median and 95th percentile in milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> float:
        before = time.perf_counter()
        answer = client.get(address)
        if answer.status_code != 200:
            raise AssertionError(f"{address}: {answer.status_code}")
        return 1_000 * (time.perf_counter() - before)

    ask()
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        spent = [ask()]
    while len(spent) < TIMES and time.perf_counter() - began < MOST_SECONDS:
        spent.append(ask())
    high = statistics.quantiles(spent, n=20)[-1] if len(spent) > 1 else spent[0]
    return asked.final_queries - asked.initial_queries, statistics.median(spent), high


def _of(name: str) -> tuple[int, ...]:
    """What a page is of: the póliza amid the books that have most."""
    from django.db.models import Max

    from sif.books.models import Poliza
    from sif.registry.scope import everything

    if name != "poliza":
        return ()
    with everything():
        most = Poliza.objects.values("contabilidad").annotate(last=Max("eslabon")).order_by("-last")[0]
    print(f"una póliza entre {most['last']:,}", file=sys.stderr)
    return most["contabilidad"], most["last"] // 2


def _session_of(client: Any, person: Any) -> str:
    """Sign a person in and return the secret of the session, which the cookie carries in the place of its key."""
    from sif.web import sessions

    sessions.SECRETS.set(made := {})
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return next(reversed(made.values()))


def main() -> int:
    """Measure the lists named."""
    folder, *names = sys.argv[1:]
    alicia = installed(Path(folder))
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"accept-language": "es-MX"})
    client.cookies[settings.SESSION_COOKIE_NAME] = _session_of(client, alicia)
    print("| lista | consultas | p50 ms | p95 ms |\n|---|---|---|---|")
    for words, query in PAGES.items():
        name = words.partition(",")[0]
        if not names or name in names:
            asked, median, high = measure(client, reverse(f"party:{name}", args=_of(name)) + query)
            print(f"| {words} | {asked} | {median:.0f} | {high:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
