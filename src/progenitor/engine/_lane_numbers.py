"""Names of the numbers that a :class:`progenitor.engine._block.Block` keeps for each lane.

The first group are columns of ``lane``, the second of ``count``.
"""

from typing import Final

__all__ = [
    "ACCEPTED",
    "BEGAN",
    "CLIPPED",
    "CROSSING",
    "CROSS_HIGH",
    "CROSS_LOW",
    "END",
    "FIRINGS",
    "FRACTION",
    "HIT",
    "ITEM",
    "LEAP_END",
    "LIMIT",
    "LOOKS",
    "NEXT_STEP",
    "OUTPUT",
    "PENDING",
    "REJECTED",
    "REPORTING",
    "RESTART",
    "ROW",
    "STANDING",
    "STEP",
    "STEPS",
    "STOP",
    "STOPPED",
    "SWITCHES",
    "TIME",
    "VALUE_HIGH",
    "VALUE_LOW",
]

TIME: Final = 0
"""Where the lane stands."""
STEP: Final = 1
"""Size of the step being tried."""
NEXT_STEP: Final = 2
"""Size of the next step as far as accuracy goes."""
STOP: Final = 3
"""Time that is not stepped over."""
END: Final = 4
"""Last output time."""
STOPPED: Final = 5
"""Time at which an event ended the patient, NaN before."""
BEGAN: Final = 6
"""Clock when the patient was begun."""
CROSS_LOW: Final = 7
CROSS_HIGH: Final = 8
"""Places within the step between which something happens."""
VALUE_LOW: Final = 9
VALUE_HIGH: Final = 10
"""What the root function is there."""
LEAP_END: Final = 11
"""Time at which countable species are drawn at the latest."""

FRACTION: Final = 12
"""Share of the step that is gone; 1 unless something happens within it."""

LIMIT: Final = 13
"""Share of the step within which triggers are looked at."""

ROW: Final = 0
"""Patient in the lane, −1 for none."""
OUTPUT: Final = 1
"""Next output."""
ITEM: Final = 2
"""Next item of the schedule."""
STEPS: Final = 3
"""Steps tried."""
CLIPPED: Final = 4
"""How often something was set back to zero."""
STANDING: Final = 5
"""Steps in a row that were too short to matter."""
FIRINGS: Final = 6
"""Event firings."""
PENDING: Final = 7
"""Actions that wait."""
SWITCHES: Final = 8
"""Known switch times."""
RESTART: Final = 9
"""Whether the next step's size must be guessed afresh."""
HIT: Final = 10
"""Whether the step ends at STOP."""
ACCEPTED: Final = 11
"""Whether the last step was accepted."""
REJECTED: Final = 12
"""Whether the step before was not."""
CROSSING: Final = 13
"""Whether something happens within the last step."""
REPORTING: Final = 14
"""Whether an output is being reported."""
LOOKS: Final = 15
"""How often triggers are looked at within the step."""
