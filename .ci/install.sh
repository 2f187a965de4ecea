# Installs programs that the scripts need and the machine lacks. To be sourced.
# shellcheck shell=bash

# install_packages PROGRAM...: Debian packages of the same name, if this is Debian and root.
# Fails if one of the programs is still missing.
install_packages() {
  local program missing=()
  for program in "$@"; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || true
  fi
  for program in "${missing[@]}"; do
    command -v "$program" >/dev/null || return 1
  done
}

# install_crates CRATE...: subcommands of cargo.
install_crates() {
  local crate
  for crate in "$@"; do
    command -v "$crate" >/dev/null || cargo install --locked --quiet "$crate"
  done
}
