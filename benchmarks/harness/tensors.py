"""PyTorch, if it is installed: arguments as tensors, and gradients as our functions return them."""

import numpy as np

try:
    import torch
except ImportError:  # it is optional
    torch = None


def each(change, value, kind=np.ndarray):
    """The same value with every array (or `kind`) in it changed: in tuples, lists and dicts."""
    if isinstance(value, kind):
        return change(value)
    if isinstance(value, dict):
        return {key: each(change, one, kind) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(each(change, one, kind) for one in value)
    return value


def as_tensors(value):
    """A copy of a value in which every array is a tensor."""
    return each(lambda array: torch.from_numpy(array.copy()), value)


def gradients(forward, wanted, grad_out=None):
    """By autograd: the gradient of every tensor in `wanted`, nested as `wanted` is.

    forward:  takes `wanted`, unpacked, and gives a tensor
    wanted:   a tuple of tensors, dicts and lists; integers have no gradient and stay as they are
    grad_out: the gradient from above; None if forward gives the loss itself
    """
    return loss_and_gradients(forward, wanted, grad_out)[1]


def loss_and_gradients(forward, wanted, grad_out=None):
    """What forward gives, and the gradients."""
    leaves = []

    def leaf(tensor):
        if tensor.is_floating_point():
            tensor = tensor.detach().requires_grad_()
            leaves.append(tensor)
        return tensor

    with torch.enable_grad():
        fresh = each(leaf, wanted, torch.Tensor)
        output = forward(*fresh)
        found = iter(torch.autograd.grad(output, leaves, grad_out, materialize_grads=True))
    grads = each(lambda one: next(found) if one.requires_grad else one, fresh, torch.Tensor)
    return output.detach(), grads
