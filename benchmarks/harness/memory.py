"""The most memory that a call holds at once, by what hands the memory out."""

import json
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path


def by_python(call: Callable[[], object]) -> int:
    """Bytes by tracemalloc, which Python and NumPy report to. What BLAS takes for itself is not seen."""
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
    steps = sorted((event["ts"], event["args"]["Bytes"]) for event in events if event["name"] == "[memory]")
    held = highest = 0
    for _, n_bytes in steps:
        held += n_bytes
        highest = max(highest, held)
    return highest
