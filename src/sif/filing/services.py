"""Draw reports and acuses as PDF and DOCX, and re-export the acts of the room."""

from sif.filing.authority import authority_key, demonstration_authority, trusted
from sif.filing.committing import commit
from sif.filing.judging import give_cadena
from sif.filing.log import proven, publish_head, raices
from sif.filing.models import Informe, Presentacion
from sif.filing.preparing import cadena_of, prepare_informe
from sif.filing.presenting import complete, keep_first, present, present_alone, present_kept
from sif.filing.sheets import acuse_sheet, informe_sheet
from sif.notices.documents import render_docx, render_pdf

__all__ = [
    "acuse_docx",
    "acuse_of",
    "acuse_pdf",
    "authority_key",
    "cadena_of",
    "commit",
    "complete",
    "demonstration_authority",
    "give_cadena",
    "informe_docx",
    "informe_pdf",
    "keep_first",
    "prepare_informe",
    "present",
    "present_alone",
    "present_kept",
    "publish_head",
    "raices",
    "trusted",
]


def acuse_of(presentacion: Presentacion) -> dict[str, object]:
    """Return the acuse (`sif-acuse/1`), with its proof once a published head covers it; write it with `acuse_bytes`."""
    return proven(presentacion.acuse, presentacion.hoja)


def acuse_pdf(presentacion: Presentacion) -> bytes:
    """Return the acuse on paper: what was received, from whom, when, and how anybody checks it."""
    return render_pdf("acuse", acuse_sheet(presentacion))


def acuse_docx(presentacion: Presentacion) -> bytes:
    """Return the acuse as an editable file, in the same words."""
    return render_docx("acuse", acuse_sheet(presentacion))


def informe_pdf(informe: Informe) -> bytes:
    """Return the report on paper, line by line; it says PROYECTO until it is presented."""
    return render_pdf("informe", informe_sheet(informe))


def informe_docx(informe: Informe) -> bytes:
    """Return the report as an editable file, in the same words."""
    return render_docx("informe", informe_sheet(informe))
