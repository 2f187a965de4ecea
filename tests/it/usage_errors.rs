//! Wrong words and contradictions on the command line: exit 2 with the right
//! ones; nothing is ever ignored silently.

use crate::support::{Home, KEY, Roomctl, Sandbox, any, has, lacks};

const KICK: &str = "-r room-test -u user1 -m spam";

#[test]
fn the_hint_for_a_stray_operand_is_the_user_flag() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick("alice -r room-test -m spam");
    kick.stderr(has(["alice", "--user alice"])).exits(2);
    let kick = sandbox.kick(KICK).args("-- alice");
    kick.stderr(has(["alice", "--user alice"])).exits(2);
    let kick = Roomctl::new("kick").args(KICK).args("-o json alice");
    let done = kick.stderr(has(["--user alice"])).exits(2);
    assert_eq!(done.error().expect("JSON")["error"]["kind"], "usage");
}

#[test]
fn a_misspelt_flag_or_command_gets_a_suggestion() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick(KICK).args("--roo x");
    kick.stderr(has(["--roo", "--room"])).exits(2);
    let kick = sandbox.kick(KICK).args("--secret-kye-file x");
    kick.stderr(has(["--secret-kye-file", "--secret-key-file"]))
        .exits(2);
    Roomctl::new("kikc -r x")
        .stderr(has(["kikc", "kick"]))
        .exits(2);
}

#[test]
fn two_secrets_in_one_source_are_exit_2_for_flags_and_3_elsewhere() {
    let (sandbox, home) = (Sandbox::untouched(), Home::new());
    let file = home.file("key", KEY);
    let kick = sandbox
        .kick(KICK)
        .arg("--secret-key-file")
        .arg(&file)
        .args("--usersig-file x");
    kick.stderr(has(["--secret-key-file", "--usersig-file"]))
        .exits(2);
    let kick = sandbox.kick(KICK).env("ROOMCTL_USERSIG_FILE", "x");
    kick.stderr(has(["ROOMCTL_SECRET_KEY", "ROOMCTL_USERSIG_FILE"]))
        .exits(3);
    home.config("[profiles.p]\nsecret_key_file = \"a\"\nsecret_key_command = [\"b\"]\n");
    let kick = sandbox.kick(KICK).home(&home).args("--profile p");
    kick.stderr(has(["secret_key_file", "secret_key_command"]))
        .exits(3);
}

#[test]
fn the_same_flag_before_and_after_the_command_is_exit_2() {
    let kick = Roomctl::new("--region usa kick --region china").args(KICK);
    kick.stderr(has(["--region", "twice"])).exits(2);
    let kick = Roomctl::new("kick --region usa --region china").args(KICK);
    kick.stderr(has(["--region"])).exits(2);
}

#[test]
fn a_sandbox_has_its_own_account_and_address() {
    for flag in [
        "--sdkappid 1",
        "--identifier a",
        "--secret-key-file k",
        "--region usa",
        "--endpoint https://h",
        "--tls-roots system",
    ] {
        let kick = Roomctl::new("kick --sandbox").args(KICK).args(flag);
        let name = flag.split(' ').next().expect("a flag");
        kick.stderr(has([name, "--sandbox"])).exits(2);
    }
}

#[test]
fn own_certificates_and_the_systems_exclude_each_other() {
    let sandbox = Sandbox::untouched();
    let kick = sandbox.kick(KICK).args("--ca-file x --tls-roots system");
    kick.stderr(has(["CA file", "--tls-roots"])).exits(2);
}

#[test]
fn unknown_empty_and_repeated_flags_are_exit_2() {
    let sandbox = Sandbox::untouched();
    for words in [
        "--for 1h",
        "--purge",
        "--user=",
        "--reason=x --reason=y",
        "-x",
    ] {
        sandbox
            .kick(KICK)
            .args(words)
            .stderr(has(["error: ", "hint: "]))
            .exits(2);
    }
}

#[test]
fn a_number_out_of_range_has_the_same_words_wherever_it_is() {
    for (words, message, hint) in [
        (
            "sandbox --limit 0",
            "--limit \"0\": is not a number from 1 to ",
            "give --limit a whole number from 1 to ",
        ),
        (
            "sandbox --limit x",
            "--limit \"x\": is not a whole number",
            "give --limit a whole number",
        ),
        (
            "sandbox --port 70000",
            "--port \"70000\": is not a ",
            "give --port a whole number",
        ),
        (
            "sandbox --latency 5",
            "--latency \"5\": is not a valid duration",
            "30ms",
        ),
        (
            "kick --sandbox -r r -u u -m x --rate 500",
            "--rate \"500\": is not a number from 1 to 200",
            "give --rate a whole number from 1 to 200",
        ),
    ] {
        let message = format!("error: {message}");
        Roomctl::new(words).stderr(has([&message, hint])).exits(2);
    }
}

#[test]
fn the_name_of_a_journal_leads_to_journal_show() {
    let home = Home::new();
    let file = home.file("j1", "");
    for words in ["journal", "show"] {
        let run = Roomctl::new(words).arg(&file).home(&home);
        run.stderr(has(["roomctl journal show ", "/j1?"])).exits(2);
    }
    let run = Roomctl::new("journal nothing").home(&home);
    run.stderr(has(["unknown command 'nothing'"])).exits(2);
}

#[test]
fn profile_show_without_profiles_leads_to_add() {
    let run = Roomctl::new("profile show");
    run.stderr(has(["hint: roomctl profile add NAME"])).exits(2);
}

#[test]
fn words_of_any_script_are_reported_like_others() {
    for line in [
        "kick 用户1",
        "踢 user1",
        "kick Ünal",
        "usersig 签名",
        "kick -中",
        "kick --房间=a",
    ] {
        let done = Roomctl::new(line).stderr(any()).exits(2);
        assert!(done.stderr.contains("hint: "), "{done}");
    }
}

/// A line, and what its report has, one run for all: `|` separates both.
const OF_ALL_KINDS: &str = "\
kick -r r -u u -m s --timeout 0 --sdkappid 0 --output yaml -> --timeout: \"0\"|--sdkappid: \"0\"|--output|identifier and secret key are missing
kick -r r -u u -m s --color pink -> --color|secret key are missing
kick ACCOUNT -r r -u u -m s -q -v --rate 500 --timeout 0 -> --quiet and --verbose|--rate|--timeout
kick -r r -u u --profile= --config= --timeout 0 -> --profile: is empty|--config: is empty|--timeout
kick -r r -u u -m s --profile nosuch --timeout 0 --rate 500 -> no profile \"nosuch\"|--timeout|--rate
kick -r r -f bad.csv -m s --color pink --config nosuch -> --color|nosuch cannot be read|bad.csv:2:
kick ACCOUNT -r r -f - -m s --stream --color pink --timeout 0 -> --color|--timeout
kick ACCOUNT -r r -u u -m s --endpoint https://h.example --region mars -> --region: \"mars\"
members --room= --color pink --timeout 0 --profile nosuch -> --room|--color|--timeout|no profile \"nosuch\"
info -r r --output yaml --timeout 0 -> --output|--timeout|secret key are missing
doctor --color pink --timeout 0 --sdkappid 0 -> --color|--timeout|--sdkappid: \"0\"|identifier and secret key are missing
usersig verify -> no SIG|secret key are missing
usersig verify --color pink --sdkappid 0 -> no SIG|--color|--sdkappid: \"0\"|identifier and secret key are missing
usersig verify x --color pink --sdkappid 0 -> --color|--sdkappid: \"0\"|identifier and secret key are missing
usersig sign --color pink --sdkappid 0 --userbuf zz --expire 0 -> --color|--sdkappid: \"0\"|--userbuf|--expire|identifier and secret key are missing
usersig sign --elephant --sdkappid 0 --userbuf zz -> --elephant|--sdkappid: \"0\"|--userbuf|identifier and secret key are missing
explain --region x --output yaml 7 -> explain does not accept --region|--output
--color pink kick ACCOUNT --color pink -r r -u u --rate 500 -> --color is given twice|--color: \"pink\"|no reason|--rate
--output yaml sandbox --region x -> sandbox does not accept --region|--output
completions --output yaml -> --output|no SHELL
usersig inspect --color pink -> --color|no SIG
kick -r r -u u -m s --config nosuch --sdkappid 0 --identifier= -> nosuch cannot be read|--sdkappid: \"0\"|--identifier: is empty
usersig sign --profile= --sdkappid 0 -> --profile: is empty|--sdkappid: \"0\"
usersig sign --color pink --secret-key-file nosuch -> --color|nosuch cannot be read|SDKAppID and identifier are missing
profile add p --color pink --sdkappid 0 --region mars -> --color|--sdkappid: \"0\"|--region
profile add p --elephant --sdkappid 0 --region mars -> --elephant|--sdkappid: \"0\"|--region
sandbox --room r --color pink --sdkappid 7 -> --room|--color|does not accept --sdkappid";

#[test]
fn wrong_values_of_flags_of_every_kind_are_reported_together() {
    let home = Home::new();
    home.file("bad.csv", "user\n\"a b \"\n");
    let account = "--sdkappid 7 --identifier a --secret-key k";
    for row in OF_ALL_KINDS.lines() {
        let (line, parts) = row.split_once(" -> ").expect(row);
        let run = Roomctl::new(&line.replace("ACCOUNT", account)).home(&home);
        let stderr = run.stderr(any()).exits(2).stderr;
        for part in parts.split('|') {
            assert!(stderr.contains(part), "{row}: {part} is not in {stderr}");
        }
        let (report, _) = stderr.split_once("\nhint: ").expect(row);
        let problems = (report.lines().count() - 1).max(1);
        assert_eq!(problems, parts.split('|').count(), "{row}: {stderr}");
    }
}

#[test]
fn a_number_with_a_minus_is_out_of_range_for_every_flag() {
    for (line, says) in [
        (
            "sandbox --port -1",
            "--port \"-1\": is not a number from 0 to 65535",
        ),
        (
            "sandbox --limit -1",
            "--limit \"-1\": is not a number from 1 to",
        ),
        (
            "sandbox --latency -1",
            "--latency \"-1\": is not a valid duration",
        ),
        ("sandbox --fault reset=1 --fault -1", "--fault \"-1\": "),
        (
            "kick --rate -1",
            "--rate \"-1\": is not a number from 1 to 200",
        ),
        ("kick --timeout -1", "--timeout: \"-1\""),
        ("kick --sdkappid -1", "--sdkappid: \"-1\""),
        ("--sdkappid -1 kick", "--sdkappid: \"-1\""),
        ("members -r r --timeout -1", "--timeout: \"-1\""),
        ("members -r r --timeout -1s", "--timeout: \"-1s\""),
        ("kick --deadline -1h", "--deadline \"-1h\""),
        ("kick --max-failures -5%", "--max-failures \"-5%\""),
        ("ban --for -1d", "--for \"-1d\""),
        ("sandbox --latency -1s", "--latency \"-1s\""),
        ("journal show J --since -1h", "--since \"-1h\""),
        ("doctor --connect-timeout -1", "--connect-timeout: \"-1\""),
        ("usersig sign --expire -1", "--expire: \"-1\""),
        ("journal show J --since -1", "--since \"-1\""),
        ("profile add p --sdkappid -1", "--sdkappid: \"-1\""),
    ] {
        let run = Roomctl::new(line).stderr(has([says]));
        run.stderr(lacks([
            "unexpected argument",
            "has no value",
            "unknown flag",
        ]))
        .exits(2);
    }
}
