"""GitHub Classroom: the result of a grader step.

In the format that classroom-resources/autograding-grading-reporter reads.
"""

import base64
import json

from tests.runner.grading.graded import Grade, Graded, Result
from tests.runner.grading.told import shortened

VERSION = 1
# The reporter gets the result in an environment variable, and Linux takes 131,072 bytes for one.
MAX_OUTPUT = 120_000
SHORTER = (4_000, 1_000, 300, 100, 0)  # characters of each message, tried in turn
SHOWN = ("name", "status", "message", "filename", "line_no", "score")  # what the reporter reads


def to_text(result: Result) -> str:
    """The whole result as JSON."""
    return json.dumps(_data(result), indent=1, ensure_ascii=False) + "\n"


def step_output(result: Result) -> str:
    """The line that makes the result an output of its step, with messages cut to fit."""
    data = _data(result)
    line = _line(data)
    for length in SHORTER:
        if len(line) <= MAX_OUTPUT:
            break
        line = _line({**data, "tests": [_shorter(test, length) for test in data["tests"]]})
    return line


def _line(data: dict) -> str:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"result={base64.b64encode(text.encode()).decode()}\n"


def _shorter(test: dict, length: int) -> dict:
    message = shortened(test["message"], length) if length else ""
    return {**{key: test[key] for key in SHOWN}, "message": message}


def _data(result: Result) -> dict:
    wrong = Grade.ERROR if result.broken else Grade.FAIL
    return {
        "version": VERSION,
        "status": Grade.PASS if result.score == result.max_score else wrong,
        "max_score": result.max_score,
        "tests": [_test(spec) for spec in result.specs],
    }


def _test(spec: Graded) -> dict:
    return {
        "name": spec.name,
        "status": spec.status,
        "message": spec.message,
        "test_code": spec.test_code,
        "task_id": spec.task,
        "filename": spec.file,
        "line_no": spec.line,
        "duration": spec.duration,
        "score": spec.score,
        "output": spec.output,
    }
