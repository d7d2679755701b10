"""Tests of this repository: `make test`. None of them touches, or depends on, a reader's files."""
