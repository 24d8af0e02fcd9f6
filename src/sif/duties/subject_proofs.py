"""Read what proves the duties of subjects as a whole: percentages told, auditors designated, documents deposited."""

from sif.duties import evidence
from sif.duties.designating import Auditors
from sif.duties.evidence import Proof, Reach
from sif.duties.plan import Planned
from sif.law.duties import DELIVERED


class SubjectProofs:
    """The proofs of the duties of some subjects on a day."""

    def __init__(self, reach: Reach) -> None:
        self.told, self.judges = evidence.percentages(reach), Auditors(reach)
        self.deposited = evidence.deposited(reach)

    def proof(self, planned: Planned, sujeto: int, etapa: int) -> Proof | None:
        """Return what proves a planned duty of a subject in a stage, 0 for a year that no process covers; or None.

        What is met by delivering it was met by the first deposit; of an act, the last deposit says the day.
        """
        duty = planned.duty
        deposits = self.deposited.get((sujeto, duty.clave, *planned.place(etapa)), ())
        if deposits:
            return deposits[0 if duty.deposito == DELIVERED else -1]
        return self.judges.proof(planned, sujeto) or self.told.get((etapa, sujeto, duty.clave))
