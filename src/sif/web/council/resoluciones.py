"""Show a resolución, and handle its draft, submission, votes and count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.law.offenders import OffenderKind, offender_kind
from sif.law.parameters import uma_stands_since
from sif.law.sanctions import Criterion, criterion_on, load_criteria
from sif.proceedings.capacity import capacities_of
from sif.proceedings.courses import calendar_for
from sif.proceedings.grounds import Ground, kept_grounds, pending, standing
from sif.proceedings.machine import acts
from sif.proceedings.models import Dictamen, Resolucion, Sancion, Voto
from sif.proceedings.resolving import put_to_vote, vote
from sif.proceedings.selectors import councillors, earlier_resoluciones, sanciones_of, tally, total_of
from sif.proceedings.tasks import ask_to_count, ask_to_draft
from sif.registry import clock
from sif.registry.models import SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.values import Money, Refused
from sif.web.authority_seat import document_response, jurisdiction, person, tell_refusal
from sif.web.columns import Column, panel
from sif.web.council.frames import council_frame
from sif.web.council.looks import resolucion_look
from sif.web.fields import set_choices
from sif.web.formats import currency_amount, percent, short_day
from sif.web.frame import Crumb
from sif.web.law import criterion_words
from sif.web.lazy import law_words
from sif.web.penalties import forma_words
from sif.web.seats import seated_at
from sif.web.tables import Empty, Table, Thing
from sif.web.trabajos.following import to_job
from sif.web.typed import DayField


class VoteForm(forms.Form):
    """A vote before it is cast: its sense, and the reasons that a councillor wants on record."""

    sentido = forms.ChoiceField(choices=Voto.Sentido.choices, widget=forms.HiddenInput)
    voto_particular = forms.CharField(
        label=gettext_lazy("Voto particular"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Las razones que quiere que consten en la resolución, con su nombre."),
    )


class ProjectForm(forms.Form):
    """The day of the session in which a project will be discussed, and which earlier resoluciones are firm."""

    sesion_el = DayField(
        label=gettext_lazy("Día de la sesión"),
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        help_text=gettext_lazy("Día/mes/año, por ejemplo 15/07/2026."),
        error_messages={"invalid": gettext_lazy("No es un día. Escríbalo como 15/07/2026.")},
    )
    firmes = forms.MultipleChoiceField(
        label=gettext_lazy("Resoluciones anteriores por la misma conducta que están firmes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Sólo por las que marque reincide el sujeto. Una resolución está firme si nadie la impugnó a tiempo o si "
            "un tribunal la confirmó."
        ),
    )

    def __init__(self, *args: Any, anteriores: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if anteriores:
            set_choices(self, "firmes", ((number, number) for number in anteriores))
        else:
            del self.fields["firmes"]


def _open(pk: int) -> Resolucion:
    rows = Resolucion.objects.select_related(
        "dictamen__etapa__proceso",
        "dictamen__sujeto",
        "dictamen__cierre__documento",
        "proyecto",
        "sometimiento",
        "votacion__documento",
        "sustituye",
        "sustituta",
    )
    return get_object_or_404(rows, pk=pk)


def criterion_of(sancion: Sancion, day: date) -> Criterion | None:
    """Return the criterion by which a sanction was drawn."""
    return (
        criterion_on(sancion.criterio, day, jurisdiction())
        if sancion.criterio in load_criteria(jurisdiction())
        else None
    )


def _measure(sancion: Sancion, day: date, bases: Sequence[Ground]) -> object:
    found = criterion_of(sancion, day)
    return Thing(criterion_words(found), articulo=standing(found.base, bases)) if found else sancion.criterio


def person_of(sujeto: SujetoObligado) -> OffenderKind:
    """Return the kind of person as which a subject is sanctioned."""
    return offender_kind(acts()["personas"][sujeto.tipo], jurisdiction())


def umas_words(row: Sancion) -> Thing:
    """Return the UMA of a fine with its value and day; of what is not measured in UMA, that it is not."""
    if row.forma != "multa":
        return Thing(_("ninguna") if not row.monto else _("monto exacto"))
    unit = currency_amount(row.uma)
    if row.uma_del is None:  # imposed before the day was kept
        return Thing(row.umas, debajo=unit)
    below = _("de %(amount)s, del %(day)s") % {"amount": unit, "day": short_day(row.uma_del, year=True)}
    if since := uma_stands_since(row.uma_del, jurisdiction()):
        told = _("es la que rige desde el %(day)s y la siguiente no consta")
        below = f"{below}: {told % {'day': short_day(since, year=True)}}"
    return Thing(row.umas, debajo=below)


def sanctions_table(resolucion: Resolucion, rows: list[Sancion], kept: Mapping[int, Sequence[Ground]]) -> Table:
    """The sanctions with their key, amount involved, criterion and UMA; the amount involved apart from the sanction."""
    day = resolucion.dictamen.etapa.termina_el
    columns = (
        Column(
            "conclusion",
            _("Conclusión"),
            "cosa",
            show=lambda row: Thing(
                row.conclusion.clave, f"#trabajo-{row.pk}", debajo=law_words(row.conclusion.conducta)
            ),
        ),
        Column("monto", _("Monto involucrado"), "dinero", "monto_involucrado"),
        Column(
            "criterio",
            _("Criterio"),
            show=lambda row: _measure(row, day, kept.get(row.conclusion_id, ())),
            phone="half",
        ),
        Column("umas", _("UMA"), "numero", show=umas_words),
        Column(
            "sancion", _("Sanción"), "dinero", show=lambda row: Thing(Money(row.monto), debajo=forma_words(row.forma))
        ),
    )
    totals = {
        "monto": Money(sum(row.monto_involucrado for row in rows)),
        "sancion": Money(sum(row.monto for row in rows)),
    }
    words = ngettext("Total, %(n)s conclusión", "Total, %(n)s conclusiones", len(rows)) % {"n": len(rows)}
    return panel(
        _("Sanciones"),
        rows,
        columns,
        totales=totals if rows else {},
        palabra_total=words,
        vacia=Empty(_("No ha lugar a imponer sanción.")),
    )


def capacity_table(resolucion: Resolucion) -> Table:
    """Return the means of who answers, as they were known when the project was drawn."""
    dictamen = resolucion.dictamen
    found = capacities_of(dictamen.sujeto, dictamen.etapa, resolucion.sesion_el, resolucion.elaborada_el)
    rows = [
        {
            "quien": Thing(who, debajo=str(known.anio)),
            "anual": sum(known.conceptos.values(), Money(0)) if known.conceptos else _("sin lista cargada"),
            "mensual": known.mensual if known.mensual else _("sin dato"),
            "anteriores": known.pendiente if known.anteriores else _("ninguna"),
            "corre": percent(known.en_curso_pb) if known.en_curso_pb else _("nada"),
        }
        for who, known in found
    ]
    columns = (
        Column("quien", _("Quién"), "cosa"),
        Column("anual", _("Financiamiento público del año"), "dinero"),
        Column("mensual", _("Al mes, de ordinario"), "dinero", phone="half"),
        Column("anteriores", _("Sanciones anteriores"), "dinero", phone="half"),
        Column("corre", _("Ya se le reduce"), phone="half"),
    )
    return panel(_("Capacidad económica"), rows, columns)


def members_table(rows: list[Sancion]) -> Table | None:
    """Return the table of the amounts that the members of a coalition pay, or None where there is no coalition."""
    parts = {part.sujeto_id: part for row in rows for part in row.partes.all()}
    if not parts:
        return None
    owed: Counter[int] = Counter()
    for row in rows:
        owed.update({part.sujeto_id: part.monto for part in row.partes.all()})
    columns = (
        Column("integrante", _("Integrante"), "cosa", "sujeto__nombre"),
        Column("participacion", _("Participación"), "porcentaje", "participacion_pb"),
        Column("monto", _("Le corresponde"), "dinero", show=lambda part: Money(owed[part.sujeto_id])),
    )
    return panel(
        _("Distribución entre los integrantes"),
        list(parts.values()),
        columns,
        totales={"monto": Money(owed.total())},
        palabra_total=_("Suma"),
    )


def _roll(resolucion: Resolucion, by: Usuario) -> list[dict[str, object]]:
    cast = {row.consejero_id: row for row in resolucion.votos.all()}
    members = list(councillors(resolucion.sesion_el))
    return [
        {
            "nombre": one.nombre,
            "mio": one.pk == by.pk,
            "estado": cast[one.pk].sentido if one.pk in cast else "sin_votar",
            "razones": cast[one.pk].voto_particular if one.pk in cast else "",
        }
        for one in members
    ]


def _may_vote(resolucion: Resolucion, by: Usuario) -> bool:
    open_ = resolucion.estado == Resolucion.Estado.EN_DISCUSION and clock.today() >= resolucion.sesion_el
    return open_ and may(by, "votar") and not resolucion.votos.filter(consejero=by).exists()


def _pending(row: Resolucion, kept: dict[int, list[Ground]]) -> list[Ground]:
    """Return the bases of law that a resolución waits for, while it is not counted."""
    if row.votada_el is not None:
        return []
    return pending(each for grounds in kept.values() for each in grounds)


@require_safe
@seated_at("council")
def resolucion(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a resolución: its sanctions with their working, the roll call, and the acts that its state admits."""
    row, by = _open(pk), person(request)
    etapa, sanctions = row.dictamen.etapa, sanciones_of(row)
    mine, kept = row.votos.filter(consejero=by).first(), kept_grounds(row)
    context = {
        "frame": council_frame(
            etapa, by, "resoluciones", Crumb(_("Resoluciones"), reverse("council:resoluciones")), Crumb(row.numero)
        ),
        "resolucion": row,
        "sujeto": row.dictamen.sujeto,
        "estado": resolucion_look(row),
        "sanciones": [
            (each, standing(each.conclusion.articulo, kept.get(each.conclusion_id, ()))) for each in sanctions
        ],
        "tabla": sanctions_table(row, sanctions, kept),
        "integrantes": members_table(sanctions),
        "capacidad": capacity_table(row) if sanctions else None,
        "persona": person_of(row.dictamen.sujeto),
        "total": Money(total_of(row)),
        "votacion": tally(row),
        "lista": _roll(row, by),
        "mio": mine,
        "vota": _may_vote(row, by),
        "espera": may(by, "votar") and mine is None and clock.today() < row.sesion_el,
        "somete": may(by, "someter") and row.estado == Resolucion.Estado.PROYECTO,
        "cuenta": may(by, "someter") and row.estado == Resolucion.Estado.EN_DISCUSION,
        "bases": _pending(row, kept),
        "sustituta": getattr(row, "sustituta", None),
        "proyecta": row.estado == Resolucion.Estado.RECHAZADA and may(by, "resolver"),
    }
    return render(request, "council/resolucion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("council")
def cast_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a vote: first what will be written, then the vote, once. Pressed twice, it is cast once."""
    row, by = _open(pk), person(request)
    if not may(by, "votar"):
        raise PermissionDenied(_("Votan las consejerías electorales. Usted puede leer la resolución y su votación."))
    here = reverse("council:resolucion", args=[pk])
    if row.votos.filter(consejero=by).exists():
        messages.warning(request, _("Su voto ya estaba emitido; se emite una vez y no se cambia."))
        return HttpResponseRedirect(here)
    form = VoteForm(request.POST if request.method == "POST" else {"sentido": request.GET.get("sentido", "")})
    if not form.is_valid():
        messages.error(request, _("Elija el sentido de su voto: a favor o en contra."))
        return HttpResponseRedirect(here)
    if request.method == "POST":
        try:
            made = vote(row, by, form.cleaned_data["sentido"], form.cleaned_data["voto_particular"])
        except Refused as refused:
            tell_refusal(request, refused)
        else:
            messages.success(request, _("Su voto quedó emitido: %(sense)s.") % {"sense": _(made.get_sentido_display())})
        return HttpResponseRedirect(here)
    context = {
        "frame": council_frame(row.dictamen.etapa, by, "resoluciones", Crumb(row.numero, here), Crumb(_("Votar"))),
        "resolucion": row,
        "sujeto": row.dictamen.sujeto,
        "form": form,
        "sentido": form.cleaned_data["sentido"],
        "total": Money(total_of(row)),
        "sanciones": row.sanciones.count(),
        "vota": _may_vote(row, by),
    }
    return render(request, "council/votar.html", context)


@require_POST
@seated_at("council")
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a project to the vote; only who submits matters to the council. Twice is the same as once."""
    return _secretary_act(request, pk, Resolucion.Estado.PROYECTO, "someter")


@require_POST
@seated_at("council")
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the job that counts the votes and settles; only who submits matters does. Twice is as once."""
    return _secretary_act(request, pk, Resolucion.Estado.EN_DISCUSION, "contar")


def _secretary_act(request: HttpRequest, pk: int, state: str, act: str) -> HttpResponse:
    row, by = _open(pk), person(request)
    if not may(by, "someter"):
        raise PermissionDenied(_("Lo hace la Secretaría Ejecutiva. Usted puede leer la resolución y su votación."))
    if row.estado != state:
        messages.warning(request, _("Ya estaba hecho; no se escribió nada nuevo."))
        return HttpResponseRedirect(reverse("council:resolucion", args=[pk]))
    try:
        if act == "contar":
            return to_job(request, ask_to_count(row, by), by)
        put_to_vote(row, by)
        messages.success(request, _("%(number)s está a discusión y votación.") % {"number": row.numero})
    except Refused as refused:
        tell_refusal(request, refused)
    return HttpResponseRedirect(reverse("council:resolucion", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("council")
def draw_project(request: HttpRequest, dictamen: int) -> HttpResponse:
    """Draw the project of a closed dictamen for a session. Pressed twice, it is drawn once."""
    base, by = (
        get_object_or_404(Dictamen.objects.select_related("etapa__proceso", "sujeto"), pk=dictamen),
        person(request),
    )
    if not may(by, "resolver"):
        raise PermissionDenied(_("El proyecto lo elabora el área de resoluciones. Usted podrá leerlo cuando exista."))
    before = base.resolucion
    if before is not None and before.estado != Resolucion.Estado.RECHAZADA:
        messages.warning(request, _("El proyecto ya existía; no se escribió nada nuevo."))
        return HttpResponseRedirect(reverse("council:resolucion", args=[before.pk]))
    day = max(calendar_for(base.etapa, base.sujeto)["consejo"].fecha, clock.today())
    known = earlier_resoluciones(base, clock.now())
    form, status = ProjectForm(initial={"sesion_el": day.strftime("%d/%m/%Y")}, anteriores=known), 200
    if request.method == "POST":
        form, status = ProjectForm(request.POST, anteriores=known), 422
        try:
            if form.is_valid():
                said = form.cleaned_data
                return to_job(request, ask_to_draft(base, said["sesion_el"], by, said.get("firmes", ())), by)
        except Refused as refused:
            tell_refusal(request, refused)
    frame = council_frame(
        base.etapa, by, "resoluciones", Crumb(_("Resoluciones"), reverse("council:resoluciones")), Crumb(base.numero)
    )
    return render(
        request,
        "council/proyecto.html",
        {"frame": frame, "dictamen": base, "form": form, "rechazada": before},
        status=status,
    )


@require_safe
@seated_at("council")
def document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Return the resolución as PDF or DOCX."""
    return document_response(_open(pk).documento, kind)
