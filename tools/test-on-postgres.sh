#!/usr/bin/env bash
# Runs the tests on an installed PostgreSQL instead of the embedded one: a throwaway cluster of the
# version in VERSION (default 15, the oldest that we promise), stopped and removed afterwards.
# What follows goes to pytest: tools/test-on-postgres.sh -x tests/books
set -euo pipefail
cd "$(dirname "$0")/.."
unset GUILDER_PROVE # the sizes of every run: what differs here is the server
programs=/usr/lib/postgresql/${VERSION:-15}/bin
[ -x "$programs/initdb" ] || { echo "No PostgreSQL ${VERSION:-15} in $programs: apt install postgresql-${VERSION:-15}"; exit 2; }
cluster=$(mktemp -d /tmp/guilder-postgres-XXXXXX)
as=()
# A server does not run as root; the package's own user is there.
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); chown postgres "$cluster"; fi
# Trust within the folder: the socket is in a place that only this test uses.
"${as[@]}" "$programs/initdb" -D "$cluster/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
settings="-k $cluster -c listen_addresses= -c fsync=off -c max_connections=300"
"${as[@]}" "$programs/pg_ctl" -D "$cluster/data" -l "$cluster/log" -o "$settings" -w start >/dev/null
trap '"${as[@]}" "$programs/pg_ctl" -D "$cluster/data" -m immediate -w stop >/dev/null; rm -rf "$cluster"' EXIT
chmod 755 "$cluster"
export GUILDER_TEST_SERVER="postgresql://postgres@/postgres?host=${cluster//\//%2F}"
[ $# -gt 0 ] || set -- -q -n "${WORKERS:-2}" --dist loadfile --no-loadscope-reorder --ignore tests/deploy --ignore tests/runtime
.venv/bin/pytest "$@" </dev/null
