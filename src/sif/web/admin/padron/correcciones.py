"""Corregir: what a subject or candidacy says, seen before and after, proposed by one person and approved by another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sif.catalogs.selectors.people import rfc_doubt
from sif.filing.models import Presentacion
from sif.proceedings.models import Dictamen, Oficio, Resolucion
from sif.registry.corrections import (
    CandidacyFacts,
    Changed,
    Ground,
    SubjectFacts,
    approve,
    changes_of,
    check_candidacy,
    check_subject,
    facts_of_candidacy,
    facts_of_subject,
    keys_to_read,
    propose_candidacy,
    propose_subject,
    refuse,
    withdraw,
)
from sif.registry.masks import masked, unmasked
from sif.registry.models import Candidatura, Contabilidad, CorreccionPropuesta, Nombramiento, Proceso, SujetoObligado
from sif.registry.nominating import offices
from sif.registry.selectors import in_force
from sif.values import Problem, Refused
from sif.web.admin.desk import AdminRecord, Seat, admin_page, decided, proposed
from sif.web.admin.padron.corrected import FIELDS, RESULTS, change_table, covered_keys
from sif.web.admin.words import SEXES, entity_choices
from sif.web.fields import day_field, set_choices, text_field
from sif.web.frame import Crumb
from sif.web.lazy import Words
from sif.web.record import RecordForm

Count = tuple[Words, int]


def reads_it(thing: SujetoObligado | Candidatura) -> list[Count]:
    """Count what says from now on what a correction approves."""
    if isinstance(thing, Candidatura):
        books = Contabilidad.objects.filter(candidatura=thing)
        others = Candidatura.objects.filter(persona__identidad=thing.persona.identidad).exclude(pk=thing.pk)
        return [(_("Contabilidad de la candidatura"), books.count()), (_("Otras candidaturas suyas"), others.count())]
    people = in_force(Nombramiento.objects.filter(sujeto=thing))
    return [
        (_("Contabilidades"), thing.contabilidades.count()),
        (_("Candidaturas"), thing.candidaturas.count()),
        (_("Coaliciones que integra"), thing.participaciones.count()),
        (_("Personas con función"), people.values("usuario").distinct().count()),
    ]


def keeps_what_it_said(thing: SujetoObligado | Candidatura) -> list[Count]:
    """Count what was issued before, which goes on saying what it said."""
    if isinstance(thing, Candidatura):
        return [(_("Acuses"), Presentacion.objects.filter(informe__contabilidad__candidatura=thing).count())]
    return [
        (_("Acuses"), Presentacion.objects.filter(informe__contabilidad__sujeto=thing).count()),
        (_("Oficios"), Oficio.objects.filter(sujeto=thing).count()),
        (_("Dictámenes"), Dictamen.objects.filter(sujeto=thing).count()),
        (_("Resoluciones"), Resolucion.objects.filter(dictamen__sujeto=thing).count()),
    ]


class CorrectionForm(RecordForm):
    """The corrected data of a record, with the reason and the document that proves the correction."""

    motivo = text_field(_("Motivo"), _("Qué se capturó mal y cómo consta."), required=True)
    documento = text_field(_("Acuerdo o documento"), _("El que prueba cómo debe decir."), required=True)
    facts: tuple[str, ...] = ()

    def ground(self) -> Ground:
        """Make the reason typed."""
        return Ground(self.text("motivo"), self.text("documento"))

    def typed(self, seen: Mapping[str, str]) -> dict[str, str]:
        """Return the facts typed; a mask that came back untouched is what stood there."""
        texts = {name: str(self.cleaned_data.get(name) or "").strip() for name in self.facts}
        return unmasked(seen, texts)


class SubjectCorrection(CorrectionForm):
    """A subject as it should say."""

    nombre = text_field(_("Nombre completo"), required=True)
    siglas = text_field(_("Siglas"), required=True)
    rfc = text_field(_("RFC"), _("De la persona moral; con él se leen sus CFDI."))
    numero = text_field(_("Número"), _("Abre la clave de sus conclusiones; con contabilidades ya no cambia."))
    facts = ("nombre", "siglas", "rfc", "numero")
    layout = ("nombre:grow siglas:short", "rfc:medium numero:short", "motivo:grow", "documento:grow")


class CandidacyCorrection(CorrectionForm):
    """A candidacy as it should say."""

    nombre = text_field(_("Nombre completo"), required=True)
    curp, rfc = text_field(_("CURP")), text_field(_("RFC"))
    sexo = forms.ChoiceField(label=_("Sexo"), required=False, choices=SEXES)
    cargo = forms.ChoiceField(label=_("Cargo"))
    entidad = forms.ChoiceField(label=_("Entidad"), required=False)
    lugar = text_field(_("Distrito, circunscripción o municipio"), _("Vacío si el cargo es de toda la entidad."))
    folio = text_field(_("Folio del registro"), required=True)
    aprobada_el = day_field(_("Contiende desde el"), _("El día de su aprobación, según el acuerdo."), required=False)
    acuerdo_aprobacion = text_field(_("Acuerdo que la aprueba"))
    facts = (
        "nombre",
        "curp",
        "rfc",
        "sexo",
        "cargo",
        "entidad",
        "lugar",
        "folio",
        "aprobada_el",
        "acuerdo_aprobacion",
    )
    layout = (
        "nombre:grow sexo:short",
        "cargo:grow entidad:medium",
        "lugar:grow",
        "folio:medium curp:medium rfc:medium",
        "aprobada_el:medium acuerdo_aprobacion:grow",
        "motivo:grow",
        "documento:grow",
    )

    def __init__(self, *args: object, proceso: Proceso, **options: object) -> None:
        self.proceso = proceso
        super().__init__(*args, **options)

    def offer(self, seat: Seat) -> None:
        """Offer the offices of its process, and the one it has although its entity does not elect it."""
        offered = {*offices(self.proceso.ambito, self.proceso.entidad), self.initial.get("cargo")}
        known = offices(self.proceso.ambito).items()
        set_choices(self, "cargo", [(name, row["nombre"]) for name, row in known if name in offered])
        set_choices(self, "entidad", entity_choices())

    def typed(self, seen: Mapping[str, str]) -> dict[str, str]:
        """Return the facts typed; the whole country is an entity of its own."""
        said = super().typed(seen)
        return {**said, "entidad": said["entidad"] or "NAC"}


def _doubt(changes: Iterable[Changed]) -> bool:
    """Return whether a new RFC has another check digit than the computed one: SAT has given such, so it is told."""
    return any(each.campo == "rfc" and rfc_doubt(each.despues) is not None for each in changes)


def _named(thing: SujetoObligado | Candidatura) -> str:
    return thing.nombre if isinstance(thing, SujetoObligado) else thing.persona.nombre


class _Correct(AdminRecord):
    """The form of a correction: it shows what would change and where, and then proposes it."""

    template_name = "admin/corregir.html"
    title, button, done = _("Corregir"), _("Proponer la corrección"), _("Corrección propuesta: espera a otra persona.")
    changes: Sequence[Changed] = ()

    def seen(self) -> dict[str, str]:
        """Return what it says today."""
        raise NotImplementedError

    def thing(self) -> SujetoObligado | Candidatura:
        """Return what is corrected."""
        raise NotImplementedError

    def check(self, form: Any) -> list[Changed]:
        """Return what would change. Raises Refused."""
        raise NotImplementedError

    def get_initial(self) -> dict[str, object]:
        """Begin with what it says today, personal keys masked."""
        return {name: masked(name, value) for name, value in self.seen().items()}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what would change, or propose it."""
        if self.request.POST.get("acto") == "proponer":
            return super().form_valid(form)
        try:
            self.changes = self.check(form)
        except Refused as refused:
            form.refuse(refused.problems)
            return self.refused(form, refused.status)
        return self.render_to_response(self.get_context_data(form=form))

    def saved_url(self, saved: CorreccionPropuesta) -> str:
        """Go to what was proposed."""
        return reverse("administration:correccion", args=[saved.pk])

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """Name what is corrected; add what would change and where it shows."""
        context = super().get_context_data(**kwargs)
        context["titulo"] = translated("Corregir %(name)s") % {"name": _named(self.thing())}
        if self.changes:
            thing = self.thing()
            context |= {
                "tabla": change_table(self.changes),
                "duda": _doubt(self.changes),
                "se_lee": reads_it(thing),
                "conserva": keeps_what_it_said(thing),
                "mueve_tope": any(each.campo in ("cargo", "entidad", "lugar") for each in self.changes),
            }
        return context


class CorrectSubject(_Correct):
    """Propose to correct a subject."""

    page, back, form_class = "sujetos", "administration:sujetos", SubjectCorrection
    intro = _(
        "Lo que se capturó mal al registrarlo. El tipo no se corrige: otro tipo es otro sujeto, y se registra. Quiénes "
        "forman una coalición y sus contabilidades tienen actos propios."
    )

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the subject."""
        self.subject = get_object_or_404(SujetoObligado, pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def thing(self) -> SujetoObligado:
        """Return the subject."""
        return self.subject

    def seen(self) -> dict[str, str]:
        """Return what it says today."""
        return asdict(facts_of_subject(self.subject))

    def back_url(self) -> str:
        """Return to its sheet."""
        return reverse("administration:sujeto", args=[self.subject.pk])

    def check(self, form: SubjectCorrection) -> list[Changed]:
        """Return what would change."""
        return check_subject(self.subject, SubjectFacts(**form.typed(self.seen())), form.ground(), self.seat.usuario)

    def save(self, form: SubjectCorrection) -> CorreccionPropuesta:
        """Propose it."""
        facts = SubjectFacts(**form.typed(self.seen()))
        return proposed(lambda: propose_subject(self.subject, facts, form.ground(), self.seat.usuario))


class CorrectCandidacy(_Correct):
    """Propose to correct a candidacy."""

    page, back, form_class = "candidaturas", "administration:candidaturas", CandidacyCorrection
    intro = _(
        "Lo que se capturó mal al aprobarla. Si cambia quien contiende, termine la candidatura y sustitúyala; si la "
        "postula otro sujeto, termínela y apruebe otra: sus libros son de quien la postuló."
    )

    def dispatch(self, request: HttpRequest, seat: Seat, *args: object, **kwargs: object) -> HttpResponseBase:
        """Find the candidacy."""
        rows = Candidatura.objects.select_related("persona", "cargo", "territorio", "etapa__proceso")
        self.candidatura = get_object_or_404(rows, pk=kwargs["pk"])
        return super().dispatch(request, seat, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, object]:
        """Pass its process."""
        return {**super().get_form_kwargs(), "proceso": self.candidatura.etapa.proceso}

    def thing(self) -> Candidatura:
        """Return the candidacy."""
        return self.candidatura

    def seen(self) -> dict[str, str]:
        """Return what it says today."""
        return asdict(facts_of_candidacy(self.candidatura))

    def get_initial(self) -> dict[str, object]:
        """Begin with what it says today, its day as a day; an office of the whole country is of no entity."""
        first = super().get_initial()
        entity = "" if first["entidad"] == "NAC" else first["entidad"]
        return {**first, "entidad": entity, "aprobada_el": self.candidatura.aprobada_el}

    def back_url(self) -> str:
        """Return to its page."""
        return reverse("administration:candidatura", args=[self.candidatura.pk])

    def check(self, form: CandidacyCorrection) -> list[Changed]:
        """Return what would change."""
        facts = CandidacyFacts(**form.typed(self.seen()))
        return check_candidacy(self.candidatura, facts, form.ground(), self.seat.usuario)

    def save(self, form: CandidacyCorrection) -> CorreccionPropuesta:
        """Propose it."""
        facts = CandidacyFacts(**form.typed(self.seen()))
        return proposed(lambda: propose_candidacy(self.candidatura, facts, form.ground(), self.seat.usuario))


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def correction(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    """A correction proposed: what changes, why, where it shows, and the acts that approve, refuse or withdraw it."""
    rows = CorreccionPropuesta.objects.select_related("propuesta_por", "sujeto", "candidatura__persona")
    found = get_object_or_404(rows.select_related("resuelta__hecho_por"), pk=pk)
    done = decided(request, lambda: _acted(request, seat, found))
    if isinstance(done, HttpResponse):
        return done
    problems, status = (done.problems, done.status) if done else ((), 200)
    return render(request, "admin/correccion.html", _shown(request, seat, found, problems), status=status)


def _shown(
    request: HttpRequest, seat: Seat, found: CorreccionPropuesta, problems: Sequence[Problem]
) -> dict[str, object]:
    thing = found.sujeto or found.candidatura
    assert thing is not None
    of_subject = isinstance(thing, SujetoObligado)
    name = _named(thing)
    back = reverse(f"administration:{'sujeto' if of_subject else 'candidatura'}", args=[thing.pk])
    errors = {each.donde: each for each in problems}
    keys = [(key, FIELDS[key], request.POST.get(f"leida_{key}", ""), errors.get(key)) for key in keys_to_read(found)]
    act = getattr(found, "resuelta", None)
    crumbs, changes = (Crumb(name, back), Crumb(translated("Corrección"))), changes_of(found.visto, found.pedido)
    return {
        "frame": seat.frame("sujetos" if of_subject else "candidaturas", *crumbs),
        "correccion": found,
        "nombre": name,
        "volver": back,
        "acto": act,
        "estado": RESULTS[act.sentido if act else ""],
        "tabla": change_table(changes, covered_keys(found)),
        "duda": _doubt(changes),
        "se_lee": reads_it(thing),
        "conserva": keeps_what_it_said(thing),
        "mia": found.propuesta_por_id == seat.usuario.pk,
        "llaves": keys,
        "problemas": problems,
        "error": errors.get("motivo"),
        "motivo": request.POST.get("motivo", ""),
    }


def _acted(request: HttpRequest, seat: Seat, found: CorreccionPropuesta) -> HttpResponse:
    """Approve, refuse or withdraw a correction, and go on. Raises Refused, PermissionError and Http404."""
    act, by = request.POST.get("acto", ""), seat.usuario
    if act == "aprobar":
        approve(found, by, {key: request.POST.get(f"leida_{key}", "") for key in keys_to_read(found)})
        messages.success(
            request, translated("Corregido: desde ahora se lee así. Lo anterior se conserva en su historia.")
        )
    elif act == "rechazar":
        refuse(found, request.POST.get("motivo", ""), by)
        messages.success(request, translated("Corrección rechazada: sigue diciendo lo que decía."))
    elif act == "retirar":
        withdraw(found, by)
        messages.success(request, translated("Corrección retirada."))
    else:
        raise Http404(translated("No hay ese acto."))
    return HttpResponseRedirect(request.path)
