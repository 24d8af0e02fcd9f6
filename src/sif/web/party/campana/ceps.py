"""CEP: receipts of representatives at the polls; those that pay and nobody signed are told; signing; their PDF."""

from collections.abc import Mapping, Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.books.models import Cep
from sif.books.records import cep_cash_use, ceps, unsigned_paid_ceps
from sif.books.services.registros import NewCep, cancel_cep, issue_cep
from sif.filing.campaign_sheets import cep_pdf
from sif.filing.ceps import amount_unsigned, cadena_of_cep, is_signature_sound, sign_cep
from sif.signing.efirma import open_key, sign
from sif.signing.minting import DEMO_PASSWORD
from sif.values import Money, Refused
from sif.web.columns import Column, Link, Values
from sif.web.fields import MoneyField, day_field, text_field
from sif.web.filters import choice, words
from sif.web.formats import currency_amount, long_day, moment_words
from sif.web.labels import PAID
from sif.web.lazy import Words
from sif.web.party.campaign_page import pdf_response
from sif.web.party.campana.receipts import STANDING, TOTAL, NewReceipt, ReceiptForm, cap_words
from sif.web.party.catalog_form import found_or_404
from sif.web.party.demo_keys import demonstration_pair
from sif.web.party.desk import PartyListing, books_columns, books_filter
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.sheet import BooksSheet, ReasonForm
from sif.web.party.tabs import RECEIPTS
from sif.web.record import RecordForm
from sif.web.signing import admit_frame, cadena_file, cadenas_data, certificate_of, seal_of, wants_data
from sif.web.tables import Empty
from sif.web.tables import Link as Button

POSTS = {"casilla": _("Ante casilla"), "general": _("General")}
"""What a representative is."""
STATES = {
    "cancelado": ("cancelado", _("Cancelado")),
    "firmado": ("firmado", _("Firmado")),
    "oneroso": ("incompleta", _("Sin firmar")),
    "gratuito": ("abierto", _("Sin firmar")),
}
_STATE = Case(
    When(cancelacion__isnull=False, then=Value("cancelado")),
    When(firma__isnull=False, then=Value("firmado")),
    When(oneroso=True, then=Value("oneroso")),
    default=Value("gratuito"),
    output_field=CharField(),
)
_SIGNED = Case(When(firma=None, then=Value("sin")), default=Value("con"), output_field=CharField())


def post_words(row: Values) -> str:
    """Tell what a representative is, and where."""
    said = str(POSTS[row["representacion"]])
    where = {"post": said, "section": row["seccion"]}
    return gettext("%(post)s, sección %(section)s") % where if row["seccion"] else said


class Ceps(PartyListing):
    """The CEP of the person's books, the last issued first."""

    page, file_name = "repap", "ceps"
    title, tabs = _("CEP de representantes"), RECEIPTS
    intro = _("Cada representante ante casilla tiene su comprobante, pagado o gratuito, firmado con e.firma.")
    article = "RF 216 Bis"
    filters = {
        "q": words(_("Folio, persona o sección"), "folio", "persona__nombre", "seccion"),
        "contabilidad": books_filter(),
        "firma": choice(_("Firma"), "con_firma", (("sin", _("Sin firmar")), ("con", _("Firmados")))),
    }
    order = "-expedido_el"
    columns = (
        Column("cep", source="pk", where="file"),
        Column("folio", _("CEP"), "cosa", sort=True, link=Link("party:cep", ("contabilidad", "pk"))),
        Column("puesto", show=post_words, under="folio", where="screen"),
        *books_columns(),
        Column("persona", _("Persona"), source="persona__nombre", sort=True),
        Column("representacion", where="file"),
        Column("seccion", where="file"),
        Column("oneroso", where="file"),
        Column(
            "monto",
            _("Monto"),
            "dinero",
            "monto",
            sort=True,
            total=STANDING,
            show=lambda row: Money(row["monto"]) if row["oneroso"] else _("gratuito"),
        ),
        Column("medio", where="file"),
        Column("pagado_el", _("Pagado"), "dia", sort=True, nullable=True),
        Column("expedido_el", where="file"),
        Column("estado", _("Estado"), "estado", _STATE, states=STATES, where="screen"),
        Column("firmado_el", source="firma__hecho_el", where="file"),
        Column("certificado_serie", source="firma__certificado_serie", where="file"),
        Column("cancelado_el", source="cancelacion__hecho_el", where="file"),
        Column("motivo", source="cancelacion__motivo", where="file"),
    )
    total_words = TOTAL
    empty = Empty(_("Todavía no hay CEP."), _("Dé de alta a la persona representante y expida su CEP."))
    unmatched = _("Ningún CEP responde a este filtro.")
    create = Button(_("CEP nuevo"), "party:cep_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select the CEP of the person's books."""
        return ceps(self.seat.libros).alias(con_firma=_SIGNED)

    def extra(self) -> Mapping[str, object]:
        """Tell those that pay and nobody signed."""
        waiting = unsigned_paid_ceps(self.seat.libros).count()
        told = ngettext(
            "%(n)d CEP oneroso sin firmar, por %(sum)s. Cada uno es una falta.",
            "%(n)d CEP onerosos sin firmar, por %(sum)s. Cada uno es una falta.",
            waiting,
        )
        found = {"n": waiting, "sum": currency_amount(amount_unsigned(list(self.seat.libros)))}
        return {"avisos": [told % found] if waiting else []}


class CepForm(ReceiptForm):
    """A CEP as typed."""

    makes, relacion = NewCep, "representante"
    representacion = forms.ChoiceField(label=_("Representación"), choices=POSTS.items())
    seccion = text_field(_("Sección"), _("De la casilla."))
    oneroso = forms.BooleanField(label=_("Se le paga (oneroso)"), required=False)
    monto = MoneyField(label=_("Monto"), required=False)
    medio = forms.ChoiceField(label=_("Se pagó"), required=False, choices=[("", _("No se paga")), *PAID.items()])
    pagado_el = day_field(_("Día del pago"), required=False)
    folio = text_field(_("Folio"), _("Vacío: el siguiente."))
    layout = (
        "contabilidad:grow",
        "persona:grow",
        "representacion seccion:short",
        "oneroso:grow",
        "monto:amount medio pagado_el",
        "folio",
    )


class NewCepReceipt(NewReceipt):
    """Issue a CEP; it is signed from its own page."""

    back, form_class = "party:ceps", CepForm
    title, button = _("CEP nuevo"), _("Expedir CEP")

    def save(self, form: CepForm) -> Cep:
        """Issue it in the books chosen."""
        return issue_cep(form.books, form.made(), self.seat.usuario)

    def told(self, saved: Cep) -> str:
        """Tell what remains to be done."""
        return gettext("%(folio)s expedido. Falta firmarlo.") % {"folio": saved.folio}

    def saved_url(self, saved: Cep) -> str:
        """Go to its sheet."""
        return reverse("party:cep", args=[saved.contabilidad_id, saved.pk])


class SignForm(RecordForm):
    """A seal made elsewhere, and the certificate that made it."""

    certificado = forms.FileField(label=_("Certificado (.cer)"), required=False)
    sello = forms.CharField(
        label=_("Sello"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Lo que imprime sif firmar, en base64. Vacío: se descarga la cadena que se firma."),
    )
    layout = ("certificado:grow", "sello:grow")


class CepSheet(BooksSheet):
    """One CEP; its act cancels it, and who presents reports signs it."""

    page, back, model, related = "repap", "party:cep", Cep, ("persona", "expedido_por", "firma")
    label, act, button = _("El comprobante"), _("Fue un error"), _("Cancelar CEP")
    done = _("El CEP quedó cancelado; su folio no se usa otra vez.")
    prefix_of_ids = "cancelar_%s"

    def name(self) -> str:
        """Return its folio."""
        return str(self.thing.folio)

    def states(self) -> Sequence[tuple[str, Words]]:
        """Return whether it is signed."""
        row: Cep = self.thing
        kind = "oneroso" if row.oneroso else "gratuito"
        return (STATES["cancelado" if self.end else "firmado" if row.firmado_el else kind],)

    def papers(self) -> Sequence[Button]:
        """Return the receipt as PDF."""
        paper = reverse("party:cep_pdf", args=[self.books.pk, self.thing.pk])
        return (Button(_("Comprobante (PDF)"), paper, "file-earmark-pdf"),)

    def facts(self) -> Sequence[tuple[Words, object]]:
        """Return who was paid for what, and by which seal it stands."""
        row: Cep = self.thing
        post = {"representacion": row.representacion, "seccion": row.seccion}
        return (
            (_("Persona"), row.persona.nombre),
            (_("Representación"), post_words(post)),
            (_("Monto"), currency_amount(row.monto) if row.oneroso else _("Gratuito")),
            (_("Se pagó"), f"{PAID[row.medio]}, {long_day(row.pagado_el)}" if row.pagado_el else ""),
            (_("En efectivo"), _cash(row)),
            (_("Expidió"), row.expedido_por.named_at(row.expedido_el)),
            (_("Expedido"), moment_words(row.expedido_el)),
            (_("Firmado"), moment_words(row.firmado_el) if row.firmado_el else ""),
            (_("Certificado"), row.firma.certificado_serie if row.firmado_el else ""),
            (_("Sello"), _sound(row)),
        )

    def render_to_response(self, context: dict[str, object], **how: object) -> HttpResponse:
        """Draw the page, which may hold the frame of signature."""
        return admit_frame(self.request, super().render_to_response(context, **how))

    def acts(self, form: RecordForm) -> list[Mapping[str, object]]:
        """Return how it may be signed, and its cancelling."""
        row: Cep = self.thing
        if self.end or row.firmado_el or not self.seat.can("presentar", self.books):
            return super().acts(self._own(form))
        args, found = [self.books.pk, row.pk], []
        if demonstration_pair(self.seat.usuario):
            found.append(
                {
                    "titulo": _("Firmar"),
                    "form": RecordForm(),
                    "boton": _("Firmar CEP"),
                    "principal": True,
                    "nota": _("En la demostración, el servidor firma con su certificado ficticio."),
                    "url": reverse("party:cep_firmar_aqui", args=args),
                }
            )
        seal = {
            "titulo": _("Firmar en su propio equipo"),
            "form": form if isinstance(form, SignForm) else SignForm(auto_id="firmar_%s"),
            "boton": _("Firmar o descargar la cadena"),
            "cadenas": reverse("party:cep_firmar", args=args),
            "archivo": True,
            "nota": _("Su llave no sale de su equipo."),
            "url": reverse("party:cep_firmar", args=args),
        }
        return [*found, seal, *super().acts(self._own(form))]

    def _own(self, form: RecordForm) -> RecordForm:
        return form if isinstance(form, ReasonForm) else ReasonForm(auto_id=self.prefix_of_ids)

    def get_form_kwargs(self) -> dict[str, object]:
        """Number the fields apart from those of the seal."""
        return {**super().get_form_kwargs(), "auto_id": self.prefix_of_ids}

    def save(self, form: RecordForm) -> object:
        """Cancel it."""
        return cancel_cep(self.thing, form.text("motivo"), self.seat.usuario)

    def saved_url(self, saved: object) -> str:
        """Return to the sheet."""
        return reverse("party:cep", args=[self.books.pk, self.thing.pk])


class SignCep(CepSheet):
    """Keep the seal made elsewhere; without a seal, give the text to sign with the certificate uploaded."""

    form_class: type[RecordForm] = SignForm
    prefix_of_ids = "firmar_%s"
    http_method_names = ["post", "options"]

    def must(self) -> None:
        """Find it; only who presents its reports signs."""
        super().must()
        if not self.seat.can("presentar", self.books):
            raise PermissionDenied(gettext("Firma el CEP su responsable de finanzas."))

    def told(self, saved: object) -> str:
        """Tell that it is signed."""
        return gettext("%(folio)s firmado.") % {"folio": self.thing.folio}

    def form_valid(self, form: RecordForm) -> HttpResponse:
        """Answer the text to be signed where no seal was given."""
        framed = wants_data(self.request)
        try:
            if form.text("sello"):
                return super().form_valid(form)
            text = cadena_of_cep(self.thing, self.certificate(form))
        except Refused as error:
            form.problems = list(error.problems)
            return cadenas_data({}, form.problems) if framed else self.refused(form, Refused.status)
        return cadenas_data({self.thing.folio: text}) if framed else cadena_file(text, self.thing.folio)

    def save(self, form: RecordForm) -> object:
        """Keep the seal."""
        return sign_cep(self.thing, self.certificate(form), seal_of(form.text("sello")), self.seat.usuario)

    def certificate(self, form: object) -> bytes:
        """Read the certificate uploaded; empty where there is none."""
        return certificate_of(self.request)


class SignCepHere(SignCep):
    """Only in the demonstration: sign with the certificate it minted for this person."""

    form_class = RecordForm

    def form_valid(self, form: RecordForm) -> HttpResponse:
        """Sign it with the pair of the demonstration."""
        pair = demonstration_pair(self.seat.usuario)
        if pair is None:
            raise PermissionDenied(
                gettext("El servidor firma solo en la demostración, con los certificados que ella hizo.")
            )
        self.pair = pair
        try:
            return BooksSheet.form_valid(self, form)
        except Refused as error:
            form.problems = list(error.problems)
            return self.refused(form, Refused.status)

    def save(self, form: object) -> object:
        """Keep the seal that it makes."""
        certificate = self.pair[0].read_bytes()
        seal = sign(cadena_of_cep(self.thing, certificate), open_key(self.pair[1].read_bytes(), DEMO_PASSWORD))
        return sign_cep(self.thing, certificate, seal, self.seat.usuario)


def _cash(row: Cep) -> str:
    if row.medio != "efectivo" or row.pagado_el is None:
        return ""
    return cap_words(cep_cash_use(row.contabilidad_id, row.persona_id, row.pagado_el))


def _sound(row: Cep) -> Words:
    if not row.firmado_el:
        return ""
    sound = is_signature_sound(row)
    return _("Válido: es de lo que dice este comprobante") if sound else _("No corresponde a lo escrito")


@require_safe
@party_page
def paper(request: HttpRequest, mesa: Mesa, number: int, pk: int) -> HttpResponse:
    """Give a CEP as PDF."""
    books = mesa.books(number)
    rows = Cep.objects.select_related("persona", "expedido_por", "firma", "cancelacion__hecho_por")
    row: Cep = found_or_404(rows.filter(pk=pk, contabilidad=books).first())
    row.contabilidad = books
    return pdf_response(cep_pdf(row), row.folio)
