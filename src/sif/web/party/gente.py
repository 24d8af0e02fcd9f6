"""Gente: those who work for the subject, are paid or keep its cash, with what its books say of each."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.catalogs.models import PersonaSujeto
from sif.catalogs.selectors.people import rfc_doubt
from sif.catalogs.services import CatalogRefused, NewPersona, save_persona
from sif.catalogs.services.people import FOREVER
from sif.counterparties.history import history_of
from sif.counterparties.seen import people_of
from sif.registry.folding import fold
from sif.registry.looks import NewLook
from sif.registry.masks import masked, unmasked
from sif.web.fields import ServiceForm, day_field, day_words, text_field
from sif.web.frame import Crumb
from sif.web.party.catalog_form import (
    SearchForm,
    captures,
    file_asked,
    found_or_404,
    must_be_own,
    of_other_books,
    own_subject,
)
from sif.web.party.historial import history_table
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.personal_keys import PERSON_KEYS, look_at_file, looks_at_files, shown_keys, whole_file
from sif.web.party.versions import add_reason, history_rows, version_seen
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, file_links, order_asked, page_number, pager_for
from sif.web.typed import posted

HEAD = ("nombre", "relacion", "curp", "rfc", "clave_elector", "domicilio", "desde", "hasta")


def relation_words() -> dict[str, str]:
    """What a person is to the subject."""
    return {
        "empleo": _("Empleo"), "honorarios": _("Honorarios"), "repap": _("REPAP"),
        "representante": _("Representante"), "caja": _("Responsable de caja"),
    }  # fmt: skip


class PersonForm(ServiceForm):
    """A person the subject deals with."""

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        once = _("Quien ya está registrado con esa CURP conserva su nombre.")
        self.fields["nombre"] = text_field(_("Nombre completo"), once, required=True)
        self.fields["relacion"] = forms.ChoiceField(label=_("Relación"), choices=list(relation_words().items()))
        self.fields["curp"] = text_field(_("CURP"), _("18 letras y cifras."))
        self.fields["rfc"] = text_field(_("RFC"), _("13 letras y cifras."))
        self.fields["clave_elector"] = text_field(_("Clave de elector"))
        self.fields["domicilio"] = text_field(_("Domicilio"))
        self.fields["desde"] = day_field(_("Desde"), _("Día/mes/año, por ejemplo 18/05/2026."))
        self.fields["hasta"] = day_field(_("Hasta"), _("Vacío mientras siga."), required=False)
        if corrects:
            add_reason(self)


def field_words() -> dict[str, str]:
    """Name the fields that a subject keeps of a person as their sheet does."""
    return {
        "relacion": _("Relación"), "clave_elector": _("Clave de elector"), "domicilio": _("Domicilio"),
        "desde": _("Desde"), "hasta": _("Hasta"), "persona.nombre": _("Nombre"), "persona.curp": "CURP",
        "persona.rfc": "RFC",
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def listing(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """The people of the catalogue; ?formato= gives them as a file with masked keys, a post with whole ones."""
    form = SearchForm(
        request.GET, _("Nombre"),
        relacion=(_("Relación"), [("", _("Todas")), *relation_words().items()]),
        hoy=(_("Vigencia"), [("", _("Todas")), ("si", _("Vigente hoy")), ("no", _("Terminada"))]),
    )  # fmt: skip
    today = mesa.ahora.date()
    rows = [row for row in people_of(mesa.alcance) if _answers(row, form, today)]
    if request.method == "POST":
        new = look_at_file(mesa, "persona", PERSON_KEYS, len(rows))
        return whole_file(request, mesa, new, HEAD, [_file_row(row, whole=True) for row in rows])
    answer = file_asked(request, "personas", HEAD, (_file_row(row) for row in rows))
    if answer:
        return answer
    context = {
        "frame": mesa.frame("gente"), "filtro": form, "tabla": _table(request, rows, today), "captura": captures(mesa),
        "archivo": request.path if looks_at_files(mesa) else "",
    }  # fmt: skip
    return render(request, "party/gente.html", context)


def _answers(row: PersonaSujeto, form: SearchForm, today: date) -> bool:
    here = fold(row.persona.nombre)
    return (
        all(word in here for word in fold(form.asked("q")).split())
        and form.asked("relacion") in ("", row.relacion)
        and form.asked("hoy") in ("", "si" if _is_current(row, today) else "no")
    )


def _is_current(row: PersonaSujeto, today: date) -> bool:
    return row.desde <= today <= row.hasta


def _keys(row: PersonaSujeto, *, whole: bool = False) -> dict[str, str]:
    """The keys of a person, masked unless told."""
    found = {"curp": row.persona.curp or "", "rfc": row.persona.rfc, "clave_elector": row.clave_elector}
    return found if whole else {name: masked(name, text) for name, text in found.items()}


def _file_row(row: PersonaSujeto, *, whole: bool = False) -> tuple[object, ...]:
    return (
        row.persona.nombre, row.relacion, *_keys(row, whole=whole).values(), row.domicilio, row.desde,
        "" if row.hasta == FOREVER else row.hasta,
    )  # fmt: skip


def _table(request: HttpRequest, rows: list[PersonaSujeto], today: date) -> Table:
    columns = (
        Column("nombre", _("Persona"), "cosa", ordenable=True),
        Column("relacion", _("Relación"), ordenable=True),
        Column("rfc", _("RFC"), "clave"),
        Column("desde", _("Desde"), "dia", ordenable=True),
        Column("hasta", _("Hasta"), "dia"),
        Column("estado", _("Vigencia"), "estado"),
    )
    order = order_asked(request.GET, columns, "nombre")
    keys = {
        "nombre": lambda row: (fold(row.persona.nombre), row.pk), "relacion": lambda row: (row.relacion, row.pk),
        "desde": lambda row: (row.desde, row.pk),
    }  # fmt: skip
    rows = sorted(rows, key=keys[order.removeprefix("-")], reverse=order.startswith("-"))
    page = pager_for(page_number(request.GET), len(rows))
    drawn = [
        Row(
            {
                "nombre": Thing(
                    row.persona.nombre, reverse("party:persona", args=[row.identidad]),
                    clave_debajo=_keys(row)["curp"],
                ),
                "relacion": relation_words()[row.relacion], "rfc": _keys(row)["rfc"],
                "desde": row.desde,
                "hasta": _("sigue") if row.hasta == FOREVER else row.hasta,
                "estado": ("vigente", _("Vigente")) if _is_current(row, today) else ("cerrada", _("Terminada")),
            }
        )
        for row in rows[max(0, page.desde - 1) : page.hasta]
    ]  # fmt: skip
    first = (Link(_("Persona nueva"), reverse("party:persona_nueva"), "plus-lg"),)
    nothing = Empty(_("Nadie responde a este filtro."), _("Aquí van empleos, honorarios, REPAP y cajas."), first)
    return Table(_("Gente"), columns, drawn, orden=order, pagina=page, vacia=nothing, exportar=file_links(request.GET))


def _own(mesa: Mesa, number: int) -> PersonaSujeto:
    """What is kept now of the person that this number, of any version, names."""
    rows = PersonaSujeto.objects.select_related("persona", "sujeto", "registrada_por")
    row = found_or_404(rows.filter(pk=number).first())
    must_be_own(mesa, row.sujeto_id)
    found = people_of(mesa.alcance).filter(identidad=row.identidad).select_related("registrada_por").first()
    if found is None:
        raise PermissionDenied(of_other_books())
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@party_page
def sheet(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """One person: what they are to the subject, and every póliza that names them; a post shows the keys whole."""
    row = _own(mesa, number)
    new = NewLook(row.sujeto_id, "persona", row.identidad, PERSON_KEYS)
    keys = shown_keys(request, mesa, new, _keys(row, whole=True))
    context = {
        "frame": mesa.frame("gente", Crumb(row.persona.nombre)), "fila": row, "captura": captures(mesa),
        "relacion": relation_words()[row.relacion], "vigente": _is_current(row, mesa.ahora.date()),
        "sigue": row.hasta == FOREVER, "duda": rfc_doubt(row.persona.rfc, keys.valores["rfc"]),
        "claves": keys,
        "otras": people_of(mesa.alcance).filter(persona__identidad=row.persona.identidad).exclude(pk=row.pk),
        "tabla": history_table(request, history_of("persona", row.persona_id, mesa.libros)),
        "historia": history_rows(row, field_words()),
    }  # fmt: skip
    return render(request, "party/persona.html", context, status=422 if keys.problema else 200)


@party_page
def create(request: HttpRequest, mesa: Mesa) -> HttpResponse:
    """A new person."""
    return _edit(request, mesa, None)


@party_page
def edit(request: HttpRequest, mesa: Mesa, number: int) -> HttpResponse:
    """Correct what is kept of a person, or say when it ended."""
    return _edit(request, mesa, _own(mesa, number))


def _edit(request: HttpRequest, mesa: Mesa, row: PersonaSujeto | None) -> HttpResponse:
    kept = _before(row) if row else {}
    covered = {name: masked(name, value) for name, value in kept.items()}
    form = PersonForm(posted(request), initial=covered, corrects=row is not None)
    general, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason = form.cleaned_data.pop("motivo", "")
            seen = version_seen(row, form.cleaned_data.pop("vista", None)) if row else None
            data = unmasked(kept, form.cleaned_data) | {"hasta": form.cleaned_data["hasta"] or FOREVER}
            subject = row.sujeto if row else own_subject(mesa)
            try:
                saved = save_persona(NewPersona(subject.pk, **data), mesa.usuario, ficha=seen, motivo=reason)
            except CatalogRefused as refused:
                general = form.tell(refused.problems)
            else:
                messages.success(request, _("Persona guardada: %(name)s.") % {"name": saved.persona.nombre})
                return HttpResponseRedirect(reverse("party:persona", args=[saved.identidad]))
    context = {
        "frame": mesa.frame("gente", Crumb(row.persona.nombre if row else _("Persona nueva"))),
        "form": form, "generales": general, "titulo": _("Editar persona") if row else _("Persona nueva"),
        "volver": reverse("party:persona", args=[row.identidad]) if row else reverse("party:gente"),
        "grande": ("nombre", "domicilio", "motivo"),
    }  # fmt: skip
    return render(request, "party/catalogo_editar.html", context, status=status)


def _before(row: PersonaSujeto) -> dict[str, Any]:
    own: dict[str, Any] = {name: getattr(row, name) for name in ("relacion", "clave_elector", "domicilio")}
    person = {"nombre": row.persona.nombre, "curp": row.persona.curp or "", "rfc": row.persona.rfc}
    own["vista"] = row.pk
    return own | person | {"desde": day_words(row.desde), "hasta": day_words(row.hasta)}
