"""Draw what a page counts as SVG of our own, from the same values as the table beside it.

A chart is data (`Chart`): a question, what each point is called and its values. `{% chart c %}` draws it with its
table, so that picture and figures cannot differ. Places across are percentages and heights pixels: nothing is scaled,
so the words stay whole on a phone. Colours are classes over tokens, with a pattern or dash beside each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.values import Money
from sif.web.columns import Column, panel
from sif.web.formats import MINUS, currency_amount, in_english, percent, whole_number
from sif.web.lazy import Words
from sif.web.tables import Empty, Link, Table, Thing

FORMS = frozenset({"columnas", "lineas", "apiladas", "pares"})
"""Columns from zero, lines over time, bars in a pile of parts, and one bar for each series."""
KINDS = frozenset({"dinero", "numero", "porcentaje"})
MOST = 4
"""Series that fill, pattern and dash keep apart."""
_FILLS = ("", ' fill="url(#trama)"', "", "")  # the style sheet has the other fills, and cannot name this one
_HEIGHT, _HEAD, _FOOT = 160, 26, 24  # of the ground of columns and lines, and of the words above and below it, px
_BAR, _PAIR = 16, 12  # height of a bar alone, and of one of a pair, px
_WHOLE = 10_000  # hundredths of a percent
_AXIS = 4  # words along the time
_MARKED = 14  # points of a line that may have a mark each
_APART = 14  # px between two words of the scale


@dataclass(frozen=True, slots=True)
class Point:
    """The values of one place of a chart, one for each series, None where unknown.

    corto: the label of the place on the axis.
    """

    nombre: str
    valores: tuple[int | None, ...]
    url: str = ""
    corto: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and its table. cabeza: what a point is; values in centavos, units or basis points, as tipo says.

    marca: the last series is what was expected, drawn as a line over each column. totales: the foot of the table.
    """

    pregunta: Words
    forma: str
    cabeza: Words
    series: Sequence[Words]
    puntos: Sequence[Point]
    tipo: str = "dinero"
    vacia: Words = ""
    nota: Words = ""
    marca: bool = False
    totales: Sequence[int] = ()
    exportar: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        if self.forma not in FORMS or self.tipo not in KINDS or not 1 + self.marca <= len(self.series) <= MOST:
            raise ValueError(f"La gráfica «{self.pregunta}» no es de las que hay: {', '.join(sorted(FORMS))}.")
        if any(len(point.valores) != len(self.series) for point in self.puntos):
            raise ValueError(f"La gráfica «{self.pregunta}» tiene puntos sin un valor por serie.")


def over_time(points: Sequence[Point]) -> str:
    """Return the form of what goes with time: lines, or bars while there is one moment alone."""
    return "lineas" if len(points) > 1 else "pares"


def value_words(value: int | None, kind: str) -> str:
    """Return a value as a sentence says it."""
    if value is None:
        return _("sin dato")
    return {"dinero": currency_amount, "numero": whole_number, "porcentaje": percent}[kind](value)


def short_words(value: int, kind: str) -> str:
    """Return a value of the scale, short enough for a phone: $2.5 M, $40 mil."""
    if kind != "dinero":
        return value_words(value, kind)
    pesos, sign = abs(value) // 100, MINUS if value < 0 else ""
    mark = "MXN " if in_english() else "$"
    for size, words in ((1_000_000, "%(n)s M"), (1_000, _("%(n)s mil"))):
        if pesos >= size:
            number = f"{pesos // size:,}.{pesos % size * 100 // size:02d}".rstrip("0").rstrip(".")
            return sign + mark + words % {"n": number}
    return f"{sign}{mark}{pesos}"


def scale_top(most: int) -> int:
    """The first of 1, 2, 4, 5 or 10 times a power of ten that is not below: the scale ends there, and half is short."""
    if most <= 0:
        return 0
    power = int("1".ljust(len(str(most)), "0"))
    return min(times * power for times in (1, 2, 4, 5, 10) if times * power >= most)


def table_of(chart: Chart) -> Table:
    """Return the figures of a chart as a table."""
    keys = [f"serie_{place}" for place in range(len(chart.series))]
    columns = (
        Column("nombre", chart.cabeza, "cosa"),
        *(Column(key, words, chart.tipo, phone="half") for key, words in zip(keys, chart.series, strict=True)),
    )
    rows = [
        {
            "nombre": Thing(point.nombre, point.url),
            **{key: _cell(value, chart.tipo) for key, value in zip(keys, point.valores, strict=True)},
        }
        for point in chart.puntos
    ]
    sums = {key: _cell(value, chart.tipo) for key, value in zip(keys, chart.totales, strict=False)}
    return panel(
        chart.pregunta,
        rows,
        columns,
        totales=sums,
        palabra_total=_("Suma"),
        vacia=Empty(chart.vacia),
        exportar=chart.exportar,
    )


def _cell(value: int | None, kind: str) -> object:
    if value is None:
        return _("sin dato")
    return Money(value) if kind == "dinero" else value


def sentence(chart: Chart) -> str:
    """Return the text alternative of a chart: its question, its largest or last value, and a mention of its table."""
    known = [(point.valores[0], point.nombre) for point in chart.puntos if point.valores[0] is not None]
    if not known:
        return str(chart.pregunta)
    if chart.forma == "lineas":
        words = _("%(question)s %(series)s: %(value)s al final (%(name)s). Las cifras están en su tabla.")
        value, name = known[-1]
    else:
        words = _("%(question)s Lo mayor de «%(series)s»: %(name)s, %(value)s. Las cifras están en su tabla.")
        value, name = max(known, key=lambda pair: pair[0])
    said = {"question": chart.pregunta, "series": chart.series[0], "name": name}
    return words % (said | {"value": value_words(value, chart.tipo)})


def draw(chart: Chart) -> SafeString:
    """Return the picture of a chart that has points."""
    return _DRAWN[chart.forma](chart)


def swatches(chart: Chart) -> list[tuple[SafeString, str]]:
    """Return a sample of each series with its words; none where there is one series alone."""
    if len(chart.series) == 1:
        return []
    last = len(chart.series) - 1
    return [
        (_swatch(chart, place, is_mark=chart.marca and place == last), str(words))
        for place, words in enumerate(chart.series)
    ]


def _swatch(chart: Chart, place: int, *, is_mark: bool) -> SafeString:
    if is_mark or chart.forma == "lineas":
        look = "expected" if is_mark else f"l{place}"
        shape = format_html('<line class="{}" x1="2" x2="32" y1="6" y2="6"/>', look)
    else:
        fill = SafeString(_FILLS[place])
        shape = format_html('<rect class="s{}" x="1" y="1" width="32" height="10"{}/>', place, fill)
    return format_html('<svg class="chart-swatch" aria-hidden="true">{}</svg>', shape)


def _across(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _rect(place: int, left: int, width: int, top: int, height: int, words: str) -> SafeString:
    shape = '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"{}><title>{}</title></rect>'
    fill = SafeString(_FILLS[place])
    return format_html(shape, place, _across(left), top, _across(width), height, fill, words)


def _joined(shapes: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((shape,) for shape in shapes))


def _framed(chart: Chart, shapes: Sequence[SafeString]) -> SafeString:
    height = _HEAD + _HEIGHT + _FOOT
    frame = '<svg class="chart-ground" role="img" aria-label="{}" width="100%" height="{}">{}</svg>'
    return format_html(frame, sentence(chart), height, _joined(shapes))


def _words_of(chart: Chart, point: Point, place: int) -> str:
    return f"{point.nombre}, {chart.series[place]}: {value_words(point.valores[place], chart.tipo)}"


# Columns and lines ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the lowest value drawn, zero or below it, to the highest."""

    low: int
    high: int

    def y(self, value: int) -> int:
        """Return the vertical position of a value in px; where all the values are zero, the foot of the chart."""
        if self.high == self.low:
            return _HEAD + _HEIGHT
        return _HEAD + (self.high - value) * _HEIGHT // (self.high - self.low)

    def rules(self, kind: str) -> list[SafeString]:
        """The lines of zero, half and whole, each with its words before it; those too near to be read are left out."""
        line = '<line class="{0}" x1="0" x2="100%" y1="{1}" y2="{1}"/><text x="-8" y="{2}" text-anchor="end">{3}</text>'
        marks = [
            at
            for at in sorted({self.low, 0, self.high // 2, self.high})
            if at in (0, self.high) or self.y(at) - self.y(self.high) >= _APART <= abs(self.y(at) - self.y(0))
        ]
        return [
            format_html(line, "zero" if at == 0 else "rule", self.y(at), self.y(at) + 4, short_words(at, kind))
            for at in marks
        ]


def _scale(chart: Chart) -> _Scale:
    known = [value for point in chart.puntos for value in point.valores if value is not None]
    return _Scale(-scale_top(-min(known, default=0)), scale_top(max(known, default=0)))


def _columns(chart: Chart) -> SafeString:
    scale, slot = _scale(chart), _WHOLE // len(chart.puntos)
    solid = len(chart.series) - chart.marca
    wide = slot * 7 // 10 // solid
    shapes = []
    for number, point in enumerate(chart.puntos):
        left = number * slot + (slot - wide * solid) // 2
        for place, value in enumerate(point.valores[:solid]):
            top, end = scale.y(max(0, value or 0)), scale.y(min(0, value or 0))
            words = _words_of(chart, point, place)
            shapes.append(_rect(place, left + wide * place, wide, top, end - top, words))
        if chart.marca and point.valores[-1] is not None:
            mark = (
                '<line class="halo" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
                '<line class="expected" x1="{0}" x2="{1}" y1="{2}" y2="{2}"><title>{3}</title></line>'
            )
            ends = _across(number * slot + slot // 20), _across((number + 1) * slot - slot // 20)
            shapes.append(format_html(mark, *ends, scale.y(point.valores[-1]), _words_of(chart, point, solid)))
    middles = [number * slot + slot // 2 for number in range(len(chart.puntos))]
    return _framed(chart, [*scale.rules(chart.tipo), *shapes, *_axis(chart, middles, "middle")])


def _axis(chart: Chart, places: Sequence[int], ends: str) -> list[SafeString]:
    """Return the words below: of every column where they are few, otherwise of four places."""
    last = len(places) - 1
    shown = (
        range(last + 1) if last < 12 and ends == "middle" else sorted({last * n // (_AXIS - 1) for n in range(_AXIS)})
    )
    text = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
    drawn = []
    for place in shown:
        anchor = "middle" if ends == "middle" or 0 < place < last or not last else "start" if place == 0 else "end"
        point = chart.puntos[place]
        words = point.corto or point.nombre
        drawn.append(format_html(text, _across(places[place]), _HEAD + _HEIGHT + 18, anchor, words))
    return drawn


def _lines(chart: Chart) -> SafeString:
    scale, last = _scale(chart), len(chart.puntos) - 1
    places = [number * _WHOLE // last if last else _WHOLE // 2 for number in range(last + 1)]
    strokes, marks = [], []
    for series in range(len(chart.series)):
        for (left, one), (right, other) in pairwise(zip(places, chart.puntos, strict=True)):
            start, end = one.valores[series], other.valores[series]
            if start is not None and end is not None:
                stroke = '<line class="l{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                strokes.append(format_html(stroke, series, _across(left), _across(right), scale.y(start), scale.y(end)))
        marks += [
            format_html(
                '<circle class="l{}" cx="{}" cy="{}" r="3.5"><title>{}</title></circle>',
                series,
                _across(place),
                scale.y(value),
                _words_of(chart, point, series),
            )
            for place, point in zip(places, chart.puntos, strict=True)
            if (value := point.valores[series]) is not None and last < _MARKED
        ]
    return _framed(chart, [*scale.rules(chart.tipo), *strokes, *marks, *_axis(chart, places, "ends")])


# Bars in rows --------------------------------------------------------------------------------------------------------


def _rows(chart: Chart, bar: Callable[[Chart, Point, int], SafeString], most: int) -> SafeString:
    """Return a row for each point: its name and whole, and below its bar, as long as its part of the largest."""
    rows = format_html_join(
        "",
        '<div class="chart-row"><span>{}</span> <strong>{}</strong>{}</div>',
        ((point.nombre, _whole_words(chart, point), bar(chart, point, most)) for point in chart.puntos),
    )
    return format_html('<div class="chart-rows" role="img" aria-label="{}">{}</div>', sentence(chart), rows)


def _whole_words(chart: Chart, point: Point) -> str:
    if chart.forma == "pares":
        return " · ".join(value_words(value, chart.tipo) for value in point.valores)
    return value_words(_pile(point), chart.tipo)


def _pile(point: Point) -> int:
    return sum(max(0, value or 0) for value in point.valores)


def _part(value: int | None, most: int) -> int:
    return min(_WHOLE, max(0, value or 0) * _WHOLE // most) if most > 0 else 0


def _svg(height: int, shapes: Sequence[SafeString]) -> SafeString:
    return format_html('<svg width="100%" height="{}" aria-hidden="true">{}</svg>', height, _joined(shapes))


def _piled_bar(chart: Chart, point: Point, most: int) -> SafeString:
    shapes, left = [], 0
    for place, value in enumerate(point.valores):
        wide = _part(value, most)
        shapes.append(_rect(place, left, wide, 1, _BAR - 2, _words_of(chart, point, place)))
        left += wide
    return _svg(_BAR, shapes)


def _pair_bar(chart: Chart, point: Point, most: int) -> SafeString:
    shapes = [
        _rect(place, 0, _part(value, most), 1 + place * _PAIR, _PAIR - 3, _words_of(chart, point, place))
        for place, value in enumerate(point.valores)
    ]
    return _svg(_PAIR * len(point.valores), shapes)


def _piled(chart: Chart) -> SafeString:
    return _rows(chart, _piled_bar, max(map(_pile, chart.puntos)))


def _pairs(chart: Chart) -> SafeString:
    return _rows(chart, _pair_bar, max(value or 0 for point in chart.puntos for value in point.valores))


_DRAWN: dict[str, Callable[[Chart], SafeString]] = {
    "columnas": _columns,
    "lineas": _lines,
    "apiladas": _piled,
    "pares": _pairs,
}
