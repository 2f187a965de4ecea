#!/usr/bin/env bash
# tests/chaos.sh [SECONDS [SEED]]: jobs under every fault in random order, with kills,
# stops and restarts, for half an hour by default. Each round has a seed of its
# own: 600 jobs of the engine in virtual time, in each mode of --check-room, and two lists
# of real runs, whose results, journal and sandbox log must agree. A round that fails
# prints its seed and the command that runs it again. Faults and kills are those of the
# seed; when a kill meets a real run depends on the machine as well.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-1800}
seed=${2:-$((RANDOM * 32768 + RANDOM))}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

cargo test --locked --quiet --lib --test it --no-run
rounds=0
while :; do
  for test in "--lib room_chaos" "--test it journal_chaos"; do
    # shellcheck disable=SC2086
    CHAOS_SEED=$seed cargo test --locked --quiet $test >"$log" 2>&1 || {
      cat "$log"
      echo "chaos: seed $seed fails after $rounds good rounds; again: tests/chaos.sh 1 $seed" >&2
      exit 1
    }
    grep -o 'chaos, seed.*' "$log" || true
  done
  rounds=$((rounds + 1))
  [ "$SECONDS" -lt "$seconds" ] || break
  seed=$((seed + 600))
done
echo "chaos: $rounds rounds, the last one with seed $seed; every one is good"
