# The desk's commands: `make help` lists them, from what stands behind `##`. `make` alone is `make up`.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
UV := $(VENV)/bin/uv --system-certs pip

# Some images forbid it to keep bytecode. Each of our processes would compile the desk anew: 3 s.
unexport PYTHONDONTWRITEBYTECODE

# uv is three times quicker; pip knows mirrors and proxies of pip.conf that uv does not.
INSTALL = $(UV) install -q --compile-bytecode --python $(RUN) --require-hashes -r $(1) 2>/dev/null \
  || $(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r $(1)

# Everything in one process tree, until Ctrl-C. PORT (8000), DATA_DIR (.data), DEMO=0 are honoured.
.PHONY: up
up: $(VENV)/.runtime ## run the whole desk with a demo, until Ctrl-C (PORT, DATA_DIR, DEMO=0)
	@exec $(RUN) -m axsupport.up

.PHONY: install
install: $(VENV)/.dev ## make .venv with everything for development

# The whole suite, on real servers and in a real browser. One file alone: .venv/bin/python -m pytest -q FILE
.PHONY: test
test: lint ## everything that must pass: lint, then all tests
	$(RUN) -m pytest -q -n 2 --dist loadgroup

# .pre-commit-config.yaml runs the same; a test compares them.
.PHONY: lint
lint: $(VENV)/.dev ## style, types, import contracts, templates
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/djlint --lint --quiet templates

# What the tests reach, in all their processes; slower than `make test`.
.PHONY: coverage
coverage: $(VENV)/.dev ## what the tests reach; slower than `make test`
	@rm -rf $(VENV)/coverage && mkdir $(VENV)/coverage
	$(RUN) -m coverage run -m pytest -q -n 2 --dist loadgroup
	$(RUN) -m coverage combine -q
	$(RUN) -m coverage report

.PHONY: drills
drills: $(VENV)/.dev ## the whole system while something freezes, stalls, fills up or goes away
	$(RUN) -m tests.drills $(DRILLS)

# Where the acceptance mails are, if they are beside the project.
CASES ?= ../shared/cases/mail
# Small faults in the rules, one at a time: does a test see each? docs/mutants.md. MINUTES (15) bounds it.
.PHONY: mutants
mutants: $(VENV)/.dev ## whether the tests of the rules see small faults (MINUTES)
	$(RUN) -m tests.mutation

.PHONY: bench
bench: $(VENV)/.bench ## what a large desk costs, beside its peers
	@for script in bench/[a-z]*.py; do \
	  name=$$(basename $$script .py); echo "== $$name"; CASES=$(CASES) $(RUN) -m bench.$$name || exit 1; done

# How the acceptance mails are read.
.PHONY: acceptance
acceptance: $(VENV)/.dev ## how the acceptance mails are read, where their folder (CASES) is
	@if [ -d $(CASES)/raw ]; then \
	  find $(CASES)/raw -name '*.eml' -print0 | xargs -0 $(RUN) manage.py inspect_mail --json $(VENV)/mail.json && \
	  $(RUN) $(CASES)/score.py $(CASES)/index.json $(VENV)/mail.json > $(VENV)/mail.txt && \
	  $(RUN) .ci/gates.py < $(VENV)/mail.txt; \
	else echo "acceptance: $(CASES) is not here, nothing to score"; fi

.PHONY: languages
languages: $(VENV)/.dev ## bring the files of the portal's languages up to date (docs/languages.md)
	$(RUN) manage.py languages

# New lock files from pyproject.toml, for every platform.
.PHONY: lock
lock: $(VENV)/.dev ## new lock files from pyproject.toml
	$(UV) compile -q --universal --generate-hashes --python-version 3.11 pyproject.toml --extra embedded -o requirements/runtime.txt
	$(UV) compile -q --universal --generate-hashes --python-version 3.11 pyproject.toml --extra embedded --extra s3 --group dev -o requirements/dev.txt
	$(UV) compile -q --universal --generate-hashes --python-version 3.11 pyproject.toml --extra embedded --extra s3 -c requirements/dev.txt -o requirements/s3.txt
	$(UV) compile -q --universal --generate-hashes --python-version 3.11 --group bench -c requirements/dev.txt -o requirements/bench.txt

.PHONY: help
help: ## these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: clean
clean: ## remove .venv and what tools keep; the data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* htmlcov

$(VENV)/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: install it, then say make PYTHON=/path/to/python3.11 up"; exit 1; }
	@echo "making .venv"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

# What the desk runs on. Left alone where the developers' packages are installed already.
$(VENV)/.runtime: requirements/runtime.txt $(VENV)/bin/uv
	@echo "installing packages"
	@if [ -f $(VENV)/.dev ]; then lock=dev; else lock=runtime; fi; \
	  $(call INSTALL,requirements/$$lock.txt)
	@touch $@

# What the benchmarks compare with; nothing of it is needed by the desk or its tests.
$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	@echo "installing what the benchmarks compare with"
	@$(call INSTALL,requirements/bench.txt)
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/bin/uv
	@echo "installing packages for development"
	@$(call INSTALL,requirements/dev.txt)
	@touch $@ $(VENV)/.runtime
