#!/usr/bin/env bash
# Installs what the tests need and is not there yet, on Debian and its kin: a PostgreSQL server, Chromium, a screen,
# Orca with Chinese speech, Node.js with the packages of package-lock.json, and Python's of requirements.txt in a place of
# their own. Says in words what it cannot do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

NODE_WANTED=20.19.0
NODE_FALLBACK=22.23.3
PACKAGES=(postgresql chromium xvfb orca at-spi2-core speech-dispatcher speech-dispatcher-espeak-ng espeak-ng
  python3-pyatspi python3-venv dbus-x11 libglib2.0-bin gsettings-desktop-schemas fonts-noto-cjk xdotool openbox locales)

main() {
  install_packages
  install_locale
  install_node
  install_node_packages
  install_python_packages
}

install_packages() {
  local missing=()
  if ! command -v dpkg-query > /dev/null; then
    fail "This is not a Debian system. Install by hand: ${PACKAGES[*]}, a C compiler, Node.js $NODE_WANTED or newer and npm."
  fi
  for package in "${PACKAGES[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  command -v cc > /dev/null || missing+=(build-essential)
  command -v node > /dev/null || missing+=(nodejs)
  command -v npm > /dev/null || missing+=(npm)
  [ ${#missing[@]} -eq 0 ] && return
  echo "installing: ${missing[*]}"
  as_root "install ${missing[*]}" env DEBIAN_FRONTEND=noninteractive TMPDIR=/var/tmp bash -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"' install "${missing[@]}"
}

is_installed() {
  [ "$(dpkg-query -W -f='${Status}' "$1" 2> /dev/null)" = 'install ok installed' ]
}

# Orca speaks the language of the locale.
install_locale() {
  # Not grep -q: it would leave locale with a broken pipe.
  locale -a | grep -iE '^zh_CN\.utf-?8$' > /dev/null && return
  as_root 'make the locale zh_CN.UTF-8' localedef -i zh_CN -f UTF-8 zh_CN.UTF-8
}

# Debian 12 has Node.js 18, too old for the tools: a newer one comes from npm and stays in this folder.
install_node() {
  # shellcheck source=env.sh
  . ./env.sh
  node_is_new_enough && return
  local kind
  case $(uname -m) in
    x86_64) kind=x64 ;;
    aarch64) kind=arm64 ;;
    *) fail "There is no Node.js package for $(uname -m). Install Node.js $NODE_WANTED or newer by hand." ;;
  esac
  echo "installing Node.js $NODE_FALLBACK into e2e/.node, because $(node --version) is older than $NODE_WANTED"
  mkdir -p .node
  echo '{ "private": true }' > .node/package.json
  TMPDIR=/var/tmp npm install --prefix .node --no-audit --no-fund --no-save "node-linux-$kind@$NODE_FALLBACK"
  . ./env.sh
  node_is_new_enough || fail "Node.js is still $(node --version); $NODE_WANTED or newer is needed."
}

node_is_new_enough() {
  [ "$(printf '%s\n' "$NODE_WANTED" "$(node --version | tr -d v)" | sort -V | head -1)" = "$NODE_WANTED" ]
}

install_node_packages() {
  cmp -s package-lock.json node_modules/.installed-lock.json && return
  # The system's Chromium is used; the packages must not bring their own.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 PUPPETEER_SKIP_DOWNLOAD=1 TMPDIR=/var/tmp npm ci --no-audit --no-fund
  cp package-lock.json node_modules/.installed-lock.json
}

install_python_packages() {
  cmp -s requirements.txt .venv/.installed-requirements.txt && return
  rm -rf .venv
  python3 -m venv .venv || fail "Python 3 cannot make a virtual environment; see above."
  TMPDIR=/var/tmp .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.txt
  cp requirements.txt .venv/.installed-requirements.txt
}

# as_root WHAT COMMAND…   WHAT is for the words when it may not.
as_root() {
  local what=$1
  shift
  if [ "$(id -u)" -eq 0 ]; then
    "$@" || fail "Could not $what; see above."
  elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
    sudo -n "$@" || fail "Could not $what; see above."
  else
    fail "The right to $what is missing. Run as root, or allow sudo without a password, or do it by hand: $*"
  fi
}

fail() {
  echo "e2e/install.sh: $*" >&2
  exit 1
}

main
