"""The most memory that a call holds at once, by what hands the memory out."""

import json
import tempfile
import tracemalloc
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path


def by_python(call: Callable[[], object]) -> int:
    """Bytes by tracemalloc, which Python and NumPy report to; not what BLAS takes for itself."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def by_torch(call: Callable[[], object]) -> int:
    """Bytes by PyTorch's profiler, which its own allocator reports to."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        call()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trace.json"
        profiler.export_chrome_trace(str(file))
        events = json.loads(file.read_text(encoding="utf-8"))["traceEvents"]
    steps = sorted((one["ts"], one["args"]["Bytes"]) for one in events if one["name"] == "[memory]")
    return max(accumulate((n_bytes for _, n_bytes in steps), initial=0))
