# `make advise` and `make test` work on a new machine with Python 3.11 or newer; `make help` lists the rest.
.PHONY: advise test bench bench-peers bench-frames check rules mutants reference format lint types imports lock errors upgrade clean help venv
bin := .venv/bin

advise: venv ## get advice on an example order
	@$(bin)/dispute-rules advise examples/late-parcel.json

test: venv ## run the tests
	@$(bin)/pytest --numprocesses=auto

check: venv lint types imports ## check formatting, style, types and the direction of imports

packs := $(patsubst rules/%/pack.yaml,%,$(wildcard rules/*/pack.yaml)) examples/phone-shop/phone_shop
rules: venv ## check the rules of the shipped packs and of the example pack, try their examples, look at docs/rules
	@set -e; for pack in $(packs); do \
	    $(bin)/dispute-rules check "$$pack"; $(bin)/dispute-rules test "$$pack"; \
	    $(bin)/dispute-rules reference "$$pack" --check; \
	done

mutants: venv ## change the rules of these packs one small step at a time: an example must catch each change
	@$(bin)/dispute-rules mutants aliexpress --cases tests/cases --cases tests/stories
	@$(bin)/dispute-rules mutants examples/phone-shop/phone_shop --cases examples/phone-shop/cases.yaml

bench: venv ## how long loading and checking take, how many questions an interview, and how long the next one
	@$(bin)/python -m benchmarks.checks
	@$(bin)/python -m benchmarks.interviews
	@$(bin)/python -m benchmarks.asking

bench-peers: venv ## this library beside zen-engine, CLIPS, OpenFisca and others: installs them in .venv
	@$(bin)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@$(bin)/python -m benchmarks.peers

bench-frames: venv ## a million rows in data frames, and the time and memory of ten million through `batch`
	@$(bin)/python -m benchmarks.frames

reference: venv ## make docs/rules again, after a change of rules
	@set -e; for pack in $(packs); do $(bin)/dispute-rules reference "$$pack"; done

format: venv ## put the code in the project's format
	@$(bin)/ruff check --fix-only --quiet . && $(bin)/ruff format .

lint: venv
	@$(bin)/ruff format --check . && $(bin)/ruff check .

types: venv
	@$(bin)/mypy

imports: venv
	@$(bin)/lint-imports --no-logo

lock: ## remake requirements/ after a change of the dependencies in pyproject.toml
	@tools/lock

errors: venv ## write what is printed into the pages of docs/errors, after a change of wording
	@$(bin)/python -m tests.error_pages

upgrade: ## remake requirements/ with the newest versions
	@tools/lock --upgrade

clean: ## remove what was made here
	@rm -rf .venv dist .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s%s\n", $$1, $$2 }' Makefile

venv:
	@tools/setup
