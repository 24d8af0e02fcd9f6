"""CEP: receipts of representatives at the polls; those that pay and nobody signed stand first; signing; their PDF."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.books.models import Cep
from sif.books.records import cep_cash_use, ceps, unsigned_paid_ceps
from sif.books.services.registros import NewCep, RegistroRefused, cancel_cep, issue_cep
from sif.filing.campaign_sheets import cep_pdf
from sif.filing.ceps import amount_unsigned, cadena_of_cep, is_signature_sound, sign_cep
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD
from sif.signing.problems import SigningError
from sif.values import Money
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.formats import currency_amount, long_day, moment_words
from sif.web.frame import Crumb
from sif.web.party.campaign_page import (
    CampaignForm,
    attempt,
    books_thing,
    ended_facts,
    facts,
    form_page,
    must_capture_in,
    pdf_response,
    rows_of_page,
)
from sif.web.party.catalog_form import SearchForm, file_asked, found_or_404
from sif.web.party.demonstration import demonstration_pair
from sif.web.party.desk import captured, must_capture_somewhere
from sif.web.party.evento import ReasonForm
from sif.web.party.eventos import asked_books, books_choices
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page
from sif.web.party.repap import ReceiptForm, cap_words, paid_words, people_list, receipts_views
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links
from sif.web.typed import posted

MAX_CERTIFICATE = 20_000
HEAD = (
    "cep", "contabilidad", "folio", "persona", "representacion", "seccion", "oneroso", "monto", "medio", "pagado_el",
    "expedido_el", "firmado_el", "certificado_serie", "cancelado_el", "motivo",
)  # fmt: skip


class CepForm(ReceiptForm):
    """A CEP as typed."""

    relacion = "representante"
    representacion = forms.ChoiceField(label=gettext_lazy("Representación"))
    seccion = text_field(gettext_lazy("Sección"), gettext_lazy("De la casilla."))
    oneroso = forms.BooleanField(label=gettext_lazy("Se le paga (oneroso)"), required=False)
    monto = MoneyField(label=gettext_lazy("Monto"), required=False)
    medio = forms.ChoiceField(label=gettext_lazy("Se pagó"), required=False)
    pagado_el = day_field(gettext_lazy("Día del pago"), required=False)
    folio = text_field(gettext_lazy("Folio"), gettext_lazy("Vacío: el siguiente."))
    rows = (
        (("contabilidad", "grow"),), (("persona", "grow"),), (("representacion", ""), ("seccion", "short")),
        (("oneroso", "grow"),), (("monto", "amount"), ("medio", ""), ("pagado_el", "")), (("folio", ""),),
    )  # fmt: skip

    def __init__(self, data: Any, mesa: Mesa, **options: Any) -> None:
        super().__init__(data, mesa, **options)
        for name, choices in (
            ("representacion", list(post_words().items())),
            ("medio", [("", _("No se paga")), *paid_words().items()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def new(self) -> NewCep:
        """The CEP typed, once it is understood."""
        values = self.cleaned_data
        return NewCep(
            self.persona_id, values["representacion"], values["oneroso"], values.get("monto") or Money(0),
            values.get("medio") or "", values.get("pagado_el"), self.text("seccion"), self.text("folio"),
        )  # fmt: skip


class SignForm(CampaignForm):
    """A seal made elsewhere, and the certificate that made it."""

    certificado = forms.FileField(label=gettext_lazy("Certificado (.cer)"), required=False)
    sello = forms.CharField(
        label=gettext_lazy("Sello"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Lo que imprime sif firmar, en base64. Vacío: se descarga la cadena que se firma."),
    )  # fmt: skip
    rows = ((("certificado", "grow"),), (("sello", "grow"),))


def post_words() -> dict[str, str]:
    """What a representative is."""
    return {"casilla": _("Ante casilla"), "general": _("General")}


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """Every CEP of the person's books; ?formato= gives them as a file."""
    states = [("", _("Todas")), ("sin", _("Sin firmar")), ("con", _("Firmados"))]
    form = SearchForm(
        request.GET, _("Folio, persona o sección"), contabilidad=(_("Contabilidad"), books_choices(mesa)),
        firma=(_("Firma"), states),
    )  # fmt: skip
    found = ceps(asked_books(mesa, form.asked("contabilidad")), form.asked("q"))
    if form.asked("firma"):
        found = found.filter(firma__isnull=form.asked("firma") == "sin")
    if request.GET.get("formato") and (answer := file_asked(request, "ceps", HEAD, (_file_row(row) for row in found))):
        return answer
    context = {
        "frame": mesa.frame("repap"), "titulo": _("REPAP y CEP"), "articulo": "RF 216 Bis",
        "intro": _("Cada representante ante casilla tiene su comprobante, pagado o gratuito, firmado con e.firma."),
        "vistas": receipts_views("ceps"), "filtro": form, "avisos": _unsigned(mesa), "tabla": _table(request, found),
        "nuevos": [Link(_("CEP nuevo"), reverse("party:cep_nuevo"), "plus-lg")] if captured(mesa) else [],
    }  # fmt: skip
    return render(request, "party/campana_lista.html", context)


def _unsigned(mesa: Mesa) -> list[str]:
    waiting = unsigned_paid_ceps(mesa.libros).count()
    if not waiting:
        return []
    words = ngettext(
        "%(n)d CEP oneroso sin firmar, por %(sum)s. Cada uno es una falta.",
        "%(n)d CEP onerosos sin firmar, por %(sum)s. Cada uno es una falta.", waiting,
    )  # fmt: skip
    return [words % {"n": waiting, "sum": currency_amount(amount_unsigned(list(mesa.libros)))}]


def _table(request: HttpRequest, found: Any) -> Table:
    columns = (
        Column("cep", _("CEP"), "cosa"), Column("contabilidad", _("Contabilidad")), Column("persona", _("Persona")),
        Column("monto", _("Monto"), "dinero"), Column("pagado", _("Pagado"), "dia"),
        Column("estado", _("Estado"), "estado"),
    )  # fmt: skip
    shown, page = rows_of_page(request, found, found.count())
    rows = [
        Row(
            {
                "cep": Thing(row.folio, cep_url(row), debajo=_post(row)), "contabilidad": books_thing(row.contabilidad),
                "persona": row.persona.nombre, "monto": Money(row.monto) if row.oneroso else _("gratuito"),
                "pagado": row.pagado_el, "estado": _state(row),
            }
        )
        for row in shown
    ]  # fmt: skip
    total = Money(sum(row.monto for row in shown if row.cancelado_el is None))
    empty = Empty(_("Ningún CEP responde a este filtro."), _("Dé de alta a la persona representante y expida su CEP."))
    return Table(
        _("CEP de representantes"), columns, rows, {"monto": total} if rows else {},
        _("Suma de esta página, sin cancelados"), pagina=page, vacia=empty, exportar=file_links(request.GET),
    )  # fmt: skip


def _post(row: Cep) -> str:
    words = post_words()[row.representacion]
    return _("%(post)s, sección %(section)s") % {"post": words, "section": row.seccion} if row.seccion else words


def _state(row: Cep) -> tuple[str, str]:
    if row.cancelado_el:
        return ("cancelado", _("Cancelado"))
    if row.firmado_el:
        return ("firmado", _("Firmado"))
    return ("incompleta", _("Sin firmar")) if row.oneroso else ("abierto", _("Sin firmar"))


def cep_url(row: Cep) -> str:
    """The address of a CEP."""
    return reverse("party:cep", args=[row.contabilidad_id, row.pk])


def _file_row(row: Cep) -> tuple[object, ...]:
    return (
        row.pk, row.contabilidad_id, row.folio, row.persona.nombre, row.representacion, row.seccion,
        "si" if row.oneroso else "no", Money(row.monto), row.medio, row.pagado_el, row.expedido_el, row.firmado_el,
        row.firma.certificado_serie if row.firmado_el else "", row.cancelado_el, row.motivo,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def new(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A CEP to be issued; it is signed from its own page."""
    must_capture_somewhere(mesa)
    form = CepForm(posted(request), mesa, initial={"contabilidad": request.GET.get("contabilidad", "")})
    if request.method == "POST":
        row = attempt(form, lambda: issue_cep(form.books, form.new(), mesa.usuario))
        if row is not None:
            messages.success(request, _("%(folio)s expedido. Falta firmarlo.") % {"folio": row.folio})
            return HttpResponseRedirect(cep_url(row))
    return form_page(
        request, form,
        {"frame": mesa.frame("repap", Crumb(_("CEP nuevo"))), "titulo": _("CEP nuevo"), "volver": reverse("party:ceps"),
         "boton": _("Expedir CEP"), "listas": people_list(mesa, "representante")},
    )  # fmt: skip


def _cep(mesa: Mesa, number: int, cep: int) -> Cep:
    books = mesa.books(number)
    found = Cep.objects.select_related("persona", "expedido_por", "firma", "cancelacion__hecho_por")
    row = found_or_404(found.filter(pk=cep, contabilidad=books).first())
    row.contabilidad = books
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int, cep: int) -> HttpResponse:
    """One CEP; a POST with its reason cancels it."""
    row = _cep(mesa, number, cep)
    form = ReasonForm(posted(request), mesa, row.contabilidad, auto_id="cancelar_%s")
    if request.method == "POST":
        must_capture_in(mesa, row.contabilidad)
        if attempt(form, lambda: cancel_cep(row, form.text("motivo"), mesa.usuario)) is not None:
            messages.success(request, _("El CEP quedó cancelado; su folio no se usa otra vez."))
            return HttpResponseRedirect(cep_url(row))
    return _show(request, mesa, row, form)


def _show(request: HttpRequest, mesa: Mesa, row: Cep, form: CampaignForm) -> HttpResponse:
    books = row.contabilidad
    data = facts(
        (_("Contabilidad"), f"{books.pk} {books_name(books)}"), (_("Persona"), row.persona.nombre),
        (_("Representación"), _post(row)), (_("Monto"), currency_amount(row.monto) if row.oneroso else _("Gratuito")),
        (_("Se pagó"), f"{paid_words()[row.medio]}, {long_day(row.pagado_el)}" if row.pagado_el else ""),
        (_("En efectivo"), _cash(row)), (_("Expidió"), row.expedido_por.nombre),
        (_("Expedido"), moment_words(row.expedido_el)),
        (_("Firmado"), moment_words(row.firmado_el) if row.firmado_el else ""),
        (_("Certificado"), row.firma.certificado_serie if row.firmado_el else ""), (_("Sello"), _sound(row)),
        *ended_facts(getattr(row, "cancelacion", None), _("Canceló"), _("Cancelado el")),
    )  # fmt: skip
    paper_link = Link(_("Comprobante (PDF)"), reverse("party:cep_pdf", args=[books.pk, row.pk]), "file-earmark-pdf")
    context = {
        "frame": mesa.frame("repap", books_crumb(books), Crumb(row.folio), etapa=books.etapa),
        "titulo": row.folio, "rotulo": _("El comprobante"), "datos": data,
        "estados": [_state(row)], "actos": _acts(mesa, row, form), "enlaces": [paper_link],
        "form": form if form.is_bound else None,
    }  # fmt: skip
    return render(request, "party/campana_ficha.html", context, status=422 if form.is_bound else 200)


def _cash(row: Cep) -> str:
    if row.medio != "efectivo" or row.pagado_el is None:
        return ""
    return cap_words(cep_cash_use(row.contabilidad_id, row.persona_id, row.pagado_el))


def _sound(row: Cep) -> str:
    if not row.firmado_el:
        return ""
    return (
        _("Válido: es de lo que dice este comprobante") if is_signature_sound(row) else _("No corresponde a lo escrito")
    )


def _acts(mesa: Mesa, row: Cep, form: CampaignForm) -> list[dict[str, Any]]:
    if row.cancelado_el:
        return []
    books, acts = row.contabilidad, []
    args = [books.pk, row.pk]
    if mesa.can("presentar", books) and not row.firmado_el:
        if demonstration_pair(mesa.usuario):
            acts.append(
                {"titulo": _("Firmar"), "form": CampaignForm(None, mesa, books), "boton": _("Firmar CEP"),
                 "principal": True,
                 "nota": _("En la demostración, el servidor firma con su certificado ficticio."),
                 "url": reverse("party:cep_firmar_aqui", args=args)}
            )  # fmt: skip
        seal = form if isinstance(form, SignForm) else SignForm(None, mesa, books, auto_id="firmar_%s")
        acts.append(
            {"titulo": _("Firmar en su propio equipo"), "form": seal, "boton": _("Firmar o descargar la cadena"),
             "archivo": True, "nota": _("Su llave no sale de su equipo."),
             "url": reverse("party:cep_firmar", args=args)}
        )  # fmt: skip
    if mesa.can("capturar", books):
        reason = form if isinstance(form, ReasonForm) else ReasonForm(None, mesa, books, auto_id="cancelar_%s")
        acts.append(
            {"titulo": _("Fue un error"), "form": reason, "boton": _("Cancelar CEP"), "alto": True, "url": cep_url(row)}
        )
    return acts


def _must_sign(mesa: Mesa, row: Cep) -> None:
    if not mesa.can("presentar", row.contabilidad):
        raise PermissionDenied(_("Firma el CEP su responsable de finanzas."))


@require_POST
@party_page
def deliver(request: HttpRequest, mesa: Mesa, number: int, cep: int) -> HttpResponse:
    """Keep the seal made elsewhere; without a seal, give the text to sign with the certificate uploaded."""
    row = _cep(mesa, number, cep)
    _must_sign(mesa, row)
    form = SignForm(request.POST, mesa, row.contabilidad, auto_id="firmar_%s")
    upload = request.FILES.get("certificado")
    certificate = upload.read(MAX_CERTIFICATE) if upload else b""
    form.is_valid()
    seal = "".join(form.text("sello").split())
    try:
        if not seal:
            return _cadena(row, certificate)
        sign_cep(row, certificate, seal, mesa.usuario)
    except SigningError as error:
        form.problems = [error.problem]
    except RegistroRefused as refused:
        form.problems = list(refused.problems)
    else:
        return _signed(request, row)
    return _show(request, mesa, row, form)


def _cadena(row: Cep, certificate: bytes) -> HttpResponse:
    text = cadena_of_cep(row, certificate)
    header = {"Content-Disposition": f'attachment; filename="{row.folio}-cadena.txt"'}
    return HttpResponse(f"{text}\n".encode(), content_type="text/plain; charset=utf-8", headers=header)


def _signed(request: HttpRequest, row: Cep) -> HttpResponse:
    messages.success(request, _("%(folio)s firmado.") % {"folio": row.folio})
    return HttpResponseRedirect(cep_url(row))


@require_POST
@party_page
def sign_here(request: HttpRequest, mesa: Mesa, number: int, cep: int) -> HttpResponse:
    """Only in the demonstration: sign with the certificate it minted for this person."""
    row = _cep(mesa, number, cep)
    _must_sign(mesa, row)
    pair = demonstration_pair(mesa.usuario)
    if pair is None:
        raise PermissionDenied(_("El servidor firma solo en la demostración, con los certificados que ella hizo."))
    form = CampaignForm(request.POST, mesa, row.contabilidad)
    try:
        certificate = pair[0].read_bytes()
        seal = sign(cadena_of_cep(row, certificate), open_key(pair[1].read_bytes(), DEMO_PASSWORD))
        sign_cep(row, certificate, seal, mesa.usuario)
    except SigningError as error:
        form.problems = [error.problem]
    except RegistroRefused as refused:
        form.problems = list(refused.problems)
    else:
        return _signed(request, row)
    return _show(request, mesa, row, form)


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, cep: int) -> HttpResponse:
    """A CEP as PDF."""
    row = _cep(mesa, number, cep)
    return pdf_response(cep_pdf(row), row.folio)
