# Every step of CI is a target here, and the recipes run as they stand on a
# machine with Go and make: tools come through the module proxy, by version.

GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.9.0

GOLANGCI    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
GOVULNCHECK := go run golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)

# A pattern at the root of a workspace matches nothing, so the modules are named.
# `make workspace` holds this list against go.work.
MODULES  := api docs pkg pkg/embedded services services/desk services/standalone services/standalone/bench services/standalone/deployment
PACKAGES := $(MODULES:%=./%/...)
SERVICES := intake referral legal-aid psychosocial forensic-services trust-fund

JOURNEY  ?= one
FUZZTIME ?= 10m
VERSION  ?= dev

# The packages that last longest begin first, and the rest fills up beside them. What go vet says of the tests,
# `make check` says.
TESTED  := -vet=off -race -shuffle=on -count=1
LONGEST := ./services/standalone/guarantees ./services/standalone ./pkg/embedded ./services/standalone/bench/internal/bench

# The race detector has each process sleep for a second before it ends, and many begin.
export GORACE := atexit_sleep_ms=100

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run build images test long conformance bench fuzz pages check workspace fmt-check vet lint tidy-check generate-check standalone-builds \
	contracts alerts fmt tidy generate vuln clients scalar clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##: Use

run: ## Run the whole network and play a short journey (JOURNEY=none: none; NAME, all or a .yaml: play that in an office of its own, and end)
	go build -o bin/ ./services/standalone
	exec env SANAD_MODE=$${SANAD_MODE:-training} bin/standalone -journey $(JOURNEY)

build: ## Build every binary into bin/
	CGO_ENABLED=0 go build -trimpath -o bin/ $(SERVICES:%=./services/%/cmd/...) ./services/desk/cmd/... ./services/standalone

images: ## Build one image per service, that of the pages, and the steward's (needs Docker; VERSION is the tag)
	for service in $(SERVICES) desk standalone; do \
		docker build --file deploy/Dockerfile --build-arg "SERVICE=$$service" --tag "sanad/$$service:$(VERSION)" .; \
	done

##: Test

test: ## Run every test with the race detector, shuffled; what is long in its short form
	go test $(TESTED) -short -timeout 45m $(LONGEST) work

long: ## Run every test in its long form, as CI does at night
	go test $(TESTED) -timeout 2h $(LONGEST) work

conformance: ## Hold the engine that SANAD_MONGODB_URI names to what journals ask of it
	SANAD_MONGODB_URI="$${SANAD_MONGODB_URI:?names the engine}" \
		go test -race -count=1 -timeout 15m -run '^Test(Engine|Journal|Seal|Keys|OneCause|Fresh|Replicas|Refusals|Shed)' ./pkg/embedded

bench: ## Measure the network against the same flow by hand, on Watermill and on River; writes var/bench.json
	go run ./services/standalone/bench

fuzz: ## Send a million malformed requests, let a hundred towns of random people live, then fuzz every target for FUZZTIME each
	go test -count=1 -v -timeout 4h -run TestMalformedRequests ./services/standalone/guarantees -requests 1000000
	go test -count=1 -v -timeout 4h -run TestRandomPeopleOnRandomDays ./services/standalone/guarantees -towns 100 -town-days 6
	grep --recursive --include='*_test.go' --extended-regexp --only-matching '^func Fuzz\w+' $(MODULES) | sort --unique \
	| while IFS=: read -r file target; do \
		echo "$$file: $${target#func }"; \
		go test -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x "./$$(dirname "$$file")" </dev/null; \
	done

pages: ## Play a morning at the desk in a browser, and take its pictures into var/pages (needs Node and Chromium)
	go build -o bin/ ./services/standalone
	npm ci --no-audit --no-fund --prefix services/desk/pages
	node services/desk/pages/pages.mjs bin/standalone var/pages docs/img/desk.png

##: Check

check: workspace fmt-check vet lint tidy-check generate-check standalone-builds contracts alerts ## Everything CI checks before it tests

workspace: ## The modules named here are those of go.work
	diff <(go list -m -f '{{.Dir}}' | sort) <(printf '$(CURDIR)/%s\n' $(MODULES) | sort)

fmt-check: ## Formatted by gofumpt and gci
	$(GOLANGCI) fmt --diff .

vet: ## go vet
	go vet work

lint: ## golangci-lint, with the arrows between packages
	$(GOLANGCI) run $(PACKAGES)

tidy-check: ## go.mod and go.sum need no change
	for module in $(MODULES); do (cd "$$module" && go mod tidy -diff); done

generate-check: ## Generated files need no change
	state() { git diff HEAD; git ls-files --others --exclude-standard; }; \
	before=$$(state); $(MAKE) generate; diff <(echo "$$before") <(echo "$$(state)")

standalone-builds: ## Every module builds without the workspace, as in an image
	for module in $(MODULES); do (cd "$$module" && GOWORK=off go build ./...); done

contracts: ## Contracts, events and schemas agree with the code
	go test -count=1 ./services/contract/...

alerts: bin/promtool ## Prometheus' configuration holds, and the alerts pass their tests
	cd deploy/prometheus && $(CURDIR)/$< check config prometheus.yml
	cd deploy/prometheus && $(CURDIR)/$< test rules alerts_test.yml

# Prometheus' go.mod has replace directives, so `go run` does not take it by version: it is built where the module
# cache has it. The version is the one whose parser the tests use.
bin/promtool: services/standalone/deployment/go.mod
	go mod download github.com/prometheus/prometheus
	GOWORK=off go -C "$$(go list -m -f '{{.Dir}}' github.com/prometheus/prometheus)" \
		build -tags remove_all_sd -o $(CURDIR)/$@ ./cmd/promtool

##: Change

fmt: ## Format
	$(GOLANGCI) fmt .

tidy: ## Sync the workspace and tidy every module
	go work sync
	for module in $(MODULES); do (cd "$$module" && go mod tidy); done

generate: ## Write the generated files again
	go generate $(PACKAGES)

##: Extra: not part of check

scalar: ## Fetch the script of /docs again, as pkg/edge/scalar/README.md names it (needs npm and the internet)
	cell() { sed -n "s/^| $$1 | \`\(.*\)\` |$$/\1/p" pkg/edge/scalar/README.md; }; \
	dir=$$(mktemp -d); trap 'rm -r "$$dir"' EXIT; \
	npm pack --silent --pack-destination "$$dir" "$$(cell package)@$$(cell version)"; \
	echo "$$(cell 'SHA-256 of the package')  $$(echo "$$dir"/*.tgz)" | sha256sum --check; \
	tar --extract --to-stdout --file "$$dir"/*.tgz "$$(cell file)" | gzip -9n > pkg/edge/scalar/standalone.js.gz

vuln: ## Look for known vulnerabilities (its database needs the internet)
	$(GOVULNCHECK) $(PACKAGES)

clients: ## Lint the contracts and make clients from them with foreign tools (needs Node and the internet)
	api/clients/clients.sh

clean: ## Remove what was built; data under var/ stays
	rm -rf bin
