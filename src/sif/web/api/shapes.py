"""Define the messages of the API; amounts are decimal texts."""

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field, StrictStr

Texto = Annotated[StrictStr, Field(max_length=4000)]


class LineaEntra(Schema):
    """A line: a debit or a credit on an account of the lowest level."""

    model_config = ConfigDict(extra="forbid")
    cuenta: Texto = Field(description="Código de último nivel, N-N-NN-NN-NNNN", examples=["5-5-01-03-0000"])
    auxiliar_tipo: Texto = Field("", description="proveedor, aportante, cuenta_bancaria, persona…")
    auxiliar_id: Texto = Field("", description="RFC, CURP, CLABE o número en el catálogo")
    concepto: Texto = ""
    cargo: Texto = Field("", description="Pesos con dos decimales, como texto", examples=["11600.00"])
    abono: Texto = Field("", description="Pesos con dos decimales, como texto")
    uuid_cfdi: Texto = Field("", description="Folio fiscal de un CFDI que ya está en la bandeja")
    id_evento: Texto = Field("", description="Número del evento en la agenda")
    evidencia_ref: Texto = Field("", description="clase:sha256 de un archivo ya cargado")


class PolizaEntra(Schema):
    """A póliza with the identifier that it has in its own program, which is not posted twice."""

    model_config = ConfigDict(extra="forbid")
    id: Texto = Field(description="Identificador en su sistema; no se registra dos veces", examples=["2027-0001"])
    periodo: int
    tipo: Texto = Field("normal", description="normal, correccion, ajuste, jornada")
    subtipo: Texto = Field(description="IG, EG o DR")
    fecha_operacion: Texto = Field(description="AAAA-MM-DD", examples=["2027-04-15"])
    descripcion: Texto
    lineas: list[LineaEntra] = Field(max_length=1000)

    def rows(self) -> list[dict[str, str]]:
        """As rows of the template of pólizas."""
        head = {
            "poliza_tmp": self.id,
            "periodo": str(self.periodo),
            "tipo": self.tipo,
            "subtipo": self.subtipo,
            "fecha_operacion": self.fecha_operacion,
            "descripcion": self.descripcion,
        }
        return [{**head, "linea": str(place), **line.dict()} for place, line in enumerate(self.lineas, 1)]


class Envio(Schema):
    """Pólizas to post, all or none."""

    model_config = ConfigDict(extra="forbid")
    polizas: list[PolizaEntra] = Field(min_length=1, max_length=20_000)


class PolizaRegistrada(Schema):
    """The receipt of one póliza: its identifier, its reference, its place in the chain and its digest."""

    id: str
    referencia: str
    asiento: int
    huella: str


class Registradas(Schema):
    """The answer to a message; the same for each repetition of its key."""

    lote: int
    polizas: list[PolizaRegistrada]


class ErrorDeFila(Schema):
    """A problem: row (the line's place in the message, from 1), póliza, column, code, message and cure."""

    fila: int = 0
    poliza: str = ""
    columna: str = ""
    codigo: str
    mensaje: str
    cura: str = ""


class Problema(Schema):
    """A refusal, as RFC 9457 tells it, with every error in its place."""

    type: str
    title: str
    status: int
    detail: str
    errores: list[ErrorDeFila] = []


class ContabilidadSale(Schema):
    """A set of books that the person may consult."""

    numero: int
    sujeto: str
    nombre: str
    estatus: str
    puede_registrar: bool
    contiende_desde: date | None = Field(
        description="Día de la aprobación de la candidatura; null si no consta o no es de una", examples=["2027-04-03"]
    )
    acuerdo_aprobacion: str = Field(
        description="Acuerdo que aprobó la candidatura; vacío si no consta o no es de una", examples=["INE/CG232/2027"]
    )


class LineaSale(Schema):
    """A line of a posted póliza."""

    linea: int
    cuenta: str
    auxiliar_tipo: str
    auxiliar_id: int | None
    concepto: str
    cargo: str
    abono: str


class PolizaSale(Schema):
    """A posted póliza with its lines."""

    referencia: str
    asiento: int
    id: str = Field(description="El identificador de su sistema, si se cargó por lote o programa")
    periodo: int
    tipo: str
    subtipo: str
    fecha_operacion: date
    registrada_el: datetime
    concepto: str
    total: str
    huella: str
    lineas: list[LineaSale]


class Pagina(Schema):
    """A page of pólizas; siguiente is None in the last."""

    total: int
    siguiente: int | None
    polizas: list[PolizaSale]


class SaldoSale(Schema):
    """A row of the trial balance."""

    cuenta: str
    nombre: str
    cargos: str
    abonos: str
    saldo: str


class LoteSale(Schema):
    """A lot and its counts."""

    lote: int
    tipo: str
    origen: str
    nombre: str
    sha256: str
    estado: str
    recibido_el: datetime
    renglones: int
    con_error: int
    aplicadas: int


class LoteDetalle(LoteSale):
    """A lot with the errors of some of its rows; siguiente is None where no others follow."""

    errores: list[ErrorDeFila]
    siguiente: int | None


class CuentaSale(Schema):
    """An account that lines may carry, and the auxiliary that it asks for."""

    cuenta: str
    nombre: str
    naturaleza: str
    auxiliar: str
