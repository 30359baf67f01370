# What a person runs. The work is in the recipes below; what they need of a machine is in .make/need.sh.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

# Where cargo builds; CI keeps it outside the clone.
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR := $(TARGET)
# The Rust of rust-toolchain.toml, whatever is set around this.
export RUSTUP_TOOLCHAIN := $(shell sed -nE 's/^channel = "(.*)"/\1/p' rust-toolchain.toml)
# What .make/need.sh sets up once for all checkouts.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/interviewos
WASM := $(TARGET)/wasm32-unknown-unknown/wasm-release/frontend.wasm

# Settings of `make run` and `make dev`.
PORT ?= $(or $(INTERVIEWOS_PORT),3000)
ARGS ?=

need = @.make/need.sh
# What the tests are told by names like those of settings is no setting.
fetch = env -u INTERVIEWOS_PYTHON -u INTERVIEWOS_NODE_MODULES -u INTERVIEWOS_BIN $(TARGET)/debug/interviewos models fetch
say = printf '\n==> %s\n'

.PHONY: help run dev build test test-rust test-sdk test-browser test-processors test-model test-livekit fuzz train-reading train-notes train-turns judge bench bench-parts bench-speech bench-rooms bench-voice soak-rooms check doc protocol fmt shots clean

help: ## Show what there is
	@echo 'InterviewOS: practise a job interview, on your own machine.'
	echo
	sed -nE 's/^([a-z-]+): ## (.*)/  make \1\t\2/p' Makefile | expand -t 16
	echo
	echo 'make run PORT=3001 ARGS="--data DIR" serves elsewhere, and keeps interviews elsewhere.'

run: ## Set up what is missing, build, and serve on http://127.0.0.1:3000
	$(need) port:$(PORT)
	$(MAKE) build
	$(TARGET)/release/interviewos models fetch --port $(PORT) $(ARGS) ||
		$(say) 'Without these models interviews are typed; everything else works'
	exec $(TARGET)/release/interviewos serve --port $(PORT) $(ARGS)

dev: ## Serve a build for development; build, serve and load pages anew whenever a source changes
	$(need) rust cc node frontend port:$(PORT)
	@exec .make/dev.sh $(TARGET) $(PORT) $(ARGS)

build: ## Build target/release/interviewos and the site it serves, target/release/site
	$(need) rust cc node frontend
	@$(say) '1/3 The front end, for the browser'
	cargo build --locked -p frontend --target wasm32-unknown-unknown --profile wasm-release
	$(say) '2/3 The server and the bundler (the first time takes some minutes)'
	cargo build --locked --release -p server -p bundle
	$(say) '3/3 The site'
	$(TARGET)/release/bundle . $(WASM) $(TARGET)/release/site

# Tests that need more than Rust are marked `ignore`, so that a plain `cargo test` says that it leaves them out; here
# they are run. In modules named `real` are those that not even this sets up. A part that fails keeps no other part
# from running; the last lines say how each went.
test: ## Run every test, in a real browser and with LiveKit's SDKs too
	$(need) rust cc node frontend browser end2end sdk
	@$(say) 'Rust tests'
	cargo test --locked --no-run --workspace --exclude frontend
	# Here too they are fetched once for all checkouts; the tests are told where they are.
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	export INTERVIEWOS_PYTHON=$${INTERVIEWOS_PYTHON:-$(CACHE)/sdk/bin/python}
	export INTERVIEWOS_NODE_MODULES=$(abspath end2end/node_modules)
	parts=$$(mktemp -d)
	trap 'rm -rf "$$parts"' EXIT
	.make/part.sh "$$parts" 'Rust' \
		cargo test --locked --no-fail-fast --workspace --exclude frontend -- --include-ignored --skip real::
	if command -v qemu-x86_64 >/dev/null; then
		$(say) 'Speech as on a processor without VNNI'
		.make/part.sh "$$parts" 'Another processor' .make/processors.sh short
	else
		echo 'Not tried as on another processor: there is no qemu-x86_64 (Debian: qemu-user)'
	fi
	if command -v espeak-ng >/dev/null; then
		$(say) 'What is believed of many languages'
		.make/part.sh "$$parts" 'Languages' \
			cargo test --locked -p agent --lib languages_tests::real:: -- --ignored
	else
		echo 'Not tried in other languages: there is no espeak-ng'
	fi
	$(say) 'Browser tests'
	.make/part.sh "$$parts" 'Browser' bash -ec '$(MAKE) build
		cd end2end
		INTERVIEWOS_BIN=$(TARGET)/release/interviewos npm test --silent'
	echo
	.make/part.sh "$$parts"

test-rust: ## Run the Rust tests that need nothing but Rust
	$(need) rust cc
	@cargo test --locked --no-fail-fast --workspace --exclude frontend

test-sdk: ## Run the Rust tests that need local models, LiveKit's SDKs or a browser
	$(need) rust cc node frontend browser end2end sdk
	@cargo build --locked -p server
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	export INTERVIEWOS_PYTHON=$${INTERVIEWOS_PYTHON:-$(CACHE)/sdk/bin/python}
	export INTERVIEWOS_NODE_MODULES=$(abspath end2end/node_modules)
	cargo test --locked --no-fail-fast --workspace --exclude frontend -- --ignored --skip real::

test-browser: ## Run the tests of the page, in a real browser (SPEC=NAME: only those)
	$(need) rust cc node frontend browser end2end
	@$(MAKE) build
	cd end2end
	INTERVIEWOS_BIN=$(TARGET)/release/interviewos npm test --silent -- $(SPEC)

test-processors: ## Run the tests of the models natively, and as on a processor without VNNI (takes some minutes)
	$(need) rust cc python qemu
	@cargo build --locked -p server
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	cargo test --locked -p models -p speech -p reading -p reading-train -- --include-ignored
	.make/processors.sh all

test-model: ## Hold whole interviews with a small real model (sets it up; takes some minutes)
	$(need) rust cc python model
	@cargo test --locked -p writers --test writers --no-run
	$(CACHE)/model/bin/python .make/model.py \
		cargo test --locked -p writers --test writers real:: -- --ignored --nocapture --test-threads=1

test-livekit: ## Try the participant, and spoken interviews, in rooms of a real LiveKit server (LIVEKIT_SERVER_BIN names its program)
	$(need) rust cc node browser end2end sdk
	@test -x "$${LIVEKIT_SERVER_BIN:-}" || { echo 'Name the program: make test-livekit LIVEKIT_SERVER_BIN=/path/to/livekit-server'; exit 1; }
	cargo build --locked -p server
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	export INTERVIEWOS_PYTHON=$${INTERVIEWOS_PYTHON:-$(CACHE)/sdk/bin/python}
	export INTERVIEWOS_NODE_MODULES=$(abspath end2end/node_modules)
	cargo test --locked -p participant -p agent-room --test livekit -- --include-ignored --nocapture --test-threads=2
	cargo test --locked -p server --test http spoken::real:: -- --ignored --nocapture --test-threads=1

fuzz: ## Try hostile input on what reads it, target by target (TIME=60 seconds each; FUZZ=NAME for one)
	$(need) rust cc fuzz
	@cd server/fuzz
	export RUSTUP_TOOLCHAIN=nightly PATH="$(CACHE)/tools/bin:$$PATH"
	for file in targets/$(or $(FUZZ),*).rs; do
		name=$$(basename $$file .rs) corpus=$(TARGET)/fuzz/corpus
		test -f $$file || { echo "There is no target $$name. There are:" $$(basename -s .rs targets/*.rs); exit 1; }
		$(say) "$$name"
		mkdir -p $$corpus/$$name
		FUZZ_SAMPLES=$$corpus/$$name cargo fuzz run --fuzz-dir . --sanitizer none --codegen-units 16 --no-cfg-fuzzing \
			--target-dir $(TARGET)/fuzz $$name $$corpus/$$name -- -max_total_time=$(or $(TIME),60) -timeout=10 -print_final_stats=1
	done

train-reading: ## Train what reads answers from the labelled ones, and say how well it does on professions not seen
train-notes: ## Learn from marked stories and introductions what to quote and what to ask next, and say how well in those of others
train-reading: TRAINS := reading-train
train-notes: TRAINS := train-notes
train-reading train-notes:
	$(need) rust cc
	@cargo build --locked --release -p reading-train
	cargo build --locked -p server
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	$(TARGET)/release/$(TRAINS) --models $$INTERVIEWOS_MODELS

train-turns: ## Fit when an answer is taken to be over to the labelled pauses, and say how well it does on voices not heard
	$(need) rust cc
	@TRAIN=1 cargo test --locked --quiet -p agent --lib likely::fit -- --nocapture

judge: ## Hold interviews with invented candidates, for a judge to grade (GRADES=FILE: the table of a filled form)
	$(need) rust cc
	@cargo build --locked --release -p judge
	cargo build --locked -p server
	export INTERVIEWOS_MODELS=$${INTERVIEWOS_MODELS:-$(CACHE)/models}
	$(fetch)
	$(TARGET)/release/judge --models $$INTERVIEWOS_MODELS --out $(TARGET)/judge $(if $(GRADES),--grades $(GRADES))

bench: ## Measure turns, pages, memory, starts and sizes (BENCH=DIR: on which disk)
	$(need) rust cc
	@$(MAKE) build
	$(say) 'What measures it'
	cargo build --locked --release -p bench
	$(say) 'Measuring, for some minutes; what else runs here shows in the figures'
	# A thousand streams are open at both ends.
	ulimit -n 4096 2>/dev/null || true
	$(TARGET)/release/bench --folder $(abspath $(or $(BENCH),target)) --models $${INTERVIEWOS_MODELS:-$(CACHE)/models} --json $(TARGET)/bench.json

bench-parts: ## Measure what a turn and a frame of sound cost the pure parts, each alone (PART=NAME: only those)
bench-parts: PARTS := -p interview -p participant -p speech --bench rules --bench sound --bench recordings
bench-parts:
	$(need) rust cc
	@$(say) 'What measures it'
	cargo bench --locked $(PARTS) --no-run
	$(say) 'Measuring, for a minute; what else runs here shows in the figures'
	cargo bench --locked --quiet $(PARTS) -- $(PART)

bench-speech: ## Measure hearing and speaking, beside the Python packages of the same models (LANES=N streams at once)
	$(need) rust cc python espeak speech
	@$(say) 'What measures it'
	cargo build --locked --release -p speech-bench
	$(say) 'Measuring, for half an hour; what else runs here shows in the figures'
	$(TARGET)/release/speech-bench --models $${INTERVIEWOS_MODELS:-$(CACHE)/models} --lanes $(or $(LANES),4) \
		--python $(CACHE)/speech-packages/bin/python --espeak espeak-ng --json $(TARGET)/bench-speech.json

bench-rooms: ## Measure the room server: processor, memory, latency and losses with 1 to 50 rooms
	$(need) rust cc
	@cargo build --locked --release -p rooms-bench
	$(say) 'Measuring, for some minutes; what else runs here shows in the figures'
	ulimit -n 4096 2>/dev/null || true
	$(TARGET)/release/rooms-bench bench --json $(TARGET)/bench-rooms.json

bench-voice: ## Measure spoken interviews with simulated candidates, 1 to 12 at once (AT_ONCE=1,4; VOICES=strangers: voices that are not ours; BESIDE=agents: LiveKit Agents interviews, too)
	$(need) rust cc node frontend python $(filter strangers,$(VOICES)) $(if $(BESIDE),agents)
	$(MAKE) build
	$(TARGET)/release/interviewos models fetch
	@cargo build --locked --release -p voice-bench
	$(say) 'Measuring, for half an hour; what else runs here shows in the figures'
	$(TARGET)/release/voice-bench --program $(abspath $(TARGET))/release/interviewos --site $(abspath $(TARGET))/release/site \
		--models $${INTERVIEWOS_MODELS:-$(CACHE)/models} --at-once $(or $(AT_ONCE),1,4,8,12) --json $(TARGET)/bench-voice.json \
		--voices $(or $(VOICES),own) --sound $(CACHE)/strangers-sound --piper $(CACHE)/strangers/bin/python \
		$(if $(BESIDE),--beside $(BESIDE) --agents-python $(CACHE)/agents/bin/python)

soak-rooms: ## Hold rooms with both SDKs for half an hour (or MINUTES=5) and see that nothing leaks (PROGRAM=1: in interviewos)
	$(need) rust cc node browser end2end sdk
	@$(if $(PROGRAM),$(MAKE) build)
	cargo build --locked --release -p rooms-bench
	export INTERVIEWOS_PYTHON=$${INTERVIEWOS_PYTHON:-$(CACHE)/sdk/bin/python}
	export INTERVIEWOS_NODE_MODULES=$(abspath end2end/node_modules)
	$(TARGET)/release/rooms-bench soak --minutes $(or $(MINUTES),30) $(if $(PROGRAM),--program $(TARGET)/release/interviewos)

check: ## Check format, lints (server and wasm), unused dependencies, licences and the links of the documents
	$(need) rust lints cc node python frontend end2end machete
	@$(say) 'Format'
	cargo fmt --all --check
	(cd server/fuzz && cargo fmt --check)
	$(say) 'Lints of the server, the tools and the tests'
	cargo clippy --locked --workspace --exclude frontend --all-targets -- -D warnings
	$(say) 'Lints of the participant on the official SDK, which is not built for it'
	DOCS_RS=1 cargo clippy --locked -p agent-room --features livekit-sdk -- -D warnings
	$(say) 'Lints of the front end'
	cargo clippy --locked -p frontend --target wasm32-unknown-unknown -- -D warnings
	$(say) 'Types of the voice module and the browser tests'
	(cd end2end && npm run --silent types)
	$(say) 'Unused dependencies'
	$(CACHE)/tools/bin/cargo-machete
	$(say) 'Licences'
	python3 .make/licences.py
	$(say) 'No registry named'
	.make/hosts.sh
	$(say) 'Links of the documents'
	python3 .make/links.py

doc: ## Build the documentation of the code, and check the links in it and in the documents
	$(need) rust cc python
	@$(say) 'The documentation of the code'
	RUSTDOCFLAGS='-D rustdoc::broken_intra_doc_links -A rustdoc::private_intra_doc_links' \
		cargo doc --locked --no-deps --workspace --exclude frontend --document-private-items
	$(say) 'Links of the documents'
	python3 .make/links.py
	echo 'Begin at $(TARGET)/doc/server/index.html'

protocol: ## Write frontend/voice/protocol.ts anew from app/protocol
	$(need) rust cc
	@PROTOCOL_WRITE=1 cargo test --locked --quiet -p protocol

fmt: ## Format the Rust code
	$(need) rust lints
	@cargo fmt --all

shots: ## Take pictures of the pages into end2end/shots (or SHOTS=DIR)
	$(need) rust cc node frontend browser end2end
	@$(MAKE) build
	cd end2end
	SHOTS=$(abspath $(or $(SHOTS),end2end/shots)) INTERVIEWOS_BIN=$(TARGET)/release/interviewos npm run --silent shots

clean: ## Remove what was built; interviews in data/ stay
	@rm -rf target frontend/node_modules end2end/node_modules end2end/test-results end2end/playwright-report
