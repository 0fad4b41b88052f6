#!/bin/sh
# Install the SLURM that tests of clusters start for themselves: as root, for only root can start it; never a fault of the tests that need none.
PACKAGES="slurm-wlm munge"

PATH="$PATH:/usr/sbin:/sbin"
command -v slurmctld >/dev/null 2>&1 && command -v slurmd >/dev/null 2>&1 && command -v munged >/dev/null 2>&1 && exit 0
command -v apt-get >/dev/null 2>&1 || exit 0
[ "$(id -u)" = 0 ] || exit 0

echo "Installing $PACKAGES for the tests of clusters (once; a minute or two) ..." >&2
export DEBIAN_FRONTEND=noninteractive
APT="apt-get -o Acquire::http::Timeout=20 -o Acquire::Retries=1"
$APT update -qq >/dev/null 2>&1
# shellcheck disable=SC2086
$APT install -y -qq --no-install-recommends $PACKAGES >/dev/null 2>&1 ||
  echo "They could not be installed; the tests of SLURM are skipped." >&2
exit 0
