"""List contracts with the term of their notice, and give or amend a notice."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

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
from sif.registry.models import Contabilidad
from sif.values import Money
from sif.web.clocks import Clock
from sif.web.fields import MoneyField, day_field, day_words, text_field
from sif.web.formats import currency_amount, due_words, long_day
from sif.web.frame import Crumb
from sif.web.listing import tab_links
from sif.web.party.auxiliaries import match
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    clock_of,
    facts,
    form_page,
    must_capture_in,
    pdf_response,
    rows_of_page,
    term_words,
)
from sif.web.party.catalog_form import SearchForm, file_asked, found_or_404
from sif.web.party.desk import captured, must_capture_somewhere
from sif.web.party.evento import ReasonForm
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.tabs import HOUSES_AND_NOTICES
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

HEAD = (
    "contrato", "contabilidad", "proveedor_rfc", "proveedor", "objeto", "suscrito_el", "entrega_el", "monto",
    "aviso", "avisado_el", "vence_el", "estado",
)  # fmt: skip


class ContractForm(CampaignForm):
    """A contract as typed."""

    proveedor = text_field(
        gettext_lazy("Proveedor"), gettext_lazy("RFC o nombre; debe estar dado de alta."), required=True
    )
    objeto = text_field(gettext_lazy("Objeto del contrato"), required=True)
    suscrito_el = day_field(gettext_lazy("Se firmó"))
    entrega_el = day_field(
        gettext_lazy("Entrega o inicio del servicio"), gettext_lazy("El aviso va antes de ese día."), required=False
    )
    monto = MoneyField(label=gettext_lazy("Monto total con IVA"))
    rows = (
        (("contabilidad", "grow"),), (("proveedor", "grow"),), (("objeto", "grow"),),
        (("suscrito_el", ""), ("entrega_el", ""), ("monto", "amount")),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The supplier as one of the catalogue."""
        values = super().clean() or {}
        if "contabilidad" not in values:
            return values
        found = match(self.books, "proveedor", str(values.get("proveedor") or ""), self.mesa.alcance)
        if len(found) == 1:
            values["proveedor_id"] = found[0].numero
        elif not found:
            self.add_error("proveedor", _("No hay un proveedor así. Délo de alta antes, o escriba su RFC."))
        else:
            self.add_error(
                "proveedor",
                _("Hay varios con esas letras: %(names)s.") % {"names": "; ".join(f.words for f in found[:4])},
            )
        return values

    def new(self) -> NewContrato:
        """The contract typed, once it is understood."""
        values = self.cleaned_data
        return NewContrato(
            values["proveedor_id"], self.text("objeto"), values["suscrito_el"], values["monto"] or Money(0),
            values.get("entrega_el"),
        )  # fmt: skip


class NoticeForm(CampaignForm):
    """What a notice says besides its contract [LGPP 62.2]."""

    condiciones = forms.CharField(
        label=gettext_lazy("Condiciones de ejecución"), widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Cómo y cuándo se entrega y se paga."),
    )  # fmt: skip
    precio_unitario = MoneyField(label=gettext_lazy("Precio unitario"), required=False)
    penalizacion = text_field(gettext_lazy("Penalización por incumplimiento"))
    objeto = text_field(gettext_lazy("Objeto"))
    monto = MoneyField(label=gettext_lazy("Monto total con IVA"), required=False)
    entrega_el = day_field(gettext_lazy("Entrega"), required=False)
    rows = (
        (("objeto", "grow"),), (("monto", "amount"), ("precio_unitario", "amount"), ("entrega_el", "")),
        (("condiciones", "grow"),), (("penalizacion", "grow"),),
    )  # fmt: skip

    def new(self) -> NewAviso:
        """The notice typed, once it is understood."""
        values = self.cleaned_data
        return NewAviso(
            self.text("condiciones"), values.get("precio_unitario"), self.text("penalizacion"), self.text("objeto"),
            values.get("monto"), values.get("entrega_el"),
        )  # fmt: skip


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Contracts and their notices, with the clock of the first that is about to be late."""
    form = SearchForm(
        request.GET, _("Proveedor, objeto o folio"), contabilidad=(_("Contabilidad"), books_choices(mesa)),
        estado=(_("Aviso"), [("", _("Todos")), ("sin", _("Sin aviso")), ("con", _("Con aviso"))]),
    )  # fmt: skip
    found = contracts(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    if form.asked("estado"):
        found = found.filter(avisos__isnull=form.asked("estado") == "sin").distinct()
    if request.GET.get("formato") and (
        answer := file_asked(request, "avisos", HEAD, (_file_row(contract_row(row)) for row in found))
    ):
        return answer
    running = contracts_to_notice([books.pk for books in mesa.actuales], mesa.ahora)
    context = {
        "frame": mesa.frame("avisos"), "titulo": _("Casas y avisos"), "articulo": "LGPP 61.1.f.III",
        "intro": _("Cada contrato de campaña se avisa en los tres días siguientes a su firma y antes de la entrega."),
        "vistas": tab_links(HOUSES_AND_NOTICES, request), "filtro": form,
        "relojes": [_clock(row, mesa) for row in running[:1]],
        "nuevos": [Link(_("Contrato nuevo"), reverse("party:contrato_nuevo"), "plus-lg")] if captured(mesa) else [],
        "tabla": _table(request, mesa, found),
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _clock(row: ContractRow, mesa: Mesa) -> Clock:
    contract = row.contrato
    assert row.plazo is not None
    title = _("Para avisar el contrato con %(name)s") % {"name": contract.proveedor.nombre}
    return clock_of(title, row.plazo, mesa.ahora, note=contract.objeto, url=contract_url(contract))


def contract_url(contract: Contrato) -> str:
    """The address of a contract."""
    return reverse("party:contrato", args=[contract.contabilidad_id, contract.pk])


def _table(request: HttpRequest, mesa: Mesa, found: Any) -> Table:
    columns = (
        Column("contrato", _("Contrato"), "cosa"), Column("contabilidad", _("Contabilidad")),
        Column("firma", _("Se firmó"), "dia"), Column("monto", _("Monto"), "dinero"),
        Column("aviso", _("Aviso"), "clave"), Column("plazo", _("Plazo")), Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = []
    for contract in shown:
        row = contract_row(contract)
        left = term_words(row.plazo, mesa.ahora) if row.plazo and row.estado == "sin_aviso" else ""
        rows.append(
            Row(
                {
                    "contrato": Thing(contract.proveedor.nombre, contract_url(contract), debajo=contract.objeto),
                    "contabilidad": books_thing(contract.contabilidad), "firma": contract.suscrito_el,
                    "monto": Money(contract.monto), "aviso": row.vigente.folio if row.vigente else "", "plazo": left,
                    "estado": notice_state(row, mesa),
                }
            )
        )  # fmt: skip
    empty = Empty(_("Ningún contrato responde a este filtro."), _("Registre el contrato al firmarlo."))
    return Table(_("Contratos y sus avisos"), columns, rows, pagina=page, vacia=empty, exportar=file_links(request.GET))


def notice_state(row: ContractRow, mesa: Mesa) -> tuple[str, str]:
    """The state of a contract's notice, as shown."""
    if row.estado == "sin_aviso":
        running = row.plazo is not None and row.plazo.met_by(mesa.ahora)
        return ("por_vencer", _("Por avisar")) if running else ("vencido", _("Sin aviso"))
    shown = {
        "a_tiempo": ("en_plazo", _("Avisado a tiempo")), "extemporaneo": ("extemporaneo", _("Avisado tarde")),
        "cancelado": ("cancelado", _("Contrato cancelado")), "no_aplica": ("no_aplica", _("No se avisa")),
    }  # fmt: skip
    return shown[row.estado]


def _file_row(row: ContractRow) -> tuple[object, ...]:
    contract, notice = row.contrato, row.vigente
    return (
        contract.pk, contract.contabilidad_id, contract.proveedor.rfc, contract.proveedor.nombre, contract.objeto,
        contract.suscrito_el, contract.entrega_el, Money(contract.monto), notice.folio if notice else "",
        row.avisos[0].presentado_el if row.avisos else None, row.plazo.vence_el if row.plazo else None, row.estado,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A contract to be registered; its clock starts with the day it was signed."""
    must_capture_somewhere(mesa)
    form = ContractForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        contract = attempt(form, lambda: sign_contrato(form.books, form.new(), mesa.usuario))
        if contract is not None:
            messages.success(request, _("Contrato registrado. Ahora presente su aviso."))
            return HttpResponseRedirect(contract_url(contract))
    return form_page(
        request, form,
        {"frame": mesa.frame("avisos", Crumb(_("Contrato nuevo"))), "titulo": _("Contrato nuevo"),
         "volver": reverse("party:avisos"), "boton": _("Registrar contrato")},
    )  # fmt: skip


@require_safe
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, contrato: int) -> HttpResponse:
    """One contract: its clock, its notices with their acuses, and the next notice."""
    return _sheet(request, mesa, _contract(mesa, number, contrato))


def _contract(mesa: Mesa, number: int, contrato: int) -> Contrato:
    books = mesa.books(number)
    found = Contrato.objects.select_related("proveedor").prefetch_related("avisos__presentado_por")
    contract = found_or_404(found.filter(pk=contrato, contabilidad=books).first())
    contract.contabilidad = books
    return contract


def _sheet(
    request: HttpRequest, mesa: Mesa, contract: Contrato, refused: CampaignForm | None = None, status: int = 200
) -> HttpResponse:
    row, books = contract_row(contract), contract.contabilidad
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"),
        (_("Proveedor"), f"{contract.proveedor.nombre}, RFC {contract.proveedor.rfc}"),
        (_("Objeto"), contract.objeto), (_("Se firmó"), long_day(contract.suscrito_el, weekday=True)),
        (_("Entrega"), long_day(contract.entrega_el, weekday=True) if contract.entrega_el else ""),
        (_("Monto total con IVA"), currency_amount(contract.monto)),
        (_("A tiempo hasta"), due_words(row.plazo.vence_el) if row.plazo else ""),
    )  # fmt: skip
    context = {
        "frame": mesa.frame("avisos", books_crumb(books), Crumb(contract.objeto[:40]), etapa=books.etapa),
        "titulo": _("Contrato con %(name)s") % {"name": contract.proveedor.nombre}, "rotulo": _("El contrato"),
        "datos": data, "estados": [notice_state(row, mesa)],
        "relojes": [_clock(row, mesa)] if row.plazo and row.estado == "sin_aviso" else [],
        "tablas": [_notices(row)], "form": refused,
        "actos": _acts(mesa, row, refused) if mesa.can("capturar", books) else [],
    }  # fmt: skip
    return render(request, "party/campana_ficha.html", context, status=status)


def _notices(row: ContractRow) -> Table:
    columns = (
        Column("aviso", _("Aviso"), "cosa"), Column("tipo", _("Tipo")), Column("monto", _("Monto"), "dinero"),
        Column("presentado", _("Presentado"), "momento"), Column("quien", _("Presentó")),
        Column("acuse", _("Acuse"), "accion"),
    )  # fmt: skip
    kinds = {"nuevo": _("Nuevo"), "modificatorio": _("Modificatorio"), "cancelacion": _("Cancelación")}
    rows = [
        Row(
            {
                "aviso": Thing(notice.folio, debajo=_below(notice)), "tipo": kinds[notice.tipo],
                "monto": Money(notice.contenido["monto"]), "presentado": notice.presentado_el,
                "quien": notice.presentado_por.named_at(notice.presentado_el),
                "acuse": Link(_("Acuse (PDF)"), acuse_url(notice)),
            }
        )
        for notice in row.avisos
    ]  # fmt: skip
    return Table(_("Avisos"), columns, rows, vacia=Empty(_("De este contrato todavía no se avisa.")))


def _below(notice: AvisoContratacion) -> str:
    """What a notice is about; of one that cancels, why."""
    return str(notice.contenido.get("motivo") or notice.contenido["objeto"])


def acuse_url(notice: AvisoContratacion) -> str:
    """The address of the acuse of a notice."""
    return reverse("party:aviso_acuse", args=[notice.contabilidad_id, notice.pk])


def _acts(mesa: Mesa, row: ContractRow, refused: CampaignForm | None) -> list[dict[str, Any]]:
    contract, current = row.contrato, row.vigente
    if current is not None and current.tipo == "cancelacion":
        return []
    args = [contract.contabilidad_id, contract.pk]
    books = contract.contabilidad
    said = _said(contract, current)
    notice = refused if isinstance(refused, NoticeForm) else NoticeForm(None, mesa, books, initial=said)
    acts: list[dict[str, Any]] = [
        {"titulo": _("Avisar") if current is None else _("Modificar el aviso"), "form": notice, "principal": True,
         "boton": _("Presentar aviso") if current is None else _("Presentar modificatorio"),
         "nota": term_words(row.plazo, mesa.ahora) if row.plazo and current is None else "",
         "url": reverse("party:avisar", args=args)},
    ]  # fmt: skip
    if current is not None:
        reason = refused if isinstance(refused, ReasonForm) else ReasonForm(None, mesa, books, auto_id="cancelar_%s")
        acts.append(
            {"titulo": _("El contrato quedó sin efecto"), "form": reason, "boton": _("Cancelar contrato"), "alto": True,
             "url": reverse("party:aviso_cancelar", args=args)}
        )  # fmt: skip
    return acts


def _said(contract: Contrato, current: AvisoContratacion | None) -> dict[str, object]:
    """What the notice in force says, or the contract where there is none."""
    if current is None:
        delivery = day_words(contract.entrega_el)
        return {"objeto": contract.objeto, "monto": Money(contract.monto).plain(), "entrega_el": delivery}
    content = current.contenido
    unit, delivery = content["precio_unitario"], content["entrega_el"]
    return {
        "objeto": content["objeto"], "monto": Money(content["monto"]).plain(), "condiciones": content["condiciones"],
        "penalizacion": content["penalizacion"], "precio_unitario": Money(unit).plain() if unit else "",
        "entrega_el": day_words(date.fromisoformat(delivery)) if delivery else "",
    }  # fmt: skip


@require_POST
@party_page
def give(request: HttpRequest, mesa: Mesa, number: int, contrato: int) -> HttpResponse:
    """Give notice of a contract, or amend the notice in force."""
    contract = _contract(mesa, number, contrato)
    must_capture_in(mesa, contract.contabilidad)
    form = NoticeForm(request.POST, mesa, contract.contabilidad)
    current = contract_row(contract).vigente

    def act() -> AvisoContratacion:
        if current is None:
            return give_notice(contract, form.new(), mesa.usuario)
        return amend_notice(current, form.new(), mesa.usuario)

    notice = attempt(form, act)
    if notice is None:
        return _sheet(request, mesa, contract, form, 422)
    row = contract_row(_contract(mesa, number, contrato))
    late = current is None and row.estado == "extemporaneo"
    words = _("Aviso %(folio)s presentado fuera de plazo; queda marcado.") if late else _("Aviso %(folio)s presentado.")
    (messages.warning if late else messages.success)(request, words % {"folio": notice.folio})
    return HttpResponseRedirect(contract_url(contract))


@require_POST
@party_page
def cancel(request: HttpRequest, mesa: Mesa, number: int, contrato: int) -> HttpResponse:
    """Say that a contract already noticed has no effect."""
    contract = _contract(mesa, number, contrato)
    must_capture_in(mesa, contract.contabilidad)
    form = ReasonForm(request.POST, mesa, contract.contabilidad, auto_id="cancelar_%s")
    current = found_or_404(contract_row(contract).vigente)
    if attempt(form, lambda: cancel_notice(current, form.text("motivo"), mesa.usuario)) is None:
        return _sheet(request, mesa, contract, form, 422)
    messages.success(request, _("El contrato quedó cancelado; sus avisos siguen a la vista."))
    return HttpResponseRedirect(contract_url(contract))


@require_safe
@party_page
def acuse(request: HttpRequest, mesa: Mesa, number: int, aviso: int) -> HttpResponse:
    """The acuse of a notice, as PDF."""
    books: Contabilidad = mesa.books(number)
    found = AvisoContratacion.objects.select_related("contrato", "modifica_a", "presentado_por")
    notice = found_or_404(found.filter(pk=aviso, contabilidad=books).first())
    return pdf_response(notice_pdf(notice), f"acuse-{notice.folio}")
