"""The program of a model as C that people can read: what the machine code of the model computes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from progenitor.engine._c_expressions import HELPERS, Assignment, CFunction, c_comment
from progenitor.engine._compile import tolerance_of
from progenitor.engine._kernel_needs import guarded_states, steep_states, stored_statics
from progenitor.engine._model import Model
from progenitor.engine._model_graph import ModelGraph, model_graph

__all__ = ["c_source"]

_PLACE: Final = "double t, const double *y, const double *p, const double *k, const double *gate"
_WIDTH: Final = 90
_KINDS: Final = ("births", "deaths", "arrivals")


def c_source(model: Model) -> str:
    """Write the program that is compiled for a model as C99, for reading and debugging.

    It holds the same elementary operations as the machine code: numbers that depend on parameters
    alone (``model_statics``), initial values, slopes, the Jacobian, the factors of the matrix of a
    Rosenbrock step and their use, observables, rates, and what events and countable species need.
    It compiles with ``cc -std=c99 -c`` and needs the mathematical library. ``t`` is the time,
    ``y`` the species, ``p`` the parameters, ``k`` the numbers of ``model_statics``, and ``gate`` is
    1 for each countable species that is present and 0 for one that is absent.

    Parameters
    ----------
    model
        What to write.

    Examples
    --------
    >>> from progenitor.engine import ModelParameter, Reaction, ReactionSet, Species
    >>> decay = ReactionSet(
    ...     "decay",
    ...     species=(Species("drug", "1"),),
    ...     parameters=(ModelParameter("loss_rate", "1/day"),),
    ...     reactions=(Reaction("loss", "loss_rate*drug", {"drug": 1}),),
    ... )
    >>> print([l for l in c_source(Model.build("decay", [decay])).splitlines() if "slope(" in l][0])
        entry[0] = -p[p_loss_rate];  /* d slope(drug) / d drug */
    """
    writer = _Writer.of(model)
    functions = "\n".join(writer.functions())
    helpers = [text for name, text in HELPERS.items() if f"{name}(" in functions]
    parts = [*writer.head(), *(f"\n{text}" for text in helpers), f"\n{functions}"]
    return "".join(parts)


@final
@dataclass(frozen=True, slots=True)
class _Writer:
    nodes: ModelGraph
    stored: Sequence[int]
    names: Mapping[int, tuple[str, str]]
    statics: Mapping[int, str]
    guarded: frozenset[int]
    floored: Mapping[int, float]

    @classmethod
    def of(cls, model: Model) -> "_Writer":
        nodes = model_graph(model)
        names = _named(nodes)
        stored = stored_statics(nodes)
        statics = {
            node: f"k[k_{names[node][0]}]" if node in names else f"k[{place}]"
            for place, node in enumerate(stored)
        }
        floored = {i: tolerance_of(model.species[i]) for i in steep_states(nodes)}
        return cls(nodes, stored, names, statics, guarded_states(nodes), floored)

    # What is declared

    def head(self) -> Iterator[str]:
        model = self.nodes.model
        yield f"{c_comment(f'Model {model.name}, content hash {model.content_hash}.').strip()}\n"
        unit = "without unit" if model.time_unit == "1" else model.time_unit
        yield f"{c_comment(f'Time: {unit}. Unit and meaning stand behind each name.').strip()}\n"
        yield "#include <math.h>\n"
        yield from _enumeration(
            (f"y_{species.name}", place, f"[{species.unit}] {species.title}")
            for place, species in enumerate(model.species)
        )
        yield from _enumeration(
            (f"p_{parameter.name}", place, f"[{parameter.unit}] {parameter.title}")
            for place, parameter in enumerate(model.parameters)
        )
        yield from _enumeration(
            (f"k_{self.names[node][0]}", place, self.names[node][1])
            for place, node in enumerate(self.stored)
            if node in self.names
        )
        places = sorted(self.nodes.jacobian)
        for name, which in (("row", 0), ("column", 1)):
            if places:
                yield f"\nconst int jacobian_{name}[] = {{\n"
                yield from (f"    y_{model.species[place[which]].name},\n" for place in places)
                yield "};\n"

    # Functions

    def functions(self) -> Iterator[str]:
        nodes, model = self.nodes, self.nodes.model
        slopes = [
            Assignment(f"slope[y_{s.name}]", node, f"[{_rate_unit(s.unit, model)}]")
            for s, node in zip(model.species, nodes.derivatives, strict=True)
        ]
        yield self._initial()
        yield self._statics()
        yield self._function(
            "derivative", "double *slope", slopes, "Slopes, without infusions.", guard=True
        )
        if nodes.timed:
            partial = [
                Assignment(target, node, f"d slope({s.name}) / d time")
                for (target, _, _), node, s in zip(
                    slopes, nodes.time_slopes, model.species, strict=True
                )
            ]
            yield self._function(
                "time_slopes", "double *slope", partial, "Slopes' change with time.", floor=True
            )
        yield self._jacobian()
        yield self._factor()
        yield self._solve()
        yield from self._asked()

    def _asked(self) -> Iterator[str]:
        """Write what is asked about a point: observables, rates, events, countable species."""
        nodes, model = self.nodes, self.nodes.model
        yield self._function(
            "observe",
            "double *seen",
            _listed("seen", nodes.observables, (f"{o.name} [{o.unit}]" for o in model.observables)),
            "Observables.",
        )
        events = [f"event {event.name}" for event in model.events]
        assigned = [f"event {e.name}: {name}" for e in model.events for name in e.assignments]
        groups = (
            ("rates", nodes.rates, [r.name for r in model.reactions], "Rates of reactions."),
            ("triggers", nodes.triggers, events, "1 where an event's trigger is true."),
            ("roots", nodes.roots, events, "Numbers that change sign with the triggers."),
            (
                "edges",
                [node for _, node in nodes.edges],
                [events[event] for event, _ in nodes.edges],
                "Left minus right side of the comparisons in triggers made of several.",
            ),
            ("delays", nodes.delays, events, "From trigger to action."),
            ("priorities", nodes.priorities, events, "Of actions due at one moment."),
            (
                "actions",
                [node for action in nodes.actions for node in action],
                assigned,
                "New amounts of the species that events assign.",
            ),
            ("flows", nodes.flows, _flow_names(model), "Of countable species."),
            (
                "switches",
                nodes.switches,
                ["left minus right side"] * len(nodes.switches),
                "Comparisons of time.",
            ),
        )
        for name, found, comments, title in groups:
            if found:
                listed = _listed("found", found, comments)
                yield self._function(name, "double *found", listed, title)

    def _initial(self) -> str:
        model = self.nodes.model
        listed = [
            Assignment(f"y[y_{s.name}]", node, f"[{s.unit}]")
            for s, node in zip(model.species, self.nodes.initial, strict=True)
        ]
        signature = "model_initial(double t, const double *p, double *y)"
        return _defined("Initial values.", signature, self._body({}).lines(listed))

    def _statics(self) -> str:
        listed = [Assignment(self.statics[node], node, "") for node in self.stored]
        signature = "model_statics(const double *p, double *k)"
        return _defined(
            "Numbers that depend on parameters alone.", signature, self._body({}).lines(listed)
        )

    def _jacobian(self) -> str:
        species = self.nodes.model.species
        entries = [
            Assignment(f"entry[{n}]", node, f"d slope({species[i].name}) / d {species[j].name}")
            for n, ((i, j), node) in enumerate(sorted(self.nodes.jacobian.items()))
        ]
        title = "Entries of the Jacobian that are not always zero."
        return self._function("jacobian", "double *entry", entries, title, floor=True)

    def _factor(self) -> str:
        species, factors = self.nodes.model.species, self.nodes.factors
        meanings: dict[int, list[str]] = {}
        for row, node in factors.pivots.items():
            meanings.setdefault(node, []).append(f"1 / pivot {species[row].name}")
        for which, entries in (("multiplier", factors.lower), ("above", factors.upper)):
            for row, pairs in entries.items():
                for other, node in pairs:
                    text = f"{which} {species[row].name}, {species[other].name}"
                    meanings.setdefault(node, []).append(text)
        listed = [
            Assignment(f"factor[{place}]", node, "; ".join(meanings[node]))
            for place, node in enumerate(factors.nodes)
        ]
        title = "Factors of shift*I - Jacobian, the shift being 1/(gamma*h)."
        return self._function("factor", "double shift, double *factor", listed, title, floor=True)

    def _solve(self) -> str:
        factors, species = self.nodes.factors, self.nodes.model.species
        x = [f"x[y_{one.name}]" for one in species]
        places = {node: f"factor[{place}]" for place, node in enumerate(factors.nodes)}
        lines = [
            f"    {x[row]} -= {places[node]}*{x[pivot]};"
            for pivot in factors.order
            for row, node in factors.lower[pivot]
        ]
        for pivot in reversed(factors.order):
            lines += [
                f"    {x[pivot]} -= {places[node]}*{x[column]};"
                for column, node in factors.upper[pivot]
            ]
            lines.append(f"    {x[pivot]} *= {places[factors.pivots[pivot]]};")
        title = "Solution of a system with the factored matrix: right side in, solution out."
        return _defined(title, "model_solve(const double *factor, double *x)", lines)

    def _function(
        self,
        name: str,
        answer: str,
        assignments: Sequence[Assignment],
        title: str,
        *,
        guard: bool = False,
        floor: bool = False,
    ) -> str:
        guarded = self.guarded if guard or floor else frozenset()
        body = self._body(self.statics, guarded, self.floored if floor else {})
        return _defined(title, f"model_{name}({_PLACE}, {answer})", body.lines(assignments))

    def _body(
        self,
        statics: Mapping[int, str],
        guarded: frozenset[int] = frozenset(),
        floored: Mapping[int, float] | None = None,
    ) -> CFunction:
        model = self.nodes.model
        return CFunction(
            self.nodes.graph,
            self.names,
            [f"y[y_{species.name}]" for species in model.species],
            [f"p[p_{parameter.name}]" for parameter in model.parameters],
            statics,
            guarded,
            floored or {},
        )


def _named(nodes: ModelGraph) -> dict[int, tuple[str, str]]:
    """Nodes that the modeller named, as rules or rates of reactions, and what they mean."""
    graph, model = nodes.graph, nodes.model
    names: dict[int, tuple[str, str]] = {}
    for rule in model.rules:
        node = graph.of(graph.program.add(rule.name))
        if graph.nodes[node].operands:
            names.setdefault(node, (f"r_{rule.name}", f"rule [{rule.unit}]"))
    for reaction, node in zip(model.reactions, nodes.rates, strict=True):
        if graph.nodes[node].operands:
            names.setdefault(node, (f"v_{reaction.name}", "rate of reaction"))
    return names


def _listed(array: str, nodes: Iterable[int], comments: Iterable[str]) -> list[Assignment]:
    pairs = enumerate(zip(nodes, comments, strict=True))
    return [Assignment(f"{array}[{place}]", node, comment) for place, (node, comment) in pairs]


def _flow_names(model: Model) -> list[str]:
    counted = [species.name for species in model.species if species.countable]
    return [f"{kind} of {name}" for name in counted for kind in _KINDS]


def _rate_unit(unit: str, model: Model) -> str:
    return unit if model.time_unit == "1" else f"{unit}/{model.time_unit}"


def _enumeration(entries: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    lines = [f"    {name} = {place},{c_comment(meaning)}\n" for name, place, meaning in entries]
    if lines:
        yield "\nenum {\n"
        yield from lines
        yield "};\n"


def _defined(title: str, signature: str, lines: Iterable[str]) -> str:
    body = "".join(f"{line}\n" for line in lines)
    if len(signature) > _WIDTH:
        signature = signature.replace("(", "(\n    ", 1).replace("gate, ", "gate,\n    ")
    return f"{c_comment(title).strip()}\nvoid {signature}\n{{\n{body}}}\n"
