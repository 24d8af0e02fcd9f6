"""Draw what a correction changes and how a subject or candidacy was corrected, for their sheets and its page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.registry.candidaturas import entity_names
from sif.registry.corrections import Changed, changes_of, history
from sif.registry.masks import masked
from sif.registry.models import Candidatura, SujetoObligado
from sif.registry.nominating import offices
from sif.web.admin.words import SEXES
from sif.web.lazy import Words
from sif.web.tables import Column as Head
from sif.web.tables import Row, Table, Thing

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


def change_table(changes: Iterable[Changed]) -> Table:
    """Draw what changes, field by field; personal keys masked."""
    columns = (Head("dato", _("Dato"), "cosa"), Head("antes", _("Dice")), Head("despues", _("Dirá")))
    rows = [
        Row(
            {
                "dato": Thing(FIELDS[each.campo]),
                "antes": _said(each.campo, each.antes),
                "despues": _said(each.campo, each.despues),
            }
        )
        for each in changes
    ]
    return Table(_("Lo que cambia"), columns, rows)


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


def corrections_of(thing: SujetoObligado | Candidatura) -> list[dict[str, Any]]:
    """Return the corrections of a subject or candidacy as its sheet shows them, the last first."""
    found = []
    for each in history(thing):
        act = getattr(each, "resuelta", None)
        found.append(
            {
                "propuesta": each,
                "acto": act,
                "estado": RESULTS[act.sentido if act else ""],
                "cambios": [
                    (FIELDS[one.campo], _said(one.campo, one.antes), _said(one.campo, one.despues))
                    for one in changes_of(each.visto, each.pedido)
                ],
            }
        )
    return found
