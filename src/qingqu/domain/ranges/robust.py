"""A band around the bulk of some values that a fifth of wrong ones cannot drag along.

Two steps after Rousseeuw and Leroy, Robust Regression and Outlier Detection (1987): the shortest half of the sorted
values gives a centre and a scale that up to half of the values cannot break; what lies further than `outlier_sigmas`
scales from that centre is dropped; mean and standard deviation of the rest make a prediction interval (Student's t).
Prices are positive and skewed, so this is done on logarithms wherever every value is positive."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache

CONTEXT = Context(prec=28)
HALF_NORMAL = Decimal("0.6745")  # three quarters of a normal distribution lie below this many sigmas
ROUNDS = 10


@dataclass(frozen=True)
class Band:
    """Low and high end, unrounded; `kept` values made it."""

    low: Decimal
    high: Decimal
    kept: int


@lru_cache(maxsize=65_536)
def _log(value: Decimal) -> Decimal:
    return value.ln(CONTEXT)


def band(
    values: Sequence[Decimal],
    *,
    coverage_percent: Decimal,
    outlier_sigmas: Decimal,
    least_width_percent: Decimal,
) -> Band:
    """The band of at least two values, in whatever order."""
    positive = all(value > 0 for value in values)
    scaled = sorted(_log(value) if positive else value for value in values)
    kept = _kept(scaled, outlier_sigmas)
    centre = _mean(kept)
    reach = CONTEXT.multiply(
        _sigma(kept, centre, outlier_sigmas, trimmed=len(kept) < len(scaled)),
        _student(coverage_percent, len(kept)),
    )
    low, high = centre - reach, centre + reach
    if positive:
        low, high, centre = low.exp(CONTEXT), high.exp(CONTEXT), centre.exp(CONTEXT)
    least = CONTEXT.multiply(abs(centre), least_width_percent) / 100
    return Band(min(low, centre - least), max(high, centre + least), len(kept))


def _kept(scaled: Sequence[Decimal], outlier_sigmas: Decimal) -> Sequence[Decimal]:
    """The sorted values without outliers, never fewer than four fifths of them: an eye for wrong values must not make
    right ones wrong where the values simply spread."""
    count, half = len(scaled), len(scaled) // 2 + 1
    starts = range(count - half + 1)
    start = min(starts, key=lambda at: (scaled[at + half - 1] - scaled[at], abs(2 * at + half - count)))
    centre = (scaled[start] + scaled[start + half - 1]) / 2
    spread = (scaled[start + half - 1] - scaled[start]) / 2
    scale = CONTEXT.divide(spread, HALF_NORMAL) * (1 + CONTEXT.divide(Decimal(5), Decimal(count - 1)))
    within = [value for value in scaled if abs(value - centre) <= outlier_sigmas * scale]
    least = count - count // 5
    if len(within) >= least:
        return within
    nearest = sorted(scaled, key=lambda value: (abs(value - centre), value))[:least]
    return sorted(nearest)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return CONTEXT.divide(sum(values, Decimal(0)), Decimal(len(values)))


def _sigma(values: Sequence[Decimal], centre: Decimal, cut: Decimal, *, trimmed: bool) -> Decimal:
    """Sample standard deviation; a little larger where tails were cut off, as a normal distribution loses by the cut
    (2.5 sigmas: factor 1.03)."""
    squares = sum(((value - centre) ** 2 for value in values), Decimal(0))
    sigma = CONTEXT.divide(squares, Decimal(max(len(values) - 1, 1))).sqrt(CONTEXT)
    return sigma * (1 + 1 / (5 * cut * cut)) if trimmed else sigma


@lru_cache(maxsize=4096)
def _student(coverage_percent: Decimal, count: int) -> Decimal:
    """Half width of a prediction interval for one more value, in sample standard deviations: Student's t by
    Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), times the root of 1 + 1/n."""
    z, freedom = _normal(1 - (1 - coverage_percent / 100) / 2), Decimal(count - 1)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    value = z
    for power, term in enumerate(terms, start=1):
        value += CONTEXT.divide(term, freedom**power)
    return value * (1 + CONTEXT.divide(Decimal(1), Decimal(count))).sqrt(CONTEXT)


def _normal(share: Decimal) -> Decimal:
    """The normal quantile of a share between one half and one (Abramowitz and Stegun 26.2.23, error below 0.0005)."""
    t = (-2 * (1 - share).ln(CONTEXT)).sqrt(CONTEXT)
    top = Decimal("2.515517") + Decimal("0.802853") * t + Decimal("0.010328") * t * t
    bottom = 1 + Decimal("1.432788") * t + Decimal("0.189269") * t * t + Decimal("0.001308") * t**3
    return t - CONTEXT.divide(top, bottom)
