"""A run as a file in NumPy's own format, npz. Whoever looks sees the old file or the new one.

The arrays are named as in katas/mini_gpt: params.blocks.0.attention.w_q and so on; m and v of the
optimizer likewise. Everything else is one line of JSON, with the state of the generator.
"""

import io
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from tests.runner.reader.atomic import write_whole
from training.run import Entry, Plan, Run

MODELS = Path(__file__).resolve().parents[2] / ".kata-models"


class NoModel(Exception):
    """There is no such file, or it holds no run; the text says which."""


def model_file(name: str) -> Path:
    """Where a model is: a name stands for a file in .kata-models, a path for itself."""
    if "/" in name or name.endswith(".npz"):
        return Path(name).expanduser()
    return MODELS / f"{name}.npz"


def shown(file: Path) -> str:
    """A file as a sentence has it: from the project's folder, if it is in there."""
    root = MODELS.parent
    file = file.absolute()
    return str(file.relative_to(root) if file.is_relative_to(root) else file)


def save(file: Path, run: Run) -> None:
    """Write a run, in one step, after it has taken a step or more."""
    trees = {"params": run.params, "m": run.state["m"], "v": run.state["v"]}
    arrays = {name: array for kind, tree in trees.items() for name, array in flat(tree, kind)}
    about = {"plan": asdict(run.plan), "step": run.step, "adam_step": run.state["step"],
             "rng": run.rng.bit_generator.state, "log": [asdict(entry) for entry in run.log]}
    content = io.BytesIO()
    np.savez(content, about=np.array(json.dumps(about)), **arrays)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, content.getvalue())


def load(file: Path) -> Run:
    """Read a run, to the last bit as it was."""
    try:
        with np.load(file) as saved:
            about = json.loads(str(saved["about"]))
            trees = unflat({name: saved[name] for name in saved.files if name != "about"})
        rng = np.random.default_rng()
        rng.bit_generator.state = about["rng"]
        state = {"step": about["adam_step"], "m": trees["m"], "v": trees["v"]}
        log = tuple(Entry(**entry) for entry in about["log"])
        return Run(Plan(**about["plan"]), trees["params"], state, rng, about["step"], log)
    except FileNotFoundError:
        raise NoModel(f"There is no model {shown(file)}.") from None
    except Exception as problem:
        raise NoModel(f"{shown(file)} is no model of `make train` ({type(problem).__name__}: "
                      f"{problem}).") from None


def flat(tree, name: str):
    """Every array of a tree with its name."""
    if isinstance(tree, (dict, list)):
        for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from flat(inner, f"{name}.{key}")
        if not tree:
            yield f"{name}.", np.zeros(0)  # an empty list, such as the blocks of a model without
    else:
        yield name, tree


def unflat(arrays: dict):
    """The tree that `flat` has taken apart."""
    tree: dict = {}
    for name, array in arrays.items():
        *path, last = name.split(".")
        inner = tree
        for part in path:
            inner = inner.setdefault(part, {})
        if last:
            inner[last] = array
    return _lists(tree)


def _lists(tree):
    """A tree in which dicts with the keys 0, 1, ... and empty ones have become lists."""
    if not isinstance(tree, dict):
        return tree
    if all(key.isdigit() for key in tree):
        return [_lists(tree[key]) for key in sorted(tree, key=int)]
    return {key: _lists(inner) for key, inner in tree.items()}
