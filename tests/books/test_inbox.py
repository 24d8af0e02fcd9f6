"""The inbox: an invoice is known once, told what is wrong, proposed as a póliza, and posted by a person."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest

from books.invoices import RFC, SPAN
from public_data import public
from sif.books.checks import checks_of
from sif.books.models import Archivo, Borrador, Comprobante, Poliza, Recepcion, UsoComprobante
from sif.books.receptor import rfcs_of
from sif.books.selectors import borradores, inbox, spent_against_cap
from sif.books.services import (
    BorradorConflict,
    PolizaRefused,
    discard_borrador,
    post_borrador,
    post_poliza,
    propose_poliza,
    receive_cfdi,
    receive_many,
    reverse_poliza,
    save_borrador,
)
from sif.cfdi import ComplementoIne, EntidadIne
from sif.cfdi.write import Contribuyente, Linea, Sealer
from sif.ledger import NewPoliza
from sif.registry.models import Proveedor
from sif.registry.scope import only, set_scope
from sif.registry.selectors import scope_of_user
from sif.registry.services import register_member, register_sujeto
from sif.signing.minting import mint_csd
from sif.values import Money
from small_world import BANKS, LEAFLETS, PAYABLE, PETROL, ZONE, World


def codes(problems: Any) -> list[str]:
    return [problem.codigo for problem in problems]


def test_a_good_invoice_is_kept_with_its_file_and_no_problem(world: World, invoice: Any) -> None:
    answer = receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    assert (answer.problemas, answer.comprobante.total, answer.comprobante.sello) == ((), 116_000, "valido")
    assert Archivo.objects.get(pk=answer.comprobante.xml_sha256).tipo == "text/xml"
    assert [c.clave_producto for c in answer.comprobante.conceptos.all()] == ["82101505"]
    assert [h.id_contabilidad for h in answer.comprobante.hojas_ine.all()] == [world.books.pk]
    assert list(inbox([world.books.pk])) == [answer.recepcion]


def test_it_becomes_a_proposal_that_a_person_posts(world: World, invoice: Any) -> None:
    set_scope(scope_of_user(world.clerk), world.clerk.pk)  # as in the web: what a person may see is enough to do it all
    answer = receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    proposal = propose_poliza(answer.recepcion)
    supplier = Proveedor.objects.get(rfc=RFC)
    total = Money.parse("1160.00")  # VAT is expense
    assert [(line.cuenta, line.cargo, line.abono, line.auxiliar_id) for line in proposal.poliza.lineas] == [
        (LEAFLETS, total, Money(0), supplier.pk),
        (BANKS, Money(0), total, world.bank.pk),
    ]
    assert (proposal.poliza.subtipo, proposal.poliza.fecha_operacion) == ("EG", date(2024, 4, 10))
    assert proposal.razon == "el concepto dice «volante»"
    assert [(p.codigo, p.mensaje) for p in proposal.faltantes][:2] == [
        ("evidencia", "Falta: Comprobante fiscal PDF."),
        ("evidencia", "Falta: Muestras (fotografía, video o audio)."),
    ]
    assert codes(proposal.faltantes)[-1] == "pago"
    assert not Poliza.objects.exists()  # proposing posts nothing
    posted = post_poliza(proposal.poliza, world.clerk, support=proposal.soporte)
    assert [use.monto for use in posted.comprobantes.all()] == [116_000]
    assert [evidence.clase_id for evidence in posted.evidencias.all()] == ["xml"]
    assert [(pago.medio, pago.monto) for pago in posted.pagos.all()] == [("transferencia", 116_000)]
    assert spent_against_cap([world.books])[world.books.pk].egresos == total
    assert list(inbox([world.books.pk])) == []
    reverse_poliza(posted, world.clerk)
    assert spent_against_cap([world.books])[world.books.pk].egresos == Money(0)


def test_lines_of_different_heads_go_to_their_accounts_and_add_up_to_the_total(world: World, invoice: Any) -> None:
    lines = (
        Linea("Volantes", 1000, Money(3_333), "82101505"),
        Linea("Gasolina magna", 1000, Money(3_333), "15101514"),
        Linea("Asesoría", 1000, Money(3_335), "80101500"),
        Linea("Impresos", 1000, Money(1), "82101505"),
    )
    answer = receive_cfdi(invoice(lineas=lines, forma_pago="99", metodo_pago="PPD"), "f.xml", world.books, world.clerk)
    proposal = propose_poliza(answer.recepcion)
    assert [line.cuenta for line in proposal.poliza.lineas] == [LEAFLETS, PETROL, "", PAYABLE]
    assert [line.cargo.centavos for line in proposal.poliza.lineas] == [3_867, 3_866, 3_869, 0]  # by weight, whole
    assert proposal.poliza.is_balanced
    assert proposal.poliza.abonos == Money(answer.comprobante.total)
    assert ("cuenta", "línea 3, cuenta") in [(p.codigo, p.donde) for p in proposal.faltantes]
    with pytest.raises(PolizaRefused):  # what nobody completed is not posted
        post_poliza(proposal.poliza, world.clerk, support=proposal.soporte)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"fecha": datetime(2024, 3, 10, 9, tzinfo=ZONE)}, "periodo"),
        ({"tipo": "E"}, "documento"),
    ],
)
def test_what_cannot_be_told_is_left_empty_and_said(
    world: World, invoice: Any, changes: dict[str, Any], missing: str
) -> None:
    answer = receive_cfdi(invoice(**changes), "f.xml", world.books, world.clerk)
    assert missing in codes(propose_poliza(answer.recepcion).faltantes)


def test_a_word_is_matched_whole(world: World, invoice: Any) -> None:
    lines = (Linea("Servicio en Puerto Vallarta", 1000, Money(100), "80101500"),)
    answer = receive_cfdi(invoice(lineas=lines), "f.xml", world.books, world.clerk)
    assert propose_poliza(answer.recepcion).poliza.lineas[0].cuenta == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receptor": Contribuyente("XAXX010101000", "PÚBLICO", "616")}, "receptor"),
        ({"ine": None}, "sin_complemento"),
        (
            {"ine": ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("NAC", "Federal", (1,)),))},
            "otra_contabilidad",
        ),
    ],
)
def test_what_only_these_books_can_say(world: World, invoice: Any, changes: dict[str, Any], code: str) -> None:
    answer = receive_cfdi(invoice(**changes), "f.xml", world.books, world.clerk)
    assert codes(answer.problemas) == [code]
    assert answer.recepcion.problemas[0]["codigo"] == code
    assert code in codes(propose_poliza(answer.recepcion).faltantes)


def test_an_invoice_to_a_member_is_of_the_books_of_its_coalition(world: World, invoice: Any) -> None:
    coalition = world.books.sujeto
    member = register_sujeto("partido", "91", "MBR", "Partido Miembro", rfc="PMI140101AB3")
    other = register_sujeto("partido", "92", "SNR", "Partido sin RFC")
    to_member = invoice(receptor=Contribuyente("PMI140101AB3", "PARTIDO MIEMBRO", "603"))
    assert codes(receive_cfdi(to_member, "f.xml", world.books, world.clerk).problemas) == ["receptor"]
    for each in (member, other):
        register_member(coalition, each, 5000, date(2024, 1, 1))
    set_scope(scope_of_user(world.clerk), world.clerk.pk)  # as in the web
    received = receive_cfdi(to_member, "f.xml", world.books, world.clerk).recepcion
    again = Recepcion.objects.select_related("contabilidad__sujeto", "comprobante").get(pk=received.pk)
    assert {each.clave: each.estado for each in checks_of([again])[again.pk].checks}["receptor"] == "bien"
    assert rfcs_of([coalition])[coalition.pk] == (coalition.rfc, "PMI140101AB3")
    stranger = invoice(receptor=Contribuyente("XAXX010101000", "PÚBLICO", "616"))
    told = receive_cfdi(stranger, "g.xml", world.books, world.clerk).problemas
    (problem,) = [each for each in told if each.codigo == "receptor"]
    assert problem.mensaje.endswith(f"el sujeto es {coalition.rfc} o PMI140101AB3.")


def test_dropping_it_twice_changes_nothing(world: World, invoice: Any) -> None:
    first, second = (receive_cfdi(invoice(), "f.xml", world.books, world.clerk) for _ in range(2))
    assert first.recepcion == second.recepcion
    assert (Comprobante.objects.count(), Recepcion.objects.count()) == (1, 1)


def test_another_xml_of_the_same_folio_fiscal_enters_and_is_told(world: World, invoice: Any) -> None:
    first = receive_cfdi(invoice(), "f.xml", world.books, world.clerk)
    second = receive_cfdi(invoice(folio="99"), "g.xml", world.books, world.clerk)
    assert (codes(first.problemas), codes(second.problemas)) == ([], ["otro_xml"])
    assert second.comprobante.xml_sha256 != first.comprobante.xml_sha256
    assert list(inbox([world.books.pk])) == [second.recepcion, first.recepcion]


def test_one_used_by_another_subject_is_told_without_naming_whom(world: World, invoice: Any) -> None:
    mine = propose_poliza(receive_cfdi(invoice(), "f.xml", world.books, world.clerk).recepcion)
    post_poliza(mine.poliza, world.clerk, support=mine.soporte)
    with only([world.foreign.pk]):  # the rival's people cannot see whose it is, and are told all the same
        theirs = receive_cfdi(invoice(), "f.xml", world.foreign, world.stranger)
        assert not UsoComprobante.objects.exists()
    told = next(problem for problem in theirs.problemas if problem.codigo == "ya_usado")
    assert told.mensaje == "Este comprobante ya se usó en otra contabilidad."
    assert world.party.nombre not in str(theirs.problemas)
    assert str(UsoComprobante.objects.get().poliza_id) not in told.mensaje


def test_one_used_in_other_books_does_not_pass_until_that_is_reversed(world: World, invoice: Any) -> None:
    mine = receive_cfdi(invoice(), "f.xml", world.books, world.clerk).recepcion
    theirs = receive_cfdi(invoice(), "f.xml", world.foreign, world.stranger).recepcion
    assert mine is not None and theirs is not None

    def folios() -> list[str]:
        found = checks_of([mine, theirs])
        return [next(c.estado for c in found[row.pk].checks if c.clave == "folio") for row in (mine, theirs)]

    assert folios() == ["bien", "bien"]
    plan = propose_poliza(mine)
    posted = post_poliza(plan.poliza, world.clerk, support=plan.soporte)
    assert folios() == ["bien", "grave"]
    reverse_poliza(posted, world.clerk)
    assert folios() == ["bien", "bien"]


def test_a_stranger_drops_nothing(world: World, invoice: Any) -> None:
    with pytest.raises(PermissionError):
        receive_cfdi(invoice(), "f.xml", world.books, world.stranger)
    assert not Comprobante.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "code", "place"),
    [
        (lambda xml: xml.replace(b"2024-04-10T", b"2024-02-31T", 1), "campo_forma", "/cfdi:Comprobante/@Fecha"),
        (lambda xml: xml[: len(xml) // 2], "xml_mal_formado", "línea 2, columna"),
        (lambda xml: b"MZ" + bytes(200), "no_es_xml", "archivo"),
        (lambda xml: b"%PDF-1.7\n/Encrypt", "no_es_xml", "archivo"),
        (lambda xml: b'<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>', "xml_doctype", "prólogo"),
        (lambda xml: xml.decode().encode("utf-16"), "codificacion", "archivo"),
    ],
)
def test_what_is_no_invoice_is_refused_at_its_exact_place_and_stops_no_other(
    world: World, invoice: Any, spoil: Any, code: str, place: str
) -> None:
    bad, good = receive_many([("mala.xml", spoil(invoice())), ("b.xml", invoice())], world.books, world.clerk)
    assert bad.recepcion is None
    assert codes(bad.problemas)[0] == code
    assert bad.problemas[0].donde.startswith(place)
    assert good.problemas == ()
    assert Comprobante.objects.count() == Recepcion.objects.count() == 1


def test_an_issuer_with_ene_and_ampersand_in_any_encoding_becomes_its_supplier(
    world: World, invoice: Any, authority: Any
) -> None:
    rfc, name = "Ñ&A010203AB9", "Ñandú & Asociados"
    seal = Sealer.open(*mint_csd(authority, rfc, "", name, *SPAN))
    for number, dress in enumerate(
        (
            lambda xml: xml,
            lambda xml: b"\xef\xbb\xbf" + xml,
            lambda xml: xml.decode().replace("UTF-8", "ISO-8859-1", 1).encode("latin-1"),
        )
    ):
        xml = invoice(by=seal, uuid=f"0A1B2C3D-0000-4000-8000-{number:012X}", emisor=Contribuyente(rfc, name))
        answer = receive_cfdi(dress(xml), "f.xml", world.books, world.clerk)
        assert (answer.problemas, answer.comprobante.sello) == ((), "valido")
        assert (answer.comprobante.emisor_rfc, answer.comprobante.emisor_nombre) == (rfc, name)
        proposal = propose_poliza(answer.recepcion)
        assert proposal.poliza.lineas[0].auxiliar_id == Proveedor.objects.get(rfc=rfc, nombre=name).pk


def test_a_fraction_of_a_centavo_is_told_and_rounded_once(world: World, invoice: Any) -> None:
    answer = receive_cfdi(invoice().replace(b'Total="1160.00"', b'Total="1160.005"'), "f.xml", world.books, world.clerk)
    told = next(problem for problem in answer.problemas if problem.codigo == "campo_decimales")
    assert told.donde == "/cfdi:Comprobante/@Total"
    assert "fracciones de centavo; se tomó como 1,160.01" in told.mensaje
    assert answer.comprobante.total == 116_001
    assert propose_poliza(answer.recepcion).poliza.is_balanced


def test_a_folder_dropped_as_a_zip_keeps_each_file_and_answers_for_the_bad(world: World, invoice: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", invoice())
        archive.writestr("b.xml", invoice(uuid="0A1B2C3D-0000-4000-8000-00000000ABCE"))
        archive.writestr("c.xml", b"<no")
    answers = receive_many([("enero.zip", packed.getvalue()), ("d.xml", b"\0")], world.books, world.clerk)
    assert [answer.archivo for answer in answers] == ["enero.zip/a.xml", "enero.zip/b.xml", "enero.zip/c.xml", "d.xml"]
    assert [answer.recepcion is not None for answer in answers] == [True, True, False, False]
    assert all(answer.problemas for answer in answers[2:])
    proposal = propose_poliza(answers[0].recepcion)
    assert post_poliza(proposal.poliza, world.clerk, support=proposal.soporte).evidencias.count() == 1


def test_a_draft_shows_who_saved_it_meanwhile_and_overwrites_nothing(world: World) -> None:
    draft = save_borrador(world.books, {"concepto": "a"}, world.clerk)
    assert save_borrador(world.books, {"concepto": "b"}, world.clerk, borrador=(draft.pk, 1)).version == 2
    with pytest.raises(BorradorConflict, match="Olga guardó este borrador a las 12:00") as caught:
        save_borrador(world.books, {"concepto": "c"}, world.clerk, borrador=(draft.pk, 1))
    assert caught.value.current.contenido == {"concepto": "b"}
    assert [row.contenido for row in borradores([world.books.pk])] == [{"concepto": "b"}]


def test_a_draft_is_posted_once_from_its_own_books_and_then_is_gone(world: World) -> None:
    draft = save_borrador(world.books, {}, world.clerk)
    elsewhere: NewPoliza = world.expense(contabilidad_id=world.other_books.pk)
    for bad in (elsewhere, world.expense(concepto="")):
        with pytest.raises(PolizaRefused):
            post_borrador(draft, bad, world.clerk)
    assert Borrador.objects.count() == 1
    post_borrador(draft, world.expense(), world.clerk)
    assert not Borrador.objects.exists()
    with pytest.raises(PolizaRefused, match="ya se registró"):
        post_borrador(draft, world.expense(), world.clerk)
    assert Poliza.objects.count() == 1


def test_a_stranger_saves_and_throws_away_no_draft(world: World) -> None:
    draft = save_borrador(world.books, {}, world.clerk)
    with pytest.raises(PermissionError):
        save_borrador(world.books, {}, world.stranger)
    with pytest.raises(PermissionError):
        discard_borrador(draft, world.stranger)
    discard_borrador(draft, world.clerk)
    assert not Borrador.objects.exists()


def test_every_real_invoice_is_answered_and_proposed(world: World) -> None:
    files = [(path.name, path.read_bytes()) for path in sorted(public("cfdi").rglob("*.xml"))]
    answers = receive_many(files, world.books, world.clerk)
    assert len(answers) == len(files)
    kept = [answer for answer in answers if answer.recepcion]
    assert len(kept) >= 10  # the rest are unstamped or not invoices
    assert all(answer.problemas for answer in answers)  # none is to this invented party for these books
    for answer in kept:
        proposal = propose_poliza(answer.recepcion)
        assert proposal.poliza.is_balanced
        assert proposal.faltantes


@pytest.mark.parametrize(
    "changes",
    [
        {"lineas": (Linea("Volantes", 10**20, Money(0), "82101505"),)},
        {"lineas": (Linea("V" * 5_000, 1000, Money(100), "82101505", unidad="U" * 300),)},
        {"uuid": "0A1B2C3D-0000-4000-8000-00000000ABCD-Y-MAS"},
        {"emisor": Contribuyente("RFC-QUE-NO-ES-DE-NADIE", "N" * 600)},
        {"lineas": (Linea("Volantes", 1000, Money(10**15), "82101505"),) * 3},
    ],
)
def test_values_out_of_all_measure_are_answered_too(world: World, invoice: Any, changes: dict[str, Any]) -> None:
    answer = receive_cfdi(invoice(**changes), "f.xml", world.books, world.clerk)
    if answer.recepcion:
        assert propose_poliza(answer.recepcion).poliza.is_balanced
    else:
        assert answer.problemas
