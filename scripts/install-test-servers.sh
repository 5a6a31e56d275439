#!/usr/bin/env bash
# Installs the servers that only tests talk to. Allclear itself needs none of them.
# Usage: scripts/install-test-servers.sh [SERVER...]   without names: those that the tests of today require.
set -euo pipefail

# Tests find a server by its command (test/support/skip.ts); with CI=true a missing one fails instead of skipping.
# A server joins this list with the first test that needs it. The embedded Postgres comes with npm.
required=(chromium)

install_openldap() { apt_install slapd ldap-utils; }
install_mariadb() { apt_install mariadb-server; }
install_django() { apt_install python3-django; }
install_wordpress() { apt_install wordpress php-cli mariadb-server; }
install_chromium() { apt_install chromium; }

known="openldap mariadb django wordpress chromium"

apt_install() {
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  # No service may start by itself: a test starts the server that it talks to, in its own folder.
  local policy=/usr/sbin/policy-rc.d made=no
  if [ ! -e "$policy" ]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' | ${as_root[@]+"${as_root[@]}"} tee "$policy" >/dev/null
    ${as_root[@]+"${as_root[@]}"} chmod 0755 "$policy"
  fi
  local code=0
  ${as_root[@]+"${as_root[@]}"} apt-get update -qq &&
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@" || code=$?
  if [ "$made" = yes ]; then ${as_root[@]+"${as_root[@]}"} rm -f "$policy"; fi
  return "$code"
}

if [ "$#" -gt 0 ]; then servers=("$@"); else servers=(${required[@]+"${required[@]}"}); fi

for server in ${servers[@]+"${servers[@]}"}; do
  case " $known " in
    *" $server "*) "install_$server" ;;
    *)
      echo "No server is called $server. Known: $known" >&2
      exit 2
      ;;
  esac
done
