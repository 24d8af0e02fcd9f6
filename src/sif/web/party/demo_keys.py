"""The e.firmas that only the demonstration has on the server."""

from pathlib import Path

from django.conf import settings

from sif.registry.models import Usuario


def demonstration_pair(usuario: Usuario) -> tuple[Path, Path] | None:
    """The .cer and .key that the demonstration minted for a person; None in production, or when it minted none."""
    if settings.PRODUCTION or not usuario.rfc:
        return None
    folder = settings.DATOS / "certificados" / "efirmas"
    pair = (folder / f"{usuario.rfc}.cer", folder / f"{usuario.rfc}.key")
    return pair if all(path.is_file() for path in pair) else None
