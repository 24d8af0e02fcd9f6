"""Draw cap rulers, meters and bars as SVG on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sif.values import Money
from sif.web.formats import NO_BREAK, as_money, currency_amount, in_english, share, whole_number

_SIZES = {"small": (16, 10), "medium": (20, 13), "large": (54, 30)}  # whole height and height of the bar, px
_SCALE = 110  # a regla de tope runs from 0 to 110 % of the cap


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: etiqueta, valor in centavos or units, and a link if it opens something."""

    etiqueta: str
    valor: Money
    url: str = ""


def reach(part: int, whole: int, scale: int = 100) -> int:
    """Return the end of part / whole in a drawing of `scale` %, in hundredths of a percent of its width, clamped."""
    if whole <= 0 or part <= 0:
        return 0
    return min(10_000, part * 1_000_000 // (whole * scale))


def _x(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def width(part: int, whole: int, scale: int = 100) -> str:
    """Return the same as an SVG length."""
    return _x(reach(part, whole, scale))


def _rect(kind: str, start: int, end: int, height: int) -> SafeString:
    fill = SafeString(' fill="url(#rayado)"') if kind == "hatched" else ""
    shape = '<rect class="{}" x="{}" y="2" width="{}" height="{}"{}/>'
    return format_html(shape, kind, _x(start), _x(max(0, end - start)), height, fill)


def _ticks(bar: int, scale: int) -> SafeString:
    marks = [(width(quarter, 100, scale), bar + 1, bar + 5) for quarter in (25, 50, 75)]
    return format_html_join("", '<line class="tick" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>', marks)


def _scale_texts(height: int) -> SafeString:
    gap = "" if in_english() else NO_BREAK
    texts = [
        (width(at, 100, _SCALE), "start" if at == 0 else "middle", f"{at}{gap}%", " class=at-cap" if at == 100 else "")
        for at in (0, 25, 50, 75, 100)
    ]
    rows = [(x, height - 4, anchor, SafeString(extra), text) for x, anchor, text, extra in texts]
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}"{}>{}</text>', rows)


def tope(reported: Money | int, cap: Money | int, unreported: Money | int = 0, size: str = "small") -> SafeString:
    """Return the regla de tope: A reported, B not reported (hatched), the cap as a heavy line; size small|medium|large.

    Amounts are Money or centavos. Without a cap there is nothing to draw and it says so.
    """
    a, b, limit = as_money(reported).centavos, as_money(unreported).centavos, as_money(cap).centavos
    if limit <= 0:
        return format_html('<span class="absent">{}</span>', gettext("Sin tope propio"))
    height, bar = _SIZES[size]
    end_a, end_ab, at_cap = reach(a, limit, _SCALE), reach(a + b, limit, _SCALE), reach(1, 1, _SCALE)
    shapes = [
        format_html('<rect class="track" x="0" y="2" width="{}" height="{}"/>', _x(at_cap), bar),
        format_html('<rect class="a" x="0" y="2" width="{}" height="{}"/>', _x(min(end_a, at_cap)), bar),
    ]
    if a > limit:
        shapes.append(_rect("over", at_cap, end_a, bar))
    if b > 0:
        shapes += [_rect("base", end_a, end_ab, bar), _rect("hatched", end_a, end_ab, bar)]
    shapes.append(format_html('<line class="floor" x1="0" x2="{}" y1="{}" y2="{}"/>', _x(at_cap), bar + 2, bar + 2))
    shapes.append(_ticks(bar, _SCALE))
    shapes.append(format_html('<line class="cap" x1="{0}" x2="{0}" y1="0" y2="{1}"/>', _x(at_cap), bar + 6))
    if size == "large":
        shapes.append(_scale_texts(height))
    return format_html(
        '<svg class="tope {}" role="img" aria-label="{}" width="100%" height="{}">{}</svg>',
        size,
        tope_words(a, b, limit),
        height,
        format_html_join("", "{}", ((shape,) for shape in shapes)),
    )


def tope_words(a: int, b: int, cap: int) -> str:
    """Return the drawing as a sentence, for who cannot see it; centavos."""
    if b > 0:
        words = gettext("%(share)s del tope de %(cap)s: reportado %(a)s, no reportado %(b)s")
    else:
        words = gettext("%(share)s del tope de %(cap)s: reportado %(a)s")
    return words % {
        "share": share(a + b, cap),
        "cap": currency_amount(cap),
        "a": currency_amount(a),
        "b": currency_amount(b),
    }


_METER = (
    '<svg class="tope small" role="img" aria-label="{0}" width="100%" height="16">'
    '<rect class="track" x="0" y="2" width="100%" height="10"/>'
    '<rect class="a" x="0" y="2" width="{1}" height="10"/>'
    '<line class="floor" x1="0" x2="100%" y1="12" y2="12"/>{2}'
    '<line class="cap" x1="100%" x2="100%" y1="0" y2="16"/></svg>'
)
_BAR = '<svg class="bar" aria-hidden="true" width="100%" height="12"><rect x="0" y="0" width="{}" height="12"/></svg>'
_PAIR = (
    '<svg class="bar pair" aria-hidden="true" width="100%" height="20">'
    '<rect class="before" x="1" y="1" width="{}" height="7"/><rect x="0" y="11" width="{}" height="8"/></svg>'
)


def meter(done: int, total: int) -> SafeString:
    """Coverage: the same drawing with its scale to 100; the sentence beside it is the page's."""
    words = gettext("%(done)s de %(total)s") % {"done": whole_number(done), "total": whole_number(total)}
    return format_html(_METER, words, width(done, total), _ticks(10, 100))


def bar(value: int, most: int) -> SafeString:
    """Return one bar from zero, as long as value is of most; decorative, since the figure stands beside it."""
    return format_html(_BAR, width(value, most))


def before_after(before: int, after: int, most: int) -> SafeString:
    """Two bars: before as an outline, after solid, both from zero to most."""
    return format_html(_PAIR, width(before, most), width(after, most))


def most_of(bars: Sequence[Bar]) -> int:
    """Return the longest bar in centavos; 0 for none."""
    return max((each.valor.centavos for each in bars), default=0)
