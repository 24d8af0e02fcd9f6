"""What is presented is what the books say: whoever writes in them waits, after every statement of presenting."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import psycopg
import pytest
from django.db import transaction

from acts import arrive_behind, committed, open_points, points
from filing.campaign import Campaign, make_campaign, on
from lent import owner
from sif.banks.services import link
from sif.books.models import Evidencia, Poliza
from sif.books.services import attach_evidencia, post_poliza, reverse_poliza, store_file, void_evidencia
from sif.books.services.registros import NewContrato, sign_contrato
from sif.books.services.sustituciones import Correction, rerecord
from sif.filing import presenting, services
from sif.filing.models import Informe
from sif.filing.selectors import waiting
from sif.ledger import NewLine, NewPoliza
from sif.registry.locks import lock_contabilidades
from sif.registry.models import Ventana
from sif.registry.services import register_cuenta_bancaria
from sif.signing import minting
from sif.values import Money, Refused
from small_world import LEAFLETS, PAYABLE

NOON = "2024-05-02 12:00"


class Ready(NamedTuple):
    """A campaign with a report prepared and sealed, a póliza with evidence, and a bank account."""

    campaign: Campaign
    informe: Informe
    sello: str
    poliza: Poliza
    evidencia: Evidencia

    def present(self) -> object:
        """Present the report that was sealed."""
        world = self.campaign.world
        return services.present(
            self.informe, self.campaign.officer.cer, self.sello, world.clerk, trust=self.campaign.trust
        )

    def expense(self, amount: Money) -> NewPoliza:
        """Leaflets on credit in the period that is presented."""
        world, own = self.campaign.world, {"auxiliar_tipo": "proveedor", "auxiliar_id": self.campaign.world.supplier.pk}
        cost = (NewLine(LEAFLETS, cargo=amount, **own), NewLine(PAYABLE, abono=amount, **own))
        return NewPoliza(self.campaign.ana.pk, world.periods[0].pk, "normal", "DR", date(2024, 4, 12), "Volantes", cost)


def _ready(mint: minting.MintedAuthority) -> Ready:
    campaign = make_campaign(mint)
    campaign.spend(campaign.ana, "1000.00", date(2024, 4, 10))
    register_cuenta_bancaria(campaign.ana, "002180000000000009", "Banco", date(2024, 3, 1))
    poliza = Poliza.objects.get()
    evidencia = attach_evidencia(poliza, "pdf", "x.pdf", store_file(b"%PDF-1.7 x"), campaign.world.clerk)
    informe = campaign.prepare()
    sello = campaign.officer.sign(services.cadena_of(informe, campaign.officer.cer))
    return Ready(campaign, informe, sello, poliza, evidencia)


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    mint: minting.MintedAuthority,
) -> Iterator[Ready]:
    """The world of this module, really committed."""
    with pytest.MonkeyPatch.context() as patch, on(NOON):
        from django.conf import settings

        patch.setattr(settings, "DATOS", tmp_path_factory.mktemp("datos"))
        with committed(django_db_blocker, lambda: _ready(mint)) as ready:
            yield ready


@pytest.fixture
def ready(kept: Ready) -> Iterator[Ready]:
    """The world of this module at noon of 2 May."""
    with on(NOON):
        yield kept


def _post(ready: Ready) -> object:
    return post_poliza(ready.expense(Money(77_700)), ready.campaign.world.clerk)


def _reverse(ready: Ready) -> object:
    return reverse_poliza(ready.poliza, ready.campaign.world.clerk)


def _attach(ready: Ready) -> object:
    return attach_evidencia(ready.poliza, "otra", "y.pdf", ready.evidencia.archivo, ready.campaign.world.clerk)


def _void(ready: Ready) -> object:
    return void_evidencia(ready.evidencia, "Era de otra.", ready.campaign.world.clerk)


def _contract(ready: Ready) -> object:
    world = ready.campaign.world
    new = NewContrato(world.supplier.pk, "Volantes", date(2024, 4, 12), Money(100))
    return sign_contrato(ready.campaign.ana, new, world.clerk)


def _prepare(ready: Ready) -> object:
    return ready.campaign.prepare()


WRITERS: dict[str, Callable[[Ready], object]] = {
    "registrar": _post,
    "revertir": _reverse,
    "adjuntar": _attach,
    "dejar sin efecto": _void,
    "contratar": _contract,
    "preparar": _prepare,
    "presentar": Ready.present,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_who_writes_in_the_books_waits_while_their_report_is_presented(ready: Ready, writer: str) -> None:
    still_open = open_points(ready.present, lambda: WRITERS[writer](ready), "books_movimiento")
    assert still_open == []


@pytest.mark.parametrize("writer", ["registrar", "preparar"])
def test_who_writes_in_the_books_waits_while_their_report_is_prepared(ready: Ready, writer: str) -> None:
    assert open_points(lambda: _prepare(ready), lambda: WRITERS[writer](ready), "books_movimiento") == []


@pytest.mark.parametrize("writer", WRITERS)
def test_presenting_waits_for_who_writes_in_the_books(ready: Ready, writer: str) -> None:
    seen = points(lambda: WRITERS[writer](ready), ready.present)
    first = next(place for place, (sql, _) in enumerate(seen) if "FOR NO KEY UPDATE" in sql)
    assert [sql for sql, waited in seen[first:] if not waited] == []


def test_the_worker_leaves_books_that_somebody_holds_for_the_next_time_and_goes_on(
    ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenting, "PATIENCE_MS", 5)
    campaign = ready.campaign
    lock = "SELECT FROM registry_contabilidad WHERE id = %s FOR NO KEY UPDATE"
    with transaction.atomic(), psycopg.connect(owner()) as writer:
        assert writer.execute(lock, [campaign.ana.pk]).rowcount == 1
        whole, officer = campaign.prepare(campaign.berta, nil=True), campaign.officer
        for informe, sello in (
            (ready.informe, ready.sello),
            (whole, officer.sign(services.cadena_of(whole, officer.cer))),
        ):
            services.commit(informe, officer.cer, sello, campaign.world.clerk, trust=campaign.trust)
        assert presenting.complete_waiting() == 1
        assert [one.informe_id for one in waiting()] == [ready.informe.pk]
        transaction.set_rollback(True)


def test_preparing_waits_for_who_posts(ready: Ready) -> None:
    assert open_points(lambda: _prepare(ready), lambda: _post(ready), "books_movimiento") == []


def test_a_link_with_the_bank_waits_while_the_report_is_presented(ready: Ready) -> None:
    cuenta, clerk = ready.campaign.ana.cuentas_bancarias.get(), ready.campaign.world.clerk

    def try_to_link() -> None:
        with pytest.raises(Refused):
            link(cuenta, [], [], clerk)

    assert open_points(ready.present, try_to_link, "books_movimiento") == []


def _correct(ready: Ready) -> object:
    return rerecord(
        Correction(ready.poliza, "Otro monto.", b"%PDF-1.7 y"), ready.expense(Money(90_000)), ready.campaign.world.clerk
    )


@pytest.mark.parametrize("act", [_attach, _void, _correct])
def test_what_arrives_while_the_window_is_open_is_not_late_for_waiting(ready: Ready, act: Any) -> None:
    end = Ventana.objects.get(periodo=ready.poliza.periodo_id, tipo="normal").cierra_el
    assert arrive_behind(
        lambda: lock_contabilidades([ready.poliza.contabilidad_id]),
        lambda: act(ready),
        end - timedelta(seconds=1),
        end + timedelta(minutes=1),
    )
