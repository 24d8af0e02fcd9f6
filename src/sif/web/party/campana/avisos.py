"""List contracts with the term of their notice, and give or amend a notice."""

from collections.abc import Mapping, Sequence
from datetime import date

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, Model, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.models import AvisoContratacion, Contrato
from sif.books.records import ContractRow, contract_row, contracts, contracts_to_notice
from sif.books.services.registros import (
    NewAviso,
    NewContrato,
    amend_notice,
    cancel_notice,
    give_notice,
    sign_contrato,
)
from sif.filing.campaign_sheets import notice_pdf
from sif.registry.masks import masked, shown_rfc
from sif.values import Money
from sif.web.clocks import Clock
from sif.web.columns import Column, Link, Row, Values, panel
from sif.web.fields import MoneyField, day_field, day_words, text_field
from sif.web.files import sealed_pdf
from sif.web.filters import choice, words
from sif.web.formats import currency_amount, due_words, long_day
from sif.web.law import basis_today, figure_today
from sif.web.lazy import Words
from sif.web.party.auxiliaries import match
from sif.web.party.campaign_page import clock_of, term_words
from sif.web.party.catalog_form import found_or_404
from sif.web.party.desk import BooksForm, PartyListing, PartyRecord, books_columns, books_filter
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.sheet import BooksSheet, ReasonForm
from sif.web.party.tabs import HOUSES_AND_NOTICES
from sif.web.record import RecordForm
from sif.web.tables import Empty
from sif.web.tables import Link as Button

STATES = {
    "por_avisar": ("por_vencer", _("Por avisar")),
    "sin_aviso": ("vencido", _("Sin aviso")),
    "a_tiempo": ("en_plazo", _("Avisado a tiempo")),
    "extemporaneo": ("extemporaneo", _("Avisado tarde")),
    "cancelado": ("cancelado", _("Contrato cancelado")),
    "no_aplica": ("no_aplica", _("No se avisa")),
}
"""The state of the notice of a contract, as shown."""
KINDS = {"nuevo": _("Nuevo"), "modificatorio": _("Modificatorio"), "cancelacion": _("Cancelación")}
"""Kinds of notice."""


def notice_state(row: ContractRow, mesa: Mesa) -> tuple[str, Words]:
    """Return the state of the notice of a contract: without one, whether its term still runs."""
    running = row.estado == "sin_aviso" and row.plazo is not None and row.plazo.met_by(mesa.ahora)
    return STATES["por_avisar" if running else row.estado]


def _clock(row: ContractRow, mesa: Mesa) -> Clock:
    contract = row.contrato
    assert row.plazo is not None
    title = gettext("Para avisar el contrato con %(name)s") % {"name": contract.proveedor.nombre}
    return clock_of(title, row.plazo, mesa.ahora, note=contract.objeto, url=contract_url(contract))


def contract_url(contract: Contrato) -> str:
    """Return the address of a contract."""
    return reverse("party:contrato", args=[contract.contabilidad_id, contract.pk])


def _shown_rfc(row: Values) -> str:
    return masked("rfc", row["proveedor_rfc"])


def _folio(row: Values) -> str:
    notice = row["fila"].vigente
    return notice.folio if notice else ""


def _noticed(row: Values) -> object:
    notices = row["fila"].avisos
    return notices[0].presentado_el if notices else None


def _due(row: Values) -> object:
    term = row["fila"].plazo
    return term.vence_el if term else None


class Contracts(PartyListing):
    """Contracts and their notices, the last signed first, with the clock of the first that is about to be late."""

    page = file_name = "avisos"
    title, tabs = _("Contratos y sus avisos"), HOUSES_AND_NOTICES
    intro = format_lazy(
        _(
            "Cada contrato de precampaña o campaña se avisa a más tardar {term} después de su firma y antes de la "
            "entrega."
        ),
        term=figure_today("plazo_aviso_contrato_dias"),
    )
    article = basis_today("plazo_aviso_contrato_dias")
    filters = {
        "q": words(_("Proveedor, objeto o folio"), "proveedor__nombre", "objeto", "rfc_visible", "folios"),
        "contabilidad": books_filter(),
        "estado": choice(_("Aviso"), "avisado", (("sin", _("Sin aviso")), ("con", _("Con aviso")))),
    }
    order = "-suscrito_el"
    columns = (
        Column("contrato", source="pk", where="file"),
        Column("proveedor_rfc", source="proveedor__rfc", written=_shown_rfc, where="file"),
        Column(
            "proveedor",
            _("Contrato"),
            "cosa",
            "proveedor__nombre",
            sort=True,
            link=Link("party:contrato", ("contabilidad", "pk")),
        ),
        Column("objeto", under="proveedor"),
        *books_columns(),
        Column("suscrito_el", _("Se firmó"), "dia", sort=True),
        Column("entrega_el", where="file"),
        Column("monto", _("Monto"), "dinero", sort=True, total=True),
        Column("aviso", _("Aviso"), "clave", show=_folio, written=_folio),
        Column("avisado_el", written=_noticed, where="file"),
        Column("vence_el", written=_due, where="file"),
        Column("plazo", _("Plazo"), show=lambda row: row["plazo"], where="screen"),
        Column(
            "estado",
            _("Estado"),
            "estado",
            show=lambda row: row["estado"],
            written=lambda row: row["fila"].estado,
        ),
    )
    empty = Empty(_("Todavía no hay contratos."), _("Registre el contrato al firmarlo."))
    unmatched = _("Ningún contrato responde a este filtro.")
    create = Button(_("Contrato nuevo"), "party:contrato_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the contracts of the person's books, with the folios of their notices to search them."""
        notices = AvisoContratacion.objects.filter(contrato=OuterRef("pk"))
        noticed = Case(When(Exists(notices), then=Value("con")), default=Value("sin"))
        return Contrato.objects.filter(contabilidad__in=self.seat.libros).alias(
            avisado=noticed, folios=ArraySubquery(notices.values("folio")), rfc_visible=shown_rfc("proveedor__rfc")
        )

    def enrich(self, rows: list[Row]) -> None:
        """Derive the term and the state of each from its notices."""
        found = contracts(self.seat.libros).filter(pk__in=[row["pk"] for row in rows])
        known = {contract.pk: contract_row(contract) for contract in found}
        for row in rows:
            each = row["fila"] = known[row["pk"]]
            term = each.plazo if each.estado == "sin_aviso" else None
            row["plazo"] = term_words(term, self.seat.ahora) if term else ""
            row["estado"] = notice_state(each, self.seat)

    def extra(self) -> Mapping[str, object]:
        """Show the clock of the first that is about to be late."""
        running = contracts_to_notice([books.pk for books in self.seat.actuales], self.seat.ahora)
        return {"relojes": [_clock(row, self.seat) for row in running[:1]]}


class ContractForm(BooksForm):
    """A contract as typed."""

    makes = NewContrato
    proveedor = text_field(_("Proveedor"), _("RFC o nombre; debe estar dado de alta."), required=True)
    objeto = text_field(_("Objeto del contrato"), required=True)
    suscrito_el = day_field(_("Se firmó"))
    entrega_el = day_field(_("Entrega o inicio del servicio"), _("El aviso va antes de ese día."), required=False)
    monto = MoneyField(label=_("Monto total con IVA"))
    layout = ("contabilidad:grow", "proveedor:grow", "objeto:grow", "suscrito_el entrega_el monto:amount")

    def clean(self) -> dict[str, object]:
        """Find the supplier in the catalogue."""
        values = super().clean() or {}
        if "contabilidad" not in values:
            return values
        found = match(self.books, "proveedor", str(values.get("proveedor") or ""), self.seat.alcance)
        if len(found) == 1:
            values["proveedor_id"] = found[0].numero
        elif not found:
            self.add_error("proveedor", _("No hay un proveedor así. Délo de alta antes, o escriba su RFC."))
        else:
            names = {"names": "; ".join(each.words for each in found[:4])}
            self.add_error("proveedor", gettext("Hay varios con esas letras: %(names)s.") % names)
        return values


class NewContract(PartyRecord):
    """Register a contract; the clock of its notice starts with the day it was signed."""

    page, back, form_class = "avisos", "party:avisos", ContractForm
    title, button = _("Contrato nuevo"), _("Registrar contrato")
    done = _("Contrato registrado. Ahora presente su aviso.")

    def save(self, form: ContractForm) -> Contrato:
        """Register it in the books chosen."""
        new = form.made(proveedor_id=form.cleaned_data["proveedor_id"])
        return sign_contrato(form.books, new, self.seat.usuario)

    def saved_url(self, saved: Contrato) -> str:
        """Go to its sheet."""
        return contract_url(saved)


class NoticeForm(RecordForm):
    """The data of a notice beside those of its contract [LGPP 62.2]."""

    makes = NewAviso
    condiciones = forms.CharField(
        label=_("Condiciones de ejecución"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Cómo y cuándo se entrega y se paga."),
    )
    precio_unitario = MoneyField(label=_("Precio unitario"), required=False)
    penalizacion = text_field(_("Penalización por incumplimiento"))
    objeto = text_field(_("Objeto"))
    monto = MoneyField(label=_("Monto total con IVA"), required=False)
    entrega_el = day_field(_("Entrega"), required=False)
    layout = (
        "objeto:grow",
        "monto:amount precio_unitario:amount entrega_el",
        "condiciones:grow",
        "penalizacion:grow",
    )

    def notice(self) -> NewAviso:
        """Make the notice typed; what is blank is taken from the contract."""
        typed = self.cleaned_data
        made: NewAviso = self.made(precio_unitario=typed["precio_unitario"], monto=typed["monto"])
        return made


NOTICES = (
    Column("aviso", _("Aviso"), "cosa"),
    Column("objeto", under="aviso"),
    Column("tipo", _("Tipo"), words=KINDS),
    Column("monto", _("Monto"), "dinero"),
    Column("presentado", _("Presentado"), "momento"),
    Column("quien", _("Presentó")),
    Column("acuse", _("Acuse"), "accion"),
)


class Contract(BooksSheet):
    """One contract: its clock, its notices with their acuses, and the next notice."""

    page, label = "avisos", _("El contrato")
    http_method_names = ["get", "head", "options"]

    def find(self) -> None:
        """Find it with its notices."""
        rows = Contrato.objects.select_related("proveedor").prefetch_related("avisos__presentado_por")
        self.thing = found_or_404(rows.filter(pk=self.kwargs["contrato"], contabilidad=self.books).first())
        self.thing.contabilidad = self.books
        self.row = contract_row(self.thing)

    @property
    def end(self) -> None:
        """Return None: its end is a notice of it, told among its notices."""
        return None

    def name(self) -> str:
        """Return whose it is."""
        return gettext("Contrato con %(name)s") % {"name": self.thing.proveedor.nombre}

    def crumb(self) -> str:
        """Return what it is for."""
        return str(self.thing.objeto[:40])

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return the state of its notice."""
        return (notice_state(self.row, self.seat),)

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return what it says."""
        contract: Contrato = self.thing
        return (
            (_("Proveedor"), f"{contract.proveedor.nombre}, RFC {masked('rfc', contract.proveedor.rfc)}"),
            (_("Objeto"), contract.objeto),
            (_("Se firmó"), long_day(contract.suscrito_el, weekday=True)),
            (_("Entrega"), long_day(contract.entrega_el, weekday=True) if contract.entrega_el else ""),
            (_("Monto total con IVA"), currency_amount(contract.monto)),
            (_("A tiempo hasta"), due_words(self.row.plazo.vence_el) if self.row.plazo else ""),
        )

    def extra(self) -> Mapping[str, object]:
        """Show its clock while it runs, and its notices."""
        waits = self.row.plazo and self.row.estado == "sin_aviso"
        rows = [
            {
                "aviso": each.folio,
                "objeto": each.contenido.get("motivo") or each.contenido["objeto"],
                "tipo": each.tipo,
                "monto": each.contenido["monto"],
                "presentado": each.presentado_el,
                "quien": each.presentado_por.named_at(each.presentado_el),
                "acuse": Button(_("Acuse (PDF)"), reverse("party:aviso_acuse", args=[self.books.pk, each.pk])),
            }
            for each in self.row.avisos
        ]
        empty = Empty(_("De este contrato todavía no se avisa."))
        return {
            "relojes": [_clock(self.row, self.seat)] if waits else [],
            "tablas": [panel(_("Avisos"), rows, NOTICES, vacia=empty)],
        }

    def may_act(self) -> bool:
        """Return whether it may be noticed, amended or cancelled."""
        current = self.row.vigente
        stands = current is None or current.tipo != "cancelacion"
        return stands and self.seat.can("capturar", self.books)

    def saved_url(self, saved: object) -> str:
        """Return to the sheet."""
        return contract_url(self.thing)

    def acts(self, form: RecordForm) -> list[Mapping[str, object]]:
        """Return its notice or an amendment of it, and that the contract has no effect."""
        if not self.may_act():
            return []
        args, current = [self.books.pk, self.thing.pk], self.row.vigente
        typed = form if form.is_bound else None
        notice = {
            "titulo": _("Avisar") if current is None else _("Modificar el aviso"),
            "form": typed if isinstance(typed, NoticeForm) else NoticeForm(initial=_said(self.thing, current)),
            "principal": True,
            "boton": _("Presentar aviso") if current is None else _("Presentar modificatorio"),
            "nota": term_words(self.row.plazo, self.seat.ahora) if self.row.plazo and current is None else "",
            "url": reverse("party:avisar", args=args),
        }
        cancelling = {
            "titulo": _("El contrato quedó sin efecto"),
            "form": typed if isinstance(typed, ReasonForm) else ReasonForm(auto_id="cancelar_%s"),
            "boton": _("Cancelar contrato"),
            "alto": True,
            "url": reverse("party:aviso_cancelar", args=args),
        }
        return [notice] if current is None else [notice, cancelling]


def _said(contract: Contrato, current: AvisoContratacion | None) -> dict[str, object]:
    """Return what the notice in force says, or the contract where there is none."""
    if current is None:
        delivery = day_words(contract.entrega_el)
        return {"objeto": contract.objeto, "monto": Money(contract.monto).plain(), "entrega_el": delivery}
    content = current.contenido
    unit, delivery = content["precio_unitario"], content["entrega_el"]
    return {
        "objeto": content["objeto"],
        "monto": Money(content["monto"]).plain(),
        "condiciones": content["condiciones"],
        "penalizacion": content["penalizacion"],
        "precio_unitario": Money(unit).plain() if unit else "",
        "entrega_el": day_words(date.fromisoformat(delivery)) if delivery else "",
    }


class GiveNotice(Contract):
    """Give notice of a contract, or amend the notice in force."""

    form_class = NoticeForm
    http_method_names = ["post", "options"]

    def save(self, form: NoticeForm) -> AvisoContratacion:
        """Give it."""
        current = self.row.vigente
        if current is None:
            return give_notice(self.thing, form.notice(), self.seat.usuario)
        return amend_notice(current, form.notice(), self.seat.usuario)

    def tell(self, saved: AvisoContratacion) -> None:
        """Say whether the first came in time."""
        first = self.row.vigente is None
        self.find()
        if first and self.row.estado == "extemporaneo":
            words = gettext("Aviso %(folio)s presentado fuera de plazo; queda marcado.") % {"folio": saved.folio}
            messages.warning(self.request, words)
        else:
            messages.success(self.request, gettext("Aviso %(folio)s presentado.") % {"folio": saved.folio})


class CancelContract(Contract):
    """Say that a contract already noticed has no effect."""

    done = _("El contrato quedó cancelado; sus avisos siguen a la vista.")
    http_method_names = ["post", "options"]

    def get_form_kwargs(self) -> dict[str, object]:
        """Number its fields apart."""
        return {**super().get_form_kwargs(), "auto_id": "cancelar_%s"}

    def save(self, form: NoticeForm) -> AvisoContratacion:
        """Write the notice that cancels it."""
        return cancel_notice(found_or_404(self.row.vigente), form.text("motivo"), self.seat.usuario)


@require_safe
@party_page
def acuse(request: HttpRequest, mesa: Mesa, number: int, aviso: int) -> HttpResponse:
    """Return the acuse of a notice, as PDF."""
    rows = AvisoContratacion.objects.select_related("contrato", "modifica_a", "presentado_por")
    notice = found_or_404(rows.filter(pk=aviso, contabilidad=mesa.books(number)).first())
    return sealed_pdf(notice_pdf(notice), f"acuse-{notice.folio}.pdf")
