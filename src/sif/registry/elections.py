"""Query processes, subjects and counts for the authority's desk."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sif.law.processes import lacking_offices
from sif.registry import clock
from sif.registry.coalition_models import in_force_on
from sif.registry.elected import kind_opened, office_names
from sif.registry.leaving_models import standing_ends
from sif.registry.models import (
    Candidatura,
    Contabilidad,
    Etapa,
    IntegranteCoalicion,
    Nombramiento,
    Periodo,
    Proceso,
    SujetoObligado,
    TopeContabilidad,
    Ventana,
)
from sif.registry.selectors import in_force
from sif.registry.sujetos import ALLIANCES, PARTIES

EXAMPLES = 5
EYES = 2
"""People who judge: who opens a dictamen does not close it."""


def processes() -> QuerySet[Proceso]:
    """Return every process with how many candidacies and books it has."""
    return Proceso.objects.annotate(
        candidaturas=_count(Candidatura.objects.filter(etapa__proceso=OuterRef("pk")), "etapa__proceso"),
        libros=_count(Contabilidad.objects.filter(etapa__proceso=OuterRef("pk")), "etapa__proceso"),
    )


def _count(rows: QuerySet[Model], by: str) -> Coalesce:
    """Return the count of some rows of an outer row, by what joins them: two counts joined multiply each other."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), Value(0))


def subjects() -> QuerySet[SujetoObligado]:
    """Return every subject with how many members and books it has, and whether somebody answers for its finances."""
    heads = in_force(Nombramiento.objects.filter(sujeto=OuterRef("pk"), rol=Nombramiento.Rol.RESPONSABLE))
    return SujetoObligado.objects.annotate(
        partes=_count(in_force_on(clock.today()).filter(coalicion=OuterRef("pk")), "coalicion"),
        libros=_count(Contabilidad.objects.filter(sujeto=OuterRef("pk")), "sujeto"),
        con_responsable=Exists(heads),
        clase=F("tipo"),
    )


def stages() -> QuerySet[Etapa]:
    """Return every stage with its process, the last to begin first."""
    return Etapa.objects.select_related("proceso").order_by("-inicia_el", "-pk")


def candidacies() -> QuerySet[Candidatura]:
    """Return every candidacy with the cap that rules its books, in centavos, and why it ended, '' while it contends."""
    last = TopeContabilidad.objects.filter(contabilidad__candidatura=OuterRef("pk")).order_by("-pk")
    why = standing_ends().filter(candidatura=OuterRef("pk")).values("causa")[:1]
    return Candidatura.objects.annotate(
        tope=Subquery(last.values("tope")[:1]), estado=Coalesce(Subquery(why), Value(""))
    )


@dataclass(frozen=True, slots=True)
class Lack:
    """A lack that keeps an election from running: its key, the number of cases, and the names of the first cases."""

    clave: str
    cuantos: int
    ejemplos: tuple[str, ...]


def lacks(proceso: Proceso) -> list[Lack]:
    """Say everything that a process lacks before it can run; an empty list is a process that is ready."""
    stages_here = Etapa.objects.filter(proceso=proceso)
    races = stages_here.exclude(tipo=Etapa.Tipo.ORDINARIO)
    books = Contabilidad.objects.filter(etapa__proceso=proceso, cancelacion=None)
    contending = _subjects_of(Candidatura.objects.filter(etapa__proceso=proceso))
    running = SujetoObligado.objects.filter(
        pk__in=contending | _subjects_of(Contabilidad.objects.filter(etapa__proceso=proceso))
    )
    heads = in_force(Nombramiento.objects.filter(sujeto=OuterRef("pk"), rol=Nombramiento.Rol.RESPONSABLE))
    named = "candidatura__persona__nombre"
    found = [
        _lack("etapa_sin_periodos", stages_here.filter(periodos=None), "tipo"),
        _lack("periodo_sin_plazo", _without_window(proceso), "numero"),
        _lack("etapa_sin_candidaturas", races.filter(candidaturas=None), "tipo"),
        *_offices_without(proceso),
        _lack("candidatura_sin_libros", _without_books(proceso), "persona__nombre"),
        _lack("libros_sin_tope", books.filter(clase=Contabilidad.Clase.CANDIDATURA, topes=None), named),
        _lack("sin_concentradora", _without_pool(proceso, contending), "nombre"),
        _lack("sin_integrantes", running.filter(tipo__in=ALLIANCES, integrantes=None), "nombre"),
        _lack("sin_responsable", running.exclude(Exists(heads)), "nombre"),
        _lack("sin_rfc", _without_rfc(running), "nombre"),
    ]
    if proceso.etapas.filter(tipo=Etapa.Tipo.ORDINARIO).exists():
        without = SujetoObligado.objects.filter(tipo__in=PARTIES).exclude(contabilidades__in=books)
        found.append(_lack("sin_ordinaria", without, "nombre"))
    if not in_force(Nombramiento.objects.filter(rol__in=(Nombramiento.Rol.AUDITOR, Nombramiento.Rol.REVISOR))).exists():
        found.append(Lack("nadie_audita", 1, ()))
    judges = in_force(Nombramiento.objects.filter(rol=Nombramiento.Rol.REVISOR)).values("usuario").distinct().count()
    if judges < EYES:
        found.append(Lack("un_revisor", EYES - judges, ()))
    return [each for each in found if each.cuantos]


def _lack(clave: str, rows: QuerySet[Model], name: str) -> Lack:
    count = rows.count()
    first = rows.order_by("pk").values_list(name, flat=True)[:EXAMPLES] if count else ()
    return Lack(clave, count, tuple(map(str, first)))


def _offices_without(proceso: Proceso) -> list[Lack]:
    """Name the offices that the law always elects in a process and that nobody contends for in its campaign."""
    kind = kind_opened(proceso.pk)
    rows = Candidatura.objects.filter(etapa__proceso=proceso, etapa__tipo=Etapa.Tipo.CAMPANA).order_by()
    there = set(rows.values_list("cargo__clave", flat=True).distinct())
    if kind is None or kind.cargos is None or not there:
        return []  # a stage without candidacies is told whole
    lacking = lacking_offices(proceso.entidad, settings.JURISDICTION) if proceso.entidad else {}
    names = {key: name for key, name in office_names().items() if key not in lacking}
    always = (group & names.keys() for group in kind.cargos.siempre if not group & there)
    without = [" o ".join(sorted(names[key] for key in group)) for group in always]
    return [Lack("cargo_sin_candidaturas", len(without), tuple(without[:EXAMPLES]))]


def _without_window(proceso: Proceso) -> QuerySet[Periodo]:
    normal = Ventana.objects.filter(periodo=OuterRef("pk"), tipo=Ventana.Tipo.NORMAL, sujeto=None)
    return Periodo.objects.filter(~Exists(normal), etapa__proceso=proceso)


def _without_books(proceso: Proceso) -> QuerySet[Candidatura]:
    """Return the candidacies without books; in a formula only its titular has them, and the others share its folio."""
    return Candidatura.objects.filter(etapa__proceso=proceso, contabilidad=None).exclude(folio__regex=r"-[0-9]+$")


def _subjects_of(rows: QuerySet[Model]) -> set[int]:
    """Return the numbers of the subjects of some rows: asked once, and not of each subject in turn."""
    return set(rows.order_by().values_list("sujeto", flat=True).distinct())


def _without_rfc(running: QuerySet[SujetoObligado]) -> QuerySet[SujetoObligado]:
    """Return who has no RFC, of those that run and of the members of an alliance, by whose RFC it is invoiced."""
    joined = IntegranteCoalicion.objects.filter(coalicion__in=running.values("pk"))
    asked = SujetoObligado.objects.filter(Q(pk__in=running.values("pk")) | Q(pk__in=joined.values("sujeto")), rfc="")
    return asked.exclude(pk__in=joined.values("coalicion"))


def _without_pool(proceso: Proceso, contending: set[int]) -> QuerySet[SujetoObligado]:
    """Return the parties and alliances that contend and have no concentradora."""
    pools = Contabilidad.objects.filter(etapa__proceso=proceso, clase=Contabilidad.Clase.CONCENTRADORA)
    return SujetoObligado.objects.filter(pk__in=contending - _subjects_of(pools), tipo__in=(*PARTIES, *ALLIANCES))
