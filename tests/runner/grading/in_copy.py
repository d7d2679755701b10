"""The process that runs a kata's specs inside a clean copy, and writes the result as JSON.

Started by `clean_copy` with the copy as the working directory, so that all paths start there.
"""

import json
import sys
from dataclasses import asdict

from tests.runner import limits
from tests.runner.lessons.catalog import Kata
from tests.runner.running.cold import Orders
from tests.runner.running.supervise import run

if __name__ == "__main__":
    orders = Orders(Kata(sys.argv[1]), stop=False, search=False, limit=limits.GRADED_SPEC)
    print(json.dumps(asdict(run(orders))))
