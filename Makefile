# Mayfly. `make help` lists what there is; README.md says what it is for.
TOOLS   := $(or $(MAYFLY_TOOLS),/opt/mayfly/tools)
export PATH := $(TOOLS)/bin:$(PATH)
export GOTOOLCHAIN := local

# These packages start jails or browsers. They run one after another: an attack
# on the jail beside a browser would make either look slow.
ALONE := . ./sandbox/... ./runner/... ./views/... ./bench/...

.DEFAULT_GOAL := help
.PHONY: help setup setup-test build run test check gen gen-check lint lock bench endure db/reset bare-machine

help: ## list these targets
	@grep -hE '^[a-z/-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install what is missing, each thing named with its reason
	@scripts/setup

setup-test:
	@scripts/setup test

build: ## bin/mayfly
	@umask 022 && go build -o bin/mayfly . # the user mayfly runs it too

run: setup build ## set up, build, and start on http://localhost:8080
	@scripts/run

test: setup-test gen-check ## everything that CI runs
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' | grep -v _templ.go)); [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted"; exit 1; }
	go vet ./...
	go test -race $$(go list ./... | grep -vxF "$$(go list $(ALONE) 2>/dev/null)")
	go test -race -timeout 20m -p 1 $$(go list $(ALONE) 2>/dev/null)

check: test lint ## test and lint

gen: node_modules/.package-lock.json ## regenerate templ, css, js and icons
	@scripts/gen

gen-check: node_modules/.package-lock.json
	@scripts/gen check

node_modules/.package-lock.json: package-lock.json
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

lint: ## golangci-lint and known vulnerabilities (the first time takes minutes)
	@scripts/lint

lock: ## requirements.lock and package-lock.json anew
	@scripts/lock

endure: setup-test ## 1,000 kernels and the list of attacks 20 times, and what is left: most of an hour
	go test -tags endure -run TestEndurance -timeout 4h -v ./sandbox/jail

bench: setup build ## the benchmarks: they measure, they never judge
	@go run ./bench

db/reset: ## remove the private database and the files it names
	@scripts/db-reset

bare-machine: ## both README commands on an empty Debian 12
	@scripts/bare-machine
