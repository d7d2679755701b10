"""Lesson 12: a real chat model, token by token and a prompt at once, beside transformers.

`make bench-12` runs it on your functions once your kata is green, else on the solution's. Beside
them stand Hugging Face's transformers in float32, on the same weights, where PyTorch is installed;
and the least that one token can take: every weight read from memory once, and nothing else done.
How to read it: benchmarks/README.md.
"""

import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import kata_12_modern_llm as kata
import numpy as np

from benchmarks.harness import Bench, Ladder, PyTorch, Run, Rung, report, run, units
from benchmarks.harness.tensors import torch
from benchmarks.llama_in_transformers import in_transformers
from tests.runner.lessons.catalog import KATAS

READ, NUMPY, THEIRS = "weights read once", "NumPy", "transformers"
ONE, PROMPT, LOADING = "one more token", "a prompt", "loading the model"
A_MODEL = "model"


@cache
def place():
    """The model's file, and the folder in which it is kept; raises NoModel if it is not here."""
    sys.path.append(str(KATAS))
    from smollm2 import download, install
    from smollm2.problems import NoModel
    from smollm2.settings import settings

    if not install.missing():
        folder = download.cache_folder()
        file = settings().model or folder / download.NAME
        if file.is_file():
            return file, folder
    raise NoModel("The model is not here yet: `make chat` downloads it.")


@cache
def model():
    return load(*place())


def load(file, folder):
    from smollm2.model import open_model

    return open_model(file, folder)


@cache
def theirs():
    return in_transformers(model().params, model().config)


def arguments(tokens):
    """A text with one token more than the size says; which ones they are makes no difference."""
    ids = np.random.default_rng(0).integers(len(model().params["token_table"]), size=tokens + 1)
    return (ids,)


def one_more(ids):
    params, config = model().params, model().config
    _, caches = kata.llama(ids[:-1], params, config)
    return lambda: kata.llama(ids[-1:], params, config, caches)[0]


def prompt(ids):
    """As `make chat` reads it: the logits of the last token are all that is needed."""
    from smollm2.reading import Reader

    return lambda: Reader(model()).read(ids[:-1].tolist())


def one_more_there(ids):
    with torch.inference_mode():
        kept = theirs()(ids[None, :-1], use_cache=True, logits_to_keep=1).past_key_values

    @torch.inference_mode()
    def step():
        logits = theirs()(ids[None, -1:], cache=kept, use_cache=True).logits
        kept.crop(-1)  # which moves no number
        return logits

    return step


def prompt_there(ids):
    theirs()
    return torch.inference_mode()(lambda: theirs()(ids[None, :-1], logits_to_keep=1).logits)


def read_once(ids, workers):
    """A sum of squares over all weights: as few operations as there can be for each number."""
    params = model().params
    matrices = [params.get("unembedding", params["token_table"]),
                *(w for block in params["blocks"] for part in ("attention", "feed_forward")
                  for w in block[part].values())]
    numbers = [(w if w.flags.c_contiguous else w.T).ravel() for w in matrices]
    pieces = [piece for w in numbers for piece in np.array_split(w, workers)]
    pool = ThreadPoolExecutor(workers)
    return lambda: sum(pool.map(lambda piece: np.dot(piece, piece), pieces))


def page(found: Run):
    """The table, and what it says about transformers and about memory."""
    columns = [report.TIME, report.times(NUMPY), report.MEMORY]
    for n_threads in found.threads:
        sweeps = [found.sweep(name, n_threads) for name in (ONE, PROMPT)]
        yield report.ladder([sweep for sweep in sweeps if sweep.rows],
                            f"{found.heading}: {report.threads(n_threads)}", columns)
    most = found.threads[-1]
    token = found.sweep(ONE, most)
    for ours in token.of(NUMPY)[:1]:
        at = token.at(ours.size)
        if READ in at:
            yield (f"With {report.threads(most)} it makes {units.digits(1 / ours.seconds, 2)} "
                   f"tokens a second after {ours.size:,} others, "
                   f"{at[READ].seconds / ours.seconds:.2f} of what could be if each weight were "
                   "read from memory once for each token, and all else took no time.")
        if THEIRS in at:
            yield (f"transformers takes {units.factor(at[THEIRS].seconds / ours.seconds)} times as "
                   "long for a token, in float32 as well.")
    for ours, others in found.sweep(PROMPT, most).both(NUMPY, THEIRS)[-1:]:
        yield (f"For a prompt of {ours.size:,} tokens transformers takes "
               f"{units.factor(others.seconds / ours.seconds)} times as long.")
    for row in found.sweep(LOADING).rows:
        yield (f"Loading the model takes {units.duration(row.seconds)}, and at most "
               f"{units.memory(row.peak_bytes or 0)} on the way.")


HAS_THEIRS = bool(importlib.util.find_spec("transformers"))
BENCH = Bench(
    "llama, SmolLM2-135M-Instruct, float32",
    (
        Ladder(ONE, {READ: Rung(read_once, prepares=True, workers=True),
                     NUMPY: Rung(one_more, prepares=True),
                     **({THEIRS: PyTorch(one_more_there, prepares=True)} if HAS_THEIRS else {})},
               arguments, (80, 500), threads=True),
        Ladder(PROMPT, {NUMPY: Rung(prompt, prepares=True),
                        **({THEIRS: PyTorch(prompt_there, prepares=True)} if HAS_THEIRS else {})},
               arguments, (30, 500), threads=True, growth=1.0),
        Ladder(LOADING, {NUMPY: Rung(load)}, lambda _: place(), (1,), axis=A_MODEL),
    ),
    page,
)


def ready() -> str:
    """Make ready all that is measured; "" or a sentence about why nothing can be.

    transformers is installed if PyTorch is here.
    """
    sys.path.append(str(KATAS))
    from smollm2 import install
    from smollm2.problems import NoModel

    try:
        model()
        if torch and not HAS_THEIRS:
            install.install_missing(print, "bench")
            print("The next run has transformers, too.")
    except NoModel as problem:
        return str(problem)
    if torch and HAS_THEIRS:
        theirs()
    return ""


if __name__ == "__main__":
    if problem := ready():
        print(problem)
        sys.exit(1)
    sys.exit(run(__file__, BENCH))
