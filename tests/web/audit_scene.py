"""A campaign of 2024 with real pólizas, a frozen snapshot and a real run of the rulebook, for the authority's desks."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from os import link
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from proceedings.world import World, at, build_world, submitted
from rfcs import new_rfc
from sif.audit import services as audit
from sif.audit.models import Corrida, Hallazgo, Observacion
from sif.books.models import Comprobante, Poliza
from sif.books.services import NewEvidencia, NewPago, Support, post_poliza, store_file
from sif.ledger import NewLine, NewPoliza
from sif.proceedings import resolving, selectors, services
from sif.proceedings.models import Dictamen, Oficio, Resolucion
from sif.proceedings.proposing import propose_oficio
from sif.registry import clock
from sif.registry import services as registry
from sif.registry.models import Proveedor, Usuario
from sif.registry.scope import everything
from sif.values import Money
from small_world import catalogs

LEAFLETS, PAYABLE = "5-5-01-03-0000", "2-1-01-01-0000"
RULES = frozenset({"CF001", "CF012", "EV001", "RE001"})
UUID = "8F3B1C52-6A0D-4E57-9B21-0C4D7A1E9F60"


@dataclass
class Scene:
    """The world, its run and its people; each act leaves the campaign one step further."""

    world: World
    corrida: Corrida
    gabriela: Usuario
    sofia: Usuario
    supplier: Proveedor

    def pending(self, regla: str = "") -> list[Hallazgo]:
        """What nobody has decided, by money."""
        rows = Hallazgo.objects.filter(
            corrida=self.corrida, estado="hallazgo", observaciones__isnull=True, descarte__isnull=True
        )
        return list((rows.filter(regla=regla) if regla else rows).order_by("-monto", "-pk"))

    def adopted(self, regla: str) -> Observacion:
        """What a rule found, adopted by Darío after the last report."""
        with everything(), at("2024-06-10 12:00"):
            (made,) = audit.adopt(self.pending(regla), self.world.dario, "Se solicita aclarar.")
        return made

    def notified(self) -> Oficio:
        """The oficio on the day of the calendar."""
        with everything(), at("2024-06-11 12:00"):
            propose_oficio(self.world.etapa, self.world.partido, self.world.dario)
            return services.issue_oficio(self.world.etapa, self.world.partido, self.world.elena)

    def opened(self) -> Dictamen:
        """The dictamen, opened once the term to answer has run."""
        with everything(), at("2024-06-25 12:00"):
            return services.open_dictamen(self.world.etapa, self.world.partido, self.world.elena)

    def closed(self) -> Dictamen:
        """Every conclusion unattended and closed, and the dictamen closed."""
        dictamen = self.opened()
        with everything(), at("2024-06-26 12:00"):
            for row in selectors.conclusiones_of(dictamen):
                self.world.judge(row)
                services.close_conclusion(row, self.world.elena)
            return services.close_dictamen(dictamen, self.world.bruno)

    def drawn(self) -> Resolucion:
        """The project for the session of 22 July 2024."""
        dictamen = self.closed()
        with everything(), at("2024-07-01 12:00"):
            return resolving.draft_resolucion(dictamen, date(2024, 7, 22), self.gabriela)

    def discussed(self) -> Resolucion:
        """The project put to the vote, after it was drawn."""
        project = self.drawn()
        with at("2024-07-01 13:00"):
            return submitted(project, self.gabriela, self.sofia)


def _post(world: World, by: Usuario, day: int, pesos: str, support: Support, concepto: str) -> Poliza:
    amount, supplier = Money.parse(pesos), Proveedor.objects.get(rfc="IPR150312Q47")
    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": supplier.pk}
    lines = (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own))
    period = world.etapa.periodos.get(numero=1)
    new = NewPoliza(world.contabilidades[0].pk, period.pk, "normal", "EG", date(2024, 3, day), concepto, lines)
    return post_poliza(new, by, support=support)


def build_scene() -> Scene:
    """Three pólizas: one late and without evidence, one whose invoice has no XML, one clean; frozen and judged."""
    catalogs()
    world = build_world(2024, date(2024, 3, 1), date(2024, 5, 29))
    supplier = registry.register_proveedor("IPR150312Q47", "Impresos del Prado")
    gabriela = registry.create_usuario("gabriela", "Gabriela Nava", "", password_hash="!", rfc=new_rfc())
    registry.appoint(gabriela, "resoluciones", desde=date(2024, 1, 1))
    paper = store_file(b"%PDF-1.4 muestra de los volantes")
    invoice = Comprobante.objects.create(
        uuid=UUID,
        version="4.0",
        tipo="I",
        emisor_rfc="IPR150312Q47",
        emisor_nombre="Impresos del Prado",
        receptor_rfc="PAZ140101AB1",
        fecha=clock.now().replace(year=2024, month=3, day=20),
        subtotal=4_000_000,
        total=4_640_000,
        moneda="MXN",
        sello="no_verificable",
        xml_sha256="",
        tiene_ine=True,
    )
    kept = (NewEvidencia("muestra", "volantes.pdf", paper.sha256),)
    with at("2024-03-22 10:00"):
        _post(world, world.alicia, 3, "92800.00", Support(), "Volantes del arranque")
        paid = (NewPago(supplier.pk, "transferencia", date(2024, 3, 21), Money.parse("46400.00")),)
        with_invoice = Support(comprobantes=((invoice.pk, Money.parse("46400.00")),), pagos=paid, evidencias=kept)
        _post(world, world.alicia, 21, "46400.00", with_invoice, "Volantes de la gira")
    with at("2024-06-05 10:00"):
        judged = [rule for rule in audit.rules_of(world.etapa) if rule.id in RULES]  # the whole book is run elsewhere
        corrida = audit.run(audit.freeze(world.etapa, date(2024, 6, 4)), judged)
    return Scene(world, corrida, gabriela, world.sofia, supplier)


@pytest.fixture(scope="module")
def audited(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scene, Path]]:
    """The scene, made once for the tests of a module and undone after them, and the folder of its files."""
    folder = tmp_path_factory.mktemp("mesa")
    with django_db_blocker.unblock(), override_settings(DATOS=folder), transaction.atomic():
        with everything():
            made = build_scene()
        yield made, folder
        transaction.set_rollback(True)


@pytest.fixture
def review(audited: tuple[Scene, Path], db: None, settings: Any, tmp_path: Path) -> Iterator[Scene]:
    """The scene on the day the oficios are due, with a copy of its files; what a test does is undone with it."""
    made, folder = audited
    settings.DATOS = copytree(folder, tmp_path / "datos", copy_function=link)
    with at("2024-06-11 09:00"):
        yield deepcopy(made)
