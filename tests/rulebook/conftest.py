"""A rule file on disk, whole or with one change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .sample import SAMPLE


@pytest.fixture
def rule_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes the sample rule with some texts replaced; each must be there."""

    def write(*changes: tuple[str, str], name: str = "EX001") -> Path:
        text = SAMPLE
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
