# The commands of Transformer Katas. `make` alone lists them.
#
# make decides by the age of one file whether .venv has to be set up, so a ready .venv costs
# no time: .venv/installed.txt is written last, and holds the list of what was installed.
# Written for GNU make 3.81, which macOS ships, and for any /bin/sh.

unexport PYTHONSAFEPATH PYTHONINSPECT PYTHONSTARTUP
PYTHON ?=
PYTHONS := python3 python python3.14 python3.13 python3.12 python3.11
OLDEST_TESTS := tests/repo/test_solutions.py tests/repo/test_mistakes.py tests/repo/test_measure.py tests/repo/test_bench_harness.py

IN_PARALLEL := -n auto --dist worksteal

# Every word that is no target below is a command of the runner's, which knows them all:
# kata-01, hint-exercise-01, undo-reset-all, ...
COMMANDS := $(filter-out help test golden test-oldest .venv/% .venv-oldest/%,$(MAKECMDGOALS))

define NO_PYTHON
printf '%s\n' \
	  "The katas need Python 3.11 or newer, and none was found." \
	  "  Looked for:      $(if $(PYTHON),$(PYTHON),$(PYTHONS))" \
	  "  Found:           $${found:-none that runs}" \
	  "What helps:" \
	  "  Debian, Ubuntu:  sudo apt install python3 python3-venv" \
	  "  Ubuntu 22.04:    sudo apt install python3.11 python3.11-venv" \
	  "  macOS:           brew install python, or the installer from python.org" \
	  "  one elsewhere:   make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" \
	  "(make will now say Error 1: that is this message.)" >&2; \
	exit 1
endef

.PHONY: help test golden test-oldest $(COMMANDS)

# The help is the runner's as well; any Python can read it, before .venv is set up.
help:
	@for python in .venv/bin/python "$(PYTHON)" $(PYTHONS); do \
	  "$$python" -m tests.runner help 2> /dev/null && exit; \
	done; \
	$(NO_PYTHON)

# undo-reset-01 becomes `undo reset 01`: the words between the dashes.
$(COMMANDS): .venv/installed.txt
	@.venv/bin/python -m tests.runner $(subst -, ,$@)

test: .venv/installed.txt
	@.venv/bin/python -m pytest -q $(IN_PARALLEL) -m "not slow" tests/repo

golden: .venv/installed.txt
	@.venv/bin/python -m pytest -q $(IN_PARALLEL) tests/repo --update-golden

test-oldest: .venv-oldest/installed.txt
	@.venv-oldest/bin/python -m pytest -q $(IN_PARALLEL) $(OLDEST_TESTS)

# Old packages want an old Python.
.venv-oldest/installed.txt: PYTHONS := python3.11 python3.12 python3 python
.venv-oldest/installed.txt: SETUP := .venv-oldest --lowest
.venv/installed.txt: SETUP := .venv

# bin/python is a link to the system's Python. When that Python has gone, make finds no file
# behind the link, and sets up anew.
.venv/bin/python .venv-oldest/bin/python: ;
.venv/installed.txt: .venv/bin/python
.venv-oldest/installed.txt: .venv-oldest/bin/python

# A command that exists may still fail (pyenv leaves such ones), so each is tried. A PYTHON
# that the reader names is the only one tried: another in its place would be a surprise.
.venv/installed.txt .venv-oldest/installed.txt: pyproject.toml tests/runner/setup_env.py
	@found=; \
	for python in $(if $(PYTHON),"$(PYTHON)",$(PYTHONS)); do \
	  version=`"$$python" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>&1` \
	    || continue; \
	  case $$version in \
	    3.1[1-9].* | 3.[2-9][0-9].*) exec "$$python" tests/runner/setup_env.py $(SETUP);; \
	  esac; \
	  found="$${found:+$$found, }$$python is $$version"; \
	done; \
	$(NO_PYTHON)
