"""What a cytometer wrote down: one row per event, one column per channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
from jaxtyping import Float

__all__ = ["Channel", "Events"]


@final
@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a cytometer.

    Parameters
    ----------
    name
        Short name of the detector ($PnN), such as ``"BV421-A"``.
    label
        What was stained ($PnS), such as ``"CD95"``; empty where nothing was.
    top
        Largest value the detector can tell ($PnR), on the scale of the values.

    Examples
    --------
    >>> Channel("BV421-A", "CD95", 262144.0).title
    'CD95 (BV421-A)'
    """

    name: str
    label: str = ""
    top: float = 262144.0

    @property
    def title(self) -> str:
        """The label with the name, or the name alone."""
        return f"{self.label} ({self.name})" if self.label else self.name


@final
@dataclass(frozen=True, slots=True)
class Events:
    """Events of one sample on a linear scale, uncompensated.

    Parameters
    ----------
    values
        Intensity, (event, channel); log amplifiers and gains are already undone.
    channels
        What the columns are.
    spillover
        Row r, column c: share of the signal of fluorochrome r seen by detector c, for the columns
        in ``spillover_channels``; None where the sample was not measured with one.
    spillover_channels
        Columns of ``values`` that the spillover matrix is about.
    source
        Where the events came from, for messages.
    keywords
        What else the file said.
    notes
        What a reader of results should know about how the file was read.

    Examples
    --------
    >>> events = Events(np.zeros((3, 1)), (Channel("FSC-A"),))
    >>> len(events), events.channels[0].name
    (3, 'FSC-A')
    """

    values: Float[np.ndarray, "event channel"]
    channels: tuple[Channel, ...]
    spillover: Float[np.ndarray, "colour detector"] | None = None
    spillover_channels: tuple[int, ...] = ()
    source: str = "events"
    keywords: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return int(self.values.shape[0])

    def compensated(self, column: int) -> Float[np.ndarray, " event"]:
        """Return one channel with spillover taken out, (event,).

        With observed signals ``o = s S`` of spillover matrix S the true ones are ``s = o S⁻¹``;
        only the asked column is worked out.

        Parameters
        ----------
        column
            Which channel.

        Examples
        --------
        >>> spill = np.array([[1.0, 0.1], [0.0, 1.0]])
        >>> channels = (Channel("A"), Channel("B"))
        >>> events = Events(np.array([[100.0, 30.0]]), channels, spill, (0, 1))
        >>> events.compensated(1).tolist()
        [20.0]
        """
        values: Float[np.ndarray, " event"] = self.values[:, column]
        if self.spillover is None or column not in self.spillover_channels:
            return values
        place = self.spillover_channels.index(column)
        weights = np.linalg.inv(self.spillover)[:, place].astype(self.values.dtype)
        seen: Float[np.ndarray, " event"] = self.values[:, list(self.spillover_channels)] @ weights
        return seen
