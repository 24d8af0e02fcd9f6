"""Name the columns of lots for people; files keep their own names."""

import re

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

COLUMNS: dict[str, Promise] = {
    "poliza_tmp": _("Su identificador"),
    "periodo": _("Periodo"),
    "tipo": _("Tipo"),
    "subtipo": _("Subtipo"),
    "fecha_operacion": _("Fecha de operación"),
    "descripcion": _("Descripción"),
    "linea": _("Línea"),
    "cuenta": _("Cuenta"),
    "auxiliar_tipo": _("Clase de auxiliar"),
    "auxiliar_id": _("Auxiliar"),
    "concepto": _("Concepto"),
    "cargo": _("Cargo"),
    "abono": _("Abono"),
    "uuid_cfdi": _("Folio fiscal"),
    "id_evento": _("Evento"),
    "evidencia_ref": _("Evidencia"),
    "rfc": _("RFC"),
    "nombre": _("Nombre"),
    "curp": _("CURP"),
    "representante": _("Representante"),
    "domicilio": _("Domicilio"),
    "clabe": _("CLABE"),
    "clave_elector": _("Clave de elector"),
    "folio": _("Folio"),
    "aportante": _("Aportante"),
    "calidad": _("Calidad"),
    "medio": _("Medio"),
    "fecha": _("Fecha"),
    "monto": _("Monto"),
    "cuenta_bancaria": _("Cuenta bancaria"),
    "apertura_el": _("Apertura"),
    "banco": _("Banco"),
    "plaza": _("Plaza"),
    "mancomunada": _("Mancomunada"),
    "relacion": _("Relación"),
    "desde": _("Desde"),
    "hasta": _("Hasta"),
    "titulo": _("Título de uso"),
    "propietario": _("Propietario"),
    "entidad": _("Entidad"),
    "municipio": _("Municipio"),
    "costo": _("Costo"),
    "valuacion": _("Valuación"),
    "oneroso": _("Oneroso"),
    "hora_inicio": _("Hora de inicio"),
    "hora_fin": _("Hora de fin"),
    "lugar": _("Lugar"),
    "responsable": _("Responsable"),
    "proveedor_rfc": _("RFC del proveedor"),
    "objeto": _("Objeto"),
    "suscrito_el": _("Firma"),
    "entrega_el": _("Entrega"),
    "condiciones": _("Condiciones"),
    "precio_unitario": _("Precio unitario"),
    "penalizacion": _("Penalización"),
    "clave": _("Clave"),
    "unidad": _("Unidad"),
    "clase": _("Clase"),
    "numero": _("Número"),
    "adquirido_el": _("Adquisición"),
    "vida_meses": _("Vida útil en meses"),
    "ubicacion": _("Ubicación"),
    "resguardante": _("Resguardante"),
    "persona": _("Persona"),
    "actividad": _("Actividad"),
    "pagado_el": _("Pago"),
    "representacion": _("Representación"),
    "seccion": _("Sección"),
}
_TYPED = re.compile(r"\w+(?:_\w+)+")


def typed_html(text: str) -> SafeString:
    """Return a help in which what is written in the file as it stands, such as «cuenta_bancaria», is marked."""
    return SafeString(_TYPED.sub(r'<code translate="no">\g<0></code>', conditional_escape(text)))
