"""Sharing an expense through the service: what is written in every set of books, and that it is all or nothing."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from unittest.mock import patch

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from election import Election
from sif.apportionment.models import ParteProrrateo, Prorrateo
from sif.apportionment.planning import plan
from sif.apportionment.selectors import (
    avisos,
    candidates_for,
    partes_of,
    prorrateos,
    shareable_expenses,
    transferencias,
)
from sif.apportionment.services import apportion, inform_percentages, reverse_prorrateo
from sif.books.models import Comprobante, Evidencia, HojaIne, LadoTransferencia, Poliza
from sif.books.selectors import balanza, spent_against_cap, verify_chain
from sif.books.services import PolizaRefused, Support, post_poliza, read_file, reverse_poliza
from sif.registry import clock
from sif.registry.models import Contabilidad, IntegranteCoalicion
from sif.registry.scope import only, registering
from sif.registry.services import appoint, cancel_contabilidad, create_etapa, create_proceso, register_sujeto
from sif.values import Money, Refused
from small_world import ZONE

HEAD, OUT, INTO, RESIDUE = "5-5-01-03-0000", "5-4-02-01-0000", "4-5-02-03-0000", "5-5-11-00-0000"


def _balances(books: Contabilidad) -> dict[str, str]:
    return {row.cuenta: row.saldo.plain() for row in balanza(books.pk) if row.saldo}


def _problems(election: Election, *many: Contabilidad, **changes: object) -> list[str]:
    expense = election.expense()
    before = Poliza.objects.count()
    with pytest.raises(Refused) as refused:
        apportion(election.ask(expense, *many, **changes), election.world.clerk)
    assert Poliza.objects.count() == before and not Prorrateo.objects.exists()
    return [f"{p.codigo}: {p.mensaje}" for p in refused.value.problems]


def test_the_example_of_the_spot_in_every_book(election: Election) -> None:
    president, senator = election.candidate("P"), election.candidate("S")
    deputies = [election.candidate("D"), election.candidate("D", "1101631")]
    row = apportion(election.ask(election.expense(), president, senator, *deputies), election.world.clerk)
    amounts = {"P": "20000.00", "S": "50000.00", "D": "20000.00"}
    for books, amount in [
        (president, amounts["P"]),
        (senator, amounts["S"]),
        (deputies[0], amounts["D"]),
        (deputies[1], "10000.00"),
    ]:
        assert _balances(books) == {HEAD: amount, INTO: amount}
        assert spent_against_cap([books])[books.pk].egresos == Money.parse(amount)
        assert verify_chain(books.pk) is None
    # the origin keeps the debt with its supplier and the way out; the expense is no longer its own
    assert _balances(election.pool) == {OUT: "100000.00", "2-1-01-01-0000": "100000.00"}
    assert (row.inciso, row.diferencia, row.total) == ("c", 0, 10_000_000)
    connection.check_constraints()


def test_the_residue_is_a_visible_line_of_the_origin(election: Election) -> None:
    locals_ = [election.candidate("L") for _ in range(3)]
    row = apportion(election.ask(election.expense("100.01"), *locals_), election.world.clerk)
    assert [_balances(each)[HEAD] for each in locals_] == ["33.33"] * 3
    assert _balances(election.pool)[RESIDUE] == "0.02"
    assert row.total == row.diferencia + sum(part.monto for part in row.partes.all()) == 10_001
    connection.check_constraints()


def test_every_head_of_the_expense_is_kept(election: Election) -> None:
    from sif.ledger import NewLine

    own = {"auxiliar_tipo": "proveedor", "auxiliar_id": election.world.supplier.pk}
    lines = (
        NewLine(HEAD, cargo=Money(10_001), **own),
        NewLine("5-5-04-01-0000", cargo=Money(5), **own),
        NewLine("2-1-01-01-0000", abono=Money(10_006), **own),
    )
    many = [election.candidate("L"), election.candidate("L")]
    row = apportion(election.ask(election.expense(lineas=lines), *many), election.world.clerk)
    assert [_balances(each) for each in many] == [{HEAD: "50.00", "5-5-04-01-0000": "0.02", INTO: "50.02"}] * 2
    assert row.diferencia == 2  # a centavo of each head
    connection.check_constraints()


def test_federal_and_local_campaigns_share_by_the_table(election: Election) -> None:
    deputy, local = election.candidate("D"), election.candidate("L")
    row = apportion(election.ask(election.expense("10"), deputy, local), election.world.clerk)
    assert (row.inciso, _balances(deputy)[HEAD], _balances(local)[HEAD]) == ("k", "5.00", "5.00")
    assert {part.poliza.periodo.etapa_id for part in row.partes.all()} == {election.world.etapa.pk, election.local.pk}


def test_an_expense_written_in_the_wizard_enters_with_its_payment(election: Election) -> None:
    many = [election.candidate("L"), election.candidate("L")]
    ask = election.ask(None, *many, nuevo=election.to_write("1000"), esperados=0)
    row = apportion(ask, election.world.clerk)
    assert row.gasto.pagos.get().monto == 100_000
    assert _balances(election.pool) == {"1-1-02-00-0000": "-1000.00", OUT: "1000.00"}
    with pytest.raises(Refused, match="se registró otro prorrateo"):
        apportion(ask, election.world.clerk)


def test_both_sides_are_linked_and_the_cedula_is_evidence_of_all(election: Election) -> None:
    many = [election.candidate("L", cap) for cap in ("300", "100")]
    row = apportion(election.ask(election.expense("400"), *many), election.world.clerk)
    sides = LadoTransferencia.objects.filter(folio=row.folio)
    assert sorted((s.lado, s.contabilidad_id, s.contraparte_id, s.monto) for s in sides) == sorted(
        side
        for each, amount in zip(many, (30_000, 10_000), strict=True)
        for side in [("salida", election.pool.pk, each.pk, amount), ("entrada", each.pk, election.pool.pk, amount)]
    )
    polizas = {row.poliza_id, *(part.poliza_id for part in row.partes.all())}
    attached = Evidencia.objects.filter(clase="cedula_prorrateo")
    assert {each.poliza_id for each in attached} == polizas and {each.archivo_id for each in attached} == {
        row.cedula_id
    }
    pdf = read_file(row.cedula_id)
    assert hashlib.sha256(pdf).hexdigest() == row.cedula_id
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    for words in (
        row.folio,
        "$400.00",
        "$300.00",
        "75.0000",
        "Gasto personalizado",
        "LGPP 83.2.l",
        str(many[0].pk),
        "PN1/DR-",
    ):
        assert words in text, words
    assert [each.clase for each in (row.poliza, *(p.poliza for p in row.partes.all()))] == ["prorrateo"] * 3


def test_what_fails_after_posting_leaves_nothing_in_any_book(election: Election) -> None:
    from sif.apportionment import services

    many = [election.candidate("L"), election.candidate("L")]
    expense = election.expense()
    before = Poliza.objects.count()

    def fails(*_asked: object) -> bytes:
        assert Poliza.objects.count() == before + 3
        raise PolizaRefused()

    with patch.object(services, "cedula_pdf", fails), pytest.raises(Refused):
        apportion(election.ask(expense, *many), election.world.clerk)
    assert Poliza.objects.count() == before
    assert not Prorrateo.objects.exists() and not LadoTransferencia.objects.exists()


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (
            "one",
            "directo: Hay 1: el gasto que beneficia a una sola candidatura es directo y no se prorratea [LGPP 83.2]",
        ),
        ("rival", "otro_sujeto: Es del Partido Rival"),
        ("coalition", "mezcla_coalicion: Mezcla candidaturas de la Coalición con candidaturas que el Partido Ámbar"),
        ("process", "otro_proceso: Contiende en «Proceso»"),
        ("cancelled", "cancelada: Está cancelada"),
        ("cap", "sin_tope: No tiene tope de gastos"),
        ("two presidents", "combinacion: La ley no fija porcentajes para Presidencia el 10/04/2024"),
        ("pool", "beneficiario: No es una candidatura"),
        ("generic by name", "criterio: Ese criterio no corresponde: un gasto genérico no identifica"),
        ("no words", "detalle: Falta cómo se sabe"),
        ("unknown", "beneficiario: No hay una contabilidad con ese número"),
    ],
)
def test_what_may_not_be_mixed_is_refused_with_its_article(election: Election, case: str, says: str) -> None:
    world = election.world
    one, two = election.candidate("L"), election.candidate("L")
    changes: dict[str, object] = {}
    many = [one, two]
    if case == "one":
        many = [one]
    elif case == "rival":
        many = [one, election.candidate("L", subject=world.rival)]
    elif case == "coalition":
        coalition = register_sujeto("coalicion", f"C{world.etapa.pk}", f"CO{world.etapa.pk}", "Coalición")
        election.join(coalition, world.party)
        many = [one, election.candidate("L", subject=coalition)]
    elif case == "process":
        from sif.registry import services

        other = services.create_proceso(clave=f"OTRO-{one.pk}", nombre="Proceso", ambito="federal", anio=2024)
        stage = services.create_etapa(other, "campana", date(2024, 4, 1), date(2024, 5, 30))
        many = [one, election.candidate("D", etapa=stage)]
    elif case == "cancelled":
        cancel_contabilidad(two, "Un acuerdo", world.auditor)
    elif case == "cap":
        many = [one, election.candidate("L", None)]
    elif case == "two presidents":
        many = [election.candidate("P"), election.candidate("P")]
    elif case == "pool":
        many = [one, two, world.other_books]
    elif case == "generic by name":
        changes = {"clase": "generico"}
    elif case == "no words":
        changes = {"detalle": "  "}
    else:
        changes = {"beneficiarios": (one.pk, two.pk, 999_999)}
    found = _problems(election, *many, **changes)
    assert [each for each in found if each.startswith(says)], found


def test_a_coalition_and_its_party_in_other_scopes_are_not_that_mixture(election: Election) -> None:
    coalition = register_sujeto("coalicion", "CX", "COX", "Coalición Equis")
    election.join(coalition, election.world.party)
    found = _problems(election, election.candidate("D", subject=coalition), election.candidate("L"))
    assert not [each for each in found if each.startswith("mezcla")] and [
        e for e in found if e.startswith("otro_sujeto")
    ]


@pytest.mark.parametrize(("ends", "mixed"), [(date(2024, 4, 10), False), (date(2024, 4, 11), True)])
def test_a_member_that_left_a_coalition_by_the_day_of_the_expense_is_not_mixed(
    election: Election, ends: date, mixed: bool
) -> None:
    coalition = register_sujeto("coalicion", "CY", "COY", "Coalición Ye")
    with registering():
        IntegranteCoalicion.objects.create(
            coalicion=coalition, sujeto=election.world.party, participacion_pb=5000, desde=date(2024, 3, 1), hasta=ends
        )
    found = _problems(election, election.candidate("L", subject=coalition), election.candidate("L"))
    assert any(each.startswith("mezcla_coalicion") for each in found) is mixed


@pytest.mark.parametrize(
    ("first", "last", "runs"),
    [
        (date(2024, 3, 1), date(2024, 3, 31), False),
        (date(2024, 3, 1), date(2024, 4, 1), True),
        (date(2024, 5, 30), date(2024, 6, 20), True),
        (date(2024, 5, 31), date(2024, 6, 20), False),
    ],
)
def test_a_campaign_of_the_other_scope_runs_with_it_if_they_share_one_day(
    election: Election, first: date, last: date, runs: bool
) -> None:
    other = create_proceso(clave="PELO-OTRO", nombre="Proceso local", ambito="local", entidad="JAL", anio=2024)
    stage = create_etapa(other, "campana", first, last)
    books = election.candidate("L", etapa=stage)
    assert (books in candidates_for(election.pool, [books.pk])) is runs


def test_an_account_that_admits_no_cedula_is_not_shared(election: Election) -> None:
    many = [election.candidate("L"), election.candidate("L")]
    found = plan(
        election.ask(None, *many, nuevo=election.to_write(cuenta="5-5-09-01-0000")), election.world.clerk
    ).problemas
    assert [p.mensaje for p in found if p.codigo == "cuenta"] == [
        "La cuenta «Comisiones bancarias» (5-5-09-01-0000) no admite cédula de prorrateo."
    ]


def test_an_expense_is_shared_once(election: Election) -> None:
    many = [election.candidate("L"), election.candidate("L")]
    expense = election.expense()
    assert list(shareable_expenses([election.pool])) == [expense]
    row = apportion(election.ask(expense, *many), election.world.clerk)
    assert not shareable_expenses([election.pool]).exists()
    with pytest.raises(Refused, match=f"ya se prorrateó con el folio {row.folio}"):
        apportion(election.ask(expense, *many), election.world.clerk)


def test_too_little_to_share_is_refused(election: Election) -> None:
    expense = election.expense("0.01")
    with pytest.raises(Refused, match="cero centavos"):
        apportion(election.ask(expense, election.candidate("L"), election.candidate("L")), election.world.clerk)


def test_strangers_and_clerks_of_some_books_share_nothing(election: Election) -> None:
    world, many = election.world, [election.candidate("L"), election.candidate("L")]
    expense = election.expense()
    from sif.registry.services import create_usuario

    clerk = create_usuario("parcial", "Parcial", "", password_hash="!")
    appoint(clerk, "capturista", world.party, [election.pool, many[0]])
    for by in (world.stranger, world.auditor, clerk):
        with pytest.raises(Refused, match="no registra en esa contabilidad"):
            apportion(election.ask(expense, *many), by)
    assert not Prorrateo.objects.exists()


def test_books_that_are_not_there_share_nothing(election: Election) -> None:
    ask = election.ask(election.expense(), election.candidate("L"), origen_id=999_999)
    with pytest.raises(Contabilidad.DoesNotExist, match="999999"):
        plan(ask, election.world.clerk)


@pytest.mark.parametrize("day", [date(2024, 4, 1), date(2024, 4, 30)])
def test_the_first_and_the_last_day_of_a_period_are_of_it(election: Election, day: date) -> None:
    many = [election.candidate("D"), election.candidate("D")]
    with clock.at(datetime(2024, 4, 30, 12, tzinfo=ZONE)):
        planned = plan(election.ask(None, *many, nuevo=election.to_write(fecha=day)), election.world.clerk)
    assert planned.problemas == ()
    assert {slot.periodo_id for slot in planned.huecos.values()} == {election.world.periods[0].pk}


def test_a_closed_period_is_said_before_posting(election: Election) -> None:
    many = [election.candidate("L"), election.candidate("L")]
    ask = election.ask(election.expense(), *many)
    with clock.at(datetime(2024, 5, 20, 12, tzinfo=ZONE)):
        found = {p.codigo for p in plan(ask, election.world.clerk).problemas}
    assert found == {"ventana"}


def test_a_reversal_undoes_every_poliza_and_the_expense_may_be_shared_again(election: Election) -> None:
    world, many = election.world, [election.candidate("L") for _ in range(3)]
    expense = election.expense("100.01")
    row = apportion(election.ask(expense, *many), world.clerk)
    with pytest.raises(Refused, match="Falta el motivo"):
        reverse_prorrateo(row, " ", world.clerk)
    done = reverse_prorrateo(row, "Faltó una candidatura", world.clerk)
    connection.check_constraints()
    assert len(done) == 4 and {each.clase for each in done} == {"prorrateo"}
    assert [_balances(each) for each in many] == [{}] * 3
    assert _balances(election.pool) == {HEAD: "100.01", "2-1-01-01-0000": "100.01"}
    assert prorrateos([election.pool.pk]).get().revertido and all(
        each.revertida for each in partes_of([b.pk for b in many])
    )
    assert all(each.revertida for each in transferencias([election.pool.pk], prorrateadas=True))
    again = apportion(election.ask(expense, *many, election.candidate("L")), world.clerk)
    assert again.folio.endswith("-0002")
    with pytest.raises(Refused):
        reverse_prorrateo(row, "Otra vez", world.clerk)
    assert verify_chain(election.pool.pk) is None


def test_the_database_refuses_a_prorrateo_reversed_in_part(election: Election) -> None:
    row = apportion(
        election.ask(election.expense(), election.candidate("L"), election.candidate("L")), election.world.clerk
    )
    part = row.partes.first()
    assert part is not None
    with pytest.raises(IntegrityError, match="se revierte completo: se revirtieron 1 de sus 3"), transaction.atomic():
        with only([part.contabilidad_id]):
            reverse_poliza(part.poliza, election.world.clerk, concepto="Sola")
        connection.check_constraints()


def test_the_database_refuses_parts_that_do_not_add_up_and_any_change(election: Election) -> None:
    row = apportion(
        election.ask(election.expense(), election.candidate("L"), election.candidate("L")), election.world.clerk
    )
    connection.check_constraints()
    for change in (
        lambda: Prorrateo.objects.filter(pk=row.pk).update(total=1),
        lambda: ParteProrrateo.objects.filter(prorrateo=row).delete(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()
    expense = election.expense("5")
    other = Prorrateo(**{f.attname: getattr(row, f.attname) for f in Prorrateo._meta.fields if f.name != "id"})
    other.folio, other.gasto, other.poliza = "PR-FALSO", row.gasto, expense
    with pytest.raises(IntegrityError, match="no suma"), transaction.atomic():
        other.save()
        connection.check_constraints()


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_temporary_table_does_not_make_false_parts_add_up(election: Election) -> None:
    row = apportion(
        election.ask(election.expense(), election.candidate("L"), election.candidate("L")), election.world.clerk
    )
    connection.check_constraints()  # what the sound one still had to be asked would be refused for the false one
    other = Prorrateo(**{f.attname: getattr(row, f.attname) for f in Prorrateo._meta.fields if f.name != "id"})
    other.folio, other.poliza, other.total, other.diferencia = "PR-FALSO", election.expense("5"), 500, 0
    with pytest.raises(IntegrityError, match="no suma"), transaction.atomic():
        other.save()
        halves = "(VALUES (-1), (-2)) v (n)"
        parts = f"SELECT {other.pk} AS prorrateo_id, 250::bigint AS monto, n AS poliza_id FROM {halves}"
        totals = f"(VALUES ({other.poliza_id}, 500::bigint), (-1, 250), (-2, 250)) v (id, total)"
        run(f"CREATE TEMP TABLE apportionment_parteprorrateo AS {parts}")
        run(f"CREATE TEMP TABLE books_poliza AS SELECT * FROM {totals}")
        run("GRANT SELECT ON apportionment_parteprorrateo, books_poliza TO PUBLIC")
        connection.check_constraints()


def test_a_temporary_table_does_not_hide_a_prorrateo_reversed_in_part(election: Election) -> None:
    row = apportion(
        election.ask(election.expense(), election.candidate("L"), election.candidate("L")), election.world.clerk
    )
    part = row.partes.first()
    assert part is not None
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="se revierte completo"), transaction.atomic():
        reverse_poliza(part.poliza, election.world.clerk, concepto="Sola")
        run("CREATE TEMP TABLE apportionment_prorrateo (LIKE public.apportionment_prorrateo)")
        run("GRANT SELECT ON apportionment_prorrateo TO PUBLIC")
        connection.check_constraints()


def test_each_sees_the_prorrateos_of_their_books_alone(election: Election) -> None:
    many = [election.candidate("L"), election.candidate("L")]
    apportion(election.ask(election.expense(), *many), election.world.clerk)
    with only([election.world.foreign.pk]):
        assert not Prorrateo.objects.exists() and not ParteProrrateo.objects.exists()
    with only([many[0].pk]):
        assert ParteProrrateo.objects.count() == 1 and not Prorrateo.objects.exists()


def test_a_day_before_the_law_has_no_percentages(election: Election) -> None:
    ask = election.ask(
        None, election.candidate("L"), election.candidate("L"), nuevo=election.to_write(fecha=date(2014, 1, 1))
    )
    assert "combinacion" in {p.codigo for p in plan(ask, election.world.clerk).problemas}
    assert plan(replace(ask, nuevo=election.to_write("0")), election.world.clerk).problemas[0].codigo == "importe"


def test_percentages_are_told_once_and_by_who_signs(election: Election) -> None:
    # This is case 26, whose second version is refused.
    world = election.world
    row = inform_percentages(world.etapa, world.party, world.clerk)
    assert row.porcentajes["c:PSD"] == {"P": 2000, "S": 5000, "D": 3000}
    with pytest.raises(Refused, match="no se modifican"):
        inform_percentages(world.etapa, world.party, world.clerk)
    with pytest.raises(Refused, match="no presenta avisos"):
        inform_percentages(world.etapa, world.party, world.stranger)


@pytest.mark.parametrize(("day", "late"), [(22, False), (23, True)])
def test_percentages_told_on_the_last_of_ten_days_are_in_time(election: Election, day: int, late: bool) -> None:
    world = election.world
    with clock.at(datetime(2024, 3, day, 23, 59, 59, tzinfo=ZONE)):
        inform_percentages(world.etapa, world.party, world.clerk)
    [row] = avisos([world.etapa], [world.party])
    assert row.vence_el == date(2024, 3, 22) and row.informado_el is not None
    assert row.is_late(row.informado_el.astimezone(ZONE).date()) is late


def test_an_invoice_that_names_one_candidacy_is_its_direct_spending(election: Election) -> None:
    one, other = election.candidate("L"), election.candidate("L")
    invoice = Comprobante.objects.create(
        uuid=f"7C1E90B4-3F0A-4D52-9B17-{one.pk:012d}",
        version="4.0",
        tipo="I",
        emisor_rfc="IPR150312Q47",
        receptor_rfc="PAM140101AB1",
        fecha=clock.now(),
        subtotal=100,
        total=100,
        moneda="MXN",
        sello="valido",
        xml_sha256="0" * 64,
        tiene_ine=True,
    )
    HojaIne.objects.create(comprobante=invoice, linea=1, tipo_proceso="Campaña", id_contabilidad=one.pk)
    expense = post_poliza(
        election.world.expense("1000"),
        election.world.clerk,
        support=Support(comprobantes=((invoice.pk, Money(100_000)),)),
    )
    with pytest.raises(Refused, match="nombra solo a Candidatura") as refused:
        apportion(election.ask(expense, one, other), election.world.clerk)
    assert [problem.codigo for problem in refused.value.problems] == ["directo"]
    HojaIne.objects.create(comprobante=invoice, linea=2, tipo_proceso="Campaña", id_contabilidad=other.pk)
    assert apportion(election.ask(expense, one, other), election.world.clerk).total == 100_000
