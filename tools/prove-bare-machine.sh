#!/usr/bin/env bash
# Proves that a machine with nothing but Python and make runs Guilder: a Debian made by debootstrap
# (minbase, python3, make), a clone of this repository in it, `make run`, the first answer.
# Needs root and debootstrap. SUITE and MIRROR choose the Debian, KEEP=1 leaves it lying.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=${SUITE:-bookworm} mirror=${MIRROR:-http://deb.debian.org/debian} port=${PORT:-8765}
[ "$(id -u)" = 0 ] || { echo "This proof needs root (debootstrap, chroot)."; exit 2; }
command -v debootstrap >/dev/null || { echo "This proof needs debootstrap: apt install debootstrap."; exit 2; }
machine=$(mktemp -d /tmp/guilder-bare-XXXXXX)
chmod 755 "$machine" # it becomes the root folder of that machine
started=""
clean() {
  [ -z "$started" ] || kill -TERM -- "-$started" 2>/dev/null || true
  for _ in $(seq 50); do [ -n "$started" ] && kill -0 -- "-$started" 2>/dev/null || break; sleep 0.2; done
  local place
  # The deepest first; nothing is removed while something is still mounted.
  for place in $(awk -v root="$machine/" 'index($2, root) == 1 {print $2}' /proc/mounts | sort -r); do
    umount "$place" 2>/dev/null || umount -l "$place"
  done
  grep -q " $machine/" /proc/mounts && { echo "still mounted under $machine"; return; }
  [ "${KEEP:-}" = 1 ] && echo "left in $machine" || rm -rf --one-file-system "$machine"
}
trap clean EXIT

inside() { chroot "$machine" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "${carried[@]}" "$@"; }

# The network as it is here: resolver, certificates, package index settings.
carried=()
while IFS= read -r line; do carried+=("$line"); done < <(
  env | grep -E '^(PIP_|UV_(INDEX|DEFAULT_INDEX|FIND_LINKS|EXTRA)|(https?|no|all)_proxy=|(HTTPS?|NO|ALL)_PROXY=|SSL_CERT|REQUESTS_CA)' || true)

echo "== Debian $suite, minbase with python3 and make"
debootstrap --variant=minbase --include=python3,make,ca-certificates "$suite" "$machine" "$mirror" >"$machine.log" 2>&1 ||
  { tail -20 "$machine.log"; exit 1; }
rm -f "$machine.log"
cp -L /etc/resolv.conf "$machine/etc/resolv.conf"
for file in /etc/pip.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
  [ -e "$file" ] && install -D "$file" "$machine$file"
done
[ -d /etc/apt/apt.conf.d ] && cp -n /etc/apt/apt.conf.d/*prox* "$machine/etc/apt/apt.conf.d/" 2>/dev/null || true
# Local folders that the index settings name.
for folder in $(python3 -m pip config list 2>/dev/null | grep -oE "(file://)?/[^ ']+" | sed 's#^file://##' | sort -u) ${PIP_FIND_LINKS:-}; do
  [ -d "$folder" ] && { mkdir -p "$machine$folder"; mount --bind -o ro "$folder" "$machine$folder"; }
done
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev"
mount --make-rslave "$machine/dev"

echo "== a clone"
git clone --quiet --no-hardlinks . "$machine/guilder"

echo "== make run, without python3-venv"
said=$(inside sh -c 'cd /guilder && make run' 2>&1 || true)
if grep -q 'apt install python3-venv' <<<"$said"; then
  grep 'apt install python3-venv' <<<"$said"
else
  echo "the missing python3-venv was not named:"; echo "$said"; exit 1
fi
inside sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv' >/dev/null 2>&1 ||
  { echo "apt could not install python3-venv in the machine"; exit 1; }

took=0
ready() { # sets `took`: seconds from `make run` to the line that says so
  local begin=$EPOCHREALTIME log=$machine/guilder/run.log
  : >"$log"
  set -m
  inside sh -c "cd /guilder && PORT=$port exec make run" >"$log" 2>&1 </dev/null &
  started=$!
  set +m
  until grep -q "Guilder is ready at http://127.0.0.1:$port" "$log"; do
    kill -0 "$started" 2>/dev/null || { cat "$log"; echo "it ended before it was ready"; exit 1; }
    sleep 0.05
  done
  took=$(python3 -c "print(f'{$EPOCHREALTIME - $begin:.1f}')")
}
stop() {
  kill -TERM -- "-$started"
  for _ in $(seq 150); do kill -0 -- "-$started" 2>/dev/null || { started=""; return 0; }; sleep 0.1; done
  echo "it did not stop within 15 s of SIGTERM"; exit 1
}
answer() { python3 -c "import urllib.request as u; print(u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:$port/health/ready/').status)"; }

echo "== make run, cold"
ready; cold=$took; echo "ready after $cold s; /health/ready/ answers $(answer)"
stop
echo "== make run, again"
ready; warm=$took; echo "ready after $warm s; /health/ready/ answers $(answer)"
stop
python3 - "$cold" "$warm" <<'END'
import sys
cold, warm = (float(word) for word in sys.argv[1:])
if cold > 120 or warm > 5:
    sys.exit(f"too slow: cold {cold} s (120), warm {warm} s (5)")
print(f"bare Debian: ready after {cold} s cold, {warm} s warm")
END
