"""The clock of a trial on a calendar: the day, what is planned, and the log."""

import heapq

import numpy as np

from progenitor.trial._calendar_log import LogEntry

__all__ = ["CalendarClock"]


class CalendarClock:
    """The day it is, the agenda in order of days, and everything that was told.

    Examples
    --------
    >>> clock = CalendarClock()
    >>> clock.now, clock.agenda, clock.log
    (0.0, [], [])
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.agenda: list[tuple[float, int, str, int]] = []
        self.log: list[LogEntry] = []
        self.asked: set[float] = set()
        self.planned = 0

    def _ask_on(self, day: float) -> None:
        if np.isfinite(day) and day not in self.asked:
            self.asked.add(day)
            self._plan(day, "ask", -1)

    def _plan(self, day: float, kind: str, patient: int) -> None:
        if np.isfinite(day):
            self.planned += 1
            heapq.heappush(self.agenda, (float(day), self.planned, kind, patient))

    def _tell(self, event: str, words: str, patient: int) -> None:
        self.log.append(LogEntry(self.now, event, f"patient {patient + 1} {words}", patient))

    def _say(self, event: str, words: str) -> None:
        self.log.append(LogEntry(self.now, event, words))
