"""List the jobs of a person, or the whole queue for operators."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sif.jobs.models import Trabajo
from sif.jobs.selectors import has_worker, is_operator, trabajos_of
from sif.registry import clock
from sif.registry.models import Usuario
from sif.web.columns import Column, Link, Values
from sif.web.filters import choice, equal, number
from sif.web.lazy import Words as Text
from sif.web.listing import Desk, Listing
from sif.web.tables import Empty, Thing
from sif.web.trabajos.place import jobs_frame, signed_in
from sif.web.trabajos.words import STATES, WORDS, elapsed_words, state_words, words_of


def progress_words(each: Trabajo) -> str:
    """Return the progress of a job in words: the pieces done, and the count within the current piece."""
    counted = words_of(each).cuenta(each.avance) if each.avance else ""
    pieces = gettext("%(done)d de %(total)d") % {"done": each.hechas, "total": each.total}
    return f"{pieces}. {counted}" if counted else pieces


def _name(row: Values) -> Thing:
    each: Trabajo = row["each"]
    wrong = each.problemas[0]["mensaje"] if each.problemas else ""
    return Thing(words_of(each).titulo, JOB.url(row), clave=str(each.pk), debajo=wrong)


def _who(row: Values) -> Thing:
    person: Usuario = row["each"].persona
    return Thing(person.nombre, clave_debajo=person.username)


def _age(row: Values) -> str:
    each: Trabajo = row["each"]
    return elapsed_words((each.terminado_el or clock.now()) - each.pedido_el)


def _acts(row: Values) -> SafeString:
    said = {"trabajo": row["each"], "desde": "lista", "mio": row["mio"]}
    return render_to_string("trabajos/actos.html", said, row["request"])


def _around(_request: HttpRequest, person: Usuario, _page: str, _within: Text) -> Mapping[str, object]:
    return {"frame": jobs_frame(person)}


JOB = Link("trabajos:ver", ("trabajo",))


class Queue(Listing[Usuario]):
    """The jobs that the person may see, the last first."""

    desk: ClassVar[Desk[Any]] = Desk(signed_in, _around, "trabajos/lista.html")
    page, title = "trabajos", _("Trabajos")
    filters = {
        "estado": choice(
            _("Estado"), "estado", lambda seat: [(key, str(said)) for key, (_look, said) in STATES.items()]
        ),
        "tipo": choice(_("Qué hace"), "tipo", lambda seat: [(key, str(said.titulo)) for key, said in WORDS.items()]),
        "contabilidad": number(_("Contabilidad"), "contabilidad"),
        "usuario": equal(_("Usuario"), "persona__username"),
    }
    columns: Sequence[Column] = (
        Column("trabajo", _("Trabajo"), "cosa", "pk", show=_name),
        Column("tipo", where="file"),
        Column("estado", where="file"),
        Column("persona", _("Persona"), source="persona_id", show=_who, phone="wide"),
        Column("contabilidad", _("Contabilidad"), "clave", "contabilidad_id", phone="third"),
        Column("hechas", where="file"),
        Column("total", where="file"),
        Column("avance", _("Avance"), source="avance", show=lambda row: progress_words(row["each"]), phone="third"),
        Column("intentos", where="file"),
        Column("edad", _("Edad"), show=_age, where="screen", phone="third"),
        Column("pedido_el", _("Pedido"), "momento", phone="half"),
        Column("comenzado_el", where="file"),
        Column("terminado_el", where="file"),
        Column(
            "error",
            source="problemas",
            written=lambda row: " ".join(each["mensaje"] for each in row["error"]),
            where="file",
        ),
        Column("como", _("Estado"), "estado", show=lambda row: state_words(row["each"]), where="screen", phone="half"),
        Column("acto", _("Actos"), show=_acts, where="screen", phone="wide"),
    )
    empty = Empty(_("No hay trabajos."), _("Lo que tarda más de dos segundos, como leer un archivo, aparece aquí."))
    unmatched = _("Ningún trabajo responde a este filtro.")

    def get(self, request: HttpRequest, seat: Usuario) -> HttpResponseBase:
        """Show and ask whose each is only to who operates them all."""
        self.operator = is_operator(seat)
        if not self.operator:
            self.filters = {key: each for key, each in self.filters.items() if key != "usuario"}
            self.columns = [replace(each, where="file") if each.key == "persona" else each for each in self.columns]
        return super().get(request, seat)

    def query(self) -> QuerySet[Model]:
        """Select them."""
        return trabajos_of(self.seat)

    def enrich(self, rows: list[dict[str, object]]) -> None:
        """Read the jobs of a page at once, which say themselves in words."""
        found = trabajos_of(self.seat).in_bulk([row["pk"] for row in rows])
        for row in rows:
            each = found[row["pk"]]
            row |= {"each": each, "mio": each.persona_id == self.seat.pk, "request": self.request}

    def look(self, row: Values) -> Mapping[str, object]:
        """Mark those of the person that wait or run."""
        return {"resaltada": row["each"].is_open and row["mio"]}

    def extra(self) -> Mapping[str, object]:
        """Say what of the filter was not understood, and whether anybody does what waits."""
        wrong = [str(error) for errors in self.found[0].errors.values() for error in errors]
        waits = self.query().filter(estado__in=Trabajo.OPEN)
        return {"operador": self.operator, "mal": wrong, "hay_trabajador": has_worker() or not waits.exists()}
