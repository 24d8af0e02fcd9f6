"""Write the outcome of a rule as people read it: its key is ASCII, and Spanish is not."""

from sif.values.texts import capitalized

_SPELLED = {
    "antiguedad": "antigüedad", "articulo": "artículo", "cancelacion": "cancelación", "catalogo": "catálogo",
    "coalicion": "coalición", "comun": "común", "deposito": "depósito", "despues": "después",
    "extemporanea": "extemporánea", "extemporaneo": "extemporáneo", "fisica": "física", "habil": "hábil",
    "inhabil": "inhábil", "invalido": "inválido", "limite": "límite", "mas": "más", "operacion": "operación",
    "pdf": "PDF", "poliza": "póliza", "produccion": "producción", "reversion": "reversión", "rfc": "RFC",
    "tardia": "tardía", "tardio": "tardío", "transito": "tránsito", "unica": "única", "unico": "único",
    "valido": "válido", "valuacion": "valuación", "xml": "XML",
}  # fmt: skip
"""Words of keys that are written with an accent or in capitals."""


def outcome_words(key: str) -> str:
    """Return the words of an outcome: «sin_poliza» gives «Sin póliza»."""
    return capitalized(" ".join(_SPELLED.get(word, word) for word in key.split("_")))
