#!/usr/bin/env bash
# Builds the packaged crate and kicks with it; checks the Debian package with lintian, installs it
# into a temporary root, checks that every file is there and unchanged, and removes it again.
# tests/package.sh [FILE.deb]: without a file it makes the package. Needs dpkg, cargo-deb and lintian;
# installs the last two if they are missing.
set -euo pipefail
given=${1:+$(realpath "$1")}
cd "$(dirname "$0")/.."
# shellcheck source=.ci/install.sh
. .ci/install.sh

fail() { echo "package: $*" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)

# The crate as `cargo publish` would send it. It is built unoptimised, with the dependencies that
# are compiled already.
built=${CARGO_TARGET_DIR:-target}
cargo package --allow-dirty --locked --no-verify --quiet
list=$(tar -tzf "$built/package/roomctl-$version.crate" | sed "s|^roomctl-$version/||")
# The README shows the picture.
for file in Cargo.lock README.md CHANGELOG.md LICENSE man/roomctl-kick.1 completions/_roomctl tests/data/roomctl.svg; do
  grep -qxF "$file" <<<"$list" || fail "the crate lacks $file"
done
! grep -E '^(\.ci/|tests/(it|bench|fuzz)/|target/)' <<<"$list" || fail "the crate has files that nobody needs"
tar -C "$scratch" -xzf "$built/package/roomctl-$version.crate"
source=$scratch/roomctl-$version
touch "$source/src/lib.rs" "$source/src/main.rs"
cargo build --quiet --locked --manifest-path "$source/Cargo.toml" --target-dir "$built"
kicked=$("$built/debug/roomctl" kick --sandbox --room room-test --user user1 --reason spam 2>/dev/null) ||
  fail "the packaged crate does not kick: $kicked"
grep -qx "removed user1 from room-test" <<<"$kicked" || fail "the packaged crate printed: $kicked"

if ! command -v dpkg-deb >/dev/null; then
  echo "SKIPPED: dpkg is not installed; the Debian package is not tested" >&2
  exit 0
fi
package=${given:-$scratch/roomctl.deb}
root="$scratch/root"
if [ -z "$given" ]; then
  install_crates cargo-deb
  cargo deb --locked --quiet --output "$package"
fi

if install_packages lintian; then
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

# Every file has the sum that the package lists.
dpkg --root="$root" --verify roomctl >"$scratch/out" 2>&1 || fail "dpkg --verify: $(cat "$scratch/out")"
[ ! -s "$scratch/out" ] || fail "dpkg --verify: $(cat "$scratch/out")"

[ "$("$root/usr/bin/roomctl" -V)" = "roomctl $version" ] || fail "the installed program is not version $version"
gunzip -c "$root/usr/share/man/man1/roomctl-kick.1.gz" | cmp - man/roomctl-kick.1 ||
  fail "the installed page differs from man/roomctl-kick.1"

roomctl_dpkg --purge roomctl
left=$(find "$root/usr" ! -type d 2>/dev/null || true)
[ -z "$left" ] || fail "not removed: $left"
echo "package: installed, complete, removed"
