"""Events and patients that a trial of two survival curves needs."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, final

import numpy as np

from progenitor.errors import InputError, Problem

__all__ = ["EVENT_METHODS", "EventMethod", "SurvivalSize", "SurvivalTrial"]

EventMethod = Literal["schoenfeld", "freedman", "lachin_foulkes"]

EVENT_METHODS: Final = ("schoenfeld", "freedman", "lachin_foulkes")


class SurvivalSize(NamedTuple):
    """Patients to enrol and events to see, in all; round both up."""

    patients: float
    events: float


@final
@dataclass(frozen=True, slots=True)
class SurvivalTrial:
    r"""A trial of a hazard ratio with exponential times, uniform accrual and drop-out.

    Patients enter at a constant rate during :math:`R` months and the last is followed for
    :math:`F`. With hazard :math:`\lambda`, drop-out hazard :math:`\eta`, :math:`s=\lambda+\eta`,

    .. math::

        P(\lambda) = \frac{\lambda}{s}\Bigl(1 - \frac{e^{-sF} - e^{-s(F+R)}}{sR}\Bigr)

    is the probability of seeing the event. With ratio r of experimental to control patients and
    shares :math:`\xi_e = r/(1+r)`, :math:`\xi_c = 1/(1+r)`,

    .. math::

        D_{Schoenfeld} = \frac{(z_\alpha+z_\beta)^2 (1+r)^2}{r \ln^2 HR}, \qquad
        D_{Freedman} = \frac{(z_\alpha+z_\beta)^2 (1+r HR)^2}{r (1-HR)^2}, \\
        N_{Lachin-Foulkes} = \frac{\bigl(z_\alpha\sqrt{V_0} + z_\beta\sqrt{V_1}\bigr)^2}{\ln^2 HR},
        \quad V = \frac{1}{\xi_e P_e} + \frac{1}{\xi_c P_c}

    where :math:`V_0` has the mean hazard :math:`\xi_e\lambda_e + \xi_c\lambda_c` in both groups;
    the other of N and D follows from :math:`D = N(\xi_e P_e + \xi_c P_c)`.

    Parameters
    ----------
    hazard_ratio
        Experimental against control, above 0 and not 1.
    control_median
        Median time of the control group (month, or any unit used throughout).
    accrual, follow_up
        R and F; an accrual of 0 enrols all at once.
    ratio
        Experimental patients per control patient.
    dropout
        Hazard of drop-out (1/month); see `dropout_hazard`.
    alpha, power
        One-sided type I error and power.

    Raises
    ------
    InputError
        If a number is out of its range; all are listed.

    References
    ----------
    Schoenfeld 1981, Biometrika 68:316–319, doi:10.1093/biomet/68.1.316; Freedman 1982, Statistics
    in Medicine 1:121–129, doi:10.1002/sim.4780010204; Lachin, Foulkes 1986, Biometrics 42:507–519,
    doi:10.2307/2531201.

    Examples
    --------
    >>> trial = SurvivalTrial(hazard_ratio=0.5, control_median=6.0, accrual=24.0, follow_up=12.0)
    >>> round(trial.size("schoenfeld").events, 2), round(trial.size("freedman").events, 2)
    (65.35, 70.64)
    """

    hazard_ratio: float
    control_median: float
    accrual: float
    follow_up: float
    ratio: float = 1.0
    dropout: float = 0.0
    alpha: float = 0.025
    power: float = 0.8

    def __post_init__(self) -> None:
        if problems := self._problems():
            raise InputError(problems)

    @staticmethod
    def dropout_hazard(share: float, months: float) -> float:
        r"""Hazard of drop-out of which a share is lost within some months, :math:`-\ln(1-q)/m`.

        Examples
        --------
        >>> round(SurvivalTrial.dropout_hazard(0.05, 12.0), 6)
        0.004274
        """
        if not (0.0 <= share < 1.0 and months > 0.0):
            fix = "give a share of at least 0 and below 1, and a time above 0"
            raise InputError([Problem(f"drop-out is {share:g} in {months:g} months", fix)])
        return float(-np.log1p(-share) / months)

    @property
    def control_share(self) -> float:
        """Share of the patients in the control group."""
        return 1.0 / (1.0 + self.ratio)

    @property
    def event_probability(self) -> float:
        """Probability that a patient's event is seen, over both groups."""
        control, experimental = self._hazards
        share = self.control_share
        return share * self._seen(control) + (1.0 - share) * self._seen(experimental)

    def size(self, method: EventMethod = "schoenfeld") -> SurvivalSize:
        """Find patients and events, not rounded, by one of three approximations."""
        if method not in EVENT_METHODS:
            fix = f"choose one of {', '.join(EVENT_METHODS)}"
            raise InputError([Problem(f"the method '{method}' is unknown", fix, field="method")])
        if method == "lachin_foulkes":
            patients = self._lachin_foulkes()
            return SurvivalSize(patients, patients * self.event_probability)
        if method == "schoenfeld":
            contrast = (1.0 + self.ratio) / np.log(self.hazard_ratio)
        else:
            contrast = (1.0 + self.ratio * self.hazard_ratio) / (1.0 - self.hazard_ratio)
        events = float(sum(self._quantiles) ** 2 * contrast**2 / self.ratio)
        return SurvivalSize(events / self.event_probability, events)

    @property
    def description(self) -> str:
        """The sample size in one paragraph."""
        found = self.size("schoenfeld")
        patients, events = (int(np.ceil(number - 1e-9)) for number in found)
        return (
            f"To find a hazard ratio of {self.hazard_ratio:g} with a power of "
            f"{100 * self.power:g} % at a one-sided type I error of {100 * self.alpha:g} %, "
            f"{events} events are needed (Schoenfeld). With a control median of "
            f"{self.control_median:g} months, {self.ratio:g} experimental per control patient, "
            f"accrual over {self.accrual:g} months, at least {self.follow_up:g} months of "
            f"follow-up and a drop-out hazard of {self.dropout:.4g} per month, "
            f"{100 * self.event_probability:.1f} % of the patients' events are seen: {patients} "
            "patients are enrolled."
        )

    @property
    def _hazards(self) -> tuple[float, float]:
        control = float(np.log(2.0)) / self.control_median
        return control, control * self.hazard_ratio

    @property
    def _quantiles(self) -> tuple[float, float]:
        from scipy.special import ndtri

        return float(-ndtri(self.alpha)), float(ndtri(self.power))

    def _seen(self, hazard: float) -> float:
        total = hazard + self.dropout
        if self.accrual == 0.0:
            return hazard / total * float(-np.expm1(-total * self.follow_up))
        entered = -np.expm1(-total * self.accrual) / (total * self.accrual)
        return hazard / total * float(1.0 - np.exp(-total * self.follow_up) * entered)

    def _lachin_foulkes(self) -> float:
        share = self.control_share
        control, experimental = self._hazards
        null = self._seen(share * control + (1.0 - share) * experimental)
        rest = 1.0 - share
        v0 = 1.0 / (share * null) + 1.0 / (rest * null)
        v1 = 1.0 / (share * self._seen(control)) + 1.0 / (rest * self._seen(experimental))
        z_alpha, z_beta = self._quantiles
        return float((z_alpha * v0**0.5 + z_beta * v1**0.5) ** 2 / np.log(self.hazard_ratio) ** 2)

    def _problems(self) -> list[Problem]:
        above = ("hazard_ratio", "control_median", "ratio")
        problems = [
            Problem(f"the number is {value:g}", "give a finite number above 0", field=name)
            for name in above
            if not 0.0 < (value := getattr(self, name)) < np.inf
        ]
        problems += [
            Problem(f"the number is {value:g}", "give a finite number of at least 0", field=name)
            for name in ("accrual", "follow_up", "dropout")
            if not 0.0 <= (value := getattr(self, name)) < np.inf
        ]
        if self.hazard_ratio == 1.0:
            fix = "give the ratio that the trial must be able to find, such as 0.7"
            problems.append(Problem("the hazard ratio is 1", fix, field="hazard_ratio"))
        if self.accrual == 0.0 and self.follow_up == 0.0:
            fix = "follow for some time"
            problems.append(Problem("nobody is followed", fix, field="follow_up"))
        if not 0.0 < self.alpha < 0.5:
            fix = "give a one-sided error between 0 and 0.5"
            problems.append(Problem(f"alpha is {self.alpha:g}", fix, field="alpha"))
        elif not self.alpha < self.power < 1.0:
            fix = "give a power between alpha and 1"
            problems.append(Problem(f"the power is {self.power:g}", fix, field="power"))
        return problems
