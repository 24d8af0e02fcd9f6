"""Attempts within a rate: the last one that fits, the first that waits, and one given back."""

from sif.registry.limits import Rate, give_back, take, waiting


def test_attempts_fit_up_to_the_rate_and_the_next_waits(db: None) -> None:
    rate = Rate("prueba", 3, 60)
    for _ in range(2):
        assert take(rate, "alguien") == 0
    assert waiting(rate, "alguien") == 0  # one more is within
    assert take(rate, "alguien") == 0
    assert 0 < waiting(rate, "alguien") <= 60
    assert waiting(rate, "otra persona") == 0
    give_back(rate, "alguien")
    assert waiting(rate, "alguien") == 0
    assert take(rate, "alguien") == 0
    assert 0 < take(rate, "alguien") <= 60
