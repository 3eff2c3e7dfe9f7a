# What people who run and build Demarche type.
.PHONY: run test bench bench-check faults lint api-check pages-check screens

run:
	cargo run -- serve --demo

# Installs what is missing (Debian's package manager), starts what does not answer, runs everything; a skip is a failure.
test:
	tests/run

bench:
	cargo bench --bench load
	cargo bench --bench brigade

# The main ratios beside those kept in benches/load/ratios.tsv. UPDATE=1 keeps the new ones.
bench-check:
	cargo bench --bench load -- --check

# The fault tests at length: what measures or waits, and 60 kills on each database instead of 20 (DEMARCHE_KILLS asks for more).
faults:
	tests/run faults

lint:
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet
	npm --prefix frontend run check
	npm --prefix frontend run lint
	tests/advisories

# Asks a fresh demo all that docs/openapi.json offers, rightly and wrongly; needs the network for the checker.
api-check:
	tests/api-check

# docs/screens anew, from a fresh demo.
screens:
	cargo build
	tests/e2e/with-demo node frontend/scripts/screens.mjs

# What a first page costs on a slow line, and what Lighthouse says of the pages people come to first. Wants a quiet machine.
pages-check:
	tests/pages-check
