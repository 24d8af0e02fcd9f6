"""Aportantes: who gives, how much of the yearly limit each has used, and their ficha with every receipt."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.catalogs.selectors.people import rfc_doubt
from sif.catalogs.services import CatalogRefused, NewAportante, save_aportante
from sif.counterparties.history import contributions
from sif.counterparties.seen import donors_of
from sif.counterparties.standing import donor_standing, given_by, same_person
from sif.law.parameters import value_on
from sif.registry.folding import fold
from sif.registry.looks import NewLook
from sif.registry.masks import masked, unmasked
from sif.registry.models import Aportante
from sif.values import Money
from sif.web.fields import ServiceForm, text_field
from sif.web.frame import Crumb
from sif.web.listing import tab_links
from sif.web.party.catalog_form import (
    SearchForm,
    captures,
    file_asked,
    found_or_404,
    must_be_own,
    of_other_books,
    own_subject,
)
from sif.web.party.gifts import given_table
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.personal_keys import DONOR_KEYS, look_at_file, looks_at_files, shown_keys, whole_file
from sif.web.party.tabs import GIFTS
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

HEAD = ("aportante", "nombre", "rfc", "curp", "clave_elector", "anio", "como_simpatizante", "total", "limite")
_ZERO = (Money(0), Money(0))


class DonorForm(ServiceForm):
    """Who a donor is; one of the three keys tells it from others."""

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nombre"] = text_field(_("Nombre completo"), required=True)
        self.fields["rfc"] = text_field(_("RFC"), _("13 letras y cifras. Una persona moral no puede aportar."))
        self.fields["curp"] = text_field(_("CURP"), _("18 letras y cifras."))
        self.fields["clave_elector"] = text_field(_("Clave de elector"), _("18 letras y cifras de su credencial."))
        if corrects:
            add_reason(self)


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The donors of the catalogue with what each gave this year; ?formato= gives them as a file, keys masked.

    A post gives the file with whole keys to who may look at them, and records it.
    """
    form = SearchForm(request.GET, _("Nombre"))
    words, year = fold(form.asked("q")).split(), mesa.ahora.date().year
    found = [row for row in donors_of(mesa.alcance) if all(word in _searched(row) for word in words)]
    given: dict[int, tuple[Money, Money]] = {}
    for sujeto in mesa.sujetos:
        given |= given_by(sujeto, [row.identidad for row in found if row.sujeto_id == sujeto.pk], year)
    limit = Money(value_on("limite_simpatizante_individual", mesa.ahora.date()))
    whole = request.method == "POST"
    lines = [
        (
            f"A{row.identidad}", row.nombre, *_keys(row, whole=whole).values(), year, *given.get(row.identidad, _ZERO),
            limit,
        )
        for row in found
    ]  # fmt: skip
    if whole:
        new = look_at_file(mesa, "aportante", DONOR_KEYS, len(found))
        return whole_file(request, mesa, new, HEAD, lines)
    answer = file_asked(request, "aportantes", HEAD, lines)
    if answer:
        return answer
    context = {
        "frame": mesa.frame("aportaciones", Crumb(_("Aportantes"))), "filtro": form, "anio": year, "limite": limit,
        "tabla": _table(request, found, given, limit), "captura": captures(mesa),
        "pestanas": tab_links(GIFTS, request), "archivo": request.path if looks_at_files(mesa) else "",
    }  # fmt: skip
    return render(request, "party/aportantes.html", context)


def field_words() -> dict[str, str]:
    """Name the fields of a donor as its sheet does."""
    return {"nombre": _("Nombre"), "rfc": _("RFC"), "curp": _("CURP"), "clave_elector": _("Clave de elector")}


def _searched(row: Aportante) -> str:
    return fold(f"{row.nombre} a{row.identidad}")


def _keys(row: Aportante, *, whole: bool = False) -> dict[str, str]:
    """The keys of a donor, masked unless told."""
    found = {name: getattr(row, name) for name in DONOR_KEYS}
    return found if whole else {name: masked(name, text) for name, text in found.items()}


def _table(request: HttpRequest, found: list[Aportante], given: dict[int, tuple[Money, Money]], limit: Money) -> Table:
    columns = (
        Column("nombre", _("Aportante"), "cosa", ordenable=True),
        Column("simpatizante", _("Como simpatizante este año"), "dinero", ordenable=True, telefono="half"),
        Column("parte", _("Del límite individual"), "tope"),
        Column("queda", _("Le queda"), "dinero", telefono="half"),
        Column("total", _("Total del año"), "dinero", ordenable=True, telefono="half"),
    )
    order = order_asked(request.GET, columns, "-simpatizante")
    keys = {
        "nombre": lambda row: (fold(row.nombre), row.pk),
        "simpatizante": lambda row: (given.get(row.identidad, _ZERO)[0], row.pk),
        "total": lambda row: (given.get(row.identidad, _ZERO)[1], row.pk),
    }
    found = sorted(found, key=keys[order.removeprefix("-")], reverse=order.startswith("-"))
    page = pager_for(page_number(request.GET), len(found))
    rows = []
    for each in found[max(0, page.desde - 1) : page.hasta]:
        part, whole = given.get(each.identidad, _ZERO)
        name = Thing(
            each.nombre, reverse("party:aportante", args=[each.identidad]),
            clave_debajo=next(filter(None, _keys(each).values()), ""), debajo="" if _keyed(each) else _("Sin clave"),
        )  # fmt: skip
        rows.append(
            Row(
                {
                    "nombre": name, "simpatizante": part, "parte": Spending(part, limit),
                    "queda": max(limit - part, Money(0)), "total": whole,
                }
            )
        )  # fmt: skip
    first = (Link(_("Aportante nuevo"), reverse("party:aportante_nuevo"), "plus-lg"),)
    nothing = Empty(_("Ningún aportante responde a este filtro."), _("Dé de alta a quien aporta."), first)
    files = file_links(request.GET)
    return Table(_("Aportantes"), columns, rows, orden=order, pagina=page, vacia=nothing, exportar=files)


def _keyed(row: Aportante) -> bool:
    return bool(row.rfc or row.curp or row.clave_elector)


def _own(mesa: Mesa, number: int) -> Aportante:
    """The current version of the donor that this number, of any of its versions, names."""
    rows = Aportante.objects.select_related("sujeto")
    row = found_or_404(rows.filter(pk=number).first())
    must_be_own(mesa, row.sujeto_id)
    found = donors_of(mesa.alcance).filter(identidad=row.identidad).first()
    if found is None:
        raise PermissionDenied(of_other_books())
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One donor: keys, limits used this year and today, and every contribution in the person's books.

    A post with its reason shows the keys whole.
    """
    donor = _own(mesa, number)
    new = NewLook(donor.sujeto_id, "aportante", donor.identidad, DONOR_KEYS)
    keys = shown_keys(request, mesa, new, _keys(donor, whole=True))
    twins = [number for number in same_person(donor) if number != donor.identidad]
    context = {
        "frame": mesa.frame("aportaciones", Crumb(donor.nombre, clave=f"A{donor.identidad}")), "aportante": donor,
        "clave": f"A{donor.identidad}",
        "limites": donor_standing(donor, mesa.ahora.date()), "captura": captures(mesa),
        "gemelos": donors_of(mesa.alcance).filter(identidad__in=twins),
        "duda": rfc_doubt(donor.rfc, keys.valores["rfc"]), "claves": keys,
        "tabla": given_table(contributions(mesa.libros, donors=[donor.identidad, *twins]), named=bool(twins)),
        "historia": history_rows(donor, field_words()),
    }  # fmt: skip
    return render(request, "party/aportante.html", context, status=422 if keys.problema else 200)


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A new donor."""
    return _edit(request, mesa, None)


@party_page
def edit(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Correct who a donor is."""
    return _edit(request, mesa, _own(mesa, number))


def _edit(request: HttpRequest, mesa: Mesa, donor: Aportante | None) -> HttpResponse:
    names = ("nombre", "rfc", "curp", "clave_elector")
    kept = {name: getattr(donor, name) for name in names} if donor else {}
    before = {name: masked(name, text) for name, text in kept.items()} | ({"vista": donor.pk} if donor else {})
    form = DonorForm(posted(request), initial=before, corrects=donor is not None)
    general, status = [], 200
    if request.method == "POST":
        form.is_valid()
        subject = donor.sujeto if donor else own_subject(mesa)
        try:
            reason = form.cleaned_data.pop("motivo", "")
            seen = version_seen(donor, form.cleaned_data.pop("vista", None)) if donor else None
            new = NewAportante(subject.pk, **unmasked(kept, form.cleaned_data))
            saved = save_aportante(new, mesa.usuario, aportante=seen, motivo=reason)
        except CatalogRefused as refused:
            general, status = form.tell(refused.problems), 422
        else:
            messages.success(request, _("Aportante guardado: %(name)s.") % {"name": saved.nombre})
            return HttpResponseRedirect(reverse("party:aportante", args=[saved.identidad]))
    context = {
        "frame": mesa.frame("aportaciones", Crumb(donor.nombre if donor else _("Aportante nuevo"))),
        "form": form, "generales": general, "titulo": _("Editar aportante") if donor else _("Aportante nuevo"),
        "entrada": _("Basta una de las tres claves para identificar a la persona."), "grande": ("nombre", "motivo"),
        "volver": reverse("party:aportante", args=[donor.identidad]) if donor else reverse("party:aportantes"),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)
