"""JUnit XML in pytest's form, with the diagnosis and the hint in the failure's text."""

from itertools import groupby
from xml.etree import ElementTree as ET

from tests.runner.grading.graded import Grade, Graded, Result

TAG = {Grade.FAIL: "failure", Grade.ERROR: "error"}


def to_text(result: Result) -> str:
    """The text of the file: a suite for each kata, a case for each spec."""
    root = ET.Element("testsuites", name="transformer-katas")
    for kata, specs in groupby(result.specs, lambda spec: spec.kata):
        _suite(root, kata, list(specs))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, kata: str, specs: list[Graded]) -> None:
    statuses = [spec.status for spec in specs]
    suite = ET.SubElement(
        root, "testsuite", name=kata, tests=str(len(specs)),
        failures=str(statuses.count(Grade.FAIL)), errors=str(statuses.count(Grade.ERROR)),
        skipped="0", time=_seconds(sum(spec.duration for spec in specs)))
    for spec in specs:
        _case(suite, spec)


def _case(suite: ET.Element, spec: Graded) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=spec.kata, name=spec.spec_id, time=_seconds(spec.duration),
        file=spec.file, **({"line": str(spec.line)} if spec.line else {}))
    if spec.hint_level:
        properties = ET.SubElement(case, "properties")
        ET.SubElement(properties, "property", name="hint_level", value=str(spec.hint_level))
    if spec.status is not Grade.PASS:
        red = ET.SubElement(case, TAG[spec.status], message=spec.message.partition("\n")[0],
                            type=spec.diagnosis or spec.status.value)
        red.text = f"{spec.title}\n\n{spec.message}"
    if spec.output:
        ET.SubElement(case, "system-out").text = spec.output


def _seconds(duration: float) -> str:
    return f"{duration:.3f}"
