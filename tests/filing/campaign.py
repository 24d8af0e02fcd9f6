"""A campaign with two candidacies of one party and one of its rival, and officers with minted e.firmas."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from sif.books.services import post_poliza
from sif.filing import services
from sif.filing.authority import Trust
from sif.filing.models import Informe, Presentacion
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Cargo, Contabilidad, Persona, Territorio
from sif.registry.services import NewCandidatura, approve_candidatura
from sif.signing import minting
from sif.signing.certificates import read_certificate
from sif.signing.efirma import open_key, sign
from sif.values import Money
from small_world import BANKS, LEAFLETS, PAYABLE, ZONE, World, make_world

RFC = "ROSA7701319A1"
CURP = "ROSA770131MDFSLL08"
GIFT = "4-2-02-01-0000"
CAP = 1_648_189_00


@dataclass
class Officer:
    """A minted certificate with its key already opened."""

    cer: bytes
    key: RSAPrivateKey

    def sign(self, cadena: str) -> str:
        """The seal of a cadena."""
        return sign(cadena, self.key)


@dataclass
class Campaign:
    """The small election with books of candidacies, whom it trusts and who signs."""

    world: World
    ana: Contabilidad
    berta: Contabilidad
    rival: Contabilidad
    mint: minting.MintedAuthority
    officer: Officer

    def __deepcopy__(self, memo: dict[int, Any]) -> "Campaign":
        """A copy of what is in the database; its keys are of all copies."""
        rows = (self.world, self.ana, self.berta, self.rival)
        return Campaign(*deepcopy(rows, memo), self.mint, self.officer)

    @property
    def trust(self) -> Trust:
        """The minting authority alone."""
        return Trust((self.mint.authority,))

    def spend(self, books: Contabilidad, pesos: str, day: date, period: int = 0) -> None:
        """A donation received and leaflets bought on credit, of the same amount, on a day of a period."""
        amount, place = Money.parse(pesos), self.world.periods[period]
        own = {"auxiliar_tipo": "proveedor", "auxiliar_id": self.world.supplier.pk}
        cost = (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own))  # type: ignore[arg-type]
        with clock.at(datetime(day.year, day.month, day.day, 18, tzinfo=ZONE)):
            new = NewPoliza(books.pk, place.pk, "normal", "DR", day, "Volantes", cost)
            post_poliza(new, self.world.clerk)

    def prepare(self, books: Contabilidad | None = None, period: int = 0, *, nil: bool = False) -> Informe:
        """Prepare the report of a period, of Ana unless told."""
        return services.prepare_informe(
            books or self.ana, self.world.periods[period], self.world.clerk, sin_movimientos=nil
        )

    def present(self, informe: Informe, officer: Officer | None = None) -> Presentacion:
        """Sign and present with the officer (the registered one unless told)."""
        who = officer or self.officer
        sello = who.sign(services.cadena_of(informe, who.cer))
        return services.present(informe, who.cer, sello, self.world.clerk, trust=self.trust)

    def officer_with(self, rfc: str = RFC, desde: date = date(2023, 1, 1), hasta: date = date(2027, 1, 1)) -> Officer:
        """A new e.firma of this authority."""
        return opened(minting.mint_fiel(self.mint, rfc, CURP, "ALICIA ROSAS NÚÑEZ", desde, hasta))


def opened(pair: minting.Minted) -> Officer:
    """A minted pair, opened."""
    read_certificate(pair.cer)
    return Officer(pair.cer, open_key(pair.key, pair.password))


@contextmanager
def on(text: str) -> Iterator[None]:
    """The clock at a local hour, 2024-05-01 10:00."""
    with clock.at(datetime.fromisoformat(text).replace(tzinfo=ZONE)):
        yield


def make_campaign(mint: minting.MintedAuthority, year: int = 2024, rfc: str = RFC) -> Campaign:
    """Two candidacies of the party and one of the rival in a year; the party's clerk signs with an RFC."""
    world = make_world(year)
    world.clerk.rfc = rfc
    world.clerk.save(update_fields=["rfc"])
    cargo, _ = Cargo.objects.get_or_create(
        clave="diputacion_mr", defaults={"nombre": "Diputación federal MR", "ambito": "federal", "columna": "D"}
    )
    territorio, _ = Territorio.objects.get_or_create(
        clave="CHH-05", defaults={"nombre": "Chihuahua, distrito 5", "tipo": "distrito", "entidad": "CHH"}
    )
    with on(f"{year}-03-02 09:00"):
        ana, berta, rival = (
            approve_candidatura(
                world.etapa,
                NewCandidatura(f"F-{who}", Persona.objects.create(nombre=who), sujeto, cargo, territorio, CAP, "A"),
            )
            for who, sujeto in (("Ana Ñúñez", world.party), ("Berta Díaz", world.party), ("Carla Ruiz", world.rival))
        )
    pair = minting.mint_fiel(mint, RFC, CURP, "ALICIA ROSAS NÚÑEZ", date(2023, 1, 1), date(2027, 1, 1))
    return Campaign(world, ana, berta, rival, mint, opened(pair))


__all__ = ["BANKS", "CAP", "GIFT", "Campaign", "Officer", "make_campaign", "on", "opened"]
