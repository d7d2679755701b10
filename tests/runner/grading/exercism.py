"""Exercism's results.json, version 3 (exercism/docs, tooling/test-runners/interface.md)."""

import json

from tests.runner.grading.graded import Grade, Graded, Result

VERSION = 3


def to_text(result: Result) -> str:
    """The text of results.json."""
    if result.broken:
        status, message, tests = Grade.ERROR, result.broken, []
    else:
        right = result.score == result.max_score
        status, message, tests = (Grade.PASS if right else Grade.FAIL, None,
                                  [_test(spec) for spec in result.specs])
    data = {"version": VERSION, "status": status, "message": message, "tests": tests}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _test(spec: Graded) -> dict:
    return {
        "name": spec.name,
        "status": spec.status,
        **({"message": spec.message} if spec.status is not Grade.PASS else {}),
        **({"output": spec.output} if spec.output else {}),
        "test_code": spec.test_code,
        **({"task_id": spec.task} if spec.task else {}),
    }
