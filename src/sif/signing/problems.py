"""Word the problems of a certificate, key, seal or cadena in three parts."""

from sif.values import Problem, Refused

# codigo -> (what was seen and what is wanted, what to do). Words between braces come from the case.
_TEXTS: dict[str, tuple[str, str]] = {
    "certificado_ilegible": (
        "El archivo no es un certificado .cer del SAT ({causa}).",
        "Quizá eligió la llave en su lugar: cámbielos. Si no, descargue de nuevo el certificado del SAT.",
    ),
    "llave_ilegible": (
        "El archivo no es una llave .key del SAT ({causa}).",
        "Elija el archivo .key que acompaña a su certificado; no lo convierta a otro formato.",
    ),
    "llave_algoritmo": (
        "La llave usa un cifrado que no se admite ({causa}); se admite PBES2 con PBKDF2 y 3DES o AES.",
        "Descargue o renueve su e.firma en el SAT.",
    ),
    "contrasena": (
        "La contraseña no abre esta llave (distingue mayúsculas). No se ha enviado nada.",
        "Escríbala otra vez; si la olvidó, renueve su e.firma en el SAT.",
    ),
    "no_corresponde": (
        "La llave no es la del certificado de RFC {rfc}.",
        "Elija los dos archivos del mismo juego.",
    ),
    "es_sello": (
        "El certificado de RFC {rfc} es de sello digital (CSD), para facturas; este acto pide e.firma.",
        "Use su e.firma personal.",
    ),
    "es_efirma": (
        "El certificado de RFC {rfc} es una e.firma; una factura se sella con certificado de sello digital (CSD).",
        "Use el certificado de sello digital del contribuyente.",
    ),
    "otro_certificado": (
        "El certificado de RFC {rfc} no es de e.firma ni de sello digital: sus usos de clave son otros.",
        "Use el archivo .cer de su e.firma personal.",
    ),
    "vencido": ("El certificado de RFC {rfc} venció el {dia}.", "Renueve su e.firma en el SAT y firme con la nueva."),
    "aun_no_vigente": (
        "El certificado de RFC {rfc} vale desde el {dia}; aún no estaba vigente.",
        "Espere a esa fecha o firme con el certificado anterior si sigue vigente.",
    ),
    "rfc_ajeno": (
        "El RFC {rfc} no es el de quien debe firmar ({esperado}).",
        "Firme con la e.firma del Responsable de Finanzas registrado, o actualice el registro.",
    ),
    "revocado": ("La e.firma de RFC {rfc} fue revocada el {dia}.", "Tramite una e.firma nueva en el SAT."),
    "emisor_desconocido": (
        "El certificado de RFC {rfc} no procede de una autoridad conocida del SAT.",
        "Use el certificado que expide el SAT. Si abrió una autoridad nueva, agréguela a la tabla.",
    ),
    "emisor_vencido": (
        "La autoridad que emitió el certificado de RFC {rfc} ({emisor}) no estaba vigente el {dia}.",
        "Renueve su e.firma; si la autoridad se renovó, agregue su certificado a la tabla de autoridades.",
    ),
    "llave_debil": (
        "La llave pública de RFC {rfc} es débil ({causa}); se pide RSA de 2048 bits y exponente 65537 o mayores.",
        "Renueve su e.firma en el SAT.",
    ),
    "certificado_debil": (
        "El certificado de RFC {rfc} está firmado por su emisor con {causa}, que ya se puede falsificar.",
        "Renueve su e.firma en el SAT.",
    ),
    "sello_invalido": (
        "El sello del informe {folio} no corresponde a su contenido: no se presentó; los demás, sí.",
        "Ábralo de nuevo, revise que no haya cambiado y fírmelo otra vez.",
    ),
    "cadena_caduca": (
        "Pasaron más de {minutos} minutos desde que se preparó la cadena ({dia}).",
        "Vuelva a abrir la lista y firme.",
    ),
    "cadena_valor": (
        "El valor «{valor}» no cabe en una cadena original: contiene {causa}.",
        "Corrija ese dato en su registro y prepare la cadena de nuevo.",
    ),
    "cadena_desconocida": (
        "El texto no es una cadena original de este sistema ({causa}); se firman las que empiezan «||1.0|INFORME|» o "
        "semejantes.",
        "Descargue de nuevo la cadena desde el informe, sin editarla.",
    ),
}
CODES = frozenset(_TEXTS)


class SigningError(Refused):
    """The received data cannot be used to sign or to verify."""


def texts_of(*codes: str) -> dict[str, tuple[str, str]]:
    """Return what was seen and what to do, by code (of CODES); words between braces come from each case."""
    return {code: _TEXTS[code] for code in codes}


def problem(codigo: str, donde: str, **words: str) -> Problem:
    """Return the Problem of this code (one of CODES) at this place, with the words its text needs."""
    mensaje, cura = _TEXTS[codigo]
    return Problem(codigo, donde, mensaje.format(**words), cura)
