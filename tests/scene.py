"""A campaign under way today, for tests of pages: two parties with candidacies, their people, pólizas and an invoice.

Dates are taken from the real clock, because a server in another thread reads it: the first period ended the day before
yesterday and its window is still open, the second has just begun.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings

from rfcs import new_rfc
from sif.books.models import Poliza
from sif.books.services import NewEvidencia, Support, post_poliza, store_file
from sif.cfdi.document import ComplementoIne, EntidadIne
from sif.cfdi.write import Contribuyente, Factura, Linea, Sealer, build_cfdi
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock, services
from sif.registry.models import Cargo, Contabilidad, Etapa, Periodo, Persona, SujetoObligado, Territorio, Usuario
from sif.registry.scope import everything
from sif.signing.minting import Minted, MintedAuthority, mint_authority, mint_csd, mint_fiel
from sif.values import Money
from small_world import catalogs

PASSWORD = "una-clave-de-prueba"
LEAFLETS, PAYABLE, BANKS, GIFT = "5-5-01-03-0000", "2-1-01-01-0000", "1-1-02-00-0000", "4-2-02-01-0000"
RFC_PARTY, RFC_RIVAL, RFC_SUPPLIER = "PAM140101AB1", "PRI140101AB1", "IPR150312Q47"
RFC_ALICIA, RFC_CARLA = "ROZA800101AB5", "RICA800101AB5"
UUID = "7C1E90B4-3F0A-4D52-9B17-0E6A51C2D8F3"
_serial = count(1)


@cache
def _minted() -> tuple[MintedAuthority, Minted, Minted]:
    """One authority for the whole run, with Alicia's e.firma and the supplier's seal; keys take time to make."""
    authority = mint_authority()
    span = (datetime(2020, 1, 1).date(), datetime(2044, 1, 1).date())  # noqa: DTZ001
    fiel = mint_fiel(authority, RFC_ALICIA, "ROZA800101MMCXXX05", "Alicia Robles Zepeda", *span)
    return authority, fiel, mint_csd(authority, RFC_SUPPLIER, "", "Impresos del Prado", *span)


@dataclass
class Scene:
    """What a test names. `libros` and `otros` are of Alicia's party, `ajenos` of Carla's."""

    etapa: Etapa
    periodos: list[Periodo]
    partido: SujetoObligado
    rival: SujetoObligado
    libros: Contabilidad
    otros: Contabilidad
    ajenos: Contabilidad
    alicia: Usuario
    bruno: Usuario
    carla: Usuario
    dario: Usuario
    proveedor: Any
    banco: Any
    donante: Any
    polizas: list[Poliza] = field(default_factory=list)

    def expense(self, pesos: str, concepto: str = "Volantes del arranque", **changes: Any) -> NewPoliza:
        """Leaflets on credit, dated the last day of the first period."""
        amount, own = Money.parse(pesos), {"auxiliar_tipo": "proveedor", "auxiliar_id": self.proveedor.pk}
        fields: dict[str, Any] = {
            "contabilidad_id": self.libros.pk,
            "periodo_id": self.periodos[0].pk,
            "tipo": "normal",
            "subtipo": "DR",
            "fecha_operacion": self.periodos[0].hasta,
            "concepto": concepto,
            "lineas": (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own)),
        }
        return NewPoliza(**{**fields, **changes})

    def gift(self, pesos: str) -> NewPoliza:
        """A donation in the bank account."""
        amount = Money.parse(pesos)
        lines = (
            NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=self.banco.pk),
            NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=self.donante.pk),
        )
        return self.expense(pesos, "Aportación por transferencia", subtipo="IG", lineas=lines)

    def post(self, poliza: NewPoliza, *, evidence: bytes = b"") -> Poliza:
        """Post a póliza as Alicia, with a photograph if given."""
        with everything():
            files = (NewEvidencia("muestra", "muestra.txt", store_file(evidence).sha256),) if evidence else ()
            posted = post_poliza(poliza, self.alicia, support=Support(evidencias=files))
        self.polizas.append(posted)
        return posted

    def invoice(
        self, uuid: str = UUID, total: str = "53,824.00", books: int = 0, make: Any = None, **changes: Any
    ) -> bytes:
        """A sound invoice of leaflets to Alicia's party, sealed and stamped, or what `make` makes of it."""
        seal = Sealer.open(*_minted()[2])
        moment = datetime.combine(self.periodos[0].hasta, datetime.min.time(), clock.legal_zone())
        own = EntidadIne("MEX", "Local", (books or self.libros.pk,))
        base = Factura(
            uuid=uuid,
            serie="A",
            folio="2291",
            fecha=moment + timedelta(hours=11),
            emisor=Contribuyente(RFC_SUPPLIER, "Impresos del Prado"),
            receptor=Contribuyente(RFC_PARTY, "Partido Jacaranda"),
            lineas=(Linea("Volantes de campaña, tiro de 10,000", 1000, Money.parse(total), "82121500", iva_pb=0),),
            forma_pago="99",
            ine=ComplementoIne("1.1", "Campaña", "", None, (own,)),
        )
        base = replace(base, **changes)
        return build_cfdi(make(base) if make else base, seal, seal)


def under_way() -> Scene:
    """Make it with its certificates in the folder of data."""
    return make_scene(Path(settings.DATOS))


def make_scene(folder: Path) -> Scene:
    """Make it in this database, with its certificates under a folder of data; numbers are of its own each time."""
    with everything():
        return _make(next(_serial), folder)


def _make(n: int, folder: Path) -> Scene:
    catalogs()
    today = clock.today()
    proceso = services.create_proceso(
        clave=f"LOCAL-{n}", nombre="Campaña local, Anáhuac", ambito="local", entidad="MEX", anio=today.year
    )
    etapa = services.create_etapa(proceso, "campana", today - timedelta(days=31), today + timedelta(days=20))
    periodos = services.open_periods(etapa)
    partido = services.register_sujeto("partido", f"1{n}", f"PJ{n}", "Partido Jacaranda", RFC_PARTY)
    rival = services.register_sujeto("partido", f"2{n}", f"UB{n}", "Unión Brújula", RFC_RIVAL)
    cargo, _new = Cargo.objects.get_or_create(
        clave="DL", defaults={"nombre": "Diputación local", "ambito": "local", "columna": "L"}
    )
    books = [
        make_books(etapa, sujeto, cargo, f"{n}-{place}", name)
        for place, (sujeto, name) in enumerate(
            ((partido, "Mariela Ochoa Rentería"), (partido, "Tomás Iturbe Salgado"), (rival, "Noemí Pech Canul"))
        )
    ]
    people = [
        _person(n, "alicia", "Alicia Robles Zepeda", RFC_ALICIA),
        _person(n, "bruno", "Bruno Cárdenas Uribe"),
        _person(n, "carla", "Carla Ríos", RFC_CARLA),
        _person(n, "dario", "Darío Quiñones", new_rfc()),
    ]
    since = today - timedelta(days=60)
    services.appoint(people[0], "responsable_finanzas", partido, desde=since)
    services.appoint(people[1], "capturista", partido, [books[0]], desde=since)
    services.appoint(people[2], "responsable_finanzas", rival, desde=since)
    services.appoint(people[3], "auditor", desde=since)
    _keep_certificates(folder)
    return Scene(
        etapa,
        periodos,
        partido,
        rival,
        *books,
        *people,
        proveedor=services.register_proveedor(RFC_SUPPLIER, "Impresos del Prado"),
        banco=services.register_cuenta_bancaria(books[0], "002180000000000009", "Banco", since),
        donante=services.register_aportante(partido, "Donante Uno"),
    )


def make_books(etapa: Etapa, sujeto: SujetoObligado, cargo: Cargo, folio: str, name: str) -> Contabilidad:
    place, _new = Territorio.objects.get_or_create(
        clave=f"MEX-{folio}", defaults={"nombre": f"Distrito {folio}", "tipo": "distrito", "entidad": "MEX"}
    )
    new = services.NewCandidatura(
        folio=f"F{folio}",
        persona=Persona.objects.create(nombre=name),
        sujeto=sujeto,
        cargo=cargo,
        territorio=place,
        tope=184_235_000,
        tope_acuerdo="Acuerdo de topes",
    )
    opened = datetime.combine(etapa.inicia_el, datetime.min.time(), clock.legal_zone())
    with clock.at(opened):
        return services.approve_candidatura(etapa, new)


def _person(n: int, key: str, name: str, rfc: str = "") -> Usuario:
    return services.create_usuario(f"{key}{n}", name, PASSWORD, rfc=rfc)


def _keep_certificates(folder: Path) -> None:
    authority, fiel, _seal = _minted()
    kept = folder / "certificados"
    (kept / "efirmas").mkdir(parents=True, exist_ok=True)
    (kept / "autoridad.cer").write_bytes(authority.cer)
    (kept / "efirmas" / f"{RFC_ALICIA}.cer").write_bytes(fiel.cer)
    (kept / "efirmas" / f"{RFC_ALICIA}.key").write_bytes(fiel.key)
