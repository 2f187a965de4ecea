#!/usr/bin/env bash
# Checks the packaged crate; makes the Debian package, checks it with lintian,
# installs it into a temporary root, checks that every file is there, and removes it
# again. Needs dpkg, cargo-deb and lintian; installs the last two if they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "package: $*" >&2; exit 1; }

# The README shows this picture, so the packaged crate has it as well.
cargo package --list --allow-dirty --locked 2>/dev/null | grep -qx tests/data/roomctl.svg ||
  fail "the crate lacks tests/data/roomctl.svg"

if ! command -v dpkg-deb >/dev/null; then
  echo "SKIPPED: dpkg is not installed; the Debian package is not tested" >&2
  exit 0
fi
if ! cargo deb --version >/dev/null 2>&1; then
  cargo install --locked --quiet cargo-deb
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
package="$scratch/roomctl.deb"
root="$scratch/root"

cargo deb --locked --quiet --output "$package"

if ! command -v lintian >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends lintian >/dev/null || true
fi
if command -v lintian >/dev/null; then
  lintian --allow-root --fail-on error,warning "$package" || fail "lintian"
else
  echo "SKIPPED: lintian cannot be installed here; the package is not checked with it" >&2
fi

# The database of dpkg.
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
touch "$root/var/lib/dpkg/status"
roomctl_dpkg() {
  dpkg --force-not-root,depends --root="$root" --log="$scratch/log" "$@" >"$scratch/out" 2>&1 ||
    { cat "$scratch/out" >&2; fail "dpkg $*"; }
}

roomctl_dpkg --install "$package"
expected="usr/bin/roomctl
usr/share/bash-completion/completions/roomctl
usr/share/doc/roomctl/README.md
usr/share/doc/roomctl/changelog.gz
usr/share/doc/roomctl/copyright
usr/share/fish/vendor_completions.d/roomctl.fish
usr/share/zsh/vendor-completions/_roomctl"
for page in man/*.1; do expected="$expected
usr/share/man/man1/$(basename "$page").gz"; done
for page in man/*.5; do expected="$expected
usr/share/man/man5/$(basename "$page").gz"; done
while read -r file; do
  [ -f "$root/$file" ] || fail "$file is not installed"
done <<<"$expected"

version=$("$root/usr/bin/roomctl" -V)
[ "$version" = "roomctl $(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)" ] ||
  fail "the installed program has version $version"
gunzip -c "$root/usr/share/man/man1/roomctl-kick.1.gz" | cmp - man/roomctl-kick.1 ||
  fail "the installed page differs from man/roomctl-kick.1"

roomctl_dpkg --purge roomctl
left=$(find "$root/usr" ! -type d 2>/dev/null || true)
[ -z "$left" ] || fail "not removed: $left"
echo "package: installed, complete, removed"
