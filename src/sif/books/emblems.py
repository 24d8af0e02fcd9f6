"""Check the file of an emblem, draw it anew in the confined process, and keep both by their digests."""

from dataclasses import dataclass

from sif.books.services import store_file
from sif.registry.opening import opened
from sif.sandbox.client import Late, Unopened
from sif.values import refusal

MOST_BYTES = 2 * 2**20
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_SVG_WITHIN = 4096  # bytes in which an SVG says that it is one
_AS_PNG = "Expórtelo como PNG de 512 puntos por lado o más."


@dataclass(frozen=True, slots=True)
class KeptEmblem:
    """The digests of an emblem: of its file as given, and of the PNG drawn of it."""

    sha256: str
    figura_sha256: str


def keep_emblem(data: bytes) -> KeptEmblem:
    """Draw an emblem and keep its file and its figure. Raises Refused at `archivo` for what is no emblem."""
    if len(data) > MOST_BYTES:
        told = f"Pesa {len(data) / 2**20:.1f} MB y se admiten hasta {MOST_BYTES // 2**20}."
        raise refusal("grande", "archivo", told, "Guárdelo con menos puntos: con 512 por lado basta.")
    if not data.startswith((_PNG, _JPEG)):
        if b"<svg" in data[:_SVG_WITHIN].lower():
            told = "Es un SVG, que puede llevar programas: correrían en el navegador de quien lo mire."
            raise refusal("svg", "archivo", told, _AS_PNG)
        raise refusal("tipo", "archivo", "No es un PNG ni un JPEG, diga lo que diga su nombre.", _AS_PNG)
    try:
        figure = opened("emblema", data).data()
    except (Late, Unopened) as stopped:
        told = "Abrirlo tomó más tiempo o memoria de lo que toma un emblema."
        raise refusal("pesado", "archivo", told, _AS_PNG) from stopped
    if not figure.startswith(_PNG):
        raise refusal("danado", "archivo", "El archivo está dañado o no se puede dibujar.", _AS_PNG)
    return KeptEmblem(store_file(data).sha256, store_file(figure).sha256)
