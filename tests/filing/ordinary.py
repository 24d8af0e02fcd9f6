"""An ordinary year of a party, opened as the administration opens it, with books posted by hand."""

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from filing.campaign import CURP, RFC, Officer, opened
from rfcs import new_rfc
from sif.books.services import load_catalogs, post_poliza
from sif.catalogs.services.campaign_debts import (
    NewProyecto,
    NewResolucion,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.catalogs.services.campaign_goods import NewActivo, register_activo
from sif.catalogs.services.people import NewPersona, save_persona
from sif.filing import services
from sif.filing.authority import Trust
from sif.filing.figures import amount_of
from sif.filing.models import Compromiso, Informe, Presentacion
from sif.filing.signers import second_of
from sif.law.chart import load_chart
from sif.ledger import NewLine, NewPoliza
from sif.registry import clock
from sif.registry.models import Cargo, Contabilidad, Etapa, Persona, SujetoObligado, Territorio, Usuario
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    create_usuario,
    open_contabilidad,
    register_aportante,
    register_cuenta_bancaria,
    register_proveedor,
    register_sujeto,
)
from sif.signing import minting
from sif.values import Money
from small_world import ZONE

BANKS, COMPUTER, PAYABLE, EQUITY = "1-1-02-00-0000", "1-2-05-00-0000", "2-1-01-01-0000", "3-2-01-01-0000"
ORDINARY, SPECIFIC, MEMBERS, MEMBERS_KIND = "4-1-01-01-0000", "4-1-03-01-0000", "4-2-01-01-0000", "4-2-01-02-0000"
YIELDS, WAGES, RENT, SUPPLIES = "4-4-01-01-0000", "5-1-01-00-0000", "5-1-04-00-0000", "5-1-05-00-0000"
EVENTS, WOMEN, TRANSFER = "5-1-50-00-0000", "5-1-51-00-0000", "5-4-01-02-0000"
CAP = 329_638_00
YEAR = (
    ("2025-01-01", ((BANKS, "500000.00"), (COMPUTER, "80000.00")), ((PAYABLE, "30000.00"), (EQUITY, "550000.00"))),
    ("2025-01-15", ((BANKS, "1000000.00"),), ((ORDINARY, "1000000.00"),)),
    ("2025-01-20", ((BANKS, "60000.00"),), ((SPECIFIC, "60000.00"),)),
    ("2025-01-31", ((WAGES, "250000.10"),), ((BANKS, "250000.10"),)),
    ("2025-02-15", ((RENT, "45000.50"),), ((PAYABLE, "45000.50"),)),
    ("2025-03-10", ((BANKS, "12345.67"),), ((MEMBERS, "12345.67"),)),
    ("2025-04-05", ((WOMEN, "18000.00"),), ((BANKS, "18000.00"),)),
    ("2025-05-05", ((PAYABLE, "45000.50"),), ((BANKS, "45000.50"),)),
    ("2025-06-01", ((SUPPLIES, "7000.00"),), ((MEMBERS_KIND, "7000.00"),)),
    ("2025-06-10", ((COMPUTER, "22000.00"),), ((BANKS, "22000.00"),)),
    ("2025-06-20", ((TRANSFER, "30000.00"),), ((BANKS, "30000.00"),)),
    ("2025-10-01", ((BANKS, "1234.56"),), ((YIELDS, "1234.56"),)),
    ("2025-12-15", ((EVENTS, "90000.00"),), ((BANKS, "90000.00"),)),
    ("2025-12-31", ((ORDINARY, "1000000.00"),), ((EQUITY, "1000000.00"),)),
)
"""Opening, four quarters (the third without movements) and the closing of one account of income: debits and credits."""


@dataclass
class Ordinary:
    """The year, its books, who signs them and whom it trusts."""

    etapa: Etapa
    party: SujetoObligado
    books: Contabilidad
    clerk: Usuario
    stranger: Usuario
    own: dict[str, int]
    auditor: Usuario
    mint: minting.MintedAuthority
    officer: Officer
    external: Officer

    def __deepcopy__(self, memo: dict[int, Any]) -> "Ordinary":
        """A copy of what is in the database; its keys are of all copies."""
        rows = (self.etapa, self.party, self.books, self.clerk, self.stranger, self.own, self.auditor)
        return Ordinary(*deepcopy(rows, memo), self.mint, self.officer, self.external)

    def post(self, day: str, debits: tuple[tuple[str, str], ...], credits: tuple[tuple[str, str], ...]) -> None:
        """Post a póliza on its own day, in the period that has it."""
        when = date.fromisoformat(day)
        period = self.etapa.periodos.get(desde__lte=when, hasta__gte=when)
        with clock.at(datetime.combine(when, time(18), ZONE)):
            lines = self.lines(debits, credits)
            post_poliza(NewPoliza(self.books.pk, period.pk, "normal", "DR", when, "Un hecho", lines), self.clerk)

    def lines(self, debits: tuple[tuple[str, str], ...], credits: tuple[tuple[str, str], ...]) -> tuple[NewLine, ...]:
        """Lines of some accounts, each with the auxiliary that it asks for."""
        return (
            *(NewLine(account, cargo=Money.parse(pesos), **self._own(account)) for account, pesos in debits),
            *(NewLine(account, abono=Money.parse(pesos), **self._own(account)) for account, pesos in credits),
        )

    def _own(self, account: str) -> dict[str, Any]:
        kind = load_chart("mx")[account].auxiliar
        return {"auxiliar_tipo": kind, "auxiliar_id": self.own[kind]} if kind else {}

    def fill(self, until: str = "2025-12-31") -> None:
        """Post what the year has up to a day."""
        for row in YEAR:
            if row[0] <= until:
                self.post(*row)

    def prepare(self, period: int, tipo: str = "", *, nil: bool = False, by: Usuario | None = None) -> Informe:
        """Freeze the report of a period."""
        place = self.etapa.periodos.get(numero=period)
        return services.prepare_informe(self.books, place, by or self.clerk, tipo=tipo, sin_movimientos=nil)

    @property
    def trust(self) -> Trust:
        """Whom its signatures are believed from."""
        return Trust((self.mint.authority,))

    def keep(self, informe: Informe, by: Usuario | None = None, efirma: Officer | None = None) -> Compromiso:
        """Sign a version with the e.firma of a person (the registered officer's unless told), and keep what arrives."""
        person = by or self.clerk
        own = efirma or (self.external if person == self.auditor else self.officer)
        sello = own.sign(services.cadena_of(informe, own.cer))
        return services.commit(informe, own.cer, sello, person, trust=self.trust)

    def present(self, informe: Informe) -> Presentacion:
        """Sign with the registered officer, and with the external auditor where the law asks it, and present."""
        kept = self.keep(informe)
        if second_of(informe):
            kept = self.keep(informe, self.auditor)
        done = services.complete(kept)
        assert isinstance(done, Presentacion)
        return done


def pesos(informe: Informe, linea: str) -> tuple[str, str, str]:
    """The three amounts of a line as text."""
    before, within, both = (
        Money(amount_of(informe.contenido, linea, column)).plain() for column in ("anterior", "periodo", "acumulado")
    )
    return before, within, both


def make_ordinary(
    mint: minting.MintedAuthority,
    clase: str = "ordinario",
    anio: int = 2025,
    tipo: str = "partido",
    stage: str = "ordinario",
) -> Ordinary:
    """A process of a kind: one person proposes its calendar, another opens it, and a subject gets books in a stage."""
    load_catalogs("mx")
    with clock.at(datetime(anio - 1, 8, 1, 9, tzinfo=ZONE)):
        clerk, stranger, auditor, *admins = (
            create_usuario(name.lower(), name, "", password_hash="!", rfc=RFC if name == "Olga" else new_rfc())
            for name in ("Olga", "Raúl", "Berta", "Uno", "Dos")
        )
        for admin in admins:
            appoint(admin, "administrador")
        new = draft(clase, "", anio)
        stages = tuple(replace(stage, acuerdo="INE/CG01/2025") for stage in new.etapas)
        proposed = propose_proceso(replace(new, etapas=stages), admins[0])
        etapa = open_proceso(proposed, admins[1]).etapas.get(tipo=stage)
        party = register_sujeto(tipo, "77", "PORD", "Partido del Año", "PAM140101AB1")
        books = _books(etapa, party)
        appoint(clerk, "responsable_finanzas", party)
        appoint(auditor, "auditor_externo", party)
        own = _auxiliaries(party, books, clerk)
    pair = minting.mint_fiel(mint, RFC, CURP, "ALICIA ROSAS NÚÑEZ", date(2023, 1, 1), date(2029, 1, 1))
    other = minting.mint_fiel(mint, auditor.rfc, CURP, "BERTA SOLÍS MORA", date(2023, 1, 1), date(2029, 1, 1))
    return Ordinary(etapa, party, books, clerk, stranger, own, auditor, mint, opened(pair), opened(other))


def filed_year() -> Ordinary:
    """The year 2025 whole in books, its fourth quarter presented and its annual prepared."""
    made = make_ordinary(minting.mint_authority())
    made.fill()
    made.present(made.prepare(4))
    made.prepare(4, "IA")
    return made


def _books(etapa: Etapa, party: SujetoObligado) -> Contabilidad:
    """Books of the subject in an ordinary stage, and of one who contends in any other."""
    if etapa.tipo == Etapa.Tipo.ORDINARIO:
        return open_contabilidad(etapa, party, Contabilidad.Clase.ORDINARIA)
    cargo, _ = Cargo.objects.get_or_create(
        clave="diputacion_mr", defaults={"nombre": "Diputación federal MR", "ambito": "federal", "columna": "D"}
    )
    place, _ = Territorio.objects.get_or_create(
        clave="CHH-05", defaults={"nombre": "Chihuahua, distrito 5", "tipo": "distrito", "entidad": "CHH"}
    )
    person = Persona.objects.create(nombre="Ana Ñúñez")
    return approve_candidatura(etapa, NewCandidatura("F-1", person, party, cargo, place, CAP, "A"))


def _auxiliaries(party: SujetoObligado, books: Contabilidad, clerk: Usuario) -> dict[str, int]:
    """One row of each catalogue that the lines of a year name, by its kind."""
    day = books.etapa.inicia_el
    with clock.at(datetime.combine(day, time(9), ZONE)):
        person = save_persona(NewPersona(party.pk, "Petra Luna", "empleo", day), clerk).persona
        asset = NewActivo("A-1", "Computadora", COMPUTER, day, Money.parse("80000.00"), 0, "Sede", "Petra Luna")
        project = NewProyecto("P-1", "Formación", "actividades_especificas", day.year)
        fine = NewResolucion("CG/RES-1", "Multa firme", day, Money.parse("50000.25"))
        rows = {
            "resolucion": register_resolucion_por_pagar(party, fine, clerk),
            "persona": person,
            "activo_fijo": register_activo(books, asset, clerk),
            "proyecto": register_proyecto(party, project, clerk),
            "contabilidad": books,
            "proveedor": register_proveedor("IPR150312Q47", "Impresos del Prado"),
            "aportante": register_aportante(party, "Donante Uno"),
            "cuenta_bancaria": register_cuenta_bancaria(books, "002180000000000009", "Banco", day),
        }
    return {kind: row.pk for kind, row in rows.items()}
