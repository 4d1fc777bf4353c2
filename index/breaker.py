"""Stops asking what does not answer, and tries again after a rest.

    closed ── too many failures in a row ──> open ── a rest later ──> one try ── it fails ──> open
      ^────────────────────────────────────────────────── it works ───────┘

Knows nothing of what is asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES = 5
REST_S = 10.0


class Breaker:
    """Whether to ask; safe to use from several threads."""

    def __init__(
        self,
        failures: int = FAILURES,
        rest_s: float = REST_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`failures` in a row open it for `rest_s` seconds; `now` is a clock in seconds."""
        self._most = failures
        self._rest_s = rest_s
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether to ask now; after a rest it lets one try through, then none for another rest."""
        with self._lock:
            if self._failures < self._most:
                return True
            if self._now() < self._rests_until:
                return False
            self._rests_until = self._now() + self._rest_s
            return True

    def worked(self) -> None:
        """It answered."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """It did not."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._most:
                self._rests_until = self._now() + self._rest_s
