"""Candidaturas: those approved, a file of them looked at before it enters, one typed, and books that are of none."""

from collections.abc import Sequence

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sif.registry.approvals import wrong_approval
from sif.registry.candidaturas import MAX_BYTES, lacks_columns
from sif.registry.corrections import waiting
from sif.registry.elections import candidacies
from sif.registry.folding import Folded
from sif.registry.loading import Preview, preview, refuse_unready
from sif.registry.models import Contabilidad, Etapa, SujetoObligado, place_words
from sif.registry.naming import NameInFile, say_names
from sif.registry.nominating import (
    WITHOUT_CANDIDACY,
    NewCandidacy,
    candidacy_warnings,
    offices,
    open_books,
    register_candidacy,
)
from sif.registry.sample_files import candidacy_example, candidacy_template
from sif.values import Money, Problem, Refused
from sif.web.admin.desk import STAGE, SUBJECT, AdminListing, AdminRecord, Seat, admin_page
from sif.web.admin.padron.sample_words import COLUMN_HELP
from sif.web.admin.tasks import ask_to_load
from sif.web.admin.uploads import Upload, brought, sample_response
from sif.web.admin.words import AMBITS, ENDINGS, SEXES, STAGES, entity_choices, stage_choices
from sif.web.columns import Column, Link, Values
from sif.web.fields import MoneyField, ServiceForm, day_field, file_field, set_choices, text_field
from sif.web.filters import Filter, choice, words
from sif.web.frame import Crumb
from sif.web.labels import BOOKS
from sif.web.lazy import Words
from sif.web.places import told_together
from sif.web.record import RecordForm
from sif.web.tables import Empty
from sif.web.tables import Link as To
from sif.web.trabajos.following import to_job

STANDING: dict[str, tuple[str, Words]] = {
    "": ("vigente", _("Contiende")),
    **{cause: ("sin_efectos", words) for cause, words in ENDINGS.items()},
}
LEFT_OUT = "fuera"  # what is chosen for a name whose rows do not enter
TOLD = 100  # problems of a file that its page shows


def subject_choices() -> list[tuple[str, str]]:
    """Return every subject as a form offers it."""
    rows = SujetoObligado.objects.order_by("nombre").values_list("pk", "nombre", "siglas")
    return [(str(pk), f"{nombre} ({siglas})") for pk, nombre, siglas in rows]


def to_choose(choices: Sequence[tuple[object, object]]) -> list[tuple[object, object]]:
    """Put before some choices that nothing is chosen, so that the first is nobody's answer."""
    return [("", translated("Elija")), *choices]


def _approval_field(_seat: Seat) -> forms.ChoiceField:
    pairs = [("", _("Todas")), ("no_consta", _("No consta el día"))]
    return forms.ChoiceField(label=_("Aprobación"), required=False, choices=pairs)


def _place(row: Values) -> str:
    return place_words(row["lugar"], row["tipo_lugar"])


class Candidacies(AdminListing):
    """Every candidacy, with its books and their cap."""

    page, title, file_name = "candidaturas", _("Candidaturas"), "candidaturas"
    filters = {
        "q": words(
            _("Nombre, folio, lugar o acuerdo"), "persona__nombre", "folio", "territorio__nombre", "acuerdo_aprobacion"
        ),
        "etapa": choice(_("Etapa"), "etapa", stage_choices, _("Todas")),
        "sujeto": choice(_("Sujeto"), "sujeto", lambda _seat: subject_choices()),
        "aprobacion": Filter(_approval_field, lambda rows, value, _seat: rows.filter(aprobada_el=None)),
    }
    order = "nombre"
    columns = (
        Column(
            "nombre",
            _("Candidatura"),
            "cosa",
            source="persona__nombre",
            sort=Folded("persona__nombre"),
            link=Link("administration:candidatura"),
        ),
        Column("folio", _("Folio"), "clave", under="nombre"),
        Column("sujeto", _("Sujeto"), source="sujeto__siglas", sort=True),
        Column("cargo", _("Cargo"), source="cargo__nombre", sort=True),
        Column("lugar", _("Lugar"), source="territorio__nombre", under="cargo", show=_place),
        Column("tipo_lugar", source="territorio__tipo", where="hidden"),
        Column("aprobada_el", _("Contiende desde"), "dia", sort=True, nullable=True),
        Column("acuerdo_aprobacion", _("Acuerdo que la aprueba"), under="aprobada_el", nullable=True),
        Column("contabilidad", _("Contabilidad"), "clave", source="contabilidad__id", nullable=True),
        Column("tope", _("Tope de gastos"), "dinero", nullable=True),
        Column("estado", _("Estado"), "estado", states=STANDING),
    )
    empty = Empty(_("Todavía no hay candidaturas."), _("Cargue el archivo del registro, o escríbalas una por una."))
    create = To(_("Cargar un archivo"), "administration:candidaturas_cargar", "upload")

    def query(self) -> QuerySet[Model]:
        """Select every candidacy."""
        return candidacies()

    def context(self) -> dict[str, object]:
        """Offer the other ways to register, and show above the corrections that wait."""
        asked = self.request.GET.get("etapa", "")
        new = reverse("administration:candidatura_nueva") + (f"?etapa={asked}" if asked.isdigit() else "")
        more = [
            To(_("Una candidatura"), new, "plus-lg"),
            To(_("Concentradora u ordinaria"), reverse("administration:libros_nuevos"), "plus-lg"),
        ]
        return {**super().context(), "otros": more, "correcciones": waiting().filter(sujeto=None)}


class UploadForm(RecordForm):
    """The stage of a file of candidacies, and the file."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=stage_choices)
    archivo = file_field(
        _(
            "CSV o XLSX con las columnas PARTIDO, CARGO, ENTIDAD y NOMBRE, y las que apliquen: DISTRITO, "
            "CIRCUNSCRIPCION, MUNICIPIO, FOLIO, SEXO, CURP, TOPE, FECHA_APROBACION y ACUERDO_APROBACION. También el "
            "público del INE, de 26 columnas. Sin FECHA_APROBACION, contienden desde el primer día de la etapa."
        )
    )
    layout = ("etapa:grow", "archivo:grow")


class Candidates(Upload):
    """Take a file of candidacies to be looked at."""

    page, back, form_class = "candidaturas", "administration:candidaturas", UploadForm
    title = _("Cargar candidaturas")
    intro = _("Primero verá qué trae y qué le falta; nada entra hasta que lo confirme.")
    needs = (STAGE,)
    most, too_large = MAX_BYTES, _("Divídalo por entidad.")
    samples = "administration:candidaturas_plantilla"
    samples_words = _("El ejemplo se carga tal cual en su etapa, con personas inventadas: cámbielas antes de aprobar.")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Add the help of each column of the template."""
        return {**super().get_context_data(**kwargs), "ayudas": COLUMN_HELP}

    def look_url(self, form: UploadForm, sha256: str) -> str:
        """Return the address of the rows of the file."""
        lacks = lacks_columns(brought(self.request, sha256)[1])
        name = "administration:carga_columnas" if lacks else "administration:carga"
        return reverse(name, args=[form.cleaned_data["etapa"], sha256])


@require_safe
@admin_page
def sample(request: HttpRequest, _seat: Seat) -> HttpResponseBase:
    """Return the template of a file of candidacies, or an example that loads in a stage."""
    return sample_response(request, {"plantilla": candidacy_template, "ejemplo": candidacy_example})


class NamesForm(ServiceForm):
    """The form that assigns a subject to each name of a file, and takes the acuerdo of the caps."""

    acuerdo = text_field(_("Acuerdo de los topes"), _("El que fija los topes que trae el archivo."))

    def __init__(self, seen: Preview, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.names, offered = list(seen.nombres), subject_choices()
        self.fields["acuerdo"].required = bool(seen.sin_acuerdo)
        for place, name in enumerate(self.names):
            field = forms.ChoiceField(
                label=name.nombre,
                choices=[("", translated("Elija")), (LEFT_OUT, _leave_words(name)), *offered],
                initial=str(name.sujeto.pk) if name.sujeto else "",
                help_text=_rows_words(name),
            )
            field.said_by_service = True  # type: ignore[attr-defined]
            self.fields[f"sujeto_{place}"] = field

    @property
    def drawn(self) -> list[forms.BoundField]:
        """Return the fields of the names."""
        return [self[f"sujeto_{place}"] for place in range(len(self.names))]

    def subjects(self) -> dict[str, SujetoObligado]:
        """Return the subject chosen for each name that has one."""
        chosen = {name.clave: self.cleaned_data.get(f"sujeto_{place}") for place, name in enumerate(self.names)}
        numbers = {key: int(pk) for key, pk in chosen.items() if pk and pk != LEFT_OUT}
        found = SujetoObligado.objects.in_bulk(list(numbers.values()))
        return {key: found[pk] for key, pk in numbers.items()}

    def left_out(self) -> set[str]:
        """Return the names whose rows are left out."""
        chosen = {name.clave: self.cleaned_data.get(f"sujeto_{place}") for place, name in enumerate(self.names)}
        return {key for key, said in chosen.items() if said == LEFT_OUT}


def _leave_words(name: NameInFile) -> str:
    words = ngettext("No entra: dejar fuera su renglón", "No entran: dejar fuera sus %(n)d renglones", name.renglones)
    return words % {"n": name.renglones}


def _rows_words(name: NameInFile) -> str:
    """Say how many rows a name has, and which are the first."""
    told = ngettext("%(n)d renglón", "%(n)d renglones", name.renglones) % {"n": name.renglones}
    rows = ", ".join(map(str, name.filas)) + ("…" if name.renglones > len(name.filas) else "")
    return translated("%(told)s; fila %(rows)s") % {"told": told, "rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def load(request: HttpRequest, seat: Seat, etapa: int, sha256: str) -> HttpResponse:
    """Look at a file: what it would load, what is wrong in it, and who each of its names is; then load it."""
    stage = get_object_or_404(Etapa.objects.select_related("proceso"), pk=etapa)
    _name, data = brought(request, sha256)
    seen = preview(data, stage)
    form = NamesForm(seen, request.POST or None)
    problems: list[Problem] = []
    if form.is_valid():
        names, left = form.subjects(), form.left_out()
        try:
            refuse_unready(seen, names, form.text("acuerdo"), left)
        except Refused as refused:
            problems = form.tell(refused.problems)
        else:
            say_names(names, seat.usuario)
            asked = ask_to_load(stage, sha256, form.text("acuerdo"), seat.usuario, left)
            return to_job(request, asked, seat.usuario)
    return _looked_at(request, seat, stage, sha256, seen, form, problems)


def _looked_at(
    request: HttpRequest, seat: Seat, stage: Etapa, sha256: str, seen: Preview, form: NamesForm, problems: list[Problem]
) -> HttpResponse:
    told = told_together(seen.problemas)
    context = {
        "frame": seat.frame("candidaturas", Crumb(_("Candidaturas"), reverse("administration:candidaturas"))),
        "etapa": stage,
        "etapa_palabras": STAGES[stage.tipo],
        "columnas": reverse("administration:carga_columnas", args=[stage.pk, sha256]),
        "visto": seen,
        "form": form,
        "problemas": problems,
        "del_archivo": told[:TOLD],
        "ajenas": told_together(seen.ajenas),
        "callados": max(0, len(told) - TOLD),
    }
    return render(request, "admin/carga.html", context, status=422 if form.is_bound else 200)


class CandidacyForm(RecordForm):
    """A candidacy as typed."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=lambda: to_choose(stage_choices()))
    sujeto = forms.ChoiceField(label=_("Sujeto"), choices=lambda: to_choose(subject_choices()))
    nombre = text_field(_("Nombre completo"), required=True)
    cargo = forms.ChoiceField(label=_("Cargo"))
    entidad = forms.ChoiceField(label=_("Entidad"), required=False)
    lugar = text_field(_("Distrito, circunscripción o municipio"), _("Vacío si el cargo es de toda la entidad."))
    folio = text_field(_("Folio del registro"), _("Vacío: se hace uno."))
    curp, rfc = text_field(_("CURP")), text_field(_("RFC"))
    sexo = forms.ChoiceField(label=_("Sexo"), required=False, choices=SEXES)
    aprobada_el = day_field(_("Contiende desde el"), _("El día de su aprobación, según el acuerdo."))
    acuerdo_aprobacion = text_field(_("Acuerdo que la aprueba"), required=True)
    tope = MoneyField(label=_("Tope de gastos"), required=False)
    acuerdo = text_field(_("Acuerdo del tope"))
    layout = (
        "etapa:grow",
        "sujeto:grow",
        "nombre:grow sexo:short",
        "cargo:grow entidad:medium",
        "lugar:grow",
        "folio:medium curp:medium rfc:medium",
        "aprobada_el:medium acuerdo_aprobacion:grow",
        "tope:amount acuerdo:grow",
    )

    def offer(self, seat: Seat) -> None:
        """Offer the offices of every process, by ámbito; the service says which are of the chosen one."""
        there: dict[str, set[str]] = {}
        for ambito, entity in Etapa.objects.values_list("proceso__ambito", "proceso__entidad").distinct():
            there.setdefault(ambito, set()).update(offices(ambito, entity))
        groups = [
            (words, [(name, row["nombre"]) for name, row in offices(ambito).items() if name in there[ambito]])
            for ambito, words in AMBITS.items()
            if ambito in there
        ]
        alone = groups[0][1] if len(groups) == 1 else groups
        set_choices(self, "cargo", to_choose(alone))
        set_choices(self, "entidad", entity_choices())

    def candidacy(self) -> NewCandidacy:
        """Make the candidacy typed."""
        typed = ("nombre", "lugar", "folio", "curp", "rfc", "acuerdo", "acuerdo_aprobacion")
        texts = {name: self.text(name) for name in typed}
        data = self.cleaned_data
        return NewCandidacy(
            sujeto=SujetoObligado.objects.get(pk=int(data["sujeto"])),
            cargo=data["cargo"],
            entidad=data["entidad"] or "NAC",
            sexo=data["sexo"],
            aprobada_el=data["aprobada_el"],
            tope=data.get("tope"),
            **texts,
        )


def _stage(pk: str) -> Etapa:
    return Etapa.objects.select_related("proceso").get(pk=int(pk))


def first_typed(stage: Etapa) -> dict[str, object]:
    """Return what the form of a candidacy begins with in a stage: the office, entity and accord last used in it.

    A day that has not come, as a file without days leaves it, would be refused: it is left to be typed.
    """
    first: dict[str, object] = {"etapa": stage.pk, "entidad": stage.proceso.entidad}
    last = stage.candidaturas.select_related("cargo", "territorio").order_by("-pk").first()
    if last is None:
        return first
    office = next((name for name, row in offices(stage.proceso.ambito).items() if row["clave"] == last.cargo.clave), "")
    entity = "" if last.territorio.entidad == "NAC" else last.territorio.entidad
    said = {} if wrong_approval(stage, last.aprobada_el) else {"aprobada_el": last.aprobada_el}
    return {**first, "cargo": office, "entidad": entity, **said, "acuerdo_aprobacion": last.acuerdo_aprobacion}


class NewCandidate(AdminRecord):
    """Approve one candidacy, which opens its books."""

    page, back, form_class = "candidaturas", "administration:candidaturas", CandidacyForm
    needs = (STAGE, SUBJECT)
    odd: Sequence[Problem] = ()
    typed_cap = False
    title, done = _("Candidatura nueva"), _("Candidatura aprobada: su contabilidad quedó abierta.")

    def get_initial(self) -> dict[str, object]:
        """Begin with the stage asked for, or the only one, and what its last candidacy says; else with nothing."""
        stages = Etapa.objects.select_related("proceso")
        asked = self.request.GET.get("etapa", "")
        found = list(stages.filter(pk=int(asked)) if asked.isascii() and asked.isdigit() else stages[:2])
        return first_typed(found[0]) if len(found) == 1 else {}

    def save(self, form: CandidacyForm) -> Contabilidad:
        """Approve it, with what was odd in it to be told."""
        stage, new = _stage(form.cleaned_data["etapa"]), form.candidacy()
        self.odd, self.typed_cap = candidacy_warnings(stage, new), new.tope is not None
        return register_candidacy(stage, new, self.seat.usuario)

    def tell(self, saved: Contabilidad) -> None:
        """Say that it entered, with the cap that nobody typed and its office has, and warn of what was odd."""
        super().tell(saved)
        cap = saved.topes.order_by("-pk").first()
        if cap is not None and not self.typed_cap:
            words = translated("Se le fijó el tope de su cargo y lugar: %(cap)s, acuerdo %(accord)s.")
            messages.info(self.request, words % {"cap": Money(cap.tope).in_pesos(), "accord": cap.acuerdo})
        for each in self.odd:
            messages.warning(self.request, f"{each.mensaje} {each.cura}")


class BooksForm(RecordForm):
    """Books that are of no candidacy."""

    etapa = forms.ChoiceField(label=_("Etapa"), choices=stage_choices)
    sujeto = forms.ChoiceField(label=_("Sujeto"), choices=subject_choices)
    clase = forms.ChoiceField(label=_("Clase"), choices=[(each.value, BOOKS[each.value]) for each in WITHOUT_CANDIDACY])
    layout = ("etapa:grow", "sujeto:grow clase:medium")


class NewBooks(AdminRecord):
    """Open the concentradora of a subject in an election, or its ordinary books in a year."""

    page, back, form_class = "candidaturas", "administration:candidaturas", BooksForm
    needs = (STAGE, SUBJECT)
    title, done = _("Concentradora u ordinaria"), _("Contabilidad abierta.")

    def save(self, form: BooksForm) -> Contabilidad:
        """Open them."""
        data = form.cleaned_data
        subject = SujetoObligado.objects.get(pk=int(data["sujeto"]))
        return open_books(_stage(data["etapa"]), subject, data["clase"], self.seat.usuario)
