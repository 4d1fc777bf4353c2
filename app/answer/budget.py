"""How often visitors may make a language model work, which may cost money.

A call is counted before it is made, so that many at once cannot pass the bound; what
cannot be counted is not made. Knows nothing of prices, and forgets with the process.
"""

from __future__ import annotations

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from index.errors import GuideError


class Budget:
    """Calls left; safe to use from several threads."""

    def __init__(self, rate: str, limiter: FixedWindowRateLimiter | None = None) -> None:
        """`rate` calls, written like `1000/day`.

        Raises:
            GuideError: if that is no rate.
        """
        self._rate = parse_rate(rate, "GLUTE_GUIDE_MODEL_RATE")
        self._limiter = limiter or FixedWindowRateLimiter(MemoryStorage())

    def spend(self) -> bool:
        """Count one call; False if it must not be made."""
        try:
            return self._limiter.hit(self._rate, "model")
        except Exception:  # noqa: BLE001  # whatever the counter's store raises
            return False


def parse_rate(rate: str, setting: str) -> RateLimitItem:
    """A rate such as `120/minute`.

    Raises:
        GuideError: if it is none, naming the setting.
    """
    try:
        return parse(rate)
    except ValueError:
        raise GuideError(
            f"{setting} is {rate!r}, which is no rate. Write it like 120/minute."
        ) from None
