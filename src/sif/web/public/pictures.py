"""Build the pictures of the portal, each from a grouped read of the published tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.disclosure import sums
from sif.disclosure.sums import Part
from sif.web.charts import Chart, Point
from sif.web.columns import Column, panel
from sif.web.formats import whole_number
from sif.web.lazy import law_words
from sif.web.public.archivos import ListFile
from sif.web.states_map import StateAmount, state_names, tile_map
from sif.web.tables import Link, Thing

MOST = 12  # bars of a picture; what is left is one more
type Pictures = dict[str, object]


def sanction_pictures(proceso: str, siglas: str, query: Mapping[str, str]) -> Pictures:
    """Return the charts of the sanctions by subject and by rule; siglas narrows both to a subject."""
    tail = f"?{urlencode(query)}" if query else ""
    subjects = sums.sanctions_by_subject(proceso, siglas)
    rules = [replace(part, nombre=law_words(part.nombre)) for part in sums.sanctions_by_rule(proceso, siglas)]
    here = {part.clave: f"?{urlencode({**query, 'siglas': part.clave})}" for part in subjects}
    pages = {part.clave: reverse("public:regla", args=[part.clave]) + tail for part in rules if part.clave}
    whom = _largest(_("¿A quién sancionó el Consejo, y por cuánto?"), _("Sujeto obligado"), subjects, here)
    why = _largest(_("¿Por qué conducta impuso más?"), _("Regla que no se cumplió"), rules, pages)
    asked = {**query, **({"siglas": siglas} if siglas else {})}
    return {
        "by_subject": replace(whom, exportar=_files("sujeto", asked)),
        "by_rule": replace(why, exportar=_files("regla", asked)),
    }


SANCTION_SUMS = {"sujeto": sums.sanctions_by_subject, "regla": sums.sanctions_by_rule}
"""What the figures of each picture of sanctions are read by, as the address of its file names it."""
SUM_COLUMNS = ("clave", "nombre", "sanciones", "monto")


def sum_file(by: str, proceso: str, siglas: str) -> ListFile:
    """Return every figure of a picture of sanctions, also those that it draws together."""
    parts = SANCTION_SUMS[by](proceso, siglas)
    rows = [(part.clave, part.nombre, part.cuantas, part.monto) for part in parts]
    return ListFile(f"sanciones-por-{by}-{proceso}", SUM_COLUMNS, len(rows), rows, "sanciones")


def _files(by: str, asked: Mapping[str, str]) -> tuple[Link, ...]:
    tail = urlencode({**asked, "suma": by})
    return tuple(
        Link(kind.upper(), f"{reverse('public:sanciones_archivo', args=[kind])}?{tail}") for kind in ("csv", "xlsx")
    )


def _largest(question: str, head: str, parts: Sequence[Part], urls: Mapping[str, str], series: str = "") -> Chart:
    """Return a bar for each of the largest parts, and one for what is left."""
    points = [Point(part.nombre, (part.monto.centavos,), urls.get(part.clave, "")) for part in parts[:MOST]]
    whole = sum(part.monto.centavos for part in parts)
    if rest := len(parts) - MOST if len(parts) > MOST else 0:
        words = ngettext("%(n)s más", "%(n)s más", rest) % {"n": whole_number(rest)}
        points.append(Point(words, (whole - sum(point.valores[0] or 0 for point in points),)))
    return Chart(
        question,
        "apiladas",
        head,
        (series or _("Sanción"),),
        points,
        totales=(whole,),
        vacia=_("El Consejo no ha impuesto sanciones en este proceso."),
    )


def home_pictures(proceso: str) -> Pictures:
    """Return the charts of the spending of a stage by state or place, and of the money of each published stage."""
    states = sums.spending_by_state(proceso)
    found: Pictures = {"by_stage": _by_stage()}
    if len(states) > 1:
        return found | _by_state(states)
    places = [part for part in sums.spending_by_place(proceso) if part.nombre]
    urls = {
        part.clave: f"{reverse('public:candidaturas')}?{urlencode({'proceso': proceso, 'territorio': part.clave})}"
        for part in places
    }
    chart = _largest(_("¿En qué lugares han gastado más las campañas?"), _("Lugar"), places, urls, _("Gasto reportado"))
    return found | {"by_place": chart} if len(places) > 1 else found


def _by_stage() -> Chart | None:
    """None while one stage alone is published: there is nothing to compare."""
    stages = sums.campaigns_by_stage()
    if len(stages) < 2:
        return None
    points = [
        Point(
            each.nombre,
            (each.ingresos.centavos, each.egresos.centavos),
            f"{reverse('public:home')}?{urlencode({'proceso': each.clave})}",
        )
        for each in stages
    ]
    return Chart(
        _("¿Cuánto recibieron y gastaron las campañas en cada proceso publicado?"),
        "pares",
        _("Proceso y etapa"),
        (_("Ingresos"), _("Gasto reportado")),
        points,
        nota=_("Del más antiguo al más reciente"),
    )


def _by_state(parts: Sequence[Part]) -> Pictures:
    names = state_names() | {"": _("Todo el país")}
    states = {part.clave: _state(part, names) for part in parts}
    columns = (
        Column("entidad", _("Entidad"), "cosa", show=lambda part: Thing(states[part.clave].nombre, clave=part.clave)),
        Column("candidaturas", _("Candidaturas"), "numero", "cuantas", total=True, phone="half"),
        Column("gasto", _("Gasto reportado"), "dinero", "monto", total=True, phone="half"),
    )
    question = _("¿En qué entidades han gastado más las campañas?")
    return {
        "states_question": question,
        "states_map": tile_map(states, question),
        "states_table": panel(question, parts, columns, palabra_total=_("Suma")),
    }


def _state(part: Part, names: Mapping[str, str]) -> StateAmount:
    many = ngettext("%(n)s candidatura", "%(n)s candidaturas", part.cuantas) % {"n": whole_number(part.cuantas)}
    return StateAmount(part.clave, names.get(part.clave, part.clave), part.monto.centavos, many)
