"""One thread for the matrix products, unless the environment says otherwise. Import before NumPy.

A Python loop has one thread, so the comparison is fair; and a second thread that has to
wait for a busy core can make a product a hundred times slower.
"""

import os
import sys

NAMES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")

if "numpy" not in sys.modules:  # later would be too late: NumPy's BLAS looks once, when it is loaded
    for name in NAMES:
        os.environ.setdefault(name, "1")

THREADS = os.environ.get(NAMES[0], "all")
