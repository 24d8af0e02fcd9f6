"""Define the pieces of a page as template tags and filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import RequestContext
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sif.registry.models import Usuario
from sif.registry.selectors import may
from sif.values import Money, Problem
from sif.web import cells, charts, formats, gauges, marks, once
from sif.web.accounts.factors import is_advised_factor
from sif.web.clocks import Clock, strip_days
from sif.web.frame import Crumb, Frame
from sif.web.labels import EVERY, ROLES
from sif.web.places import place_words
from sif.web.rails import DESKS, RailLink, address, rail_groups
from sif.web.reasons import purpose_choices, said_reason
from sif.web.tables import Column, Row, Table, query_with

register = template.Library()

# Subjects, by their name within a sentence ----------------------------------------------------------------------------


@register.filter
def spoken(nombre: str, before: str) -> str:
    """{{ row.sujeto|spoken:"de" }}: del Partido Jacaranda, and in English of Partido Jacaranda."""
    return formats.subject_words(nombre, before)


# People, by the name of the day of their act --------------------------------------------------------------------------


@register.filter
def named(person: Usuario | None, moment: datetime | None) -> str:
    """{{ row.hecho_por|named:row.hecho_el }}: what the person was called then; nothing where nobody is kept."""
    return person.named_at(moment) if person and moment else ""


@register.filter
def role_words(rol: str) -> str:
    """{{ invitation.rol|role_words }}: the function in words; nothing where there is none."""
    return str(ROLES[rol]) if rol else ""


@register.filter
def label(value: str, kind: str) -> str:
    """{{ row.medio|label:"medio" }}: a choice that a table keeps, in words (`labels.EVERY`)."""
    return str(EVERY[kind][value])


# Amounts, shares, days and hours -------------------------------------------------------------------------------------


@register.filter
def amount(value: Money | int) -> str:
    """{{ x|amount }}: 1,234.50, for cells."""
    return formats.plain_amount(value)


@register.filter
def browser(agent: str) -> str:
    """{{ session.user_agent|browser }}: Firefox · Windows."""
    return formats.browser(agent)


@register.filter
def money(value: Money | int) -> str:
    """{{ x|money }}: $1,234.50 or MXN 1,234.50, for prose and totals."""
    return formats.currency_amount(value)


@register.filter
def total(value: Money | int) -> SafeString:
    """{{ x|total }}: the amount with its currency over the double rule."""
    return cells.total_html(formats.as_money(value))


@register.filter
def percent(basis_points: int) -> str:
    """{{ 250|percent }}: 2.5 %."""
    return formats.percent(basis_points)


@register.filter
def share(part: Money | int, whole: Money | int) -> str:
    """{{ part|share:whole }}: 95.4 %, never rounded across 100."""
    return formats.share(part, whole)


@register.filter
def count(value: int) -> str:
    """{{ 2431|count }}: 2,431."""
    return formats.whole_number(value)


@register.filter
def day(value: date) -> SafeString:
    """{{ d|day }}: 4 de junio de 2026 in a <time>."""
    when = formats.local(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), formats.long_day(when))


@register.filter
def shortday(value: date) -> SafeString:
    """{{ d|shortday }}: 4 jun 2026 in a <time>."""
    when = formats.local(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), formats.short_day(when, year=True))


@register.filter
def moment(value: datetime) -> SafeString:
    """{{ t|moment }}: 4 de junio de 2026, 09:48 h."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment_words(value))


@register.filter
def moment_zone(value: datetime) -> SafeString:
    """{{ t|moment_zone }}: the same with (hora del centro)."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.moment_words(value, zone=True))


@register.filter
def moment_second(value: datetime) -> SafeString:
    """{{ t|moment_second }}: the same with its seconds, for an hour that a term is measured by."""
    words = formats.moment_words(value, zone=True, seconds=True)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def due(value: datetime) -> SafeString:
    """{{ t|due }}: 4 de junio de 2026, 24:00 h (hora del centro), for ends of terms."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.due_words(value))


@register.filter
def due_short(value: datetime) -> SafeString:
    """{{ t|due_short }}: sáb 6 jun, 24:00."""
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.due_short(value))


@register.filter
def digest(value: str | bytes) -> SafeString:
    """{{ h|digest }}: the digest in groups of four, in mono."""
    return format_html('<span class="digest">{}</span>', formats.digest_groups(value))


@register.filter
def digest_short(value: str | bytes) -> str:
    """{{ h|digest_short }}: its first eight and last four figures."""
    text = formats.digest_groups(value)
    return f"{text[:9]} … {text[-4:]}"


# Marks ---------------------------------------------------------------------------------------------------------------


@register.simple_tag
def one_use() -> SafeString:
    """{% one_use %}: the mark of a form whose act is done once, however often it is pressed."""
    return once.field()


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "download" %}."""
    return marks.icon_html(name)


@register.simple_tag
def state(key: str, words: str = "") -> SafeString:
    """{% state "registrada" %} or {% state "en_plazo" "En plazo: 2 de 3 días" %}; inside .chips it gets its ground."""
    return marks.state_html(key, words)


@register.simple_tag
def written(text: object) -> SafeString:
    """{% written column.nombre %}: what a file or a program writes as it stands; it is not translated."""
    return marks.written_html(str(text))


@register.simple_tag
def key(text: object) -> SafeString:
    """{% key uuid %}: an official key in mono."""
    return marks.key_html(str(text))


@register.inclusion_tag("piezas/copyable.html")
def copyable(text: object) -> dict[str, object]:
    """{% copyable poliza.referencia %}: the key and a button that copies it, where scripts run."""
    return {"text": str(text)}


@register.simple_tag
def article(reference: str, *, told: bool = False) -> SafeString:
    """{% article "RF 38.1" %}; told=True where the template says beside it whether it was read."""
    return marks.article_html(reference, told)


# Gauges and bars -----------------------------------------------------------------------------------------------------


@register.simple_tag
def tope(reported: Money | int, cap: Money | int, unreported: Money | int = 0, size: str = "small") -> SafeString:
    """{% tope a cap b "large" %}: the regla de tope."""
    return gauges.tope(reported, cap, unreported, size)


@register.inclusion_tag("piezas/legend.html")
def tope_legend() -> dict[str, object]:
    """{% tope_legend %}: what fill, hatch and line mean, for public pages."""
    return {}


@register.inclusion_tag("piezas/coverage.html")
def coverage(done: int, total: int, what: str, note: str = "") -> dict[str, object]:
    """{% coverage 412 425 "filas contestadas" "Faltan 13 filas por $310,416.00" %}."""
    return {"done": done, "total": total, "what": what, "note": note, "drawing": gauges.meter(done, total)}


@register.inclusion_tag("piezas/bars.html")
def bars(items: Sequence[gauges.Bar], caption: str, total_words: str = "") -> dict[str, object]:
    """{% bars barras "De dónde vino" "Total" %}: sorted bars with their values and, if named, the sum."""
    ordered = sorted(items, key=lambda item: -item.valor.centavos)
    most = gauges.most_of(ordered)
    rows = [(item, gauges.bar(item.valor.centavos, most)) for item in ordered]
    sum_of = Money(sum(item.valor.centavos for item in ordered))
    return {"rows": rows, "caption": caption, "total_words": total_words, "sum_of": sum_of}


@register.inclusion_tag("piezas/chart.html", takes_context=True)
def chart(context: RequestContext, data: charts.Chart) -> dict[str, object]:
    """{% chart grafica %}: a charts.Chart as a picture, with its words, its samples and the table of its figures."""
    drawn = charts.draw(data) if data.puntos else ""
    return {
        "request": context["request"],
        "chart": data,
        "drawing": drawn,
        "swatches": charts.swatches(data),
        "figures": charts.table_of(data),
    }


# Clock and frame -----------------------------------------------------------------------------------------------------


@register.inclusion_tag("piezas/clock.html")
def clock(term: Clock, action: object = None) -> dict[str, object]:
    """{% clock reloj boton %}: the panel of a term with its strip of days; action is a tables.Link or nothing."""
    return {"clock": term, "action": action, "strip": strip_days(term)}


@register.simple_tag(takes_context=True)
def desk_rail(context: dict[str, Any], frame: Frame) -> list[tuple[str, list[RailLink]]]:
    """{% desk_rail frame as groups %}: the pages of a desk that this person may open."""
    if frame.de_muestra:
        return rail_groups(frame.desk, frame.actual, frame.cuentas, lambda name: address(name) or "#contenido")
    user = context["request"].user
    return rail_groups(frame.desk, frame.actual, frame.cuentas, address, lambda act: may(user, act))


@register.simple_tag(takes_context=True)
def back_crumb(context: dict[str, object], crumbs: Sequence[Crumb]) -> Crumb | None:
    """{% back_crumb frame.migas as back %}: the last step that leads to another page, the one a narrow screen shows."""
    here = getattr(context.get("request"), "path", "")
    return next((crumb for crumb in reversed(crumbs) if crumb.url and crumb.url != here), None)


@register.simple_tag
def public_links(current: str = "") -> list[RailLink]:
    """{% public_links "reglas" as links %}: the masthead's five."""
    groups = rail_groups(DESKS["public"], current, {})
    return groups[0][1] if groups else []


@register.filter
def sheets(names: str) -> list[str]:
    """{{ "tokens type"|sheets }}: the paths of our style sheets."""
    return [f"sif/{name}.css" for name in names.split()]


@register.simple_tag
def address_of(name: str) -> str:
    """{% address_of "ir_a" as url %}: the address of a URL name, or '' while no page answers it."""
    return address(name)


# Notices, chain, tabs ------------------------------------------------------------------------------------------------


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, tone: str = "aviso", icon_name: str = "") -> SafeString:
    """{% notice "grave" %}…{% endnotice %}: grave stops, aviso lets pass with its price, bien is one line."""
    icons = {"grave": "x-octagon-fill", "aviso": "exclamation-triangle-fill", "bien": "check-circle-fill"}
    drawn = marks.icon_html(icon_name or icons.get(tone, "info-circle"))
    role = SafeString(' role="alert"') if tone == "grave" else SafeString("")
    return format_html('<div class="notice tone-{}"{}>{}<div>{}</div></div>', tone, role, drawn, content)


@register.simple_block_tag(end_name="endconfirm")
def confirm(content: str, words: str, thing: str = "", icon_name: str = "") -> SafeString:
    """{% confirm "Revocar" clave.nombre %}<p>what will happen</p><form>…</form>{% endconfirm %}: asks first."""
    icon = marks.icon_html(icon_name) if icon_name else ""
    heard = format_html('<span class="visually-hidden"> {}</span>', thing) if thing else ""
    opener = format_html('<summary class="button compact stop">{}{}{}</summary>', icon, words, heard)
    return format_html('<details class="confirm">{}<div class="confirm-body">{}</div></details>', opener, content)


@register.inclusion_tag("piezas/problems.html")
def problems(items: Sequence[Problem], tone: str = "grave") -> dict[str, object]:
    """{% problems lista %}: values Problem as rows: what was seen, where, and the cure."""
    return {"problems": items, "tone": tone}


@register.inclusion_tag("piezas/sin_factor.html", takes_context=True)
def own_factor(context: RequestContext) -> dict[str, object]:
    """{% own_factor %}: tells a person whose role asks for a second factor that they have none; not who is invented."""
    invented = context.get("environment") == "demostracion"
    return {"lacks": not invented and is_advised_factor(context["request"].user)}


@register.filter
def lines(texts: Sequence[str]) -> str:
    """{{ codes|lines }}: each in its line, as they are copied."""
    return "\n".join(texts)


@register.filter
def place(problem: Problem | Mapping[str, str]) -> str:
    """{{ problem|place }}: where a Problem, or one kept as a mapping, was seen; '' where it is no words of a person."""
    return place_words(problem["donde"] if isinstance(problem, Mapping) else problem.donde)


@register.inclusion_tag("piezas/chain.html")
def chain(
    previous: object, this: object, following: object = None, verified_at: datetime | None = None
) -> dict[str, object]:
    """{% chain anterior esta siguiente hora %}; each link has asiento, referencia, url and huella (or is None)."""
    return {"previous": previous, "this": this, "following": following, "verified_at": verified_at}


@register.inclusion_tag("piezas/tabs.html")
def tabs(items: Sequence[tuple[object, str, int | None, bool]], label: str) -> dict[str, object]:
    """{% tabs vistas "Vistas guardadas" %}; each is (words, url, count or None, current)."""
    return {"items": items, "label": label}


# Forms ---------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("piezas/field.html")
def field(bound: BoundField, width: str = "", warning: str = "") -> dict[str, object]:
    """{% field form.rfc "medium" %}: label, control, help and error; width short|medium|long|amount|grow."""
    described = []
    if bound.help_text:
        described.append(f"{bound.auto_id}-ayuda")
    if warning:
        described.append(f"{bound.auto_id}-aviso")
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attributes: dict[str, str | bool] = {"aria-describedby": " ".join(described)} if described else {}
    attributes["aria-invalid"] = "true" if bound.errors else "false"
    if width == "amount":
        attributes["inputmode"] = "decimal"
    kind = getattr(bound.field.widget, "input_type", "")
    several = bound.use_fieldset
    control = bound.as_widget(attrs=attributes)
    return {"field": bound, "control": control, "width": width, "warning": warning, "kind": kind, "several": several}


@register.inclusion_tag("piezas/error_summary.html")
def error_summary(form: object) -> dict[str, object]:
    """{% error_summary form %}: after a full post, a linked list that takes focus; nothing when there are no errors."""
    return {"form": form}


@register.inclusion_tag("piezas/filter.html", takes_context=True)
def filter_form(context: RequestContext, form: object) -> dict[str, object]:
    """{% filter_form form %}: a form in one row that searches; keeps the order of the table."""
    request: HttpRequest = context["request"]
    return {"form": form, "order": request.GET.get("orden", "")}


@register.inclusion_tag("piezas/razon.html", takes_context=True)
def reason(context: RequestContext, titulo: str, problema: str = "") -> dict[str, object]:
    """{% reason words problem %}: what whole personal keys are looked at for; it keeps what was said."""
    said = said_reason(context["request"])
    return {"titulo": titulo, "problema": problema, "finalidades": purpose_choices(), "razon": said}


# Tables --------------------------------------------------------------------------------------------------------------


@register.inclusion_tag("piezas/table.html", takes_context=True)
def table(context: RequestContext, data: Table, captioned: bool = True) -> dict[str, object]:
    """{% table tabla %}: draws a tables.Table; captioned=False hides the caption when a title stands above."""
    request: HttpRequest = context["request"]
    query = request.GET
    heads = [_head(column, data, query) for column in data.columnas]
    shells = [_shell(column, place) for place, column in enumerate(data.columnas)]
    rows = [(row, SafeString("".join(_cell(shell, row) for shell in shells))) for row in data.filas]
    around: dict[str, object] = {}
    if page := data.pagina:
        around |= {
            "previous": query_with(query, **{page.parametro: page.anterior}) if page.anterior else "",
            "next": query_with(query, **{page.parametro: page.siguiente}) if page.siguiente else "",
        }
    around["opens"] = any("<a " in cells or "<button" in cells for _row, cells in rows)
    return {"table": data, "heads": heads, "rows": rows, "totals": _totals(data), "captioned": captioned, **around}


def _classes(column: Column) -> str:
    names = [column.phone]
    if column.is_numeric:
        names.append("num")
    if column.tipo == "tope":
        names.append("gauge")
    if column.tipo in ("dia", "momento"):
        names.append("fixed")
    return " ".join(names)


def _head(column: Column, data: Table, query: Any) -> dict[str, object]:
    active = data.orden.removeprefix("-") == column.clave
    falling = active and data.orden.startswith("-")
    url = ""
    if column.ordenable:
        rising_next = falling if active else not (column.is_numeric or column.tipo == "tope")
        url = query_with(query, orden=column.clave if rising_next else f"-{column.clave}", pagina="")
    sort = ("descending" if falling else "ascending") if active else ""
    return {"column": column, "url": url, "sort": sort, "classes": "num" if column.is_numeric else ""}


@dataclass(frozen=True, slots=True)
class _Shell:
    """The HTML around every cell of a column, rendered once, since a table may have thousands of rows."""

    columna: Column
    full: str
    empty: str
    end: str


def _shell(column: Column, place: int) -> _Shell:
    label = "" if column.tipo == "cosa" or not column.titulo else format_html(' data-label="{}"', column.titulo)
    if place == 0 or column.tipo == "cosa":
        start = format_html('\n    <th scope="row" role="rowheader" class="{}"', _classes(column))
        return _Shell(column, f"{start}{label}>", f"{start}>", "</th>")
    start = format_html('\n    <td role="cell" class="{}', _classes(column))
    return _Shell(column, f'{start}"{label}>', f'{start} phone-hidden"{label}>', "</td>")


def _cell(shell: _Shell, row: Row) -> str:
    html = cells.cell_html(shell.columna, row.celdas.get(shell.columna.clave))
    return f"{shell.full if html else shell.empty}{html}{shell.end}"


def _totals(data: Table) -> list[dict[str, object]]:
    """Return the cells of the foot: its words span the columns before the first sum."""
    if not data.totales:
        return []
    keys = [column.clave for column in data.columnas]
    first = min((keys.index(name) for name in data.totales), default=0)
    span = first + (1 if data.chooses else 0)
    drawn: list[dict[str, object]] = [{"words": data.palabra_total, "span": span}] if span else []
    for column in data.columnas[first:]:
        value: Mapping[str, object] = data.totales
        html = cells.total_html(value[column.clave]) if column.clave in value else ""
        drawn.append({"html": html, "classes": "num" if column.is_numeric else "", "label": column.titulo})
    return drawn
