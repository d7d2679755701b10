"""The rules of each grader for the results that it reads; a broken rule fails an assertion."""

import json
import re
from xml.etree import ElementTree as ET


def follows_exercism(text: str) -> None:
    data = json.loads(text)
    assert data["version"] == 3 and data["status"] in ("pass", "fail", "error")
    if data["status"] == "error":
        assert data["message"] and len(data["message"]) <= 65_535
        return
    assert data["message"] is None and data["tests"]
    assert (data["status"] == "pass") == all(test["status"] == "pass" for test in data["tests"])
    for test in data["tests"]:
        assert test["name"] and test["status"] in ("pass", "fail", "error")
        assert test["status"] == "pass" or 0 < len(test["message"]) <= 65_535
        assert len(test.get("output", "")) <= 500
        assert isinstance(test["test_code"], str) and type(test.get("task_id", 1)) is int


def follows_classroom(text: str) -> None:
    data = json.loads(text)
    assert data["version"] == 1 and data["status"] in ("pass", "fail", "error")
    assert (data["status"] == "pass") == all(test["status"] == "pass" for test in data["tests"])
    assert data["tests"] and data["max_score"] == len(data["tests"])
    for test in data["tests"]:
        assert test["status"] in ("pass", "fail", "error")
        assert test["score"] == (test["status"] == "pass") and type(test["score"]) is int
        assert type(test["line_no"]) is int and test["line_no"] >= 0
        assert test["status"] == "pass" or test["message"]
        assert {"name", "test_code", "task_id", "filename", "duration", "output"} <= set(test)


def follows_gradescope(text: str) -> None:
    data = json.loads(text)
    assert data["score"] == sum(test["score"] for test in data["tests"])
    assert data["visibility"] in ("visible", "hidden", "after_due_date", "after_published")
    assert data["stdout_visibility"] in ("visible", "hidden", "after_due_date", "after_published")
    assert isinstance(data["execution_time"], float) and isinstance(data["extra_data"], dict)
    for each in (data["output_format"], data["test_output_format"]):
        assert each in ("text", "html", "simple_format", "md", "ansi")
    for test in data["tests"]:
        assert test["status"] in ("passed", "failed") and re.fullmatch(r"\d+\.\d+", test["number"])
        assert test["score"] == (test["max_score"] if test["status"] == "passed" else 0)
        assert test["name"] and (test["status"] == "passed" or test["output"])
        assert all(isinstance(tag, str) for tag in test["tags"])


def follows_junit(text: str) -> None:
    root = ET.fromstring(text.encode())
    assert root.tag == "testsuites"
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases) and suite.get("skipped") == "0"
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        for case in cases:
            assert case.get("name") and case.get("classname") and float(case.get("time")) >= 0
            for red in (*case.findall("failure"), *case.findall("error")):
                assert red.get("message") and red.get("type") and red.text.strip()


FOLLOWS = {"exercism": follows_exercism, "classroom": follows_classroom,
           "gradescope": follows_gradescope, "junit": follows_junit}
