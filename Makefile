# `make demo` and `make test` are all one needs to know; `make` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help demo test browser contract faults check fmt prepare bench

# Outside the tree, so that it survives a fresh clone.
CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/pinconsole/target
export CARGO_TARGET_DIR
PROGRAMS := $(CARGO_TARGET_DIR)/debug
# Servers lie in folders that a user's PATH may lack.
export PATH := $(PATH):/usr/sbin:/usr/local/sbin:/usr/libexec:/usr/lib/openldap
# Runs a command with a Postgres of its own.
WITH_POSTGRES := $(PROGRAMS)/with-postgres --fast
# "All targets" leaves out those that a plain `cargo test` does not run.
define CHECK
cargo fmt --all --check
cargo clippy --workspace --all-targets -- -D warnings
cargo clippy -p pinconsole --test browser --test contract -- -D warnings
endef
NAME_THE_SERVERS = echo "Tested with Postgres $$(psql -XAtc "show server_version" | cut -d " " -f 1)," \
	"OpenLDAP slapd $$(slapd -VV 2>&1 | sed -n "s/.*slapd \([0-9.]*[0-9]\).*/\1/p")"

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: ## Start the whole program with the demo company (ARGS=… are passed on)
	@scripts/install.sh rust postgres
	cargo build -p pinconsole
	@exec $(PROGRAMS)/pinconsole demo $(ARGS)

test: ## Formatting, lints, and all tests, with private real servers
	@scripts/install.sh rust postgres slapd
	$(CHECK)
	scripts/queries.sh check
	@cargo build -q -p postgres
	$(WITH_POSTGRES) sh -euc 'cargo test --workspace; $(NAME_THE_SERVERS)'

browser: ## The stories in a real browser
	@scripts/install.sh rust postgres chromium
	@cargo build -q -p postgres
	$(WITH_POSTGRES) cargo test -p pinconsole --test browser

faults: ## The large storm: everything is killed at any moment, and what was promised is counted
	@scripts/install.sh rust postgres slapd
	FAULTS=large cargo test -p pinconsole --test it -- --test-threads 1 --nocapture faults

contract: tests/contract/node_modules/.package-lock.json ## Our answers against the vendors' own types
	@scripts/install.sh rust postgres
	@cargo build -q -p postgres
	$(WITH_POSTGRES) cargo test -p pinconsole --test contract

tests/contract/node_modules/.package-lock.json: tests/contract/package-lock.json
	@scripts/install.sh rust node
	npm ci --prefix tests/contract --no-audit --no-fund
	@touch $@

check: ## Formatting and lints
	$(CHECK)

fmt: ## Format all code
	cargo fmt --all

prepare: ## Renew .sqlx after a query or migration has changed
	@scripts/install.sh rust postgres
	scripts/queries.sh renew

bench: ## Measure, with an optimised build (ARGS=… are passed on)
	@scripts/install.sh rust postgres
	cargo build --release -p pinconsole
	@exec $(CARGO_TARGET_DIR)/release/pinconsole bench $(ARGS)
