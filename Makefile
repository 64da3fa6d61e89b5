# make chat: talk to the mentor here.  make test: the tests.  Everything else is listed by make help.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.run-$(shell cksum < requirements.txt | cut -d' ' -f1)
DEV_READY := $(VENV)/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)

.PHONY: help chat run test check fix lock postgres bench understanding soak canary outage docs pictures fonts clean

help:
	@echo "make chat   set up and talk to the mentor in this terminal (no key, no account)"
	@echo "make run    all configured platforms, pushes and health"
	@echo "make test   set up and run the tests"
	@echo "make check  ruff, mypy, import-linter, curricula"
	@echo "make bench  the measured figures;  make soak  the long fault runs"
	@echo "make postgres  the tests of everything that is kept, on PostgreSQL"
	@echo "make canary private words in study groups, forged presses, leaving: the long form"
	@echo "make outage Discord's gateway gone for a real while, three times: make outage MINUTES=30"
	@echo "make understanding   learn from agent/understanding/examples.*.yaml anew"
	@echo "make lock   pin every dependency anew, with hashes"

$(RUN_READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mentor needs Python 3.11 or newer; found $$($(PYTHON) --version). Install it, or name it: make chat PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_READY): $(RUN_READY) requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

chat: $(RUN_READY)
	@$(BIN)/mentor chat

run: $(RUN_READY)
	@exec $(BIN)/mentor run

test: $(DEV_READY)
	@$(BIN)/python -m pytest

check: $(DEV_READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/mentor curricula check

fix: $(DEV_READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# What else runs in memory, on a PostgreSQL server of its own.
postgres: $(DEV_READY)
	@$(BIN)/python -m pytest --postgres tests/store tests/tools tests/journeys tests/contract tests/agent/test_mentor.py tests/agent/test_judging.py tests/agent/test_drafting.py

bench: $(DEV_READY)
	@$(BIN)/python -m benchmarks

understanding: $(DEV_READY)
	@$(BIN)/python -m benchmarks.understanding

soak: $(DEV_READY)
	@MENTOR_SOAK=1 $(BIN)/python -m pytest tests/faults

canary: $(DEV_READY)
	@MENTOR_SOAK=1 $(BIN)/python -m pytest -s tests/faults/test_private_words.py tests/faults/test_forged_presses.py tests/faults/test_leaving_groups.py

outage: MINUTES ?= 5
outage: $(DEV_READY)
	@MENTOR_OUTAGE_MINUTES=$(MINUTES) $(BIN)/python -m pytest -s tests/faults/test_discord_outage.py -k "while_the_gateway_is_away"

# The pages of docs/ that are made from the program.
docs: $(DEV_READY)
	@$(BIN)/python -m bot.pages

# The golden pictures anew, and all as PNG to be looked at.
pictures: $(DEV_READY)
	@$(BIN)/python -m tests.bot.pictures.samples build/pictures

# Cuts the pictures' fonts anew from a folder with NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf.
fonts: $(DEV_READY)
	@$(BIN)/python -m bot.pictures.fonts.cut "$(FROM)"

# Without an index address in any file; the pins hold for every Python from 3.11 on.
lock: $(DEV_READY)
	@$(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet -o requirements.txt
	@$(BIN)/uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade --quiet -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist *.egg-info
