"""Invent processes, subjects, candidacies with their books, suppliers, donors and people."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from django.conf import settings
from django.contrib.auth.hashers import make_password

from sif.cfdi.write import Sealer
from sif.demo.keys import Names
from sif.registry import clock, services
from sif.registry.models import (
    Aportante,
    Cargo,
    Contabilidad,
    Etapa,
    Nombramiento,
    Persona,
    Proceso,
    Proveedor,
    SujetoObligado,
    Territorio,
    Usuario,
)
from sif.registry.nominating import offices
from sif.registry.procesos import draft, open_proceso, propose_proceso
from sif.signing.minting import MintedAuthority, mint_csd, mint_fiel, new_key

PASSWORD = "demostracion"  # noqa: S105 - the demonstration's own, told on its first page
STATE = "MEX"  # SAT's catalogue admits only real states: this one stands for the invented Anáhuac
ACCORD = "IEEA/CG/031/2025"
"""The accord of an invented council that fixes the days of its elections."""
Rol = Nombramiento.Rol
Days = tuple[date, date]
PARTIES = (
    ("1", "PJ", "Partido Jacaranda"),
    ("2", "UB", "Unión Brújula"),
    ("3", "PA", "Partido Alameda"),
    ("4", "PF", "Partido Faro"),
)
COUNCIL = (
    "Abril Fonseca",
    "Benito Arriaga",
    "Cecilia Yáñez",
    "Diego Marroquín",
    "Emilia Saucedo",
    "Gerardo Ibáñez",
    "Hilda Cervantes",
    "Ignacio Peralta",
    "Julia Monroy",
    "Karla Esquivel",
)
SPAN = date(2025, 1, 1), date(2029, 1, 1)
"""The days of the certificates of these people, unless told."""
IN_OFFICE = date(2023, 1, 1)
"""Since when the people of the authority are appointed: before the oldest process."""
RNP_SPAN = (date(2020, 1, 1), date(9999, 12, 31))


@dataclass
class Supplier:
    """A supplier with the seal of its invoices."""

    row: Proveedor
    sealer: Sealer
    in_rnp: bool


@dataclass
class World:
    """The sources from which the operations are drawn.

    percent: scale of the ordinary operations of each set of books.
    """

    random: Random
    names: Names
    authority: MintedAuthority
    pac: Sealer
    password_hash: str
    percent: int = 100
    subjects: dict[str, SujetoObligado] = field(default_factory=dict)
    heads: dict[str, Usuario] = field(default_factory=dict)
    suppliers: list[Supplier] = field(default_factory=list)
    donors: dict[str, list[Aportante]] = field(default_factory=dict)
    books: dict[int, list[Contabilidad]] = field(default_factory=dict)
    people: dict[str, Usuario] = field(default_factory=dict)
    council: list[Usuario] = field(default_factory=list)
    personas: list[dict[str, str]] = field(default_factory=list)
    accounts: Names = field(default_factory=lambda: Names(Random(185)))  # noqa: S311 - RFC of who enters without e.firma


def certificates_folder() -> Path:
    """Return the folder of the demonstration's authority and of the e.firmas of its people, made if missing."""
    folder: Path = settings.DATOS / "certificados"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def key_pool(size: int) -> Iterator[RSAPrivateKey]:
    """Yield a few keys used over and over: making one takes longer than everything else a certificate needs."""
    return cycle([new_key() for _ in range(size)])


def build_world(seed: int, authority: MintedAuthority, percent: int = 100) -> World:
    """People, subjects and catalogues that both processes share."""
    random = Random(seed)  # noqa: S311 - a believable election, not a secret
    names = Names(random)
    world = World(random, names, authority, open_pac(authority), make_password(PASSWORD), percent)
    for numero, siglas, nombre in PARTIES:
        add_subject(world, "partido", numero, siglas, nombre)
    coalition = add_subject(world, "coalicion", "5.1", "CVS", "Coalición Valle y Sierra")
    for siglas, share in (("PA", 6000), ("PF", 4000)):
        services.register_member(coalition, world.subjects[siglas], share, date(2025, 9, 1))
    add_subject(world, "independiente", "6", "CI", "Candidatura independiente de Iker Saldívar Mora")
    for _ in range(24):
        add_supplier(world)
    for siglas, subject in world.subjects.items():
        world.donors[siglas] = [add_donor(world, subject) for _ in range(18)]
    _people(world)
    return world


def open_pac(authority: MintedAuthority, span: Days = SPAN) -> Sealer:
    """Mint the seal of the company that stamps invoices, for some days."""
    return Sealer.open(*mint_csd(authority, "SPC190101AB1", "", "Certificadora de la demostración", *span))


def add_subject(world: World, tipo: str, numero: str, siglas: str, nombre: str) -> SujetoObligado:
    """Register a subject with an invented RFC."""
    _, rfc = world.names.company()
    subject = services.register_sujeto(tipo, numero, siglas, nombre, rfc)
    world.subjects[siglas] = subject
    return subject


def add_supplier(world: World, span: Days = SPAN) -> None:
    """Register an invented supplier, with the seal of its invoices for some days."""
    name, rfc = world.names.company()
    row = services.register_proveedor(rfc, name)
    in_rnp = len(world.suppliers) < 20  # the last four never registered
    if in_rnp:
        services.register_rnp(row, f"RNP{row.pk:06d}", *RNP_SPAN)
    sealer = Sealer.open(*mint_csd(world.authority, rfc, "", name, *span))
    world.suppliers.append(Supplier(row, sealer, in_rnp))


def add_donor(world: World, subject: SujetoObligado) -> Aportante:
    """Register an invented person as donor of a subject."""
    name, rfc, curp, _ = world.names.person()
    return services.register_aportante(subject, name, rfc=rfc, curp=curp, clave_elector=world.names.clave_elector(name))


def _people(world: World) -> None:
    """The personas everyone remembers, and one Responsable de Finanzas with an e.firma for each subject."""
    for siglas, username, name in (("PJ", "alicia", "Alicia Robles Zepeda"), ("UB", "carla", "Carla Núñez Prado")):
        add_head(world, siglas, username, name)
    for siglas in ("PA", "PF", "CVS", "CI"):
        add_head(world, siglas, f"finanzas.{siglas.lower()}", world.names.person()[0])
    for username, name, rol, does in (
        ("dario", "Darío Quiñones", Rol.AUDITOR, "revisa hallazgos y adopta observaciones"),
        ("elena", "Elena Monroy", Rol.REVISOR, "revisa, emite oficios, cierra dictámenes y publica"),
        ("lucia", "Lucía Ferrer", Rol.REVISOR, "revisa con Elena: confirma, emite, cierra o publica lo suyo"),
        ("felix", "Félix Aranda", Rol.CONSEJERO, "vota resoluciones"),
        ("hugo", "Hugo Tovar", Rol.ADMINISTRADOR, "administra cuentas y accesos"),
        ("irene", "Irene Luján", Rol.RESOLUCIONES, "elabora resoluciones"),
        ("jorge", "Jorge Prado", Rol.SECRETARIA, "somete a votación y publica"),
    ):
        user = make_user(world, username, name)
        services.appoint(user, rol, desde=IN_OFFICE)
        world.personas.append({"usuario": username, "nombre": name, "rol": str(Rol(rol).label), "puede": does})
        if rol == Rol.CONSEJERO:
            world.council.append(user)
    for number, name in enumerate(COUNCIL, 1):
        user = make_user(world, f"consejo{number}", name)
        services.appoint(user, Rol.CONSEJERO, desde=IN_OFFICE)
        world.council.append(user)
    other = ("marta", "Marta Ibarra", Rol.ADMINISTRADOR, "abre los procesos que Hugo propone, y al revés")
    services.appoint(make_user(world, *other[:2]), other[2], desde=IN_OFFICE)
    world.personas.append({"usuario": other[0], "nombre": other[1], "rol": str(Rol(other[2]).label), "puede": other[3]})


def make_user(world: World, username: str, name: str, rfc: str = "") -> Usuario:
    """Make the account of a person of the demonstration."""
    own = rfc or world.accounts.person()[1]
    user = services.create_usuario(username, name, PASSWORD, rfc=own, password_hash=world.password_hash)
    world.people[username] = user
    return user


def keep_efirma(world: World, rfc: str, curp: str, name: str, span: Days = SPAN) -> None:
    """Mint the e.firma of a person and leave it in the folder of certificates, with its password."""
    minted = mint_fiel(world.authority, rfc, curp, name, *span)
    folder = certificates_folder() / "efirmas"
    folder.mkdir(exist_ok=True)
    (folder / f"{rfc}.cer").write_bytes(minted.cer)
    (folder / f"{rfc}.key").write_bytes(minted.key)
    (folder / f"{rfc}.contrasena").write_text(minted.password, encoding="utf-8")


def add_head(world: World, siglas: str, username: str, name: str, span: Days = SPAN) -> None:
    """Appoint the Responsable de Finanzas of a subject, with an e.firma, from the first day of that e.firma."""
    _, rfc, curp, _ = world.names.person()
    user = make_user(world, username, name, rfc)
    subject = world.subjects[siglas]
    services.appoint(user, Rol.RESPONSABLE, subject, desde=span[0])
    world.heads[siglas] = user
    keep_efirma(world, rfc, curp, name, span)
    world.personas.append(
        {
            "usuario": username,
            "nombre": name,
            "rol": "Responsable de Finanzas",
            "sujeto": subject.nombre,
            "puede": "captura, presenta informes y contesta el oficio",
        }
    )


OFFICES = {"GOB": "GUBERNATURA", "DIP": "DIPUTACION LOCAL MR", "MUN": "PRESIDENCIA MUNICIPAL"}
"""The offices of the demonstration, by the words of the jurisdiction, so that a table of caps reaches them."""


@dataclass(frozen=True)
class Race:
    """A contest of the election: office, column, territory, and the cap of each candidacy in centavos."""

    cargo: Cargo
    territorio: Territorio
    tope: int


def build_process(world: World, clase: str, named: tuple[str, str], begins: date, spans: dict[str, Days]) -> Proceso:
    """Open a process of a kind, with its key and name: one administrator proposes its calendar and another opens it.

    spans: the first and last day of each of its stages; voting is four days after its campaign ends.
    """
    voting = spans["campana"][1] + timedelta(days=4)
    drawn = draft(clase, STATE, voting.year, voting)
    stages = tuple(
        replace(stage, inicia_el=spans[stage.tipo][0], termina_el=spans[stage.tipo][1], acuerdo=ACCORD)
        for stage in drawn.etapas
        if stage.tipo in spans
    )
    new = replace(drawn, clave=named[0], nombre=named[1], etapas=stages)
    with clock.at(datetime.combine(begins, time(9), clock.legal_zone())):
        process = open_proceso(propose_proceso(new, world.people["hugo"]), world.people["marta"])
    world.books |= {etapa.pk: [] for etapa in process.etapas.all()}
    return process


def races(kind: str, places: tuple[str, ...], cap: int) -> list[Race]:
    """Return the contests of one office over several places; created once."""
    row = offices("local")[OFFICES[kind]]
    said = {"nombre": row["nombre"], "ambito": row["ambito"], "columna": row["columna"]}
    office = Cargo.objects.get_or_create(clave=row["clave"], defaults=said)[0]
    return [
        Race(
            office,
            Territorio.objects.get_or_create(
                clave=f"ANA-{kind}-{place}"[:24],
                defaults={"nombre": place, "tipo": row["lugar"] or "entidad", "entidad": STATE},
            )[0],
            cap,
        )
        for place in places
    ]


def nominate(
    world: World, etapa: Etapa, siglas: str, race: Race, *, name: str = "", person: Persona | None = None
) -> Contabilidad:
    """Approve a candidacy, which opens its books, with a bank account. person: whom it is of, where they are known."""
    person_name, rfc, curp, sex = world.names.person()
    person = person or services.register_persona(name or person_name, curp, rfc=rfc, sexo=sex)
    folio = f"ANA-{len(world.books[etapa.pk]) + 1:03d}"
    new = services.NewCandidatura(
        folio,
        person,
        world.subjects[siglas],
        race.cargo,
        race.territorio,
        race.tope,
        f"ACUERDO/ANA/{etapa.pk:02d}/2026",
    )
    with clock.at(datetime.combine(etapa.inicia_el - timedelta(days=2), datetime.min.time(), clock.legal_zone())):
        books = services.approve_candidatura(etapa, new)
    return _with_bank(world, etapa, books)


def open_pool(world: World, etapa: Etapa, siglas: str, clase: str = "concentradora") -> Contabilidad:
    """Open books of a subject at a stage that belong to no candidacy: the concentradora, unless told."""
    with clock.at(datetime.combine(etapa.inicia_el - timedelta(days=3), datetime.min.time(), clock.legal_zone())):
        return _with_bank(world, etapa, services.open_contabilidad(etapa, world.subjects[siglas], clase))


def _with_bank(world: World, etapa: Etapa, books: Contabilidad) -> Contabilidad:
    services.register_cuenta_bancaria(books, world.names.clabe(), "Banco de Anáhuac", etapa.inicia_el)
    world.books[etapa.pk].append(books)
    return books
