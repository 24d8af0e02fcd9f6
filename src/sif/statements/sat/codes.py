"""Map each account to SAT's grouping code."""

from dataclasses import dataclass
from functools import cache

from sif.law.sources import LawDataError, data_path, only_keys, read_data, status


@dataclass(frozen=True, slots=True)
class GroupingCodes:
    """The table of grouping codes: pairs of (beginning of account, code), its basis and how sure we are of it."""

    codigos: tuple[tuple[str, str], ...]
    base: str
    estatus: str

    def of(self, cuenta: str) -> str:
        """Return the code of an account: that of the longest beginning. Raises LawDataError where none suits it."""
        suiting = [pair for pair in self.codigos if cuenta.startswith(pair[0])]
        if not suiting:
            raise LawDataError(f"agrupador.yaml: ninguna fila conviene a la cuenta {cuenta}. Agregue su principio.")
        return max(suiting, key=lambda pair: len(pair[0]))[1]


@cache
def load_codes(jurisdiction: str) -> GroupingCodes:
    """Return the table of a jurisdiction. LawDataError when a beginning is repeated."""
    content = read_data(data_path(jurisdiction, "sat", "agrupador.yaml"))
    content = only_keys(content, frozenset({"base", "estatus", "cuentas"}), frozenset(), "agrupador.yaml")
    pairs: dict[str, str] = {}
    for place, row in enumerate(content["cuentas"], 1):
        where = f"agrupador.yaml, renglón {place}"
        row = only_keys(row, frozenset({"cuenta", "codigo"}), frozenset(), where)
        if row["cuenta"] in pairs:
            raise LawDataError(f"{where}: {row['cuenta']} está repetida. Deje una sola.")
        pairs[row["cuenta"]] = str(row["codigo"])
    return GroupingCodes(tuple(pairs.items()), content["base"], status(content["estatus"], "agrupador.yaml"))
