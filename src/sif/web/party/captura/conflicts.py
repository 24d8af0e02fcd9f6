"""Keep a second draft when two people save the same one, and show their differences."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _

from sif.books.models import Borrador
from sif.books.services import discard_borrador, save_borrador
from sif.registry.models import Usuario
from sif.web.party.draft_content import GIFT, HEADER, LINE, PAYMENT, Content, blank_line, draft_url


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of the draft where two people typed something else."""

    lugar: str
    suyo: str
    mio: str


@dataclass(frozen=True, slots=True)
class Other:
    """The shared draft from which this one was parted: who saved it last, when, where, and what differs."""

    borrador: Borrador
    url: str
    diferencias: list[Difference]


def part(row: Borrador, content: Content, by: Usuario) -> Borrador:
    """Keep what a person typed beside the shared draft that somebody else saved meanwhile; both stay."""
    mine = {**content, "separado_de": content.get("separado_de") or row.pk}
    return save_borrador(row.contabilidad, mine, by, comprobante=row.comprobante)


def other_of(row: Borrador) -> Other | None:
    """The shared draft beside a parted one, with what differs; None if it was not parted or the other is no more."""
    number = row.contenido.get("separado_de")
    shared = Borrador.objects.filter(pk=number, contabilidad=row.contabilidad_id).select_related("guardado_por").first()
    if not number or shared is None:
        return None
    return Other(shared, draft_url(shared), differences(shared.contenido, row.contenido))


def take_theirs(row: Borrador, by: Usuario) -> str:
    """Go on with the shared draft and throw the own one away; where to go."""
    other = other_of(row)
    discard_borrador(row, by)
    return other.url if other else ""


def put_mine(row: Borrador, content: Content, seen: int, by: Usuario) -> Borrador:
    """Write the own one over the shared draft as it was seen, and drop the own. Raises BorradorConflict."""
    own = {name: value for name, value in content.items() if name != "separado_de"}
    shared = save_borrador(row.contabilidad, own, by, borrador=(row.contenido["separado_de"], seen))
    discard_borrador(row, by)
    return shared


def differences(theirs: Content, mine: Content) -> list[Difference]:
    """Return each place in which two contents differ, in the order of the page."""
    words = {
        "ventana": _("Periodo y tipo"),
        "subtipo": _("Subtipo"),
        "clase": _("Clase"),
        "fecha": _("Fecha de operación"),
        "concepto": _("Concepto"),
    }
    found = [Difference(words[name], str(theirs.get(name, "")), str(mine.get(name, ""))) for name in HEADER]
    lines = zip_longest(theirs["lineas"], mine["lineas"], fillvalue=blank_line())
    for number, (their_line, my_line) in enumerate(lines, 1):
        found += _line(number, their_line, my_line)
    for part_name, names, label in (("pago", PAYMENT, _("Pago")), ("aportacion", GIFT, _("Aportación"))):
        theirs_part, mine_part = theirs.get(part_name) or {}, mine.get(part_name) or {}
        found += [Difference(f"{label}, {n}", theirs_part.get(n, ""), mine_part.get(n, "")) for n in names]
    found.append(Difference(_("Evidencias"), _files(theirs), _files(mine)))
    return [each for each in found if each.suyo.strip() != each.mio.strip()]


def _line(number: int, theirs: dict[str, Any], mine: dict[str, Any]) -> list[Difference]:
    words = {
        "cuenta": _("cuenta"),
        "auxiliar": _("auxiliar"),
        "concepto": _("concepto"),
        "cargo": _("cargo"),
        "abono": _("abono"),
    }
    return [
        Difference(_("Línea %(n)d, %(what)s") % {"n": number, "what": words[name]}, theirs[name], mine[name])
        for name in LINE
    ]


def _files(content: Content) -> str:
    return ", ".join(sorted(f"{each['clase']}: {each['nombre']}" for each in content.get("evidencias", [])))
