"""One folio fiscal on two XML: nobody's upload stops another's, each uses its own, and SAT tells them apart."""

from typing import Any

import pytest
from django.db import connection

from books.invoices import RFC, SPAN
from sif.books.checks import checks_of
from sif.books.estatus import least_known, with_estatus
from sif.books.models import Comprobante, Recepcion, UsoComprobante
from sif.books.selectors import inbox, reference_of
from sif.books.services import (
    accept_many,
    attach_evidencia,
    load_status,
    post_borrador,
    post_poliza,
    propose_poliza,
    receive_cfdi,
    receive_many,
    reverse_poliza,
    save_borrador,
    set_aside,
    store_file,
    void_evidencia,
)
from sif.books.services.cfdi import Reception
from sif.books.services.polizas import PolizaRefused
from sif.books.services.soporte import Support
from sif.books.tasks import ask_to_accept, ask_to_receive
from sif.cfdi.write import Contribuyente, Linea, Sealer
from sif.counterparties.history import is_another, name_said
from sif.jobs.models import Trabajo
from sif.registry.models import Contabilidad, Proveedor, Usuario
from sif.registry.scope import everything, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.services import register_proveedor
from sif.signing.minting import mint_authority, mint_csd
from sif.values import Money
from small_world import World

FOLIO = "0A1B2C3D-0000-4000-8000-00000000ABCD"
CREDIT: dict[str, Any] = {"forma_pago": "99", "metodo_pago": "PPD"}
FORGED: dict[str, Any] = {"lineas": (Linea("Volantes a color", 1000_000, Money(7), "82101505"),), **CREDIT}


def _codes(answer: Reception) -> list[str]:
    return [problem.codigo for problem in answer.problemas]


def _hand_in(data: bytes, books: Contabilidad, by: Usuario) -> Reception:
    set_scope(scope_of_user(by), by.pk)  # as in the web: what a person may see
    return receive_cfdi(data, "f.xml", books, by)


def _folio_check(row: Recepcion | None) -> str:
    assert row is not None
    return next(each.estado for each in checks_of([row])[row.pk].checks if each.clave == "folio")


@pytest.fixture(params=["forged first", "true first"])
def both(request: pytest.FixtureRequest, world: World, invoice: Any) -> tuple[Reception, Reception]:
    """The true invoice in the books of the party and a forged one in those of the rival, in either order."""
    true = (invoice(**CREDIT), world.books, world.clerk)
    forged = (invoice(**FORGED), world.foreign, world.stranger)
    if request.param == "true first":
        mine = _hand_in(*true)
        return mine, _hand_in(*forged)
    theirs = _hand_in(*forged)
    return _hand_in(*true), theirs


def test_each_keeps_the_one_that_it_handed_in(world: World, both: tuple[Reception, Reception]) -> None:
    mine, theirs = both
    assert mine.comprobante is not None and theirs.comprobante is not None
    assert _codes(mine) == []
    assert _codes(theirs) == ["receptor", "otra_contabilidad"]  # what is wrong with it alone, nothing of the other
    assert {mine.comprobante.uuid, theirs.comprobante.uuid} == {FOLIO}
    assert (mine.comprobante.total, theirs.comprobante.total) == (116_000, 8_120)
    assert mine.comprobante.xml_sha256 != theirs.comprobante.xml_sha256
    with everything():
        assert [c.valor_unitario for c in mine.comprobante.conceptos.all()] == [100]
        assert [c.valor_unitario for c in theirs.comprobante.conceptos.all()] == [7]
        assert list(inbox([world.books.pk])) == [mine.recepcion]
        assert list(inbox([world.foreign.pk])) == [theirs.recepcion]


def test_each_posts_its_own_and_the_use_of_one_says_nothing_in_the_books_of_the_other(
    world: World, both: tuple[Reception, Reception]
) -> None:
    mine, theirs = both
    assert mine.recepcion is not None and theirs.recepcion is not None
    set_scope(scope_of_user(world.stranger), world.stranger.pk)
    plan = propose_poliza(theirs.recepcion)
    forged = post_poliza(plan.poliza, world.stranger, support=plan.soporte)
    set_scope(scope_of_user(world.clerk), world.clerk.pk)
    assert _folio_check(mine.recepcion) == "bien"
    (true,) = accept_many([mine.recepcion], world.clerk).polizas
    with everything():
        used = dict(UsoComprobante.objects.values_list("poliza_id", "comprobante__xml_sha256"))
    assert mine.comprobante is not None and theirs.comprobante is not None
    assert used == {forged.pk: theirs.comprobante.xml_sha256, true.pk: mine.comprobante.xml_sha256}


def test_one_whose_seal_is_right_gives_its_folio_to_nobody(world: World, invoice: Any) -> None:
    sealed = _hand_in(invoice(emisor=Contribuyente(RFC, "OTRO NOMBRE"), **CREDIT), world.foreign, world.stranger)
    mine = _hand_in(invoice(**CREDIT), world.books, world.clerk)
    assert sealed.comprobante is not None and mine.comprobante is not None
    assert (sealed.comprobante.sello, mine.comprobante.sello) == ("valido", "valido")
    assert (_codes(mine), mine.comprobante.emisor_nombre) == ([], "IMPRENTA PÚBLICA")


@pytest.mark.parametrize("forge", ["seal", "certificate"])
def test_a_forged_invoice_does_not_name_a_supplier_for_everybody(world: World, invoice: Any, forge: str) -> None:
    names: dict[str, Any] = {"emisor": Contribuyente(RFC, "NOMBRE INVENTADO"), **CREDIT}
    if forge == "seal":
        data = invoice(**names).replace(b'Total="1160.00"', b'Total="9160.00"')
    else:
        key = mint_csd(mint_authority(), RFC, "", "NOMBRE INVENTADO", *SPAN)  # of an authority that nobody knows
        data = invoice(by=Sealer.open(*key), **names)
    theirs = _hand_in(data, world.foreign, world.stranger)
    assert theirs.recepcion is not None
    plan = propose_poliza(theirs.recepcion)
    assert "proveedor" in [problem.codigo for problem in plan.faltantes]
    assert not Proveedor.objects.filter(rfc=RFC).exists()
    mine = _hand_in(invoice(**CREDIT), world.books, world.clerk)
    assert mine.recepcion is not None
    propose_poliza(mine.recepcion)
    assert Proveedor.objects.get(rfc=RFC).nombre == "IMPRENTA PÚBLICA"


def test_a_name_that_another_party_gave_a_supplier_is_compared_with_what_its_believed_invoices_say(
    world: World, invoice: Any
) -> None:
    register_proveedor(RFC, "Imprenta Falsa")
    supplier = Proveedor.objects.get(rfc=RFC)
    key = mint_csd(mint_authority(), RFC, "", "NOMBRE INVENTADO", *SPAN)  # of an authority that nobody knows
    names: dict[str, Any] = {"emisor": Contribuyente(RFC, "NOMBRE INVENTADO"), **CREDIT}
    _hand_in(invoice(by=Sealer.open(*key), **names), world.books, world.clerk)
    assert name_said(supplier, [world.books.pk]) == ""
    _hand_in(invoice(**CREDIT), world.books, world.clerk)
    assert name_said(supplier, [world.books.pk]) == "IMPRENTA PÚBLICA"
    assert name_said(supplier, [world.foreign.pk]) == ""
    assert not is_another(" imprenta  FALSA", supplier) and is_another("Imprenta Falsas", supplier)


def test_the_same_bytes_of_two_parties_stay_one_invoice(world: World, invoice: Any) -> None:
    data = invoice(**CREDIT)
    mine, theirs = _hand_in(data, world.books, world.clerk), _hand_in(data, world.foreign, world.stranger)
    assert mine.comprobante == theirs.comprobante
    assert Comprobante.objects.count() == 1


def test_two_in_one_inbox_are_both_kept_and_neither_passes_until_one_is_set_aside(world: World, invoice: Any) -> None:
    files = [("f.xml", invoice(**CREDIT)), ("g.xml", invoice(**FORGED))]
    first, second = receive_many(files, world.books, world.clerk)
    assert (_codes(first), _codes(second)) == (["otro_xml"], ["otro_xml"])
    assert first.recepcion is not None and second.recepcion is not None
    assert (_folio_check(first.recepcion), _folio_check(second.recepcion)) == ("grave", "grave")
    set_aside([second.recepcion], "No es el que se timbró.", world.clerk)
    assert _folio_check(first.recepcion) == "bien"
    assert len(accept_many([first.recepcion], world.clerk).polizas) == 1


def test_the_same_document_in_other_bytes_is_used_once(world: World, invoice: Any) -> None:
    data = invoice(**CREDIT)
    end = data.rindex(b"</cfdi:Comprobante>")
    other = data[:end] + b"<cfdi:Addenda/>" + data[end:]  # no seal covers it
    mine, again = _hand_in(data, world.books, world.clerk), _hand_in(other, world.other_books, world.clerk)
    assert mine.recepcion is not None and again.comprobante is not None
    assert (again.comprobante.sello, again.comprobante.xml_sha256 != mine.recepcion.comprobante.xml_sha256) == (
        "valido",
        True,
    )
    plan = propose_poliza(mine.recepcion)
    post_poliza(plan.poliza, world.clerk, support=plan.soporte)
    assert _folio_check(again.recepcion) == "grave"
    theirs = _hand_in(other.replace(b"<cfdi:Addenda/>", b"<cfdi:Addenda />"), world.foreign, world.stranger)
    assert "ya_usado" in _codes(theirs)


def _said(answer: Reception) -> str:
    assert answer.comprobante is not None
    with everything():
        return with_estatus(Comprobante.objects.filter(pk=answer.comprobante.pk)).get().estatus_sat  # type: ignore[attr-defined, no-any-return]


def test_a_file_of_sat_says_of_which_it_speaks_or_no_good_is_believed_of_either(
    world: World, both: tuple[Reception, Reception]
) -> None:
    mine, theirs = both
    with everything():
        load = load_status(f"uuid,estatus,al\n{FOLIO},Vigente,2024-04-11\n".encode(), world.clerk)
        assert (load.anotados, load.desconocidos, load.sin_distinguir) == (0, 0, (FOLIO,))
        named = f"uuid,estatus,al,emisor,receptor,total\n{FOLIO},Vigente,2024-04-11,{RFC},{world.party.rfc},1160.00\n"
        load = load_status(named.encode(), world.clerk)
    assert (load.anotados, load.sin_distinguir) == (1, ())
    assert (_said(mine), _said(theirs)) == ("vigente", "desconocido")
    with everything():
        load = load_status(f"uuid,estatus,al\n{FOLIO},Cancelado,2024-04-12\n".encode(), world.clerk)
    assert load.anotados == 2  # what takes from a folio its worth takes it from all that bear it
    assert (_said(mine), _said(theirs)) == ("cancelado", "cancelado")


def test_what_somebody_drops_delays_no_word_of_sat_on_what_is_recorded(world: World, invoice: Any) -> None:
    dropped = _hand_in(invoice(**FORGED), world.foreign, world.stranger)
    mine = _hand_in(invoice(**CREDIT), world.books, world.clerk)
    assert mine.recepcion is not None
    accept_many([mine.recepcion], world.clerk)
    with everything():
        assert list(least_known()) == [mine.comprobante, dropped.comprobante]


def test_nobody_asks_for_a_job_over_the_books_of_another(world: World, invoice: Any) -> None:
    kept = _hand_in(invoice(**CREDIT), world.books, world.clerk).recepcion
    with everything():
        assert kept is not None
        for ask in (
            lambda: ask_to_receive(world.books, [("f.xml", [b"<x/>"])], world.stranger),
            lambda: ask_to_accept([kept], world.stranger),
        ):
            with pytest.raises(PermissionError, match="es de otro sujeto"):
                ask()
        assert not Trabajo.objects.exists()


def test_a_folio_is_looked_up_by_index(world: World) -> None:
    digest = "0" * 64
    alone = (
        Comprobante.objects.filter(uuid__in=[FOLIO], xml_sha256__in=[digest]),
        Comprobante.objects.filter(uuid__in=[FOLIO]),
    )
    joined = (
        Recepcion.objects.filter(contabilidad=world.books, comprobante__uuid__in=[FOLIO]),
        UsoComprobante.objects.filter(comprobante__uuid__in=[FOLIO]),
    )
    with connection.cursor() as cursor, everything():
        cursor.execute("SET LOCAL enable_seqscan = off")
        for rows in (*alone, *joined):
            sql, params = rows.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", params)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            # which table a join begins with depends on how many rows the tests before left in the statistics
            assert "Seq Scan" not in plan and (rows in joined or "comprobante_folio_y_archivo" in plan), plan


@pytest.mark.parametrize("spoiled", [False, True], ids=["sound", "false seal"])
def test_one_attached_to_a_poliza_by_hand_is_not_posted_again(world: World, invoice: Any, spoiled: bool) -> None:
    data = invoice(**CREDIT).replace(
        b'Descripcion="Volantes', b'Descripcion="Folletos' if spoiled else b'Descripcion="Volantes'
    )
    by_hand = post_poliza(world.expense("1160.00"), world.clerk)
    piece = attach_evidencia(by_hand, "xml", "f.xml", store_file(data), world.clerk)
    row = receive_cfdi(data, "f.xml", world.books, world.clerk).recepcion
    assert row is not None and (row.comprobante.sello == "invalido") is spoiled
    told = next(each for each in checks_of([row])[row.pk].checks if each.clave == "folio")
    assert told.mensaje == f"Este folio fiscal ya está en {reference_of(by_hand)}, como evidencia."
    with pytest.raises(PolizaRefused):
        accept_many([row], world.clerk)
    draft = save_borrador(world.books, {}, world.clerk, comprobante=row.comprobante)
    support = Support(comprobantes=((row.comprobante_id, Money.parse("1160.00")),))
    with pytest.raises(PolizaRefused) as refused:
        post_borrador(draft, world.expense("1160.00"), world.clerk, support=support)
    assert [each.codigo for each in refused.value.problems] == ["ya_adjunto"]
    void_evidencia(piece, "Era de otra operación.", world.clerk)
    assert _folio_check(row) == "bien"
    post_borrador(draft, world.expense("1160.00"), world.clerk, support=support)


def test_the_poliza_that_uses_one_or_a_reversed_one_does_not_tell_against_it(world: World, invoice: Any) -> None:
    data = invoice(**CREDIT)
    row = receive_cfdi(data, "f.xml", world.books, world.clerk).recepcion
    assert row is not None
    accept_many([row], world.clerk)
    assert _folio_check(row) == "bien"
    by_hand = post_poliza(world.expense("1160.00"), world.clerk)
    attach_evidencia(by_hand, "xml", "f.xml", store_file(data), world.clerk)
    assert _folio_check(row) == "grave"
    reverse_poliza(by_hand, world.clerk)
    assert _folio_check(row) == "bien"
