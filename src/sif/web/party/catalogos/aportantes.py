"""Aportantes: who gives, how much of the yearly limit each has used, and their ficha with every receipt."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.books.board import limits_bind
from sif.catalogs.selectors.people import rfc_doubt
from sif.catalogs.services import NewAportante, save_aportante
from sif.counterparties.history import contributions
from sif.counterparties.seen import donors_of
from sif.counterparties.standing import donor_standing, donors_with_gifts, same_person
from sif.counterparties.subject_scope import whole_subjects
from sif.law.parameters import value_on
from sif.registry.folding import Folded
from sif.registry.looks import NewLook
from sif.registry.masks import masked
from sif.registry.models import Aportante
from sif.values import Money
from sif.web.columns import Column, Link, Values
from sif.web.fields import text_field
from sif.web.filters import words
from sif.web.formats import currency_amount
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.party.catalog_form import (
    captures,
    found_or_404,
    must_be_own,
    of_other_books,
    own_subject,
)
from sif.web.party.catalogos.keyed import DONOR_KEYS, KeyedListing, key_column, shown_keys
from sif.web.party.catalogos.versions import VersionForm, VersionRecord, history_rows
from sif.web.party.gifts import UNSURE_LIMIT, given_table
from sif.web.party.mesa import Mesa, party_page
from sif.web.party.tabs import GIFTS
from sif.web.tables import Empty, Spending
from sif.web.tables import Link as Button


def _first_key(row: Values) -> str:
    return next((masked(name, row[name]) for name in DONOR_KEYS if row[name]), "")


class Donors(KeyedListing):
    """The donors that the person sees with what each gave this year, who has used most of the limit first."""

    page, file_name = "aportaciones", "aportantes"
    title, tabs, article = _("Aportantes"), GIFTS, "LGPP 56.2.d"
    looked, keys = "aportante", DONOR_KEYS
    filters = {"q": words(_("Nombre"), "nombre", "clave")}
    order = "-como_simpatizante"
    columns = (
        Column("aportante", source="clave", where="file"),
        Column("nombre", _("Aportante"), "cosa", sort=Folded("nombre"), link=Link("party:aportante", ("identidad",))),
        Column("identidad", where="hidden"),
        Column("primera", kind="clave", show=_first_key, under="nombre", where="screen"),
        Column("sin_clave", show=lambda row: "" if _first_key(row) else _("Sin clave"), under="nombre", where="screen"),
        *(key_column(name, where="file") for name in DONOR_KEYS),
        Column("anio", where="file"),
        Column(
            "como_simpatizante",
            _("Como simpatizante este año"),
            "dinero",
            "simpatizante",
            sort=Coalesce("simpatizante_de_todos", 0),
            phone="half",
        ),
        Column(
            "parte",
            _("Del límite individual"),
            "tope",
            show=lambda row: Spending(Money(row["como_simpatizante"]), Money(row["limite"])),
            where="screen",
        ),
        Column(
            "queda",
            _("Le queda"),
            "dinero",
            show=lambda row: Money(max(row["limite"] - row["como_simpatizante"], 0)),
            where="screen",
            phone="half",
        ),
        Column("total", _("Total del año"), "dinero", sort=Coalesce("total_de_todos", 0), phone="half"),
        Column("limite", kind="dinero", where="file"),
    )
    empty = Empty(_("Todavía no hay aportantes."), _("Dé de alta a quien aporta."))
    unmatched = _("Ningún aportante responde a este filtro.")
    create = Button(_("Aportante nuevo"), "party:aportante_nuevo")

    def query(self) -> QuerySet[Model]:
        """Select them with their sums."""
        return donors_with_gifts(self.seat.alcance, self.seat.ahora.date())

    def scope(self) -> AbstractContextManager[None]:
        """Sum all the books of the subjects: the limit runs over them, whichever the person captures in."""
        return whole_subjects(self.seat.sujetos)

    def extra(self) -> Mapping[str, object]:
        """Tell the limit."""
        day = self.seat.ahora.date()
        said = gettext("Como simpatizante, cada persona puede aportar hasta %(amount)s en %(year)s.")
        limit = currency_amount(value_on("limite_simpatizante_individual", day, settings.JURISDICTION))
        told = said % {"amount": limit, "year": day.year}
        if not all(limits_bind(each) for each in self.seat.sujetos):
            told = f"{told} {gettext('Por confirmar')}. {UNSURE_LIMIT}"
        return {**super().extra(), "intro": told}


FIELD_WORDS: dict[str, Words] = {
    "nombre": _("Nombre"),
    "rfc": "RFC",
    "curp": "CURP",
    "clave_elector": _("Clave de elector"),
}
"""What is kept of a donor, as its sheet names it."""


def _own(mesa: Mesa, number: int) -> Aportante:
    """Return the current version of the donor that this number, of any of its versions, names."""
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
    """Return one donor: keys, limits used this year and today, and every contribution in the person's books.

    A post with its reason shows the keys whole.
    """
    donor = _own(mesa, number)
    new = NewLook(donor.sujeto_id, "aportante", donor.identidad, DONOR_KEYS)
    keys = shown_keys(request, mesa, new, {name: getattr(donor, name) for name in DONOR_KEYS})
    twins = [number for number in same_person(donor) if number != donor.identidad]
    context = {
        "frame": mesa.frame("aportaciones", Crumb(donor.nombre, clave=f"A{donor.identidad}")),
        "aportante": donor,
        "clave": f"A{donor.identidad}",
        "limites": donor_standing(donor, mesa.ahora.date()),
        "limite_dudoso": "" if limits_bind(donor.sujeto) else UNSURE_LIMIT,
        "captura": captures(mesa),
        "gemelos": donors_of(mesa.alcance).filter(identidad__in=twins),
        "duda": rfc_doubt(donor.rfc, keys.valores["rfc"]),
        "claves": keys,
        "tabla": given_table(contributions(mesa.libros, donors=[donor.identidad, *twins]), named=bool(twins)),
        "historia": history_rows(donor, FIELD_WORDS),
    }
    return render(request, "party/aportante.html", context, status=422 if keys.problema else 200)


class DonorForm(VersionForm):
    """The data of a donor, identified by one of three keys: RFC, CURP or clave de elector."""

    makes = NewAportante
    nombre = text_field(_("Nombre completo"), required=True)
    rfc = text_field(_("RFC"), _("13 letras y cifras. Una persona moral no puede aportar."))
    curp = text_field(_("CURP"), _("18 letras y cifras."))
    clave_elector = text_field(_("Clave de elector"), _("18 letras y cifras de su credencial."))
    layout = ("nombre:grow", "rfc:medium curp:medium clave_elector:medium", "motivo:grow vista")


class EditDonor(VersionRecord):
    """Register a donor, or correct who one is."""

    page, back, sheet, form_class = "aportaciones", "party:aportantes", "party:aportante", DonorForm
    title, editing, done = _("Aportante nuevo"), _("Editar aportante"), _("Aportante guardado: %(name)s.")
    intro = _("Basta una de las tres claves para identificar a la persona.")

    def find(self, number: int) -> Aportante:
        """Return the donor as it stands now, if the person sees it."""
        return _own(self.seat, number)

    def kept(self) -> dict[str, object]:
        """Return its name and keys."""
        return {name: getattr(self.row, name) for name in FIELD_WORDS} if self.row else {}

    def save(self, form: DonorForm) -> Aportante:
        """Keep it for its subject, or for the first of the person's."""
        new = form.made(sujeto_id=self.row.sujeto_id if self.row else own_subject(self.seat).pk)
        return save_aportante(new, self.seat.usuario, aportante=self.seen(form), motivo=form.text("motivo"))
