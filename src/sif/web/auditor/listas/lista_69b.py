"""Load SAT's list of article 69-B, show what its files told, and answer how a taxpayer stands."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sif.audit.authority_lists import readers
from sif.catalogs.models import Lista69b
from sif.catalogs.selectors.listed import Standing, standing_of
from sif.catalogs.tasks import ask_to_load_69b
from sif.jobs.files import keep
from sif.registry import clock
from sif.registry.selectors import may
from sif.values import Problem, Refused, Rfc
from sif.web import law
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, stage_at_hand
from sif.web.columns import Column, panel
from sif.web.fields import day_field
from sif.web.frame import Crumb
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table
from sif.web.trabajos.following import to_job

MOST_BYTES = 50 * 2**20
SHOWN = 50  # rows left out that are shown
STATES = {
    "presunto": gettext_lazy("Presunto"),
    "desvirtuado": gettext_lazy("Desvirtuado"),
    "definitivo": gettext_lazy("Definitivo"),
    "favorable": gettext_lazy("Sentencia favorable"),
}


class LoadForm(forms.Form):
    """A file of the list, and its day where the file does not say it."""

    use_required_attribute = False
    archivo = forms.FileField(
        label=gettext_lazy("Archivo"),
        help_text=gettext_lazy("El CSV «Listado completo», tal como lo da el SAT."),
        error_messages={"required": gettext_lazy("Elija el CSV de la lista.")},
    )
    publicada = day_field(
        gettext_lazy("Publicada el"), gettext_lazy("Vacío: el día que dice el archivo."), required=False
    )


class AskForm(forms.Form):
    """A taxpayer and a day."""

    rfc = forms.CharField(label=gettext_lazy("RFC"), required=False, max_length=13)
    al = day_field(gettext_lazy("Al día"), "", required=False)

    def clean_rfc(self) -> str:
        """Take the RFC as it is kept."""
        typed: str = self.cleaned_data["rfc"].strip().upper()
        if typed and Rfc.maybe(typed) is None:
            raise forms.ValidationError(_("Eso no es un RFC."))
        return typed


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def lista(request: HttpRequest) -> HttpResponse:
    """Return the publications loaded, one more that comes in, and a question to them."""
    if request.method != "POST":
        return _page(request, LoadForm())
    form = LoadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    upload = form.cleaned_data["archivo"]
    try:
        if upload.size > MOST_BYTES:
            told = _("Pesa más de %(n)s MB.") % {"n": MOST_BYTES // 2**20}
            raise Refused(Problem("tamano", _("archivo"), told, _("Cárguela con «sif listas cargar 69b».")))
        sha256, _size = keep(lambda stream: stream.writelines(upload.chunks()))
        asked = ask_to_load_69b(sha256, form.cleaned_data["publicada"], person(request))
    except Refused as refused:
        return _page(request, form, refused.problems)
    except PermissionError as refused:
        raise PermissionDenied(str(refused)) from refused
    return to_job(request, asked, person(request))


def _page(request: HttpRequest, form: LoadForm, problems: Iterable[Problem] = ()) -> HttpResponse:
    etapa, problems = stage_at_hand(request), tuple(problems)
    ask = AskForm(request.GET)
    asked = ask.cleaned_data.get("rfc", "") if ask.is_valid() else ""
    day = (ask.cleaned_data.get("al") if ask.is_valid() else None) or clock.today()
    lists = list(Lista69b.objects.select_related("cargada_por").order_by("-publicada_el"))
    out = lists[0].descartados or [] if lists else []
    context = {
        "frame": auditor_frame(etapa, "listas", Crumb(_("Listas de la autoridad"), reverse("auditor:listas"))),
        "form": form,
        "problemas": problems,
        "carga": may(person(request), "auditar"),
        "reglas": [(each, law.rule_title(each)) for each in readers()["padron69b"]],
        "pregunta": ask,
        "pedido": asked,
        "dia": day,
        "respuesta": _answer(standing_of(asked, day)) if asked else None,
        "cargas": _history(lists),
        "fuera": _left_out(out[:SHOWN]) if out else None,
        "cuantos_fuera": len(out),
    }
    return render(request, "auditor/lista_69b.html", context, status=422 if problems or form.errors else 200)


def _answer(found: Standing | None) -> dict[str, object]:
    """Say how a taxpayer stands as the page shows it; without a list, nothing is known."""
    if found is None:
        return {"sin_lista": True}
    columns = (Column("fecha", _("Publicado el"), "dia"), Column("acto", _("Situación"), words=STATES))
    rows = [{"acto": act, "fecha": day} for act, day in found.historia]
    return {
        "estado": STATES.get(found.estado or ""),
        "desde": found.desde,
        "lista": found.lista,
        "historia": panel(_("Su historia en la lista"), rows, columns) if rows else None,
    }


def _history(lists: Sequence[Lista69b]) -> Table:
    columns = (
        Column("publicada", _("Publicada el"), "dia", "publicada_el", phone="half"),
        Column("renglones", _("Renglones"), "numero", phone="half"),
        Column(
            "contribuyentes",
            _("Contribuyentes"),
            "numero",
            show=lambda each: each.as_dict()["contribuyentes"],
            phone="half",
        ),
        Column(
            "repetidos", _("Renglones repetidos"), "numero", show=lambda each: each.as_dict()["repetidos"], phone="half"
        ),
        Column("fuera", _("Renglones fuera"), "numero", show=lambda each: len(each.descartados or ()), phone="half"),
        Column("quien", _("La cargó"), show=_loader, phone="half"),
        Column("cuando", _("Cuándo"), "momento", "cargada_el", phone="half"),
    )
    nothing = Empty(_("Todavía no se ha cargado. Mientras, sus reglas dicen «no aplica»."))
    return panel(_("Publicaciones cargadas"), lists, columns, vacia=nothing)


def _loader(each: Lista69b) -> str:
    by = each.cargada_por
    return by.named_at(each.cargada_el) if by else _("Quien opera el sistema")


def _left_out(rows: Sequence[dict[str, object]]) -> Table:
    columns = (Column("renglon", _("Renglón"), "numero"), Column("motivo", _("Por qué"), phone="wide"))
    return panel(_("Renglones que no entraron"), rows, columns)
