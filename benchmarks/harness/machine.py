"""What the numbers depend on, and nothing that tells whose machine it is."""

import os
import platform

import numpy as np

from benchmarks.harness.tensors import torch


def about_machine() -> dict:
    """Versions, libraries, cores."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    return {
        "python": platform.python_version(), "numpy": np.__version__, "blas": blas,
        **({"torch": torch.__version__} if torch else {}),
        "cores": cores(), "machine": platform.machine(), "system": platform.system(),
    }


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
