"""Open, report and close bank accounts, and authorise series of receipts."""

from dataclasses import dataclass
from datetime import date

import clabe as banks
from django.conf import settings

from sif.catalogs.models import SerieRecibos
from sif.catalogs.services.refusal import Check, refuse_stranger
from sif.law.parameters import value_on
from sif.law.receipts import format_of, load_receipt_formats
from sif.registry import clock
from sif.registry.locks import lock_contabilidades, lock_sujeto
from sif.registry.models import (
    AvisoCuenta,
    CancelacionCuenta,
    Contabilidad,
    CuentaBancaria,
    SujetoObligado,
    Usuario,
)
from sif.registry.scope import acting
from sif.registry.services import register_cuenta_bancaria
from sif.values import Clabe, InvalidKey

MOST_FOLIOS = 100_000


@dataclass(frozen=True, slots=True)
class NewCuenta:
    """A bank account just opened; `banco` is read from the CLABE unless the bank is not known by it."""

    contabilidad_id: int
    clabe: str
    apertura_el: date
    tipo: str
    plaza: str = ""
    mancomunada: bool = False
    banco: str = ""


@dataclass(frozen=True, slots=True)
class NewSerie:
    """A series of folios to authorise, both ends included; `clave` begins with that of its format: RSEF, RSEF-41203."""

    sujeto_id: int
    clave: str
    desde: int
    hasta: int


def bank_of(clabe: str) -> str:
    """Return the bank that a CLABE names, or '' if its three first digits name none."""
    try:
        return str(banks.get_bank_name(clabe))
    except (ValueError, KeyError):
        return ""


def open_cuenta(new: NewCuenta, by: Usuario) -> CuentaBancaria:
    """Register a bank account of some books. Raises Refused: a bad CLABE, or a second account of campaign."""
    books = Contabilidad.objects.select_related("sujeto").get(pk=new.contabilidad_id)
    refuse_stranger(by, books=books)
    check = Check()
    key = _clabe(check, new.clabe)
    needed = "el nombre del banco" if key else ""
    banco = bank_of(key) or check.text("banco", new.banco, 60, what=needed)
    plaza = check.text("plaza", new.plaza, 80)
    if new.tipo not in CuentaBancaria.Tipo.values:
        check.say("tipo", "tipo", f"El tipo «{new.tipo}» no existe.", f"Use: {', '.join(CuentaBancaria.Tipo.values)}.")
    if new.apertura_el > clock.today():
        check.say("fecha_futura", "apertura_el", f"El {new.apertura_el:%d/%m/%Y} todavía no llega.", "Corríjala.")
    with acting():
        lock_contabilidades([books.pk])  # two people opening at once must see each other
        if key and books.cuentas_bancarias.filter(clabe=key).exists():
            check.say("repetida", "clabe", f"La cuenta {key} ya está en esta contabilidad.", "No hace falta más.")
        _one_of_campaign(check, books, new)
        check.done()
        return register_cuenta_bancaria(
            books, key, banco, new.apertura_el, tipo=new.tipo, plaza=plaza, mancomunada=new.mancomunada
        )


def _clabe(check: Check, text: str) -> str:
    try:
        return str(Clabe(text.replace(" ", "")))
    except InvalidKey as refused:
        check.say("clabe", "clabe", refused.seen, refused.cure)
        return ""


def _one_of_campaign(check: Check, books: Contabilidad, new: NewCuenta) -> None:
    campaign = CuentaBancaria.Tipo.CAMPANA
    if new.tipo != campaign or books.clase != Contabilidad.Clase.CANDIDATURA:
        return
    most = value_on("cuentas_campana_por_candidatura", new.apertura_el, settings.JURISDICTION)
    opened = books.cuentas_bancarias.filter(tipo=campaign, cancelacion=None)
    if opened.count() >= most:
        first = opened[0]
        check.say(
            "una_por_candidatura",
            "tipo",
            f"La candidatura ya tiene abierta la cuenta de campaña {first.clabe} ({first.banco}); se admite {most} "
            "(RF 59.1, por confirmar).",
            "Cancele la otra o elija otro tipo de cuenta.",
        )


def report_cuenta(cuenta: CuentaBancaria, fecha: date, by: Usuario) -> CuentaBancaria:
    """Record the day on which the authority was told of the account [RF 54.1]. Raises Refused."""
    with acting():
        standing = _locked(cuenta, by)
        check = Check()
        if standing.avisada_el:
            check.say("avisada", "fecha", f"Ya se avisó el {standing.avisada_el:%d/%m/%Y}.", "No hace falta más.")
        _between(check, fecha, standing)
        check.done()
        AvisoCuenta.objects.create(**_act(standing, fecha, by))
        return standing


def cancel_cuenta(cuenta: CuentaBancaria, fecha: date, by: Usuario) -> CuentaBancaria:
    """Record the day on which the bank closed the account; it stays in the catalogue. Raises Refused."""
    with acting():
        standing = _locked(cuenta, by)
        check = Check()
        if standing.cancelada_el:
            check.say("cancelada", "fecha", f"Ya se canceló el {standing.cancelada_el:%d/%m/%Y}.", "No hace falta más.")
        _between(check, fecha, standing)
        check.done()
        CancelacionCuenta.objects.create(**_act(standing, fecha, by))
        return standing


def _locked(cuenta: CuentaBancaria, by: Usuario) -> CuentaBancaria:
    """Lock the books of an account and return it as it stands, without what was read of it before."""
    [books] = lock_contabilidades([cuenta.contabilidad_id])
    refuse_stranger(by, books=books)
    return CuentaBancaria.objects.select_related("contabilidad", "aviso", "cancelacion").get(pk=cuenta.pk)


def _act(cuenta: CuentaBancaria, fecha: date, by: Usuario) -> dict[str, object]:
    return {
        "cuenta": cuenta,
        "contabilidad": cuenta.contabilidad,
        "fecha": fecha,
        "hecho_el": clock.now(),
        "hecho_por": by,
    }


def _between(check: Check, fecha: date, cuenta: CuentaBancaria) -> None:
    if not cuenta.apertura_el <= fecha <= clock.today():
        check.say(
            "fecha",
            "fecha",
            f"El {fecha:%d/%m/%Y} no está entre la apertura ({cuenta.apertura_el:%d/%m/%Y}) y hoy.",
            "Corrija la fecha.",
        )


def authorize_serie(new: NewSerie, by: Usuario) -> SerieRecibos:
    """Authorise a series of folios of receipts; folios of two series never coincide. Raises Refused."""
    sujeto = SujetoObligado.objects.get(pk=new.sujeto_id)
    refuse_stranger(by, sujeto=sujeto)
    check = Check()
    clave = check.text("clave", new.clave.upper(), 16, what="la clave de la serie").replace(" ", "")
    if clave and format_of(clave, settings.JURISDICTION) is None:
        known = ", ".join(load_receipt_formats(settings.JURISDICTION))
        check.say(
            "formato", "clave", f"«{clave}» no empieza con la clave de un formato.", f"Use {known}, con guion y más."
        )
    if not 1 <= new.desde <= new.hasta:
        check.say("folios", "hasta", f"Los folios van de {new.desde} a {new.hasta}.", "El primero es 1 o más.")
    elif new.hasta - new.desde >= MOST_FOLIOS:
        check.say("folios", "hasta", f"Son {new.hasta - new.desde + 1:,} folios.", f"Autorice hasta {MOST_FOLIOS:,}.")
    with acting():
        lock_sujeto(sujeto.pk)  # two series of the same folios would both pass
        other = SerieRecibos.objects.filter(
            sujeto=sujeto, clave=clave, desde__lte=new.hasta, hasta__gte=new.desde
        ).first()
        if other is not None:
            check.say(
                "traslape",
                "desde",
                f"La serie {clave} ya tiene los folios {other.desde} a {other.hasta}.",
                f"Empiece en {other.hasta + 1}.",
            )
        check.done()
        return SerieRecibos.objects.create(
            sujeto=sujeto, clave=clave, desde=new.desde, hasta=new.hasta, autorizada_el=clock.now(), autorizada_por=by
        )
