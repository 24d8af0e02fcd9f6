"""What law adds up by year is seen whole by the audit of each stage, and by who keeps the books."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commands.test_listas import REPEATED, TITLES
from sif.audit import freeze
from sif.audit.preflight import preflight
from sif.books.models import Comprobante
from sif.books.services import (
    Handed,
    NewAportacion,
    NewEvidencia,
    Support,
    post_poliza,
    reverse_poliza,
    store_file,
    void_evidencia,
)
from sif.books.services.registros import NewRepap, issue_repap
from sif.books.services.soporte import NewTransfer
from sif.books.services.transferencias import transfer
from sif.catalogs.services.listas import load_69b
from sif.catalogs.services.people import NewPersona, save_persona
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.leaving import NewEnd, NewReturn, end_candidacy, restore_candidacy
from sif.registry.models import (
    Ambito,
    Cargo,
    Contabilidad,
    CuentaBancaria,
    Etapa,
    IntegranteCoalicion,
    Persona,
    SujetoObligado,
    Territorio,
)
from sif.registry.scope import registering
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    create_etapa,
    create_proceso,
    open_contabilidad,
    open_periods,
    register_aportante,
    register_cuenta_bancaria,
    register_sujeto,
)
from sif.values import Money
from small_world import BANKS, GIFT, PAYABLE, ZONE, World

CUT, DAY = date(2024, 6, 10), date(2024, 4, 10)
AMOUNT = Money(500)


@dataclass
class Elsewhere:
    """The ordinary year of the same party, beside its campaign."""

    world: World
    etapa: Etapa
    books: Contabilidad
    bank: CuentaBancaria

    def post(self, there: bool, lines: tuple[NewLine, ...], **support: Any) -> Any:
        etapa, books = (self.etapa, self.books) if there else (self.world.etapa, self.world.books)
        period = etapa.periodos.get(desde__lte=DAY, hasta__gte=DAY)
        new = self.world.expense(contabilidad_id=books.pk, periodo_id=period.pk, lineas=lines)
        return post_poliza(new, self.world.clerk, support=Support(**support))

    def gift(self, there: bool, folio: str, amount: Money = AMOUNT) -> Any:
        bank = self.bank if there else self.world.bank
        lines = (
            NewLine(BANKS, cargo=amount, auxiliar_tipo="cuenta_bancaria", auxiliar_id=bank.pk),
            NewLine(GIFT, abono=amount, auxiliar_tipo="aportante", auxiliar_id=self.world.donor.pk),
        )
        given = NewAportacion(self.world.donor.pk, "simpatizante", "transferencia", DAY, folio, amount)
        return self.post(there, lines, aportaciones=(given,))

    def bought(self, there: bool, **support: Any) -> Any:
        return self.post(there, self.world.lines(AMOUNT), **support)


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        proceso = create_proceso(clave="ORD-2024", nombre="Ordinario", ambito=Ambito.FEDERAL, anio=2024)
        etapa = create_etapa(proceso, Etapa.Tipo.ORDINARIO, date(2024, 1, 1), date(2024, 12, 31))
        open_periods(etapa)
        books = open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
        bank = register_cuenta_bancaria(books, "002180000000000012", "Banco", date(2024, 3, 1))
    return Elsewhere(world, etapa, books, bank)


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(folder / f"{table}.parquet").to_pylist()
    return rows


def test_gifts_to_another_stage_of_the_year_are_seen_with_what_is_left_of_them(elsewhere: Elsewhere) -> None:
    elsewhere.gift(False, "R-1")
    given, undone = elsewhere.gift(True, "R-2"), elsewhere.gift(True, "R-3")
    reverse_poliza(undone, elsewhere.world.clerk)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    seen = [(r["contabilidad_id"], r["folio"], r["neto"], r["donde"]) for r in _rows(folder, "aportes_ajenos")]
    assert seen == [(elsewhere.books.pk, "R-2", AMOUNT.centavos, "federal"), (elsewhere.books.pk, "R-3", 0, "federal")]
    assert given.total == AMOUNT.centavos
    assert [row["folio"] for row in _rows(folder, "aportaciones")] == ["R-1"]
    back, _ = freeze.freeze_tables(elsewhere.etapa, date(2024, 12, 31))
    assert [row["folio"] for row in _rows(back, "aportes_ajenos")] == ["R-1"]
    assert len(_rows(back, "aportantes")) == 1


def test_who_received_in_another_stage_is_told_with_its_kind(elsewhere: Elsewhere) -> None:
    """What was given to an association, which keeps no campaign books, counts to no limit of a party."""
    association = register_sujeto("agrupacion", "APX", "APX", "Agrupación X")
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        books = open_contabilidad(elsewhere.etapa, association, Contabilidad.Clase.ORDINARIA)
        appoint(elsewhere.world.clerk, "responsable_finanzas", association)
        bank = register_cuenta_bancaria(books, "002180000000000025", "Banco", date(2024, 3, 1))
    before, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    assert association.pk not in {row["sujeto_id"] for row in _rows(before, "sujetos")}
    world = replace(elsewhere.world, donor=register_aportante(association, "Donante Dos"))
    Elsewhere(world, elsewhere.etapa, books, bank).gift(True, "R-1")
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    assert (association.pk, "agrupacion") in {(r["sujeto_id"], r["tipo"]) for r in _rows(folder, "sujetos")}


def test_who_keeps_the_campaign_is_told_what_the_year_already_has(elsewhere: Elsewhere) -> None:
    world = elsewhere.world
    who = save_persona(NewPersona(world.party.pk, "Rosa Zepeda", "repap", date(2024, 3, 1)), world.clerk)
    for books, amount in ((elsewhere.books, Money(4_614_225)), (world.books, Money(7))):
        new = NewRepap(who.persona_id, "Brigada", DAY, DAY, amount, "cheque", DAY)
        issue_repap(books, new, world.clerk)
    with clock.at(datetime(2024, 5, 1, 9, tzinfo=ZONE)):
        told = preflight(world.etapa, [world.books, world.other_books], whole_subject=True)
    [risk] = [risk for risk in told.riesgos if risk.regla.id == "RP001"]
    assert [each.monto for each in risk.hallazgos] == [7]
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    assert [row["monto"] for row in _rows(folder, "repap_ajenos")] == [4_614_225]


def test_the_other_side_of_a_transfer_is_seen_in_the_other_stage(elsewhere: Elsewhere) -> None:
    new = NewTransfer(elsewhere.books.pk, elsewhere.world.books.pk, AMOUNT, "efectivo", DAY)
    _out, into = transfer(new, elsewhere.world.clerk)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    [side] = _rows(folder, "lados_ajenos")
    assert (side["lado"], side["contabilidad_id"], side["contraparte_id"], side["viva"]) == (
        "salida",
        elsewhere.books.pk,
        elsewhere.world.books.pk,
        True,
    )
    reverse_poliza(_out, elsewhere.world.clerk)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    assert [row["viva"] for row in _rows(folder, "lados_ajenos")] == [False]
    assert into.total == AMOUNT.centavos


def _invoice(uuid: str, xml: str, sello: str = "valido", issuer: str = "IPR150312Q47") -> Comprobante:
    return Comprobante.objects.create(
        uuid=uuid,
        emisor_rfc=issuer,
        receptor_rfc="PAM140101AB1",
        fecha=clock.now(),
        subtotal=900,
        total=900,
        moneda="MXN",
        sello=sello,
        xml_sha256=xml,
    )


def test_an_invoice_spent_in_another_stage_is_seen_also_in_other_bytes(elsewhere: Elsewhere) -> None:
    one, same, false = _invoice("u1", "a"), _invoice("u1", "b"), _invoice("u1", "c", "invalido")
    elsewhere.bought(False, comprobantes=((one.pk, Money(400)),))
    first = elsewhere.bought(True, comprobantes=((one.pk, Money(300)),))
    second = elsewhere.bought(True, comprobantes=((same.pk, Money(200)), (false.pk, Money(100))))
    undone = elsewhere.bought(True, comprobantes=((one.pk, Money(50)),))
    owed = {"auxiliar_tipo": "proveedor", "auxiliar_id": elsewhere.world.supplier.pk}
    bank = {"auxiliar_tipo": "cuenta_bancaria", "auxiliar_id": elsewhere.bank.pk}
    paid = (NewLine(PAYABLE, cargo=AMOUNT, **owed), NewLine(BANKS, abono=AMOUNT, **bank))
    elsewhere.post(True, paid, comprobantes=((one.pk, Money(300)),))
    reverse_poliza(undone, elsewhere.world.clerk)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    uses = {(r["poliza_id"], r["cuenta"]) for r in _rows(folder, "usos_ajenos") if r["cuenta"] is not None}
    assert uses == {(first.pk, 300), (second.pk, 200)}
    assert {row["cfdi_id"] for row in _rows(folder, "usos_ajenos")} == {one.pk}


def test_an_issuer_who_is_in_no_catalogue_of_suppliers_is_looked_for_in_the_list_of_69b(elsewhere: Elsewhere) -> None:
    world = elsewhere.world
    with clock.at(datetime(2024, 6, 1, tzinfo=ZONE)):
        appoint(world.auditor, "administrador")
        load_69b((TITLES + REPEATED).encode("latin-1"), None, world.auditor)
    elsewhere.bought(False, comprobantes=((_invoice("u1", "a", issuer="BBB080808HL8").pk, Money(400)),))
    folder, _ = freeze.freeze_tables(world.etapa, CUT)
    assert {row["rfc"] for row in _rows(folder, "padron69b")} == {"BBB080808HL8"}
    back, _ = freeze.freeze_tables(elsewhere.etapa, date(2024, 12, 31))
    assert _rows(back, "padron69b") == []


def test_who_contends_in_any_stage_of_the_year_is_seen(elsewhere: Elsewhere) -> None:
    world = elsewhere.world
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        new = NewCandidatura(
            folio="F1",
            persona=Persona.objects.create(nombre="Rosa Zepeda", rfc="ZERR800101AB1"),
            sujeto=world.party,
            cargo=Cargo.objects.create(clave="DIP-X", nombre="Diputación", ambito="federal", columna="D"),
            territorio=Territorio.objects.create(clave="MEX-99", nombre="Distrito", tipo="distrito", entidad="MEX"),
            tope=1,
            tope_acuerdo="INE/CG1/2024",
            aprobada_el=date(2024, 2, 29),
            acuerdo_aprobacion="INE/CG2/2024",
        )
        books = approve_candidatura(world.etapa, new, number=77)
    for etapa, day in ((elsewhere.etapa, date(2024, 12, 31)), (world.etapa, CUT)):
        folder, _ = freeze.freeze_tables(etapa, day)
        (seen,) = (row for row in _rows(folder, "postulados") if row["contabilidad_id"] == books.pk)
        assert (seen["sujeto_id"], seen["rfc"], seen["curp"]) == (world.party.pk, "ZERR800101AB1", None)
        assert (seen["etapa"], seen["desde"], seen["hasta"]) == ("campana", date(2024, 2, 29), date(9999, 12, 31))
        assert seen["proceso"] == world.etapa.proceso.clave
    with clock.at(datetime(2024, 6, 1, 9, tzinfo=ZONE)):
        appoint(world.auditor, "administrador")
        fin = end_candidacy(books.candidatura, NewEnd("fallecimiento", date(2024, 4, 1), "INE/CG3/2024"), world.auditor)
        folder, _ = freeze.freeze_tables(world.etapa, CUT)
        assert [row["hasta"] for row in _rows(folder, "postulados") if row["contabilidad_id"] == books.pk] == [
            fin.desde
        ]
        restore_candidacy(fin, NewReturn("INE/CG4/2024", "Error"), world.auditor)
        folder, _ = freeze.freeze_tables(world.etapa, CUT)
    (seen,) = (row for row in _rows(folder, "postulados") if row["contabilidad_id"] == books.pk)
    assert seen["hasta"] == date(9999, 12, 31)


def test_every_registered_party_is_seen_whether_or_not_it_keeps_books_in_the_stage(elsewhere: Elsewhere) -> None:
    with registering():
        other, local, coalition = (
            SujetoObligado.objects.create(tipo=tipo, numero=numero, siglas=numero, nombre=tipo)
            for tipo, numero in (("partido", "P88"), ("partido_local", "P89"), ("coalicion", "P90"))
        )
    folder, _ = freeze.freeze_tables(elsewhere.etapa, date(2024, 12, 31))
    seen = {(row["sujeto_id"], row["donde"]) for row in _rows(folder, "partidos")}
    assert seen >= {(elsewhere.world.party.pk, "federal"), (other.pk, "federal")}
    assert {number for number, _place in seen}.isdisjoint({local.pk, coalition.pk})


def test_a_party_is_told_by_the_years_of_its_books_and_those_of_its_coalitions(elsewhere: Elsewhere) -> None:
    """Who lost its registration, or had none yet, keeps no books while others do: its money is not waited for."""
    with registering():
        lost, joined, without = (
            SujetoObligado.objects.create(tipo="partido", numero=numero, siglas=numero, nombre=numero)
            for numero in ("P91", "P92", "P93")
        )
        union = SujetoObligado.objects.create(tipo="coalicion", numero="P94", siglas="P94", nombre="Unión")
        IntegranteCoalicion.objects.create(
            coalicion=union, sujeto=joined, participacion_pb=5_000, desde=date(2024, 3, 1)
        )
    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        before = create_proceso(clave="ORD-2022", nombre="Ordinario 2022", ambito=Ambito.FEDERAL, anio=2022)
        year = create_etapa(before, Etapa.Tipo.ORDINARIO, date(2022, 1, 1), date(2022, 12, 31))
        open_contabilidad(year, lost, Contabilidad.Clase.ORDINARIA)
        open_contabilidad(elsewhere.world.etapa, union, Contabilidad.Clase.CONCENTRADORA)
    folder, _ = freeze.freeze_tables(elsewhere.etapa, date(2024, 12, 31))
    years = {row["sujeto_id"]: (row["primer_anio"], row["ultimo_anio"]) for row in _rows(folder, "partidos")}
    assert years[lost.pk] == (2022, 2022)
    assert years[joined.pk] == (2024, 9999)
    assert years[without.pk] == (1, 9999)
    assert years[elsewhere.world.party.pk] == (2024, 9999)


@pytest.mark.parametrize(
    ("spoil", "seen"),
    [
        (lambda _world, _posted: None, True),
        (lambda world, posted: void_evidencia(posted.evidencias.get(), "Era de otra", world.clerk), False),
        (lambda world, posted: reverse_poliza(posted, world.clerk), False),
    ],
)
def test_a_file_in_force_in_another_stage_is_seen(
    elsewhere: Elsewhere, spoil: Callable[[World, Any], object], seen: bool
) -> None:
    file = store_file(b"%PDF-1.4 uno", Handed(elsewhere.books, elsewhere.world.clerk))
    evidence = NewEvidencia("muestra", "x.pdf", file.sha256)
    posted = elsewhere.bought(True, evidencias=(evidence,))
    elsewhere.bought(False, evidencias=(evidence,))
    spoil(elsewhere.world, posted)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    assert [row["poliza_id"] for row in _rows(folder, "archivos_ajenos")] == ([posted.pk] if seen else [])


def test_what_is_no_expense_nor_income_shares_its_file(elsewhere: Elsewhere) -> None:
    own: dict[str, Any] = {"auxiliar_tipo": "proveedor", "auxiliar_id": elsewhere.world.supplier.pk}
    file = store_file(b"%PDF-1.4 dos", Handed(elsewhere.books, elsewhere.world.clerk))
    evidence = NewEvidencia("otra", "x.pdf", file.sha256)
    lines = (NewLine(PAYABLE, cargo=AMOUNT, **own), NewLine(PAYABLE, abono=AMOUNT, **own))
    elsewhere.post(True, lines, evidencias=(evidence,))
    elsewhere.bought(False, evidencias=(evidence,))
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    assert _rows(folder, "archivos_ajenos") == []


def test_an_account_of_a_subject_in_another_stage_is_told(elsewhere: Elsewhere) -> None:
    """BA001: what CNBV answers may stand in the books of the ordinary year and not in those of the campaign."""
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    told = {(row["clabe"], row["contabilidad_id"], row["sujeto_id"]) for row in _rows(folder, "cuentas_ajenas")}
    assert told == {(elsewhere.bank.clabe, elsewhere.books.pk, elsewhere.books.sujeto_id)}


@pytest.mark.parametrize(("kinds", "seen"), [(("aspirante", "independiente"), True), (("partido", "partido"), False)])
def test_an_account_opened_to_seek_an_independent_candidacy_is_told_of_who_runs(
    elsewhere: Elsewhere, kinds: tuple[str, str], seen: bool
) -> None:
    """LGIPE 368.4, 383.1.c.IV and 403.1: it is the one of the campaign, and its books are of another subject."""
    office = Cargo.objects.create(clave="DIP-X", nombre="Diputación", ambito="federal", columna="D")
    place = Territorio.objects.create(clave="MEX-99", nombre="Distrito", tipo="distrito", entidad="MEX")
    person = Persona.objects.create(nombre="Rosa Zepeda", rfc="ZERR800101AB1")

    def books_of(tipo: str, number: str, etapa: Etapa) -> Contabilidad:
        subject = register_sujeto(tipo, number, number, "Rosa Zepeda")
        new = NewCandidatura(
            folio=number, persona=person, sujeto=subject, cargo=office, territorio=place, tope=1, tope_acuerdo="A/1"
        )
        return approve_candidatura(etapa, new, number=int(number))

    with clock.at(datetime(2024, 3, 1, 9, tzinfo=ZONE)):
        proceso = elsewhere.world.etapa.proceso
        seeking = create_etapa(proceso, Etapa.Tipo.APOYO_CIUDADANO, date(2023, 9, 1), date(2023, 12, 31))
        before = books_of(kinds[0], "771", seeking)
        bank = register_cuenta_bancaria(before, "002180000000000038", "Banco", date(2023, 9, 2))
        running = books_of(kinds[1], "772", elsewhere.world.etapa)
    folder, _ = freeze.freeze_tables(elsewhere.world.etapa, CUT)
    told = [
        (row["contabilidad_id"], row["sujeto_id"])
        for row in _rows(folder, "cuentas_ajenas")
        if row["clabe"] == bank.clabe
    ]
    assert told == ([(before.pk, running.sujeto_id)] if seen else [])
