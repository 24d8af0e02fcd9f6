"""Two acts on one subject at once: the second waits from the moment the first reads what both touch."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest

from acts import committed, open_points, points
from proceedings.world import World, at, build_world
from sif.audit import review
from sif.audit import services as audit
from sif.audit.matrix import import_matrix, plan_import, read_matrix, write_matrix
from sif.audit.models import Hallazgo, Observacion, Propuesta
from sif.proceedings import services
from sif.proceedings.proposing import propose_oficio

Act = Callable[[], Any]


class Campaign:
    """The campaign of 2018 with one observación, two hallazgos to decide, and a proposal to join one of them."""

    def __init__(self) -> None:
        with at("2018-07-05 12:00"):
            self.world: World = build_world()
            self.adopted: Hallazgo = self.world.hallazgo("100.00")
            self.observacion: Observacion = self.world.observacion([self.adopted])
            self.first, self.second = self.world.hallazgo("900.00"), self.world.hallazgo("50.00")
            propose_oficio(self.world.etapa, self.world.partido, self.world.dario)
            self.join: list[Propuesta] = review.propose(
                [self.first], "unir", "Mismo hecho.", self.world.dario, observacion=self.observacion
            )
            self._edit()

    def issue(self) -> Any:
        return services.issue_oficio(self.world.etapa, self.world.partido, self.world.elena)

    def reword(self) -> Any:
        return review.reword(self.adopted, "Otras palabras.", self.world.dario)

    def confirm_join(self) -> Any:
        return review.confirm(self.join, self.world.elena)

    def send_back(self) -> Any:
        return review.send_back(self.join, "Falta la prueba.", self.world.elena)

    def withdraw(self) -> Any:
        return review.withdraw(self.join[0], self.world.dario)

    def adopt(self) -> Any:
        return audit.adopt([self.second], self.world.dario)

    def dismiss(self) -> Any:
        return audit.dismiss(self.second, "No procede.", self.world.dario)

    def propose(self) -> Any:
        return review.propose([self.second], "adoptar", "", self.world.dario)

    def import_matrix(self) -> Any:
        return import_matrix(self.world.corrida, self.rows, self.huella, self.world.dario)

    def leave(self) -> Any:
        return review.leave_without_effect(self.observacion, "Se duplicó.", self.world.elena)

    def comment(self) -> Any:
        return review.comment(self.second, "Lo vi.", self.world.dario)

    def _edit(self) -> None:
        """A matrix whose second hallazgo got other words."""
        rows = Hallazgo.objects.filter(pk=self.second.pk).select_related(
            "contabilidad__sujeto", "contabilidad__candidatura__persona", "corrida__instantanea__etapa"
        )
        with NamedTemporaryFile(suffix=".xlsx") as file:
            write_matrix(file, rows)
            file.flush()
            ((number, cells),) = read_matrix(Path(file.name))
        self.rows = [(number, {**cells, "Texto": "Otras palabras."})]
        self.huella = plan_import(self.world.corrida, self.rows).huella


@pytest.fixture(scope="module")
def campaign(django_db_setup: None, django_db_blocker: Any) -> Iterator[Campaign]:
    with committed(django_db_blocker, Campaign) as made:
        yield made


OBSERVACION = "audit_observacion"
PAIRS = [
    ("issue", "issue"),
    ("issue", "reword"),
    ("issue", "confirm_join"),
    ("issue", "adopt"),
    ("issue", "dismiss"),
    ("reword", "issue"),
    ("confirm_join", "issue"),
    ("adopt", "issue"),
    ("leave", "leave"),
    ("leave", "issue"),
    ("leave", "confirm_join"),
    ("adopt", "adopt"),
    ("reword", "confirm_join"),
    ("confirm_join", "comment"),
    ("adopt", "propose"),
]


@pytest.mark.parametrize(("act", "rival"), PAIRS, ids=[f"{act} against {rival}" for act, rival in PAIRS])
def test_from_the_first_reading_of_the_observaciones_the_rival_waits(campaign: Campaign, act: str, rival: str) -> None:
    with at("2018-07-10 12:00"):
        assert open_points(getattr(campaign, act), getattr(campaign, rival), OBSERVACION) == []


RESOLVE = ("confirm_join", "send_back", "withdraw")


@pytest.mark.parametrize("rival", RESOLVE)
@pytest.mark.parametrize("act", RESOLVE)
def test_a_proposal_is_resolved_once(campaign: Campaign, act: str, rival: str) -> None:
    with at("2018-07-10 12:00"):
        assert open_points(getattr(campaign, act), getattr(campaign, rival), "audit_propuestaresuelta") == []


@pytest.mark.parametrize(
    ("rival", "table"),
    [("import_matrix", "audit_hallazgo"), ("adopt", "audit_asunto"), ("comment", "audit_asunto")],
)
def test_what_a_matrix_was_compared_with_waits_until_it_is_written(campaign: Campaign, rival: str, table: str) -> None:
    with at("2018-07-10 12:00"):
        assert open_points(campaign.import_matrix, getattr(campaign, rival), table) == []


def test_acts_on_two_subjects_do_not_wait_for_each_other(campaign: Campaign) -> None:
    world = campaign.world

    def elsewhere() -> object:
        return review.distribute(world.etapa, "CF001", world.otro, world.dario, world.elena)

    with at("2018-07-10 12:00"):
        assert not any(waited for _sql, waited in points(campaign.reword, elsewhere))
