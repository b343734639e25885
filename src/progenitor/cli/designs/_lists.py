"""Comma separated lists of the command line; everything wrong with them is told at once."""

import math
from collections.abc import Callable
from typing import TypeVar, cast, final

from progenitor.errors import InputError, Problem, ProgenitorError

__all__ = ["OptionLists"]

T = TypeVar("T")


@final
class OptionLists:
    """Reads lists such as ``0.1,0.2`` and collects what is wrong with them.

    Examples
    --------
    >>> lists = OptionLists()
    >>> lists.numbers("--p", "0.1, 0.2"), lists.whole("--npts", "3,6"), lists.flags("--tox", "0,1")
    ((0.1, 0.2), (3, 6), (False, True))
    >>> lists.levels("--levels", "1,1,2")
    (0, 0, 1)
    >>> lists.whole("--ntox", "1,x"), lists.good("--ntox"), lists.good("--npts")
    ((), False, True)
    >>> lists.done()
    Traceback (most recent call last):
    ...
    progenitor.errors.InputError: --ntox: 'x' is not a whole number. Fix: ...
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def good(self, *options: str) -> bool:
        """Whether nothing was noted about any of these options."""
        return not any(problem.field in options for problem in self.problems)

    def attempt(self, make: Callable[[], T]) -> T:
        """Make something and note what it refuses; use the answer only after :meth:`done`."""
        try:
            return make()
        except InputError as error:
            self.problems += error.problems
        except ProgenitorError as error:
            message, _, fix = str(error).partition(". Fix: ")
            self.problems.append(Problem(message, fix))
        return cast("T", None)

    def numbers(self, option: str, text: str) -> tuple[float, ...]:
        """Read numbers; semicolons separate as well as commas."""
        return self._read(option, text, float, "a number", "write numbers like 0.1,0.2")

    def whole(self, option: str, text: str) -> tuple[int, ...]:
        """Read whole numbers."""
        return self._read(option, text, int, "a whole number", "write whole numbers like 3,6,3")

    def levels(self, option: str, text: str) -> tuple[int, ...]:
        """Read doses counted from 1 and count them from 0."""
        levels = self.whole(option, text)
        if wrong := sorted({level for level in levels if level < 1}):
            self.add(option, f"{wrong} are no doses", "count doses from 1")
            return ()
        return tuple(level - 1 for level in levels)

    def flags(self, option: str, text: str) -> tuple[bool, ...]:
        """Read zeros and ones."""
        values = self.whole(option, text)
        if wrong := sorted({value for value in values if value not in (0, 1)}):
            self.add(option, f"{wrong} is neither 0 nor 1", "write 1 for yes and 0 for no")
            return ()
        return tuple(value == 1 for value in values)

    def same_length(self, **lists: tuple[object, ...]) -> None:
        """Note lists that differ in length; the keyword ``p_tox`` stands for ``--p-tox``.

        Lists about which something was noted already are left out.
        """
        sizes = {_option(name): len(values) for name, values in lists.items()}
        sizes = {option: size for option, size in sizes.items() if self.good(option)}
        if len(set(sizes.values())) > 1:
            given = ", ".join(f"{option} {size}" for option, size in sizes.items())
            self.add(
                next(iter(sizes)),
                f"lists differ in length: {given}",
                "give one number for each dose or patient in all of them",
            )

    def add(self, option: str, message: str, fix: str) -> None:
        """Note something else that is wrong with an option."""
        self.problems.append(Problem(message, fix, field=option))

    def done(self) -> None:
        """Raise ``InputError`` with everything noted, if anything was."""
        if self.problems:
            raise InputError(self.problems)

    def _read(
        self, option: str, text: str, kind: Callable[[str], T], what: str, fix: str
    ) -> tuple[T, ...]:
        words = [word.strip() for word in text.replace(";", ",").split(",")] if text.strip() else []
        found: list[T] = []
        wrong: list[str] = []
        for word in words:
            try:
                value = kind(word)
            except ValueError:
                wrong.append(word)
                continue
            if isinstance(value, float) and not math.isfinite(value):
                wrong.append(word)
            found.append(value)
        for word in wrong:
            self.add(option, f"'{word}' is not {what}", fix)
        return () if wrong else tuple(found)


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")
