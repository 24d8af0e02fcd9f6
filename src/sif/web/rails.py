"""Declare the pages of each desk by group; a page appears when its address exists."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Page:
    """One entry of a rail. clave: short key (counts use it); direccion: URL name; atajo: letter after G, or ''.

    acto: what a person must be allowed to do, somewhere, to be shown it; '' for everybody of the desk.
    """

    clave: str
    direccion: str
    titulo: str | Promise
    icono: str
    atajo: str = ""
    acto: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one noun; the first group of a desk has no title."""

    titulo: str | Promise
    paginas: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A desk: its name in the header and the groups of its rail."""

    clave: str
    nombre: str | Promise
    grupos: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class RailLink:
    """An entry as drawn: the page, its address, what waits there (None: nothing to count), whether we are in it."""

    pagina: Page
    url: str
    cuenta: int | None
    actual: bool


PARTY = Rail(
    "party",
    _("Mesa del partido"),
    (
        Group("", (Page("home", "party:home", _("Hoy"), "house", "h"),)),
        Group(
            _("Libros"),
            (
                Page("polizas", "party:polizas", _("Pólizas"), "journal-text", "p"),
                Page("cfdi", "party:cfdi", _("Bandeja CFDI"), "inbox", "c"),
                Page("lotes", "party:lotes", _("Carga por lotes"), "upload"),
                Page("prorrateo", "party:prorrateo", _("Prorrateo"), "diagram-3"),
                Page("traspasos", "party:traspasos", _("Traspasos"), "arrow-left-right"),
                Page("libros", "party:libros", _("Libros y estados"), "table"),
            ),
        ),
        Group(
            _("Campaña"),
            (
                Page("contabilidades", "party:contabilidades", _("Contabilidades"), "folder"),
                Page("eventos", "party:eventos", _("Agenda de eventos"), "calendar-event"),
                Page("avisos", "party:avisos", _("Casas y avisos"), "geo-alt"),
                Page("inventario", "party:inventario", _("Inventario y activos"), "upc-scan"),
                Page("repap", "party:repap", _("REPAP y CEP"), "person-badge"),
                Page("creditos", "party:creditos", _("Créditos, PAT y presupuesto"), "cash-coin"),
            ),
        ),
        Group(
            _("Dinero y gente"),
            (
                Page("bancos", "party:bancos", _("Bancos"), "bank2"),
                Page("cuentas", "party:cuentas", _("Cuentas bancarias"), "bank"),
                Page("aportaciones", "party:aportaciones", _("Aportaciones"), "person-plus"),
                Page("proveedores", "party:proveedores", _("Proveedores"), "shop"),
                Page("gente", "party:gente", _("Gente"), "person-badge"),
            ),
        ),
        Group(
            _("Rendir"),
            (
                Page("revision", "party:revision", _("Revisión previa"), "shield-check"),
                Page("informes", "party:informes", _("Informes"), "file-earmark-check", "i"),
                Page("obligaciones", "party:obligaciones", _("Obligaciones"), "list-check"),
                Page("calendario", "party:calendario", _("Calendario de plazos"), "clock-history"),
                Page("constancia", "party:constancia", _("Constancia de fallas"), "heart-pulse"),
            ),
        ),
        Group(
            _("Autoridad"),
            (
                Page("buzon", "party:buzon", _("Buzón"), "envelope"),
                Page("oficios", "party:oficios", _("Oficios y respuestas"), "reply", "o"),
                Page("sanciones", "party:sanciones", _("Sanciones"), "hammer"),
            ),
        ),
        Group(
            _("Casa"),
            (
                Page("catalogo", "party:catalogo", _("Catálogo de cuentas"), "list-columns-reverse"),
                Page("personas", "personas", _("Personas y permisos"), "people", acto="nombrar"),
                Page("trabajos", "trabajos:lista", _("Mis trabajos"), "hourglass-split"),
                Page("miradas", "party:miradas", _("Quién vio los datos"), "eye", acto="responder"),
                Page("bitacora", "party:bitacora", _("Bitácora"), "list-columns-reverse"),
            ),
        ),
    ),
)

AUDITOR = Rail(
    "auditor",
    _("Mesa de auditoría"),
    (
        Group("", (Page("home", "auditor:home", _("Hoy"), "house", "h"),)),
        Group(
            _("Revisar"),
            (
                Page("hallazgos", "auditor:hallazgos", _("Hallazgos"), "binoculars", "p"),
                Page("observaciones", "auditor:observaciones", _("Observaciones"), "pencil-square", "o"),
                Page("oficios", "auditor:oficios", _("Oficios"), "envelope-paper"),
                Page("respuestas", "auditor:respuestas", _("Respuestas"), "reply"),
                Page("dictamenes", "auditor:dictamenes", _("Dictámenes"), "file-earmark-text"),
                Page("matriz", "auditor:matriz", _("Matriz"), "file-earmark-spreadsheet"),
            ),
        ),
        Group(
            _("Mirar"),
            (
                Page("libros", "auditor:libros", _("Libros de los sujetos"), "journal-text"),
                Page("informes", "auditor:informes", _("Informes"), "file-earmark-check"),
                Page("cfdi", "auditor:cfdi", _("CFDI"), "receipt", "c"),
                Page("testigos", "auditor:testigos", _("Testigos de campo"), "camera"),
                Page("terceros", "auditor:terceros", _("Terceros"), "building"),
                Page("listas", "auditor:listas", _("Listas de la autoridad"), "list-columns-reverse"),
            ),
        ),
        Group(
            _("Medir"),
            (
                Page("avance", "auditor:avance", _("Avance de la revisión"), "stopwatch"),
                Page("cumplimiento", "auditor:cumplimiento", _("Cumplimiento"), "list-check"),
                Page("riesgo", "auditor:riesgo", _("Riesgo"), "bar-chart"),
                Page("cobertura", "auditor:cobertura", _("Reglas y cobertura"), "rulers"),
                Page("indicios", "auditor:indicios", _("Indicios"), "search"),
                Page("muestreo", "auditor:muestreo", _("Muestras"), "dice-5"),
            ),
        ),
        Group(
            _("Casa"),
            (
                Page("calendario", "auditor:calendario", _("Calendario de plazos"), "clock-history"),
                Page("firmas", "auditor:firmas", _("Firmas sin presentación"), "pen"),
                Page("estatus_sat", "auditor:estatus_sat", _("Estatus ante el SAT"), "shield-check"),
                Page("publicacion", "auditor:publicacion", _("Publicación"), "send"),
                Page("trabajos", "trabajos:lista", _("Mis trabajos"), "hourglass-split"),
            ),
        ),
    ),
)

COUNCIL = Rail(
    "council",
    _("Mesa del Consejo"),
    (
        Group("", (Page("home", "council:home", _("Sesión"), "easel", "h"),)),
        Group(
            _("Asuntos"),
            (
                Page("dictamenes", "council:dictamenes", _("Dictámenes"), "file-earmark-text"),
                Page("resoluciones", "council:resoluciones", _("Resoluciones"), "hammer", "p"),
                Page("criterios", "council:criterios", _("Criterios"), "sliders"),
                Page("leyes", "council:leyes", _("Leyes y bases"), "journal-code"),
                Page("adendas", "council:adendas", _("Adendas y engrose"), "file-earmark-diff"),
            ),
        ),
        Group(
            _("Después"),
            (
                Page("publicacion", "auditor:publicacion", _("Publicación"), "send"),
                Page("notificacion", "council:notificacion", _("Notificación"), "envelope-check"),
                Page("impugnaciones", "council:impugnaciones", _("Impugnaciones"), "bank2"),
                Page("ejecucion", "council:ejecucion", _("Ejecución y cobro"), "cash-coin"),
            ),
        ),
        Group(
            _("Mirar"),
            (
                Page("avance", "council:avance", _("Avance de la revisión"), "bar-chart"),
                Page("calendario", "council:calendario", _("Calendario de plazos"), "clock-history"),
            ),
        ),
    ),
)

ADMINISTRATION = Rail(
    "administration",
    _("Administración"),
    (
        Group("", (Page("home", "administration:home", _("Hoy"), "house", "h"),)),
        Group(
            _("Procesos"),
            (
                Page("procesos", "administration:procesos", _("Procesos"), "calendar3"),
                Page("candidaturas", "administration:candidaturas", _("Candidaturas"), "person-badge"),
                Page("topes", "administration:topes", _("Topes de gastos"), "rulers"),
                Page("historicos", "administration:historicos", _("Procesos históricos"), "clock-history"),
            ),
        ),
        Group(_("Sujetos"), (Page("sujetos", "administration:sujetos", _("Sujetos obligados"), "people"),)),
        Group(_("Ley y reglas"), (Page("ley", "administration:ley", _("Ley y parámetros"), "journal-code"),)),
        Group(_("Personas"), (Page("personas", "personas", _("Personas y permisos"), "person-badge"),)),
        Group(
            _("Operación"),
            (
                Page("trabajos", "trabajos:lista", _("Cola de trabajos"), "hourglass-split"),
                Page("accesos", "accesos", _("Accesos"), "shield-check"),
                Page("correos", "administration:correos", _("Correo"), "envelope"),
                Page("raices", "administration:raices", _("Raíces del registro"), "diagram-3"),
                Page("salud", "administration:salud", _("Salud del servicio"), "heart-pulse"),
            ),
        ),
    ),
)

PUBLIC = Rail(
    "public",
    _("Cuentas claras de las campañas"),
    (
        Group(
            "",
            (
                Page("home", "public:home", _("El proceso"), "house"),
                Page("candidaturas", "public:candidaturas", _("Candidaturas"), "people"),
                Page("sanciones", "public:sanciones", _("Sanciones"), "hammer"),
                Page("reglas", "public:reglas", _("Las reglas"), "rulers"),
                Page("datos", "public:datos", _("Datos abiertos"), "database"),
            ),
        ),
    ),
)

DESKS: dict[str, Rail] = {desk.clave: desk for desk in (PARTY, AUDITOR, COUNCIL, ADMINISTRATION, PUBLIC)}


def address(name: str) -> str:
    """Return the address of a URL name, or '' while no page answers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def pages(desk: Rail) -> Iterator[Page]:
    """Yield every page of a desk in the order of its rail."""
    for group in desk.grupos:
        yield from group.paginas


def rail_groups(
    desk: Rail,
    current: str,
    counts: Mapping[str, int],
    where: Callable[[str], str] = address,
    allowed: Callable[[str], bool] = lambda act: True,
) -> list[tuple[str, list[RailLink]]]:
    """Return the rail as drawn: groups that have at least one page with an address that this person may open.

    `where` turns a URL name into its address, and `allowed` says whether the person may do an act.
    """
    drawn = []
    for group in desk.grupos:
        links = [
            RailLink(page, url, counts.get(page.clave), page.clave == current)
            for page in group.paginas
            if (url := where(page.direccion)) and (not page.acto or allowed(page.acto))
        ]
        if links:
            drawn.append((str(group.titulo), links))
    return drawn
