"""Show a basis of the law: what the program says, what the loaded texts say, and the acts of two people."""

from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from sif.law.articles import load_laws
from sif.law.citations import Citation, days_read
from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.statutes import confirming
from sif.statutes.confirming import NewBase
from sif.statutes.models import ArticuloDeLey, BasePropuesta
from sif.statutes.selectors import Base, Version, bases, found_in, versions
from sif.values import Refused
from sif.web.admin.words import AMBITS, STAGES, SUBJECTS
from sif.web.authority_seat import person
from sif.web.council.bases_words import (
    ABSENT,
    DIFFERS,
    case_words,
    cases_words,
    frame,
    said_words,
    state_of,
    subject_of,
    tell,
    text_words,
)
from sif.web.fields import ServiceForm, set_choices, text_field
from sif.web.formats import short_day
from sif.web.lazy import Words
from sif.web.seats import seated_at

MOST = 2_000  # characters of an article offered as its words


class ProposeForm(ServiceForm):
    """A basis to confirm: the words of a loaded article, or what was read without one, and for which cases."""

    articulo = forms.ChoiceField(label=gettext_lazy("Artículo cargado"), required=False)
    palabras = forms.CharField(
        label=gettext_lazy("Palabras que lo dicen"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Cópielas del artículo, sin cambiar ninguna."),
    )
    motivo = text_field(
        gettext_lazy("Qué se leyó"),
        gettext_lazy("Si no hay texto cargado de esa ley: el documento, su fecha y dónde se publicó."),
    )
    sujeto = forms.ChoiceField(label=gettext_lazy("Para qué sujetos"), required=False)
    etapa = forms.ChoiceField(label=gettext_lazy("Para qué etapas"), required=False)
    ambito = forms.ChoiceField(label=gettext_lazy("Para qué ámbito"), required=False)

    def offer(self, loaded: list[tuple[str, str]]) -> None:
        """Set what may be chosen: the articles of a loaded text, and the cases."""
        offered: dict[str, list[tuple[str, Words]]] = {
            "articulo": [("", _("Ninguno")), *loaded],
            "sujeto": [("", _("Todos")), *SUBJECTS.items()],
            "etapa": [("", _("Todas")), *STAGES.items()],
            "ambito": [("", _("Federal y local")), *AMBITS.items()],
        }
        for name, choices in offered.items():
            set_choices(self, name, choices)


def _base(huella: str) -> Base:
    found = next((row for row in bases() if row.cita.huella == huella), None)
    if found is None:
        raise Http404("No hay base con esa huella: el programa ya dice otra cosa.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("council")
def sheet(request: HttpRequest, huella: str) -> HttpResponse:
    """Return the sheet of a basis; a POST proposes to confirm it."""
    row, by = _base(huella), person(request)
    loaded = versions()
    found = found_in(row.cita, loaded)
    form = ProposeForm(request.POST if request.method == "POST" else None, initial=_first(row, found))
    form.offer(_articles(row.cita, loaded))
    if request.method == "POST":
        if not may(by, confirming.ACT):
            raise PermissionDenied(_("Las bases las proponen y confirman el área de resoluciones y la Secretaría."))
        if form.is_valid() and _proposed(request, form, row, by):
            return HttpResponseRedirect(reverse("council:base", args=[huella]))
    context = {
        "frame": frame(row.cita.articulo),
        "base": row,
        "sobre": subject_of(row.cita),
        "dice": said_words(row.cita),
        "estado": state_of(row),
        "texto": found,
        "resultado": text_words()[row.texto or "sin_texto"],
        "habla_de": _cases(row.cita),
        "dias": _days(row.cita),
        "form": form,
        "actos": [(act, case_words(act.propuesta)) for act in row.actos],
        "puede": may(by, confirming.ACT),
        "a_ciegas": row.texto in (DIFFERS, ABSENT) and any(act.propuesta.leido_id is None for act in row.actos),
        "propia": bool(row.propuesta and row.propuesta.propuesta_por_id == by.pk),
        "espera": case_words(row.propuesta) if row.propuesta else "",
    }
    return render(request, "council/base.html", context, status=422 if form.is_bound else 200)


def _proposed(request: HttpRequest, form: ProposeForm, row: Base, by: Usuario) -> bool:
    said = form.cleaned_data
    leido = ArticuloDeLey.objects.filter(pk=int(said["articulo"])).first() if said["articulo"] else None
    new = NewBase(
        row.cita.clave,
        row.cita.huella,
        leido,
        said["palabras"] if leido else "",
        "" if leido else said["motivo"],
        said["sujeto"],
        said["etapa"],
        said["ambito"],
    )
    try:
        made = confirming.propose([new], by)
    except Refused as refused:
        tell(request, refused.problems)
        return False
    if made:
        messages.success(request, _("Quedó propuesta; la confirma otra persona."))
    else:
        messages.warning(request, _("Ya esperaba o estaba confirmada para esos casos; no se escribió nada nuevo."))
    return True


def _first(row: Base, found: tuple[Version, str] | None) -> dict[str, str]:
    """Return the initial values of the form: the cited article, and the quoted words or else the text."""
    cited = row.cita.referencia
    if found is None or cited is None:
        return {}
    article = ArticuloDeLey.objects.filter(texto=found[0].texto, numero=cited.numero).first()
    words = row.cita.cita if row.texto == "coincide" and row.cita.cita else found[1][:MOST]
    return {"articulo": str(article.pk) if article else "", "palabras": words}


def _articles(cited: Citation, loaded: list[Version]) -> list[tuple[str, str]]:
    """Return the loaded articles of the law that is cited, of its last version."""
    law = cited.referencia.ley if cited.referencia else ""
    texts = [version.texto for version in loaded if version.texto.ley == law]
    if not texts:
        return []
    rows = ArticuloDeLey.objects.filter(texto=texts[-1]).order_by("pk").values_list("pk", "numero")
    return [(str(pk), f"{law} {number}") for pk, number in rows]


def _cases(cited: Citation) -> str:
    """Of which cases the article speaks, in words; '' where it leaves nobody out."""
    reference = cited.referencia
    if reference is None:
        return ""
    return cases_words(cited.habla_de or load_laws(settings.JURISDICTION)[reference.ley].speaks_of(reference))


def _days(cited: Citation) -> str:
    """Return the days in which the text that the project read says it, in words; '' where it does not."""
    if cited.estatus != "confirmado":
        return ""
    spans = days_read(cited, settings.JURISDICTION)
    return "; ".join(
        _("del %(a)s al %(b)s") % {"a": short_day(each.desde, year=True), "b": short_day(each.hasta, year=True)}
        if each.hasta
        else _("desde el %(a)s") % {"a": short_day(each.desde, year=True)}
        for each in spans
    )


def _confirm(each: BasePropuesta, by: Usuario) -> object:
    return confirming.confirm([each], by)


_ACTS: dict[str, Callable[[BasePropuesta, Usuario], object]] = {
    "confirmar": _confirm,
    "rechazar": confirming.refuse,
    "retirar": confirming.withdraw,
}


@require_POST
@seated_at("council")
def resolve(request: HttpRequest, huella: str) -> HttpResponse:
    """Confirm, refuse or take back what waits on a basis, or leave a confirmation without effect."""
    row, by = _base(huella), person(request)
    here = HttpResponseRedirect(reverse("council:base", args=[huella]))
    act = request.POST.get("acto", "")
    try:
        if act == "dejar_sin_efecto":
            chosen = next((each for each in row.actos if str(each.pk) == request.POST.get("cual")), None)
            if chosen is not None:
                confirming.undo(chosen, request.POST.get("motivo", ""), by)
        elif act in _ACTS and row.propuesta is not None and str(row.propuesta.pk) == request.POST.get("cual"):
            _ACTS[act](row.propuesta, by)
        elif act in _ACTS and row.propuesta is not None:
            messages.warning(request, _("La propuesta cambió después de que usted la leyó; no se escribió nada."))
            return here
        else:
            messages.warning(request, _("No había nada que resolver; no se escribió nada."))
            return here
    except Refused as refused:
        tell(request, refused.problems)
        return here
    messages.success(request, _("Quedó escrito con su nombre."))
    return here
