"""What was seen before a campaign, or was left from the precampaign, is spending of the campaign: cases 28 and 29."""

from datetime import date

import pytest

from sif.audit.cases import Bench
from sif.law.articles import Supuesto
from sif.rulebook.citations import bases_of_case
from sif.rulebook.reading import load_rules

RULE = next(rule for rule in load_rules("mx") if rule.id == "TE001")
BEFORE = "se valúa con el más alto de su zona, también lo que se vio antes de la campaña o quedó de la precampaña"


@pytest.mark.parametrize(
    ("case", "seen", "article", "value"),
    [
        (28, date(2024, 2, 20), "LGPP 76.1.g", 4000),  # a billboard between the stages
        (29, date(2024, 4, 11), "LGPP 79.1.a.V", 300),  # a banner of the precampaign that is still up
    ],
)
def test_cases_28_and_29_what_stands_outside_its_stage_is_observed_as_campaign_spending(
    case: int, seen: date, article: str, value: int
) -> None:
    with Bench(RULE) as bench:
        judged = next(rows for found, rows in bench.rows() if found.name == BEFORE)
    (row,) = (each for each in judged if each["fecha"] == seen)
    assert (row["resultado"], row["monto"]) == ("no_localizado", value), case
    outcome = next(each for each in RULE.outcomes if each.name == "no_localizado")
    assert (outcome.state, outcome.sanction) == ("hallazgo", "egreso_no_reportado")
    cited = {
        stage: {basis.article for basis in bases_of_case(RULE, Supuesto("partido", stage, "federal"), "mx")}
        for stage in ("campana", "precampana")
    }
    assert article in cited["campana"] and article not in cited["precampana"]
