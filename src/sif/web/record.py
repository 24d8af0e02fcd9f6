"""Serve the form of one thing from a declaration: ask for it, call its service, put each refusal at its field."""

from collections.abc import Mapping, Sequence
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from sif.values import Money, Problem, Refused
from sif.web.fields import MoneyField, ServiceForm
from sif.web.lazy import Words
from sif.web.listing import Desk
from sif.web.once import FIELD, once

if TYPE_CHECKING:
    _View = FormView[Any]
else:
    _View = FormView  # only the stubs are generic


class RecordForm(ServiceForm):
    """A form of a record: declare its fields, their layout and the dataclass of the service that they make."""

    layout: Sequence[str] = ()
    """Fields line by line, each `name` or `name:width` (see the field tag)."""
    makes: ClassVar[type[Any] | None] = None
    """Dataclass of the service, made from the fields of the same names."""
    places: ClassVar[Mapping[str, str]] = {}
    """Argument of the service to field of the form, where their names differ."""

    def __init__(self, *args: Any, seat: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.seat = seat
        self.problems: list[Problem] = []
        self.offer(seat)

    def offer(self, seat: Any) -> None:
        """Set the choices and first values that depend on who asks."""

    @property
    def drawn(self) -> list[list[tuple[forms.BoundField, str]]]:
        """Return the fields line by line, as the template draws them."""
        lines = [[part.partition(":")[::2] for part in line.split()] for line in self.layout]
        return [[(self[name], width) for name, width in line if name in self.fields] for line in lines]

    def made(self, **known: object) -> Any:
        """Make the dataclass of the service: absent texts are '', absent amounts 0. known: what no field says."""
        assert self.makes is not None
        names = [each.name for each in fields_of(self.makes) if each.name in self.fields]
        return self.makes(**{name: self._value(name) for name in names if name not in known}, **known)

    def _value(self, name: str) -> object:
        value, field = self.cleaned_data.get(name), self.fields[name]
        if isinstance(field, MoneyField):
            return value or Money(0)
        return self.text(name) if isinstance(field, forms.CharField) else value

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its field, and the rest above the form."""
        self.problems += self.tell(problems, self.places)


class Record[S](_View):
    """A form of its own page. Declare the class attributes and `save`; a refusal writes nothing and loses no text."""

    desk: ClassVar[Desk[object]]
    page = ""
    """Key of the page in the rail."""
    title: Words = ""
    intro: Words = ""
    button: Words = ""
    done: Words = ""
    """Message after it was saved."""
    back = ""
    """URL name of the list to go back to."""
    http_method_names = ["get", "head", "post", "options"]

    seat: S

    @classmethod
    def at(cls, **options: object) -> Any:
        """Return the view behind the door of its desk, of the methods it takes before it looks for anything."""
        takes = require_http_methods([method.upper() for method in cls.http_method_names])
        return takes(cls.desk.enter(cls.as_view(**options)))

    def dispatch(self, request: HttpRequest, seat: S, *args: object, **kwargs: object) -> HttpResponseBase:
        """Refuse who may not before anything is read or written."""
        self.seat = seat
        self.must()
        return super().dispatch(request, *args, **kwargs)

    def must(self) -> None:
        """Raise PermissionDenied unless the person may do this act."""

    def save(self, form: Any) -> object:
        """Call the service."""
        raise NotImplementedError

    def told(self, saved: Any) -> Words:
        """Return the message after it was saved."""
        return self.done

    def tell(self, saved: Any) -> None:
        """Say what was done on the page that follows."""
        if words := self.told(saved):
            messages.success(self.request, words)

    def around(self) -> Mapping[str, object]:
        """Return the frame of the page."""
        return self.desk.around(self.request, self.seat, self.page, self.crumb())

    def crumb(self) -> Words:
        """Return its step in the context bar."""
        return self.title

    def back_url(self) -> str:
        """Return where to go without saving."""
        return reverse(self.back)

    def saved_url(self, saved: Any) -> str:
        """Return where to go once it is saved."""
        return self.back_url()

    def get_form_kwargs(self) -> dict[str, object]:
        """Pass the seat to the form."""
        return {**super().get_form_kwargs(), "seat": self.seat}

    def get_template_names(self) -> list[str]:
        """Return the template of the page, or that of the desk."""
        return [self.template_name or self.desk.forms]

    def form_valid(self, form: RecordForm) -> HttpResponse:
        """Save and go on, or answer with each refusal at its field; a form with `one_use` pressed twice saves once."""
        try:
            where = once(self.request, lambda: self._saved(form)) if FIELD in form.data else self._saved(form)
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        return HttpResponseRedirect(where)

    def _saved(self, form: RecordForm) -> str:
        """Save, say so, and return where to go."""
        saved = self.save(form)
        self.tell(saved)
        return self.saved_url(saved)

    def form_invalid(self, form: RecordForm) -> HttpResponse:
        """Answer with the form as typed and its errors."""
        return self.refused(form, Refused.status)

    def refused(self, form: RecordForm, status: int) -> HttpResponse:
        """Draw the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        """Return the context of the template."""
        return {
            **self.around(),
            "titulo": self.title,
            "intro": self.intro,
            "volver": self.back_url(),
            "boton": self.button or _("Registrar"),
            **super().get_context_data(**kwargs),
        }
