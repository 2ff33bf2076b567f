# claimaudit: the verbs a person needs. `make run` and `make test` need only Swift and git; the rest is installed.

SWIFT ?= swift
SWIFT_RELEASE_FLAGS := -c release --static-swift-stdlib
PREFIX ?= /usr/local
OUT ?= reports
SECONDS ?= 60
BIN := $(CURDIR)/.build/release/claimaudit
# Root needs no sudo; elsewhere the package manager does.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: setup build run test check lint format docs bench install clean help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Install libxml2, zlib and pkg-config where they are missing
	@if pkg-config --exists libxml-2.0 zlib 2>/dev/null; then :; else \
	  if command -v apt-get >/dev/null; then \
	    $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q libxml2-dev zlib1g-dev pkg-config; \
	  else \
	    echo "install the development files of libxml2 and zlib, and pkg-config, then try again" >&2; exit 1; \
	  fi; \
	fi

build: setup ## Build the release program
	$(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit

run: build ## Build, audit Fixtures/ and say where the reports are
	@mkdir -p $(OUT)
	@$(BIN) audit Fixtures/valid --output $(OUT); status=$$?; \
	  echo; echo "Reports are in $(abspath $(OUT)):"; ls -1 $(OUT); \
	  [ $$status -eq 0 ]

test: setup ## Build and run every test
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --disable-xctest

check: lint test ## Lint, then test

lint: ## Formatting and forbidden constructs
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format: ## Format the sources
	$(SWIFT) format -i --recursive Package.swift Sources Tests

docs: build ## Regenerate the rule table of the README
	$(BIN) rules --format markdown

install: build ## Install the program under PREFIX (default /usr/local)
	install -D -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/claimaudit

clean: ## Remove what was built
	rm -rf .build $(OUT)
