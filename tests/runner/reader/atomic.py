"""Writes files whole or not at all, so that nothing is lost."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

STALE = 600.0  # seconds after which no program can still be writing a file


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file's content in one step: readers see the old one or the new one.

    Raises OSError if that cannot be done; the old file is then untouched.
    """
    prefix = f".kata-{file.stem}-"
    for left in file.parent.glob(f"{prefix}*.tmp"):  # of a program that was ended
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()
    handle, new = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            os.chmod(new, file.stat().st_mode)
        else:
            os.chmod(new, 0o666 & ~_umask())
        os.replace(new, file)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
