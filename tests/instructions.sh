#!/usr/bin/env bash
# Counts the instructions of some commands of the release build, and compares them with
# the recorded ones: more than 10 % above is a failure, more than 10 % below is a note.
# valgrind shows the same processor to the program on every machine with AVX2. Random keys
# and thread switches move a figure by a few percent: the fewest of several runs count.
#
#   tests/instructions.sh                    compares with tests/data/instructions.txt
#   tests/instructions.sh --record           writes that file anew
#   tests/instructions.sh [--record] BINARY  the same for a binary that is built already
#
# The dynamic loader's own instructions are shown and not compared: they follow from the
# linker (relocations by mold take five times as many as those by lld) and from the C
# library. Needs valgrind; installs it if it is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=.ci/install.sh
. .ci/install.sh
recorded=tests/data/instructions.txt
room=10
runs=5
# A room of the sandbox has 100 members.
few=20
many=100

fail() { echo "instructions: $*" >&2; exit 1; }

if [ "$(uname -sm)" != "Linux x86_64" ] || ! install_packages valgrind; then
  echo "SKIPPED: no valgrind, or not Linux on x86_64; the instructions are not counted" >&2
  exit 0
fi

mode=compare
if [ "${1:-}" = --record ]; then
  mode=record
  shift
fi
if [ $# = 0 ]; then
  cargo build --release --locked --quiet
  set -- "${CARGO_TARGET_DIR:-target}/release/roomctl"
fi
binary=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The sums of a callgrind file: without the loader, and of the loader.
sums='
  # A name is written once, with a number that stands for it later.
  /^c?ob=/ {
    id = substr($1, index($1, "=") + 1)
    if (NF > 1) names[id] = $2
    if ($0 ~ /^ob=/) is_loader = names[id] ~ "/ld-linux"
  }
  # The line after it has the cost of the function that is called.
  /^calls=/ { getline; next }
  /^[0-9+*-]/ { if (is_loader) loader += $2; else own += $2 }
  END { printf "%d %d\n", own, loader }
'

# count NAME [sandbox ARGS… --] COMMAND ARGS…: prints both sums.
count() {
  local out=$scratch/$1.callgrind prefix=()
  shift
  if [ "$1" = sandbox ]; then
    while [ "$1" != -- ]; do prefix+=("$1"); shift; done
    prefix=("$binary" "${prefix[@]}" --)
    shift
  fi
  env -i PATH="$PATH" "${prefix[@]}" valgrind -q --tool=callgrind --callgrind-out-file="$out" \
    "$binary" "$@" >"$scratch/stdout" 2>"$scratch/stderr" ||
    { cat "$scratch/stdout" "$scratch/stderr" >&2; fail "roomctl $* failed under valgrind"; }
  awk "$sums" "$out"
}

# A list of so many requests: each member has a reason of its own.
list() {
  for ((i = 1; i <= $1; i++)); do
    printf '{"RoomId":"room-test","Member_Account":"user%d","Reason":"reason %d"}\n' "$i" "$i"
  done >"$scratch/list-$1.json"
}
list "$few"
list "$many"
one=(kick --room room-test --user user1 --reason spam)

declare -A own loader
# measure NAME …, as count: keeps the fewest instructions of several runs.
measure() {
  local name=$1 run now now_loader
  for ((run = 1; run <= runs; run++)); do
    read -r now now_loader < <(count "$@")
    if [ -z "${own[$name]:-}" ] || ((now < own[$name])); then
      own[$name]=$now
      loader[$name]=$now_loader
    fi
  done
}
measure version --version
measure dry-run sandbox -- "${one[@]}" --dry-run
measure kick sandbox -- "${one[@]}"
measure kick-tls sandbox --tls -- "${one[@]}"
# One request at a time: the number of threads would depend on the machine.
job=(kick --yes --concurrency 1)
measure few sandbox -- "${job[@]}" --from "$scratch/list-$few.json"
measure many sandbox -- "${job[@]}" --from "$scratch/list-$many.json"
own[request]=$(((own[many] - own[few]) / (many - few)))
figures="version dry-run kick kick-tls request"

if [ "$mode" = record ]; then
  {
    echo "# Instructions, without those of the dynamic loader. Written by tests/instructions.sh --record"
    echo "# with $(rustc --version | cut -d' ' -f1-2), $(valgrind --version), glibc $(getconf GNU_LIBC_VERSION | cut -d' ' -f2)."
    echo "# request: of one more request in a paced job."
    for name in $figures; do echo "$name ${own[$name]}"; done
  } >"$recorded"
  cat "$recorded"
  exit 0
fi

verdict=0
printf '%-10s %10s %10s %8s %10s\n' figure recorded now change loader
for name in $figures; do
  before=$(awk -v name="$name" '$1 == name { print $2 }' "$recorded")
  [ -n "$before" ] || fail "$recorded has no line for $name: tests/instructions.sh --record"
  now=${own[$name]}
  change=$(awk -v before="$before" -v now="$now" 'BEGIN { printf "%+.1f", (now / before - 1) * 100 }')
  printf '%-10s %10d %10d %7s%% %10s\n' "$name" "$before" "$now" "$change" "${loader[$name]:--}"
  if ((now * 100 > before * (100 + room))); then
    echo "instructions: $name has grown by $change %, which is more than $room %" >&2
    verdict=1
  elif ((now * 100 < before * (100 - room))); then
    echo "instructions: $name has fallen by more than $room %; record it: tests/instructions.sh --record"
  fi
done
echo "the program has $(stat -c %s "$binary") bytes"
if [ "$verdict" != 0 ]; then
  echo "find out why: valgrind --tool=callgrind, then callgrind_annotate, of a build with" >&2
  echo "CARGO_PROFILE_RELEASE_STRIP=false CARGO_PROFILE_RELEASE_DEBUG=line-tables-only" >&2
  echo "if it is worth it, record it: tests/instructions.sh --record" >&2
fi
exit "$verdict"
