"""Read one file that claims to be an invoice; whatever it holds, the answer is a Lectura and never an exception."""

import hashlib
from collections.abc import Sequence

from sif.cfdi.document import Lectura, SealState
from sif.cfdi.fields import not_a_cfdi, read_fields, version_of
from sif.cfdi.parsing import Unreadable, parse
from sif.cfdi.schema import check_schema
from sif.cfdi.seal import check_seal, check_timbre
from sif.cfdi.trust import Trust, as_trust
from sif.signing.authorities import Authority


def read(data: bytes, name: str = "", authorities: Trust | Sequence[Authority] | None = None) -> Lectura:
    """Read the bytes of one XML called `name`, check it against SAT's schema and catalogues, and verify its seals.

    Never raises on what the bytes hold.

    `authorities` are those whose certificates are believed, SAT's when None; for many files make one `trust(...)`,
    which may also hold the certificates of the PAC, and pass it each time.
    """
    try:
        root, problems = parse(data)
    except Unreadable as error:
        return Lectura(name, None, "no_verificable", (error.problem,))
    version = version_of(root)
    if version is None:
        return Lectura(name, None, "no_verificable", (*problems, not_a_cfdi(root)))
    trust = as_trust(authorities)
    cfdi = read_fields(root, version, hashlib.sha256(data).hexdigest(), problems)
    sello, found = check_seal(root, version, cfdi, trust)
    problems += found
    timbre_sello: SealState = "ausente"
    if cfdi is not None:
        timbre_sello, found = check_timbre(root, cfdi, version, trust)
        problems += found
    problems += check_schema(root, version)
    return Lectura(name, cfdi, sello, tuple(problems), timbre_sello, data)
