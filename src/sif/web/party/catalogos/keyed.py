"""Show personal keys masked, or whole to who needs them, each look logged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from sif.jobs.bounds import must_fit
from sif.registry.looks import LookRefused, NewLook, look
from sif.registry.masks import masked, may_look
from sif.web.columns import Column, Values, columns_file
from sif.web.lazy import Words
from sif.web.party.catalog_form import own_subject
from sif.web.party.desk import SubjectListing
from sif.web.party.mesa import Mesa
from sif.web.reasons import said_reason

DONOR_KEYS = ("rfc", "curp", "clave_elector")


PERSON_KEYS = ("curp", "rfc", "clave_elector")


SUPPLIER_KEYS = ("rfc", "curp", "clabe")


@dataclass(frozen=True, slots=True)
class ShownKeys:
    """The keys of one row as its page shows them; `puede`: the person may ask for them whole; problema: why not now."""

    valores: Mapping[str, str]
    completas: bool
    puede: bool
    problema: str = ""


def shown_keys(request: HttpRequest, mesa: Mesa, new: NewLook, keys: Mapping[str, str]) -> ShownKeys:
    """Mask the keys of a row, or record a look and give them whole where the request posts what for."""
    may = may_look(mesa.usuario, new.sujeto_id) and any(masked(name, text) != text for name, text in keys.items())
    covered = {name: masked(name, text) for name, text in keys.items()}
    if request.method != "POST":
        return ShownKeys(covered, False, may)
    if not may:
        raise PermissionDenied(_("Los datos completos los ve el responsable de finanzas del sujeto. Pídaselos."))
    try:
        look(new, said_reason(request), mesa.usuario)
    except LookRefused as refused:
        return ShownKeys(covered, False, may, str(refused))
    return ShownKeys(dict(keys), True, may)


def whole_file(
    request: HttpRequest, mesa: Mesa, new: NewLook, columns: Sequence[Column], rows: Iterable[object]
) -> HttpResponse:
    """A file of a catalogue with its keys whole, recorded as one look at all its rows; what is refused is told."""
    name = {"aportante": "aportantes", "persona": "gente"}[new.tipo]
    form = "xlsx" if request.POST.get("formato") == "xlsx" else "csv"
    must_fit(new.renglones, form)  # before the look is recorded: a file that a job writes is one look, its own
    try:
        look(new, said_reason(request), mesa.usuario)
    except LookRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse(f"party:{name}"))
    return columns_file(form, f"{name}-completo", columns, rows)


def look_at_file(mesa: Mesa, tipo: str, keys: tuple[str, ...], rows: int) -> NewLook:
    """Return the look that a file of a whole catalogue is."""
    return NewLook(own_subject(mesa).pk, tipo, None, keys, rows)


def looks_at_files(mesa: Mesa) -> bool:
    """Return whether the person may ask for the catalogue of every subject on the page with its keys whole."""
    return bool(mesa.sujetos) and all(may_look(mesa.usuario, each.pk) for each in mesa.sujetos)


def key_column(key: str, label: Words = "", **options: Any) -> Column:
    """Declare a column of a personal key, masked on screen and in files."""

    def covered(row: Values) -> str:
        return masked(key, row[key] or "")

    return Column(key, label, "clave", options.pop("source", key), show=covered, written=covered, **options)


class KeyedListing(SubjectListing):
    """A list of people with their keys masked; a post gives its file with whole keys, recorded as one look."""

    keys: ClassVar[tuple[str, ...]] = ()
    """Columns that are keys."""
    template = "party/con_claves.html"
    looked = ""
    """What is looked at: aportante or persona."""
    http_method_names = ["get", "head", "post", "options"]

    def extra(self) -> Mapping[str, object]:
        """Offer the search by whole key and, to who may look at them, the file with whole keys."""
        return {"que": self.looked, "archivo": self.request.path if looks_at_files(self.seat) else ""}

    def post(self, request: HttpRequest, seat: Mesa) -> HttpResponse:
        """Answer the file with whole keys, for a purpose."""
        self.seat = seat
        shown = [replace(each, written=None) if each.key in self.keys else each for each in self.columns]
        with self.scope():
            new = look_at_file(seat, self.looked, self.keys, self.sums["cuantas"])
            return whole_file(request, seat, new, shown, self.every())
