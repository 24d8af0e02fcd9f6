"""Read the views that a person saved."""

from typing import TypedDict

from django.urls import reverse

from sif.audit.models import Vista
from sif.audit.review_selectors import views_of
from sif.registry.models import Usuario


class SavedView(TypedDict):
    """A saved view as the page shows it."""

    vista: Vista
    url: str
    propia: bool
    abierta: bool


def views_context(by: Usuario, consulta: str) -> dict[str, list[SavedView]]:
    """The saved views a person may open, each with its address, whether it is theirs and whether it is open."""
    queue = reverse("auditor:hallazgos")
    return {
        "vistas": [
            {
                "vista": row,
                "url": f"{queue}?{row.consulta}",
                "propia": row.usuario_id == by.pk,
                "abierta": bool(consulta) and row.consulta == consulta,
            }
            for row in views_of(by)
        ]
    }
