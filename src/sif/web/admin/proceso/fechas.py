"""Move the days of a stage by a later accord: the form that shows how they are left, and the act of another person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.law.processes import report_counts
from sif.registry.models import Etapa, FechasPropuestas
from sif.registry.moving import (
    MovedDay,
    MovingAccord,
    StageDays,
    check_days,
    days_of,
    move_days,
    propose_days,
    read_days,
    read_moved,
    refuse_days,
    reviews_shortened,
    withdraw_days,
)
from sif.registry.procesos import review_of
from sif.registry.stage_days import calendar_of
from sif.values import Refused
from sif.web.admin.desk import AdminRecord, Seat, admin_page, decided, proposed
from sif.web.admin.proceso.extension import USUAL, Extension, MeasureForm, extension_table, extensions
from sif.web.admin.proceso.moved import ENDS, moved_table
from sif.web.admin.words import STAGES
from sif.web.authority_seat import milestone_words
from sif.web.course_words import provisional_act
from sif.web.fields import day_field, text_field
from sif.web.frame import Crumb
from sif.web.record import RecordForm
from sif.web.typed import typed_terms


class DaysForm(RecordForm):
    """The accord, the six terms and the last day to report of each period, first as they stand."""

    acuerdo = text_field(_("Acuerdo"), _("El que las mueve, por ejemplo INE/CG502/2023."), required=True)
    aprobado_el = day_field(_("Aprobado el"))
    motivo = text_field(_("Qué ordena"), _("En una frase, como lo dice el acuerdo."), required=True)
    plazos = text_field(
        _("Plazos en días"), _("Informe, oficio, respuesta, dictamen, Comisión y Consejo."), required=True
    )

    def __init__(
        self, *args: object, stands: StageDays, given: Mapping[int, date] | None = None, **options: object
    ) -> None:
        self.stands, self.given = stands, given or {}
        super().__init__(*args, **options)

    def offer(self, seat: Seat) -> None:
        """Ask for the last day to report of each period."""
        self.fields["plazos"].initial = ", ".join(map(str, self.stands.plazos))
        names = []
        for number, day in sorted(self.stands.vencen.items()):
            name = f"vence_{number}"
            self.fields[name] = day_field(_("Periodo %(n)d, último día para informar") % {"n": number})
            self.fields[name].initial = self.given.get(number, day)
            names.append(name)
        self.layout = ["acuerdo:medium aprobado_el:medium", "motivo:grow", "plazos:medium"]
        self.layout += [" ".join(f"{name}:medium" for name in names[at : at + 3]) for at in range(0, len(names), 3)]

    def asked(self) -> StageDays:
        """Make the days typed."""
        due = {number: self.cleaned_data[f"vence_{number}"] for number in self.stands.vencen}
        return StageDays(typed_terms(self.text("plazos")), due)

    def accord(self) -> MovingAccord:
        """Make the accord typed."""
        return MovingAccord(self.text("acuerdo"), self.cleaned_data["aprobado_el"], self.text("motivo"))


class MoveDays(AdminRecord):
    """Propose the days that an accord moves; first it shows how they are left."""

    page, form_class, template_name = "procesos", DaysForm, "admin/fechas_mover.html"
    title, button = _("Mover fechas por acuerdo"), _("Proponer estas fechas")
    done = _("Fechas propuestas: esperan a otra persona.")
    intro = _(
        "Un acuerdo posterior puede alargar los días para informar y mover los de la revisión. Lo que ya pasó no se "
        "mueve, a nadie se le quitan días, y lo anterior se conserva con su acuerdo."
    )
    changes: Sequence[MovedDay] = ()

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the stage."""
        self.etapa = get_object_or_404(Etapa.objects.select_related("proceso"), pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    @cached_property
    def stands(self) -> StageDays:
        """The days in force."""
        return days_of(self.etapa)

    def crumb(self) -> Any:
        """Return the stage and what is done."""
        return f"{self.etapa.proceso.nombre}: {STAGES[self.etapa.tipo]}"

    def back_url(self) -> str:
        """Return to the process."""
        return reverse("administration:proceso", args=[self.etapa.proceso_id])

    def get_form_kwargs(self) -> dict[str, object]:
        """Pass the days in force to the form, and those that the measure asked leaves."""
        given = {row.numero: row.queda for row in self.extended}
        return {**super().get_form_kwargs(), "stands": self.stands, "given": given}

    @cached_property
    def measure(self) -> MeasureForm:
        """Return the form of the measure of an accord, filled where the address brings one."""
        asked = self.request.GET if {"horas", "minutos"} <= self.request.GET.keys() else None
        return MeasureForm(asked, initial={"horas": USUAL})

    @cached_property
    def extended(self) -> list[Extension]:
        """Return the extension of each period by the measure asked; none where it is not valid."""
        if not self.measure.is_valid():
            return []
        said = self.measure.cleaned_data
        counted = report_counts(review_of(self.etapa), tuple(self.stands.vencen), settings.JURISDICTION)
        return extensions(self.stands.vencen, said["horas"], said["minutos"], counted)

    def form_valid(self, form: Any) -> HttpResponse:
        """Show how the days are left, or propose them."""
        if self.request.POST.get("acto") == "proponer":
            return super().form_valid(form)
        try:
            self.changes = check_days(self.etapa, form.asked(), form.accord(), self.seat.usuario)
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        return self.render_to_response(self.get_context_data(form=form))

    def save(self, form: DaysForm) -> FechasPropuestas:
        """Propose them."""
        return proposed(lambda: propose_days(self.etapa, form.asked(), form.accord(), self.seat.usuario))

    def saved_url(self, saved: FechasPropuestas) -> str:
        """Go to what was proposed."""
        return reverse("administration:fechas", args=[saved.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the stage, its review as it stands, and how the days are left."""
        context = super().get_context_data(**kwargs)
        context |= {"etapa": STAGES[self.etapa.tipo], "proceso": self.etapa.proceso}
        context["hoy"] = [
            (provisional_act(milestone_words(day.hito), day), day) for day in calendar_of(self.etapa).values()
        ]
        context["medida"] = self.measure
        if self.measure.is_valid():
            context["ampliacion"] = extension_table(self.extended)
        if self.changes:
            context["tabla"] = moved_table(self.changes)
            form: DaysForm = context["form"]
            context["cortas"] = shortened_words(self.etapa, form.asked(), form.accord().numero)
        return context


def shortened_words(etapa: Etapa, asked: StageDays, acuerdo: str) -> list[str]:
    """Say each review that an accord leaves with fewer days than the law gives."""
    said = translated("Revisión del periodo %(n)d: %(days)d en vez de los %(law)d días de la ley (%(article)s).")
    return [
        said % {"n": each.periodo, "days": each.dias, "law": each.ley, "article": each.base}
        for each in reviews_shortened(etapa, asked, acuerdo)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def days(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Return the days that somebody proposed to move: what changes, by which accord, and the acts that end it."""
    rows = FechasPropuestas.objects.select_related("etapa__proceso", "propuesto_por", "resuelta__hecho_por")
    found = get_object_or_404(rows, pk=pk)
    done = decided(request, lambda: _acted(request, seat, found))
    if isinstance(done, HttpResponse):
        return done
    problems, status = (done.problems, done.status) if done else ((), 200)
    act, proceso = getattr(found, "resuelta", None), found.etapa.proceso
    back = reverse("administration:proceso", args=[proceso.pk])
    context = {
        "frame": seat.frame("procesos", Crumb(proceso.nombre, back), Crumb(translated("Fechas movidas"))),
        "fechas": found,
        "proceso": proceso,
        "etapa": STAGES[found.etapa.tipo],
        "volver": back,
        "acto": act,
        "estado": ENDS[act.sentido if act else ""],
        "tabla": moved_table(read_moved(found)),
        "cortas": [] if act else shortened_words(found.etapa, read_days(found.pedido), found.acuerdo),
        "mia": found.propuesto_por_id == seat.usuario.pk,
        "problemas": problems,
        "error": next((each for each in problems if each.donde == "motivo"), None),
        "motivo": request.POST.get("motivo", ""),
    }
    return render(request, "admin/fechas.html", context, status=status)


def _acted(request: HttpRequest, seat: Seat, found: FechasPropuestas) -> HttpResponse:
    """Move, refuse or withdraw the days proposed, and go on. Raises Refused, PermissionError and Http404."""
    act, by = request.POST.get("acto", ""), seat.usuario
    if act == "mover":
        move_days(found, by)
        messages.success(request, translated("Fechas movidas: desde ahora rigen. Las anteriores se conservan."))
    elif act == "rechazar":
        refuse_days(found, request.POST.get("motivo", ""), by)
        messages.success(request, translated("Propuesta rechazada: rigen las fechas que regían."))
    elif act == "retirar":
        withdraw_days(found, by)
        messages.success(request, translated("Propuesta retirada."))
    else:
        raise Http404(translated("No hay ese acto."))
    return HttpResponseRedirect(request.path)
