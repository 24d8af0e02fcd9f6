"""Libraries that run with SIF can be distributed with it: none is under the GPL alone."""

import importlib.metadata
import re
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "base.txt"
_STRICT = re.compile(r"(?<![LA])GPL|(?<!Lesser )(?<!Affero )General Public License")
_OTHERS = re.compile(r"LGPL|Lesser|MPL|Mozilla|MIT|BSD|Apache| OR ", re.IGNORECASE)


def _licences(name: str) -> list[str]:
    found = importlib.metadata.metadata(name)
    told = [found.get("License-Expression") or "", (found.get("License") or "")[:200]]
    return [*filter(None, told), *(each for each in found.get_all("Classifier") or [] if each.startswith("License"))]


def is_gpl_alone(licences: list[str]) -> bool:
    """Whether the licences of a library name the GPL and no other to choose."""
    return any(_STRICT.search(each) for each in licences) and not any(_OTHERS.search(each) for each in licences)


def test_no_library_that_runs_with_sif_is_under_the_gpl_alone() -> None:
    names = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*?\])?==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) > 50
    found = []
    for name in names:
        try:
            if is_gpl_alone(_licences(name)):
                found.append(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system
    assert not found


def test_the_gpl_is_known_by_its_names() -> None:
    assert is_gpl_alone(["GPL-3.0-only"])
    assert is_gpl_alone(["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"])
    assert not is_gpl_alone(["LGPL-3.0-only"]) and not is_gpl_alone(["MIT"]) and not is_gpl_alone([])
    assert not is_gpl_alone(["GNU General Public License v2 (GPLv2+)", "Mozilla Public License 1.1 (MPL 1.1)"])
