"""Appraise the answers to an oficio, and propose and issue the second one [LGPP 80.1.b.III]."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sif.audit.models import Observacion
from sif.proceedings.appraisals import Appraisal, appraisals_of
from sif.proceedings.courses import course_for
from sif.proceedings.models import Oficio, OficioPropuesto
from sif.proceedings.proposing import waiting_proposal, withdraw_oficio
from sif.proceedings.second import MOST_WORDS, may_follow, propose_second
from sif.proceedings.selectors import answers_to, second_of, standing_of
from sif.proceedings.tasks import ask_to_issue_second
from sif.proceedings.terms import informing_article, last_second_day, second_deadline, second_term
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.values import Refused
from sif.web.auditor.frames import auditor_frame
from sif.web.authority_seat import person, tell_refusal
from sif.web.course_words import late_words, without_words
from sif.web.frame import Crumb
from sif.web.seats import seated_at
from sif.web.trabajos.following import to_job
from sif.web.typed import typed_number


class AppraisalForm(forms.Form):
    """The appraisal of the answer to each observación; the proceedings validate it."""

    use_required_attribute = False

    def __init__(
        self, rows: Sequence[Observacion], data: object = None, said: dict[int, Appraisal] | None = None
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.rows = rows
        for row in rows:
            before = (said or {}).get(row.pk)
            cured = forms.ChoiceField(
                label=_("La respuesta la subsana"),
                required=False,
                choices=[("si", _("Sí")), ("no", _("No"))],
                widget=forms.RadioSelect,
                initial=("si" if before.subsana else "no") if before else "",
            )
            reason = forms.CharField(
                label=_("Por qué"),
                required=False,
                max_length=MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=before.razon if before else "",
            )
            self.fields[f"subsana_{row.numero}"], self.fields[f"razon_{row.numero}"] = cured, reason

    def appraisals(self) -> list[Appraisal]:
        """Return what was chosen; an observación without a choice is left out, and the proceedings ask for it."""
        clean = self.cleaned_data
        return [
            Appraisal(row.pk, clean[f"subsana_{row.numero}"] == "si", clean[f"razon_{row.numero}"])
            for row in self.rows
            if clean.get(f"subsana_{row.numero}")
        ]

    def demand(self) -> "AppraisalForm":
        """Return the same form, drawn so that what the proceedings demand is not called optional."""
        for field in self.fields.values():
            field.required = True
        return self

    def take(self, refused: Refused) -> bool:
        """Put each problem of a refused proposal at the observación that it is about; False where one is of none."""
        placed = True
        for problem in refused.problems:
            field = f"razon_{problem.donde.rpartition(' ')[2]}"
            if problem.codigo.startswith("VALORACION") and field in self.fields:
                self.add_error(field, f"{problem.mensaje} {problem.cura}")
            else:
                placed = False
        return placed


@require_http_methods(["GET", "HEAD", "POST"])
@seated_at("auditor")
def second(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the answers with the appraisal of each, and propose, withdraw or issue the second oficio; pressed twice,
    it is issued once."""
    rows = Oficio.objects.select_related("etapa__proceso", "sujeto")
    row, by = get_object_or_404(rows, pk=pk, primero__primero=None), person(request)
    if (made := second_of(row)) is not None:
        messages.warning(request, _("El oficio que sigue a éste ya estaba emitido; no se escribió nada nuevo."))
        return HttpResponseRedirect(reverse("auditor:oficio", args=[made.pk]))
    if row.primero_id is not None and not row.da_plazo:
        raise Http404(_("Ese oficio informó que todo se subsanó: nada lo sigue."))
    if second_term(row.etapa) is None:
        raise Http404(_("La revisión de esta etapa no tiene segundo oficio (LGPP 80.1.b.III)."))
    observed, proposal = list(standing_of(row)), waiting_proposal(row.etapa, row.sujeto)
    form, status = AppraisalForm(observed, said=appraisals_of(proposal) if proposal else None), 200
    if request.method == "POST":
        form = AppraisalForm(observed, request.POST) if request.POST.get("acto") == "proponer" else form
        try:
            if not form.is_bound or form.is_valid():
                return _acted(request, row, form, by)
        except Refused as refused:
            if not form.is_bound or not form.take(refused):
                tell_refusal(request, refused)
        status = 422
    return render(request, "auditor/segundo.html", _context(row, form, proposal, by), status=status)


def _acted(request: HttpRequest, row: Oficio, form: AppraisalForm, by: Usuario) -> HttpResponse:
    """Propose, withdraw or ask for the job that issues, and go on. Raises Refused."""
    act, here = request.POST.get("acto", ""), reverse("auditor:segundo", args=[row.pk])
    if act == "proponer":
        propose_second(row, form.appraisals(), by)
        messages.success(request, _("Propuso el oficio. Lo emite otra persona."))
        return HttpResponseRedirect(here)
    if act == "retirar":
        withdraw_oficio(row.etapa, row.sujeto, by)
        messages.success(request, _("Retiró su propuesta; no se notificó nada."))
        return HttpResponseRedirect(here)
    if act != "emitir":
        raise Http404("No hay ese acto.")
    return to_job(request, ask_to_issue_second(row, by, typed_number(request.POST.get("propuesta", ""))), by)


def _context(row: Oficio, form: AppraisalForm, proposal: OficioPropuesto | None, by: Usuario) -> dict[str, object]:
    answers, term = answers_to(row, form.rows), second_term(row.etapa)
    own = proposal is not None and proposal.propuesto_por_id == by.pk
    here = Crumb(row.numero, reverse("auditor:oficio", args=[row.pk]))
    said, informs = appraisals_of(proposal) if proposal else {}, row.primero_id is not None
    last = last_second_day(row, term) if term else None
    course = course_for(row.etapa, row.sujeto) if informs else None
    if course is not None:
        last = course.days["dictamen"].fecha
    return {
        "frame": auditor_frame(row.etapa, "oficios", here, Crumb(_("Resultado") if informs else _("Segundo oficio"))),
        "informa": informs,
        "oficio": row,
        "form": form.demand(),
        "filas": [
            {
                "observacion": each,
                "respuesta": answers.get(each.pk),
                "dicho": said.get(each.pk),
                "subsana": form[f"subsana_{each.numero}"],
                "razon": form[f"razon_{each.numero}"],
            }
            for each in form.rows
        ],
        "ultimo": last,
        "curso": late_words(course) if informs else without_words(row),
        "obliga": informing_article(row.etapa),
        "vence": second_deadline(term, clock.today()) if term else None,
        "articulo": term.base if term else "",
        "procede": may_follow(row),
        "emite": may(by, "emitir_oficio"),
        "propone": may(by, "auditar") or may(by, "emitir_oficio"),
        "propuesta": proposal,
        "propia": own,
    }
