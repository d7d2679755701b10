# The commands of Transformer Katas. `make` alone lists them.
#
# make decides by the age of one file whether .venv has to be set up, so a ready .venv costs
# no time: .venv/installed.txt is written last, and holds the list of what was installed.
# Written for GNU make 3.81, which macOS ships, and for any /bin/sh.

unexport PYTHONSAFEPATH PYTHONINSPECT PYTHONSTARTUP
PYTHON ?=
PYTHONS := python3 python python3.14 python3.13 python3.12 python3.11
OLDEST_TESTS := tests/repo/test_solutions.py tests/repo/test_mistakes.py tests/repo/test_measure.py

# kata, kata-01, hint-exercise-01, bench-runner, ...: each such word given on make's command line.
COMMANDS := $(filter kata hint solution watch progress doctor grade reset undo-reset example exercise bench compare kata-% hint-% watch-% solution-% example-% exercise-% bench-% reset-% undo-reset-%,$(MAKECMDGOALS))

.PHONY: help test golden test-oldest $(COMMANDS)

define HELP
Transformer Katas: build a transformer in NumPy, one failing spec at a time.

In place of 01, put the number of your lesson. For hints and the like of an
exercise, a command ends in exercise-01, as in make hint-exercise-01.
  make kata-01        run the specs of the lesson, up to the first red one
  make kata           the same for the first lesson that is not green
  make watch          the same at every save; make watch-01 for one lesson
  make hint-01        show the next hint for the red spec
  make solution-01    show the solution; once yours is green, beside it
  make example-01     watch your own code at work, with pictures
  make exercise-01    practise, after the kata
  make bench-01       measure how fast your code is
  make bench-compare  set the last measurement beside the one before
  make compare        set your functions beside PyTorch's; installs PyTorch
  make progress       see how far you are

When something is in the way:
  make kata-03 BORROW=1   do it on the solutions of the lessons before
  make reset-01           start the lesson again; your file is kept
  make undo-reset-01      bring your file back
  make reset-all          start all again; undo-reset-all brings all back
  make doctor             find out what is wrong, and how to fix it

For everyone who teaches with the project, or changes it:
  make grade          grade all lessons, as in FORMAT=junit OUT=result.xml
  make test           prove that specs, solutions, hints and commands agree
  make golden         write the expected messages anew; then look at git diff
  make test-oldest    test the solutions with the oldest packages allowed
  make bench-runner   measure how long a run of the specs takes
endef

help:
	@: $(info $(HELP))

# bench-runner becomes `bench runner`: the words between the dashes.
$(COMMANDS): .venv/installed.txt
	@.venv/bin/python -m tests.runner $(subst -, ,$@)

test: .venv/installed.txt
	@.venv/bin/python -m pytest -q tests/repo

golden: .venv/installed.txt
	@.venv/bin/python -m pytest -q tests/repo --update-golden

test-oldest: .venv-oldest/installed.txt
	@.venv-oldest/bin/python -m pytest -q $(OLDEST_TESTS)

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

.DEFAULT:
	@printf '%s\n' "There is no command \"make $@\"; \"make\" alone lists those there are." \
	  "(make will now say Error 1: that is this message.)" >&2; \
	exit 1
