#!/usr/bin/env bash
# tests/bench/careful.sh LIST.csv REASON: kicks the members of a list (room,user) the way a
# careful person writes it by hand with GNU parallel (or xargs), curl and jq. It is what
# ten_thousand.py compares roomctl with; $URL is the signed URL of the kick.
#
#   - members of the same room go together, 20 a request
#   - at most 190 requests start a second, at most $JOBS (64) run
#   - curl exits with 0 whatever the service says, so ErrorCode in the body is checked
#   - what may succeed later is sent again, up to 5 times, after growing delays
#   - one line per request in $LOG, exit code 1 if a request failed
set -euo pipefail
list=$1 reason=$2
export LOG=${LOG:-careful.log} JOBS=${JOBS:-64}
: >"$LOG"

# The URL has the signature in it: in a file for curl, not among the arguments.
umask 077
CONFIG=$(mktemp)
export CONFIG
trap 'rm -f "$CONFIG"' EXIT
cat >"$CONFIG" <<END
url = "$URL"
header = "Content-Type: application/json"
silent
max-time = 10
connect-timeout = 5
${CA_FILE:+cacert = "$CA_FILE"}
END

kick() {
  local body=$1 try answer code
  for try in 1 2 3 4 5; do
    answer=$(curl --config "$CONFIG" --data-binary "$body") || answer=
    code=$(jq -r '.ErrorCode // empty' <<<"$answer" 2>/dev/null) || code=
    case $code in
      0) echo "OK $body" >>"$LOG"; return 0 ;;
      '' | 60007 | 60008 | 60011 | 91000 | 100001) sleep "0.$((try * 2))" ;;
      *) break ;;
    esac
  done
  echo "FAILED ${code:-no answer} $body" >>"$LOG"
  return 1
}
export -f kick

bodies() {
  jq -Rnc --arg reason "$reason" '
    [inputs | select(. != "room,user") | split(",") | {room: .[0], user: .[1]}]
    | group_by(.room)[]
    | .[0].room as $room | [.[].user]
    | _nwise(20) | {RoomId: $room, MemberList_Account: ., Reason: $reason}' <"$list"
}

if command -v parallel >/dev/null; then
  bodies | parallel --will-cite --halt never -j "$JOBS" --delay 0.0053 kick {}
else
  bodies | while IFS= read -r body; do printf '%s\0' "$body"; sleep 0.0053; done |
    xargs -0 -n 1 -P "$JOBS" bash -c 'kick "$1"' kick
fi || echo "failed: $(grep -c ^FAILED "$LOG") requests" >&2
! grep -q ^FAILED "$LOG"
