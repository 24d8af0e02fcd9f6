"""Draw what a correction changes and how a subject or candidacy was corrected, for their sheets and its page."""

from collections.abc import Collection, Iterable
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.registry.candidaturas import entity_names
from sif.registry.correction_models import CorreccionPropuesta, CorreccionResuelta
from sif.registry.corrections import Changed, changes_of, history, keys_to_read
from sif.registry.masks import masked
from sif.registry.models import Candidatura, SujetoObligado
from sif.registry.nominating import offices
from sif.web.admin.words import SEXES
from sif.web.columns import Column, panel
from sif.web.lazy import Words
from sif.web.tables import Table, Thing

LETTERS = 3  # of a key that is to be copied from its document
FIELDS: dict[str, Words] = {
    "nombre": _("Nombre"),
    "siglas": _("Siglas"),
    "rfc": _("RFC"),
    "numero": _("Número"),
    "curp": _("CURP"),
    "sexo": _("Sexo"),
    "cargo": _("Cargo"),
    "entidad": _("Entidad"),
    "lugar": _("Distrito, circunscripción o municipio"),
    "folio": _("Folio del registro"),
    "aprobada_el": _("Contiende desde el"),
    "acuerdo_aprobacion": _("Acuerdo que la aprueba"),
}
RESULTS: dict[str, Words] = {
    "": _("Espera a otra persona"),
    "aprobada": _("Aprobada"),
    "rechazada": _("Rechazada"),
    "retirada": _("Retirada"),
}


def covered_keys(found: CorreccionPropuesta) -> list[str]:
    """Return the keys of a correction that nobody is shown whole: those of every one that was not approved.

    Who refuses one, or withdraws it, would otherwise uncover what the next person is to copy from the document.
    """
    act = getattr(found, "resuelta", None)
    return [] if act is not None and act.sentido == CorreccionResuelta.Sentido.APROBADA else keys_to_read(found)


def change_table(changes: Iterable[Changed], covered: Collection[str] = ()) -> Table:
    """Draw what changes, field by field; personal keys masked. covered: keys that somebody is to copy, unseen."""
    columns = (
        Column("dato", _("Dato"), "cosa", show=lambda each: Thing(FIELDS[each.campo])),
        Column("antes", _("Dice"), show=lambda each: _said(each.campo, each.antes)),
        Column("despues", _("Dirá"), show=lambda each: _asked(each, covered)),
    )
    return panel(_("Lo que cambia"), changes, columns)


def _asked(each: Changed, covered: Collection[str]) -> str:
    """Return what is to be said; of a key that is to be copied, its first letters alone."""
    said = _said(each.campo, each.despues)
    return f"{said[:LETTERS]}{'•' * (len(said) - LETTERS)}" if each.campo in covered else said


def _said(field: str, text: str) -> str:
    if not text:
        return "—"
    if field == "aprobada_el":
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    if field == "entidad":
        return entity_names(settings.JURISDICTION).get(text, translated("Todo el país"))
    if field == "cargo":
        every = {**offices("federal"), **offices("local")}
        return str(every[text]["nombre"]) if text in every else text
    return str(dict(SEXES).get(text, text)) if field == "sexo" else masked(field, text)


def corrections_of(thing: SujetoObligado | Candidatura) -> list[dict[str, object]]:
    """Return the corrections of a subject or candidacy as its sheet shows them, the last first."""
    found = []
    for each in history(thing):
        act = getattr(each, "resuelta", None)
        covered = covered_keys(each)
        found.append(
            {
                "propuesta": each,
                "acto": act,
                "estado": RESULTS[act.sentido if act else ""],
                "cambios": [
                    (FIELDS[one.campo], _said(one.campo, one.antes), _asked(one, covered))
                    for one in changes_of(each.visto, each.pedido)
                ],
            }
        )
    return found
