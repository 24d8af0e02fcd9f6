"""Write processes, subjects, candidacies with their books, and appointments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max

from sif.law.parameters import load_parameters, value_on
from sif.registry import clock
from sif.registry.appointments import appoint as appoint
from sif.registry.appointments import end_nombramiento as end_nombramiento
from sif.registry.eyes import person_rfc
from sif.registry.history import StaleVersion, add_version, current, current_of
from sif.registry.locks import hold, lock_contabilidades
from sif.registry.models import (
    Aportante,
    CancelacionContabilidad,
    Candidatura,
    Cargo,
    Contabilidad,
    CuentaBancaria,
    Etapa,
    IntegranteCoalicion,
    Periodo,
    Persona,
    Proceso,
    Proveedor,
    RegistroRnp,
    SujetoObligado,
    Territorio,
    TopeContabilidad,
    Usuario,
    Ventana,
)
from sif.registry.scope import acting, registering
from sif.registry.windows import normal_windows
from sif.values import Clabe, Rfc

FIRST_NUMBER = 41201


@dataclass(frozen=True, slots=True)
class NewCandidatura:
    """A candidacy to approve: who, for what office, where, by whom; cap in centavos with the accord that sets it.

    aprobada_el: the day from which it contends, by the accord that approved it; None where nobody knows it.
    """

    folio: str
    persona: Persona
    sujeto: SujetoObligado
    cargo: Cargo
    territorio: Territorio
    tope: int | None = None
    tope_acuerdo: str = ""
    aprobada_el: date | None = None
    acuerdo_aprobacion: str = ""


def create_proceso(**fields: object) -> Proceso:
    """Register a process; fields as the model's."""
    with registering():
        return Proceso.objects.create(**fields)


def create_etapa(
    proceso: Proceso, tipo: str, inicia_el: date, termina_el: date, *, acuerdo: str = "", plazos: Sequence[int] = ()
) -> Etapa:
    """Register a stage; an accord may change its terms of review (six numbers of days)."""
    with registering():
        return Etapa.objects.create(
            proceso=proceso,
            tipo=tipo,
            inicia_el=inicia_el,
            termina_el=termina_el,
            acuerdo=acuerdo,
            plazos=list(plazos) or None,
        )


def open_periods(etapa: Etapa) -> list[Periodo]:
    """Cut a stage in periods of the days that the law gives them, each with its normal window.

    The window closes with the term of the report of its period.
    """
    term = value_on("plazo_informe_campana_dias", etapa.inicia_el, settings.JURISDICTION)
    length = load_parameters(settings.JURISDICTION)["periodo_campana_dias"].on(etapa.inicia_el)
    periods = []
    with transaction.atomic(), registering():
        desde, numero = etapa.inicia_el, 1
        while desde <= etapa.termina_el:
            hasta = min(desde + timedelta(days=length.valor - 1), etapa.termina_el)
            period = Periodo.objects.create(etapa=etapa, numero=numero, desde=desde, hasta=hasta)
            Ventana.objects.create(
                periodo=period,
                tipo=Ventana.Tipo.NORMAL,
                base=length.base,
                abre_el=clock.midnight(desde),
                cierra_el=clock.midnight(hasta + timedelta(days=term + 1)),
            )
            periods.append(period)
            desde, numero = hasta + timedelta(days=1), numero + 1
    return periods


def open_correction(
    etapa: Etapa,
    sujeto: SujetoObligado,
    desde: datetime,
    hasta: datetime,
    base: str,
    periodos: Sequence[Periodo] | None = None,
) -> list[Ventana]:
    """Open to one subject the correction of the periods that its oficio opens, until its answer is due.

    periodos: those periods, of the stage; every one of the stage unless told.

    The correction of a period opens where its normal window ended, and one that another oficio opened: no two run at
    once, so that what is recorded in time is never taken for a correction.
    """
    with acting():
        correction = Ventana.Tipo.CORRECCION
        ended = {window.periodo_id: window.cierra_el for window in normal_windows([etapa.pk])[etapa.pk]}
        before = Ventana.objects.filter(periodo__etapa=etapa, tipo=correction, sujeto=sujeto)
        ended.update(before.order_by("cierra_el").values_list("periodo", "cierra_el"))
        opened = etapa.periodos.order_by("numero") if periodos is None else periodos
        starts = {period: max(desde, ended.get(period.pk, desde)) for period in opened}
        with registering():
            return [
                Ventana.objects.create(
                    periodo=period, tipo=correction, sujeto=sujeto, abre_el=start, cierra_el=hasta, base=base
                )
                for period, start in starts.items()
                if start < hasta
            ]


def register_sujeto(tipo: str, numero: str, siglas: str, nombre: str, rfc: str = "") -> SujetoObligado:
    """Register a bound subject. Raises InvalidKey on a malformed RFC."""
    with registering():
        return SujetoObligado.objects.create(
            tipo=tipo, numero=numero, siglas=siglas, nombre=nombre, rfc=str(Rfc(rfc)) if rfc else ""
        )


def open_contabilidad(etapa: Etapa, sujeto: SujetoObligado, clase: str, *, number: int | None = None) -> Contabilidad:
    """Open books that belong to no candidacy (concentradora, ordinaria)."""
    with transaction.atomic(), registering():
        return Contabilidad.objects.create(
            id=number or next_number(), etapa=etapa, sujeto=sujeto, clase=clase, habilitada_el=clock.now()
        )


def approve_candidatura(
    etapa: Etapa, new: NewCandidatura, *, by: Usuario | None = None, number: int | None = None
) -> Contabilidad:
    """Approve a candidacy: its books are created by that act, with the next free number of six digits.

    Without a cap of its own it has that of its office and place, where an accord gave the same one to all who contend
    there. by: who fixes the cap that comes with it; None where a file is loaded by who operates.
    """
    with transaction.atomic(), registering():
        cap = (new.tope, new.tope_acuerdo) if new.tope is not None else _cap_of_seat(etapa, new.cargo, new.territorio)
        candidatura = _record_candidatura(etapa, new)
        books = Contabilidad.objects.create(
            id=number or next_number(),
            etapa=etapa,
            sujeto=new.sujeto,
            clase=Contabilidad.Clase.CANDIDATURA,
            candidatura=candidatura,
            habilitada_el=clock.now(),
        )
        if cap is not None:
            books.topes.create(tope=cap[0], acuerdo=cap[1], fijado_el=books.habilitada_el, fijado_por=by)
        return books


def _cap_of_seat(etapa: Etapa, cargo: Cargo, territorio: Territorio) -> tuple[int, str] | None:
    """Return the cap in force, with its accord, of an office and place of a stage; None unless there is one alone."""
    books = Contabilidad.objects.filter(
        etapa=etapa, candidatura__cargo=cargo, candidatura__territorio=territorio, cancelacion=None
    )
    last = TopeContabilidad.objects.filter(contabilidad__in=books).order_by("contabilidad", "-pk")
    found = set(last.distinct("contabilidad").values_list("tope", "acuerdo"))
    return found.pop() if len(found) == 1 and all(accord for _cap, accord in found) else None


def next_number() -> int:
    """Return the next free number of contabilidad; the table is locked so that two approvals never take the same."""
    hold("registry_contabilidad.id")
    return max(FIRST_NUMBER, (Contabilidad.objects.aggregate(Max("id"))["id__max"] or 0) + 1)


def cancel_contabilidad(contabilidad: Contabilidad, motivo: str, by: Usuario) -> Contabilidad:
    """Cancel books: they keep their data and still owe what they spent, but record no more. Twice is once."""
    with acting():
        [books] = lock_contabilidades([contabilidad.pk])
        with registering(by.pk):
            CancelacionContabilidad.objects.get_or_create(
                contabilidad=books, defaults={"motivo": motivo, "hecho_el": clock.now(), "hecho_por": by}
            )
    contabilidad.refresh_from_db()
    return contabilidad


def set_tope(contabilidad: Contabilidad, tope: int, acuerdo: str, by: Usuario) -> TopeContabilidad:
    """Set the spending cap of some books, in centavos, by an accord; what was done under the one before stays so."""
    with acting():
        [books] = lock_contabilidades([contabilidad.pk])
        with registering(by.pk):
            return books.topes.create(tope=tope, acuerdo=acuerdo, fijado_el=clock.now(), fijado_por=by)


def set_topes(caps: Mapping[int, int], acuerdo: str, by: Usuario) -> int:
    """Set the caps of many books at once, in centavos by their number; return how many were not so already."""
    with acting():
        books = lock_contabilidades(caps)
        before = TopeContabilidad.objects.filter(contabilidad__in=caps).order_by("pk")
        ruling = {pk: (cap, accord) for pk, cap, accord in before.values_list("contabilidad_id", "tope", "acuerdo")}
        now = clock.now()
        rows = [
            TopeContabilidad(contabilidad=each, tope=caps[each.pk], acuerdo=acuerdo, fijado_el=now, fijado_por=by)
            for each in books
            if ruling.get(each.pk) != (caps[each.pk], acuerdo)
        ]
        with registering():
            TopeContabilidad.objects.bulk_create(rows, batch_size=2_000)
    return len(rows)


def create_usuario(
    username: str, nombre: str, password: str | None, *, rfc: str = "", password_hash: str = ""
) -> Usuario:
    """Create a person who signs in; None as password: by other ways alone; `password_hash` shares one derivation.

    Raises InvalidKey for an RFC that is not of a natural person.
    """
    own = person_rfc(rfc) if rfc else ""
    return Usuario.objects.create(
        username=username, nombre=nombre, rfc=own, password=password_hash or make_password(password)
    )


def person_of(curp: str) -> Persona | None:
    """Return the person of a CURP as it stands; None for one that the pass does not show, and for ''."""
    return current(Persona.objects.filter(curp=curp)).first() if curp else None


def person_anywhere(curp: str) -> Persona | None:
    """Return the person of a whole CURP whichever subject registered it, past the wall that hides it from others."""
    with registering():
        return person_of(curp)


def register_persona(nombre: str, curp: str = "", *, by: Usuario | None = None, **facts: str) -> Persona:
    """Return the person of that CURP as it stands, registered if it was not; without a CURP, another person.

    facts: rfc, sexo.
    """
    if (known := person_anywhere(curp)) is not None:
        return known
    with registering():
        return Persona.objects.create(
            nombre=nombre, curp=curp or None, registrada_el=clock.now(), registrada_por=by, **facts
        )


def nominated_persona(nombre: str, curp: str, by: Usuario | None, **facts: str) -> Persona:
    """The person of that CURP as the authority registers who contends, who else may have said what of them before.

    What differs is a version of its own, and those who cite the one before keep it. facts: rfc, sexo; '' says nothing.
    """
    known = register_persona(nombre, curp, by=by, **facts)
    said = {"nombre": nombre, **{name: value for name, value in facts.items() if value}}
    while True:
        try:
            return add_version(known, said, _AS_NOMINATED, by)
        except StaleVersion:
            known = current_of(known)


_AS_NOMINATED = "Así la registró la autoridad al aprobar su candidatura."


def register_proveedor(rfc: str, nombre: str) -> Proveedor:
    """Return the supplier of that RFC, registered if it was not. Raises InvalidKey."""
    own = str(Rfc(rfc))
    if (known := Proveedor.objects.filter(rfc=own).first()) is not None:
        return known
    with acting():
        return Proveedor.objects.get_or_create(rfc=own, defaults={"nombre": nombre[:200]})[0]


def register_rnp(proveedor: Proveedor, folio: str, desde: date, hasta: date = date(9999, 12, 31)) -> RegistroRnp:
    """Record a span of active registration of a supplier; spans of one supplier never overlap."""
    with registering():
        return RegistroRnp.objects.create(proveedor=proveedor, folio=folio, desde=desde, hasta=hasta)


def register_member(
    coalicion: SujetoObligado, sujeto: SujetoObligado, participacion_pb: int, desde: date
) -> IntegranteCoalicion:
    """Record the share of a party in a coalition from a day, in hundredths of a percent."""
    with registering():
        return IntegranteCoalicion.objects.create(
            coalicion=coalicion, sujeto=sujeto, participacion_pb=participacion_pb, desde=desde
        )


def register_cuenta_bancaria(
    contabilidad: Contabilidad, clabe: str, banco: str, apertura_el: date, **traits: object
) -> CuentaBancaria:
    """Register a bank account of some books, in the name of their subject. Raises InvalidKey on a bad CLABE.

    traits: tipo (what the books are for unless told), plaza, mancomunada.
    """
    kinds = {Contabilidad.Clase.CANDIDATURA: "campana", Contabilidad.Clase.CONCENTRADORA: "concentradora"}
    traits.setdefault("tipo", kinds.get(Contabilidad.Clase(contabilidad.clase), "ordinaria"))
    with acting():
        return CuentaBancaria.objects.create(
            contabilidad=contabilidad,
            clabe=str(Clabe(clabe)),
            banco=banco,
            titular_rfc=contabilidad.sujeto.rfc,
            apertura_el=apertura_el,
            **traits,
        )


def register_aportante(sujeto: SujetoObligado, nombre: str, *, by: Usuario | None = None, **keys: str) -> Aportante:
    """Register a donor as a subject captures it; the same person may stand in several records.

    keys: rfc, curp, clave_elector.
    """
    with acting():
        return Aportante.objects.create(
            sujeto=sujeto, nombre=nombre, registrada_el=clock.now(), registrada_por=by, **keys
        )


def record_candidatura(etapa: Etapa, new: NewCandidatura) -> Candidatura:
    """Record a candidacy that opens no books, as that of a substitute."""
    with registering():
        return _record_candidatura(etapa, new)


def _record_candidatura(etapa: Etapa, new: NewCandidatura) -> Candidatura:
    return Candidatura.objects.create(
        etapa=etapa,
        persona=new.persona,
        sujeto=new.sujeto,
        cargo=new.cargo,
        territorio=new.territorio,
        folio=new.folio,
        aprobada_el=new.aprobada_el,
        acuerdo_aprobacion=new.acuerdo_aprobacion or None,
    )
