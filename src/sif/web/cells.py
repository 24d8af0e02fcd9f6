"""Draw one cell of a table by the kind of its column."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sif.values import Money
from sif.web import formats, gauges
from sif.web.marks import article_html, key_html, state_html
from sif.web.markup_cache import by_language
from sif.web.tables import BeforeAfter, Column, Link, Spending, Thing


def _thing(value: object) -> SafeString:
    if not isinstance(value, Thing):
        return format_html("{}", str(value))
    name = format_html('<a href="{}">{}</a>', value.url, value.texto) if value.url else format_html("{}", value.texto)
    key = format_html(" {}", key_html(value.clave)) if value.clave else ""
    return format_html("{}{}{}", name, key, _under(value))


def _under(value: Thing) -> SafeString:
    if not (value.debajo or value.articulo or value.clave_debajo):
        return SafeString("")
    key = format_html("{} ", key_html(value.clave_debajo)) if value.clave_debajo else ""
    article = format_html(" {}", article_html(value.articulo)) if value.articulo else ""
    return format_html('<span class="under">{}{}{}</span>', key, value.debajo, article)


def _amount(value: object) -> SafeString:
    if isinstance(value, Thing):
        return format_html("{}{}", _amount(value.texto), _under(value))
    if isinstance(value, Money | int):
        return format_html("{}", formats.plain_amount(value))
    return format_html('<span class="absent">{}</span>', value)


def _number(value: object) -> SafeString:
    if isinstance(value, Thing):
        return format_html("{}{}", _number(value.texto), _under(value))
    return (
        format_html("{}", formats.whole_number(value))
        if isinstance(value, int)
        else format_html('<span class="absent">{}</span>', value)
    )


def _rate(value: object) -> SafeString:
    return format_html("{}", formats.percent(value)) if isinstance(value, int) else format_html("{}", value)


def _key(value: object) -> SafeString:
    if isinstance(value, Thing) and value.url:
        return format_html('<a class="key" href="{}">{}</a>{}', value.url, value.texto, _under(value))
    return key_html(str(value.texto if isinstance(value, Thing) else value))


def _day(value: object) -> SafeString:
    if isinstance(value, Thing):
        return format_html("{}{}", _day(value.texto) if value.texto else "", _under(value))
    if not isinstance(value, date):
        return format_html('<span class="absent">{}</span>', value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.short_day(value, year=True))


def _moment(value: object) -> SafeString:
    if not isinstance(value, datetime):
        return format_html('<span class="absent">{}</span>', value)
    when = formats.local(value)
    words = f"{formats.short_day(when.date(), year=True)}, {formats.hour_words(when.strftime('%H:%M'))}"
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), words)


def _state(value: object) -> SafeString:
    if isinstance(value, tuple):
        return state_html(str(value[0]), str(value[1]))
    return state_html(str(value))


def _gauge(value: object) -> SafeString:
    if not isinstance(value, Spending):
        return format_html('<span class="absent">{}</span>', value)
    return _gauge_of(value)


@by_language
def _gauge_of(value: Spending) -> SafeString:
    if not value.tope:
        return format_html('<span class="absent">{}</span>', gettext("Sin tope propio"))
    drawing = gauges.tope(value.reportado, value.tope, value.no_reportado)
    total = value.reportado + value.no_reportado
    share = formats.share(total, value.tope)
    words = format_html('<strong class="tone-over">{}</strong>', share) if total > value.tope else share
    return format_html('<div class="tope-row">{}<span class="share">{}</span></div>', drawing, words)


def _bars(value: object) -> SafeString:
    if not isinstance(value, BeforeAfter):
        return format_html('<span class="absent">{}</span>', value)
    return gauges.before_after(value.antes.centavos, value.despues.centavos, value.mayor.centavos)


def _action(value: object) -> SafeString:
    if isinstance(value, Link):
        return format_html('<a href="{}">{}</a>', value.url, value.texto)
    return format_html('<span class="absent">{}</span>', value)


_WRITERS: dict[str, Callable[[object], SafeString]] = {
    "cosa": _thing,
    "texto": _thing,
    "dinero": _amount,
    "numero": _number,
    "porcentaje": _rate,
    "clave": _key,
    "dia": _day,
    "momento": _moment,
    "estado": _state,
    "tope": _gauge,
    "articulo": lambda value: article_html(str(value)),
    "accion": _action,
    "barras": _bars,
}


def cell_html(column: Column, value: object) -> SafeString:
    """The content of a cell; markup already safe passes as it is, and an absent value ('' or None) leaves it empty."""
    if isinstance(value, SafeString):
        return value
    if value is None or value == "":
        return SafeString("")
    return _WRITERS[column.tipo](value)


def total_html(value: object) -> SafeString:
    """Return a total: with its currency and the double rule; words and numbers alike."""
    if isinstance(value, Money):
        return format_html('<span class="sum">{}</span>', formats.currency_amount(value))
    if isinstance(value, int):
        return format_html('<span class="sum">{}</span>', formats.whole_number(value))
    return format_html("{}", value)
