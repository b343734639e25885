"""One dose-finding trial on a calendar: events by day, rules that hold, a log in prose."""

import heapq

import numpy as np

from progenitor.errors import DesignError
from progenitor.trial._calendar_books import CalendarBooks
from progenitor.trial._calendar_clock import CalendarClock
from progenitor.trial._calendar_log import CalendarTrial
from progenitor.trial._calendar_patients import CalendarPatients, ProductResult
from progenitor.trial._conduct_rules import ConductRules
from progenitor.trial._conduct_view import ConductView, Moment
from progenitor.trial._dose_finding import AbstractDoseFinding, DoseDecision, DoseMove
from progenitor.trial._dose_state import DoseState
from progenitor.trial.rules.replacement import Departure

__all__ = ["conduct_calendar"]

_NONE = (DoseMove.STOP_TOXIC, DoseMove.STOP_NONE_ADMISSIBLE)
_WAITS = "waiting for the product"


def conduct_calendar(
    design: AbstractDoseFinding,
    patients: CalendarPatients,
    rules: ConductRules,
    *,
    cut_off: float | None = None,
) -> CalendarTrial:
    """Conduct one trial day by day: screening, consent, apheresis, manufacture, infusion, window.

    A patient consents when a place is free and no rule holds; the dose is assigned then. While the
    product is made the patient may be lost; a failed product is made again while attempts last.
    When all places of a cohort are filled by patients who are done (or whom no ``decide`` rule
    waits for), the design decides on what is known that day. Patients who come when no place is
    free wait for one. The trial ends with the last window, or at the cut-off.

    Parameters
    ----------
    design
        Any dose-finding design; it sees follow-up and achieved doses of patients that count.
    patients
        Everything that would happen to each patient.
    rules
        How the trial is conducted.
    cut_off
        Last day; later events are not seen. None: when nothing more happens.

    Raises
    ------
    DesignError
        If patients and rules have another number of doses.

    Examples
    --------
    >>> from progenitor.trial import Boin
    >>> from progenitor.trial._conduct_rules import ConductRules
    >>> patients = CalendarPatients.uneventful(arrival=[7.0 * k for k in range(9)], doses=2,
    ...                                        achieved=[1e6, 3e6], waiting=20.0)
    >>> rules = ConductRules((1e6, 3e6), cohort=3, patients=6, window=28.0)
    >>> trial = conduct_calendar(Boin(target=0.3), patients, rules)
    >>> trial.selected, trial.cut_off, [round(day) for day, _ in trial.decisions]
    (1, 110.0, [62])
    >>> print(trial.log[0])
    Day 0.0: patient 1 is screened and eligible.
    """
    if patients.doses != len(rules.doses):
        raise DesignError(
            f"the patients have {patients.doses} doses, the rules {len(rules.doses)}. Fix: give "
            "the same doses"
        )
    calendar = _Calendar(design, patients, rules)
    return calendar.run(np.inf if cut_off is None else cut_off)


class _Calendar(CalendarClock):
    """The trial while it runs."""

    def __init__(
        self, design: AbstractDoseFinding, patients: CalendarPatients, rules: ConductRules
    ) -> None:
        super().__init__()
        self.design, self.patients, self.rules = design, patients, rules
        self.books = CalendarBooks(patients.patients, rules, patients.response)
        self.decisions: list[tuple[float, DoseDecision]] = []
        self.attempt = np.zeros(patients.patients, dtype=np.int64)
        self.queue: list[int] = []
        self.current, self.number = rules.start, 0
        self.opened, self.phase, self.filled = rules.start, "finding", 0
        self.closed = np.zeros(len(rules.doses), dtype=bool)
        self.spent, self.expanded, self.selected = 0, 0, -1
        self.reasons: dict[Moment, str] = {}
        for patient, day in enumerate(patients.arrival):
            self._plan(float(day), "arrive", patient)

    def run(self, cut_off: float) -> CalendarTrial:
        """Go through the agenda."""
        while self.agenda and self.agenda[0][0] <= cut_off:
            self.now, _, kind, patient = heapq.heappop(self.agenda)
            if self.phase == "closed" and kind in ("arrive", "ask"):
                continue
            getattr(self, f"_on_{kind}")(patient)
            self._decide()
            self._enrol()
            self._close_expansion()
        if self.phase == "finding":
            self._select("no more patients" if np.isinf(cut_off) else "the data cut-off")
        end = self.log[-1].day if np.isinf(cut_off) else cut_off
        self.now = end
        self._say("cut-off", f"data cut-off with {int(self.books.infused.sum())} patients infused")
        return CalendarTrial(
            log=tuple(self.log),
            decisions=tuple(self.decisions),
            state=self._state(),
            selected=self.selected,
            days=self.books.days,
            level=self.books.level,
            cohort=self.books.cohort,
            achieved=self.books.achieved,
            counted=self.books.counted,
            visits=self.books.visits,
            fate=tuple(self.books.fate),
            flow=self.books.flow,
            cut_off=end,
        )

    def _on_arrive(self, patient: int) -> None:
        self.books.days["screened"][patient] = self.now
        if not self.patients.eligible[patient]:
            self.books.fate[patient] = "screen failure"
            self._tell("screen failure", "is screened and not eligible", patient)
            return
        self._tell("screened", "is screened and eligible", patient)
        self.books.fate[patient] = "waiting for a place"
        self.queue.append(patient)

    def _on_apheresis(self, patient: int) -> None:
        if self.books.fate[patient] != _WAITS:
            return
        self.books.days["apheresis"][patient] = self.now
        self._tell("apheresis", "has apheresis and manufacture begins", patient)
        self._make(patient)

    def _on_product(self, patient: int) -> None:
        if self.books.fate[patient] != _WAITS:
            return
        result = ProductResult(int(self.patients.result[patient, self.attempt[patient]]))
        usable = result == ProductResult.SUCCESS or (
            result == ProductResult.OUT_OF_SPECIFICATION and self.rules.out_of_specification
        )
        if usable:
            self.books.days["product"][patient] = self.now
            self._tell("product", f"has a product ({result.label})", patient)
            self._plan(self.now + self.patients.to_infusion[patient], "infuse", patient)
            return
        self.attempt[patient] += 1
        if self.attempt[patient] < self.patients.making.shape[1]:
            self._tell("made again", f"has no product ({result.label}); it is made again", patient)
            self._make(patient)
            return
        failed = result == ProductResult.FAILURE
        self._leave(patient, "not manufactured" if failed else "out of specification")

    def _on_loss(self, patient: int) -> None:
        if self.books.fate[patient] == _WAITS:
            self._leave(patient, "lost")

    def _on_infuse(self, patient: int) -> None:
        if self.books.fate[patient] != _WAITS:
            return
        until = self._held("infuse", patient)
        if until is not None:
            self._plan(until if np.isfinite(until) else self.now + 1.0, "infuse", patient)
            return
        if not self._still_open(patient):
            return
        level, rules = int(self.books.level[patient]), self.rules
        given, assigned = float(self.patients.achieved[patient, level]), rules.doses[level]
        if given <= 0.0:
            self._leave(patient, "below dose")
            return
        self.books.days["infused"][patient], self.books.achieved[patient] = self.now, given
        short = rules.replacement.below_dose(achieved=given, assigned=assigned)
        replaced = short and rules.replacement.replaces("below dose")
        self.books.counted[patient] = not replaced
        self.books.fate[patient] = "infused"
        words = f"receives dose {level + 1}" + (
            f", {100.0 * given / assigned:.0f} % of it" if short else ""
        )
        self._tell("infused", words + (" and will be replaced" if replaced else ""), patient)
        if replaced:
            self._free(patient)
        if short:
            self._close_infeasible(level)
        end = self.patients.end[patient]
        for day in rules.visits:
            if day <= end:
                self._plan(self.now + day, "visit", patient)
        toxic = float(self.patients.toxicity[patient, level])
        if toxic <= min(rules.window, end):
            self._plan(self.now + toxic, "toxicity", patient)
        else:
            self._plan(self.now + min(rules.window, end), "window", patient)

    def _on_toxicity(self, patient: int) -> None:
        self.books.days["toxic"][patient] = self.books.days["done"][patient] = self.now
        self.books.fate[patient] = "dose-limiting toxicity"
        since = self.now - self.books.days["infused"][patient]
        self._tell("toxicity", f"has a dose-limiting toxicity {since:.0f} days on", patient)

    def _on_window(self, patient: int) -> None:
        since = self.now - self.books.days["infused"][patient]
        if since < self.rules.window - 1e-9:
            self.books.fate[patient] = "not followed"
            if self.rules.replacement.replaces("not followed"):
                self._tell("not followed", f"dies or leaves {since:.0f} days on", patient)
                if self.books.counted[patient]:
                    self.books.counted[patient] = False
                    self._free(patient)
        else:
            self.books.fate[patient] = "complete"
            self._tell("complete", "completes the window without a toxicity", patient)
        self.books.days["done"][patient] = self.now

    def _on_visit(self, patient: int) -> None:
        self.books.visits[patient] += 1
        since = self.now - self.books.days["infused"][patient]
        self._tell("visit", f"is seen {since:.0f} days after infusion", patient)

    def _on_ask(self, patient: int) -> None:
        """Nothing happens but that held things are asked again."""

    def _enrol(self) -> None:
        """Give free places to those who wait."""
        while self.queue and self.phase != "closed":
            level, number = self.current, self.number
            if not self._places():
                backfill = self.rules.backfill
                found = None
                if backfill is not None and self.phase == "finding":
                    found = backfill.level(self._view(), self.books.enrolled)
                if found is None:
                    return
                level, number = found, -1
            elif (until := self._held("enrol")) is not None:
                self._ask_on(until)
                return
            self._consent(self.queue.pop(0), level, number)

    def _consent(self, patient: int, level: int, number: int) -> None:
        self.books.days["consented"][patient] = self.now
        self.books.level[patient], self.books.cohort[patient] = level, number
        self.books.fate[patient] = _WAITS
        kind = {"finding": "", "expansion": " of the expansion cohort"}[self.phase]
        self._tell(
            "consented",
            f"consents{kind if number >= 0 else ' for backfill'}, assigned dose {level + 1}",
            patient,
        )
        if number >= 0:
            self.filled += 1
        self._plan(self.now + self.patients.to_apheresis[patient], "apheresis", patient)
        self._plan(self.now + self.patients.loss[patient], "loss", patient)

    def _make(self, patient: int) -> None:
        days = self.patients.making[patient, self.attempt[patient]]
        self._plan(self.now + days, "product", patient)

    def _leave(self, patient: int, departure: Departure) -> None:
        """Take a patient out before infusion."""
        self.books.fate[patient] = departure
        replaced = self.rules.replacement.replaces(departure)
        self._tell(departure, f"leaves before infusion: {departure}", patient)
        if replaced:
            self._free(patient)

    def _free(self, patient: int) -> None:
        """Give the place of a patient to somebody else."""
        if self.books.cohort[patient] == self.number:
            self.filled -= 1

    def _places(self) -> bool:
        if self.phase == "expansion":
            expansion = self.rules.expansion
            return expansion is not None and self.filled < expansion.patients
        left = self.rules.patients - self.spent
        return self.filled < min(self.rules.cohort, left)

    def _decide(self) -> None:
        """Decide when every place of the cohort is filled, all are infused and no rule holds."""
        if self.phase != "finding" or self._places():
            return
        mine = self.books.cohort == self.number
        if any(self.books.fate[int(k)] == _WAITS for k in np.flatnonzero(mine)):
            return
        until = self._held("decide")
        if until is not None:
            self._ask_on(until)
            return
        self._ask_design(int(np.count_nonzero(mine & self.books.counted)))

    def _ask_design(self, members: int) -> None:
        """Put the data to the design and follow it."""
        state = self._state()
        if self.spent + members >= self.rules.patients:
            if any(not one.done and one.counts for one in self._view().treated):
                return
            self._select("all patients were treated")
            return
        found, words = self.design.next_dose(state), self.design.explain(state)
        if found.suspend[0] and any(not one.done for one in self._view().treated):
            return
        self.decisions.append((self.now, words))
        self._say("decision", f"cohort {self.number + 1} is complete. {words.message.rstrip('.')}")
        self.closed |= found.eliminated[0]
        self.spent += members
        if found.stop[0]:
            self._select(words.label, none=int(found.move[0]) in _NONE)
            return
        self.current = int(found.level[0])
        self.opened = max(self.opened, self.current)
        self.number, self.filled = self.number + 1, 0

    def _select(self, why: str, *, none: bool = False) -> None:
        """End dose finding and open the expansion cohort."""
        state = self._state()
        known = state.treated.sum() > 0 and not none
        self.selected = int(self.design.select(state)[0]) if known else -1
        chosen = f"dose {self.selected + 1}" if self.selected >= 0 else "no dose"
        self._say("selected", f"dose finding ends ({why}); {chosen} is selected")
        if self.rules.expansion is None or self.selected < 0:
            self.phase = "closed"
            return
        self.phase, self.current = "expansion", self.selected
        self.number, self.filled = self.number + 1, 0

    def _still_open(self, patient: int) -> bool:
        """Lower the dose of a patient whose dose was closed meanwhile; without any they leave."""
        level = int(self.books.level[patient])
        open_doses = np.flatnonzero(~self.closed[: level + 1])
        if not open_doses.size:
            self._leave(patient, "lost")
            return False
        if open_doses[-1] < level:
            self.books.level[patient] = open_doses[-1]
            self._tell(
                "dose lowered",
                f"gets dose {open_doses[-1] + 1}: dose {level + 1} is closed",
                patient,
            )
        return True

    def _close_infeasible(self, level: int) -> None:
        """Close a dose, with all above, when too few patients can get it; then go one below."""
        rule, (assigned, got) = self.rules.feasibility, self.books.delivered(level)
        if not rule or self.closed[level] or not rule.closes(assigned=assigned, delivered=got):
            return
        self.closed[level:] = True
        self._say("infeasible", f"dose {level + 1} and above close: {got} of {assigned} got it")
        if self.phase == "finding" and self.current >= level:
            mine = np.flatnonzero(self.books.cohort == self.number)
            self.spent += int(np.count_nonzero(self.books.counted[mine]))
            self.current, self.number = max(0, level - 1), self.number + 1
            waiting = [patient for patient in mine if self.books.fate[int(patient)] == _WAITS]
            self.books.cohort[waiting], self.filled = self.number, len(waiting)
            if level == 0 or self.spent >= self.rules.patients:
                why = "no dose can be given" if level == 0 else "all patients were treated"
                self._select(why, none=level == 0)

    def _close_expansion(self) -> None:
        """Close accrual when everybody of the expansion cohort was infused."""
        if self.phase == "expansion" and not self._places():
            mine = np.flatnonzero(self.books.cohort == self.number)
            if not any(self.books.fate[int(patient)] == _WAITS for patient in mine):
                self.phase = "closed"

    def _state(self) -> DoseState:
        return self.books.state(self.now, self.current, self.closed)

    def _view(self) -> ConductView:
        return self.books.view(self.now, self.current, self.number, self.closed)

    def _held(self, moment: Moment, patient: int = -1) -> float | None:
        """Ask every rule; the latest day wins, and its reason is logged once."""
        number = self.number if patient < 0 else int(self.books.cohort[patient])
        if number < 0:
            return None
        view = self.books.view(self.now, self.current, number, self.closed)
        holds = [found for rule in self.rules.all_holds if (found := rule.hold(moment, view))]
        if not holds:
            self.reasons.pop(moment, None)
            return None
        latest = max(holds, key=lambda hold: hold.until)
        if self.reasons.get(moment) != latest.reason and moment != "decide":
            what = {"enrol": "enrolment", "infuse": "infusion"}[moment]
            end = f" until day {latest.until:.1f}" if np.isfinite(latest.until) else ""
            self._say("held", f"{what} waits{end}: {latest.reason}")
        self.reasons[moment] = latest.reason
        return latest.until
