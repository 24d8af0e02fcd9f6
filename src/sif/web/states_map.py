"""Draw the thirty-two states as tiles of one size."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sif.law.sources import data_path, only_keys, read_data
from sif.web.authority_seat import jurisdiction
from sif.web.formats import currency_amount

TILE, GAP = 44, 4  # of the drawing's own units
LEVELS = 4
WIDE, HIGH = 11, 5  # tiles across and down


@dataclass(frozen=True, slots=True)
class StateAmount:
    """The amount of one state: its key and name, centavos, the counted rows in words, and their address, if any."""

    clave: str
    nombre: str
    monto: int
    de: str
    url: str = ""


@cache
def _drawing(clave: str) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """Names and places of the states of a jurisdiction by key, and the other keys that files give them."""
    data = only_keys(
        read_data(data_path(clave, "mapa.yaml")), frozenset({"entidades", "iguales"}), frozenset(), "mapa.yaml"
    )
    names = {key: row["nombre"] for key, row in data["entidades"].items()}
    places = {key: (row["columna"], row["fila"]) for key, row in data["entidades"].items()}
    return names | {other: names[key] for other, key in data["iguales"].items()}, places


def state_names() -> dict[str, str]:
    """Return the name of each state by each of its keys."""
    return dict(_drawing(jurisdiction())[0])


def level_of(monto: int, most: int) -> int:
    """Return the darkness of a tile: 0 with nothing, then 1 to LEVELS by quarters of the largest amount."""
    return 0 if monto <= 0 or most <= 0 else max(1, -(-monto * LEVELS // most))


def tile_map(states: Mapping[str, StateAmount], title: str) -> SafeString:
    """The map as SVG, each state with rows a link or a picture that says its words; those of no country go below."""
    most = max((each.monto for each in states.values()), default=0)
    names, drawn = _drawing(jurisdiction())
    by_name = {names[key]: key for key in drawn}
    known: dict[str, StateAmount] = {}
    for key, each in sorted(states.items(), key=lambda item: item[0] not in drawn):
        tile = by_name.get(names.get(key, ""), key)
        known[key if tile in known else tile] = each  # two keys of one state: the second has a tile of its own below
    others = sorted(key for key in known if key and key not in drawn)
    places = drawn | {key: (place, HIGH) for place, key in enumerate(others[:WIDE])}
    rows = HIGH + bool(others)
    tiles = format_html_join("", "{}", ((_tile(key, at, known.get(key), most),) for key, at in places.items()))
    step = TILE + GAP
    return format_html(
        '<svg class="tile-map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        WIDE * step - GAP,
        rows * step - GAP,
        title,
        tiles,
    )


def _tile(key: str, at: tuple[int, int], state: StateAmount | None, most: int) -> SafeString:
    x, y = at[0] * (TILE + GAP), at[1] * (TILE + GAP)
    level = level_of(state.monto, most) if state else 0
    shape = format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3"/><text x="{}" y="{}" text-anchor="middle">{}</text>',
        x,
        y,
        TILE,
        TILE,
        x + TILE // 2,
        y + TILE // 2 + 6,
        key,
    )
    if state is None:
        return format_html('<g class="tile level-0" aria-hidden="true">{}</g>', shape)
    told = {"state": state.nombre, "amount": currency_amount(state.monto), "what": state.de}
    words = _("%(state)s: %(amount)s en %(what)s") % told
    if not state.url:
        return format_html(
            '<g class="tile level-{}" role="img" aria-label="{}"><title>{}</title>{}</g>', level, words, words, shape
        )
    return format_html(
        '<a class="tile level-{}" href="{}" aria-label="{}"><title>{}</title>{}</a>',
        level,
        state.url,
        words,
        words,
        shape,
    )
