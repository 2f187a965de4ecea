//! Wrong command lines in one table: each is one run with all its problems, and with
//! hints that can be typed. Nothing is sent.

use crate::support::{Home, Roomctl, Sandbox, any, has, is, lacks};

/// Part of the report where no account is known.
const NO_ACCOUNT: [&str; 2] = [
    "the SDKAppID, identifier and secret key are missing",
    "hint: roomctl profile add NAME",
];

#[test]
fn everything_that_is_missing_is_reported_in_one_run() {
    for line in ["kick", "ban", "kick user1", "ban user1"] {
        let run = Roomctl::new(line).stderr(has(NO_ACCOUNT));
        let room = if line.contains(' ') {
            "--user without a room"
        } else {
            "no room"
        };
        run.stderr(has([room, "no reason"])).exits(2);
    }
    let nobody = Roomctl::new("kick").stderr(has(["nobody to remove", "4 problems"]));
    nobody.exits(2);
    let ban = Roomctl::new("ban -r r user1").stderr(has(["a ban needs a length", "no reason"]));
    ban.exits(2);
    let room = Roomctl::new("members").stderr(has(["no --room", "give --room ROOM"]));
    room.stderr(has(NO_ACCOUNT)).exits(2);
}

#[test]
fn without_usage_problems_missing_settings_are_exit_3() {
    let kick = Roomctl::new("kick -r r -u u -m x");
    kick.stderr(has(NO_ACCOUNT)).exits(3);
    let members = Roomctl::new("members -r r");
    members.stderr(has(NO_ACCOUNT)).exits(3);
}

/// A line after `--sandbox`, and the whole of stderr.
const LINES: &str = r#"
kick room-test user1
error: 2 problems
  unexpected operands 'room-test' and 'user1'
  no reason
hint: did you mean --room room-test --user user1?
hint: give --reason TEXT; the service requires a reason
hint: the whole line: roomctl --sandbox kick --room room-test --user user1 --reason TEXT

kick -r room-test -u user1 -m x --rate 500 --retries x --for 3q --deadline soon
error: 4 problems
  unknown flag '--for'
  --rate "500": is not a number from 1 to 200
  --retries "x": is not a number from 0 to 1000
  --deadline "soon": is not a valid duration
hint: roomctl ban has --for
hint: give --rate a whole number from 1 to 200
hint: give --retries a whole number from 0 to 1000
hint: give --deadline a duration like 90s, 30m or 2h

ban -r room-test user1 --rate 500 --retries x --for 3q -m x --jsn
error: 5 problems
  unknown flag '--jsn'
  unexpected operand 'user1'
  --for "3q": is not a valid duration in whole seconds, 1s to 49710d
  --rate "500": is not a number from 1 to 200
  --retries "x": is not a number from 0 to 1000
hint: roomctl ban --help
hint: did you mean --user user1?
hint: give --for a duration like 90s, 30m, 24h or 7d
hint: give --rate a whole number from 1 to 200
hint: give --retries a whole number from 0 to 1000

kick list.txt -m x
error: 2 problems
  unexpected operand 'list.txt'
  list.txt:1: has no room
hint: did you mean --from list.txt?
hint: give --room ROOM for rows without a room
hint: the whole line: roomctl --sandbox kick --from list.txt -m x --room ROOM

kick --from bad.txt --json
error: 4 problems
  unknown flag '--json'
  bad.txt:1: user "\"user1\"" has a quote (") at its end or start
  bad.txt:1: has no room
  bad.txt:1: has no reason
hint: did you mean -o json?
hint: write the names without quotes (jq: add -r), or use --format json if the list is JSON; a name really written so goes into a list of its own, FILE.json: ["\"user1\""]
hint: give --room ROOM for rows without a room
hint: give --reason TEXT; the service requires a reason

kick -r r -u u -m x --progress sometimes --format xml --yes=5 --rate 1 --rate 2
error: 4 problems
  invalid value 'sometimes' for '--progress <WHEN>' [possible values: auto, always, never]
  --yes takes no value
  invalid value 'xml' for '--format <FORMAT>' [possible values: lines, csv, tsv, json]
  --rate is given more than once
hint: give --progress one of auto, always, never
hint: give --yes without = and a value
hint: give --format one of lines, csv, tsv, json
hint: give --rate once

members --room= --max 5
error: 2 problems
  unknown flag '--max'
  --room: is empty; a RoomId has 1 to 48 bytes
hint: roomctl kick and roomctl ban have --max-members
hint: give --room ROOM

info
error: no --room
hint: give --room ROOM

bans room-test --json --limit 5
error: 3 problems
  unknown flag '--json'
  unknown flag '--limit'
  unexpected operand 'room-test'
hint: did you mean -o json?
hint: roomctl sandbox has --limit
hint: did you mean --room room-test?
"#;

#[test]
fn all_problems_of_a_line_are_reported_together() {
    let home = Home::new();
    home.file("list.txt", "user1\n");
    home.file("bad.txt", "\"user1\"\n");
    for block in LINES.trim().split("\n\n") {
        let (line, stderr) = block.split_once('\n').expect(block);
        let run = Roomctl::new("--sandbox").args(line).home(&home);
        run.stderr(is(&format!("{stderr}\n"))).exits(2);
    }
}

/// A line, and the whole of its messages: `|` separates them.
const WITHOUT_VALUES: &str = "\
kick ACCOUNT -r r -u u -m x --failed-to -> --failed-to has no value
kick ACCOUNT -r r -u u -m x --journal -> --journal has no value
kick ACCOUNT -r r -u u -m x --again --journal -> --journal has no value
kick ACCOUNT -r r -u u -m x --audit -> --audit has no value
kick ACCOUNT -r r -u u -m x --rate-scope -> --rate-scope has no value
kick ACCOUNT -r r -u u -m x --region -> --region has no value
kick ACCOUNT -r r -u u -m x --endpoint -n -> --endpoint has no value
kick ACCOUNT -r r -u u -m x --ca-file -n -> --ca-file has no value
kick ACCOUNT -r r -u u -m x --check-room --verify -> --check-room has no value
kick ACCOUNT -r r -u u -m x --output --color -> --output has no value|--color has no value
kick ACCOUNT -r r -u u -m x -o -> -o has no value
kick ACCOUNT -r r -u u -m x -no -> -no has no value
kick ACCOUNT -r r -u u --reason-file -n -> --reason-file has no value
kick ACCOUNT -r r -u u -m x --reason-file -> --reason-file has no value
kick ACCOUNT -r r -m x -f list.csv --format -> --format has no value
kick ACCOUNT -r r -m x -f list.txt --columns --dry-run -> --columns has no value: the next word is --dry-run
kick ACCOUNT -r r -m x -f list.txt --columns -> --columns has no value
kick ACCOUNT -r r -m x --from -> --from has no value
kick ACCOUNT -r r -u u -m -> -m has no value
kick ACCOUNT --room --user --reason -> --room has no value: the next word is --user|--user has no value: the next word is --reason|--reason has no value
ban ACCOUNT -r r -u u -m x --for -> --for has no value
kick -r r -u u -m x --profile -n -> --profile has no value
kick -r r -u u -m x --config -n -> --config has no value
kick -r r -u u -m x --secret-key-file key --sdkappid --identifier -> --sdkappid has no value|--identifier has no value
kick -r r -u u -m x --sdkappid --identifier --secret-key-file -> --sdkappid has no value|--identifier has no value: the next word is --secret-key-file|--secret-key-file has no value
kick -r r -u u -m x --sdkappid 7 --identifier a --usersig -> --usersig has no value
kick -r r -u u -m x --sdkappid --identifier --expire -> --sdkappid has no value|--identifier has no value: the next word is --expire|--expire has no value|the secret key is missing
members ACCOUNT --room -> --room has no value
members -r r --profile -> --profile has no value
doctor --profile -> --profile has no value
usersig sign --sdkappid --identifier -> --sdkappid has no value|--identifier has no value|the secret key is missing
journal show J --since -> --since has no value
journal show J --outcome --user -> --outcome has no value|--user has no value
sandbox --fault -> --fault has no value
sandbox --port --limit --latency -> --port has no value|--limit has no value|--latency has no value
sandbox --room -> --room has no value
completions --output -> --output has no value|no SHELL";

#[test]
fn a_flag_without_its_value_is_one_problem_and_each_is_reported() {
    let home = Home::new();
    home.file("list.csv", "user\nuser1\n");
    home.file("list.txt", "user,room\nuser1,r\n");
    home.file_of_mode("key", "k", 0o600);
    let account = "--sdkappid 7 --identifier a --secret-key k";
    for row in WITHOUT_VALUES.lines() {
        let (line, messages) = row.split_once(" -> ").expect(row);
        let run = Roomctl::new(&line.replace("ACCOUNT", account)).home(&home);
        let stderr = run.stderr(any()).exits(2).stderr;
        let (report, _) = stderr.split_once("\nhint: ").expect(row);
        let found: Vec<&str> = report.lines().collect();
        let found = match &found[..] {
            [only] => vec![only.trim_start_matches("error: ")],
            several => several[1..].iter().map(|line| line.trim()).collect(),
        };
        assert_eq!(found.join("|"), messages, "{row}: {stderr}");
    }
}

/// Ten lines of people in a hurry.
const HURRY: [(&str, &str); 10] = [
    ("kick userX", "--user userX"),
    (
        "Ban room-test bob 2h",
        "--room room-test --user bob --for 2h",
    ),
    (
        "kick --rooom room-test --usr bob -m x",
        "kick --room room-test --user bob -m x",
    ),
    ("un-ban -r r -u u", "roomctl unban -r r -u u"),
    (
        "evict --chat r --uid u --why x",
        "roomctl kick --room r --user u --reason x",
    ),
    (
        "kick -r r -u u -m x --no-prompt --colour never",
        "-m x --yes --color never",
    ),
    ("kick -r r -u u --comment=x --qps=5", "--reason x --rate 5"),
    ("profile delete old", "roomctl profile remove old"),
    (
        "--dry-run kick -r r -u u -m x",
        "roomctl kick --dry-run -r r -u u -m x",
    ),
    ("kick −−room r ‐u u -m x", "roomctl kick --room r -u u -m x"),
];

#[test]
fn a_line_in_a_hurry_gets_the_line_that_was_meant() {
    for (line, meant) in HURRY {
        let run = Roomctl::new(line).stderr(has(["hint: the whole line: roomctl ", meant]));
        run.exits(2);
    }
}

#[test]
fn the_corrected_line_is_never_run() {
    let sandbox = Sandbox::untouched();
    for line in [
        "kick -room room-test -u user1 -m x -y",
        "kick --room room-test --user user1 --message x --yes",
        "Kick -r room-test -u user1 -m x",
        "kick –room room-test -u user1 -m x",
        "kick -r room-test -m x user1",
        "kick -r “room-test” -u user1 -m x",
    ] {
        sandbox
            .roomctl(line)
            .stderr(has(["the whole line: "]))
            .exits(2);
    }
}

#[test]
fn no_secret_of_a_wrong_line_is_repeated() {
    for line in [
        "kick --secret-key CANARY --json",
        "kick --secret-key=CANARY --json",
        "kick --secret-kye CANARY",
        "kick --key CANARY --rom r",
        "kick --usersig=CANARY user1",
        "kick --token CANARY --bogus",
        "--secret-key CANARY ls",
        "kick --secret-key “CANARY” -u u",
        "kick --secret–key=CANARY",
        "usersig verify CANARY1 CANARY2",
    ] {
        Roomctl::new(line).stderr(lacks(["CANARY"])).exits(2);
    }
}

#[test]
fn a_wrong_line_is_one_json_object_where_json_is_asked_for() {
    for line in [
        "kick user1 -o json",
        "-ojson kick --rate 500 --bogus",
        "--output=json Kick",
        "members --output json --json",
        "-o json",
    ] {
        let done = Roomctl::new(line).stderr(any()).exits(2);
        assert_eq!(done.stderr.lines().count(), 1, "{done}");
        assert_eq!(done.error().expect("JSON")["error"]["kind"], "usage");
    }
    let by_variable = Roomctl::new("kick --bogus").env("ROOMCTL_OUTPUT", "json");
    let done = by_variable.stderr(any()).exits(2);
    assert!(done.error().is_some(), "{done}");
}

#[test]
fn a_wrong_line_waits_for_no_input() {
    let kick = Roomctl::new("kick --from - --bogus -r r -m x --sandbox");
    let kick = kick.stderr(has(["unknown flag '--bogus'"]));
    let (running, _stdin) = kick.start_fed();
    running.ends(2);
}
