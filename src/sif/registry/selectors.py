"""Query the books, roles and rights of a person, and when books are open."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from sif.registry import clock
from sif.registry.leaving_models import with_ends
from sif.registry.models import Contabilidad, Nombramiento, SujetoObligado, Usuario, Ventana
from sif.registry.scope import EVERYTHING, scope_of
from sif.registry.windows import last_windows

Rol = Nombramiento.Rol
AUTHORITY = frozenset({Rol.AUDITOR, Rol.REVISOR, Rol.RESOLUCIONES, Rol.CONSEJERO, Rol.SECRETARIA, Rol.ADMINISTRADOR})
WHOLE_SUBJECT = frozenset({Rol.RESPONSABLE, Rol.ADMINISTRADOR_SO, Rol.CONSULTA, Rol.AUDITOR_EXTERNO})
SOME_BOOKS = frozenset({Rol.CAPTURISTA, Rol.CANDIDATURA})
_kept: ContextVar[dict[tuple[int, date], QuerySet[Nombramiento]] | None] = ContextVar("_kept", default=None)
ACTS: dict[str, frozenset[str]] = {
    Rol.RESPONSABLE: frozenset({"consultar", "capturar", "presentar", "responder", "nombrar"}),
    Rol.ADMINISTRADOR_SO: frozenset({"consultar", "capturar", "preparar", "nombrar"}),
    Rol.CAPTURISTA: frozenset({"consultar", "capturar"}),
    Rol.CANDIDATURA: frozenset({"consultar"}),
    Rol.CONSULTA: frozenset({"consultar"}),
    Rol.AUDITOR_EXTERNO: frozenset({"consultar", "autorizar"}),
    Rol.AUDITOR: frozenset({"consultar", "auditar"}),
    Rol.REVISOR: frozenset({"consultar", "auditar", "revisar", "emitir_oficio", "dictaminar", "publicar"}),
    Rol.RESOLUCIONES: frozenset({"consultar", "resolver", "fundamentar"}),
    Rol.CONSEJERO: frozenset({"consultar", "votar"}),
    Rol.SECRETARIA: frozenset({"consultar", "publicar", "someter", "fundamentar"}),
    Rol.ADMINISTRADOR: frozenset({"consultar", "administrar"}),
}
"""What each role may do. A subject's role reaches its own books; an authority's, those of everybody."""
NEVER_DELEGATED = frozenset({"presentar", "autorizar", "responder", "nombrar"})
"""What nobody does by a role that another person delegated: what is signed with an e.firma, and giving roles."""


def account_named(username: str | None) -> Usuario | None:
    """Return the account of a user name as somebody types it, in capitals or not; None where nobody has it."""
    name = (username or "").strip()
    return Usuario.objects.filter(username__iexact=name).first() if name else None


def appointments_of(user: Usuario | AnonymousUser, day: date | None = None) -> QuerySet[Nombramiento]:
    """Return the appointments of a person in force on a day (today unless told)."""
    when = day or clock.today()
    if not user.is_authenticated:
        return Nombramiento.objects.none()
    kept = _kept.get()
    if kept is not None and (user.pk, when) in kept:
        return kept[user.pk, when]
    named = Nombramiento.contabilidades.through.objects.filter(nombramiento=OuterRef("pk")).values("contabilidad")
    found = in_force(Nombramiento.objects.filter(usuario=user), when).select_related("sujeto")
    found = found.annotate(nombradas=ArraySubquery(named))  # numbers of its books, read with it
    if kept is not None:
        kept[user.pk, when] = found  # it reads its rows the first time, and holds them
    return found


def in_force(rows: QuerySet[Nombramiento], day: date | None = None) -> QuerySet[Nombramiento]:
    """Keep the appointments in force: at this instant for today, when it ends for a day past, when it begins for one
    to come."""
    when = day or clock.today()
    begins = clock.midnight(when)
    moment = min(max(clock.now(), begins), begins + timedelta(days=1))
    held = rows.filter(desde__lte=when, hasta__gt=when)
    return held.filter(Q(fin=None) | Q(fin__termina_el__gt=moment))


def appointments_of_all(users: Iterable[Usuario]) -> dict[int, list[Nombramiento]]:
    """Return the appointments in force today of many people, by number of each; one query."""
    found: dict[int, list[Nombramiento]] = {}
    rows = in_force(Nombramiento.objects.filter(usuario__in=[user.pk for user in users]))
    rows = rows.select_related("sujeto", "fin")
    for row in rows.order_by("pk"):
        found.setdefault(row.usuario_id, []).append(row)
    return found


@contextmanager
def appointments_kept() -> Iterator[None]:
    """While one request is answered, read the appointments of a person once: every permission asks them again."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def forget_appointments() -> None:
    """Somebody was appointed or ceased to be: what was read before no longer holds."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()


def roles_of(user: Usuario | AnonymousUser) -> set[str]:
    """The roles a person has today."""
    return {appointment.rol for appointment in appointments_of(user)}


def is_authority(user: Usuario | AnonymousUser) -> bool:
    """Return whether the person acts for the authority."""
    return bool(roles_of(user) & AUTHORITY)


def sujetos_of(user: Usuario | AnonymousUser) -> QuerySet[SujetoObligado]:
    """Return the subjects for which a person acts."""
    numbers = [appointment.sujeto_id for appointment in appointments_of(user) if appointment.sujeto_id]
    return SujetoObligado.objects.filter(pk__in=numbers).order_by("nombre")


def contabilidades_of(user: Usuario | AnonymousUser, act: str = "consultar") -> QuerySet[Contabilidad]:
    """Return the books on which a person may do an act: all for the authority, the subject's, or those assigned."""
    books = with_state(
        Contabilidad.objects.select_related(
            "etapa__proceso", "sujeto", "candidatura__persona", "candidatura__cargo", "candidatura__territorio"
        )
    )
    appointments = [each for each in appointments_of(user) if act in acts_of(each)]
    if any(appointment.rol in AUTHORITY for appointment in appointments):
        return books.order_by("pk")
    whole = [a.sujeto_id for a in appointments if a.rol in WHOLE_SUBJECT]
    return books.filter(Q(sujeto__in=whole) | Q(pk__in=_named_in(appointments))).order_by("pk")


def _named_in(appointments: Iterable[Nombramiento]) -> set[int]:
    """Return the numbers of the books that some appointments name, without querying."""
    return {number for each in appointments if each.rol in SOME_BOOKS for number in _numbers(each)}


def _numbers(appointment: Nombramiento) -> list[int]:
    """Return the numbers of the books that an appointment names, read with it by `appointments_of`."""
    numbers: list[int] = vars(appointment)["nombradas"]
    return numbers


def with_state(books: QuerySet[Contabilidad]) -> QuerySet[Contabilidad]:
    """Read what ended many books and their caps with them, and not one by one. Not for rows to be locked."""
    return with_ends(books.select_related("cancelacion", "candidatura")).prefetch_related("topes")


def scope_of_user(user: Usuario | AnonymousUser) -> str:
    """Return the scope of row level security of a person, as `scope.set_scope` takes it."""
    appointments = list(appointments_of(user))
    if any(appointment.rol in AUTHORITY for appointment in appointments):
        return EVERYTHING
    whole = {a.sujeto_id for a in appointments if a.rol in WHOLE_SUBJECT and a.sujeto_id}
    some = _named_in(appointments)
    if some and whole:
        some = set(Contabilidad.objects.filter(pk__in=some).exclude(sujeto__in=whole).values_list("pk", flat=True))
    return scope_of(some, whole)


@dataclass(frozen=True, slots=True)
class Reach:
    """The subjects that a person sees: `enteros` in full, and of `parciales` only the data that their `libros` use."""

    persona: int
    enteros: frozenset[int]
    parciales: frozenset[int]
    libros: frozenset[int]

    def is_whole(self, sujeto_id: int) -> bool:
        """Return whether the person sees all of a subject."""
        return sujeto_id in self.enteros


def reach_of(user: Usuario | AnonymousUser) -> Reach:
    """Return the reach of a person who acts for subjects; that of who acts for none is empty."""
    appointments = [each for each in appointments_of(user) if each.sujeto_id]
    whole = frozenset(each.sujeto_id for each in appointments if each.rol in WHOLE_SUBJECT and each.sujeto_id)
    part = frozenset(each.sujeto_id for each in appointments if each.sujeto_id) - whole
    return Reach(user.pk or 0, whole, part, frozenset(_named_in(appointments)) if part else frozenset())


def acts_of(appointment: Nombramiento) -> frozenset[str]:
    """Return what an appointment lets its person do: of one that was delegated, nothing that never is."""
    acts = ACTS[appointment.rol]
    return acts if appointment.delegado_de_id is None else acts - NEVER_DELEGATED


def may(
    user: Usuario | AnonymousUser,
    act: str,
    *,
    sujeto: SujetoObligado | None = None,
    contabilidad: Contabilidad | None = None,
) -> bool:
    """Return whether a person may do an act, in general or on a subject or a set of books."""
    return any(
        act in acts_of(appointment) and _reaches(appointment, sujeto, contabilidad)
        for appointment in appointments_of(user)
    )


def may_still(user: Usuario | AnonymousUser, act: str, *, sujeto: SujetoObligado | None = None) -> bool:
    """Return whether a person may do an act, read again: for an act that holds its lock, when a role may have ended."""
    forget_appointments()
    return may(user, act, sujeto=sujeto)


def captures_whole(user: Usuario | AnonymousUser, sujeto: SujetoObligado) -> bool:
    """Return whether a person captures in every book of a subject, and not in assigned ones alone."""
    return any(
        appointment.sujeto_id == sujeto.pk and appointment.rol in (Rol.RESPONSABLE, Rol.ADMINISTRADOR_SO)
        for appointment in appointments_of(user)
    )


def _reaches(appointment: Nombramiento, sujeto: SujetoObligado | None, contabilidad: Contabilidad | None) -> bool:
    if appointment.rol in AUTHORITY:
        return True
    if contabilidad is not None:
        if appointment.rol in SOME_BOOKS:
            return contabilidad.pk in _numbers(appointment)
        return appointment.sujeto_id == contabilidad.sujeto_id
    return sujeto is None or appointment.sujeto_id == sujeto.pk


def windows_open(contabilidad: Contabilidad, at: datetime | None = None) -> list[Ventana]:
    """Return the windows in which these books may record at an instant: everybody's, and this subject's corrections."""
    when = at or clock.now()
    return last_windows(
        Ventana.objects.filter(
            Q(sujeto__isnull=True) | Q(sujeto=contabilidad.sujeto_id),
            periodo__etapa=contabilidad.etapa_id,
            abre_el__lte=when,
            cierra_el__gt=when,
        )
        .select_related("periodo")
        .order_by("periodo__numero", "tipo")
    )


def responsable_of(sujeto: SujetoObligado) -> Usuario | None:
    """Return the Responsable de Finanzas of a subject today, who signs its reports."""
    found = in_force(Nombramiento.objects.filter(sujeto=sujeto, rol=Rol.RESPONSABLE))
    appointment = found.select_related("usuario").first()
    return appointment.usuario if appointment else None
