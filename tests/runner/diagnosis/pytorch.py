"""PyTorch names that people type, and what to write in NumPy: one table.

The screen says its row if such a name fails; quick_reference.md has all rows.
"""

import re
from dataclasses import dataclass

import numpy as np

OTHERS = ("torch", "nn", "F")  # the names of imported PyTorch modules
KEYWORD = re.compile(r"unexpected keyword argument '(\w+)'")


@dataclass(frozen=True)
class Habit:
    """One row of the table: what to write in each, and the names that find it."""

    torch: str
    numpy: str
    names: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"In PyTorch `{self.torch}`, in NumPy `{self.numpy}`."


ROWS = tuple(Habit(torch, numpy, tuple(names.split())) for torch, numpy, names in (
    ("x.view(...)", "x.reshape(...)", "view view_as"),
    ("x.transpose(1, 2)", "x.swapaxes(1, 2)", "transpose"),
    ("x.permute(0, 2, 1, 3)", "x.transpose(0, 2, 1, 3)", "permute"),
    ("x.contiguous()", "x", "contiguous"),
    ("x.unsqueeze(1)", "np.expand_dims(x, 1)", "unsqueeze"),
    ("x.expand(2, 3, 4)", "np.broadcast_to(x, (2, 3, 4))", "expand expand_as"),
    ("x.repeat(2, 1, 1)", "np.tile(x, (2, 1, 1))", "repeat"),
    ("x.t()", "x.swapaxes(-1, -2)", "t"),
    ("x.size(-1)", "x.shape[-1]", "size shape"),
    ("x.numel()", "x.size", "numel"),
    ("dim=-1, keepdim=True", "axis=-1, keepdims=True", "dim keepdim"),
    ("x.max(dim=-1).values", "x.max(axis=-1)", "values indices"),
    ("x.var(dim=-1, unbiased=False)", "x.var(axis=-1)", "unbiased correction"),
    ("torch.cat([a, b], dim=-1)", "np.concatenate([a, b], axis=-1)", "cat"),
    ("x.chunk(n, dim=-1)", "np.split(x, n, axis=-1)", "chunk"),
    ("x.split(size, dim=-1)", "np.split(x, x.shape[-1] // size, axis=-1)", "split"),
    ("x.gather(-1, ids)", "np.take_along_axis(x, ids, axis=-1)", "gather"),
    ("x.masked_fill(hidden, number)", "np.where(hidden, number, x)", "masked_fill masked_fill_"),
    ("x.clamp(min=0)", "np.maximum(x, 0)", "clamp clamp_min"),
    ("x.pow(2)", "x ** 2", "pow square"),
    ("x.exp()", "np.exp(x)", "exp"),
    ("x.log()", "np.log(x)", "log"),
    ("x.sqrt(), x.rsqrt()", "np.sqrt(x), 1 / np.sqrt(x)", "sqrt rsqrt"),
    ("x.tanh()", "np.tanh(x)", "tanh"),
    ("x.abs()", "np.abs(x)", "abs"),
    ("torch.sigmoid(x)", "1 / (1 + np.exp(-x))", "sigmoid"),
    ("x.norm()", "np.linalg.norm(x)", "norm"),
    ("a.matmul(b), torch.bmm(a, b)", "a @ b", "matmul bmm mm"),
    ("x.float()", "x.astype(np.float32)", "float"),
    ("x.bool(), x.long()", "x.astype(bool), x.astype(int)", "bool long int"),
    ("x.detach(), x.cpu(), x.numpy()", "x", "detach cpu numpy to cuda device"),
    ("torch.tensor([1.0, 2.0])", "np.array([1.0, 2.0])", "tensor Tensor from_numpy"),
    ("torch.zeros(2, 3)", "np.zeros((2, 3))", "zeros ones"),
))
BY_NAME = {name: row for row in ROWS for name in row.names}
OURS = ("softmax", "log_softmax", "logsumexp", "relu", "gelu", "silu", "layer_norm", "rms_norm",
        "cross_entropy", "scaled_dot_product_attention", "embedding", "linear")
# Names that NumPy has as well: they fail with PyTorch's arguments, in these words.
FAILS = {
    "view": ("view()", "sub-type of ndarray", "as a data type"), "transpose": ("axes", "axis"),
    "repeat": ("repeat()",), "size": ("not callable",), "shape": ("not callable",),
    "zeros": ("as a data type",), "ones": ("as a data type",),
}
MANY_AXES = re.compile(r"\.transpose\((\(|[^(),]+,[^(),]+,)")  # which is NumPy's own


def in_numpy(problem: BaseException, text: str, line: str) -> str:
    """The NumPy for a PyTorch habit that raised an exception; "" if it was not one.

    text: what the exception says
    line: the reader's line that failed
    """
    match problem:
        case AttributeError(obj=obj, name=name) if isinstance(obj, np.ndarray) or obj is np:
            return _of(name)
        case NameError(name=name) if name in OTHERS:
            used = re.search(rf"\b{name}\.(?:\w+\.)*(\w+)", line)
            return (used and _of(used[1])
                    or f"`{name}` is PyTorch's, and this project uses NumPy alone.")
        case TypeError() if keyword := KEYWORD.search(text):
            return _of(keyword[1])
        case TypeError() | ValueError():
            found = (name for name in re.findall(r"\.(\w+)\(", line)
                     if any(words in text for words in FAILS.get(name, ()))
                     and not MANY_AXES.search(line))
            return _of(next(found, ""))
    return ""


def _of(name: str) -> str:
    if name in BY_NAME:
        return BY_NAME[name].sentence
    return f"NumPy has no `{name}`: it is a function that you write." if name in OURS else ""
