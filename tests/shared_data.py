"""Where tests find the public files that are not part of the project: laws, real invoices, official figures."""

import os
from pathlib import Path

import pytest

_ROOT = Path(os.environ.get("SIF_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def shared(*parts: str) -> Path:
    """The path of a shared data file or folder; skips the calling test, saying so, where it is missing."""
    path = _ROOT.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"faltan los datos compartidos {'/'.join(parts)} (SIF_SHARED)", allow_module_level=True)
    return path
