"""Proveedores: each with what was bought from it beside the sum that asks for the RNP, its history and its ficha."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.books.models import Recepcion
from sif.catalogs.models import FichaProveedor
from sif.catalogs.selectors.listed import listed_on
from sif.catalogs.selectors.people import rfc_doubt
from sif.catalogs.services import NewProveedor, save_proveedor
from sif.counterparties.history import history_of, is_another, name_said
from sif.counterparties.seen import fichas_of, suppliers_of
from sif.counterparties.standing import rnp_threshold, suppliers_standing
from sif.counterparties.subject_scope import whole_subjects
from sif.registry.folding import Folded
from sif.registry.looks import NewLook
from sif.registry.masks import shown_rfc
from sif.registry.models import Proveedor
from sif.values import Money
from sif.web.columns import Column, Link, Row, Values
from sif.web.fields import text_field
from sif.web.filters import choice, words
from sif.web.formats import currency_amount
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.party.catalog_form import captures, found_or_404, own_subject
from sif.web.party.catalogos.history_table import history_table
from sif.web.party.catalogos.keyed import SUPPLIER_KEYS, key_column, shown_keys
from sif.web.party.catalogos.versions import VersionForm, VersionRecord, history_rows
from sif.web.party.desk import SubjectListing
from sif.web.party.invoice_supplier import back_to_proposal, invoice_asked
from sif.web.party.mesa import Mesa, party_page
from sif.web.tables import Empty, Spending
from sif.web.tables import Link as Button
from sif.web.typed import typed_number

LEVELS = {
    "cubierto": ("vigente", _("Con registro activo")),
    "rebasado": ("rebase", _("Sin registro y ya se exige")),
    "cerca": ("por_vencer", _("Cerca del umbral")),
    "lejos": ("no_aplica", _("Lejos del umbral")),
}
UNCOVERED = {
    "rebasado": _("Sin registro activo y ya se exige"),
    "cerca": _("Sin registro activo y cerca del umbral"),
    "lejos": _("Sin registro; todavía no se exige"),
}
"""How near a supplier is to the sum that asks for the RNP: its look, what the filter says, and what its row says."""
LISTED = {
    "sin_lista": ("sin_dato", _("Sin lista cargada")),
    "no_aparece": ("cumplido", _("No aparece")),
    "presunto": ("por_vencer", _("Presunto")),
    "definitivo": ("rechazado", _("Definitivo")),
    "desvirtuado": ("cumplido", _("Desvirtuado")),
    "favorable": ("cumplido", _("Sentencia favorable")),
}
"""What the list of article 69-B says."""


def rnp_state(row: Values) -> tuple[str, Words]:
    """Return the registration today, and how near the sum that asks for it."""
    look = LEVELS[row["nivel"]][0]
    if row["nivel"] == "cubierto":
        return look, gettext("Activo, %(folio)s") % {"folio": row["folio_rnp"]}
    return look, UNCOVERED[row["nivel"]]


def left_words(row: Values) -> Words | Money:
    """Return what may still be bought without the registration."""
    return _("no aplica") if row["nivel"] == "cubierto" else Money(max(row["queda"], 0))


def standing(mesa: Mesa, rows: QuerySet[Proveedor]) -> QuerySet[Proveedor]:
    """Add to suppliers what was bought from each in the process at hand; read them inside whole_subjects."""
    subject = own_subject(mesa) if mesa.sujetos else None
    return suppliers_standing(rows, subject, mesa.etapa.proceso if mesa.etapa else None, mesa.ahora.date())


def add_listed(rows: list[Row], mesa: Mesa) -> None:
    """Say of each row what the list of article 69-B says of its RFC."""
    found = listed_on([row["rfc"] for row in rows], mesa.ahora.date())
    for row in rows:
        place = found.get(row["rfc"]) if found else None
        row["lista_69b"] = "sin_lista" if found is None else place.situacion if place else "no_aparece"


class Suppliers(SubjectListing):
    """The suppliers of the catalogue and of the books, from whom most was bought first."""

    page = file_name = "proveedores"
    title, article = _("Proveedores"), "RF 356"
    filters = {
        "q": words(_("Nombre o RFC de persona moral"), "rfc_visible", "nombre"),
        "rnp": choice(_("RNP"), "nivel", [(key, said) for key, (_look, said) in LEVELS.items()]),
    }
    order = "-acumulado"
    columns = (
        key_column("rfc", under="nombre"),
        Column("nombre", _("Proveedor"), "cosa", sort=Folded("nombre"), link=Link("party:proveedor")),
        Column("folio_rnp", where="file"),
        Column("rnp_activo", where="file"),
        Column("nivel", where="hidden"),
        Column("rnp", _("RNP hoy"), "estado", show=rnp_state, where="screen"),
        Column("contratado", kind="dinero", where="file"),
        Column("gastado", kind="dinero", where="file"),
        Column(
            "acumulado",
            _("Acumulado en el proceso"),
            "dinero",
            sort=Coalesce("acumulado_de_todos", 0),
            phone="half",
        ),
        Column("umbral_rnp", kind="dinero", source="umbral", where="file"),
        Column(
            "parte",
            _("Del umbral del RNP"),
            "tope",
            show=lambda row: Spending(Money(row["acumulado"]), Money(row["umbral_rnp"])),
            where="screen",
        ),
        Column("queda", _("Le queda"), "dinero", "queda", sort=True, show=left_words, phone="half"),
        Column(
            "lista_69b",
            _("Lista 69-B"),
            "estado",
            show=lambda row: LISTED[row["lista_69b"]],
            written=lambda row: LISTED[row["lista_69b"]][1],
        ),
    )
    empty = Empty(_("Todavía no hay proveedores."), _("Aparecen al darlos de alta o al usarlos."))
    unmatched = _("Ningún proveedor responde a este filtro.")
    create = Button(_("Proveedor nuevo"), "party:proveedor_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select them with their sums."""
        rows = suppliers_of(self.seat.alcance, list(self.seat.libros))
        return standing(self.seat, rows).alias(rfc_visible=shown_rfc("rfc"))

    def scope(self) -> AbstractContextManager[None]:
        """Sum all the books of the subjects: the threshold runs over them, whichever the person captures in."""
        return whole_subjects(self.seat.sujetos)

    def enrich(self, rows: list[dict[str, object]]) -> None:
        """Look each up in the list of article 69-B."""
        add_listed(rows, self.seat)

    def extra(self) -> Mapping[str, object]:
        """Tell the threshold."""
        said = gettext(
            "Desde %(amount)s contratados o gastados en el proceso, el proveedor debe tener registro activo en el RNP."
        )
        return {"intro": said % {"amount": currency_amount(rnp_threshold(self.seat.ahora.date()))}}


def _known(mesa: Mesa, number: int) -> tuple[Proveedor, FichaProveedor | None]:
    """Return a supplier that this person's subjects know, by their ficha or their books."""
    ficha = fichas_of(mesa.alcance).filter(proveedor=number).first()
    if ficha is not None:
        return ficha.proveedor, ficha
    return found_or_404(suppliers_of(mesa.alcance, list(mesa.libros)).filter(pk=number).first()), None


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Return one supplier: its meter, its registration, what the subject keeps of it, and its history.

    A post with its reason shows the keys of a natural person whole.
    """
    supplier, ficha = _known(mesa, number)
    subject = ficha.sujeto if ficha else own_subject(mesa)
    own = {"rfc": supplier.rfc, "curp": ficha.curp if ficha else "", "clabe": ficha.clabe if ficha else ""}
    keys = shown_keys(request, mesa, NewLook(subject.pk, "proveedor", supplier.pk, SUPPLIER_KEYS), own)
    with whole_subjects(mesa.sujetos):
        row = dict[str, Any](standing(mesa, Proveedor.objects.filter(pk=number)).values().get())
    add_listed([row], mesa)
    context = {
        "frame": mesa.frame("proveedores", Crumb(supplier.nombre, clave=keys.valores["rfc"])),
        "claves": keys,
        "proveedor": supplier,
        "ficha": ficha,
        "otro_nombre": name_said(supplier, mesa.libros),
        "fila": row,
        "rnp": rnp_state(row),
        "lista": LISTED[row["lista_69b"]],
        "queda": left_words(row),
        "duda": rfc_doubt(supplier.rfc, keys.valores["rfc"]),
        "registros": supplier.registros_rnp.order_by("-desde"),
        "captura": captures(mesa),
        "tabla": history_table(request, history_of("proveedor", supplier.pk, mesa.libros)),
        "historia": history_rows(ficha, FIELD_WORDS) if ficha else [],
    }
    return render(request, "party/proveedor.html", context, status=422 if keys.problema else 200)


FIELD_WORDS = {
    "curp": _("CURP"),
    "representante": _("Representante legal"),
    "domicilio": _("Domicilio"),
    "clabe": _("CLABE en que cobra"),
}
"""What a subject keeps of a supplier, as its sheet names it."""


class SupplierForm(VersionForm):
    """The data that a subject captures of a supplier."""

    makes = NewProveedor
    rfc = text_field(
        _("RFC"), _("12 letras y cifras si es persona moral, 13 si es física; admite Ñ y &."), required=True
    )
    nombre = text_field(
        _("Nombre o razón social"),
        _("Como está en su constancia; quien ya está registrado conserva su nombre."),
        required=True,
    )
    curp = text_field(_("CURP"), _("Solo si es persona física."))
    representante = text_field(_("Representante legal"))
    domicilio = text_field(_("Domicilio"))
    clabe = text_field(_("CLABE en que cobra"), _("18 cifras."))
    layout = (
        "rfc:medium nombre:grow",
        "curp:medium representante:grow",
        "clabe:medium domicilio:grow",
        "motivo:grow vista",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in (self.fields[name] for name in ("rfc", "nombre") if name in self.kept):
            field.widget.attrs["readonly"], field.help_text = True, ""


class EditSupplier(VersionRecord):
    """Register a supplier, or say what the subject keeps of one that it already knows."""

    page, back, sheet, form_class = "proveedores", "party:proveedores", "party:proveedor", SupplierForm
    title, editing, done = _("Proveedor nuevo"), _("Editar proveedor"), _("Proveedor guardado: %(name)s.")
    supplier: Proveedor | None = None

    @cached_property
    def invoice(self) -> Recepcion | None:
        """The invoice of ?cfdi= that asks for the supplier."""
        number = typed_number(self.request.GET.get("cfdi", ""))
        return invoice_asked(number, self.seat) if number and "number" not in self.kwargs else None

    def get_initial(self) -> dict[str, object]:
        """Begin with the RFC and the name that the invoice says."""
        said = self.invoice.comprobante if self.invoice else None
        begun = {"rfc": said.emisor_rfc, "nombre": said.emisor_nombre[:200]} if said else {}
        return {**super().get_initial(), **begun}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Say where the RFC and the name come from."""
        words = gettext("El RFC y el nombre son los que dice el CFDI: compárelos con su constancia.")
        return {**super().get_context_data(**kwargs), **({"intro": words} if self.invoice else {})}

    def back_url(self) -> str:
        """Return to the invoice that asked for it."""
        if self.invoice:
            return reverse("party:cfdi_ficha", args=[self.invoice.contabilidad_id, self.invoice.pk])
        return super().back_url()

    def saved_url(self, saved: FichaProveedor) -> str:
        """Go on with the proposal that asked for it."""
        return back_to_proposal(self.invoice, saved.proveedor, self.seat) if self.invoice else super().saved_url(saved)

    def told(self, saved: FichaProveedor) -> str:
        """Name what was saved, and tell who wrote another name than the one that the supplier already had."""
        words, typed = super().told(saved), self.get_form().data.get("nombre", "")
        if not is_another(typed, saved.proveedor):
            return words
        kept = gettext("Ya estaba registrado con ese nombre; usted escribió «%(typed)s». Compárelo con su constancia.")
        return f"{words} {kept % {'typed': typed[:200].strip()}}"

    def find(self, number: int) -> FichaProveedor | None:
        """Return what is kept now of a supplier whom the person sees."""
        self.supplier, ficha = _known(self.seat, number)
        return ficha

    def named(self, row: FichaProveedor) -> tuple[int, str]:
        """Return the number and name of its supplier."""
        return row.proveedor_id, row.proveedor.nombre

    def corrected(self) -> tuple[int, str] | None:
        """Return the number and name of the supplier, which may have no ficha yet."""
        return (self.supplier.pk, self.supplier.nombre) if self.supplier else None

    def kept(self) -> dict[str, object]:
        """Return who the supplier is, and its ficha by field."""
        known = {"rfc": self.supplier.rfc, "nombre": self.supplier.nombre} if self.supplier else {}
        return known | ({name: getattr(self.row, name) for name in FIELD_WORDS} if self.row else {})

    def save(self, form: SupplierForm) -> FichaProveedor:
        """Keep it for the subject of its ficha, for that of the invoice that asks, or for the first of the person's."""
        asks = self.invoice.contabilidad.sujeto_id if self.invoice else None
        new = form.made(sujeto_id=self.row.sujeto_id if self.row else own_subject(self.seat, asks).pk)
        return save_proveedor(new, self.seat.usuario, ficha=self.seen(form), motivo=form.text("motivo"))
