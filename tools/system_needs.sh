#!/bin/sh
# Installs by apt what the tests use beyond Python; needs root and Debian or Ubuntu. What a release
# does not offer is left out and named; the tests that need it then skip and say so.
set -eu
WANTED="poppler-utils chromium chromium-headless-shell postgresql-15 redis-server memcached nginx-light dovecot-imapd
  gettext debootstrap default-jre-headless libjaxb-java libistack-commons-java libtxw2-java
  libactivation-java fonts-dejavu-core git ca-certificates"
missing=""
for package in $WANTED; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
# What stands in for another package is as good.
for pair in nginx-light:nginx chromium:google-chrome-stable debootstrap:debootstrap; do
  name=${pair%%:*} other=${pair##*:}
  dpkg -s "$other" >/dev/null 2>&1 && missing=$(printf '%s' "$missing" | sed "s/ $name\b//")
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  echo "Not installed (needs root and apt):$missing" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null 2>&1 || echo "apt-get update failed; going on with the lists at hand" >&2
offered=""
for package in $missing; do
  if apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [0-9]'; then
    offered="$offered $package"
  else
    echo "Not offered here: $package" >&2
  fi
done
[ -z "$offered" ] || apt-get install -qq -y --no-install-recommends $offered </dev/null >/dev/null 2>&1 ||
  echo "apt-get could not install all of:$offered" >&2
