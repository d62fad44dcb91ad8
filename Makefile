# make run        set up, make a fresh backend, build each PAYLOAD into it, show the transcript
# make test       set up, and run every gate (WORKERS=1: one test at a time)
# make coverage   run the tests slower, and show which lines they leave out
# make api        migrate and serve a backend on 127.0.0.1:8000 (BACKEND=build/backend for that of `make run`)
# make bench      how long builds take, and what 500 features cost, each beside its target
# make bench-api  requests per second of the generated API, and of the same by hand (DATABASE_URL: where to make a database)
# make bench-soak 200 builds in a row, then some at once: what they leave behind
# make bench-untried how many payloads are built that the plan was not made for
# make bench-many what 500 features cost a backend: start, routes, OpenAPI document
# make lock       solve the requirements anew

PAYLOAD ?= payloads/smoke_test.json
WORKERS ?= auto
BACKEND ?= .
BUILT := build/backend
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := run
.PHONY: run test check coverage api bench bench-api bench-many bench-soak bench-untried lock clean

$(READY): requirements-builder.txt pyproject.toml scripts/set-up
	@scripts/set-up
	@touch $@

run: $(READY)
	@rm -rf $(BUILT)
	@$(BIN)/petsage new $(BUILT) >/dev/null
	@for payload in $(PAYLOAD); do \
		$(BIN)/petsage build "$$payload" --into $(BUILT) --format transcript || exit; \
	done
	@echo
	@echo "Next:"
	@echo "  make api BACKEND=$(BUILT)      serve it; http://127.0.0.1:8000/docs shows what it offers"
	@echo "  ls $(BUILT)/app/features/*/README.md      each tells how to call its feature, with curl"
	@echo "  $(BIN)/petsage --help         build another payload, undo, check, listen"

test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy app tests petsage_builder benchmarks
	$(BIN)/lint-imports --no-logo
	$(BIN)/lint-imports --no-logo --config petsage_builder/importlinter.toml
	$(BIN)/pytest -W error --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile
	$(BIN)/petsage check

check: test

coverage: $(READY)
	$(BIN)/pytest -W error --cov --cov-report=term:skip-covered

api: $(READY)
	cd "$(BACKEND)" && "$(CURDIR)/$(BIN)/python" -m app

bench: $(READY)
	$(BIN)/python -m benchmarks.build
	$(BIN)/python -m benchmarks.many_features 3

bench-soak: $(READY)
	$(BIN)/python -m benchmarks.soak

bench-api: $(READY)
	$(BIN)/python -m benchmarks.api

bench-many: $(READY)
	$(BIN)/python -m benchmarks.many_features

bench-untried: $(READY)
	$(BIN)/python -m benchmarks.untried

lock: $(READY)
	scripts/lock

clean:
	rm -rf build dist .venv
