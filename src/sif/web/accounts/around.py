"""Frame the pages of accounts at the desk of their person."""

from sif.notices.selectors import unread_count
from sif.registry import clock
from sif.registry.models import Usuario
from sif.registry.selectors import roles_of
from sif.web.frame import Frame
from sif.web.seats import desk_of


def people_frame(person: Usuario) -> Frame:
    """Return the frame of a page about people, at the desk of who reads it; of who has none, that of the parties."""
    desk = desk_of(roles_of(person)) or "party"
    return Frame(desk, "personas", buzon=unread_count(person) if desk == "party" else 0, datos_al=clock.now())
