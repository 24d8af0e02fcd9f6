"""Aportación nueva: who, how much and how, and in one act its póliza, its folio and its receipt in PDF."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.counterparties.folios import folio_control, next_folio
from sif.counterparties.history import suppliers_named
from sif.counterparties.seen import donors_of
from sif.counterparties.services import File, NewContribution, record_aportacion
from sif.counterparties.standing import warnings_before
from sif.law.chart import load_chart
from sif.law.receipts import load_receipt_formats
from sif.registry.history import current
from sif.registry.masks import masked
from sif.registry.models import Aportante, Contabilidad, CuentaBancaria, Proveedor, Ventana
from sif.registry.selectors import contabilidades_of, windows_open
from sif.values import Money, Problem, Refused
from sif.web.fields import MoneyField, ServiceForm, day_field, text_field
from sif.web.frame import Crumb
from sif.web.labels import QUALITIES, WAYS, WINDOWS
from sif.web.lazy import law_words
from sif.web.once import once
from sif.web.party.auxiliaries import Auxiliary, find, match
from sif.web.party.books_search import open_today
from sif.web.party.catalog_form import SearchForm
from sif.web.party.mesa import Mesa, books_crumb, books_name, party_page, poliza_url
from sif.web.searched import said
from sif.web.tables import page_links, page_of
from sif.web.typed import posted, typed_number

PLACES = {
    "aportante_id": "aportante",
    "proveedor_id": "proveedor",
    "cuenta_bancaria_id": "cuenta_bancaria",
    "periodo_id": "ventana",
    "tipo": "ventana",
}
SUPPORT = {"transferencia": "transferencia", "cheque": "cheque", "efectivo": "ficha_deposito", "especie": "contrato"}


class ContributionForm(ServiceForm):
    """The data of a contribution, validated by the service."""

    def __init__(self, data: QueryDict | None, files: Any, books: Contabilidad, windows: list[Ventana]) -> None:
        super().__init__(data, files, initial=_begin(windows))
        opened = [
            (
                f"{w.periodo_id}:{w.tipo}",
                _("Periodo %(n)d, %(kind)s") % {"n": w.periodo.numero, "kind": str(WINDOWS[w.tipo]).lower()},
            )
            for w in windows
        ]
        accounts = CuentaBancaria.objects.filter(contabilidad=books, cancelacion=None).order_by("pk")
        self.fields["aportante"] = text_field(
            _("Aportante"), _("Escriba su nombre o RFC y elíjalo de la lista."), required=True, listed="aportantes"
        )
        self.fields["aportante"].widget.attrs["data-auxiliar"] = "aportante"
        self._choice("calidad", _("Calidad"), list(QUALITIES.items()))
        self._choice("medio", _("Medio"), list(WAYS.items()))
        self.fields["monto"] = MoneyField(label=_("Monto"), error_messages={"required": _("Falta el monto.")})
        self.fields["fecha"] = day_field(_("Fecha de la aportación"), _("Día/mes/año, por ejemplo 18/05/2026."))
        self._choice("ventana", _("Periodo y tipo"), opened)
        self.fields["lugar"] = text_field(_("Lugar en que se expide"), required=True)
        self.fields["folio"] = text_field(_("Folio"), _("Vacío toma el siguiente de su serie."))
        self._choice(
            "cuenta_bancaria", _("Cuenta en que entró"), [(str(a.pk), f"{a.banco} {a.clabe}") for a in accounts]
        )
        self.fields["bien"] = text_field(_("Bien o servicio aportado"), _("Qué es y cuánto."))
        self.fields["valuacion"] = text_field(_("Criterio de valuación"), _("Cómo se supo cuánto vale."))
        self._choice("cuenta", _("Cuenta a la que se carga"), [("", _("Elija")), *expense_accounts()])
        self.fields["proveedor"] = text_field(_("Quién vendió el bien"), _("RFC o nombre."), listed="proveedores")
        self.fields["proveedor"].widget.attrs["data-auxiliar"] = "proveedor"
        self.fields["soporte"] = forms.FileField(
            label=_("Comprobante"),
            required=False,
            help_text=_("Transferencia, cheque o ficha de depósito; en especie, el contrato."),
        )
        self.fields["credencial"] = forms.FileField(label=_("Credencial de elector"), required=False)

    def _choice(self, name: str, label: str, choices: Sequence[tuple[str, object]]) -> None:
        field = forms.CharField(label=label, required=False, widget=forms.Select(choices=choices))
        field.required = name in ("calidad", "medio", "ventana")
        field.said_by_service = True  # type: ignore[attr-defined]
        self.fields[name] = field


def _begin(windows: list[Ventana]) -> dict[str, str]:
    return {"ventana": f"{windows[-1].periodo_id}:{windows[-1].tipo}" if windows else ""}


def expense_accounts() -> list[tuple[str, str]]:
    """The accounts a contribution in kind may be charged to."""
    chart = load_chart(settings.JURISDICTION).values()
    return [
        (each.codigo, f"{each.codigo} {each.nombre}")
        for each in chart
        if each.es_gasto and each.capturable and each.auxiliar in ("", "proveedor")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def choose(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """In which books; the only one that may record today is opened at once."""
    open_now = open_today(mesa, contabilidades_of(mesa.usuario, "capturar"))
    asked = request.GET.get("aportante", "")
    tail = f"?aportante={asked}" if asked.isdecimal() else ""
    only = open_now.values_list("pk", flat=True)[:2]
    if len(only) == 1:
        return HttpResponseRedirect(reverse("party:aportacion_en", args=[only[0]]) + tail)
    form = SearchForm(request.GET, _("Número, nombre o cargo"))
    form.fields["aportante"] = forms.CharField(required=False, widget=forms.HiddenInput)
    shown, page = page_of(said(open_now, form.asked("q")), request.GET)
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Aportación nueva"))),
        "libros": [
            (each.pk, books_name(each), reverse("party:aportacion_en", args=[each.pk]) + tail) for each in shown
        ],
        "filtro": form,
        **page_links(request.GET, page),
        "buscado": form.asked("q"),
    }
    return render(request, "party/aportacion_elegir.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def create(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return the form; a post records everything or says what is wrong, and asks again before a limit is broken."""
    books = mesa.books(number)
    form = ContributionForm(posted(request), request.FILES or None, books, windows_open(books))
    if request.method != "POST":
        _offer(form, request.GET.get("aportante", ""), mesa, books)
        return _show(request, mesa, books, form)
    valid = form.is_valid()
    donor, supplier = _donor(mesa, books, form), _supplier(mesa, books, form)
    if not valid or donor is None:
        return _show(request, mesa, books, form, status=422)
    new = _understood(books, form.cleaned_data, donor, supplier)
    warned = warnings_before(donor, new.calidad, new.medio, new.fecha, new.monto)
    if warned and request.POST.get("enterado") != "si":
        return _show(request, mesa, books, form, warned=warned, status=422)

    def record() -> str:
        done = record_aportacion(new, mesa.usuario, files=_files(form))
        said = _("Aportación registrada con el recibo %(folio)s, adjunto en PDF.") % {"folio": done.folio}
        messages.success(request, said)
        return poliza_url(done.poliza)

    try:
        return HttpResponseRedirect(once(request, record))
    except Refused as refused:
        return _show(request, mesa, books, form, general=form.tell(refused.problems, PLACES), status=422)


def _offer(form: ContributionForm, asked: str, mesa: Mesa, books: Contabilidad) -> None:
    if asked.isdecimal():
        own = donors_of(mesa.alcance).filter(sujeto=books.sujeto_id)
        donor = own.filter(identidad=int(asked[:18])).first()
        form.initial["aportante"] = donor_words(donor) if donor else ""


def donor_words(donor: Aportante) -> str:
    """Return a donor as written in the form and understood when it comes back."""
    return f"A{donor.identidad} {donor.nombre}"


def _donor(mesa: Mesa, books: Contabilidad, form: ContributionForm) -> Aportante | None:
    """The donor typed: one that the person sees, by number, name or key; any of the subject, by its number and name."""
    text = str(form.cleaned_data.get("aportante") or "").strip()
    met = match(books, "aportante", text, mesa.alcance)
    found = current(Aportante.objects.filter(pk=met[0].numero)).first() if len(met) == 1 else None
    if found is None:
        seen = _("«%(text)s» no es uno de sus aportantes.") % {"text": text} if text else _("Falta quién aporta.")
        form.add_error("aportante", f"{seen} {_('Elíjalo de la lista o dé de alta al aportante.')}")
    return found


def _supplier(mesa: Mesa, books: Contabilidad, form: ContributionForm) -> int | None:
    """Return the supplier of that RFC, of that name among those of the person's books, or of those words alone."""
    text = str(form.cleaned_data.get("proveedor") or "").strip()
    if not text:
        return None
    known = Proveedor.objects.filter(pk__in=suppliers_named(mesa.libros))
    rows = [Proveedor.objects.filter(rfc__iexact=text.partition(" ")[0]), known.filter(nombre__iexact=text)]
    met = match(books, "proveedor", text, mesa.alcance)
    named = met[0].numero if len(met) == 1 else None
    return next((pk for found in rows for pk in found.values_list("pk", flat=True)[:1]), named)


def _offered(supplier: Auxiliary) -> tuple[str, str]:
    """Return the option and the label of a supplier: RFC and name, or name and masked RFC for a natural person."""
    shown = masked("rfc", supplier.clave)
    return (supplier.words, supplier.nombre) if shown == supplier.clave else (supplier.nombre, shown)


def _understood(books: Contabilidad, data: dict[str, Any], donor: Aportante, supplier: int | None) -> NewContribution:
    period, _colon, kind = (data["ventana"] or "").partition(":")
    account = data["cuenta_bancaria"] or ""
    return NewContribution(
        books.pk,
        typed_number(period),
        kind,
        donor.pk,
        data["calidad"],
        data["medio"],
        data["fecha"],
        data["monto"] or Money(0),
        data["lugar"],
        data["folio"],
        typed_number(account) or None,
        data["bien"],
        data["valuacion"],
        data["cuenta"],
        supplier,
    )


def _files(form: ContributionForm) -> list[File]:
    classes = {"soporte": SUPPORT.get(form.cleaned_data["medio"], "otra"), "credencial": "credencial_elector"}
    return [
        (clase, form.cleaned_data[name].name or name, form.cleaned_data[name].read())
        for name, clase in classes.items()
        if form.cleaned_data.get(name)
    ]


def _show(
    request: HttpRequest,
    mesa: Mesa,
    books: Contabilidad,
    form: ContributionForm,
    *,
    general: list[Problem] | None = None,
    warned: list[Problem] | None = None,
    status: int = 200,
) -> HttpResponse:
    controls = folio_control(books.sujeto)
    offered = [
        (law_words(each.nombre), next_folio(controls, each, books.pk))
        for each in load_receipt_formats(settings.JURISDICTION).values()
    ]
    following = [pair for pair in offered if pair[1]]
    context = {
        "frame": mesa.frame("aportaciones", books_crumb(books), Crumb(_("Aportación nueva")), etapa=books.etapa),
        "books": books,
        "nombre": books_name(books),
        "form": form,
        "generales": general or [],
        "avisos": warned or [],
        "aportantes": find(books, "aportante", "", mesa.alcance),
        "proveedores": [_offered(each) for each in find(books, "proveedor", "", mesa.alcance)],
        "siguientes": following,
        "abierta": bool(windows_open(books)),
    }
    return render(request, "party/aportacion_nueva.html", context, status=status)
