"""Define the typed values of a CFDI: invoice, lines, INE complement and result of a reading."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from sif.values import Money, Problem

SealState = Literal["valido", "invalido", "ausente", "no_verificable"]
INE_NAMESPACE = "http://www.sat.gob.mx/ine"


@dataclass(frozen=True, slots=True)
class Concepto:
    """One line. `linea` from 1; `cantidad_milesimas` and amounts rounded half up where the file has more decimals."""

    linea: int
    descripcion: str
    unidad: str
    cantidad_milesimas: int
    valor_unitario: Money
    importe: Money
    clave_producto: str


@dataclass(frozen=True, slots=True)
class Relacionado:
    """Another CFDI that this one names: `tipo` of SAT's c_TipoRelacion ('' in 3.2) and its folio fiscal."""

    tipo: str
    uuid: str


@dataclass(frozen=True, slots=True)
class EntidadIne:
    """An entidad of the INE complement. `ambito` is 'Local', 'Federal' or ''; `contabilidades` are the ids of SIF."""

    clave: str
    ambito: str
    contabilidades: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplementoIne:
    """The INE complement 1.1 as written; an absent attribute is '' or None."""

    version: str
    tipo_proceso: str
    tipo_comite: str
    id_contabilidad: int | None
    entidades: tuple[EntidadIne, ...]

    @property
    def contabilidades(self) -> tuple[int, ...]:
        """Every contabilidad it names, in order, without repetition."""
        own = () if self.id_contabilidad is None else (self.id_contabilidad,)
        return tuple(dict.fromkeys(own + tuple(id_ for entidad in self.entidades for id_ in entidad.contabilidades)))

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif cfdi verificar --json` prints; what the complement does not say is None."""
        return {
            "tipo_proceso": self.tipo_proceso or None,
            "tipo_comite": self.tipo_comite or None,
            "id_contabilidad": self.id_contabilidad,
            "entidades": [
                {"clave": each.clave, "ambito": each.ambito or None, "contabilidades": list(each.contabilidades)}
                for each in self.entidades
            ],
        }


@dataclass(frozen=True, slots=True)
class Timbre:
    """The TimbreFiscalDigital: what the certifying provider (PAC) attests. `fecha` aware, in the legal zone."""

    version: str
    uuid: str
    fecha: datetime | None
    rfc_pac: str
    serie_sat: str
    sello: str


@dataclass(frozen=True, slots=True)
class DocumentoPagado:
    """An invoice that a payment pays, in part or whole: its folio fiscal, the instalment, and its balance around it."""

    uuid: str
    parcialidad: int
    saldo_anterior: Money
    pagado: Money
    saldo_insoluto: Money


@dataclass(frozen=True, slots=True)
class PagoCfdi:
    """A payment of the complement Pagos. `fecha` None when unreadable; `forma` of SAT's c_FormaPago."""

    fecha: date | None
    forma: str
    moneda: str
    monto: Money
    documentos: tuple[DocumentoPagado, ...]


@dataclass(frozen=True, slots=True)
class Nomina:
    """The complement of payroll: whose, the day of payment, what was earned (other payments in it) and deducted."""

    curp: str
    fecha: date | None
    percepciones: Money
    deducciones: Money


@dataclass(frozen=True, slots=True)
class Donataria:
    """The complement of donations: number and day of the authorization to receive them."""

    autorizacion: str
    fecha: date


@dataclass(frozen=True, slots=True)
class Cfdi:
    """An invoice of version 3.2, 3.3 or 4.0.

    `tipo` is I, E, T, N or P (words of 3.2 are turned into letters); `fecha` aware, read in the legal zone because the
    file gives local time alone; amounts are in `moneda`, of which only MXN are pesos; `complementos` are the names of
    the elements under Complemento, in order; `xml_sha256` is of the file as received.
    """

    version: str
    uuid: str
    tipo: str
    serie: str
    folio: str
    fecha: datetime
    emisor_rfc: str
    emisor_nombre: str
    receptor_rfc: str
    receptor_nombre: str
    subtotal: Money
    total: Money
    moneda: str
    forma_pago: str
    metodo_pago: str
    conceptos: tuple[Concepto, ...]
    ine: ComplementoIne | None
    complementos: tuple[str, ...]
    relacionados: tuple[Relacionado, ...]
    xml_sha256: str
    no_certificado: str
    timbre: Timbre | None
    pagos: tuple[PagoCfdi, ...] = ()
    nomina: Nomina | None = None


@dataclass(frozen=True, slots=True)
class Lectura:
    """The outcome of reading one file: what it is called, the invoice if it is one, its seals, everything found wrong.

    `sello` says whether the seal corresponds to the content under the certificate inside the file; whether that
    certificate deserves trust is said by the problems. `timbre_sello` is the same for the seal of the PAC, whose
    certificate is not in the file. `datos` are the bytes of the XML when it was read as a CFDI.
    """

    archivo: str
    cfdi: Cfdi | None
    sello: SealState
    problemas: tuple[Problem, ...]
    timbre_sello: SealState = "ausente"
    datos: bytes = field(default=b"", repr=False, compare=False)

    @property
    def is_trustworthy(self) -> bool:
        """Return whether the file is a CFDI with a valid seal and without problems."""
        return self.cfdi is not None and self.sello == "valido" and not self.problemas

    def as_dict(self) -> dict[str, object]:
        """Return the shape that `sif cfdi verificar --json` prints."""
        cfdi = self.cfdi
        return {
            "archivo": self.archivo,
            "version": cfdi.version if cfdi else None,
            "uuid": (cfdi.uuid or None) if cfdi else None,
            "emisor": cfdi.emisor_rfc if cfdi else None,
            "receptor": cfdi.receptor_rfc if cfdi else None,
            "total": cfdi.total.plain() if cfdi else None,
            "sello": self.sello,
            "ine": cfdi.ine.as_dict() if cfdi and cfdi.ine else None,
            "problemas": [problem.as_dict() for problem in self.problemas],
        }
