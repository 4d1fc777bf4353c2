# Every command stands on `setup`, which does nothing when nothing has changed.
# PYTHON picks the interpreter: make run PYTHON=python3.12
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: help setup run index test check eval format bench load demo clean

help:
	@echo "make run     set up, build the index, serve the chat page at http://localhost:8501"
	@echo "make test    set up, run the tests"
	@echo "make check   set up, run the linter and the type checker"
	@echo "make index   set up, build the index of corpus/"
	@echo "make eval    set up, run the eval suite, write report/"
	@echo "make bench   set up, compare an answer with the bare encoding of its question"
	@echo "make load    set up, measure what a server carries on this machine"
	@echo "make demo    set up, serve the guide and a made-up gym that embeds it at http://localhost:8600"
	@echo "make format  set up, format the code"
	@echo "make clean   remove the environment and the index"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

run: index
	@$(BIN)/glute-guide serve

index: setup
	@$(BIN)/glute-guide index build

test: setup
	@$(BIN)/python -m pytest

check: setup
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: index
	@$(BIN)/glute-guide eval --report report

bench: index
	@$(BIN)/python -m eval.bench

load: index
	@$(BIN)/python -m eval.load

demo: index
	@$(BIN)/python -m app.demo

clean:
	rm -rf $(VENV) .glute-guide
