# The words that a newcomer guesses. `make demo` needs Python 3.11 or newer, git and make; nothing else.
.PHONY: demo run test test-services chaos check bench environment environment-dev environment-bench environment-pds

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
PORT ?= 8000
JOBS ?= 2
BIN := $(VENV)/bin
BENCHES := coverage dispatch forecast ingest plan
hash = $(shell cat $(1) | cksum | tr ' ' '-')
RUNTIME := $(VENV)/.installed-$(call hash,requirements.txt)
DEVELOPMENT := $(VENV)/.installed-dev-$(call hash,requirements.txt requirements-dev.txt)
PEERS := $(VENV)/.installed-bench-$(call hash,requirements.txt requirements-dev.txt requirements-bench.txt)

demo: $(RUNTIME)  ## the product with a simulated fortnight; Ctrl-C stops it
	@exec $(BIN)/python manage.py up --demo --port $(PORT)

run: $(RUNTIME)  ## the product with your own data
	@exec $(BIN)/python manage.py up --port $(PORT)

test: $(DEVELOPMENT)  ## the whole suite; ARGS="-k word" narrows it
	$(if $(shell command -v npm),@$(MAKE) --no-print-directory environment-pds || echo "Bluesky's own server could not be installed: its tests are skipped.")
	$(BIN)/pytest -n $(JOBS) --dist loadgroup $(ARGS)
	$(if $(ARGS),,$(BIN)/pytest -m own_server)  # these restart the database: nothing else may run on it

test-services: $(DEVELOPMENT)  ## all that works on servers, on Debian's PostgreSQL, RabbitMQ and Redis
	$(BIN)/python .ci/with_services.py rabbitmq -- $(BIN)/pytest -n $(JOBS) --dist loadgroup -m services $(ARGS)
	$(BIN)/python .ci/with_services.py redis -- $(BIN)/pytest -n $(JOBS) --dist loadgroup -m broker $(ARGS)

chaos: $(DEVELOPMENT)  ## 500 posts over three minutes while everything is killed, on each broker; about 20 minutes
	PLANNER_CHAOS=500x180 $(BIN)/pytest -s tests/chaos
	PLANNER_CHAOS=500x180 $(BIN)/python .ci/with_services.py rabbitmq -- $(BIN)/pytest -s tests/chaos
	PLANNER_CHAOS=500x180 $(BIN)/python .ci/with_services.py redis -- $(BIN)/pytest -s tests/chaos

check: $(DEVELOPMENT)  ## everything that reads the code instead of running it
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates planner -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

bench: $(PEERS)  ## one script a headline figure, beside the peers of requirements-bench.txt
	@for script in $(BENCHES); do echo "== $$script"; $(BIN)/python bench/$$script.py || exit 1; done

environment-pds: .pds/.installed-$(call hash,tests/doubles/pds/package.json)  ## Bluesky's own server for its tests: node 20, 362 MB

environment: $(RUNTIME)
environment-dev: $(DEVELOPMENT)
environment-bench: $(PEERS)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or: make PYTHON=/path/to/python3"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)

# The stamps carry a checksum of the pins: a second run does nothing, changed pins are installed.
$(RUNTIME): | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@rm -f $(VENV)/.installed-[0-9]* && touch $@

$(DEVELOPMENT): $(RUNTIME)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@rm -f $(VENV)/.installed-dev-* && touch $@

$(PEERS): $(DEVELOPMENT)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@rm -f $(VENV)/.installed-bench-* && touch $@

.pds/.installed-%:
	@command -v npm >/dev/null || { echo "Bluesky's own server needs node 20 with npm: apt-get install nodejs npm"; exit 2; }
	mkdir -p .pds && cp tests/doubles/pds/package.json .pds/
	cd .pds && npm install --no-audit --no-fund --loglevel=error
	@rm -f .pds/.installed-* && touch $@
