"""Choose the tests of `make check-fast`: changed files, then importers of what changed, then those of its room."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_fast.py"
TESTS = {
    "tests/books/test_posting.py": "from sif.books.services.posting import post_poliza\n",
    "tests/books/test_other.py": "from sif.books.models import Poliza\n",
    "tests/web/test_captura.py": "from sif.books.services import posting, drafts\n",
    "tests/web/test_far.py": "from sif.books.services.posting_late import x\n",
    "tests/law/test_caps.py": "from sif.law.caps import cap\n",
}


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_fast", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in TESTS.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_importers_of_a_changed_module_come_before_its_room(fast: ModuleType, root: Path) -> None:
    assert fast.near(["src/sif/books/services/posting.py"], root) == [
        "tests/books/test_posting.py",
        "tests/web/test_captura.py",
        "tests/books/test_other.py",
    ]


def test_a_changed_test_comes_first_and_once(fast: ModuleType, root: Path) -> None:
    changed = ["tests/law/test_caps.py", "src/sif/books/models.py", "tests/books/test_other.py"]
    assert fast.near(changed, root) == [
        "tests/books/test_other.py",
        "tests/law/test_caps.py",
        "tests/books/test_posting.py",
    ]


def test_a_document_or_a_migration_asks_for_no_test_by_itself(fast: ModuleType, root: Path) -> None:
    assert fast.near(["README.md", "docs/instalacion.md"], root) == []
    assert "tests/web/test_captura.py" not in fast.near(["src/sif/books/migrations/0001_initial.py"], root)


def test_the_files_that_changed_exist(fast: ModuleType) -> None:
    assert all((fast.ROOT / name).exists() for name in fast.changed())
