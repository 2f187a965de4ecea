#!/usr/bin/env bash
# Checks what `.ci/release` made: tests/release.sh FOLDER. The static program runs in empty
# roots and finds the service by /etc/hosts and by a DNS server; the tarball, the image, the
# Debian package, the bill of materials and the sums are complete.
# Where something cannot be checked (not root, a program is missing), a line begins with SKIPPED.
set -euo pipefail
dist=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
# shellcheck source=.ci/install.sh
. .ci/install.sh

fail() { echo "release: $*" >&2; exit 1; }
skipped() { echo "SKIPPED: $*" >&2; }
says() { grep -qF -- "$2" <<<"$1" || fail "$3: lacks '$2': $1"; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name="roomctl-$version-x86_64-unknown-linux-gnu"
is_root=$([ "$(id -u)" = 0 ] && echo yes || true)
scratch=$(mktemp -d)
trap 'kill ${service:-} ${dns:-} 2>/dev/null || true; rm -rf "$scratch"' EXIT

check_sums() {
  (cd "$dist" && sha256sum --quiet --check SHA256SUMS) || fail "SHA256SUMS"
  local listed there
  listed=$(sed 's/^[0-9a-f]*  //' "$dist/SHA256SUMS")
  there=$(cd "$dist" && find . -type f ! -name SHA256SUMS | sed 's|^\./||' | sort)
  [ "$listed" = "$there" ] || fail "SHA256SUMS lists: $listed; in the folder: $there"
}

check_tarball() {
  local list file
  list=$(tar -tzf "$dist/$name.tar.gz")
  for file in roomctl README.md CHANGELOG.md LICENSE man/roomctl-kick.1 man/roomctl.toml.5 \
    completions/roomctl.bash completions/_roomctl completions/roomctl.fish; do
    grep -qxF "$name/$file" <<<"$list" || fail "the tarball lacks $file"
  done
  tar -C "$scratch" -xzf "$dist/$name.tar.gz"
  program=$scratch/$name/roomctl
  says "$("$program" -V)" "roomctl $version" "roomctl -V"
  [ -z "${ROOMCTL_COMMIT:-}" ] || says "$("$program" --version)" "commit: $ROOMCTL_COMMIT" "roomctl --version"
  ! grep -qaF "$PWD" "$program" || fail "the program has the name of this folder in it"
  ! grep -qaF "${CARGO_HOME:-$HOME/.cargo}/registry" "$program" || fail "the program has the name of cargo's folder in it"
}

# A sandbox with TLS, for the name localhost.
start_service() {
  "$program" sandbox --tls --env-file "$scratch/env" >/dev/null 2>&1 &
  service=$!
  until [ -s "$scratch/env" ]; do sleep 0.1; done
  # shellcheck source=/dev/null
  . "$scratch/env"
  port=${ROOMCTL_ENDPOINT##*:}
  authority=$(cat "$ROOMCTL_CA_FILE")
  unset ROOMCTL_ENDPOINT ROOMCTL_CA_FILE
}

# in_root ROOT ARGUMENT...: the program in a root, as the account of the image.
in_root() {
  local root=$1
  shift
  chroot --userspec=65532:65532 "$root" /roomctl "$@"
}

new_root() {
  mkdir -p "$scratch/$1/etc"
  cp "$program" "$scratch/$1/roomctl"
  echo "$authority" >"$scratch/$1/ca.pem"
}

# kicks_in ROOT USER FLAG...: by way of https://localhost, whose address the root must find.
kicks_in() {
  local root=$scratch/$1 printed
  printed=$(in_root "$root" kick --endpoint "https://localhost:$port" --ca-file /ca.pem \
    --room room-test --user "$2" --reason spam "${@:3}" 2>&1) || fail "in the root $1: $printed"
  says "$printed" "removed $2 from room-test" "in the root $1"
}

# A DNS server that knows one name and answers it with 127.0.0.1; it logs the questions.
start_dns() {
  cat >"$scratch/dns.py" <<'PYTHON'
import socket, struct, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
log = open(sys.argv[2], "w", buffering=1)
log.write("listening\n")
while True:
    query, client = server.recvfrom(512)
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    kind = struct.unpack(">H", query[at + 1:at + 3])[0]
    question = query[12:at + 5]
    known = labels == ["localhost"]
    log.write(".".join(labels) + f" {kind}\n")
    answers = b"\xc0\x0c" + struct.pack(">HHIH4B", 1, 1, 60, 4, 127, 0, 0, 1) if known and kind == 1 else b""
    head = query[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, 1 if answers else 0, 0, 0)
    server.sendto(head + question + answers, client)
PYTHON
  python3 "$scratch/dns.py" 127.53.53.53 "$scratch/dns.log" &
  dns=$!
  for _ in $(seq 50); do [ -s "$scratch/dns.log" ] && return; sleep 0.1; done
  fail "the DNS server does not start"
}

# A root with a plug-in and the libc of another system: loading them would end a static program.
# Its getent knows the host and the account. The stand-ins are made with the C compiler of the build.
check_foreign_libc() {
  new_root foreign
  local lib=$scratch/foreign/lib/x86_64-linux-gnu printed
  mkdir -p "$lib" "$scratch/foreign/bin" "$scratch/foreign/tmp"
  chmod 1777 "$scratch/foreign/tmp"
  printf 'hosts: resolve\npasswd: sss\n' >"$scratch/foreign/etc/nsswitch.conf"
  echo 'int puts(const char *text) { return 0; }' >"$scratch/libc.c"
  cc -shared -nostdlib -fPIC -Wl,-soname,libc.so.6 -o "$lib/libc.so.6" "$scratch/libc.c"
  echo 'int puts(const char *); int plug_in(void) { return puts(""); }' >"$scratch/plug-in.c"
  for plug_in in resolve sss; do
    cc -shared -nostdlib -fPIC -Wl,-soname,libnss_$plug_in.so.2 -o "$lib/libnss_$plug_in.so.2" "$scratch/plug-in.c" \
      -L"$lib" -l:libc.so.6
  done
  cat >"$scratch/getent.c" <<'C'
#include <stdio.h>
#include <string.h>
int main(int count, char **words) {
  if (count == 3 && !strcmp(words[1], "ahosts") && !strcmp(words[2], "localhost")) puts("127.0.0.1 STREAM localhost");
  else if (count == 3 && !strcmp(words[1], "passwd")) printf("night-shift:x:%s:\n", words[2]);
  else return 2;
}
C
  cc -static -o "$scratch/foreign/bin/getent" "$scratch/getent.c"
  kicks_in foreign user7 --audit /tmp/audit
  grep -q '"OsUser":"night-shift"' "$scratch/foreign/tmp/audit" || fail "the audit: $(cat "$scratch/foreign/tmp/audit")"
}

check_static() {
  local printed code=0
  mkdir "$scratch/nothing"
  cp "$program" "$scratch/nothing/roomctl"
  printed=$(in_root "$scratch/nothing" kick --sandbox --room room-test --user user1 --reason spam 2>/dev/null) ||
    fail "in an empty root: $printed"
  says "$printed" "removed user1" "in an empty root"
  printed=$(env -u ROOMCTL_SANDBOX chroot "$scratch/nothing" /roomctl kick --endpoint https://service.invalid \
    --retries 0 --room r --user u --reason spam 2>&1) || code=$?
  [ "$code" = 5 ] || fail "without name resolution the exit code is $code: $printed"
  says "$printed" "service.invalid" "without name resolution"

  new_root hosts
  echo "127.0.0.1 localhost" >"$scratch/hosts/etc/hosts"
  kicks_in hosts user2

  # Plug-ins that are configured and not there are passed over.
  new_root plug-in
  cp "$scratch/hosts/etc/hosts" "$scratch/plug-in/etc/hosts"
  echo "hosts: mymachines resolve [!UNAVAIL=return] files" >"$scratch/plug-in/etc/nsswitch.conf"
  kicks_in plug-in user3
  check_foreign_libc

  if ! install_packages python3; then
    skipped "python3 cannot be installed here; name resolution by DNS is not checked"
    return
  fi
  start_dns
  new_root dns
  echo "nameserver 127.53.53.53" >"$scratch/dns/etc/resolv.conf"
  kicks_in dns user4
  grep -qx "localhost 1" "$scratch/dns.log" || fail "the DNS server was not asked: $(cat "$scratch/dns.log")"
  # Both, in the order of the image's nsswitch.conf: the file first.
  : >"$scratch/dns.log"
  cp "$scratch/hosts/etc/hosts" "$scratch/dns/etc/hosts"
  printf 'hosts: files dns\n' >"$scratch/dns/etc/nsswitch.conf"
  kicks_in dns user5
  ! grep -q localhost "$scratch/dns.log" || fail "the DNS server was asked for a name in /etc/hosts"
}

check_image() {
  local layout=$scratch/layout found
  mkdir "$layout"
  tar -C "$layout" -xf "$dist/roomctl-$version-oci.tar"
  if install_packages skopeo; then
    for kind in oci-archive docker-archive; do
      found=$(skopeo inspect --config "$kind:$dist/roomctl-$version-oci.tar") || fail "skopeo does not read it as $kind"
      says "$found" '"User": "65532:65532"' "$kind"
      says "$found" '"/usr/bin/roomctl"' "$kind"
      says "$found" '"/var/lib/roomctl": {}' "$kind"
      says "$found" "\"org.opencontainers.image.version\": \"$version\"" "$kind"
    done
    # Every digest is compared while it copies.
    skopeo copy --quiet "oci-archive:$dist/roomctl-$version-oci.tar:$version" "dir:$scratch/copied" || fail "skopeo cannot copy it"
  else
    skipped "skopeo cannot be installed here; the image is not checked with it"
  fi
  if [ -z "$is_root" ]; then
    skipped "not root: the image is not unpacked and run"
    return
  fi
  if ! install_packages umoci; then
    skipped "umoci cannot be installed here; the image is not unpacked and run"
    return
  fi
  umoci unpack --image "$layout:$version" "$scratch/bundle" >/dev/null 2>&1 || fail "umoci cannot unpack it"
  local root=$scratch/bundle/rootfs config
  config=$(tr -d '\n\t ' <"$scratch/bundle/config.json")
  says "$config" '"user":{"uid":65532,"gid":65532' "the bundle"
  says "$config" '"args":["/usr/bin/roomctl","--help"]' "the bundle"
  says "$config" '"cwd":"/var/lib/roomctl"' "the bundle"
  [ "$(stat -c '%a %u:%g' "$root/tmp")" = "1777 0:0" ] || fail "/tmp of the image: $(stat -c '%a %u:%g' "$root/tmp")"
  [ "$(stat -c '%a %u:%g' "$root/var/lib/roomctl")" = "700 65532:65532" ] || fail "the folder of journals"
  cmp "$program" "$root/usr/bin/roomctl" || fail "the image has another program than the tarball"
  # It works in its folder, with the journal there, twice, as a container would.
  local kick=(chroot --userspec=65532:65532 "$root" /usr/bin/roomctl kick --endpoint "https://localhost:$port"
    --ca-file /tmp/ca.pem --room room-test --user user6 --reason spam --journal /var/lib/roomctl/night --audit /var/lib/roomctl/audit)
  echo "$authority" >"$root/tmp/ca.pem"
  echo "127.0.0.1 localhost" >"$root/etc/hosts"
  found=$("${kick[@]}" 2>&1) || fail "in the image: $found"
  says "$found" "removed user6" "in the image"
  found=$("${kick[@]}" 2>&1) || fail "in the image, again: $found"
  says "$found" "1 of 1 already settled" "in the image, again"
  [ "$(stat -c '%a %u' "$root/var/lib/roomctl/night")" = "600 65532" ] || fail "the journal of the image"
  grep -q '"OsUser":"roomctl"' "$root/var/lib/roomctl/audit" || fail "the audit of the image: $(cat "$root/var/lib/roomctl/audit")"
}

check_bill() {
  local bill=$dist/roomctl-$version.cdx.json crate
  says "$(cat "$bill")" '"bomFormat": "CycloneDX"' "the bill of materials"
  for crate in clap rustls ring ureq serde_json; do
    grep -q "pkg:cargo/$crate@" "$bill" || fail "the bill of materials lacks $crate"
  done
  ! grep -qE "pkg:cargo/(mockito|proptest|assert_cmd)@" "$bill" || fail "the bill of materials has crates of the tests"
  ! grep -qF "$PWD" "$bill" || fail "the bill of materials has the name of this folder in it"
}

check_sums
check_tarball
check_bill
start_service
if [ -n "$is_root" ]; then
  check_static
else
  skipped "not root: the static program is not run in an empty root"
fi
check_image
bash tests/package.sh "$dist/roomctl_$version-1_amd64.deb"
echo "release: complete, and it runs"
