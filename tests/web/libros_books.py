"""Books with something for every report: operations, a statement, a prorrateo, a house, an event, stock, receipts."""

from datetime import date, time

from banks.samples import line, statement
from election import Election
from sif.apportionment.services import apportion
from sif.banks.services import load_statement
from sif.banks.write import write_ofx
from sif.books.services import (
    NewEvidencia,
    Support,
    attach_evidencia,
    post_poliza,
    reverse_poliza,
    store_file,
    void_evidencia,
)
from sif.books.services.kardex import NewEntrada, NewSalida, record_entry, record_exit
from sif.books.services.registros import NewAviso, NewContrato, give_notice, sign_contrato
from sif.catalogs.services import NewSerie, authorize_serie
from sif.catalogs.services.campaign_events import NewEvento, register_evento
from sif.catalogs.services.campaign_goods import NewArticulo, NewCasa, register_articulo, register_casa
from sif.counterparties.services import NewContribution, record_aportacion
from sif.values import Money
from small_world import BANKS, LEAFLETS, PAYABLE
from statements.operations import post


def fill(election: Election) -> None:
    """Write them as the party's clerk."""
    world = election.world
    books, clerk = world.books, world.clerk
    authorize_serie(NewSerie(world.party.pk, "RSEF", 1, 20), clerk)
    gift = NewContribution(
        books.pk,
        world.periods[0].pk,
        "normal",
        world.donor.pk,
        "simpatizante",
        "transferencia",
        date(2024, 4, 13),
        Money(9_876_543),
        "Toluca",
        cuenta_bancaria_id=world.bank.pk,
    )
    record_aportacion(gift, clerk)
    photo = NewEvidencia("muestra", "=muestra.txt", store_file(b"una foto").sha256)
    poliza = post_poliza(
        world.expense("1250.75", concepto="=2+2 Volantes"), clerk, support=Support(evidencias=(photo,))
    )
    void_evidencia(attach_evidencia(poliza, "muestra", "otra.txt", store_file(b"otra"), clerk), "Se repite", clerk)
    reverse_poliza(post(world, LEAFLETS, PAYABLE, 70_010), clerk, concepto="Se repite mal")
    post(world, PAYABLE, BANKS, 125_075, date(2024, 4, 14))
    load_statement(world.bank, ("abril.ofx", write_ofx(statement((line(14, "-1250.75", "SPEI", "", "K1"),)))), clerk)
    apportion(election.ask(election.expense("1000.01"), *(election.candidate("L") for _ in range(3))), clerk)
    register_casa(
        books,
        NewCasa(
            "Casa norte",
            "comodato",
            "Ana Ruiz",
            "MEX",
            "San Jacinto",
            "Morelos 4",
            date(2024, 4, 1),
            date(2024, 5, 30),
            valuacion=Money(1_200_000),
        ),
        clerk,
    )
    register_evento(
        books,
        NewEvento("Mitin", "publico", True, date(2024, 4, 29), time(18), time(20), "MEX", "Lerma", "Plaza", "Ana Ruiz"),
        clerk,
    )
    article = register_articulo(books, NewArticulo("PLA-01", "Playera", "pieza", "utilitaria"), clerk)
    record_entry(article, NewEntrada(date(2024, 4, 10), 100_500, Money(500_000), "compra", "NE-1"), clerk)
    record_exit(article, NewSalida(date(2024, 4, 11), 40_250, "NS-1", destino="Brigada norte"), clerk)
    contract = sign_contrato(
        books, NewContrato(world.supplier.pk, "Volantes", date(2024, 4, 12), Money(125_075), date(2024, 4, 20)), clerk
    )
    give_notice(contract, NewAviso("Pago a la entrega"), clerk)
