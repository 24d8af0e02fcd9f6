"""Show the steps from an empty installation to a running election, and what each process lacks."""

from dataclasses import dataclass, replace

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sif.proceedings.closing import waiting_closings
from sif.registry import corrections, moving, proposals
from sif.registry.calendars import waiting
from sif.registry.closed import closed_among
from sif.registry.elections import Lack, lacks
from sif.registry.invitations import administrators
from sif.registry.models import Candidatura, Etapa, Nombramiento, Proceso, SujetoObligado, TopeContabilidad, Usuario
from sif.registry.selectors import in_force
from sif.web.admin.desk import Seat, admin_page
from sif.web.admin.words import STAGES
from sif.web.frame import Crumb
from sif.web.lazy import Words

LACKS: dict[str, tuple[Words, Words, str]] = {
    "etapa_sin_periodos": (_("Etapas sin periodos"), _("Proponga otra vez su calendario."), "administration:procesos"),
    "periodo_sin_plazo": (
        _("Periodos sin plazo para informar"),
        _("Proponga otra vez su calendario."),
        "administration:procesos",
    ),
    "etapa_sin_candidaturas": (
        _("Etapas sin candidaturas"),
        _("Cargue el archivo del registro."),
        "administration:candidaturas_cargar",
    ),
    "cargo_sin_candidaturas": (
        _("Cargos que se eligen y por los que nadie contiende"),
        _("Cargue sus candidaturas."),
        "administration:candidaturas_cargar",
    ),
    "candidatura_sin_libros": (
        _("Candidaturas sin contabilidad"),
        _("Apruébelas con sus libros."),
        "administration:candidaturas",
    ),
    "libros_sin_tope": (
        _("Contabilidades sin tope de gastos"),
        _("Suba la tabla del acuerdo."),
        "administration:topes",
    ),
    "sin_concentradora": (
        _("Sujetos sin concentradora"),
        _("Ábrala: con ella reciben, compran y prorratean."),
        "administration:libros_nuevos",
    ),
    "sin_ordinaria": (_("Partidos sin contabilidad ordinaria"), _("Ábrala."), "administration:libros_nuevos"),
    "sin_integrantes": (
        _("Coaliciones sin integrantes"),
        _("Diga qué partidos la forman y con qué parte."),
        "administration:sujetos",
    ),
    "sin_responsable": (
        _("Sujetos sin Responsable de Finanzas"),
        _("Invite a esa persona: es quien firma sus informes."),
        "personas",
    ),
    "sin_rfc": (
        _("Sujetos sin RFC"),
        _("Sin él no se reconocen sus CFDI: corríjalo en su ficha."),
        "administration:sujetos",
    ),
    "nadie_audita": (_("Nadie que audite"), _("Invite a un auditor y a un revisor."), "personas"),
    "un_revisor": (
        _("Revisores que faltan"),
        _("Invite a dos: un dictamen lo cierra quien no lo abrió."),
        "personas",
    ),
}
"""What each thing lacking is called, its cure, and the page where it is cured."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of opening an election: what to do, how far it is, where, and whether nothing of it is left."""

    titulo: Words
    va: str
    url: str
    hecho: bool


def _steps(lacking: frozenset[str]) -> list[Step]:
    """Return the steps in their order; one is done once there is some of it and no process in course lacks it."""
    seats, subjects = in_force(Nombramiento.objects.all()), SujetoObligado.objects.count()
    others = seats.filter(sujeto=None).exclude(rol=Nombramiento.Rol.ADMINISTRADOR)
    heads = seats.filter(rol=Nombramiento.Rol.RESPONSABLE).values("sujeto").distinct().count()
    with_cap = TopeContabilidad.objects.values("contabilidad").distinct()
    counts: tuple[tuple[Words, str, int, set[str]], ...] = (
        (_("Invitar a quienes auditan y resuelven"), "personas", others.count(), {"nadie_audita", "un_revisor"}),
        (_("Registrar los sujetos obligados"), "administration:sujetos", subjects, set()),
        (
            _("Abrir el proceso con su calendario"),
            "administration:procesos",
            Proceso.objects.count(),
            {"etapa_sin_periodos", "periodo_sin_plazo"},
        ),
        (
            _("Cargar las candidaturas"),
            "administration:candidaturas",
            Candidatura.objects.count(),
            {"etapa_sin_candidaturas", "cargo_sin_candidaturas", "candidatura_sin_libros"},
        ),
        (_("Fijar los topes de gastos"), "administration:topes", with_cap.count(), {"libros_sin_tope"}),
    )
    steps = [
        Step(
            words,
            translated("%(n)s hasta hoy") % {"n": f"{count:,}"},
            reverse(name),
            bool(count) and not lacking & left,
        )
        for words, name, count, left in counts
    ]
    said = translated("%(n)s de %(all)s") % {"n": f"{heads:,}", "all": f"{subjects:,}"}
    whole = bool(subjects) and heads == subjects
    return [_second(), *steps, Step(_("Nombrar a cada Responsable de Finanzas"), said, reverse("personas"), whole)]


def _second() -> Step:
    """Return the step of who administers alone: nothing of the authority is approved until another person does."""
    count = administrators().count()
    words = translated("%(n)s hasta hoy; lo de la autoridad lo propone una persona y lo aprueba otra")
    return Step(_("Tener dos personas que administren"), words % {"n": count}, reverse("personas"), count > 1)


def _unguarded() -> int:
    """Count the active people without a second factor whose role needs one in production."""
    bound = in_force(Nombramiento.objects.filter(rol__in=settings.FACTOR_ADVISED)).values("usuario")
    with_one = Authenticator.objects.values("user")
    return Usuario.objects.filter(pk__in=bound, is_active=True).exclude(pk__in=with_one).count()


def told(found: list[Lack]) -> list[tuple[Words, Words, str, Lack]]:
    """Say each thing lacking with its cure and the page of the cure; a stage by its name."""
    shown = [replace(each, ejemplos=tuple(str(STAGES.get(name, name)) for name in each.ejemplos)) for each in found]
    return [(*LACKS[each.clave][:2], reverse(LACKS[each.clave][2]), each) for each in shown]


def _waiting(by: Usuario) -> dict[str, object]:
    """Return the pending proposals by kind, and the number that people other than `by` proposed."""
    calendars, corrected, accounts = list(waiting()), list(corrections.waiting()), list(proposals.waiting())
    days, closings = list(moving.waiting()), list(waiting_closings())
    authors = [each.propuesto_por_id for each in calendars] + [each.propuesto_por_id for each in days]
    authors += [each.propuesto_por_id for each in closings]
    authors += [each.propuesta_por_id for each in corrected] + [each.propuesta_por_id for each in accounts]
    others = sum(author != by.pk for author in authors)
    return {
        "esperan": calendars,
        "correcciones": corrected,
        "cuentas": accounts,
        "fechas": days,
        "cierres": closings,
        "de_otra": others,
    }


@require_safe
@admin_page
def home(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Return the first page of who administers."""
    stages = set(Etapa.objects.values_list("pk", flat=True))
    left = stages - closed_among(stages)
    running = Proceso.objects.filter(etapas__in=left).distinct().order_by("-anio", "jornada_el", "pk")
    lacking = [(each, lacks(each)) for each in running[:10]]
    keys = frozenset(lack.clave for _each, found in lacking for lack in found)
    context = {
        "frame": seat.frame("home"),
        "pasos": _steps(keys),
        "sin_factor": _unguarded(),
        **_waiting(seat.usuario),
        "procesos": [(each, len(found)) for each, found in lacking],
    }
    return render(request, "admin/hoy.html", context)


@require_safe
@admin_page
def missing(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """Render the requirements that an election lacks before it opens, each with the page that cures it."""
    found = get_object_or_404(Proceso, pk=pk)
    crumbs = (
        Crumb(_("Procesos"), reverse("administration:procesos")),
        Crumb(found.nombre, reverse("administration:proceso", args=[pk])),
    )
    context = {"frame": seat.frame("procesos", *crumbs), "proceso": found, "faltan": told(lacks(found))}
    return render(request, "admin/faltantes.html", context)
