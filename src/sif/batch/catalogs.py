"""Apply one row of a catalogue through the service of that catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sif.batch.auxiliaries import Resolver
from sif.batch.cells import Values
from sif.books.models import Contrato
from sif.books.services.registros import (
    NewAviso,
    NewCep,
    NewContrato,
    NewRepap,
    give_notice,
    issue_cep,
    issue_repap,
    sign_contrato,
)
from sif.catalogs.models import Evento
from sif.catalogs.services.accounts import NewCuenta, open_cuenta
from sif.catalogs.services.campaign_events import NewEvento, register_evento
from sif.catalogs.services.campaign_goods import (
    NewActivo,
    NewArticulo,
    NewCasa,
    register_activo,
    register_articulo,
    register_casa,
)
from sif.catalogs.services.people import (
    NewAportante,
    NewPersona,
    NewProveedor,
    save_aportante,
    save_persona,
    save_proveedor,
)
from sif.registry.history import current
from sif.registry.models import Contabilidad, Usuario
from sif.values import Money, Problem, Refused, Unread


@dataclass(frozen=True, slots=True)
class Ventanilla:
    """The person who loads, the books to load into, and the finder of the records that cells name."""

    contabilidad: Contabilidad
    by: Usuario
    resolver: Resolver

    def find(self, column: str, kind: str, text: str) -> int:
        """Return the number of what a cell names. Raises Refused."""
        try:
            return self.resolver.find(kind, text)
        except Unread as bad:
            raise Refused(Problem(bad.codigo, column, bad.seen, bad.cure)) from bad


def apply_row(kind: str, values: Values, window: Ventanilla) -> str:
    """Apply one row and say in words what came of it. Raises what its service raises, with `.problems`."""
    return _APPLY[kind](values, window)


def _text(values: Values) -> dict[str, Any]:
    """Return the values with '' for the texts that are empty."""
    return {name: "" if value is None else value for name, value in values.items()}


def _supplier(values: Values, window: Ventanilla) -> str:
    made = save_proveedor(NewProveedor(sujeto_id=window.contabilidad.sujeto_id, **_text(values)), window.by)
    return f"Proveedor {made.proveedor.rfc}"


def _donor(values: Values, window: Ventanilla) -> str:
    made = save_aportante(NewAportante(sujeto_id=window.contabilidad.sujeto_id, **_text(values)), window.by)
    return f"Aportante A{made.identidad}"


def _account(values: Values, window: Ventanilla) -> str:
    known = {**_text(values), "mancomunada": bool(values["mancomunada"])}
    made = open_cuenta(NewCuenta(contabilidad_id=window.contabilidad.pk, **known), window.by)
    return f"Cuenta {made.clabe}, {made.banco}"


def _person(values: Values, window: Ventanilla) -> str:
    known = {name: value for name, value in values.items() if value is not None}
    made = save_persona(NewPersona(sujeto_id=window.contabilidad.sujeto_id, **known), window.by)
    return f"Persona P{made.persona.identidad}"


def _house(values: Values, window: Ventanilla) -> str:
    known = {name: value for name, value in values.items() if value is not None}
    return f"Casa {register_casa(window.contabilidad, NewCasa(**known), window.by).nombre}"[:200]


def _event(values: Values, window: Ventanilla) -> str:
    same = {name: values[name] for name in ("nombre", "fecha", "hora_inicio")}
    if current(Evento.objects.filter(contabilidad=window.contabilidad, **same)).exists():
        raise Refused(
            Problem("repetido", "nombre", "Ese evento ya está en la agenda, ese día a esa hora.", "Quite el renglón.")
        )
    return f"Evento {register_evento(window.contabilidad, NewEvento(**values), window.by).numero}"


def _notice(values: Values, window: Ventanilla) -> str:
    supplier = window.find("proveedor_rfc", "proveedor", values["proveedor_rfc"])
    contract = {name: values[name] for name in ("objeto", "suscrito_el", "entrega_el")}
    new = NewContrato(proveedor_id=supplier, monto=values["monto"], **contract)
    same = Contrato.objects.filter(
        contabilidad=window.contabilidad,
        proveedor=supplier,
        objeto=new.objeto,
        suscrito_el=new.suscrito_el,
        monto=new.monto.centavos,
    )
    if same.exists():
        raise Refused(
            Problem("repetido", "objeto", "Ese contrato ya está registrado, con ese día y monto.", "Quite el renglón.")
        )
    signed = sign_contrato(window.contabilidad, new, window.by)
    notice = NewAviso(values["condiciones"], values["precio_unitario"], values["penalizacion"] or "")
    return f"Aviso {give_notice(signed, notice, window.by).folio}"


def _article(values: Values, window: Ventanilla) -> str:
    return f"Artículo {register_articulo(window.contabilidad, NewArticulo(**values), window.by).clave}"


def _asset(values: Values, window: Ventanilla) -> str:
    known = {**values, "vida_meses": values["vida_meses"] or 0}
    return f"Activo {register_activo(window.contabilidad, NewActivo(**known), window.by).numero}"


def _repap(values: Values, window: Ventanilla) -> str:
    known = {name: value for name, value in values.items() if name != "persona"}
    person = window.find("persona", "persona", values["persona"])
    return f"Recibo {issue_repap(window.contabilidad, NewRepap(persona_id=person, **known), window.by).folio}"


def _cep(values: Values, window: Ventanilla) -> str:
    known = {name: value for name, value in values.items() if name != "persona"}
    known |= {"monto": values["monto"] or Money(0), "medio": values["medio"] or "", "seccion": values["seccion"] or ""}
    person = window.find("persona", "persona", values["persona"])
    return f"CEP {issue_cep(window.contabilidad, NewCep(persona_id=person, **known), window.by).folio}"


_APPLY: dict[str, Callable[[Values, Ventanilla], str]] = {
    "proveedores": _supplier,
    "aportantes": _donor,
    "cuentas_bancarias": _account,
    "personas": _person,
    "casas": _house,
    "eventos": _event,
    "avisos": _notice,
    "articulos": _article,
    "activos": _asset,
    "repap": _repap,
    "cep": _cep,
}
KINDS = frozenset(_APPLY)
