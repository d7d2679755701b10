"""The sizes of one random call, and the arrays that are made from them.

What the arguments of a lesson's functions are is in its `hints/arguments_NN_topic.py`.
"""

import numpy as np

LEFT_OUT = object()  # instead of a value: this argument makes no sense with the others
GPT = ("norm_1", "attention", "norm_2", "feed_forward")
ENCODER = ("attention", "norm_1", "feed_forward", "norm_2")
DECODER = ("attention", "norm_1", "cross_attention", "norm_2", "feed_forward", "norm_3")


class Scene(dict):
    """The sizes of one call, each drawn when first needed, and the arrays made from them.

    given:   the names of the arguments that the call has
    batch:   the leading axes
    kind:    the kind of numbers in its arrays
    refused: whether the docstring says that the call is refused, if there are such calls
    """

    def __init__(self, rng: np.random.Generator, given: set[str], kind: str,
                 form: tuple[int, str], refused: bool):
        super().__init__()
        n_batch_axes, sizes = form
        self.rng, self.given, self.kind, self.refused = rng, given, kind, refused
        has_gradients = {"grad_out", "grads", "state"} & given or {"targets", "params"} <= given
        if has_gradients and kind == "integers":  # the gradient of an integer is no integer
            self.kind = "plain"
        self._sizes = rng.permutation(range(2, 10)).tolist()
        if sizes == "all are the same":
            self._sizes = self._sizes[:1] * 20
        elif sizes == "one is 1":
            self._sizes.insert(int(rng.integers(4)), 1)
        self["n_heads"] = int(rng.integers(1, 4)) if "n_heads" in given else 1
        self.batch = tuple(self._small() for _ in range(n_batch_axes))
        own_width = "memory" in given and not {"block", "params"} & given
        self["d_memory"] = self["d_source"] if own_width else self["d_model"]

    def __missing__(self, name: str) -> int:
        self[name] = self._sizes.pop(0) if self._sizes else int(self.rng.integers(2, 10))
        return self[name]

    @property
    def tokens(self) -> tuple[int, ...]:
        """The shape of a batch of token ids."""
        return *self.batch, self["n_tokens"]

    @property
    def n_keys(self) -> int:
        """The number of keys."""
        if {"k", "memory"} & self.given:
            return self["n_keys"]
        return self["n_tokens"]

    def width(self, name: str) -> int:
        """The width of q, k or v, for all heads together."""
        return self[name] * self["n_heads"]

    def numbers(self, *shape: int) -> np.ndarray:
        """Data of the call's kind."""
        numbers = self.rng.normal(size=shape)
        if self.kind == "float32":  # few digits: sums and products of them are exact
            return (np.rint(4 * numbers) / 4).astype(np.float32)
        if self.kind == "integers":
            return np.rint(2 * numbers).astype(int)
        if self.kind == "large":
            return numbers * self.rng.choice([60, 2000]) + self.rng.choice([-1000, 0, 1000])
        return numbers * 1e-3 if self.kind == "small" else numbers + 10 * (self.kind == "shifted")

    def weights(self, *shape: int) -> np.ndarray:
        """Parameters: of the dtype of the data, and of ordinary size."""
        if self.kind == "float32" or self.kind == "integers" and self.rng.random() < 0.5:
            return self.numbers(*shape)
        return self.rng.normal(size=shape)

    def table(self, *shape: int) -> np.ndarray:
        """A position table, whose dtype need not be that of the data."""
        table = self.weights(*shape)
        if self.rng.random() < 0.15 and table.dtype.kind == "f":
            return table.astype(np.float64 if table.dtype == np.float32 else np.float32)
        return table

    def ids(self, *shape: int) -> np.ndarray:
        """Token ids below the size of the vocabulary."""
        return self.rng.integers(self["vocab"], size=shape)

    def scores(self) -> np.ndarray:
        """Any shape of one axis or more; now and then a score is minus infinity."""
        scores = self.numbers(*self.tokens, self["n_scores"])
        if not self.batch and self.rng.random() < 0.4:
            scores = scores[0]
        self.shape = scores.shape
        if self.kind == "plain" and self.rng.random() < 0.3:
            hidden = self.rng.random(scores.shape) < 0.3
            whole = hidden.all(axis=self.axis(), keepdims=True)
            scores = np.where(hidden & ~whole, -np.inf, scores)
        return scores

    def axis(self) -> int:
        """An axis of the scores, the same one each time."""
        if "axis" not in self:
            n_axes = len(self.shape)
            self["axis"] = int(self.rng.integers(-n_axes, n_axes)) if "axis" in self.given else -1
        return self["axis"]

    def mask(self, n_keys: int | None = None) -> np.ndarray:
        """Of one axis or more, broadcast or in full; its rows are full, empty and mixed."""
        shape = [*self.batch, self["n_tokens"], n_keys or self.n_keys]
        n_axes = int(self.rng.integers(1, len(shape) + 1))
        shape = shape[-n_axes:]
        for at in range(n_axes - 1):
            if self.rng.random() < 0.25:
                shape[at] = 1
        style = self.rng.random()
        if style < 0.1:
            return np.ones(shape, dtype=bool)
        if style < 0.2 and shape[-2:] == [self["n_tokens"]] * 2:
            return np.broadcast_to(np.tri(shape[-1], dtype=bool), shape).copy()
        share = self.rng.choice([0, 0.3, 0.7, 1], size=(*shape[:-1], 1), p=[0.15, 0.3, 0.3, 0.25])
        return self.rng.random(shape) < share

    def padding(self, n_tokens: int) -> np.ndarray:
        """A padding mask for a batch of sequences."""
        lengths = self.rng.integers(0 if self.rng.random() < 0.3 else 1, n_tokens + 1, self.batch)
        return np.arange(n_tokens) < lengths[:, None, None]

    def targets(self, *shape: int) -> np.ndarray:
        """Ids, some of which do not count."""
        ids = self.ids(*(shape or self.tokens))
        share = self.rng.choice([0.0, 0.4, 1.0], p=[0.3, 0.6, 0.1])
        return np.where(self.rng.random(ids.shape) < share, self.ignored(), ids)

    def ignored(self) -> int:
        """The target that does not count: the default unless another is given."""
        if "ignore_index" not in self:
            others = [-100, -7, 0, self["vocab"] - 1]
            given = "ignore_index" in self.given
            self["ignore_index"] = int(self.rng.choice(others)) if given else -1
        return self["ignore_index"]

    def n_positions(self) -> int:
        """As many rows as the tokens need from `start` on, or more, or too few."""
        if "n_positions" not in self:
            rows = self.start() + self["n_tokens"]
            rows += -1 if self.refused else int(self.rng.integers(0, 4))
            self["n_positions"] = max(1, rows)
        return self["n_positions"]

    def start(self) -> int:
        """The position of the first token."""
        if "start" not in self:
            self["start"] = int(self.rng.integers(0, 6)) if "start" in self.given else 0
        return self["start"]

    def heads(self) -> int:
        """The number of heads; now and then one that does not divide the width."""
        return self["n_heads"] + (self.width("d_k") if self.refused else 0)

    def block(self, *parts: str) -> dict:
        """The parameters of a block."""
        kinds = {"norm": self.norm, "attention": self.projections,
                 "cross_attention": self.projections, "feed_forward": self.layers}
        return {part: kinds[part.rstrip("_123")]() for part in parts}

    def norm(self) -> dict:
        """The parameters of a layer norm."""
        return {"gain": self.weights(self["d_model"]), "bias": self.weights(self["d_model"])}

    def projections(self) -> dict:
        """The parameters of multi-head attention."""
        d_model, of_keys, of_values = self["d_model"], self.width("d_k"), self.width("d_v")
        shapes = {"w_q": (d_model, of_keys), "w_k": (d_model, of_keys),
                  "w_v": (d_model, of_values), "w_o": (of_values, d_model)}
        return {name: self.weights(*shape) for name, shape in shapes.items()}

    def layers(self) -> dict:
        """The parameters of a feed-forward network."""
        d_model, d_ff = self["d_model"], self["d_ff"]
        shapes = {"w_in": (d_model, d_ff), "b_in": (d_ff,),
                  "w_out": (d_ff, d_model), "b_out": (d_model,)}
        return {name: self.weights(*shape) for name, shape in shapes.items()}

    def gpt(self) -> dict:
        """The parameters of a GPT, with or without an unembedding."""
        d_model, vocab = self["d_model"], self["vocab"]
        params = {"token_table": self.weights(vocab, d_model),
                  "position_table": self.table(self.n_positions(), d_model),
                  "blocks": [self.block(*GPT) for _ in range(self.n_blocks())],
                  "norm_f": self.norm()}
        own = {"unembedding": self.weights(d_model, vocab)} if self.rng.random() < 0.5 else {}
        return params | own

    def n_blocks(self) -> int:
        """The number of blocks, if nothing else of the call has set it."""
        return self["n_blocks"] if "n_blocks" in self else int(self.rng.integers(0, 3))

    def encoder_decoder(self) -> dict:
        """The parameters of the transformer of 2017."""
        d_model, vocab = self["d_model"], self["vocab"]
        return {"source_table": self.weights(vocab, d_model),
                "target_table": self.weights(self["vocab_out"], d_model),
                "encoder": [self.block(*ENCODER) for _ in range(int(self.rng.integers(0, 3)))],
                "decoder": [self.block(*DECODER) for _ in range(int(self.rng.integers(0, 3)))],
                "unembedding": self.weights(d_model, self["vocab_out"])}

    def writer(self) -> dict:
        """The parameters of a GPT with few positions, for a prompt of any length."""
        self["n_positions"] = int(self.rng.integers(1, 9))
        return self.gpt()

    def any_shape(self) -> np.ndarray:
        """An array of one to four axes, of the same shape each time."""
        return self.numbers(*self.tokens, *[self["d_model"]][self["any_shape"] % 2 :])

    def positions(self) -> np.ndarray:
        """Positions in a row from anywhere, or any integers, or fractions."""
        n_tokens, style = self["n_tokens"], self.rng.random()
        if style < 0.4:
            return np.arange(n_tokens) + int(self.rng.integers(0, 30))
        if style < 0.8:
            return self.rng.integers(-5, 4000 if style < 0.5 else 40, n_tokens)
        return self.rng.normal(size=n_tokens) * 5

    def even(self, name: str) -> int:
        """An even size."""
        return 2 * self[name]

    def _small(self) -> int:
        """A size of a leading axis, which may be small: there are enough numbers without it."""
        fitting = [size for size in self._sizes if size <= 4] or [2]
        size = fitting[0]
        if len(set(self._sizes)) > 1:
            self._sizes.remove(size)
        return size
