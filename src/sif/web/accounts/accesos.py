"""List accesses: those of the installation, those of one's own account and those of the accounts that one manages."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sif.registry import clock
from sif.registry.accesses import accesses_of
from sif.registry.invitations import people_managed
from sif.registry.models import Suceso, Usuario
from sif.registry.selectors import may
from sif.registry.trail import AskedTrail, trail_of
from sif.web.accounts.around import people_frame
from sif.web.accounts.manager import manager
from sif.web.accounts.trail_words import KINDS, told, way_words
from sif.web.columns import Column, file_asked, panel
from sif.web.frame import Frame
from sif.web.seats import to_login
from sif.web.tables import Empty, Link, Table, Thing, query_with
from sif.web.typed import day_filter, typed_number

PAGE = 50


class TrailFilter(forms.Form):
    """The filter of the trail, kept in the address; what is not understood is not asked."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        kinds = [("", _("Todos")), *((key, str(words)) for key, words in KINDS.items())]
        self.fields["clase"] = forms.ChoiceField(label=_("Qué"), required=False, choices=kinds)
        self.fields["usuario"] = forms.CharField(label=_("Usuario"), required=False, max_length=150)
        self.fields["desde"], self.fields["hasta"] = day_filter(_("Desde")), day_filter(_("Hasta"))
        self.is_valid()

    def asked(self, before: str) -> AskedTrail:
        """Return the query of the trail from the form, limited to the events below the event `before`."""
        found = self.cleaned_data
        return AskedTrail(
            found.get("clase") or "",
            found.get("usuario") or "",
            found.get("desde"),
            found.get("hasta"),
            typed_number(before) or None,
        )


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Return the trail of the installation, for who administers it; ?formato=csv gives the filtered set."""
    if not request.user.is_authenticated:
        return to_login(request)
    if not may(request.user, "administrar"):
        raise PermissionDenied(_("Los accesos los consulta quien administra el sistema."))
    form = TrailFilter(request.GET)
    if file := file_asked(request, "accesos", trail_of(form.asked("")).iterator(), COLUMNS):
        return file
    found = list(trail_of(form.asked(request.GET.get("antes", "")))[: PAGE + 1])
    nothing = Empty(_("Ningún suceso responde a este filtro."), _("Aquí quedan entradas, rechazos, actos y descargas."))
    context = {
        "frame": Frame("administration", "accesos", datos_al=clock.now()),
        "filtro": form,
        "tabla": _table(request, found[:PAGE], COLUMNS, nothing),
        **_paged(request, found),
    }
    return render(request, "account/accesos.html", context)


class DaysFilter(forms.Form):
    """The filter of the accesses of one account, kept in the address; what is not understood is not asked."""

    def __init__(self, data: QueryDict | None) -> None:
        super().__init__(data)
        self.fields["desde"], self.fields["hasta"] = day_filter(_("Desde")), day_filter(_("Hasta"))
        self.is_valid()


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Return how one's own account was entered and what was refused at its door; ?formato=csv gives it as a file."""
    if not request.user.is_authenticated:
        return to_login(request)
    return _of_account(request, request.user, "account/mis_accesos.html", {})


@never_cache
@require_safe
def of_person(request: HttpRequest, number: int) -> HttpResponse:
    """Return the same of an account that one manages; of any other it is not there."""
    by = manager(request)
    person = get_object_or_404(people_managed(by), pk=number)
    more = {"frame": people_frame(by), "persona": person}
    return _of_account(request, person, "account/accesos_persona.html", more)


def _of_account(request: HttpRequest, person: Usuario, template: str, more: dict[str, object]) -> HttpResponse:
    form = DaysFilter(request.GET)
    rows = accesses_of(person, form.cleaned_data.get("desde"), form.cleaned_data.get("hasta"))
    if file := file_asked(request, f"accesos-{person.username}", rows.iterator(), OF_ACCOUNT):
        return file
    before = typed_number(request.GET.get("antes", ""))
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    nothing = Empty(_("Ningún acceso en estos días."), _("Aquí quedan las entradas, las que se negaron y las claves."))
    context = {**_paged(request, found), "filtro": form, **more}
    context["tabla"] = _table(request, found[:PAGE], OF_ACCOUNT, nothing)
    return render(request, template, context)


def _paged(request: HttpRequest, found: list[Suceso]) -> dict[str, object]:
    """Return the queries of the next page, if there is one, and of the first."""
    return {
        "siguientes": query_with(request.GET, antes=found[PAGE - 1].pk) if len(found) > PAGE else "",
        "primeros": query_with(request.GET, antes="") if request.GET.get("antes") else "",
    }


def _table(request: HttpRequest, rows: list[Suceso], columns: Sequence[Column], nothing: Empty) -> Table:
    kinds = ("csv", "xlsx") if rows else ()
    files = tuple(Link(kind.upper(), query_with(request.GET, formato=kind, antes="")) for kind in kinds)
    return panel(_("Accesos"), rows, columns, vacia=nothing, exportar=files)


def _act(row: Suceso) -> Thing:
    return Thing(told(row).hecho, debajo=str(KINDS.get(row.clase, "")))


def _about(row: Suceso) -> Thing | str:
    words = told(row)
    return Thing(words.sobre, clave_debajo=words.clave) if words.sobre else ""


def _who(row: Suceso) -> Thing:
    """Return the person; else whoever tried to enter, or the system, whose commands make the first accounts."""
    if row.persona:
        return Thing(row.persona.named_at(row.ocurrido_el), clave_debajo=row.persona.username)
    return Thing(_("Nadie que haya entrado") if row.clase == Suceso.Clase.ENTRADA else _("El sistema"))


COLUMNS = (
    Column("suceso", source="pk", where="file"),
    Column("quien", gettext_lazy("Quién"), "cosa", show=_who, where="screen"),
    Column("hecho", gettext_lazy("Qué hizo"), show=_act, where="screen", phone="wide"),
    Column("sobre", gettext_lazy("Sobre"), show=_about, where="screen", phone="wide"),
    Column("ocurrido_el", where="file"),
    Column("clase", where="file"),
    Column("verbo", where="file"),
    Column("usuario", written=lambda row: row.persona.username if row.persona else "", where="file"),
    Column("tipo", where="file"),
    Column("objeto", where="file"),
    Column("direccion", gettext_lazy("Desde la red"), "clave"),
    Column("via", where="file"),
    Column("segundo_factor", source="factor", where="file"),
    Column("factor", gettext_lazy("Cómo"), show=way_words, where="screen"),
    Column("cuando", gettext_lazy("Cuándo"), "momento", "ocurrido_el", where="screen"),
    Column("pedido", where="file"),
)
OF_ACCOUNT = tuple(column for column in COLUMNS if column.key not in {"suceso", "sobre", "pedido"})
