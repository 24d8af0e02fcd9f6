"""Two people on one receipt, house, asset or account at once: acts queue, and each names the books of its record."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from acts import committed, open_points, points
from books.test_kardex import SHIRT
from books.test_registros import TERMS, contract_of
from catalogs.test_accounts import BBVA
from catalogs.test_campaign_events import RALLY
from catalogs.test_campaign_goods import HOUSE, LAPTOP, LOAN, OWED, PROJECT
from sif.books.models import CancelacionCep, CancelacionRepap, FirmaCep
from sif.books.services import (
    Correction,
    NewAccount,
    NewTransfer,
    add_account,
    attach_evidencia,
    post_borrador,
    post_poliza,
    rerecord,
    reverse_poliza,
    save_borrador,
    store_file,
    transfer,
    void_evidencia,
)
from sif.books.services.kardex import (
    NewEntrada,
    NewSalida,
    record_entry,
    record_exit,
    reverse_movement,
    transfer_stock,
)
from sif.books.services.registros import (
    NewCep,
    NewContrato,
    NewRepap,
    amend_notice,
    cancel_cep,
    cancel_notice,
    cancel_repap,
    give_notice,
    issue_cep,
    issue_repap,
    keep_signature,
    sign_contrato,
)
from sif.catalogs.models import BajaActivo, CancelacionCasa, PersonaSujeto
from sif.catalogs.services import NewCuenta, cancel_cuenta, open_cuenta, report_cuenta
from sif.catalogs.services.campaign_debts import register_credito, register_proyecto, register_resolucion_por_pagar
from sif.catalogs.services.campaign_events import cancel_evento, change_evento, register_evento
from sif.catalogs.services.campaign_goods import (
    cancel_casa,
    register_activo,
    register_articulo,
    register_casa,
    retire_activo,
)
from sif.registry import clock
from sif.registry.leaving import NewEnd, NewReturn, NewSubstitute, end_candidacy, restore_candidacy, substitute
from sif.registry.models import AvisoCuenta, CancelacionCuenta, Cargo, Contabilidad, Persona, Territorio
from sif.registry.scope import everything
from sif.registry.services import (
    NewCandidatura,
    appoint,
    approve_candidatura,
    cancel_contabilidad,
    create_etapa,
    create_usuario,
)
from sif.values import Money
from small_world import MOMENT, World, make_world

DEATH = NewEnd("fallecimiento", date(2024, 4, 5), "CG/9/2024")


class Records:
    """A world with one row of each kind, and the acts of two people on them."""

    def __init__(self) -> None:
        with clock.at(MOMENT):
            world = self.world = make_world()
            self.house = register_casa(world.books, HOUSE, world.clerk)
            self.asset = register_activo(world.books, LAPTOP, world.clerk)
            self.event = register_evento(world.books, RALLY, world.clerk)
            paper = NewCep(_person(world, "representante"), "general", False)
            self.cep = issue_cep(world.books, paper, world.clerk)
            days = (date(2024, 4, 1), date(2024, 4, 7))
            work = NewRepap(_person(world, "repap"), "Brigada", *days, Money(100), "cheque", date(2024, 4, 8))
            self.receipt = issue_repap(world.books, work, world.clerk)
            self.shirt, there = (
                register_articulo(books, SHIRT, world.clerk) for books in (world.books, world.other_books)
            )
            some, more = (NewEntrada(date(2024, 4, 10), n * 1000, Money(n * 100), "compra") for n in (5, 2))
            self.entered = record_entry(self.shirt, some, world.clerk)
            leaving = NewSalida(date(2024, 4, 12), 3000, destino="San Jacinto")
            first, self.contract = contract_of(world), contract_of(world)
            self.notice = give_notice(first, TERMS, world.clerk)
            self.draft = save_borrador(world.books, {"concepto": "x"}, world.clerk)
            self.posted = post_poliza(world.expense("70.00"), world.clerk)
            self.paper = store_file(b"%PDF-1.7 x")
            self.evidence = attach_evidencia(self.posted, "pdf", "x.pdf", self.paper, world.clerk)
            keeper = create_usuario(f"guarda{world.party.pk}", "Guarda", "", password_hash="!")
            appoint(keeper, "administrador")
            campaign, left = _campaign(world), _campaign(world, "F-2", "Luz")
            ended = end_candidacy(left.candidatura, DEATH, keeper)
        self.account, who = world.bank, world.clerk
        version = (self.draft.pk, self.draft.version)
        wrong = Correction(self.posted, "Otro importe.", b"%PDF-1.7 y")
        deal = NewContrato(world.supplier.pk, "Volantes", date(2024, 4, 12), Money(100))
        group, untouched = "5-5-01-09-0000", "5-5-01-04-0001"
        self.acts: dict[str, Callable[[], Any]] = {
            "register_articulo": lambda: register_articulo(world.books, replace(SHIRT, clave="PLA-02"), who),
            "register_activo": lambda: register_activo(world.books, replace(LAPTOP, numero="AF-002"), who),
            "register_credito": lambda: register_credito(world.books, LOAN, who),
            "register_proyecto": lambda: register_proyecto(world.party, PROJECT, who),
            "register_resolucion_por_pagar": lambda: register_resolucion_por_pagar(world.party, OWED, who),
            "cancel_casa": lambda: cancel_casa(self.house, "Se devolvió", who),
            "retire_activo": lambda: retire_activo(self.asset, date(2024, 4, 1), "Robo", who),
            "issue_repap": lambda: issue_repap(world.books, work, who),
            "issue_cep": lambda: issue_cep(world.books, paper, who),
            "cancel_repap": lambda: cancel_repap(self.receipt, "Error", who),
            "cancel_cep": lambda: cancel_cep(self.cep, "Error", who),
            "open_cuenta": lambda: open_cuenta(
                NewCuenta(world.books.pk, BBVA, date(2024, 4, 12), "concentradora"), who
            ),
            "report_cuenta": lambda: report_cuenta(world.bank, date(2024, 3, 4), who),
            "cancel_cuenta": lambda: cancel_cuenta(world.bank, date(2024, 4, 4), who),
            "cancel_contabilidad": lambda: cancel_contabilidad(world.books, "Un acuerdo", world.auditor),
            "post_poliza": lambda: post_poliza(world.expense(), who),
            "post in a campaign": lambda: post_poliza(world.expense(contabilidad_id=campaign.pk), who),
            "end_candidacy": lambda: end_candidacy(campaign.candidatura, DEATH, keeper),
            "restore_candidacy": lambda: restore_candidacy(ended, NewReturn("CG/10/2024", "Era otra persona"), keeper),
            "substitute": lambda: substitute(ended, NewSubstitute("Eva Ríos", "CG/11/2024"), keeper),
            "change_evento": lambda: change_evento(self.event, replace(RALLY, lugar="Quiosco"), "Permiso", who),
            "cancel_evento": lambda: cancel_evento(self.event, "Lluvia", who),
            "transfer": lambda: transfer(self.move(world.books, world.other_books), who),
            "transfer back": lambda: transfer(self.move(world.other_books, world.books), who),
            "record_entry": lambda: record_entry(self.shirt, more, who),
            "record_exit": lambda: record_exit(self.shirt, leaving, who),
            "reverse_movement": lambda: reverse_movement(self.entered, "Se contó mal", who),
            "transfer_stock": lambda: transfer_stock(self.shirt, there, leaving, who),
            "give_notice": lambda: give_notice(self.contract, TERMS, who),
            "amend_notice": lambda: amend_notice(self.notice, replace(TERMS, monto=Money(6_000_000)), who),
            "cancel_notice": lambda: cancel_notice(self.notice, "El proveedor no pudo", who),
            "keep_signature": lambda: keep_signature(self.cep, "sello", b"certificado", "1", who),
            "save_borrador": lambda: save_borrador(world.books, {"concepto": "y"}, who, borrador=version),
            "post_borrador": lambda: post_borrador(self.draft, world.expense("5.00"), who),
            "rerecord": lambda: rerecord(wrong, world.expense("60.00"), who),
            "reverse_poliza": lambda: reverse_poliza(self.posted, who),
            "attach_evidencia": lambda: attach_evidencia(self.posted, "otra", "z.pdf", self.paper, who),
            "void_evidencia": lambda: void_evidencia(self.evidence, "Era de otra.", who),
            "sign_contrato": lambda: sign_contrato(world.books, deal, who),
            "add_account": lambda: self.add(group, keeper),
            "add_account below another": lambda: self.add(untouched, keeper),
        }

    def add(self, codigo: str, keeper: Any) -> Any:
        """An account that the process adds, in the chart of its books."""
        return add_account(NewAccount(self.world.etapa.proceso, codigo, "Cubrebocas", "CG/17/2024"), keeper)

    def move(self, origen: Contabilidad, destino: Contabilidad) -> NewTransfer:
        """Money that goes from some books to others."""
        return NewTransfer(origen.pk, destino.pk, Money(100), "efectivo", date(2024, 4, 12))


def _person(world: World, relacion: str) -> int:
    row = Persona.objects.create(nombre=relacion)
    PersonaSujeto.objects.create(
        sujeto=world.party,
        persona=row,
        relacion=relacion,
        desde=date(2024, 1, 1),
        registrada_el=clock.now(),
        registrada_por=world.clerk,
    )
    return row.pk


def _campaign(world: World, folio: str = "F-1", nombre: str = "Ana") -> Contabilidad:
    office, _made = Cargo.objects.get_or_create(
        clave="cualquiera", defaults={"nombre": "Un cargo", "ambito": "federal", "columna": "D"}
    )
    place, _made = Territorio.objects.get_or_create(clave="DUR-99", defaults={"nombre": "Distrito", "entidad": "DUR"})
    who = Persona.objects.create(nombre=nombre)
    return approve_candidatura(world.etapa, NewCandidatura(folio, who, world.party, office, place))


@pytest.fixture(scope="module")
def records(django_db_setup: None, django_db_blocker: Any) -> Iterator[Records]:
    with committed(django_db_blocker, Records) as made:
        yield made


@pytest.mark.parametrize(
    ("act", "rival", "table"),
    [
        ("register_articulo", "register_articulo", "catalogs_articulo"),
        ("register_activo", "register_activo", "catalogs_activofijo"),
        ("register_credito", "register_credito", "catalogs_credito"),
        ("register_proyecto", "register_proyecto", "catalogs_proyecto"),
        ("register_resolucion_por_pagar", "register_resolucion_por_pagar", "catalogs_resolucionporpagar"),
        ("cancel_casa", "cancel_casa", "catalogs_cancelacioncasa"),
        ("retire_activo", "retire_activo", "catalogs_bajaactivo"),
        ("issue_repap", "issue_repap", "books_reciborepap"),
        ("issue_cep", "issue_cep", "books_cep"),
        ("cancel_repap", "cancel_repap", "books_cancelacionrepap"),
        ("cancel_cep", "keep_signature", "books_cancelacioncep"),
        ("change_evento", "cancel_evento", "catalogs_evento"),
        ("cancel_evento", "change_evento", "catalogs_evento"),
        ("keep_signature", "cancel_cep", "books_firmacep"),
        ("open_cuenta", "open_cuenta", "registry_cuentabancaria"),
        ("report_cuenta", "report_cuenta", "registry_avisocuenta"),
        ("cancel_cuenta", "cancel_cuenta", "registry_cancelacioncuenta"),
        ("cancel_contabilidad", "post_poliza", "registry_cancelacioncontabilidad"),
        ("post_poliza", "cancel_contabilidad", "registry_cancelacioncontabilidad"),
        ("end_candidacy", "end_candidacy", "registry_fincandidatura"),
        ("end_candidacy", "post in a campaign", "registry_fincandidatura"),
        ("post in a campaign", "end_candidacy", "registry_fincandidatura"),
        ("restore_candidacy", "restore_candidacy", "registry_restitucioncandidatura"),
        ("restore_candidacy", "substitute", "registry_restitucioncandidatura"),
        ("substitute", "restore_candidacy", "registry_sustitucioncandidatura"),
        ("post_poliza", "post_poliza", "registry_contabilidad"),
        ("record_entry", "record_entry", "books_movimientoinventario"),
        ("record_exit", "record_exit", "books_movimientoinventario"),
        ("record_exit", "reverse_movement", "books_movimientoinventario"),
        ("reverse_movement", "record_exit", "books_movimientoinventario"),
        ("transfer_stock", "record_exit", "books_movimientoinventario"),
        ("give_notice", "give_notice", "books_avisocontratacion"),
        ("amend_notice", "cancel_notice", "books_avisocontratacion"),
        ("cancel_notice", "amend_notice", "books_avisocontratacion"),
        ("save_borrador", "save_borrador", "books_borrador"),
        ("save_borrador", "post_borrador", "books_borrador"),
        ("post_borrador", "save_borrador", "books_borrador"),
        ("reverse_movement", "reverse_movement", "books_movimientoinventario"),
        ("amend_notice", "amend_notice", "books_avisocontratacion"),
        ("reverse_poliza", "reverse_poliza", "books_poliza"),
        ("rerecord", "rerecord", "books_poliza"),
        ("rerecord", "reverse_poliza", "books_poliza"),
        ("attach_evidencia", "void_evidencia", "books_evidencia"),
        ("void_evidencia", "void_evidencia", "books_evidenciasinefecto"),
        ("sign_contrato", "cancel_contabilidad", "registry_cancelacioncontabilidad"),
        ("cancel_contabilidad", "sign_contrato", "registry_cancelacioncontabilidad"),
        ("cancel_contabilidad", "give_notice", "registry_cancelacioncontabilidad"),
        ("cancel_contabilidad", "record_entry", "registry_cancelacioncontabilidad"),
        ("add_account", "add_account", "books_cuenta"),
        ("add_account", "add_account below another", "books_cuenta"),
        ("add_account below another", "post_poliza", "books_movimiento"),
        ("post_poliza", "add_account below another", "books_cuenta"),
        ("transfer", "transfer", "books_ladotransferencia"),
        ("transfer", "transfer back", "books_ladotransferencia"),
        ("transfer", "post_poliza", "books_ladotransferencia"),
    ],
)
def test_two_people_never_end_one_record_at_once(records: Records, act: str, rival: str, table: str) -> None:
    with clock.at(MOMENT):
        assert open_points(records.acts[act], records.acts[rival], table) == []


def test_who_adds_an_account_does_not_stop_what_else_is_written_of_that_process(records: Records) -> None:
    def elsewhere() -> None:
        create_etapa(records.world.etapa.proceso, "precampana", date(2024, 1, 1), date(2024, 2, 1))
        connection.check_constraints()  # what a commit asks

    with clock.at(MOMENT):
        seen = points(records.acts["add_account"], elsewhere)
    assert len(seen) > 5
    assert [sql for sql, waited in seen if waited] == []


@pytest.mark.parametrize(
    ("model", "of", "more"),
    [
        (CancelacionCasa, "house", {"motivo": "x"}),
        (BajaActivo, "asset", {"motivo": "x", "desde": date(2024, 4, 1)}),
        (CancelacionRepap, "receipt", {"motivo": "x"}),
        (CancelacionCep, "cep", {"motivo": "x"}),
        (AvisoCuenta, "account", {"fecha": date(2024, 3, 4)}),
        (CancelacionCuenta, "account", {"fecha": date(2024, 4, 4)}),
        (FirmaCep, "cep", {"sello": "x", "certificado": b"x", "certificado_serie": "1"}),
    ],
)
def test_an_act_names_the_books_of_its_record(records: Records, model: Any, of: str, more: dict[str, Any]) -> None:
    field = {"house": "casa", "asset": "activo", "receipt": "recibo", "cep": "cep", "account": "cuenta"}[of]
    own = {field: getattr(records, of), "hecho_el": MOMENT, "hecho_por": records.world.clerk, **more}
    with everything(), pytest.raises(IntegrityError, match="de_sus_libros"), transaction.atomic():
        model.objects.create(contabilidad=records.world.other_books, **own)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
