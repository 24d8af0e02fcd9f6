"""Proveedores: each with what was bought from it beside the sum that asks for the RNP, its history and its ficha."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sif.catalogs.models import FichaProveedor
from sif.catalogs.selectors.listed import Listed, listed_on
from sif.catalogs.selectors.people import RnpStatus, rfc_doubt, rnp_on
from sif.catalogs.services import NewProveedor, save_proveedor
from sif.counterparties.history import history_of
from sif.counterparties.seen import fichas_of, suppliers_of
from sif.counterparties.standing import SupplierStanding, supplier_standing
from sif.registry.folding import fold
from sif.registry.looks import NewLook
from sif.registry.masks import masked, unmasked
from sif.registry.models import Proveedor
from sif.values import Money, Refused
from sif.web.fields import ServiceForm, text_field
from sif.web.frame import Crumb
from sif.web.party.catalog_form import SearchForm, captures, file_asked, found_or_404, own_subject
from sif.web.party.historial import history_table
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.personal_keys import SUPPLIER_KEYS, shown_keys
from sif.web.party.versions import add_reason, history_rows, version_seen
from sif.web.tables import (
    Column,
    Empty,
    Link,
    Row,
    Spending,
    Table,
    Thing,
    file_links,
    order_asked,
    page_number,
    pager_for,
)
from sif.web.typed import posted

NEAR = 75  # percent of the threshold from which a supplier without RNP is a warning
HEAD = (
    "rfc", "nombre", "folio_rnp", "rnp_activo", "contratado", "gastado", "acumulado", "umbral_rnp", "queda",
    "lista_69b",
)  # fmt: skip
State = tuple[str, str]


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier with everything a list says of it."""

    proveedor: Proveedor
    rnp: RnpStatus | None
    suma: SupplierStanding
    lista: Mapping[str, Listed] | None

    @property
    def nivel(self) -> str:
        """cubierto by the RNP; else rebasado, cerca or lejos of the sum that asks for it."""
        if self.rnp and self.rnp.activo:
            return "cubierto"
        if self.suma.acumulado >= self.suma.umbral:
            return "rebasado"
        near = self.suma.acumulado.centavos * 100 >= self.suma.umbral.centavos * NEAR
        return "cerca" if near else "lejos"


class SupplierForm(ServiceForm):
    """What a subject captures of a supplier."""

    def __init__(self, *args: Any, fixed: bool = False, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("12 letras y cifras si es persona moral, 13 si es física; admite Ñ y &.")
        self.fields["rfc"] = text_field(_("RFC"), told, required=True)
        once = _("Como está en su constancia; quien ya está registrado conserva su nombre.")
        self.fields["nombre"] = text_field(_("Nombre o razón social"), once, required=True)
        self.fields["curp"] = text_field(_("CURP"), _("Solo si es persona física."))
        self.fields["representante"] = text_field(_("Representante legal"))
        self.fields["domicilio"] = text_field(_("Domicilio"))
        self.fields["clabe"] = text_field(_("CLABE en que cobra"), _("18 cifras."))
        if fixed:
            for name in ("rfc", "nombre"):
                self.fields[name].widget.attrs["readonly"] = True
                self.fields[name].help_text = ""
        if corrects:
            add_reason(self)


def field_words() -> dict[str, str]:
    """Name the fields that a subject keeps of a supplier as its sheet does."""
    return {
        "curp": _("CURP"), "representante": _("Representante legal"), "domicilio": _("Domicilio"),
        "clabe": _("CLABE en que cobra"),
    }  # fmt: skip


def _rows(mesa: Mesa, suppliers: Sequence[Proveedor]) -> list[SupplierRow]:
    today, numbers = mesa.ahora.date(), [each.pk for each in suppliers]
    stands: dict[int, SupplierStanding] = {}
    if mesa.etapa and mesa.sujetos:
        stands = supplier_standing(own_subject(mesa), mesa.etapa.proceso, numbers, today)
    active, listed = rnp_on(numbers, today), listed_on([each.rfc for each in suppliers], today)
    none = SupplierStanding(Money(0), Money(0), Money(0))
    return [SupplierRow(each, active.get(each.pk), stands.get(each.pk, none), listed) for each in suppliers]


@require_safe
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The suppliers of the catalogue and of the books; ?formato= gives all of them as a file."""
    levels = [
        ("", _("Todos")), ("cubierto", _("Con registro activo")), ("rebasado", _("Sin registro y ya se exige")),
        ("cerca", _("Cerca del umbral")), ("lejos", _("Lejos del umbral")),
    ]  # fmt: skip
    form = SearchForm(request.GET, _("Nombre o RFC de persona moral"), rnp=(_("RNP"), levels))
    found = list(suppliers_of(mesa.alcance, list(mesa.libros)))
    words = fold(form.asked("q")).split()
    found = [each for each in found if all(word in _searched(each) for word in words)]
    rows = [row for row in _rows(mesa, found) if form.asked("rnp") in ("", row.nivel)]
    answer = file_asked(request, "proveedores", HEAD, (_file_row(row) for row in rows))
    if answer:
        return answer
    context = {
        "frame": mesa.frame("proveedores"), "filtro": form, "tabla": _table(request, rows), "captura": captures(mesa),
        "umbral": rows[0].suma.umbral if rows else None,
    }  # fmt: skip
    return render(request, "party/proveedores.html", context)


def _searched(row: Proveedor) -> str:
    """What a search finds of a supplier: its name and what is shown of its RFC."""
    return fold(f"{masked('rfc', row.rfc)} {row.nombre}")


def _columns() -> tuple[Column, ...]:
    return (
        Column("nombre", _("Proveedor"), "cosa", ordenable=True),
        Column("rnp", _("RNP hoy"), "estado"),
        Column("acumulado", _("Acumulado en el proceso"), "dinero", ordenable=True, telefono="half"),
        Column("parte", _("Del umbral del RNP"), "tope"),
        Column("queda", _("Le queda"), "dinero", ordenable=True, telefono="half"),
        Column("lista", _("Lista 69-B"), "estado"),
    )


def _table(request: HttpRequest, rows: list[SupplierRow]) -> Table:
    columns = _columns()
    order = order_asked(request.GET, columns, "-acumulado")
    keys = {
        "nombre": lambda row: (fold(row.proveedor.nombre), row.proveedor.pk),
        "acumulado": lambda row: (row.suma.acumulado, row.proveedor.pk),
        "queda": lambda row: (row.suma.queda, row.proveedor.pk),
    }
    rows = sorted(rows, key=keys[order.removeprefix("-")], reverse=order.startswith("-"))
    page = pager_for(page_number(request.GET), len(rows))
    shown = rows[max(0, page.desde - 1) : page.hasta]
    drawn = [
        Row(
            {
                "nombre": Thing(
                    row.proveedor.nombre, reverse("party:proveedor", args=[row.proveedor.pk]),
                    clave_debajo=masked("rfc", row.proveedor.rfc),
                ),
                "rnp": rnp_state(row), "acumulado": row.suma.acumulado,
                "parte": Spending(row.suma.acumulado, row.suma.umbral),
                "queda": _("no aplica") if row.nivel == "cubierto" else max(row.suma.queda, Money(0)),
                "lista": listed_state(row),
            }
        )
        for row in shown
    ]  # fmt: skip
    first = (Link(_("Proveedor nuevo"), reverse("party:proveedor_nuevo"), "plus-lg"),)
    nothing = Empty(_("Ningún proveedor responde a este filtro."), _("Aparecen al darlos de alta o al usarlos."), first)
    return Table(
        _("Proveedores"), columns, drawn, orden=order, pagina=page, vacia=nothing, exportar=file_links(request.GET)
    )


def rnp_state(row: SupplierRow) -> State:
    """The registration today, and how near the sum that asks for it."""
    if row.nivel == "cubierto" and row.rnp:
        return "vigente", _("Activo, %(folio)s") % {"folio": row.rnp.folio}
    if row.nivel == "rebasado":
        return "rebase", _("Sin registro activo y ya se exige")
    if row.nivel == "cerca":
        return "por_vencer", _("Sin registro activo y cerca del umbral")
    return "no_aplica", _("Sin registro; todavía no se exige")


def listed_state(row: SupplierRow) -> State:
    """What the list of article 69-B says, or that none has been loaded."""
    if row.lista is None:
        return "sin_dato", _("Sin lista cargada")
    place = row.lista.get(row.proveedor.rfc)
    if place is None:
        return "cumplido", _("No aparece")
    words = {
        "presunto": ("por_vencer", _("Presunto")), "definitivo": ("rechazado", _("Definitivo")),
        "desvirtuado": ("cumplido", _("Desvirtuado")), "favorable": ("cumplido", _("Sentencia favorable")),
    }  # fmt: skip
    return words.get(place.situacion, ("sin_dato", place.situacion))


def _file_row(row: SupplierRow) -> tuple[object, ...]:
    return (
        masked("rfc", row.proveedor.rfc), row.proveedor.nombre, row.rnp.folio if row.rnp else "",
        "si" if row.rnp and row.rnp.activo else "no", row.suma.contratado, row.suma.gastado, row.suma.acumulado,
        row.suma.umbral, row.suma.queda, listed_state(row)[1],
    )  # fmt: skip


def _known(mesa: Mesa, number: int) -> tuple[Proveedor, FichaProveedor | None]:
    """A supplier that this person's subjects know, by their ficha or their books."""
    ficha = fichas_of(mesa.alcance).filter(proveedor=number).first()
    if ficha is not None:
        return ficha.proveedor, ficha
    return found_or_404(suppliers_of(mesa.alcance, list(mesa.libros)).filter(pk=number).first()), None


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One supplier: its meter, its registration, what the subject keeps of it, and its history.

    A post with its reason shows the keys of a natural person whole.
    """
    supplier, ficha = _known(mesa, number)
    subject = ficha.sujeto if ficha else own_subject(mesa)
    own = {"rfc": supplier.rfc, "curp": ficha.curp if ficha else "", "clabe": ficha.clabe if ficha else ""}
    keys = shown_keys(request, mesa, NewLook(subject.pk, "proveedor", supplier.pk, SUPPLIER_KEYS), own)
    row = _rows(mesa, [supplier])[0]
    context = {
        "frame": mesa.frame("proveedores", Crumb(supplier.nombre, clave=keys.valores["rfc"])),
        "claves": keys,
        "proveedor": supplier, "ficha": ficha, "fila": row, "rnp": rnp_state(row), "lista": listed_state(row),
        "queda": max(row.suma.queda, Money(0)), "duda": rfc_doubt(supplier.rfc, keys.valores["rfc"]),
        "registros": supplier.registros_rnp.order_by("-desde"), "captura": captures(mesa),
        "tabla": history_table(request, history_of("proveedor", supplier.pk, mesa.libros)),
        "historia": history_rows(ficha, field_words()) if ficha else [],
    }  # fmt: skip
    return render(request, "party/proveedor.html", context, status=422 if keys.problema else 200)


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A new supplier in the catalogue of the subject."""
    return _edit(request, mesa, None, None)


@party_page
def edit(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """What the subject keeps of a supplier it already knows."""
    supplier, ficha = _known(mesa, number)
    return _edit(request, mesa, supplier, ficha)


def _edit(request: HttpRequest, mesa: Mesa, supplier: Proveedor | None, ficha: FichaProveedor | None) -> HttpResponse:
    kept: dict[str, Any] = {"rfc": supplier.rfc, "nombre": supplier.nombre} if supplier else {}
    own = ("curp", "representante", "domicilio", "clabe")
    kept |= {name: getattr(ficha, name) for name in own} | {"vista": ficha.pk} if ficha else {}
    covered = {name: masked(name, text) for name, text in kept.items()}
    form = SupplierForm(posted(request), initial=covered, fixed=supplier is not None, corrects=ficha is not None)
    general, status = [], 200
    if request.method == "POST":
        form.is_valid()
        reason = form.cleaned_data.pop("motivo", "")
        seen = version_seen(ficha, form.cleaned_data.pop("vista", None)) if ficha else None
        said = unmasked(kept, form.cleaned_data)
        new = NewProveedor(ficha.sujeto_id if ficha else own_subject(mesa).pk, **said)
        try:
            saved = save_proveedor(new, mesa.usuario, ficha=seen, motivo=reason)
        except Refused as refused:
            general, status = form.tell(refused.problems), 422
        else:
            messages.success(request, _("Proveedor guardado: %(name)s.") % {"name": saved.proveedor.nombre})
            return HttpResponseRedirect(reverse("party:proveedor", args=[saved.proveedor_id]))
    context = {
        "frame": mesa.frame("proveedores", Crumb(supplier.nombre if supplier else _("Proveedor nuevo"))),
        "form": form, "generales": general, "titulo": _("Editar proveedor") if supplier else _("Proveedor nuevo"),
        "volver": reverse("party:proveedor", args=[supplier.pk]) if supplier else reverse("party:proveedores"),
        "grande": ("nombre", "domicilio", "motivo"),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)
