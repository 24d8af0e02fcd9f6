"""Keep the seal of each day of the logs in the database, and name a day whose seal in the folder is not that one.

Who writes in the folder can change the last sealed day, or remove the last ones, and have them sealed again: the first
seal stays here, as a record.
"""

from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.db import transaction

from sif.availability.measuring import LOGS, folder_of
from sif.availability.sealing import Fault, Sealed, is_own, sealed_days, verify_days
from sif.registry import clock
from sif.registry.models import SelloBitacora
from sif.registry.scope import registering


def keep_seals(data: Path, key: RSAPublicKey) -> int:
    """Keep the seals of each log that are not yet in the database; return how many. A day kept is never kept again.

    Only those that the key made, of days (UTC) that ended: any other was put there by who writes in the folder, and
    once kept it would accuse the true day.
    """
    kept = set(SelloBitacora.objects.values_list("bitacora", "dia"))
    now = clock.now()
    today = now.astimezone(UTC).date()
    fresh = [
        SelloBitacora(bitacora=log, dia=each.dia, sha256=each.sha256, guardado_el=now)
        for log in LOGS
        for each in sealed_days(folder_of(data, log))
        if (log, each.dia) not in kept and each.dia < today and is_own(log, each, key)
    ]
    with transaction.atomic(), registering():
        SelloBitacora.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def log_faults(folder: Path, seals: Sequence[Sealed], key: RSAPublicKey, since: date = date.min) -> list[Fault]:
    """Return the days of a log that are not as they were sealed, and those whose seal is not the one kept.

    seals: those of the folder, as `sealed_days` reads them. since: the first day whose file is read.
    """
    return [*verify_days(folder, key, since), *kept_faults(folder.name, seals)]


def kept_faults(log: str, seals: Sequence[Sealed]) -> list[Fault]:
    """Return the days of a log whose seal is not the one kept: `otro_sello`, or `sin_sello` where there is none.

    seals: those of its folder, as `sealed_days` reads them.
    """
    sealed = {each.dia: each.sha256 for each in seals}
    rows = SelloBitacora.objects.filter(bitacora=log).order_by("dia").values_list("dia", "sha256")
    return [
        Fault(day, "otro_sello" if day in sealed else "sin_sello") for day, digest in rows if sealed.get(day) != digest
    ]
