"""Gradescope's results.json (gradescope-autograders.readthedocs.io, Autograder Specifications)."""

import json

from tests.runner.grading.graded import Grade, Graded, Result


def to_text(result: Result) -> str:
    """The text of results.json."""
    data = {
        "score": result.score,
        "execution_time": round(result.duration, 3),
        "output": _summary(result),
        "output_format": "text",
        "test_output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"hint_levels": {spec.spec_id: spec.hint_level for spec in result.specs
                                       if spec.hint_level}},
        "tests": [_test(spec) for spec in result.specs],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _summary(result: Result) -> str:
    counted = f"{result.score} of {result.max_score} specs are green."
    return f"{counted}\n\n{result.broken}" if result.broken else counted


def _test(spec: Graded) -> dict:
    return {
        "score": spec.score,
        "max_score": spec.points,
        "status": "passed" if spec.status is Grade.PASS else "failed",
        "name": spec.name,
        "name_format": "text",
        "number": spec.number,
        "output": _output(spec),
        "output_format": "text",
        "tags": [tag for tag in (spec.function, spec.diagnosis) if tag],
        "visibility": "visible",
    }


def _output(spec: Graded) -> str:
    printed = f"Your code printed:\n{spec.output}" if spec.output else ""
    return "\n\n".join(part for part in (spec.message, printed) if part)
