"""Show dictámenes and their conclusions, and close them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sif.audit.selectors import to_notify
from sif.proceedings.appraisals import last_told
from sif.proceedings.concurrence import meetings_of
from sif.proceedings.determining import determines, observed_by_books
from sif.proceedings.gate import check_dictamen, check_other_eye
from sif.proceedings.models import Conclusion, Determinado, Dictamen
from sif.proceedings.opening import opening_problems
from sif.proceedings.proposing import waiting_proposal
from sif.proceedings.selectors import (
    cited_in,
    conclusiones_of,
    conclusions_summed,
    considered_answer,
    dictamen_state,
    last_answers,
    subjects_of,
)
from sif.proceedings.services import analyse, close_conclusion, count_unattended, open_dictamen
from sif.proceedings.tasks import ask_to_close
from sif.registry.models import Contabilidad, Etapa, SujetoObligado, Usuario
from sif.registry.selectors import may
from sif.values import Money, Refused
from sif.web import law
from sif.web.auditor.amounts import typed_amount
from sif.web.auditor.frames import auditor_frame
from sif.web.auditor.looks import dictamen_look
from sif.web.authority_seat import books_words, document_response, person, stage_at_hand, tell_refusal
from sif.web.columns import Column, panel
from sif.web.fields import set_choices
from sif.web.formats import currency_amount, whole_number
from sif.web.frame import Crumb
from sif.web.lazy import law_words
from sif.web.places import told_together
from sif.web.seats import seated_at
from sif.web.tables import Empty, Link, Table, Thing, page_of
from sif.web.trabajos.following import to_job

_FIELD_OF = {
    "CONCLUSION_SIN_RESPUESTA": "respuesta_considerada",
    "CONCLUSION_RESPUESTA_INEXISTENTE": "respuesta_considerada",
    "CONCLUSION_RESPUESTA_IGNORADA": "respuesta_considerada",
    "CONCLUSION_SIN_ANALISIS": "analisis",
    "CONCLUSION_SIN_REFERENCIA": "referencia",
    "CONCLUSION_YA_SUBSANADA": "referencia",
    "CONCLUSION_MONTO": "monto",
    "CONCLUSION_UNIDADES": "hechos",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A contabilidad among which a person shares out what is left unattended: its holder and what it was observed."""

    contabilidad: int
    titular: str
    observado: Money

    @property
    def field(self) -> str:
        """Return the name of its field."""
        return f"reparto_{self.contabilidad}"


def shares_of(row: Conclusion) -> list[Share]:
    """Return the contabilidades of a conclusion of spending not reported that spans several; none of any other."""
    observed = observed_by_books(row) if determines(row) else {}
    if len(observed) < 2:
        return []
    books = Contabilidad.objects.filter(pk__in=observed).select_related("candidatura__persona").order_by("pk")
    return [Share(each.pk, books_words(each), Money(observed[each.pk])) for each in books]


class ConclusionForm(forms.Form):
    """The data of a conclusion.

    The proceedings validate the data, not this form; the messages of the proceedings appear in its fields.
    """

    use_required_attribute = False  # press, and learn what is missing

    respuesta_considerada = forms.CharField(
        label=gettext_lazy("Respuesta considerada"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Lo que el sujeto respondió, o que no respondió dentro del plazo."),
    )
    analisis = forms.CharField(
        label=gettext_lazy("Análisis"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy("Por qué la observación quedó atendida, sin efectos o no atendida."),
    )
    referencia = forms.ChoiceField(label=gettext_lazy("Cómo terminó"), required=False, widget=forms.RadioSelect)
    monto = forms.CharField(
        label=gettext_lazy("Monto no atendido"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Vacío es todo lo observado si no quedó atendida, y cero si quedó."),
    )
    hechos = forms.IntegerField(
        label=gettext_lazy("Hechos no atendidos"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Solo para criterios por hecho; vacío son todos los observados."),
    )

    def __init__(self, *args: object, observado: int, shares: Sequence[Share] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.observado, self.shares = observado, shares
        for each in shares:
            self.fields[each.field] = forms.CharField(
                label=_("De %(holder)s, contabilidad %(n)d") % {"holder": each.titular, "n": each.contabilidad},
                required=False,
                max_length=20,
                help_text=_("Se le observaron %(amount)s.") % {"amount": currency_amount(each.observado)},
            )
        ways = (
            ("atendida", _("Atendida")),
            ("sin_efectos", _("Sin efectos")),
            ("no_atendida", _("No atendida")),
        )
        set_choices(self, "referencia", ways)

    def demand(self) -> "ConclusionForm":
        """Return the same form, drawn so that what the proceedings demand is not called optional."""
        for name in ("respuesta_considerada", "analisis", "referencia"):
            self.fields[name].required = True
        return self

    def clean_monto(self) -> Money:
        """Return an amount as people type it; empty is all that was observed of what was not cured, and zero else."""
        typed = self.cleaned_data["monto"].strip()
        if not typed and self.cleaned_data.get("referencia") == Conclusion.Referencia.NO_ATENDIDA:
            return Money(self.observado)
        return typed_amount(typed)

    @property
    def reparto(self) -> list[forms.BoundField]:
        """Return the fields of how much of what is left unattended is of each contabilidad."""
        return [self[each.field] for each in self.shares]

    def clean(self) -> None:
        """Read the amounts of the contabilidades as people type them: all, or none."""
        clean = self.cleaned_data
        typed = [each for each in self.shares if clean.get(each.field, "").strip()]
        clean["reparto"] = {}
        for each in self.shares if typed else ():
            try:
                clean["reparto"][each.contabilidad] = typed_amount(clean.get(each.field, ""))
            except forms.ValidationError as wrong:
                self.add_error(each.field, wrong)

    def take(self, refused: Refused) -> None:
        """Put each problem of a refused act beside the field it is about."""
        for problem in refused.problems:
            field = _FIELD_OF.get(problem.codigo)
            if problem.codigo.startswith("DETERMINADO_") and self.shares:
                at = f"reparto_{problem.donde.rpartition(' ')[2]}"
                field = at if at in self.fields else self.shares[0].field
            self.add_error(field, f"{problem.mensaje} {problem.cura}")


def _list(request: HttpRequest, etapa: Etapa, may_open: bool) -> Table:
    subjects, page = page_of(subjects_of(etapa), request.GET)
    opened = list(Dictamen.objects.filter(etapa=etapa, sujeto__in=subjects).select_related("cierre"))
    rows, summed = {row.sujeto_id: row for row in opened}, conclusions_summed(opened)

    def drawn(sujeto: SujetoObligado) -> dict[str, object]:
        row = rows.get(sujeto.pk)
        who = {"sujeto": Thing(sujeto.nombre, clave=sujeto.siglas), "estado": dictamen_look(row)}
        if row is None:
            open_it = Link(_("Abrir dictamen"), reverse("auditor:abrir_dictamen", args=[sujeto.pk]))
            unopened = dict.fromkeys(("conclusiones", "monto"), _("sin abrir"))
            act = open_it if may_open else _("lo abre quien dictamina")
            return {**who, **unopened, "dictamen": _("ninguno"), "accion": act}
        (many, closed, left), url = summed[row.pk], reverse("auditor:dictamen", args=[row.pk])
        return {
            **who,
            "dictamen": Thing(row.numero, url),
            "conclusiones": _("%(done)s de %(total)s") % {"done": closed, "total": many},
            "monto": Money(left),
            "accion": Link(_("Leer"), url),
        }

    columns = (
        Column("sujeto", _("Sujeto"), "cosa"),
        Column("dictamen", _("Dictamen"), phone="half"),
        Column("conclusiones", _("Conclusiones cerradas"), phone="half"),
        Column("monto", _("No atendido"), "dinero"),
        Column("estado", _("Estado"), "estado"),
        Column("accion", _("Acto"), "accion"),
    )
    return panel(_("Dictámenes"), list(map(drawn, subjects)), columns, pagina=page)


@require_safe
@seated_at("auditor")
def dictamenes(request: HttpRequest) -> HttpResponse:
    """Return each subject with its dictamen."""
    etapa = stage_at_hand(request)
    table = _list(request, etapa, may(person(request), "dictaminar"))
    return render(request, "auditor/dictamenes.html", {"frame": auditor_frame(etapa, "dictamenes"), "tabla": table})


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def open_(request: HttpRequest, sujeto: int) -> HttpResponse:
    """Before opening: how many conclusions it will have. Pressed twice, it is opened once."""
    etapa, subject, by = stage_at_hand(request), get_object_or_404(SujetoObligado, pk=sujeto), person(request)
    before = Dictamen.objects.filter(etapa=etapa, sujeto=subject).first()
    if before is not None:
        return HttpResponseRedirect(reverse("auditor:dictamen", args=[before.pk]))
    status = 200
    if request.method == "POST":
        try:
            made = open_dictamen(etapa, subject, by)
        except Refused as refused:
            tell_refusal(request, refused)
            status = 422
        else:
            messages.success(request, _("Dictamen %(number)s abierto.") % {"number": made.numero})
            return HttpResponseRedirect(reverse("auditor:dictamen", args=[made.pk]))
    context = {
        "frame": auditor_frame(
            etapa, "dictamenes", Crumb(_("Dictámenes"), reverse("auditor:dictamenes")), Crumb(subject.siglas)
        ),
        "sujeto": subject,
        "cuantas": to_notify(etapa, subject).count(),
        "propuesta": waiting_proposal(etapa, subject),
        "dictamina": may(by, "dictaminar"),
        "problemas": opening_problems(etapa, subject),
    }
    return render(request, "auditor/abrir.html", context, status=status)


def _conclusions(rows: list[Conclusion]) -> Table:
    columns = (
        Column(
            "conclusion",
            _("Conclusión"),
            "cosa",
            show=lambda row: Thing(
                row.clave, reverse("auditor:conclusion", args=[row.pk]), debajo=law_words(row.conducta)
            ),
        ),
        Column("observado", _("Observado"), "dinero", "observacion__monto", total=True, phone="third"),
        Column("no_atendido", _("No atendido"), "dinero", "monto_no_atendido", total=True, phone="third"),
        Column(
            "referencia",
            _("Cómo terminó"),
            "estado",
            show=lambda row: row.referencia or ("sin_generar", _("Sin analizar")),
            phone="third",
        ),
        Column(
            "estado",
            _("Estado"),
            "estado",
            show=lambda row: "cerrada" if row.cerrada_el else ("borrador", _("Por cerrar")),
            phone="third",
        ),
    )
    words = ngettext("Suma de %(n)s conclusión", "Suma de %(n)s conclusiones", len(rows)) % {"n": len(rows)}
    return panel(
        _("Conclusiones"), rows, columns, palabra_total=words, vacia=Empty(_("Este dictamen no tiene conclusiones."))
    )


@require_safe
@seated_at("auditor")
def dictamen(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a dictamen: its conclusions, what keeps it from closing, and its documents once closed."""
    row = get_object_or_404(
        Dictamen.objects.select_related("etapa__proceso", "sujeto", "cierre__documento", "cierre__cerrado_por"), pk=pk
    )
    conclusions, by = conclusiones_of(row), person(request)
    closes = may(by, "dictaminar") and dictamen_state(row) == "abierto"
    context = {
        "frame": auditor_frame(
            row.etapa, "dictamenes", Crumb(_("Dictámenes"), reverse("auditor:dictamenes")), Crumb(row.numero)
        ),
        "dictamen": row,
        "estado": dictamen_look(row),
        "tabla": _conclusions(conclusions),
        "cerradas": sum(each.cerrada_el is not None for each in conclusions),
        "cuantas": len(conclusions),
        "problemas": told_together(check_dictamen(row)) if dictamen_state(row) == "abierto" else [],
        "dictamina": closes,
        "propio": closes and bool(check_other_eye(row, by)),
    }
    return render(request, "auditor/dictamen.html", context)


@require_POST
@seated_at("auditor")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the job that closes a dictamen whose gate is clear; pressed twice, it is closed once."""
    row, by = get_object_or_404(Dictamen, pk=pk), person(request)
    if dictamen_state(row) == "cerrado":
        messages.warning(request, _("El dictamen ya estaba cerrado; no se escribió nada nuevo."))
        return HttpResponseRedirect(reverse("auditor:dictamen", args=[pk]))
    try:
        return to_job(request, ask_to_close(row, by), by)
    except Refused as refused:
        tell_refusal(request, refused)
    return HttpResponseRedirect(reverse("auditor:dictamen", args=[pk]))


def _initial(row: Conclusion) -> dict[str, object]:
    told = last_told(row.dictamen.etapa, row.dictamen.sujeto).get(row.observacion_id)
    cured = told is not None and told[1].subsana
    return {
        "respuesta_considerada": row.respuesta_considerada or considered_answer(row),
        "analisis": row.analisis,
        "referencia": row.referencia,
        "monto": Money(row.monto_no_atendido) if row.referencia or cured else "",
        "hechos": row.unidades_no_atendidas,
    }


def _write(row: Conclusion, form: ConclusionForm, by: Usuario, closing: bool) -> None:
    clean = form.cleaned_data
    analyse(row, clean["respuesta_considerada"], clean["analisis"], clean["referencia"], clean["monto"], by)
    if clean["referencia"] == Conclusion.Referencia.NO_ATENDIDA and clean["hechos"] is not None:
        count_unattended(row, clean["hechos"], by)
    if closing:
        close_conclusion(row, by, clean["reparto"] or None)


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """A conclusion: its observación and answer beside the form; an empty answer or analysis is said in its field."""
    rows = Conclusion.objects.select_related(
        "dictamen__etapa__proceso", "dictamen__sujeto", "observacion", "cierre__cerrada_por"
    )
    row, by = get_object_or_404(rows, pk=pk), person(request)
    shares = shares_of(row)
    make = partial(ConclusionForm, observado=row.observacion.monto, shares=shares)
    form, status = make(initial=_initial(row)), 200
    if request.method == "POST":
        form, closing = make(request.POST), request.POST.get("acto") == "cerrar"
        if row.cerrada_el is not None:
            messages.warning(request, _("La conclusión ya estaba cerrada; no se escribió nada nuevo."))
            return HttpResponseRedirect(reverse("auditor:dictamen", args=[row.dictamen_id]))
        try:
            if form.is_valid():
                _write(row, form, by, closing)
                words = _("Conclusión %(key)s cerrada.") if closing else _("Conclusión %(key)s guardada.")
                messages.success(request, words % {"key": row.clave})
                return HttpResponseRedirect(_after(row, closing))
        except Refused as refused:
            form.take(refused)
        status = 422
    return render(request, "auditor/conclusion.html", _conclusion_context(request, row, form.demand()), status=status)


def _after(row: Conclusion, closing: bool) -> str:
    """After closing, the next open conclusion of the dictamen, or the dictamen itself; after saving, the same page."""
    if not closing:
        return reverse("auditor:conclusion", args=[row.pk])
    following = next((each for each in conclusiones_of(row.dictamen) if each.cerrada_el is None), None)
    return (
        reverse("auditor:conclusion", args=[following.pk])
        if following
        else reverse("auditor:dictamen", args=[row.dictamen_id])
    )


def _beside(row: Conclusion, order: Sequence[Conclusion]) -> list[dict[str, object]]:
    """The conclusions that see the same facts as one, and what the law says follows; those that add are left out."""
    told = []
    for each in meetings_of(order):
        if row.pk not in (each.gana.pk, each.cede.pk) or (each.par is not None and not each.par.yields):
            continue
        other = each.cede if each.gana.pk == row.pk else each.gana
        words = _("Esta conclusión los sanciona") if each.gana.pk == row.pk else _("Los sanciona aquélla")
        told.append(
            {
                "otra": other,
                "dice": words if each.par is not None else _("Nadie ha declarado si se suman"),
                "porque": each.par.porque if each.par is not None else "",
                "hechos": len(each.comunes),
            }
        )
    return told


def _conclusion_context(request: HttpRequest, row: Conclusion, form: ConclusionForm) -> dict[str, object]:
    found = row.dictamen
    answer = last_answers([row.observacion]).get(row.observacion_id)
    order = conclusiones_of(found)
    place = next(n for n, each in enumerate(order) if each.pk == row.pk)
    teller, said = last_told(found.etapa, found.sujeto).get(row.observacion_id, (None, None))
    return {
        "frame": auditor_frame(
            found.etapa,
            "dictamenes",
            Crumb(found.numero, reverse("auditor:dictamen", args=[found.pk])),
            Crumb(row.clave),
        ),
        "conclusion": row,
        "observacion": row.observacion,
        "hechos": whole_number(row.observacion.hallazgos.count()),
        "observado": Money(row.observacion.monto),
        "posible": law.possible_sanction(
            row.criterio,
            Money(row.monto_no_atendido if row.referencia else row.observacion.monto),
            row.unidades_no_atendidas or max(1, row.observacion.hallazgos.count()),
            found.etapa,
            found.sujeto,
            row.observacion.hallazgos.values_list("dia", flat=True),
        ),
        "concurre": _beside(row, order),
        "respuesta": answer,
        "polizas": cited_in(answer),
        "segundo": teller,
        "dicho": said,
        "form": form,
        "determinado": Determinado.objects.filter(conclusion=row).order_by("contabilidad"),
        "anterior": order[place - 1] if place else None,
        "siguiente": order[place + 1] if place + 1 < len(order) else None,
        "lugar": place + 1,
        "cuantas": len(order),
        "dictamina": may(person(request), "dictaminar") and row.cerrada_el is None,
    }


@require_safe
@seated_at("auditor", "council")
def dictamen_document(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Return the dictamen as PDF or DOCX, once closed."""
    return document_response(
        get_object_or_404(Dictamen.objects.select_related("cierre__documento"), pk=pk).documento, kind
    )
