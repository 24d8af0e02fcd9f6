"""One row more of each declared list, through its service: what a list costs is counted at one row and at fifty."""

from collections.abc import Callable
from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings

from notices.notified import notified
from rfcs import new_rfc
from sif.apportionment.models import ParteProrrateo, Prorrateo
from sif.batch.services import keep_lote
from sif.batch.tasks import REVIEW
from sif.books.models import Archivo
from sif.books.services import NewAportacion, NewTransfer, Support, post_poliza, transfer
from sif.books.services.kardex import NewEntrada, record_entry
from sif.books.services.presupuesto import NewPartida, record_partida
from sif.books.services.registros import (
    NewAviso,
    NewCep,
    NewContrato,
    NewRepap,
    give_notice,
    issue_cep,
    issue_repap,
    sign_contrato,
)
from sif.catalogs.models import PersonaSujeto
from sif.catalogs.services import (
    NewAportante,
    NewPersona,
    NewProveedor,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.catalogs.services.campaign_debts import (
    NewCredito,
    NewProyecto,
    NewResolucion,
    register_credito,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.catalogs.services.campaign_events import NewEvento, register_evento
from sif.catalogs.services.campaign_goods import (
    NewActivo,
    NewArticulo,
    NewCasa,
    register_activo,
    register_articulo,
    register_casa,
)
from sif.disclosure.history import load_history, standing
from sif.disclosure.models import CuentaHistorica
from sif.jobs.services import ask
from sif.ledger import NewLine
from sif.mail.letters import Letter
from sif.mail.outbox import queue
from sif.mail.recipients import Recipient
from sif.registry import clock
from sif.registry.looks import NewLook, keep_look
from sif.registry.models import Aportante, CuentaBancaria, Nombramiento, SujetoObligado, Usuario
from sif.registry.nominating import NewCandidacy, offices, register_candidacy
from sif.registry.scope import acting
from sif.registry.services import appoint, create_usuario, register_proveedor, register_rnp
from sif.registry.sujetos import NewSujeto, register_subject
from sif.values import Money

AMOUNT = Money.parse("100.00")
BANKS, FIXED = "1-1-02-00-0000", "1-2-05-00-0000"


def _person(scene: Any, n: int, relation: str) -> PersonaSujeto:
    new = NewPersona(scene.partido.pk, f"Persona {relation} {n}", relation, clock.today() - timedelta(days=60))
    return save_persona(new, scene.alicia)


def _donor(scene: Any, n: int) -> Aportante:
    return save_aportante(NewAportante(scene.partido.pk, f"Aportante {n}", rfc=f"PEUU800101A{n:02d}"), scene.alicia)


def _gift(scene: Any, n: int) -> None:
    donor = _donor(scene, n)
    lines = (
        NewLine(BANKS, cargo=AMOUNT, auxiliar_tipo="cuenta_bancaria", auxiliar_id=scene.banco.pk),
        NewLine(scene.gift("1.00").lineas[1].cuenta, abono=AMOUNT, auxiliar_tipo="aportante", auxiliar_id=donor.pk),
    )
    poliza = scene.expense("100.00", "Aportación", subtipo="IG", lineas=lines)
    day = scene.periodos[0].hasta
    given = NewAportacion(donor.pk, "simpatizante", "transferencia", day, f"RSEF-{n + 1:04d}", AMOUNT)
    post_poliza(poliza, scene.alicia, support=Support(aportaciones=(given,)))


def _supplier(scene: Any, n: int) -> None:
    register_rnp(register_proveedor(rfc := f"PRV800101{n:03d}", f"Proveedor {n}"), f"R{n}", clock.today())
    save_proveedor(NewProveedor(scene.partido.pk, rfc, f"Proveedor {n}"), scene.alicia)


def _account(scene: Any, n: int) -> None:
    CuentaBancaria.objects.create(
        contabilidad=scene.libros, clabe=f"{n + 1:018d}", banco=f"Banco {n}", apertura_el=clock.today()
    )


def _transfer(scene: Any, n: int) -> None:
    day = scene.periodos[0].hasta
    CuentaBancaria.objects.get_or_create(
        contabilidad=scene.otros, defaults={"clabe": "9" * 18, "banco": "Banco", "apertura_el": clock.today()}
    )
    transfer(NewTransfer(scene.libros.pk, scene.otros.pk, Money(100 + n), "efectivo", day, None), scene.alicia)


def _shared(scene: Any, n: int) -> None:
    spent, made = (post_poliza(scene.expense("100.00", f"{word} {n}"), scene.alicia) for word in "AB")
    both = (scene.libros, scene.otros)
    halves = [scene.expense("50.00", f"Parte de {n}", contabilidad_id=books.pk) for books in both]
    cedula, _made = Archivo.objects.get_or_create(
        sha256="a" * 64, defaults={"bytes": 1, "tipo": "application/pdf", "guardado_el": clock.now()}
    )
    shared = Prorrateo.objects.create(
        folio=f"PR-{n}",
        contabilidad=scene.libros,
        gasto=spent,
        poliza=made,
        clase="generico",
        criterio="emblema",
        fecha=clock.today(),
        inciso="a",
        total=10_000,
        diferencia=0,
        cedula=cedula,
        hecho_el=clock.now(),
        hecho_por=scene.alicia,
    )
    for books, half in zip(both, halves, strict=True):
        part = {"prorrateo": shared, "columna": "L", "columna_pb": 1, "tope": 1, "monto": 5_000}
        ParteProrrateo.objects.create(contabilidad=books, poliza=post_poliza(half, scene.alicia), **part)


def _event(scene: Any, n: int) -> None:
    where = ("MEX", "San Jacinto", "Plaza", "Ana")
    register_evento(
        scene.libros,
        NewEvento(f"Mitin {n}", "publico", False, scene.periodos[0].hasta, time(10), time(12), *where),
        scene.alicia,
    )


def _contract(scene: Any, n: int) -> None:
    signed = scene.periodos[0].desde
    contract = NewContrato(scene.proveedor.pk, f"Lonas {n}", signed, AMOUNT, scene.periodos[0].hasta)
    give_notice(sign_contrato(scene.libros, contract, scene.alicia), NewAviso("A 10 días"), scene.alicia)


def _article(scene: Any, n: int) -> None:
    article = register_articulo(scene.libros, NewArticulo(f"A{n}", f"Playera {n}", "pieza", "utilitaria"), scene.alicia)
    record_entry(article, NewEntrada(scene.periodos[0].desde, 1_000, AMOUNT, "compra"), scene.alicia)


def _look(scene: Any, n: int) -> None:
    keep_look(NewLook(scene.partido.pk, "aportante", n, ("rfc",)), "Cotejar un documento: el recibo", scene.alicia)


def _house(scene: Any, n: int) -> None:
    first, last = scene.periodos[0].desde, scene.periodos[0].hasta
    where = ("Rita Solís", "MEX", "San Jacinto", "Centro 1")
    new = NewCasa(f"Casa {n}", "comodato", *where, first, last, valuacion=AMOUNT)
    register_casa(scene.libros, new, scene.alicia)


def _asset(scene: Any, n: int) -> None:
    bought = clock.today() - timedelta(days=n)
    new = NewActivo(f"A-{n}", f"Equipo {n}", FIXED, bought, AMOUNT, 36, "Oficina", "Ana")
    register_activo(scene.libros, new, scene.alicia)


def _repap(scene: Any, n: int) -> None:
    day = clock.today() - timedelta(days=1)
    paid = NewRepap(_person(scene, n, "repap").persona_id, "Brigada", day, day, AMOUNT, "transferencia", day)
    issue_repap(scene.libros, paid, scene.alicia)


def _cep(scene: Any, n: int) -> None:
    new = NewCep(_person(scene, n, "representante").persona_id, "general", oneroso=False)
    issue_cep(scene.libros, new, scene.alicia)


def _credit(scene: Any, n: int) -> None:
    today = clock.today()
    new = NewCredito(f"C-{n}", f"Banco {n}", today - timedelta(days=9), today + timedelta(days=300), AMOUNT)
    register_credito(scene.libros, new, scene.alicia)


def _project(scene: Any, n: int) -> None:
    new = NewProyecto(f"AE-{n}", f"Curso {n}", "actividades_especificas", clock.today().year)
    register_proyecto(scene.partido, new, scene.alicia)


def _partida(scene: Any, n: int) -> None:
    new = NewPartida("5-1-04-00-0000", Money(100_000 + n), clock.today(), f"Sesión {n} del comité")
    record_partida(scene.libros, new, scene.alicia)


def _owed(scene: Any, n: int) -> None:
    new = NewResolucion(f"INE/CG{n}/2026", "Multa", clock.today() - timedelta(days=30), AMOUNT)
    register_resolucion_por_pagar(scene.partido, new, scene.alicia)


def administrator() -> Usuario:
    """Return who administers, made the first time."""
    found: Usuario | None = Usuario.objects.filter(username="administra").first()
    if found is None:
        found = create_usuario("administra", "Administra", None, rfc=new_rfc())
        appoint(found, Nombramiento.Rol.ADMINISTRADOR)
    return found


def _subject(scene: Any, n: int) -> None:
    register_subject(NewSujeto(SujetoObligado.Tipo.PARTIDO, f"Q{n}", f"Partido número {n}"), administrator())


def _candidacy(scene: Any, n: int) -> None:
    office = next(name for name, row in offices(scene.etapa.proceso.ambito).items() if not row.get("una"))
    new = NewCandidacy(
        scene.partido, f"Candidata {n}", office, scene.etapa.proceso.entidad or "DUR", f"Distrito {n}", f"F-{n}"
    )
    register_candidacy(scene.etapa, new, administrator())


def _past(scene: Any, n: int) -> None:
    load_history(f"NOMBRE,TOTAL GASTOS\nAna,{n}.00\n".encode(), f"PEL-{1900 + n}.csv", None)


def _past_account(scene: Any, n: int) -> None:
    carga = standing().first() or load_history(b"NOMBRE,TOTAL GASTOS\nAna,1.00\n", "PEL-2009.csv", None).carga
    amounts = {"gasto": 100 + n, "ajustes_negativos": 0, "rubros": {}, "origenes": {}}
    CuentaHistorica.objects.create(carga=carga, renglon=n + 3, nombre=f"Cuenta {n}", **amounts)


def _mail(scene: Any, n: int) -> None:
    settings.SMTP_SERVIDOR = "correo.ejemplo.mx"
    try:
        to = Recipient(f"persona{n}@ejemplo.mx", "es-mx")
        queue("aviso", to, lambda: Letter(f"Aviso {n}", ("Uno",)), about=("Usuario", n), by=administrator())
    finally:
        settings.SMTP_SERVIDOR = ""


def _notice(scene: Any, n: int) -> None:
    with acting():
        notified(SimpleNamespace(party=scene.partido, stranger=administrator(), auditor=scene.dario))  # type: ignore[arg-type]


def _lot(scene: Any, n: int) -> None:
    rows = f"poliza;fecha\n{n};15/01/2024\n".encode()
    keep_lote(scene.libros, "polizas", (f"polizas-{n}.csv", [rows]), scene.alicia)


def _job(scene: Any, n: int) -> None:
    ask(REVIEW, f"lote {n}", {"lote": n}, scene.alicia, contabilidad=scene.libros)


def past_process() -> list[int]:
    """Return the number of the past process in sight, as its pages are addressed."""
    return list(standing().values_list("pk", flat=True)[:1])


ROWS: dict[str, tuple[str, Callable[[Any, int], object]]] = {
    "Accounts": ("party:cuentas", _account),
    "Assets": ("party:activos", _asset),
    "BankAccounts": ("party:bancos", _account),
    "Budget": ("party:presupuesto", _partida),
    "Candidacies": ("administration:candidaturas", _candidacy),
    "Ceps": ("party:ceps", _cep),
    "Contracts": ("party:avisos", _contract),
    "Contributions": ("party:aportaciones", _gift),
    "Credits": ("party:creditos", _credit),
    "Donors": ("party:aportantes", _donor),
    "Events": ("party:eventos", _event),
    "Houses": ("party:casas", _house),
    "Lots": ("party:lotes", _lot),
    "Looks": ("party:miradas", _look),
    "Mailbox": ("party:buzon", _notice),
    "Mails": ("administration:correos", _mail),
    "Owed": ("party:resoluciones", _owed),
    "PastAccounts": ("administration:historico", _past_account),
    "PastProcess": ("public:historico", _past_account),
    "Pasts": ("administration:historicos", _past),
    "People": ("party:gente", lambda scene, n: _person(scene, n, "empleo")),
    "Polizas": ("party:polizas", lambda scene, n: scene.post(scene.expense("100.00", f"Gasto {n}"))),
    "Projects": ("party:proyectos", _project),
    "Queue": ("trabajos:lista", _job),
    "Receipts": ("party:repap", _repap),
    "Shared": ("party:prorrateo", _shared),
    "Stock": ("party:inventario", _article),
    "Suppliers": ("party:proveedores", _supplier),
    "Subjects": ("administration:sujetos", _subject),
    "Transfers": ("party:traspasos", _transfer),
}
"""Name of each list: its page, and what adds the row of a number to it."""


def _account_of(scene: Any, n: int) -> None:
    appoint(create_usuario(f"auditora{n}", f"Auditora {n}", None, rfc=new_rfc()), Nombramiento.Rol.AUDITOR)


PAGES: dict[str, tuple[str, Callable[[Any, int], object]]] = {
    "cuentas de acceso": ("personas", _account_of),
}
"""The same of lists that no class declares, by words for the test."""


OF: dict[str, Callable[[], list[int]]] = {"PastAccounts": past_process, "PastProcess": past_process}
"""What the page of a list is of, where it is of something."""

NOT_COUNTED: dict[str, str] = {
    "Processes": "an authority opens one or two a year, each by two people",
    "Runs": "a list of the authority, counted at sixty runs in test_auditor_medir",
    "Signatures": "a list of the authority; what it asks of a row is in the row",
    "Compliance": "a list of the authority, counted at fifty subjects in test_obligaciones",
}
"""Lists without rows here, each with the reason."""
