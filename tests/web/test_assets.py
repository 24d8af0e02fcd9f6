"""What pages carry: locked packages without addresses, and a build that refuses what it cannot find."""

import json
from pathlib import Path

import pytest

from sif.web import assets
from sif.web.icons import ICONS

ROOT = Path(__file__).parents[2]


def test_the_lock_names_digests_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_the_sprite_holds_each_icon_once(tmp_path: Path) -> None:
    for name in ICONS:
        (tmp_path / f"{name}.svg").write_text('<svg class="x" viewBox="0 0 16 16">\n<path d="M0 0"/>\n</svg>')
    text = assets.sprite(tmp_path)
    assert text.count("<symbol ") == len(ICONS) == len(set(ICONS))
    assert '<symbol id="download" viewBox="0 0 16 16"><path d="M0 0"/></symbol>' in text


def test_a_missing_icon_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsNotBuilt, match=r"icons\.py"):
        assets.sprite(tmp_path)


def test_missing_letters_stop_the_build(tmp_path: Path) -> None:
    for package, sheets in (
        ("source-serif-4", ("wght.css", "wght-italic.css")),
        ("source-sans-3", ("wght.css",)),
        ("source-code-pro", ("wght.css",)),
    ):
        folder = tmp_path / "@fontsource-variable" / package
        folder.mkdir(parents=True)
        for sheet in sheets:
            (folder / sheet).write_text("")
    with pytest.raises(assets.AssetsNotBuilt, match="latin"):
        assets.copy_fonts(tmp_path, tmp_path)
