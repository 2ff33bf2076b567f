# claimaudit: the verbs a person needs. `make run` and `make test` need only Swift and git; the rest is installed.

SWIFT ?= swift
# ISA-L inflates about three times as fast as zlib: it is used where its development files are.
TRAITS := $(shell pkg-config --exists libisal 2>/dev/null && echo --traits ISAL)
SWIFT_RELEASE_FLAGS := -c release --static-swift-stdlib $(TRAITS)
PREFIX ?= /usr/local
OUT ?= reports
SECONDS ?= 60
FUZZ_TARGETS ?= x12 csv gzip zip pack report
BENCH_MB ?= 100
BENCH_ROUNDS ?= 5
SWIFT_DOCC ?= $(shell command -v docc || echo "$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")/docc")
BIN := $(CURDIR)/.build/release/claimaudit
# Root needs no sudo; elsewhere the package manager does.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: setup build run test check lint format docs rules bench check-speed fuzz lint-sources check-faults check-asan check-tsan coverage install clean help

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: ## Install libxml2, zlib, SQLite and pkg-config where they are missing
	@if pkg-config --exists libxml-2.0 zlib sqlite3 2>/dev/null; then :; else \
	  if command -v apt-get >/dev/null; then \
	    $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q libxml2-dev zlib1g-dev libsqlite3-dev pkg-config; \
	  else \
	    echo "install the development files of libxml2, zlib and SQLite, and pkg-config, then try again" >&2; exit 1; \
	  fi; \
	fi

build: setup ## Build the release program
	$(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit

run: build ## Build, audit Fixtures/ and say where the reports are
	@mkdir -p $(OUT)
	@$(BIN) audit Fixtures/valid --output $(OUT); status=$$?; \
	  echo; echo "Reports are in $(abspath $(OUT)):"; ls -1 $(OUT); \
	  [ $$status -eq 0 ]

test: setup lint-sources ## Build and run every test
	$(SWIFT) build $(TRAITS) --build-tests
	$(SWIFT) test $(TRAITS) --skip-build --disable-xctest

check: lint test ## Lint, then test

lint: lint-sources ## Formatting and forbidden constructs
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

# What the library or a crash would print of a value ends on standard error, and so in somebody's mail: the words of the program are
# written by Messenger and StandardOutput, and errors are cases that are handled.
PRINTING := (^|[^A-Za-z_.])(try!|as!)|uniqueKeysWithValues|(^|[^A-Za-z_.])(print|debugPrint|dump|NSLog)\(
STOPPING := (fatalError|precondition|preconditionFailure|assert|assertionFailure)\((?:[^()"]|"(?:[^"\\]|\\[^(])*"|\((?:[^()]|\([^()]*\))*\))*"(?:[^"\\]|\\[^(])*\\\(

lint-sources: ## Nothing in the sources prints a value of the input
	@found=$$(grep -rnE --include=*.swift --exclude-dir=claimaudit-bench --exclude-dir=claimaudit-fuzz '$(PRINTING)' Sources \
	    | grep -vE '^[^:]*:[0-9]*: *//'); \
	  [ -z "$$found" ] || { echo "$$found"; echo "lint: this prints values, or stops with them" >&2; exit 1; }
	@found=$$(grep -rlPzo --include=*.swift '$(STOPPING)' Sources); \
	  [ -z "$$found" ] || { echo "$$found"; echo "lint: a stop of the program holds a value" >&2; exit 1; }

format: ## Format the sources
	$(SWIFT) format -i --recursive Package.swift Sources Tests

docs: setup ## Build the documentation of the rule side into .build/docs
	mkdir -p .build/docs/symbols
	$(SWIFT) build --target RulePacks -Xswiftc -emit-symbol-graph -Xswiftc -emit-symbol-graph-dir -Xswiftc $(CURDIR)/.build/docs/symbols
	$(SWIFT_DOCC) convert Sources/RulePacks/RulePacks.docc --fallback-display-name claimaudit \
	  --fallback-bundle-identifier claimaudit --additional-symbol-graph-dir .build/docs/symbols \
	  --output-path .build/docs/claimaudit.doccarchive

rules: build ## Regenerate the reference of the rules
	@{ sed -n '1,/^P are professional/p' Sources/RulePacks/RulePacks.docc/Rules.md; echo; $(BIN) rules --format markdown; } > .build/Rules.md
	@mv .build/Rules.md Sources/RulePacks/RulePacks.docc/Rules.md

bench: build ## Time the program beside others, and each stage alone; results in .build/bench
	$(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit-bench
	.build/release/claimaudit-bench compare .build/bench $(BIN) $(BENCH_MB) $(BENCH_ROUNDS)
	.build/release/claimaudit-bench parts .build/bench $(BENCH_MB) $(BENCH_ROUNDS)

check-speed: ## Count the program's instructions where valgrind is installed, against the figures that are checked in
	@if command -v valgrind >/dev/null; then \
	  $(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit && \
	  $(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit-bench && \
	  .build/release/claimaudit-bench instructions .build/bench $(BIN); \
	else echo "valgrind is not installed: the speed of this build is not checked"; fi

fuzz: setup ## Fuzz each part for SECONDS seconds (default 60); FUZZ_TARGETS="x12 csv gzip zip pack report"
	CLAIMAUDIT_FUZZING=1 $(SWIFT) build -c release --scratch-path .build-fuzz --product claimaudit-fuzz
	@for target in $(FUZZ_TARGETS); do \
	  case $$target in \
	    x12) seeds="Fixtures/x12/valid Fixtures/x12/edge Fixtures/x12/invalid Fixtures/hostile/x12" ;; \
	    csv) seeds="Fixtures/csv Fixtures/hostile/csv" ;; \
	    gzip) seeds="Fixtures/compressed Fixtures/hostile/gzip" ;; \
	    zip) seeds="Fixtures/compressed Fixtures/hostile/zip" ;; \
	    pack) seeds="Fixtures/packs Fixtures/hostile/config" ;; \
	    report) seeds="Fixtures/hostile/x12" ;; \
	  esac; \
	  for kept in Fixtures/fuzz/$$target; do [ -d $$kept ] && seeds="$$seeds $$kept"; done; \
	  words=Fixtures/fuzz/$$target.dict; [ -f $$words ] && words=-dict=$$words || words=; \
	  mkdir -p .build-fuzz/corpus-$$target; \
	  echo "== $$target"; \
	  CLAIMAUDIT_FUZZ=$$target SWIFT_BACKTRACE=enable=no timeout -k 2 $$(( $(SECONDS) + 60 )) \
	    .build-fuzz/release/claimaudit-fuzz -max_total_time=$(SECONDS) -max_len=1500 -timeout=10 -print_final_stats=1 \
	    $$words -artifact_prefix=.build-fuzz/crash-$$target- .build-fuzz/corpus-$$target $$seeds \
	    </dev/null >.build-fuzz/log-$$target 2>&1; status=$$?; \
	  grep -E "stat::(number|average)|ERROR|SUMMARY|Fatal" .build-fuzz/log-$$target; \
	  [ $$status -eq 0 ] || { tail -5 .build-fuzz/log-$$target; exit 1; }; \
	done

check-faults: setup ## Every system call failed in turn, hundreds of kills, the large inputs: minutes, not seconds
	$(SWIFT) build $(SWIFT_RELEASE_FLAGS) --product claimaudit
	$(SWIFT) build --build-tests
	CLAIMAUDIT_FAULTS=long CLAIMAUDIT_PROGRAM=$(BIN) $(SWIFT) test --skip-build --disable-xctest --filter 'CommandTests\.([A-Za-z]*FaultTests|MemoryTests)'

check-asan: setup ## Every test with AddressSanitizer
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build-asan
	ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no $(SWIFT) test --skip-build --disable-xctest --sanitize=address \
	  --scratch-path .build-asan --skip 'CommandTests\.([A-Za-z]*FaultTests|MemoryTests|LimitTests)'

check-tsan: setup ## Every test with ThreadSanitizer
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build-tsan
	SWIFT_BACKTRACE=enable=no $(SWIFT) test --skip-build --disable-xctest --sanitize=thread --scratch-path .build-tsan \
	  --skip 'CommandTests\.([A-Za-z]*FaultTests|MemoryTests|LimitTests)'

# Debian has an llvm-cov of its own, which is too old: the one beside the compiler is meant. What the command does in processes of its
# own is counted too: they inherit where profiles go.
coverage: setup ## Lines of the libraries that the tests run
	$(SWIFT) build $(TRAITS) --build-tests --enable-code-coverage --scratch-path .build-coverage
	$(SWIFT) test $(TRAITS) --skip-build --disable-xctest --enable-code-coverage --scratch-path .build-coverage --skip 'CommandTests\.([A-Za-z]*FaultTests|MemoryTests)'
	@bin="$$(dirname "$$(readlink -f "$$(command -v $(SWIFT))")")"; cd .build-coverage/debug; \
	  "$$bin/llvm-cov" report claimauditPackageTests.xctest -object claimaudit -instr-profile codecov/default.profdata \
	    -ignore-filename-regex='Tests|\.build|claimaudit-' | tee $(CURDIR)/.build-coverage/report.txt

install: build ## Install the program, its manual page and shell completions under PREFIX (default /usr/local)
	install -D -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/claimaudit
	mkdir -p .build/share
	$(BIN) manual > .build/share/claimaudit.1
	for shell in bash zsh fish; do $(BIN) --generate-completion-script $$shell > .build/share/completion.$$shell || exit 1; done
	install -D -m 0644 .build/share/claimaudit.1 $(DESTDIR)$(PREFIX)/share/man/man1/claimaudit.1
	install -D -m 0644 .build/share/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/claimaudit
	install -D -m 0644 .build/share/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_claimaudit
	install -D -m 0644 .build/share/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/claimaudit.fish

clean: ## Remove what was built
	rm -rf .build .build-fuzz .build-asan .build-tsan .build-coverage $(OUT)
