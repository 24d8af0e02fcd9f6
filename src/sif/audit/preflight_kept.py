"""Write the answer of a preflight to a Parquet file, and read its cases some at a time."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import IO, overload

import pyarrow as pa
import pyarrow.parquet as pq

from sif.audit.preflight import Case, Preflight, Risk
from sif.audit.services import rules_of
from sif.jobs.files import open_kept
from sif.registry.models import Etapa
from sif.values import Money

GROUP = 5_000  # cases that are read at once
_HEAD = b"revision"
_SCHEMA = pa.schema(
    [
        ("key", pa.string()),
        ("contabilidad_id", pa.int64()),
        ("day", pa.date32()),
        ("monto", pa.int64()),
        ("poliza_id", pa.int64()),
        ("message", pa.string()),
        ("asks", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A preflight, when it ran, and the stamp of the books before it began."""

    revision: Preflight
    corrida_el: datetime
    sello: str


class Writer:
    """Writes the cases of each risk as they come, then the head; `keep` is what a preflight is given."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._writer = pq.ParquetWriter(stream, _SCHEMA, compression="zstd")
        self._groups = 0

    def keep(self, cases: Sequence[Case]) -> "Written":
        """Write the cases of a risk; says from which group they are."""
        columns = zip(*map(astuple, cases), strict=True)
        arrays = [pa.array(each, type=field.type) for each, field in zip(columns, _SCHEMA, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=_SCHEMA), row_group_size=GROUP)
        first, self._groups = self._groups, self._groups + -(-len(cases) // GROUP)
        return Written(None, first, len(cases))

    def end(self, answer: Answer) -> None:
        """Write the head and close."""
        self._writer.add_key_value_metadata({_HEAD: json.dumps(_told(answer)).encode()})
        self._writer.close()


class Written(Sequence[Case]):
    """The cases of a risk where they were written; only what is asked for is read."""

    def __init__(self, file: pq.ParquetFile | None, first: int, count: int) -> None:
        self.file, self.first, self.size = file, first, count

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, place: int) -> Case: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Case]: ...
    def __getitem__(self, place: int | slice) -> Case | Sequence[Case]:
        """Read one case, or those of a slice without step."""
        if isinstance(place, int):
            place = range(self.size)[place]
            return self[place : place + 1][0]
        start, stop, _step = place.indices(self.size)
        if start >= stop:
            return ()
        held = [case for group in range(start // GROUP, -(-stop // GROUP)) for case in self._group(group)]
        return held[start % GROUP :][: stop - start]

    def __iter__(self) -> Iterator[Case]:
        """Read every case, a group at a time."""
        for group in range(-(-self.size // GROUP)):
            yield from self._group(group)

    def _group(self, number: int) -> list[Case]:
        assert self.file is not None
        columns = self.file.read_row_group(self.first + number).to_pydict()
        return [Case(*row) for row in zip(*columns.values(), strict=True)]


def read_answer(sha256: str, etapa: Etapa) -> Answer:
    """Read a kept answer of a stage; its cases stay in the file. Raises FileGone."""
    with open_kept(sha256) as stream:
        file = pq.ParquetFile(pa.memory_map(stream.name))
    said = json.loads(file.metadata.metadata[_HEAD])
    rules = {rule.id: rule for rule in rules_of(etapa)}
    risks = tuple(
        Risk(rules[rule], result, Written(file, first, count), Money(amount))
        for rule, result, first, count, amount in said["riesgos"]
    )
    revision = Preflight(
        etapa,
        tuple(said["contabilidades"]),
        said["alcance"],
        date.fromisoformat(said["corte"]),
        risks,
        tuple((rules[rule], n) for rule, n in said["sin_dato"]),
        tuple((rules[rule], n) for rule, n in said["cumplen"]),
        tuple(rules[rule] for rule in said["esperan"]),
        {int(number): (count, Money(amount)) for number, (count, amount) in said["por_libros"].items()},
    )
    return Answer(revision, datetime.fromisoformat(said["corrida_el"]), said["sello"])


def _told(answer: Answer) -> dict[str, object]:
    """Serialize an answer without its cases."""
    found = answer.revision
    return {
        "contabilidades": found.contabilidades,
        "alcance": found.alcance,
        "corte": found.corte.isoformat(),
        "riesgos": [_risk(each) for each in found.riesgos],
        "sin_dato": [(rule.id, n) for rule, n in found.sin_dato],
        "cumplen": [(rule.id, n) for rule, n in found.cumplen],
        "esperan": [rule.id for rule in found.esperan],
        "por_libros": {number: (count, amount.centavos) for number, (count, amount) in found.por_libros.items()},
        "corrida_el": answer.corrida_el.isoformat(),
        "sello": answer.sello,
    }


def _risk(each: Risk) -> tuple[str, str, int, int, int]:
    assert isinstance(each.hallazgos, Written)
    return each.regla.id, each.resultado, each.hallazgos.first, each.hallazgos.size, each.monto.centavos
