"""What is remembered between runs survives damage, and the reader learns what could not be done."""

import json
import os

import pytest

from tests.runner.reader import notes


@pytest.fixture
def file(tmp_path):
    return tmp_path / ".kata.json"


def test_what_is_written_is_read_again(file):
    kept = notes.Notes()
    kept.tried("kata_01_attention", "test_a")
    kept.tried("kata_01_attention", "test_a")
    kept.show_hints("kata_01_attention", "test_a", 2)
    assert notes.write(kept, file) == ""
    assert notes.read(file) == kept
    assert notes.read(file).attempts["kata_01_attention"]["test_a"] == 2
    assert os.listdir(file.parent) == [".kata.json"]


def test_no_file_is_a_fresh_start(file):
    assert notes.read(file) == notes.Notes()


@pytest.mark.parametrize("text", ["", "{", "[]", "3",
                                  '{"version": 1}', '{"version": 1, "attempts": 3, "hints": {}}',
                                  '{"version": 1, "attempts": {"a": {"b": "many"}}, "hints": {}}'])
def test_a_damaged_file_is_set_aside_and_reported(file, text):
    file.write_text(text, encoding="utf-8")
    read = notes.read(file)
    assert (read.attempts, read.hints) == ({}, {})
    assert "is damaged" in read.note and read.note.count("\n") == 0
    assert (file.parent / ".kata.aside.json").read_text(encoding="utf-8") == text
    assert not file.exists()


def test_a_file_of_a_newer_version_is_set_aside_and_reported(file):
    file.write_text(json.dumps({"version": 9, "attempts": {}, "hints": {}}), encoding="utf-8")
    assert "version 9" in notes.read(file).note


@pytest.mark.parametrize("put", [lambda file: file.write_bytes(b"\xff\xfe\x00"),
                                 lambda file: file.mkdir()])
def test_a_file_that_cannot_be_read_is_set_aside_and_reported(file, put):
    put(file)
    note = notes.read(file).note
    assert "cannot be read" in note and "it is now" in note and "\n" not in note
    assert os.listdir(file.parent) == [".kata.aside.json"]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path):
    assert "cannot be written" in notes.write(notes.Notes(), tmp_path / "gone" / ".kata.json")


def test_an_old_unfinished_write_is_cleared_away(file):
    old, new = (file.parent / f".kata-.kata-{name}.tmp" for name in ("old", "new"))
    old.write_text("{", encoding="utf-8")
    new.write_text("{", encoding="utf-8")
    os.utime(old, (0, 0))
    notes.write(notes.Notes(), file)
    assert not old.exists() and new.exists()
