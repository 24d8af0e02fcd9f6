"""Render the document of an act and keep its files."""

from collections.abc import Mapping

from sif.books.services import store_file
from sif.notices.documents import render_docx, render_pdf
from sif.notices.sheet import plain_text
from sif.proceedings.models import Documento
from sif.registry import clock
from sif.signing.chain import sha256_hex

TEMPLATES = {
    "Oficio de errores y omisiones": "oficio",
    "Segundo oficio de errores y omisiones": "oficio",
    "Resultado de las respuestas al segundo oficio": "oficio",
    "Observación que queda sin efecto": "oficio",
    "Dictamen consolidado": "dictamen",
    "Resolución": "resolucion",
}


def keep_document(clave: str, data: Mapping[str, object]) -> Documento:
    """Render a document and keep its PDF, its DOCX and the text both say, each named by its digest.

    The digest that every page prints is that of the text: by its code the public finds the row.
    """
    template, text = TEMPLATES[str(data["titulo"])], plain_text(data).encode()
    content = {**data, "huella": sha256_hex(text), "consulta": True}
    return Documento.objects.create(
        clave=clave,
        titulo=f"{data['titulo']} {data['numero']}",
        pdf_sha256=store_file(render_pdf(template, content)).sha256,
        docx_sha256=store_file(render_docx(template, content)).sha256,
        texto_sha256=store_file(text).sha256,
        hecho_el=clock.now(),
    )
