"""Lists and forms of the party desk: over the books of the person, or over the subjects it acts for."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from sif.ledger import reference
from sif.registry.models import Contabilidad, SujetoObligado
from sif.registry.names import name_at
from sif.registry.selectors import may
from sif.web.columns import Column, Values
from sif.web.fields import set_choices
from sif.web.filters import Filter, choice
from sif.web.frame import Crumb
from sif.web.labels import BOOKS
from sif.web.lazy import Words
from sif.web.listing import Desk, Listing
from sif.web.party.mesa import Mesa, numbered, party_page
from sif.web.record import Record, RecordForm


def _around(_request: HttpRequest, mesa: Mesa, page: str, within: Words) -> Mapping[str, object]:
    return {"frame": mesa.frame(page, *([Crumb(within)] if within else []))}


_KINDS = {str(kind.label): BOOKS[kind.value] for kind in Contabilidad.Clase}
PARTY: Desk[Mesa] = Desk(party_page, _around, "party/campana_lista.html", "party/campana_forma.html")


class PartyListing(Listing[Mesa]):
    """A list of the party desk; who captures somewhere may register."""

    desk: ClassVar[Desk[Any]] = PARTY

    def may_create(self) -> bool:
        """Return whether the person captures in any books."""
        return bool(captured(self.seat))


class SubjectListing(PartyListing):
    """A list of what a subject keeps as a whole; who captures for any of its subjects may register."""

    def may_create(self) -> bool:
        """Return whether the person captures for a whole subject."""
        return bool(own_subjects(self.seat))


class PartyRecord(Record[Mesa]):
    """A form of the party desk, for who captures somewhere."""

    desk: ClassVar[Desk[Any]] = PARTY

    def must(self) -> None:
        """Raise PermissionDenied for who captures in no books."""
        must_capture_somewhere(self.seat)

    def get_initial(self) -> dict[str, object]:
        """Begin with the books that the address names."""
        return {**super().get_initial(), "contabilidad": self.request.GET.get("contabilidad", "")}


class SubjectRecord(PartyRecord):
    """A form about a subject, which has no books; for who captures for any of its subjects."""

    def must(self) -> None:
        """Raise PermissionDenied for who captures for no whole subject."""
        if not own_subjects(self.seat):
            raise PermissionDenied(only_consults())


class BooksForm(RecordForm):
    """A form whose record is of some books, chosen among those in which the person captures."""

    contabilidad = forms.ChoiceField(label=_("Contabilidad"))

    def offer(self, seat: Mesa) -> None:
        """Offer the books in which the person captures."""
        set_choices(self, "contabilidad", numbered(captured(seat)))

    @property
    def books(self) -> Contabilidad:
        """Return the books chosen."""
        found: Contabilidad = self.seat.books(int(self.cleaned_data["contabilidad"]))
        return found


class SubjectForm(RecordForm):
    """A form whose record is of a subject, chosen among those for which the person captures."""

    sujeto = forms.ChoiceField(label=_("Sujeto"))

    def offer(self, seat: Mesa) -> None:
        """Offer the subjects for which the person captures."""
        set_choices(self, "sujeto", ((str(each.pk), each.nombre) for each in own_subjects(seat)))

    @property
    def subject(self) -> SujetoObligado:
        """Return the subject chosen."""
        mesa: Mesa = self.seat
        return next(each for each in mesa.sujetos if str(each.pk) == self.cleaned_data["sujeto"])


def captured(mesa: Mesa) -> list[Contabilidad]:
    """Return the active books in which the person captures, those of the current stage first."""
    mine = [books for books in mesa.libros.values() if books.estatus == Contabilidad.Estatus.ACTIVA]
    mine = [books for books in mine if mesa.can("capturar", books)]
    current = mesa.etapa.pk if mesa.etapa else 0
    return sorted(mine, key=lambda books: (books.etapa_id != current, books.pk))


def must_capture_somewhere(mesa: Mesa) -> None:
    """Raise PermissionDenied for who captures in no books."""
    if not captured(mesa):
        raise PermissionDenied(only_consults())


def own_subjects(mesa: Mesa) -> list[SujetoObligado]:
    """Return the subjects for which the person captures as a whole."""
    return [each for each in mesa.sujetos if may(mesa.usuario, "capturar", sujeto=each)]


def only_consults() -> str:
    """Return the refusal of who consults and does not capture."""
    return translated("Usted consulta estos libros y no captura. Pídalo a su responsable de finanzas.")


def books_filter() -> Filter:
    """Narrow to one of the person's books."""
    return choice(_("Contabilidad"), "contabilidad", lambda mesa: numbered(mesa.libros.values()), _("Todas"))


def whose(path: str = "contabilidad") -> Coalesce:
    """Return the expression of whose some books are: the person who contends, or the kind of books."""
    kinds = [When(**{f"{path}__clase": key}, then=Value(words)) for key, words in Contabilidad.Clase.choices]
    return Coalesce(f"{path}__candidatura__persona__nombre", Case(*kinds, output_field=CharField()))


def books_columns(path: str = "contabilidad") -> tuple[Column, Column]:
    """Declare the number of a contabilidad and, below it, whose it is."""
    return (
        Column("contabilidad", _("Contabilidad"), source=f"{path}_id"),
        Column("titular", source=whose(path), under="contabilidad", where="screen", show=_holder),
    )


def _holder(row: Values) -> Words:
    return holder_words(row["titular"])


def holder_words(name: object) -> Words:
    """Return whose some books are, as `whose` reads it: a kind of books in the language of the page, or a name."""
    return _KINDS.get(str(name), str(name))


def poliza_columns(path: str = "poliza", key: str = "poliza", link: str = "eslabon") -> tuple[Column, ...]:
    """Declare what a póliza is cited by: its link in the chain, read as `link`, and in files its reference."""
    parts = ("tipo", "periodo__numero", "subtipo", "numero", "fecha_operacion", "contabilidad_id")
    at = f"{path}__" if path else ""
    read = (Column(f"{key}_{part}", source=f"{at}{part}", where="hidden") for part in parts)

    def written(row: Values) -> str:
        return reference(*(row[f"{key}_{part}"] for part in parts))

    return (
        Column(link, source=f"{at}eslabon", where="hidden"),
        *read,
        Column(key, written=written, where="file"),
    )


def name_columns(key: str, path: str, moment: str) -> tuple[Column, ...]:
    """Declare, for files, who did something by the name of its day. path: to the person; moment: when it was done."""
    parts = {"id": f"{path}_id", "nombre": f"{path}__nombre", "renombrada": f"{path}__renombrada_el", "el": moment}
    read = (Column(f"{key}_{part}", source=source, where="hidden") for part, source in parts.items())

    def written(row: Values) -> str:
        return name_at(*(row[f"{key}_{part}"] for part in parts))

    return *read, Column(key, written=written, where="file")
