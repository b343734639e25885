"""Machine code of a model, made once and kept."""

import functools
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

import numpy as np
from jaxtyping import Float

from progenitor.engine._kernel_code import FUNCTIONS, KernelCode
from progenitor.engine._layout import Layout
from progenitor.engine._model import Model
from progenitor.engine._model_graph import model_graph
from progenitor.engine._object_cache import cached

__all__ = ["Kernels", "compile_kernels"]

_ALIGNMENT: Final = 64
_KEPT: Final = 32
_lock: Final = threading.RLock()
_loaded: Final[dict[tuple[str, int, bool], "Kernels"]] = {}


@final
@dataclass(frozen=True, slots=True)
class Kernels:
    """Functions of a model on a block of lanes.

    Parameters
    ----------
    model
        What was compiled.
    lanes, single
        Lanes of a block, and whether they hold 32-bit numbers.
    layout
        Rows of a workspace.
    addresses
        Of each function of :data:`FUNCTIONS`; it takes the address of a workspace.
    edge_events
        Which event each comparison belongs to that is watched by itself.
    sums
        Whether there are observables and all are sums of species.
    """

    model: Model
    lanes: int
    single: bool
    layout: Layout
    addresses: Mapping[str, int]
    edge_events: tuple[int, ...]
    sums: bool
    _engine: Any

    def workspace(self) -> Float[np.ndarray, "row lane"]:
        """Make an aligned workspace of zeros."""
        kind = np.dtype(np.float32 if self.single else np.float64)
        size = self.layout.rows * self.lanes * kind.itemsize
        raw = np.zeros(size + _ALIGNMENT, np.uint8)
        first = -raw.ctypes.data % _ALIGNMENT
        return raw[first : first + size].view(kind).reshape(self.layout.rows, self.lanes)


def compile_kernels(model: Model, *, lanes: int = 8, single: bool = False) -> Kernels:
    """Compile a model for blocks of lanes, or return what was compiled before.

    Parameters
    ----------
    model
        What to compile.
    lanes
        Numbers in a vector; 1 gives scalar code.
    single
        Whether to compute in 32 bits.

    Examples
    --------
    >>> from progenitor.engine._declarations import ModelParameter, ReactionSet, Species
    >>> part = ReactionSet(
    ...     "p",
    ...     species=(Species("x", "1", initial="2*a"),),
    ...     parameters=(ModelParameter("a", "1"),),
    ... )
    >>> kernels = compile_kernels(Model.build("m", [part]), lanes=2)
    >>> kernels.workspace().shape[1]
    2
    """
    key = (model.content_hash, lanes, single)
    with _lock:
        if key not in _loaded:
            while len(_loaded) >= _KEPT:
                _loaded.pop(next(iter(_loaded)))
            _loaded[key] = _compile(model, lanes=lanes, single=single)
        return _loaded[key]


def _compile(model: Model, *, lanes: int, single: bool) -> Kernels:
    from llvmlite import binding

    machine = _machine()
    nodes = model_graph(model)
    code = KernelCode(nodes, lanes=lanes, single=single)

    def make() -> bytes:
        module = binding.parse_assembly(str(code.module))
        module.verify()
        return bytes(machine.emit_object(module))

    name = f"{model.content_hash}:{lanes}:{single}:{_code_version()}:{_processor()}"
    content = cached(name, make)
    empty = binding.parse_assembly("")
    engine = binding.create_mcjit_compiler(empty, machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(content))
    engine.finalize_object()
    addresses = {name: engine.get_function_address(name) for name in FUNCTIONS}
    edges = tuple(event for event, _ in nodes.edges)
    return Kernels(model, lanes, single, code.layout, addresses, edges, bool(code.sums), engine)


def _machine() -> Any:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple()
    cpu, features = _processor().split("|")
    return target.create_target_machine(
        cpu=cpu, features=features, opt=2, reloc="default", codemodel="jitdefault"
    )


@functools.cache
def _processor() -> str:
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    return f"{binding.get_host_cpu_name()}|{features.flatten()}"


@functools.cache
def _code_version() -> str:
    """Digest of the files that make code, so that a change of them makes code anew."""
    from llvmlite import __version__

    folder = Path(__file__).parent
    names = (
        "_derivatives", "_elimination", "_graph", "_kernel_code", "_kernel_function",
        "_kernel_needs", "_kernel_report", "_lanes", "_layout", "_linear_observables",
        "_model_graph", "_program", "_rodas", "_vector_math",
    )  # fmt: skip
    text = b"".join((folder / f"{name}.py").read_bytes() for name in names)
    return f"{__version__}:{hashlib.sha256(text).hexdigest()}"
