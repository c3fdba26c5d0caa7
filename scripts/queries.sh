#!/bin/sh
# .sqlx describes every query for builds without a database.
# usage: scripts/queries.sh check   fails if it differs from what the queries and migrations give
#        scripts/queries.sh renew   writes it anew
# sqlx's macros write it themselves when the crate `domain`, the only one with queries, is built against a database.
set -eu
cd "$(dirname "$0")/.."

sources() {
    find domain migrations Cargo.lock -type f | LC_ALL=C sort | while read -r file; do
        echo "$file"
        cat "$file"
    done
}

# The second run is told what the first one saw: building may change the lock file.
key=${2:-$(sources | cksum | tr ' ' -)}
fresh=$CARGO_TARGET_DIR/queries/$key

case $1 in
against-a-database)
    # DATABASE_URL is an empty database of our own.
    cat migrations/*.sql | psql -qX -v ON_ERROR_STOP=1 >/dev/null
    mkdir -p "$fresh.new"
    # A flag of its own keeps this build apart from the others, which stay fresh, and makes the macros run.
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh.new \
        cargo rustc -q -p domain --lib --profile test -- --cfg "queries=\"$key-$$\"" --check-cfg 'cfg(queries, values(any()))'
    mv "$fresh.new" "$fresh"
    exit
    ;;
check | renew) ;;
*) sed -n '3,4s/^# *//p' "$0" >&2 && exit 2 ;;
esac

if [ ! -d "$fresh" ]; then
    # Other checkouts may be at it with the same folder, so only what is old goes.
    rm -rf "$fresh.new"
    [ ! -d "$CARGO_TARGET_DIR/queries" ] || find "$CARGO_TARGET_DIR/queries" -mindepth 1 -maxdepth 1 -mtime +1 -exec rm -rf {} +
    cargo build -q -p postgres
    "$CARGO_TARGET_DIR/debug/with-postgres" --fast "$0" against-a-database "$key"
fi
if [ "$1" = renew ]; then
    rm -rf .sqlx
    cp -r "$fresh" .sqlx
elif ! diff -r .sqlx "$fresh"; then
    echo "The queries or migrations have changed since .sqlx was written: run \`make prepare\` and commit it." >&2
    exit 1
fi
