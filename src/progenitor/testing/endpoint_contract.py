"""What every endpoint promises: patients are judged one by one, and data are only read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, final

import numpy as np

__all__ = ["EndpointContract"]


@final
@dataclass(frozen=True, slots=True)
class EndpointContract:
    """Checks of one endpoint on example data.

    Parameters
    ----------
    evaluate
        Takes ``data`` as keywords and returns arrays with patients first: one, a tuple, a mapping
        or a dataclass of them.
    data
        Arrays with patients first; what is common to all patients is bound to ``evaluate``.

    Examples
    --------
    >>> import numpy as np
    >>> size = np.array([[10.0, 4.0], [10.0, 12.0]])
    >>> contract = EndpointContract(lambda size: size.min(axis=1) / size[:, 0], {"size": size})
    >>> contract.judges_each_patient_alone()
    """

    evaluate: Callable[..., Any]
    data: Mapping[str, Any]

    def answers_for_every_patient(self) -> None:
        """Each result has one row for each patient and is neither infinite nor empty."""
        for name, values in self._results(self.data).items():
            assert len(values) == self._patients(), f"{name} has {len(values)} rows"
            assert not np.isinf(values.astype(float)).any(), f"{name} is infinite"

    def judges_each_patient_alone(self) -> None:
        """A patient's result does not depend on who else is in the trial."""
        together = self._results(self.data)
        for row in range(self._patients()):
            alone = self._results(
                {name: values[row : row + 1] for name, values in self.data.items()}
            )
            for name, values in together.items():
                same = np.array_equal(alone[name], values[row : row + 1], equal_nan=True)
                assert same, f"{name} of patient {row} depends on the others"

    def does_not_care_about_order(self) -> None:
        """Listing the patients backwards lists the results backwards."""
        together = self._results(self.data)
        backwards = self._results({name: values[::-1].copy() for name, values in self.data.items()})
        for name, values in together.items():
            assert np.array_equal(backwards[name], values[::-1], equal_nan=True), name

    def leaves_the_data_alone(self) -> None:
        """The arrays given are the same afterwards."""
        before = {name: np.array(values, copy=True) for name, values in self.data.items()}
        self.evaluate(**self.data)
        for name, values in before.items():
            assert np.array_equal(values, self.data[name], equal_nan=values.dtype.kind == "f"), name

    def _patients(self) -> int:
        return len(next(iter(self.data.values())))

    def _results(self, data: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Evaluate, and name every array that came back; labels are passed over."""
        found = self.evaluate(**data)
        if is_dataclass(found):
            named = {item.name: getattr(found, item.name) for item in fields(found)}
        elif isinstance(found, Mapping):
            named = dict(found)
        else:
            several = found if isinstance(found, tuple) else (found,)
            named = {f"result {number}": values for number, values in enumerate(several)}
        arrays = {name: value for name, value in named.items() if isinstance(value, np.ndarray)}
        assert arrays, f"no array came back: {named}"
        return arrays
