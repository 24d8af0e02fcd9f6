"""Compute how likely a count is by chance: the exact binomial tail, and the distance from Benford's law."""

from collections.abc import Sequence
from fractions import Fraction
from math import comb, exp, fsum, lgamma, log, log1p, log10

BENFORD = tuple(log10(1 + 1 / digit) for digit in range(1, 10))
"""Expected share of each first digit, 1 to 9 (Newcomb 1881, Benford 1938)."""
EXACT_BELOW = 60


def tail(seen: int, of: int, share: Fraction) -> float:
    """Probability of that many or more among `of` when each happens by itself with that share."""
    if seen <= 0:
        return 1.0
    if seen > of or share == 0:
        return 0.0
    if share >= 1:
        return 1.0
    if of < EXACT_BELOW:
        return float(sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(seen, of + 1)))
    yes, no = log(share), log1p(-float(share))
    return min(1.0, fsum(exp(_log_comb(of, k) + k * yes + (of - k) * no) for k in range(seen, of + 1)))


def _log_comb(of: int, k: int) -> float:
    return lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)


def first_digit_distance(counts: Sequence[int]) -> int:
    """Mean absolute distance from Benford of the counts of digits 1 to 9, in basis points, rounded down.

    Nigrini (2012) calls the first digits not conforming beyond 150.
    """
    whole = sum(counts)
    return int(10_000 * fsum(abs(count / whole - part) for count, part in zip(counts, BENFORD, strict=True)) / 9)


def chi_square(counts: Sequence[int]) -> float:
    """Pearson's statistic of those counts against Benford, of eight degrees of freedom."""
    whole = sum(counts)
    return fsum((count - whole * part) ** 2 / (whole * part) for count, part in zip(counts, BENFORD, strict=True))


def chi_square_tail(statistic: float) -> float:
    """Probability of that statistic or more with eight degrees of freedom: a finite sum, as they are even."""
    half = statistic / 2
    return exp(-half) * fsum((1.0, half, half**2 / 2, half**3 / 6))
