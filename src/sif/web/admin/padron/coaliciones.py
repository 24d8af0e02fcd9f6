"""Convenio: the parties of a coalition with the share of each, as its accord registers or amends it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.services import FileChanged, read_file, store_file
from sif.registry.coalitions import NewAgreement, agreements_of, register_agreement
from sif.registry.models import ConvenioCoalicion, SujetoObligado
from sif.registry.sujetos import ALLIANCES, PARTIES
from sif.values import Problem, Refused
from sif.web.admin.desk import PARTY, AdminRecord, Seat, admin_page
from sif.web.admin.padron.convenios import shares_said
from sif.web.fields import day_field, text_field
from sif.web.record import RecordForm

MOST_BYTES = 20 * 2**20


class AgreementForm(RecordForm):
    """The accord of an agreement, its document, and the share of each party in percent; blank for who is not in it."""

    acuerdo = text_field(_("Acuerdo o resolución"), _("Con la que se registró o se modificó."), required=True)
    aprobado_el = day_field(_("Aprobado el"))
    desde = day_field(_("Rige desde"), _("El primer día en que valen estas partes."))
    documento = forms.FileField(
        label=_("Convenio"),
        required=False,
        help_text=_("PDF, de 20 MB o menos. Se guarda con su huella."),
        error_messages={"empty": _("El archivo está vacío.")},
    )

    def offer(self, seat: object) -> None:
        """Ask for the share of each party, those in it now before."""
        parties = SujetoObligado.objects.filter(tipo__in=PARTIES).order_by("nombre")
        self.parties = sorted(parties, key=lambda each: f"parte_{each.pk}" not in self.initial)
        for each in self.parties:
            self.fields[f"parte_{each.pk}"] = forms.DecimalField(
                label=f"{each.nombre} ({each.siglas}), %",
                required=False,
                max_digits=5,
                decimal_places=2,
                min_value=0,
                max_value=100,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        shares = (f"parte_{each.pk}:short" for each in self.parties)
        self.layout = ("acuerdo:grow aprobado_el:medium", "desde:medium documento:grow", *shares)

    def shares(self) -> tuple[tuple[int, int], ...]:
        """Return the shares typed, in basis points, by party."""
        typed = ((each.pk, self.cleaned_data.get(f"parte_{each.pk}") or Decimal(0)) for each in self.parties)
        return tuple((pk, int(share * 100)) for pk, share in typed)


class NewAgreementPage(AdminRecord):
    """Register the agreement of a coalition, or what amends it from a day on."""

    page, back, form_class = "sujetos", "administration:sujetos", AgreementForm
    title, done = _("Convenio de la coalición"), _("Convenio registrado.")
    needs = (PARTY,)

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the coalition and the agreement that rules it."""
        self.coalition = get_object_or_404(SujetoObligado, pk=kwargs["pk"])
        if self.coalition.tipo not in ALLIANCES:
            raise Http404("Ese sujeto no es una coalición.")
        self.last = next(iter(agreements_of(self.coalition)), None)
        if self.last:
            self.title, self.done = _("Modificación del convenio"), _("Modificación registrada.")
        return super().dispatch(request, seat, *args, **kwargs)

    def back_url(self) -> str:
        """Return to its sheet."""
        return reverse("administration:sujeto", args=[self.coalition.pk])

    def get_initial(self) -> dict[str, object]:
        """Begin with the shares that rule, so that who amends changes only those that change."""
        parts = self.last.partes if self.last else ()
        return {f"parte_{each.sujeto_id}": Decimal(each.participacion_pb) / 100 for each in parts}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say what rules today and what follows of registering another."""
        words = translated(
            "%(name)s. El convenio dice el monto que aporta cada partido a las campañas (LGPP 91.2). Escriba la parte "
            "del total que le toca, en por ciento y con dos decimales; suman 100."
        ) % {"name": self.coalition.nombre}
        if self.last:
            more = translated(
                "Hoy: %(shares)s, por %(accord)s. Lo que se escriba rige desde su día. Una sanción de la etapa se "
                "reparte con las partes de su último día (por confirmar); las ya impuestas conservan las suyas."
            ) % {"shares": shares_said(self.last.partes), "accord": self.last.convenio.acuerdo}
            words = f"{words} {more}"
        return {**super().get_context_data(**kwargs), "intro": words}

    def save(self, form: AgreementForm) -> ConvenioCoalicion:
        """Keep its document, and register it."""
        name, sha256 = _kept(form.cleaned_data.get("documento"))
        data = form.cleaned_data
        new = NewAgreement(
            acuerdo=form.text("acuerdo"),
            aprobado_el=data["aprobado_el"],
            desde=data["desde"],
            partes=form.shares(),
            documento=name,
            sha256=sha256,
        )
        return register_agreement(self.coalition, new, self.seat.usuario)


def _kept(upload: Any) -> tuple[str, str]:
    """Keep the file of an agreement; return its name and digest, '' without one. Raises Refused."""
    if not upload:
        return "", ""
    if upload.size > MOST_BYTES:
        told = translated("Pesa más de %(n)d MB.") % {"n": MOST_BYTES // 2**20}
        raise Refused(Problem("grande", "documento", told, translated("Escanéelo con menos resolución.")))
    data = upload.read()
    if not data.startswith(b"%PDF-"):
        raise Refused(Problem("no_es_pdf", "documento", translated("No es un PDF."), translated("Guárdelo como PDF.")))
    return upload.name, store_file(data).sha256


@require_safe
@admin_page
def document(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Download the document of an agreement, checked against the digest that was registered with it."""
    found = get_object_or_404(ConvenioCoalicion.objects.exclude(sha256=""), pk=pk)
    try:
        data = read_file(found.sha256)
    except FileChanged as changed:
        raise Http404(str(changed)) from changed
    clean = "".join(letter for letter in found.documento if letter.isprintable() and letter not in '"\\/')
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, clean) or "attachment"
    return response
