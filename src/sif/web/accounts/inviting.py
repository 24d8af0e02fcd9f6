"""The form of an invitation: only the roles, subjects and books that who invites may give."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sif.mail.outbox import is_configured
from sif.mail.recipients import Recipient
from sif.registry import clock, invitations
from sif.registry.appointments import day_after
from sif.registry.folding import with_words
from sif.registry.models import Contabilidad, SujetoObligado, Usuario
from sif.registry.selectors import contabilidades_of, may, sujetos_of
from sif.web.fields import day_field, set_choices
from sif.web.labels import ROLES
from sif.web.mailing import language_field, mail_field
from sif.web.searched import said
from sif.web.typed import typed_number

OFFERED = 30
"""Books that the form offers to tick; of more, those that were looked for."""
LISTED, LIKE = 200, 5
"""Subjects that are listed while one is typed, and those told where what was typed is none."""


class SubjectField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """A subject by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name, and the short name where it has one."""
        return f"{obj.nombre} ({obj.siglas})" if obj.siglas else str(obj.nombre)


class SubjectTyped(forms.CharField):
    """A subject typed by its initials or its name, where they are too many to choose from."""

    def __init__(self, subjects: QuerySet[SujetoObligado], **rest: Any) -> None:
        self.queryset = subjects
        super().__init__(**rest)

    def clean(self, value: object) -> Any:
        """Return the subject. Raises ValidationError that names those alike."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        found = list(self.queryset.filter(Q(siglas__iexact=text) | Q(nombre__iexact=text))[:2])
        if len(found) == 1:
            return found[0]
        alike = ", ".join(f"{each.siglas} ({each.nombre})" for each in subjects_like(self.queryset, text)[:LIKE])
        told = _("Ningún sujeto tiene esas siglas ni ese nombre.")
        near = _("Se parecen")
        raise forms.ValidationError(f"{told} {near}: {alike}." if alike else told)


def subjects_like(subjects: QuerySet[SujetoObligado], text: str) -> QuerySet[SujetoObligado]:
    """Return the subjects whose name or initials have the words of a text."""
    return with_words(subjects, text, "nombre", "siglas")


class InvitationForm(forms.Form):
    """The account to give. looked: what was typed so far by who looks for books, which is not judged yet."""

    nombre = forms.CharField(max_length=120, label=gettext_lazy("Nombre completo"))
    username = forms.CharField(max_length=60, label=gettext_lazy("Usuario con que entrará"))
    rol = forms.ChoiceField(label=gettext_lazy("Función"))
    sujeto = SubjectField(
        SujetoObligado.objects.none(),
        required=False,
        label=gettext_lazy("Sujeto"),
        empty_label=gettext_lazy("Ninguno: es de la autoridad"),
        help_text=gettext_lazy("Lo piden las funciones de un partido o de una candidatura."),
    )
    rfc = forms.CharField(
        required=False,
        max_length=20,
        label=gettext_lazy("RFC de la persona"),
        help_text=gettext_lazy("Lo piden las funciones de la autoridad y quien firma. Se prueba con su e.firma."),
    )
    libros = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Buscar contabilidades"),
        help_text=gettext_lazy("Número, nombre, cargo o lugar; después márquelas."),
    )
    contabilidades = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Contabilidades"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Solo para capturistas y candidaturas: en cuáles registra."),
        error_messages={"invalid_choice": gettext_lazy("Una contabilidad no existe o es de otro sujeto. Márquelas.")},
    )

    desde = day_field(gettext_lazy("Primer día"), gettext_lazy("Vacío: el día en que se da."), required=False)
    ultimo = day_field(gettext_lazy("Último día"), gettext_lazy("Vacío: sin término."), required=False)
    correo = mail_field(gettext_lazy("Si lo escribe, el enlace le llega ahí; también se le muestra a usted."))
    idioma = language_field()

    has_account = False  # whether what was refused is a second account of one person

    def __init__(self, by: Usuario, data: QueryDict | None = None, looked: QueryDict | None = None) -> None:
        told = data or looked or QueryDict()
        super().__init__(data, initial={**looked.dict(), "contabilidades": _ticked(looked)} if looked else None)
        if not is_configured():
            del self.fields["correo"], self.fields["idioma"]
        for name in ("sujeto", "contabilidades", "rfc", "libros"):
            self.fields[name].by_role = True  # type: ignore[attr-defined]  # asked by some roles: not «(opcional)»
        set_choices(self, "rol", ((rol, ROLES[rol]) for rol in invitations.roles_to_give(by)))
        self._offer_subjects(by)
        chosen = self._chosen(told.get("sujeto", ""))
        books = contabilidades_of(by).filter(sujeto__in=self.fields["sujeto"].queryset)  # type: ignore[attr-defined]
        self._offer_books(books.filter(sujeto=chosen) if chosen else books, told)

    def _chosen(self, text: str) -> int | None:
        """Return the number of the subject that was said so far, chosen or typed; None where none is."""
        if not self.sujetos:
            return typed_number(text)
        rows = self.fields["sujeto"].queryset.filter(Q(siglas__iexact=text.strip()) | Q(nombre__iexact=text.strip()))  # type: ignore[attr-defined]
        return rows.values_list("pk", flat=True).first() if text.strip() else None

    def _offer_subjects(self, by: Usuario) -> None:
        field: Any = self.fields["sujeto"]
        administers = may(by, "administrar")
        subjects = SujetoObligado.objects.order_by("nombre") if administers else sujetos_of(by)
        if not administers:  # who only reads a subject invites nobody to it
            named = [each.pk for each in subjects if may(by, "nombrar", sujeto=each)]
            subjects = subjects.filter(pk__in=named)
        self.sujetos: list[SujetoObligado] = []
        if subjects.order_by()[: OFFERED + 1].count() > OFFERED:
            self.sujetos = list(subjects[:LISTED])
            field = self.fields["sujeto"] = SubjectTyped(
                subjects,
                required=False,
                label=field.label,
                help_text=_("Siglas o nombre; vacío si la función es de la autoridad."),
                widget=forms.TextInput(attrs={"list": "sujetos", "autocomplete": "off"}),
            )
            field.by_role = True
        if not administers:  # whatever they give is of a subject, and of the only one where there is one
            field.required, field.help_text = True, ""
            field.error_messages["required"] = _("Elija el sujeto.")
            if self.sujetos:
                return
            field.empty_label = None if len(subjects) == 1 else _("Elija el sujeto")
        field.queryset = subjects

    def _offer_books(self, books: QuerySet[Contabilidad], told: QueryDict) -> None:
        """Offer every one where they are few; else those ticked and those that the words of the search say."""
        books = books.select_related("sujeto")
        are_few = books.order_by("pk").values_list("pk", flat=True)[: OFFERED + 1].count() <= OFFERED
        if are_few:
            offered = list(books.order_by("pk"))
        else:
            text = told.get("libros", "").strip()
            number = typed_number(text)
            like = books.filter(pk=number) if number else said(books, text)
            ticked = books.filter(pk__in=_ticked(told))
            found = [*ticked.order_by("pk"), *(like.order_by("pk")[:OFFERED] if text else [])]
            offered = list({each.pk: each for each in found}.values())
        if are_few:
            del self.fields["libros"]
        set_choices(self, "contabilidades", ((str(each.pk), _named(each)) for each in offered))
        if not offered and "libros" not in self.fields:
            del self.fields["contabilidades"]

    def clean(self) -> dict[str, object]:
        """Give the books as rows, and say at its field whether the role asks for a subject."""
        given = {"contabilidades": [], **self.cleaned_data}
        given.pop("libros", None)
        last = given.pop("ultimo", None)
        given["hasta"] = day_after(last) if last else None
        if last and last < (given.get("desde") or clock.today()):
            self.add_error("ultimo", _("El último día es antes del primero."))
        self.to = Recipient(given.pop("correo", ""), given.pop("idioma", "") or get_language() or "")
        needs = given.get("rol") in invitations.WITH_SUBJECT
        if "sujeto" in given and "rol" in given and needs != bool(given["sujeto"]):
            self.add_error("sujeto", _("Elija el sujeto.") if needs else _("Deje «Ninguno»: es de la autoridad."))
        given["contabilidades"] = list(Contabilidad.objects.filter(pk__in=given["contabilidades"]))
        return given


def _ticked(said: QueryDict) -> list[int]:
    return [number for text in said.getlist("contabilidades") if (number := typed_number(text))]


def _named(books: Contabilidad) -> str:
    contends = books.candidatura
    where = f", {contends.cargo.nombre}, {contends.territorio.lugar}" if contends else ""
    return f"{books.pk} {books.titular}{where} ({books.sujeto.siglas})"
