"""Amounts, shares, days and hours as read in Spanish and in English."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from sif.values import Money
from sif.web import formats


@pytest.fixture(params=["es-mx", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_money_in_both_languages() -> None:
    owed = Money.parse("-1,234.50")
    with translation.override("es-mx"):
        assert formats.currency_amount(owed) == "−$1,234.50"
        assert formats.currency_amount(Money(0)) == "$0.00"
        assert formats.currency_amount(123450) == "$1,234.50"
    with translation.override("en"):
        assert formats.currency_amount(owed) == "−MXN 1,234.50"
    assert formats.plain_amount(Money.parse("-817,273.91")) == "−817,273.91"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        ("4,616,718.76", "4,615,200.00", "100.03"),  # 100.0329 %: one decimal would say 100.0
        ("4,615,199.00", "4,615,200.00", "99.99998"),
        ("4,615,200.00", "4,615,200.00", "100.0"),
        ("1,868,402.15", "1,842,350.00", "101.4"),
        ("88,310.50", "1,842,350.00", "4.8"),
        ("0.00", "412,700.00", "0.0"),
        ("99.96", "100.00", "99.96"),
    ],
)
def test_a_share_never_rounds_across_the_cap(part: str, whole: str, words: str) -> None:
    assert formats.share_digits(Money.parse(part).centavos, Money.parse(whole).centavos) == words


def test_a_share_too_close_to_write_says_which_side() -> None:
    assert formats.share_digits(10**15 + 1, 10**15) == "> 100"
    assert formats.share_digits(10**15 - 1, 10**15) == "< 100"


def test_a_share_of_nothing_has_no_words() -> None:
    assert formats.share(Money(5), Money(0)) == ""


@pytest.mark.parametrize(("points", "words"), [(500, "5 %"), (250, "2.5 %"), (10140, "101.4 %"), (-5, "−0.05 %")])
def test_percent_from_basis_points(points: int, words: str) -> None:
    with translation.override("es-mx"):
        assert formats.percent(points) == words


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 6, 5, 6, 0, tzinfo=UTC),  # midnight in the centre, first instant of the 5th
        datetime(2026, 6, 5, 5, 59, 59, tzinfo=UTC),  # last second of the 4th
    ],
)
def test_a_term_ends_at_24_hours_of_its_last_day(moment: datetime) -> None:
    with translation.override("es-mx"):
        assert formats.due_words(moment) == "4 de junio de 2026, 24:00 h (hora del centro)"
        assert formats.due_short(moment) == "jue 4 jun, 24:00"
    with translation.override("en"):
        assert formats.due_words(moment) == "4 June 2026, 24:00 (Central Mexico time)"


def test_a_term_at_another_hour_keeps_it() -> None:
    with translation.override("es-mx"):
        assert formats.due_words(datetime(2026, 6, 4, 18, 0, tzinfo=UTC)).startswith("4 de junio de 2026, 12:00")


def test_something_that_happened_at_midnight_happened_on_its_own_day() -> None:
    with translation.override("es-mx"):
        assert formats.moment_words(datetime(2026, 6, 5, 6, 0, tzinfo=UTC)) == "5 de junio de 2026, 00:00 h"


def test_an_hour_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zona"):
        formats.moment_words(datetime(2026, 6, 5, 6, 0))  # noqa: DTZ001


def test_days_in_every_month(language: str) -> None:
    with translation.override(language):
        words = [formats.long_day(date(2026, month, 1)) for month in range(1, 13)]
    assert len(set(words)) == 12
    assert words[5] == ("1 June 2026" if language == "en" else "1 de junio de 2026")


def test_digest_in_groups_of_four() -> None:
    assert formats.digest_groups(bytes.fromhex("9f3a2c41b07d")) == "9f3a 2c41 b07d"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("programa-del-partido/2.1", "programa-del-partido/2.1"),
    ],
)
def test_a_browser_is_named_by_its_family_and_system(agent: str, words: str) -> None:
    assert formats.browser(agent) == words
