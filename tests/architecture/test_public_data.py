"""Hold that every public file of the tests says where it is from, and that all of them stay small."""

import re

from public_data import DATA

ROWS = re.findall(r"^\| `([a-z0-9/-]+)` \| (.+?) \| (.+?) \|$", (DATA / "README.md").read_text("utf-8"), re.MULTILINE)
LIMIT = 10_000_000


def test_every_file_has_its_source_and_licence() -> None:
    folders = [folder for folder, _what, source in ROWS if re.search(r"MIT|public|open data|rulings", source)]
    assert len(folders) == len(ROWS) > 5
    files = [path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()]
    assert not [name for name in files if name != "README.md" and not name.startswith(tuple(f"{f}/" for f in folders))]
    assert all((DATA / folder).is_dir() for folder in folders)


def test_they_stay_under_ten_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < LIMIT
