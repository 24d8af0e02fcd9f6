"""Say what the acts of the authority that run as jobs did: the lists that came in, what SAT answered, and the roots."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sif.jobs.models import Trabajo
from sif.web.formats import whole_number


def asked_words(trabajo: Trabajo) -> str:
    """Say how many statuses SAT's service gave, and of how many it gave none."""
    done = trabajo.resultado
    return " ".join((_noted(int(done["anotados"])), _silent(int(done["sin_respuesta"]))))


def status_words(trabajo: Trabajo) -> str:
    """Say how many statuses a file gave, and which of its folios it could not be told what they are of."""
    done = trabajo.resultado
    unknown, unsaid = int(done["desconocidos"]), int(done["sin_distinguir"])
    words = [_noted(int(done["anotados"]))]
    if unknown:
        told = ngettext("%(n)s folio no está en ninguna bandeja.", "%(n)s folios no están en ninguna bandeja.", unknown)
        words.append(told % {"n": whole_number(unknown)})
    if unsaid:
        told = ngettext(
            "%(n)s folio vigente lleva XML distintos y quedó sin anotar: agregue emisor, receptor y total.",
            "%(n)s folios vigentes llevan XML distintos y quedaron sin anotar: agregue emisor, receptor y total.",
            unsaid,
        )
        words.append(told % {"n": whole_number(unsaid)})
    return " ".join(words)


def cut_words(trabajo: Trabajo) -> str:
    """Say which cut was published, and whether its service of time stamps gave none."""
    words = _("Quedó publicado el corte %(n)s.") % {"n": whole_number(int(trabajo.resultado["numero"]))}
    if trabajo.resultado["sin_sello"]:
        words += " " + _("El servicio de sellos de tiempo no contestó: el corte quedó sin él.")
    return words


def list_69b_words(trabajo: Trabajo) -> str:
    """Say what a publication of the list of article 69-B brought."""
    done = trabajo.resultado
    words = _(
        "Quedó cargada: %(rows)s renglones, %(people)s contribuyentes, %(again)s renglones repetidos y %(out)s fuera."
    )
    return words % {
        "rows": whole_number(done["renglones"]),
        "people": whole_number(done["contribuyentes"]),
        "again": whole_number(done["repetidos"]),
        "out": whole_number(len(done["descartados"])),
    }


def table_words(trabajo: Trabajo) -> str:
    """Say how many rows a list of the authority brought."""
    rows = int(trabajo.resultado["renglones"])
    words = ngettext("Quedó cargada: %(n)s renglón.", "Quedó cargada: %(n)s renglones.", rows)
    return words % {"n": whole_number(rows)}


def _noted(count: int) -> str:
    told = ngettext("%(n)s estatus anotado.", "%(n)s estatus anotados.", count)
    return told % {"n": whole_number(count)}


def _silent(count: int) -> str:
    if not count:
        return ""
    told = ngettext(
        "De %(n)s no hubo respuesta y sigue como estaba.", "De %(n)s no hubo respuesta y siguen como estaban.", count
    )
    return told % {"n": whole_number(count)}
