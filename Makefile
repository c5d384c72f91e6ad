# `make demo` and `make test` are the two commands; the rest are their parts. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY    := .venv/bin/python
UV    := .venv/bin/uv
TASK  ?=
export VIRTUAL_ENV := $(CURDIR)/.venv
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

REQUIREMENTS := $(wildcard contracts/requirements.in services/*/requirements.in runner/requirements.in cdk/requirements.in cdk/local/requirements.in tests/requirements.in)
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links

.PHONY: requirements contracts
requirements: ## pin every dependency anew from the requirements.in files
	$(COMPILE) $(REQUIREMENTS) -o requirements.txt
	for f in services/*/requirements.in runner/requirements.in; do \
	  $(COMPILE) --constraint requirements.txt --no-annotate $$f -o $${f%.in}.txt; done

contracts: ## generate contracts/models.py from the schemas
	$(PY) -m contracts.generate
