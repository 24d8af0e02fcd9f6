"""List, preview, load and withdraw past processes."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, Exists, Model, OuterRef, QuerySet, Sum, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sif.disclosure.history import standing, withdraw_history
from sif.disclosure.history_reading import (
    MAX_BYTES,
    ColumnsOfHistory,
    HistorySheet,
    propose_columns,
    read_history,
)
from sif.disclosure.history_tasks import ask_to_load_history
from sif.disclosure.models import CargaHistorica
from sif.values import Money, Problem, Refused
from sif.web import past
from sif.web.admin.desk import AdminListing, Seat, admin_page
from sif.web.admin.uploads import Upload, brought
from sif.web.columns import Column, Link
from sif.web.fields import ServiceForm, file_field, text_field
from sif.web.filters import words
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.places import told_together
from sif.web.record import RecordForm
from sif.web.tables import Empty
from sif.web.tables import Link as To
from sif.web.trabajos.following import to_job

TOLD = 50  # problems of a file that its page shows
STATES: dict[str, tuple[str, Words]] = {
    "vigente": ("completa", _("A la vista")),
    "sustituida": ("desechado", _("Sustituida")),
    "retirada": ("sin_efectos", _("Retirada")),
}
ONE: dict[str, Words] = {
    "nombre": _("Nombre de la cuenta"),
    "sujeto": _("Sujeto obligado"),
    "siglas": _("Siglas"),
    "asociacion": _("Tipo de asociación"),
    "cargo": _("Cargo"),
    "entidad": _("Entidad"),
    "lugar": _("Lugar"),
    "estatus": _("Estatus"),
    "id": _("Número de la cuenta"),
    "proceso": _("Proceso"),
    "ambito": _("Ámbito"),
    "inicia": _("Inicio"),
    "termina": _("Fin"),
    "gasto": _("Gasto total"),
    "ingresos": _("Ingreso total"),
    "determinado": _("Gasto no reportado"),
    "tope": _("Tope de gastos"),
}
"""What each datum of a file is called where its column is chosen."""


class Pasts(AdminListing):
    """Every load of a past process, the last to end first."""

    page, title, file_name = "historicos", _("Procesos históricos"), "procesos-historicos"
    intro = _(
        "Totales de procesos que ya pasaron, de archivos públicos. Nunca son libros; el portal los muestra marcados."
    )
    filters = {"q": words(_("Clave o nombre"), "clave", "nombre", "archivo")}
    order = "-termina_el"
    columns = (
        Column("nombre", _("Proceso"), "cosa", sort=True, link=Link("administration:historico")),
        Column("clave", _("Clave"), "clave", under="nombre"),
        Column("estado", _("Estado"), "estado", states=STATES),
        Column("termina_el", _("Terminó"), "dia", sort=True, nullable=True),
        Column("cuantas", _("Cuentas"), "numero", sort=True),
        Column("suma_ingresos", _("Ingresos"), "dinero", nullable=True),
        Column("suma_gasto", _("Gasto"), "dinero", nullable=True),
        Column("archivo", _("Archivo"), phone="wide"),
        Column("cargada_el", _("Cargada"), "momento", sort=True),
    )
    empty = Empty(
        _("Todavía no hay procesos históricos."), _("Cargue el archivo público de uno: primero verá qué trae.")
    )
    create = To(_("Cargar un archivo"), "administration:historico_nuevo", "upload")

    def query(self) -> QuerySet[Model]:
        """Select every load, with its state and sums."""
        return loads()


def loads() -> QuerySet[Model]:
    """Return every load of a past process with its state, and the count and sums of its accounts."""
    later = CargaHistorica.objects.filter(clave=OuterRef("clave"), pk__gt=OuterRef("pk"))
    state = Case(
        When(retirada__isnull=False, then=Value("retirada")),
        When(Exists(later), then=Value("sustituida")),
        default=Value("vigente"),
    )
    return CargaHistorica.objects.annotate(
        estado=state,
        cuantas=Count("cuentas"),
        suma_gasto=Sum("cuentas__gasto"),
        suma_ingresos=Sum("cuentas__ingresos"),
    )


class FileForm(RecordForm):
    """The file of a past process."""

    archivo = file_field(
        _(
            "CSV o XLSX con una cuenta por renglón, como los datos abiertos del INE. Otro también: se dice qué columna "
            "es cada dato."
        )
    )
    layout = ("archivo:grow",)


class NewPast(Upload):
    """Take a file to be looked at; nothing enters yet."""

    page, back, form_class = "historicos", "administration:historicos", FileForm
    title = _("Cargar un proceso histórico")
    intro = _("Primero verá qué trae y qué columna es cada dato; nada entra hasta que lo confirme.")
    most, too_large = MAX_BYTES, _("Cárguelo con «sif historico cargar».")

    def look_url(self, form: FileForm, sha256: str) -> str:
        """Return the address of what the file holds."""
        return reverse("administration:historico_visto", args=[sha256])


class ColumnsForm(ServiceForm):
    """The form that maps the columns of a file to data, and gives the process its name and key."""

    titulo = text_field(_("Nombre del proceso"), _("Como se leerá en el portal. Vacío: el que diga el archivo."))
    clave = text_field(_("Clave del proceso"), _("Solo si ninguna columna la dice, por ejemplo PEF-2011-2012."))

    def __init__(self, data: QueryDict | None, proposed: ColumnsOfHistory, titles: Sequence[str]) -> None:
        said = {key: title for key, title in proposed.una.items() if not title.startswith("=")}
        super().__init__(data, initial={**said, "rubros": proposed.rubros, "origenes": proposed.origenes})
        offered = [(title, title) for title in dict.fromkeys(titles)]
        for key, label in ONE.items():
            self.fields[key] = forms.ChoiceField(
                label=label, required=False, choices=[("", translated("Ninguna")), *offered]
            )
        for key, label in (("rubros", _("Rubros de gasto")), ("origenes", _("Orígenes del ingreso"))):
            self.fields[key] = forms.MultipleChoiceField(
                label=label, required=False, choices=offered, widget=forms.CheckboxSelectMultiple
            )

    @property
    def drawn(self) -> list[list[forms.BoundField]]:
        """Return the columns of one datum, three to a line."""
        fields = [self[key] for key in ONE]
        return [fields[first : first + 3] for first in range(0, len(fields), 3)]

    def columns(self) -> ColumnsOfHistory:
        """Return the columns chosen."""
        una = {key: self.cleaned_data[key] for key in ONE if self.cleaned_data.get(key)}
        if key := self.text("clave"):
            una["proceso"] = f"={key}"
        lists = {name: tuple(self.cleaned_data.get(name) or ()) for name in ("rubros", "origenes")}
        return ColumnsOfHistory(una, **lists)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def look(request: HttpRequest, seat: Seat, sha256: str) -> HttpResponse:
    """Look at a file: what it would load by these columns and what is wrong in it; then load it."""
    name, data = brought(request, sha256)
    try:
        proposed, titles = propose_columns(data, settings.JURISDICTION)
    except Refused as refused:
        return _looked_at(request, seat, name, None, None, refused.problems)
    form = ColumnsForm(request.POST or None, proposed, titles)
    columns = form.columns() if form.is_bound and form.is_valid() else proposed
    sheet, problems = _read(data, columns)
    if form.is_bound and form.is_valid() and "cargar" in request.POST and not problems:
        asked = ask_to_load_history(sha256, name, columns, form.text("titulo"), seat.usuario)
        return to_job(request, asked, seat.usuario)
    return _looked_at(request, seat, name, form, sheet, problems)


def _read(data: bytes, columns: ColumnsOfHistory) -> tuple[HistorySheet | None, Sequence[Problem]]:
    try:
        sheet = read_history(data, columns, jurisdiction=settings.JURISDICTION)
    except Refused as refused:
        return None, refused.problems
    return sheet, sheet.problemas


def _looked_at(
    request: HttpRequest,
    seat: Seat,
    name: str,
    form: ColumnsForm | None,
    sheet: HistorySheet | None,
    problems: Sequence[Problem],
) -> HttpResponse:
    context = {
        "frame": seat.frame("historicos", Crumb(_("Procesos históricos"), reverse("administration:historicos"))),
        "nombre": name,
        "form": form,
        "hoja": sheet,
        "dicho": _said(sheet) if sheet and sheet.cuentas else None,
        "problemas": told_together(problems)[:TOLD],
    }
    refused = request.method == "POST" and problems
    return render(request, "admin/historico_visto.html", context, status=422 if refused else 200)


def _said(sheet: HistorySheet) -> Mapping[str, object]:
    """Return what a file would load, in figures; an amount that it does not say is None."""
    over = sum(each.excess is not None for each in sheet.cuentas)
    amounts = {name: _total(getattr(each, name) for each in sheet.cuentas) for name in ("gasto", "ingresos")}
    return {**sheet.as_dict(), **amounts, "sobre": over}


def _total(amounts: Iterable[Money | None]) -> Money | None:
    said = [amount.centavos for amount in amounts if amount is not None]
    return Money(sum(said)) if said else None


class PastAccounts(past.Accounts[Seat], AdminListing):
    """A past process: its figures and its accounts."""

    page = "historicos"
    template = "admin/historico.html"

    def loads(self) -> QuerySet[CargaHistorica]:
        """Return every load, those out of sight too."""
        return CargaHistorica.objects.select_related("retirada")

    def extra(self) -> Mapping[str, object]:
        """Add its figures, and whether the portal shows it."""
        crumb = Crumb(_("Procesos históricos"), reverse("administration:historicos"))
        return {
            **past.shown(self.carga),
            "frame": self.seat.frame("historicos", crumb),
            "vigente": standing().filter(pk=self.carga.pk).exists(),
            "retirada": getattr(self.carga, "retirada", None),
        }

    def may_create(self) -> bool:
        """Return False: its accounts come with its file."""
        return False


@require_POST
@admin_page
def withdraw(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Take a past process out of sight, with a reason."""
    carga = get_object_or_404(CargaHistorica, pk=pk)
    try:
        withdraw_history(carga, request.POST.get("motivo", ""), seat.usuario)
    except Refused as refused:
        for each in refused.problems:
            messages.error(request, f"{each.mensaje} {each.cura}")
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    else:
        messages.success(request, translated("Se retiró: el portal ya no lo muestra."))
    return HttpResponseRedirect(reverse("administration:historico", args=[pk]))
