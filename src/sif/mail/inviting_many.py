"""Invite many people from a CSV: every row is judged first, and all of them are invited in one act, or none is."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sif.mail.invitations import mail_link
from sif.mail.outbox import is_configured
from sif.mail.recipients import Recipient, checked_address
from sif.registry import invitations
from sif.registry.appointments import day_after
from sif.registry.folding import fold
from sif.registry.invited import InvitationRefused, Invited
from sif.registry.locks import hold
from sif.registry.models import Contabilidad, Nombramiento, SujetoObligado, Usuario
from sif.registry.opening import table_rows
from sif.registry.scope import acting
from sif.registry.selectors import AUTHORITY, may
from sif.values import Problem, Refused, Unread, read_day, refusal
from sif.values.texts import NO_TEXT

COLUMNS = ("nombre", "usuario", "funcion", "sujeto", "rfc", "contabilidades", "correo", "desde", "ultimo")
MOST = 5_000
"""Rows of the longest file."""
MOST_OF_A_SUBJECT = 200
"""Rows of the longest file of who invites for a subject alone."""
LONGEST = {"nombre": 120, "usuario": 60, "rfc": 13, "correo": 254, "desde": 10, "ultimo": 10}
LONGEST_OF_OTHERS = 2_000
"""Letters of the longest cell."""
ROLES = {fold(word): code for code, label in Nombramiento.Rol.choices for word in (code, label)}


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row of a file of invitations as it was written, with its line; `celdas` by the name of their column."""

    linea: int
    celdas: dict[str, str]

    def problem(self, column: str, said: str, cure: str = "") -> Problem:
        """Return a problem of this row at one of its columns."""
        return Problem("invitacion", f"renglón {self.linea}, {column}", said, cure)


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation that was made: its row, and the text of its link, which is not kept."""

    renglon: WrittenRow
    enlace: str


def read_rows(data: bytes) -> list[WrittenRow]:
    """Read a file of invitations. Raises Refused for a column that is not known, or for more rows than fit."""
    rows = [(line, cells) for line, cells in table_rows(data) if any(map(str.strip, cells))]
    if not rows:
        raise refusal("vacio", "archivo", "El archivo no trae renglones.", f"Escriba las columnas {_said()}.")
    head = [fold(each) for each in rows[0][1]]
    unknown = [each for each in head if each and each not in COLUMNS]
    lacking = [each for each in ("nombre", "usuario", "funcion") if each not in head]
    if unknown or lacking or len(set(head)) < len(head):
        told = f"El primer renglón dice {', '.join(head)}."
        raise refusal("columnas", "renglón 1", told, f"Las columnas son {_said()}, cada una una vez.")
    if len(rows) - 1 > MOST:
        told = f"El archivo trae {len(rows) - 1:,} renglones y el máximo es {MOST:,}."
        raise refusal("largo", "archivo", told, "Divídalo en varios.")
    blank = dict.fromkeys(COLUMNS, "")  # a row may end before its last columns
    return [WrittenRow(line, blank | dict(zip(head, map(str.strip, cells), strict=False))) for line, cells in rows[1:]]


def invited_roles() -> list[str]:
    """Return the names of the roles that a file invites to, which are those of a subject."""
    return [str(label) for code, label in Nombramiento.Rol.choices if code not in AUTHORITY]


def _said() -> str:
    return ", ".join(COLUMNS)


def problems_of(rows: Sequence[WrittenRow], by: Usuario, *, mailed: bool = True) -> list[Problem]:
    """Return every problem of a file, each at its row and column; nothing is written.

    mailed: whether each row must say the address to which its link goes.
    """
    if len(rows) > MOST_OF_A_SUBJECT and not may(by, "administrar"):
        told = f"El archivo trae {len(rows):,} renglones y un sujeto invita hasta {MOST_OF_A_SUBJECT} de una vez."
        return [Problem("largo", "archivo", told, "Divídalo en varios.")]
    times = Counter(
        (name, fold(row.celdas[name])) for row in rows for name in ("usuario", "rfc") if row.celdas.get(name)
    )
    subjects = {fold(each.siglas): each for each in SujetoObligado.objects.all()}
    found: list[Problem] = []
    for row in rows:
        own = [*_unfit(row), *_twice(row, times), *_address(row, mailed=mailed)]
        invited, unread = _invited(row, subjects)
        found += [*own, *unread]
        if invited is not None and not unread:
            found += _judged(row, invited, by)
    return found


def _unfit(row: WrittenRow) -> Iterator[Problem]:
    """Yield the cells that are too long, or that hold what nobody sees."""
    for name, text in row.celdas.items():
        if len(text) > LONGEST.get(name, LONGEST_OF_OTHERS):
            told = f"Tiene {len(text)} letras."
            yield row.problem(name, told, f"Escriba hasta {LONGEST.get(name, LONGEST_OF_OTHERS)}.")
        if NO_TEXT.search(text):
            yield row.problem(name, "Trae un carácter invisible.", "Escríbalo otra vez, sin copiarlo.")


def _twice(row: WrittenRow, times: Counter[tuple[str, str]]) -> Iterator[Problem]:
    for name, label in (("usuario", "El usuario"), ("rfc", "El RFC")):
        if times[name, fold(row.celdas.get(name, ""))] > 1:
            yield row.problem(name, f"{label} «{row.celdas[name]}» está dos veces.", "Deje un renglón por persona.")


def _address(row: WrittenRow, *, mailed: bool) -> Iterator[Problem]:
    text = row.celdas.get("correo", "")
    if not text and mailed:
        yield row.problem("correo", "Falta la dirección a la que llega el enlace.", "Escríbala como nombre@dominio.mx.")
    elif text:
        try:
            checked_address(text)
        except Refused as refused:
            yield from (row.problem("correo", each.mensaje, each.cura) for each in refused.problems)


def _invited(row: WrittenRow, subjects: dict[str, SujetoObligado]) -> tuple[Invited | None, list[Problem]]:
    """Return the invitation of a row, or what of it is not understood."""
    cells, found = row.celdas, list[Problem]()
    role = ROLES.get(fold(cells.get("funcion", "")), "")
    if not role:
        told = f"La función «{cells.get('funcion', '')}» no se conoce."
        found.append(row.problem("funcion", told, f"Es: {', '.join(invited_roles())}."))
    elif role in AUTHORITY:
        told = "Las funciones de la autoridad las propone una persona y las aprueba otra."
        found.append(row.problem("funcion", told, "Propóngala en «Personas y permisos»."))
    short = cells.get("sujeto", "")
    subject = subjects.get(fold(short))
    if subject is None and role not in AUTHORITY:
        found.append(row.problem("sujeto", f"No hay un sujeto de siglas «{short}».", "Cópielas de su página."))
    numbers = cells.get("contabilidades", "").replace(";", " ").split()
    books = {str(each.pk): each for each in Contabilidad.objects.filter(pk__in=[n for n in numbers if _is_number(n)])}
    if absent := [number for number in numbers if number not in books]:
        told = f"La contabilidad {absent[0]} no existe."
        found.append(row.problem("contabilidades", told, "Escriba sus números, separados por espacios."))
    first, last = (_day(row, column, found) for column in ("desde", "ultimo"))
    if found:
        return None, found
    chosen = [books[number] for number in numbers]
    ends = day_after(last) if last else None
    return Invited(role, cells["nombre"], cells["usuario"], cells["rfc"], subject, chosen, first, ends), []


def _day(row: WrittenRow, column: str, found: list[Problem]) -> date | None:
    """Return the day of a cell, None of an empty one; what is not a day is added to what was found."""
    text = row.celdas[column]
    try:
        return read_day(text) if text else None
    except Unread as wrong:
        found.append(row.problem(column, wrong.seen, wrong.cure))
        return None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 7


def _judged(row: WrittenRow, invited: Invited, by: Usuario) -> Iterator[Problem]:
    try:
        invitations.checked(invited, by)
    except PermissionError as refused:
        yield row.problem("funcion", str(refused))
    except InvitationRefused as refused:
        yield row.problem(_column(str(refused)), str(refused))


def _column(said: str) -> str:
    """Return the column that a refusal is about, by the first of the things that it names."""
    things = {"contabilidad": "contabilidades", "RFC": "rfc", "usuario": "usuario", "nombre": "nombre"}
    things |= {"ya pasó": "desde", "último día": "ultimo"}
    places = {column: said.find(word) for word, column in things.items() if word in said}
    return min(places, key=lambda column: places[column], default="usuario")


def invite_many(
    rows: Sequence[WrittenRow], path_of: Callable[[str], str], by: Usuario, *, mailed: bool = True
) -> list[Sent]:
    """Invite everybody of a file in one act, and queue the mail of each. Raises Refused with every problem.

    mailed: whether each link goes by mail and to nobody else; otherwise whoever asks gives them in hand.
    """
    if mailed and not is_configured():
        raise refusal("sin_correo", "archivo", "Esta instalación no manda correo.", "Dé los enlaces en mano.")
    with acting():
        hold(invitations.INVITING)
        if found := problems_of(rows, by, mailed=mailed):
            raise Refused(*found)
        subjects = {fold(each.siglas): each for each in SujetoObligado.objects.all()}
        return [_sent(row, subjects, path_of, by) for row in rows]


def _sent(row: WrittenRow, subjects: dict[str, SujetoObligado], path_of: Callable[[str], str], by: Usuario) -> Sent:
    invited, _none = _invited(row, subjects)
    assert invited is not None
    token = invitations.invite(invited, by)
    if address := row.celdas.get("correo", ""):
        mail_link(token, Recipient(address, ""), path_of, by)
    return Sent(row, token)
