"""Read a page of the people whose accounts somebody manages, after the person before it, and of their invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.http import QueryDict
from django.utils.translation import gettext as _

from sif.registry.appointments import last_day
from sif.registry.folding import with_words_folded
from sif.registry.invitations import pending, people_managed, roles_to_give
from sif.registry.models import Nombramiento, Usuario
from sif.registry.proofs import states_of
from sif.registry.selectors import appointments_of_all, in_force
from sif.web.accounts.rfc_words import STATES
from sif.web.labels import ROLES
from sif.web.tables import query_with
from sif.web.typed import typed_number

PAGE = 25
AFTER, BELOW = "despues", "antes"
"""The number of the person after whom a page of people begins; of the invitation below which one of them does."""


@dataclass(frozen=True, slots=True)
class Shown[R]:
    """A page of a list that is not counted: its rows, and the queries of its first page and of the next, or ''."""

    filas: Sequence[R]
    primeras: str
    siguientes: str


class PeopleFilter(forms.Form):
    """The filter of people, kept in the address; what is not understood does not narrow."""

    def __init__(self, data: QueryDict | None, by: Usuario) -> None:
        super().__init__(data)
        roles = [(rol, ROLES[rol]) for rol in roles_to_give(by)]
        states = [("activa", _("Activa")), ("deshabilitada", _("Deshabilitada")), ("sin_funcion", _("Sin función hoy"))]
        self.fields["q"] = forms.CharField(label=_("Nombre, usuario o RFC"), required=False, max_length=150)
        self.fields["rol"] = forms.ChoiceField(label=_("Función"), required=False, choices=[("", _("Todas")), *roles])
        self.fields["sujeto"] = forms.CharField(label=_("Siglas del sujeto"), required=False, max_length=16)
        self.fields["estado"] = forms.ChoiceField(
            label=_("Cuenta"), required=False, choices=[("", _("Todas")), *states]
        )
        self.is_valid()

    def narrowed(self, people: QuerySet[Usuario]) -> QuerySet[Usuario]:
        """Return the people that the filter leaves."""
        said = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        held = in_force(Nombramiento.objects.filter(usuario=OuterRef("pk")))
        if said["estado"] == "sin_funcion":
            people = people.filter(~Exists(held))
        elif said["estado"]:
            people = people.filter(is_active=said["estado"] == "activa")
        if said["rol"] or said["sujeto"]:
            of = Q(rol=said["rol"]) if said["rol"] else Q()
            of &= Q(sujeto__siglas__iexact=said["sujeto"].strip()) if said["sujeto"] else Q()
            people = people.filter(pk__in=in_force(Nombramiento.objects.filter(of)).values("usuario"))
        return with_words_folded(people, said["q"], "buscado")


def people_shown(query: QueryDict, by: Usuario) -> dict[str, object]:
    """Return the context of the page of people that an address asks for, with the filter that it keeps."""
    form = PeopleFilter(query, by)
    people = form.narrowed(people_managed(by)).order_by("nombre", "pk")
    last = Usuario.objects.filter(pk=typed_number(query.get(AFTER, "")) or 0).first()
    if last is not None:
        people = people.filter(TupleGreaterThan(Tuple(F("nombre"), F("pk")), (last.nombre, last.pk)))
    page = _page(people, query, AFTER)
    known, held = states_of(page.filas), appointments_of_all(page.filas)
    guarded = set(Authenticator.objects.filter(user__in=page.filas).values_list("user", flat=True))
    rows = [
        (
            person,
            [(each, last_day(each)) for each in held.get(person.pk, [])],
            person.pk in guarded,
            STATES[known[person.pk]],
        )
        for person in page.filas
    ]
    return {"gente": rows, "filtro_gente": form, "pagina_gente": page, "filtra": any(form.cleaned_data.values())}


def invitations_page(query: QueryDict, by: Usuario) -> Shown[Any]:
    """Return the page of open invitations that an address asks for, the last first."""
    rows, below = pending(by), typed_number(query.get(BELOW, ""))
    return _page(rows.filter(pk__lt=below) if below else rows, query, BELOW)


def _page(rows: QuerySet[Any], query: QueryDict, key: str) -> Shown[Any]:
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    further = query_with(query, **{key: shown[-1].pk}) if len(found) > PAGE else ""
    return Shown(shown, query_with(query, **{key: ""}) if query.get(key) else "", further)
