"""Mistakes in feed_forward: axes, shapes and dtypes."""

import numpy as np
from kata_05_feed_forward import gelu

from tests.runner.diagnosis.known import edit, mistake

turns_the_first_matrix = edit("feed_forward", """You transpose w_in. It is (d_model, d_ff)
    already: x @ w_in, without a transpose.""",
    ("@ w_in", "@ w_in.T"), common=True)

turns_the_second_matrix = edit("feed_forward", """You transpose w_out. It is (d_ff, d_out)
    already: ... @ w_out, without a transpose.""",
    ("@ w_out", "@ w_out.T"))

turns_both_matrices = edit("feed_forward", """You transpose both matrices, as PyTorch stores
    them. Here they are (d_in, d_out): x @ w.""",
    ("@ w_in", "@ w_in.T"), ("@ w_out", "@ w_out.T"))

puts_the_matrices_on_the_left = edit("feed_forward", """Your matrices are on the left. Rows are
    tokens here, so a layer should be x @ w, with x on the left.""",
    ("activation(x @ w_in + b_in) @ w_out", "w_out @ activation(w_in @ x + b_in)"))

puts_turned_matrices_on_the_left = edit("feed_forward", """Your matrices are on the left,
    transposed. Rows are tokens here, so a layer should be x @ w, with x on the left and w as it
    is.""",
    ("activation(x @ w_in + b_in) @ w_out", "w_out.T @ activation(w_in.T @ x + b_in)"))

multiplies_entry_by_entry = edit("feed_forward", """You multiply with `*`, entry by entry, and x
    and w_in do not fit for that, or only by chance. A layer should be a matrix product, `@`.""",
    ("activation(x @ w_in + b_in) @", "activation(x * w_in + b_in) *"))

strings_the_tokens_together = edit("feed_forward", """You string all tokens of a sequence
    together into one long row. Each token should be handled by itself: the products run over the
    last axis.""",
    ("@ w_in", ".reshape(*x.shape[:-2], -1) @ w_in"))

runs_all_tokens_together = edit("feed_forward", """Your output has lost its batch axes: all
    tokens are in one table. It should have the batch and token axes of x.""",
    ("@ w_in", ".reshape(-1, x.shape[-1]) @ w_in"))

takes_the_shape_of_x = edit("feed_forward", """You force your output into the shape of x. It
    should be d_out wide, and that need not be d_model.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) @ w_out + b_out).reshape(x.shape)"))


@mistake("feed_forward", """Your loop runs over the first axis of x and fills a table, row by row.
    With batch axes in front there are more axes; the products need no loop.""")
def fills_a_table_row_by_row(x, w_in, b_in, w_out, b_out, activation=gelu):
    output = np.zeros((len(x), w_out.shape[1]))
    for t in range(len(x)):
        output[t] = activation(x[t] @ w_in + b_in) @ w_out + b_out
    return output


@mistake("feed_forward", """Your loop fills an array with the shape and dtype of x. The output
    should be d_out wide, and not cut to integers; the products need no loop.""")
def fills_an_array_like_x(x, w_in, b_in, w_out, b_out, activation=gelu):
    output = np.zeros_like(x)
    for t in range(len(x)):
        output[t] = activation(x[t] @ w_in + b_in) @ w_out + b_out
    return output


@mistake("feed_forward", """Your loop fills an array with the shape and dtype of x. The output
    should be d_out wide, and not cut to integers; the products need no loop.""")
def fills_an_array_like_x_at_every_place(x, w_in, b_in, w_out, b_out, activation=gelu):
    output = np.zeros_like(x)
    for place in np.ndindex(x.shape[:-1]):
        output[place] = activation(x[place] @ w_in + b_in) @ w_out + b_out
    return output


@mistake("feed_forward", """Your code unpacks the shape of x into two sizes, but with batch axes
    there are more. The products need neither sizes nor a loop.""")
def fills_a_table_of_two_sizes(x, w_in, b_in, w_out, b_out, activation=gelu):
    n_tokens, d_model = x.shape
    output = np.zeros((n_tokens, w_out.shape[1]))
    for t in range(n_tokens):
        output[t] = activation(x[t] @ w_in + b_in) @ w_out + b_out
    return output


@mistake("feed_forward", """Your einsum has a letter for each axis of x, but x may have more axes,
    or fewer. `...` stands for all that are in front: "...d,df->...f".""", letters=("bt", "t"))
def names_every_axis(x, w_in, b_in, w_out, b_out, activation=gelu, *, letters):
    wide = activation(np.einsum(f"{letters}d,df->{letters}f", x, w_in) + b_in)
    return np.einsum(f"{letters}f,fd->{letters}d", wide, w_out) + b_out


averages_the_tokens = edit("feed_forward", """You average the tokens, so that all of them get the
    same output. Each token should be computed from its own numbers.""",
    ("return", "x = np.broadcast_to(x.mean(axis=-2, keepdims=True), x.shape)\nreturn"))

turns_the_output_on_its_side = edit("feed_forward", """Your output is transposed: (..., d_out,
    n_tokens). Each row should be a token.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) @ w_out + b_out).swapaxes(-1, -2)"))

thinks_without_batches = edit("feed_forward", """Your code unpacks the shape of x into two sizes,
    but with batch axes there are more. The products need no sizes.""",
    ("return", "n_tokens, d_model = x.shape\nreturn"))

thinks_in_one_batch_axis = edit("feed_forward", """Your code unpacks the shape of x into three
    sizes, but x may have two axes or four. The products need no sizes.""",
    ("return", "batch, n_tokens, d_model = x.shape\nreturn"))

thinks_in_float64 = edit("feed_forward", """Your numbers are float64 where float32 came in: an
    array without a dtype or a cast on the way makes them so. float32 should stay float32.""",
    ("@ w_in", ".astype(np.float64) @ w_in"), common=True)

goes_on_in_float64 = edit("feed_forward", """Your numbers are float64 where float32 came in: an
    array without a dtype or a cast on the way makes them so. float32 should stay float32.""",
    ("@ w_out", ".astype(np.float64) @ w_out"))

ends_the_layers_in_float64 = edit("feed_forward", """Your numbers are float64 where float32 came
    in: an array without a dtype or a cast on the way makes them so. float32 should stay
    float32.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) @ w_out + b_out).astype(np.float64)"))

thinks_in_float32 = edit("feed_forward", """Your output is float32 whatever comes in, so float64
    loses half its digits. It should have the dtype of x.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) @ w_out + b_out).astype(np.float32)"))

cuts_the_output_to_integers = edit("feed_forward", """If x holds integers, your output is cut to
    integers: it is written into an array of the dtype of x, or cast to it. Let the products
    decide the dtype.""",
    ("activation(x @ w_in + b_in) @ w_out + b_out",
     "(activation(x @ w_in + b_in) @ w_out + b_out).astype(x.dtype)"))

cuts_the_inner_layer_to_integers = edit("feed_forward", """If x holds integers, your first layer
    is cut to integers: it is written into an array of the dtype of x, or cast to it. Let the
    products decide the dtype.""",
    ("x @ w_in + b_in", "(x @ w_in + b_in).astype(x.dtype)"))
