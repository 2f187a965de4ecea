//! The hints about words that roomctl does not know, and the lines that were
//! probably meant.

use std::collections::BTreeMap;

use super::*;

/// What is wrong with the words of a line, and the hints. The command is not asked.
fn read(line: &str) -> (String, String, String) {
    let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    let tree = command_tree();
    let read = correct::read(&tree, &argv);
    let column = |of: fn(&Problem) -> &str| {
        let texts: Vec<&str> = read.problems.iter().map(of).collect();
        texts.join(" / ")
    };
    let meant = whole_line(&read, &[]).filter(|_| read.is_whole);
    (
        column(|problem| &problem.message),
        column(|problem| &problem.hint),
        meant.unwrap_or_default(),
    )
}

fn hint(line: &str) -> String {
    read(line).1
}

#[test]
fn typos_in_flags_and_commands_are_hinted_at_in_one_wording() {
    for (line, hinted) in [
        ("roomctl kick --rom room-test", "did you mean --room?"),
        ("roomctl kick --users user1", "did you mean --user?"),
        ("roomctl kick --resaon=spam", "did you mean --reason?"),
        ("roomctl kick --dry", "did you mean --dry-run?"),
        ("roomctl --sanbdox kick", "did you mean --sandbox?"),
        ("roomctl usersig sing --identifier a", "did you mean sign?"),
        ("roomctl kik --room room-test", "did you mean kick?"),
    ] {
        assert_eq!(hint(line), hinted, "{line}");
    }
}

#[test]
fn a_flag_that_only_other_commands_have_is_hinted_at_with_their_names() {
    for (line, hinted) in [
        ("roomctl kick --for 1h", "roomctl ban has --for"),
        ("roomctl kick --for=1h", "roomctl ban has --for"),
        ("roomctl kick --duration 1h", "roomctl ban has --for"),
        (
            "roomctl unban --reason x",
            "roomctl kick and roomctl ban have --reason",
        ),
        (
            "roomctl bans --rooms x",
            "roomctl sandbox has --rooms\ndid you mean --room?",
        ),
        (
            "roomctl info --userbuf x",
            "roomctl usersig sign has --userbuf",
        ),
    ] {
        assert_eq!(hint(line), hinted, "{line}");
    }
}

#[test]
fn a_flag_that_stands_before_its_command_belongs_after_it() {
    for (line, hinted, meant) in [
        (
            "roomctl --room r kick -u u",
            "write --room after kick",
            "roomctl kick --room r -u u",
        ),
        (
            "roomctl --yes -o json unban -u u",
            "write --yes after unban",
            "roomctl -o json unban --yes -u u",
        ),
        (
            "roomctl usersig --sdkappid 5 sign",
            "write --sdkappid after sign",
            "roomctl usersig sign --sdkappid 5",
        ),
    ] {
        let (_, hint, whole) = read(line);
        assert_eq!((hint.as_str(), whole.as_str()), (hinted, meant), "{line}");
    }
}

#[test]
fn the_next_word_of_a_reason_is_not_a_user() {
    for (line, hinted) in [
        ("roomctl kick --reason you are", "--reason 'you are'?"),
        (
            "roomctl kick -m you are kicked",
            "--reason 'you are kicked'?",
        ),
        (
            "roomctl kick --reason=you are kicked",
            "--reason 'you are kicked'?",
        ),
    ] {
        let hint = hint(line);
        let quoted = hinted.trim_end_matches('?');
        assert_eq!(
            hint,
            format!("put the reason in quotes: {quoted}"),
            "{line}"
        );
    }
    for (line, hinted) in [
        ("roomctl kick -r r user1", "did you mean --user user1?"),
        (
            "roomctl kick -r r -m spam user1",
            "did you mean --user user1?",
        ),
    ] {
        assert_eq!(hint(line), hinted, "{line}");
    }
}

/// Line, and the line that was probably meant.
const MEANT: &str = "\
kick room-test user1 -> kick --room room-test --user user1
kick room-test user1 spam -> kick --room room-test --user user1 --reason spam
kick room-test user1 user2 -> kick --room room-test --user user1 --user user2
kick -r room-test user1 user2 -> kick -r room-test --user user1 --user user2
kick -u user1 room-test -> kick -u user1 --room room-test
ban room-test user1 24h spam -> ban --room room-test --user user1 --for 24h --reason spam
unban room-test user1 -> unban --room room-test --user user1
kick Cargo.toml -> kick --from Cargo.toml
kick room-test Cargo.toml -> kick --room room-test --from Cargo.toml
kick missing.csv -> kick --from missing.csv
kick - -> kick --from=-
kick -r r -m x -- -alice -> kick -r r -m x --user=-alice
members room-test -> members --room room-test
doctor prod -> doctor --profile prod
sandbox roomctl kick -u x -> sandbox -- roomctl kick -u x
kick --json -u u -> kick -o json -u u
kick -j -u u -> kick -o json -u u
unkick -u u -> unban -u u
rm -u u -> kick -u u
delete room-test user1 -> kick --room room-test --user user1
block -u u -> ban -u u
version -> --version
ping -> doctor
code 70001 -> explain 70001
profile ls -> profile list
profile rm prod -> profile remove prod
profile set prod -> profile use prod
Kick -u u -> kick -u u
UNBAN -u u -> unban -u u
kick --room-id r --user-id u --message m -> kick --room r --user u --reason m
kick --roomid=r --userid=u --msg=m -> kick --room r --user u --reason m
kick --file l --force --dryrun -> kick --from l --yes --dry-run
kick --input l --dry --silent -> kick --from l --dry-run --quiet
ban --duration 1h -u u -> ban --for 1h -u u
ban --days 3 -u u -> ban --for 3d -u u
ban --days 1.5 -u u -> ban --for 36h -u u
ban --hours=0.25 -u u -> ban --for 15m -u u
ban --minutes=90 -u u -> ban --for 90m -u u
ban --time 1h -u u -> ban --for 1h -u u
kick --app-id 5 --url u --config-file f -> kick --sdkappid 5 --endpoint u --config f
kick --appid=5 --host=u -> kick --sdkappid 5 --endpoint u
kick --help-all -> kick --help
kick --Room r --USER u --Dry-Run -> kick --room r --user u --dry-run
kick --dry_run --skip_protected -> kick --dry-run --skip-protected
kick --force=true -u u -> kick --yes -u u
kick -R r -U u -> kick --room r --user u
kick -room r -user u -> kick --room r --user u
kick -room=r -dry-run -> kick --room r --dry-run
kick –room r —user=u –m x -> kick --room r --user=u -m x
kick -u u -m “you are kicked” -n -> kick -u u -m 'you are kicked' -n
kick --room: r -u u -> kick --room r -u u
kick --user --room r -> kick --user USER --room r
kick -r r -u -> kick -r r -u USER
kick --rate --room r -> kick --rate N --room r
kick --secret-kye canary -u u -> kick --secret-key KEY -u u
kick --secret-kye=canary -u u -> kick --secret-key KEY -u u
kick --key canary -u u -> kick --secret-key-file FILE -u u
kick --token=canary -u u -> kick --usersig-file FILE -u u
kick --secret-key canary --json -> kick --secret-key KEY -o json
kick --secret-key=canary --json -> kick --secret-key=KEY -o json
kick --bogus -u u -> 
kick -k -u u -> 
ls -> 
login -> 
elephant -> ";

#[test]
fn the_whole_line_that_was_probably_meant_is_shown() {
    for row in MEANT.lines() {
        let (line, meant) = row.split_once(" -> ").expect(row);
        let (message, hint, whole) = read(&format!("roomctl {line}"));
        let meant = if meant.is_empty() {
            String::new()
        } else {
            format!("roomctl {meant}")
        };
        assert_eq!(whole, meant, "{row}: {hint}");
        assert!(!message.is_empty() && !hint.is_empty(), "{row}");
        assert!(
            !format!("{message}{hint}{whole}").contains("canary"),
            "{row}"
        );
    }
}

/// Line, messages, hints.
const SAID: &str = "\
kick room-test user1 -> unexpected operands 'room-test' and 'user1' -> did you mean --room room-test --user user1?
kick --json -> unknown flag '--json' -> did you mean -o json?
unkick -> unknown command 'unkick' -> did you mean unban?
ls -> unknown command 'ls' -> roomctl members --room ROOM lists members
login -> unknown command 'login' -> roomctl profile add NAME saves an app
config -> unknown command 'config' -> roomctl profile list lists the profiles
kick --insecure -> unknown flag '--insecure' -> certificates are always checked
kick --proxy=x -> unknown flag '--proxy' -> HTTPS_PROXY
kick -room r -> '-room' has one dash -> did you mean --room?
kick –room r -> '–room' begins with a typographic dash -> type the dashes: --room
kick –rom r -> unknown flag '--rom' -> did you mean --room?
kick -u u -m “a b” -> the command line has typographic quotes, which the shell takes for letters -> type the quotes
kick --key k -> unknown flag '--key' -> did you mean --secret-key-file FILE? With --secret-key
kick help -> unexpected operand 'help' -> did you mean roomctl kick --help?
explain 1 2 -> unexpected operand '2' -> roomctl explain --help
explain --region x -> roomctl explain does not accept --region -> remove --region
explain --region x 7 --retries 1 -> roomctl explain does not accept --region / unknown flag '--retries' -> remove --region / roomctl kick and roomctl ban have --retries
kick --elephant -> unknown flag '--elephant' -> roomctl kick --help
--elephant kick -> unknown flag '--elephant' -> roomctl kick --help
--elephant --profile kick ban -> unknown flag '--elephant' -> roomctl ban --help
--profile kick ban --bogus -> unknown flag '--bogus' -> roomctl ban --help
kick --profile ban --bogus -> unknown flag '--bogus' -> roomctl kick --help
--profile kick profile --bogus -> unknown flag '--bogus' -> roomctl profile --help
elephant -> unknown command 'elephant' -> roomctl --help
profile list --sandbx -> unknown flag '--sandbx' -> roomctl profile list --help
kick -nx -> unknown flag '-x' -> roomctl kick --help
kick --bogus user1 -> unknown flag '--bogus' -> roomctl kick --help
kick --bogus user1 user2 -> unknown flag '--bogus' / unexpected operand 'user2' -> roomctl kick --help / did you mean --user user2?
unban -u m9 -m x -> unknown flag '-m' -> roomctl unban --help
kick -r r -m s -k KEY -> unknown flag '-k' -> certificates are always checked
kick -r r -m s -x KEY -> unknown flag '-x' -> roomctl kick --help
kick -r r -m s --insecure user1 -> unknown flag '--insecure' / unexpected operand 'user1' -> certificates are always checked; --ca-file FILE trusts one more authority / did you mean --user user1?
kick --until 3h -> unknown flag '--until' -> roomctl ban has --for
ban -m x --days 3 -> unknown flag '--days' -> did you mean --for?
ban -m x --days 3 -> unknown flag '--days' -> With the unit: --for 3d
ban -m x --days 1.5 -> unknown flag '--days' -> With the unit: --for 36h
ban -m x --Hours=36 -> unknown flag '--Hours' -> --for 36h
ban -m x --weeks x -> unknown flag '--weeks' -> did you mean --for?
ban --until 3h -> unknown flag '--until' -> did you mean --for?";

/// Rounded, it would be another ban; and what the service refuses helps nobody.
#[test]
fn a_time_is_suggested_only_if_it_is_the_one_that_was_typed() {
    for (typed, time) in [
        ("--seconds 1.5", ""),
        ("--seconds 0.5", ""),
        ("--hours 0.333", ""),
        ("--days 1.50000000001", ""),
        ("--days 10000000.5", ""),
        ("--days 99999999", ""),
        ("--days 49711", ""),
        ("--seconds 4294967296", ""),
        ("--weeks 18446744073709551616", ""),
        ("--days 0", ""),
        ("--days 0.0", ""),
        ("--hours 1,5", ""),
        ("--hours .", ""),
        ("--days 49710", "49710d"),
        ("--seconds 4294967295", "4294967295s"),
        ("--hours .5", "30m"),
        ("--hours 1.0", "1h"),
        ("--days 1.50000000000", "36h"),
        ("--minutes 0.05", "3s"),
        ("--weeks 1.5", "252h"),
    ] {
        let hint = hint(&format!("roomctl ban -m x {typed}"));
        let suggested = hint.split("With the unit: --for ").nth(1);
        assert_eq!(suggested.unwrap_or_default(), time, "{typed}: {hint}");
    }
}

#[test]
fn every_unknown_word_is_reported_with_a_remedy() {
    for row in SAID.lines() {
        let columns: Vec<&str> = row.split(" -> ").collect();
        let (message, hint, _) = read(&format!("roomctl {}", columns[0]));
        assert_eq!(message, columns[1], "{row}");
        assert!(hint.contains(columns[2]), "{row}: {hint}");
    }
}

#[test]
fn a_correct_line_is_left_as_it_is() {
    for line in [
        "roomctl kick -r r -u u -m x -nv --rate=5 --",
        "roomctl -o json members -r -100 --timeout 5s",
        "roomctl usersig inspect -",
        "roomctl sandbox --room a=b -- roomctl kick --bogus",
        "roomctl explain -5",
        "roomctl help profile add",
        "roomctl profile add prod --sdkappid 5",
    ] {
        let (message, hint, _) = read(line);
        assert_eq!((message.as_str(), hint.as_str()), ("", ""), "{line}");
    }
}

#[test]
fn a_word_that_the_parser_takes_otherwise_is_found() {
    let tree = command_tree();
    let is_misread = |line: &str| {
        let argv: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        correct::is_misread(&tree, &argv)
    };
    let lines = BTreeMap::from([
        ("roomctl kick -room=x -u u", true),
        ("roomctl kick -user -m x", true),
        ("roomctl kick -r “x” -u u", true),
        ("roomctl kick --user=‘x’", true),
        ("roomctl kick -rroom-test -uuser1", false),
        ("roomctl kick -r room -u -user", false),
        ("roomctl kick -m “spam”", false),
        ("roomctl kick -u u -- -room", false),
        ("roomctl kick -nv -r r", false),
    ]);
    for (line, expected) in lines {
        assert_eq!(is_misread(line), expected, "{line}");
    }
}
