"""List the jobs of a person, or the whole queue for operators."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sif.jobs.models import Trabajo
from sif.jobs.selectors import has_worker, is_operator, trabajos_of
from sif.registry import clock
from sif.registry.models import Usuario
from sif.web.files import csv_file
from sif.web.tables import Column, Empty, Link, Row, Table, Thing, page_number, pager_for, query_with
from sif.web.trabajos.place import jobs_frame
from sif.web.trabajos.words import STATES, WORDS, elapsed_words, state_words, words_of

MOST = 2_147_483_647
HEAD = (
    "trabajo",
    "tipo",
    "estado",
    "persona",
    "contabilidad",
    "hechas",
    "total",
    "avance",
    "intentos",
    "pedido_el",
    "comenzado_el",
    "terminado_el",
    "error",
)


_PATHS = {"usuario": "persona__username"}  # fields of the filter whose name is not that of the column


class QueueFilter(forms.Form):
    """What narrows the list; a value that is not understood narrows nothing and is said."""

    estado = forms.ChoiceField(required=False)
    tipo = forms.ChoiceField(required=False)
    contabilidad = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    usuario = forms.CharField(required=False, max_length=150)

    def __init__(self, data: Any, operator: bool) -> None:
        super().__init__(data)
        labels = {
            "estado": _("Estado"),
            "tipo": _("Qué hace"),
            "contabilidad": _("Contabilidad"),
            "usuario": _("Usuario"),
        }
        for name, words in labels.items():
            self.fields[name].label = words
        self._choose("estado", [("", _("Todos")), *((key, str(words)) for key, (_look, words) in STATES.items())])
        self._choose("tipo", [("", _("Todos")), *((key, str(words.titulo)) for key, words in WORDS.items())])
        if not operator:
            del self.fields["usuario"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def narrowed(self, found: QuerySet[Trabajo]) -> QuerySet[Trabajo]:
        """The jobs that answer what was understood."""
        self.is_valid()
        asked = {_PATHS.get(name, name): value for name, value in self.cleaned_data.items()}
        return found.filter(**{path: value for path, value in asked.items() if value not in (None, "")})


@require_safe
@never_cache
def listing(request: HttpRequest, person: Usuario) -> HttpResponse:
    """The jobs that the person may see; ?formato=csv gives all that the filter leaves."""
    operator = is_operator(person)
    form = QueueFilter(request.GET, operator)
    found = form.narrowed(trabajos_of(person))
    if request.GET.get("formato") == "csv":
        return csv_file("trabajos", HEAD, (_file_row(each) for each in found.iterator(chunk_size=2000)))
    page = pager_for(page_number(request.GET), found.count())
    rows = [_row(request, each, person) for each in found[max(0, page.desde - 1) : page.hasta]]
    nothing = (
        Empty(_("Ningún trabajo responde a este filtro."), _("Quite alguna condición."))
        if any(request.GET.get(name) for name in form.fields)
        else Empty(_("No hay trabajos."), _("Lo que tarda más de dos segundos, como leer un archivo, aparece aquí."))
    )
    csv_link = (Link("CSV", query_with(request.GET, formato="csv", pagina="")),)
    table = Table(_("Trabajos"), _columns(operator), rows, pagina=page, vacia=nothing, exportar=csv_link)
    context = {
        "frame": jobs_frame(person),
        "operador": operator,
        "filtro": form,
        "tabla": table,
        "mal": [str(error) for errors in form.errors.values() for error in errors],
        "hay_trabajador": has_worker() or not trabajos_of(person).filter(estado__in=Trabajo.OPEN).exists(),
    }
    return render(request, "trabajos/lista.html", context)


def _columns(operator: bool) -> tuple[Column, ...]:
    whose = (Column("persona", _("Persona"), telefono="wide"),) if operator else ()
    return (
        Column("trabajo", _("Trabajo"), "cosa"),
        *whose,
        Column("contabilidad", _("Contabilidad"), "clave", telefono="third"),
        Column("avance", _("Avance"), telefono="third"),
        Column("edad", _("Edad"), telefono="third"),
        Column("pedido", _("Pedido"), "momento", telefono="half"),
        Column("estado", _("Estado"), "estado", telefono="half"),
        Column("acto", _("Actos"), telefono="wide"),
    )


def _row(request: HttpRequest, each: Trabajo, person: Usuario) -> Row:
    words = words_of(each)
    wrong = each.problemas[0]["mensaje"] if each.problemas else ""
    url = reverse("trabajos:ver", args=[each.pk])
    mine = each.persona_id == person.pk
    acts = render_to_string("trabajos/actos.html", {"trabajo": each, "desde": "lista", "mio": mine}, request)
    return Row(
        {
            "trabajo": Thing(words.titulo, url, clave=str(each.pk), debajo=wrong),
            "persona": Thing(each.persona.nombre, clave_debajo=each.persona.username),
            "contabilidad": str(each.contabilidad_id or ""),
            "avance": progress_words(each),
            "edad": elapsed_words((each.terminado_el or clock.now()) - each.pedido_el),
            "pedido": each.pedido_el,
            "estado": state_words(each),
            "acto": acts,
        },
        resaltada=each.is_open and mine,
    )


def progress_words(each: Trabajo) -> str:
    """How far a job is: its pieces, and what it counts within one."""
    counted = words_of(each).cuenta(each.avance) if each.avance else ""
    pieces = _("%(done)d de %(total)d") % {"done": each.hechas, "total": each.total}
    return f"{pieces}. {counted}" if counted else pieces


def _file_row(each: Trabajo) -> tuple[object, ...]:
    wrong = " ".join(problem["mensaje"] for problem in each.problemas)
    return (
        each.pk,
        each.tipo,
        each.estado,
        each.persona_id,
        each.contabilidad_id,
        each.hechas,
        each.total,
        each.avance,
        each.intentos,
        each.pedido_el,
        each.comenzado_el,
        each.terminado_el,
        wrong,
    )
