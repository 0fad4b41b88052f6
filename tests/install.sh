#!/bin/sh
# Install what some tests need beside Python, where apt can be used without a password; never a fault of the tests that need none.
#   tests/install.sh "the tests of pages" "chromium chromedriver" "chromium chromium-driver fonts-noto-cjk"
WHO="$1" COMMANDS="$2" PACKAGES="$3"
PATH="$PATH:/usr/sbin:/sbin"

for command in $COMMANDS; do
  command -v "$command" >/dev/null 2>&1 || missing=1
done
[ "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || exit 0
if [ "$(id -u)" = 0 ]; then ROOT=""; elif sudo -n true 2>/dev/null; then ROOT="sudo -n"; else exit 0; fi

echo "Installing $PACKAGES for $WHO (once; a minute or two) ..." >&2
export DEBIAN_FRONTEND=noninteractive
APT="apt-get -o Acquire::http::Timeout=20 -o Acquire::Retries=1"
$ROOT $APT update -qq >/dev/null 2>&1
# shellcheck disable=SC2086
$ROOT $APT install -y -qq --no-install-recommends $PACKAGES >/dev/null 2>&1 ||
  echo "They could not be installed; $WHO are skipped." >&2
exit 0
