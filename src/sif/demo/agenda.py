"""Build events, houses, notices, a warehouse, receipts and debts for the campaigns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.conf import settings
from django.db import transaction

from sif.books.models import Contrato
from sif.books.services.kardex import NewEntrada, NewSalida, record_entry, record_exit
from sif.books.services.registros import (
    NewAviso,
    NewCep,
    NewContrato,
    NewRepap,
    amend_notice,
    give_notice,
    issue_cep,
    issue_repap,
    sign_contrato,
)
from sif.catalogs.models import Evento, PersonaSujeto
from sif.catalogs.services.campaign_debts import (
    NewCredito,
    NewProyecto,
    NewResolucion,
    register_credito,
    register_proyecto,
    register_resolucion_por_pagar,
)
from sif.catalogs.services.campaign_events import (
    NewEvento,
    cancel_evento,
    change_evento,
    hold_evento,
    register_evento,
)
from sif.catalogs.services.campaign_goods import (
    NewActivo,
    NewArticulo,
    NewCasa,
    register_activo,
    register_articulo,
    register_casa,
)
from sif.demo.builder import Built
from sif.demo.faults import Planted
from sif.demo.keys import Names
from sif.demo.operations import at
from sif.demo.world import World, certificates_folder
from sif.filing.ceps import cadena_of_cep, sign_cep
from sif.law.parameters import value_on
from sif.registry import clock
from sif.registry.history import current
from sif.registry.models import Contabilidad, Etapa, Persona, SujetoObligado, Usuario
from sif.registry.services import register_persona
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD
from sif.values import Money

ACTS = (
    ("Arranque de campaña", True),
    ("Caminata por el mercado", False),
    ("Reunión con comerciantes", False),
    ("Mitin en la plaza", True),
    ("Encuentro con jóvenes", False),
    ("Concierto por el distrito", True),
    ("Desayuno con mujeres del campo", True),
    ("Recorrido por las colonias", False),
    ("Cierre de campaña", True),
)
PLACES = (
    ("San Jacinto", "Plaza Juárez, Centro, frente al quiosco"),
    ("El Rosal", "Auditorio municipal, Morelos 12"),
    ("Ocotal", "Mercado Hidalgo, entrada por 5 de Mayo"),
    ("Valle Hondo", "Cancha de usos múltiples, colonia Obrera"),
)
GOODS = (
    ("PLA-01", "Playera estampada", "pieza", 3_800),
    ("GOR-01", "Gorra bordada", "pieza", 4_550),
    ("BOL-01", "Bolsa de tela", "pieza", 2_275),
)
FORGOTTEN, TARDY = (9, 70), (20, 140)
"""Places, among the contracts of the campaign that ended, of those never noticed and of those noticed late."""
LATE_NOTICE, NOTICE_DAYS, TOLD_IN_TIME = 6, 3, 2
TERMS = NewAviso("Entrega en una exhibición y pago contra entrega", penalizacion="Diez por ciento de lo no entregado")


class Campaign:
    """One set of books with who records in it and until when there is something to tell."""

    def __init__(self, world: World, books: Contabilidad, random: Random) -> None:
        self.world, self.books, self.random = world, books, random
        self.by: Usuario = world.heads[books.sujeto.siglas]
        self.now, self.names = clock.now(), Names(random)
        self.first, self.last = books.etapa.inicia_el, books.etapa.termina_el
        self.plantadas: list[Planted] = []

    def plant(self, rule: str, key: str, amount: int, why: str) -> None:
        """Note a fault that the rulebook must find."""
        self.plantadas.append(Planted(rule, key, self.books.pk, amount, why))

    def then(self, day: date, act: Callable[[], object], hour: int = 11) -> None:
        """Do it at an hour of a day, if that day has come."""
        moment = at(day, hour)
        if moment <= self.now:
            with clock.at(moment):
                act()


def record_campaigns(world: World, built: Built, seed: int) -> int:
    """Record it in both processes, note what the rulebook must find of it, and give the number of events."""
    random = Random(seed + 61)  # noqa: S311 - a believable campaign, not a secret
    for etapa in (built.terminada, built.en_curso):
        for books in _candidacies(etapa):
            campaign = Campaign(world, books, random)
            _house(campaign)
            _agenda(campaign, 1 if etapa == built.en_curso else 3)
            built.plantadas += campaign.plantadas
    with transaction.atomic():
        built.plantadas += _finished_notices(world, built.terminada, random)
    for books in _candidacies(built.en_curso):
        campaign = Campaign(world, books, random)
        _notices(campaign)
        _warehouse(campaign)
        _receipts(campaign)
        built.plantadas += campaign.plantadas
    for siglas in ("PJ", "UB"):
        _subject(Campaign(world, _pool(built.en_curso, world.subjects[siglas]), random))
    return current(Evento.objects.all()).count()


def _candidacies(etapa: Etapa) -> list[Contabilidad]:
    books = Contabilidad.objects.filter(etapa=etapa, candidatura__isnull=False)
    return list(books.select_related("etapa", "sujeto", "candidatura__persona").order_by("pk"))


def _pool(etapa: Etapa, sujeto: SujetoObligado) -> Contabilidad:
    return Contabilidad.objects.select_related("etapa", "sujeto").get(etapa=etapa, sujeto=sujeto, candidatura=None)


def _house(campaign: Campaign) -> None:
    lent = campaign.random.random() < 0.4
    town, _place = campaign.random.choice(PLACES)
    new = NewCasa(
        "Casa de campaña",
        "comodato" if lent else "arrendamiento",
        campaign.names.person()[0],
        "MEX",
        town,
        f"Calle Morelos {campaign.random.randrange(1, 90)}, Centro",
        campaign.first,
        campaign.last,
        Money(0) if lent else Money(campaign.random.randrange(800_000, 2_400_000)),
        Money(campaign.random.randrange(600_000, 1_800_000)) if lent else Money(0),
    )
    campaign.then(campaign.first, lambda: register_casa(campaign.books, new, campaign.by))


def _agenda(campaign: Campaign, every: int) -> None:
    """An event a week (or every so many): most in time, one in six late, some moved or cancelled."""
    for week, (name, costed) in list(enumerate(ACTS))[::every]:
        day = campaign.first + timedelta(days=6 + week * 6)
        if day > campaign.last:
            break
        town, place = campaign.random.choice(PLACES)
        hour = campaign.random.choice((10, 12, 17, 18))
        new = NewEvento(
            name,
            "publico" if week % 4 else "privado",
            costed,
            day,
            time(hour),
            time(hour + 2),
            "MEX",
            town,
            place,
            campaign.names.person()[0],
        )
        late = campaign.random.random() < 0.16
        ahead = campaign.random.randrange(1, 6) if late else campaign.random.randrange(8, 14)
        campaign.then(day - timedelta(days=ahead), partial(_live, campaign, new, ahead))


def _live(campaign: Campaign, new: NewEvento, ahead: int) -> None:
    event = register_evento(campaign.books, new, campaign.by)
    if ahead < value_on("plazo_agenda_dias", new.fecha, settings.JURISDICTION):
        campaign.plant("AG001", f"evento_id={event.pk}", 0, f"se registró {ahead} días antes")
    fate = campaign.random.random()
    if fate < 0.12:
        told = new.fecha + timedelta(days=campaign.random.choice((-1, 1, 1, 4)))
        campaign.then(told, lambda: _cancel(campaign, event, (told - new.fecha).days))
        return
    if fate < 0.3:
        moved = replace(new, lugar="Explanada de la presidencia municipal")
        before = max(new.fecha - timedelta(days=2), clock.today())
        campaign.then(before, lambda: change_evento(event, moved, "Cambió el permiso", campaign.by), 13)
    ended = datetime.combine(new.fecha, new.hora_fin, clock.legal_zone())
    if ended + timedelta(hours=1) <= campaign.now and fate < 0.92:
        with clock.at(ended + timedelta(hours=1)):
            hold_evento(event, campaign.by)


def _cancel(campaign: Campaign, event: Evento, days: int) -> None:
    change = cancel_evento(event, "No se dio el permiso de la plaza", campaign.by)
    if days > TOLD_IN_TIME:
        campaign.plant("AG003", f"cambio_id={change.pk}", 0, f"se avisó {days} días después de la fecha del evento")


def _finished_notices(world: World, etapa: Etapa, random: Random) -> list[Planted]:
    """Notices of every contract of the campaign that ended, in time; two were never given and two came late."""
    planted: list[Planted] = []
    books = {each.pk: each for each in Contabilidad.objects.filter(etapa=etapa).select_related("etapa", "sujeto")}
    contracts = Contrato.objects.filter(contabilidad__in=books).select_related("proveedor").order_by("pk")
    for place, contract in enumerate(contracts):
        contract.contabilidad = books[contract.contabilidad_id]
        campaign = Campaign(world, contract.contabilidad, random)
        if place in FORGOTTEN:
            campaign.plant("CO001", f"contrato_id={contract.pk}", contract.monto, "el contrato nunca se avisó")
        else:
            wait = LATE_NOTICE if place in TARDY else place % 3
            if wait == LATE_NOTICE:
                campaign.plant("CO001", f"contrato_id={contract.pk}", contract.monto, f"se avisó {wait} días después")
            campaign.then(contract.suscrito_el + timedelta(days=wait), partial(_notice, campaign, contract, 0), 18)
        planted += campaign.plantadas
    return planted


def _notices(campaign: Campaign) -> None:
    """Notices of the contracts signed: in time, late, amended; one is left without, and one was signed yesterday."""
    contracts = list(Contrato.objects.filter(contabilidad=campaign.books).select_related("proveedor").order_by("pk"))
    for place, contract in enumerate(contracts):
        is_last = place == len(contracts) - 1
        wait = LATE_NOTICE if place % 5 == 4 else place % 3
        if (is_last or wait == LATE_NOTICE) and (clock.today() - contract.suscrito_el).days > NOTICE_DAYS:
            why = "el contrato no se avisó" if is_last else f"se avisó {wait} días después"
            campaign.plant("CO001", f"contrato_id={contract.pk}", contract.monto, why)
        if is_last:
            continue
        contract.contabilidad = campaign.books
        day = contract.suscrito_el + timedelta(days=wait)
        campaign.then(day, partial(_notice, campaign, contract, place), 18)
    yesterday = clock.today() - timedelta(days=1)
    new = NewContrato(
        campaign.world.suppliers[campaign.random.randrange(8)].row.pk,
        "Sonido y templete para el cierre",
        yesterday,
        Money(4_640_000),
        yesterday + timedelta(days=6),
    )
    campaign.then(yesterday, lambda: sign_contrato(campaign.books, new, campaign.by))


def _notice(campaign: Campaign, contract: Contrato, place: int) -> None:
    notice = give_notice(contract, TERMS, campaign.by)
    if place % 4 == 3:
        more = replace(TERMS, condiciones="Entrega en dos exhibiciones y pago contra la segunda")
        amend_notice(notice, more, campaign.by)


def _warehouse(campaign: Campaign) -> None:
    """Goods come in at two prices and go out to events held and to a town."""
    own = current(Evento.objects.filter(contabilidad=campaign.books, estatus="realizado"))
    held = list(own.order_by("fecha"))
    for key, name, unit, cost in GOODS:
        article = NewArticulo(key, name, unit, "utilitaria")
        campaign.then(campaign.first, partial(_goods, campaign, article, cost, held))


def _goods(campaign: Campaign, new: NewArticulo, cost: int, held: list[Evento]) -> None:
    article = register_articulo(campaign.books, new, campaign.by)
    pieces = campaign.random.randrange(600, 1_500)
    for days, origin, price in ((3, "compra", cost), (16, "compra", cost + 317), (19, "aportacion", cost - 140)):
        day = campaign.first + timedelta(days=days)
        amount = pieces if origin == "compra" else pieces // 6
        entry = NewEntrada(day, amount * 1000, Money(amount * price), origin, recibe="Almacén central")
        campaign.then(day, partial(record_entry, article, entry, campaign.by))
    for event in held[1:]:
        out = NewSalida(event.fecha, pieces // 5 * 1000, evento_id=event.pk, recibe=event.responsable)
        campaign.then(event.fecha, partial(record_exit, article, out, campaign.by), 9)
    day = campaign.first + timedelta(days=27)
    town = NewSalida(day, pieces // 4 * 1000, destino="Ocotal", recibe="Brigada del municipio")
    campaign.then(day, lambda: record_exit(article, town, campaign.by))


def _receipts(campaign: Campaign) -> None:
    """REPAP receipts of brigades, and CEP: signed, free, and some that pay and wait for a signature."""
    brigade = [_person(campaign, "repap") for _ in range(4)]
    for place, person in enumerate(brigade * 2):
        day = campaign.first + timedelta(days=8 + place * 2)
        new = NewRepap(
            person.pk,
            "Brigada de volanteo",
            day - timedelta(days=7),
            day - timedelta(days=1),
            Money(120_000),
            "transferencia",
            day,
        )
        campaign.then(day, partial(issue_repap, campaign.books, new, campaign.by))
    yesterday = clock.today() - timedelta(days=1)
    for place in range(9):
        paid = place % 3 != 2
        new_cep = NewCep(
            _person(campaign, "representante").pk,
            "casilla" if place else "general",
            paid,
            Money(60_000) if paid else Money(0),
            "transferencia" if paid else "",
            yesterday if paid else None,
            f"{410 + place:04d}" if place else "",
        )
        campaign.then(yesterday, partial(_cep, campaign, new_cep, place))


def _cep(campaign: Campaign, new: NewCep, place: int) -> None:
    cep = issue_cep(campaign.books, new, campaign.by)
    if place in (1, 6):
        return
    folder = certificates_folder() / "efirmas"
    certificate = (folder / f"{campaign.by.rfc}.cer").read_bytes()
    key = open_key((folder / f"{campaign.by.rfc}.key").read_bytes(), DEMO_PASSWORD)
    sign_cep(cep, certificate, sign(cadena_of_cep(cep, certificate), key), campaign.by)


def _person(campaign: Campaign, relacion: str) -> Persona:
    names = campaign.names
    name, rfc, curp, _sex = names.person()
    row = register_persona(name, curp, rfc=rfc)
    PersonaSujeto.objects.create(
        sujeto=campaign.books.sujeto,
        persona=row,
        relacion=relacion,
        desde=campaign.first,
        clave_elector=names.clave_elector(name),
        registrada_el=clock.now(),
        registrada_por=campaign.by,
    )
    return row


def _subject(campaign: Campaign) -> None:
    """Register the assets, credit, projects and fine to pay of a subject, in the books of its concentradora."""
    books, by, year = campaign.books, campaign.by, campaign.now.year
    subject, today = books.sujeto, clock.today()
    for number, words, account, cost, life in (
        ("AF-0001", "Computadora de escritorio", "1-2-05-00-0000", 1_849_900, 36),
        ("AF-0002", "Equipo de sonido portátil", "1-2-06-00-0000", 3_275_050, 60),
        ("AF-0003", "Camioneta de reparto", "1-2-04-00-0000", 38_900_000, 48),
    ):
        bought = today - timedelta(days=campaign.random.randrange(60, 700))
        register_activo(
            books, NewActivo(number, words, account, bought, Money(cost), life, "Sede estatal", by.nombre), by
        )
    register_credito(
        books,
        NewCredito(
            "BVH-2231",
            "Banco de Valle Hondo",
            books.etapa.inicia_el,
            today + timedelta(days=300),
            Money(25_000_000),
            1_275,
        ),
        by,
    )
    for key, words, heading in (
        ("AE-01", "Curso de historia electoral", "actividades_especificas"),
        ("LM-01", "Escuela de liderazgo de mujeres", "liderazgo_mujeres"),
    ):
        register_proyecto(subject, NewProyecto(key, words, heading, year), by)
    register_resolucion_por_pagar(
        subject,
        NewResolucion("IEVH/CG/14", "Multa por egresos no comprobados", today - timedelta(days=90), Money(8_640_000)),
        by,
    )
