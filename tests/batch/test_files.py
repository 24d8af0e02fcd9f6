"""Files as they are kept, before anything of them is read."""

import pytest

from sif.batch import files
from sif.books.models import Archivo
from sif.values import Refused
from small_world import World, world

__all__ = ["world"]


def test_a_file_is_kept_up_to_its_limit_of_bytes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 8)
    with files.kept([b"a,b\n", b"1,2\n"]) as kept:
        assert (kept.bytes, kept.forma, kept.path.read_bytes()) == (8, "csv", b"a,b\n1,2\n")
    with pytest.raises(Refused) as refused, files.kept([b"a,b\n", b"1,23\n"]):
        pass
    assert [problem.codigo for problem in refused.value.problems] == ["grande"]
    assert Archivo.objects.count() == 1
