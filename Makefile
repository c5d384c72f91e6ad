# `make demo` and `make test` are the two commands; the others are their parts. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PY     := .venv/bin/python
UV     := .venv/bin/uv
LOCAL  := $(PY) -m cdk.local
# What `make demo` says: `make demo TASK=risky` touches security/ and has to ask.
TASK   ?= stdin
# Who writes the changes: `make demo AGENT=claude_code`, or `quick_edit,claude_code` in this order.
AGENTS := $(if $(AGENT),--agents $(AGENT))
PACKAGES := cdk/local/system-packages.sh
# What needs nothing of the machine itself.
TOOLS  := .venv/bundled node_modules/.package-lock.json
# What the app is made of, and what a browser gets of it.
APP    := mobile/node_modules/.package-lock.json
WEB    := mobile/dist/web/index.html
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)

##@ The two commands
.PHONY: demo test
demo: setup ## say it, and see it on main (TASK=risky asks first; AGENT=claude_code writes it)
	@$(LOCAL) demo $(TASK) $(AGENTS)

# The slow ones two at a time, the longest first: most of them wait more than they compute.
test: lint fast $(WEB) ## everything that is proven here
	@$(PACKAGES) pooler kotlin browser containers
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target \
	  e2e test-containers integration app-checks mutate-infra hostile infrastructure test-localstack

##@ Day by day
.PHONY: up down status logs token api web clip
up: setup $(WEB) ## the whole system on this machine, the app in a browser too
	@$(LOCAL) up $(AGENTS)
down: ## stop it; its state stays in .local/
	@$(LOCAL) down
status: ## what runs, where, and how it feels
	@$(LOCAL) status
logs: ## follow all logs
	@$(LOCAL) logs --follow
token: ## a developer's access token
	@$(LOCAL) token
api: ## the address of the local API
	@$(LOCAL) api
web: ## the address of the app, with the developer signed in
	@$(LOCAL) web
clip: setup $(WEB) ## an eight-second clip of the local app, and its push (MAKER=veo: a Veo that is played)
	@$(PACKAGES) browser
	@$(LOCAL) up >/dev/null
	@$(PY) -m cdk.clip $(if $(MAKER),--maker $(MAKER)) $(if $(TAG),--tag $(TAG)) $(if $(URL),--url $(URL))

##@ Proofs
.PHONY: lint fast integration test-localstack hostile test-containers infrastructure mutate-infra app-checks test-app e2e bench
lint: setup ## style, types, the rules of the house
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	openapi-spec-validator contracts/openapi.yaml
	zizmor --offline --quiet .github

fast: setup ## contracts and unit tests, on every core
	$(PY) -m pytest -q -n auto tests/contracts tests/unit

integration: setup ## real queues, database, git, sandbox
	@$(PACKAGES) pooler browser
	$(PY) -m pytest -q -n auto tests/integration/runner
	$(PY) -m pytest -q tests/integration tests/faults --ignore tests/integration/runner

test-localstack: setup ## the messaging tests on LocalStack itself, as they run on MiniStack
	@tests/localstack/install.sh
	$(PY) -m pytest -q tests/integration/messaging --emulator localstack

hostile: setup ## patches that try to get past the gates, and honest ones that must
	$(PY) -m pytest -q -n auto tests/hostile

# The same boxes by podman: all that a box promises, a case of every kind, and Claude Code.
CONTAINERS := --sandbox podman tests/containers tests/hostile tests/integration/runner/test_claude_code.py
test-containers: export CONTAINERS_CONF := $(CURDIR)/tests/containers/containers.conf
test-containers: setup ## the hostile table and Claude Code in podman's boxes
	@$(PACKAGES) containers
	@runner/image/build.sh podman debian
	@TARGET=runner runner/image/build.sh podman debian
	$(PY) -m pytest -q -n auto $(CONTAINERS)

infrastructure: setup ## the synthesised templates and the bundles
	$(PY) -m pytest -q tests/infrastructure

mutate-infra: setup ## spoils the templates in one place at a time: do the tests notice?
	$(PY) -m tests.infrastructure.mutation

app-checks: $(APP) ## the app: types, style, unit tests; both phones' code and bundles
	@$(PACKAGES) kotlin
	cd mobile && npm run --silent types && npm run --silent lint && npm run --silent unit
	cd mobile && npm run --silent native-checks && npm run --silent exports

test-app: app-checks setup $(WEB) ## the app, then in a real browser that hears a recording
	@$(PACKAGES) browser
	$(PY) -m pytest -q tests/e2e/test_app.py

e2e: setup $(WEB) ## the whole road, by HTTP and in a browser, on a system of its own
	@$(PACKAGES) browser
	$(PY) -m pytest -q tests/e2e

bench: setup ## seconds and megabytes, printed and never asserted
	$(PY) -m tests.bench

##@ On AWS (STAGE=staging unless said; docs/deploy.md goes through it line by line)
.PHONY: check deploy destroy
check: $(TOOLS) ## is all ready to deploy? changes nothing
	@$(PY) -m cdk.deploying check --stage $(or $(STAGE),staging)
deploy: $(TOOLS) ## tables, functions, runners, alarms; a repeat does what is left to do
	@$(PY) -m cdk.deploying deploy --stage $(or $(STAGE),staging)
destroy: $(TOOLS) ## take a stage away; asks for its name
	@$(PY) -m cdk.deploying destroy --stage $(or $(STAGE),staging)

##@ Made from sources
.PHONY: contracts requirements bundle image synth stage-schema cost dashboard
contracts: setup ## contracts/models.py from the schemas
	$(PY) -m contracts.generate

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
INPUTS  := $(wildcard contracts/requirements.in services/*/requirements.in runner/requirements.in cdk/requirements.in cdk/local/requirements.in tests/requirements.in)
requirements: .venv/uv ## pin every dependency anew
	$(COMPILE) $(INPUTS) -o requirements.txt
	for file in services/*/requirements.in runner/requirements.in runner/image/requirements.in; do \
	  $(COMPILE) --constraint requirements.txt --no-annotate $$file -o $${file%.in}.txt; done

bundle: setup ## the six functions' packages: how they weigh, how fast they load
	$(PY) -m cdk.bundles

image: setup ## the image of docker's and podman's boxes (ENGINE=docker, BASE=debian without a registry)
	runner/image/build.sh $(ENGINE) $(BASE)

synth dashboard: STAGE ?= prod
synth: setup ## the templates, checked by cdk-nag and cfn-lint; needs no account and no network
	@mkdir -p build
	@cdk synth --quiet -c code=sources -c stage=$(STAGE) >build/synth.log 2>&1 || { cat build/synth.log; exit 1; }
	@cfn-lint --ignore-checks W3005 --template cdk.out/Sayso-$(STAGE)-*.template.json
	@for each in cdk.out/Sayso-$(STAGE)-*.template.json; do \
	  echo "$$each: $$(grep -c '^   "Type": "' $$each) resources, cdk-nag and cfn-lint are clean"; done

stage-schema: setup ## cdk/stages/schema.json, by which editors check the stages' files
	$(PY) -m cdk.stage >cdk/stages/schema.json

cost: setup ## dollars a task and a month, from prices; writes the table of docs/cost.md
	@$(PY) -m cdk.cost

dashboard: synth ## the picture of the dashboard's layout in docs/
	$(PY) -m cdk.dashboard_picture cdk.out/Sayso-$(STAGE)-Watch.template.json >docs/dashboard.svg

##@ This machine
.PHONY: setup system clean help
setup: $(TOOLS) system ## all that is needed, once

.venv/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sayso needs Python 3.11 or newer: install it, or name it with make PYTHON=python3.x" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@.venv/bin/pip install --quiet --disable-pip-version-check uv
	@touch $@

.venv/synced: requirements.txt | .venv/uv
	@echo "installing Python packages …" >&2
	@$(UV) pip sync --quiet --python $(PY) requirements.txt
	@touch $@

# What the six functions ship is fetched now, so that the first demo need not.
.venv/bundled: $(wildcard services/*/requirements.txt) cdk/bundles.py | .venv/synced
	@echo "building the functions' bundles …" >&2
	@$(PY) -m cdk.bundles --platform host >/dev/null
	@touch $@

%/.package-lock.json:
	@command -v npm >/dev/null || { echo "Sayso needs Node.js 20 or newer: install nodejs and npm" >&2; exit 1; }
	@echo "installing the Node packages of $(dir $<)package.json …" >&2
	@npm ci --silent --prefix $(dir $<) && touch $@
node_modules/.package-lock.json: package-lock.json
$(APP): mobile/package-lock.json

$(WEB): $(APP) mobile/app.config.ts $(shell find mobile/src mobile/modules mobile/assets mobile/public -type f 2>/dev/null)
	@echo "building the app for browsers …" >&2
	@mkdir -p build && cd mobile && npm run --silent web >../build/web.log 2>&1 || { cat build/web.log; exit 1; }
	@touch $@

system:
	@$(PACKAGES)

clean: down ## remove everything that was made here
	rm -rf .local build cdk.out .venv .venv-localstack node_modules mobile/node_modules mobile/dist mobile/.expo

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
