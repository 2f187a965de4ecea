//! `doctor` when all is well: its text and JSON, the calls that it makes, and
//! that it removes no member.

use serde_json::json;

use crate::support::{DoctorReport, Done, Gate, Home, KEY, Roomctl, Sandbox, Server, Terminal};
use crate::support::{Reply, any, fail, has, is, lacks};

const TEXT: &str = "\
ok    config                no file; it would be HOME/.config/roomctl/config.toml
ok    sdkappid              1400000001, environment ROOMCTL_SDKAPPID
ok    identifier            administrator, environment ROOMCTL_IDENTIFIER
ok    credential            a secret key of 64 lower-case hex digits, environment ROOMCTL_SECRET_KEY
ok    endpoint              http://PLACE, environment ROOMCTL_ENDPOINT
ok    trust                 the bundled roots, built-in default
ok    proxy                 none
ok    timeouts              a call 10s, built-in default; a connection 5s, built-in default; a signature 24h, built-in default
ok    signature             made here for administrator of 1400000001, good until THEN
ok    resolve               127.0.0.1 is an address, there is nothing to look up
ok    tcp               MS  connected to PLACE
skip  tls                   plain http, which stays on this machine
ok    api               MS  100004, there is no such room: the credentials are good
ok    clock                 AGREES
ok    region                this endpoint is right for SDKAppID 1400000001
ok    latency           MS  median of 5 calls; MS
";

const JSON: &str = r#"{"Check":"config","Mark":"ok","Found":"no file; it would be HOME/.config/roomctl/config.toml","ElapsedMs":null,"Remedy":null}
{"Check":"sdkappid","Mark":"ok","Found":"1400000001, environment ROOMCTL_SDKAPPID","ElapsedMs":null,"Remedy":null}
{"Check":"identifier","Mark":"ok","Found":"administrator, environment ROOMCTL_IDENTIFIER","ElapsedMs":null,"Remedy":null}
{"Check":"credential","Mark":"ok","Found":"a secret key of 64 lower-case hex digits, environment ROOMCTL_SECRET_KEY","ElapsedMs":null,"Remedy":null}
{"Check":"endpoint","Mark":"ok","Found":"http://PLACE, environment ROOMCTL_ENDPOINT","ElapsedMs":null,"Remedy":null}
{"Check":"trust","Mark":"ok","Found":"the bundled roots, built-in default","ElapsedMs":null,"Remedy":null}
{"Check":"proxy","Mark":"ok","Found":"none","ElapsedMs":null,"Remedy":null}
{"Check":"timeouts","Mark":"ok","Found":"a call 10s, built-in default; a connection 5s, built-in default; a signature 24h, built-in default","ElapsedMs":null,"Remedy":null}
{"Check":"signature","Mark":"ok","Found":"made here for administrator of 1400000001, good until THEN","ElapsedMs":null,"Remedy":null}
{"Check":"resolve","Mark":"ok","Found":"127.0.0.1 is an address, there is nothing to look up","ElapsedMs":null,"Remedy":null}
{"Check":"tcp","Mark":"ok","Found":"connected to PLACE","ElapsedMs":N,"Remedy":null}
{"Check":"tls","Mark":"skip","Found":"plain http, which stays on this machine","ElapsedMs":null,"Remedy":null}
{"Check":"api","Mark":"ok","Found":"100004, there is no such room: the credentials are good","ElapsedMs":N,"Remedy":null}
{"Check":"clock","Mark":"ok","Found":"AGREES","ElapsedMs":null,"Remedy":null}
{"Check":"region","Mark":"ok","Found":"this endpoint is right for SDKAppID 1400000001","ElapsedMs":null,"Remedy":null}
{"Check":"latency","Mark":"ok","Found":"median of 5 calls; MS","ElapsedMs":N,"Remedy":null}
"#;

/// The text for a rejected key: the remedy is below the check.
const REJECTED: &str = "\
fail  api               MS  70009, the UserSig was made with another app's key (the UserSig was not made with this app's key)
      what helps: SDKAppID and secret key must be of the same app: compare both in the console; check that --region is the app's data centre
ok    clock                 AGREES
skip  region                not proved: with an endpoint only the service knows
skip  latency               needs api
";

/// The run's text without what differs from run to run.
fn stable(done: &Done, sandbox: &Sandbox, home: &Home) -> String {
    let place = sandbox.endpoint().replace("http://", "");
    let home = home.path().to_str().expect("UTF-8");
    let text = done.stdout.replace(&place, "PLACE").replace(home, "HOME");
    text.lines().map(|line| stable_line(line) + "\n").collect()
}

fn stable_line(line: &str) -> String {
    let mut line = line.to_owned();
    let then = "good until ";
    if let Some(at) = line.find(then) {
        let at = at + then.len();
        line.replace_range(at..at + "2026-03-01T02:11:09Z".len(), "THEN");
    }
    if let Some(at) = line.find("calls; ") {
        let end = line[at..].find(" ms").expect("a time") + at + " ms".len();
        line.replace_range(at + "calls; ".len()..end, "MS");
    }
    for agrees in [
        "agrees with",
        "1 s ahead of",
        "2 s ahead of",
        "3 s ahead of",
    ] {
        line = line.replace(&format!("{agrees} the service's"), "AGREES");
    }
    let elapsed = "\"ElapsedMs\":";
    if let Some(at) = line.find(elapsed).map(|at| at + elapsed.len()) {
        let digits = line[at..].bytes().take_while(u8::is_ascii_digit).count();
        line.replace_range(at..at + digits, if digits > 0 { "N" } else { "" });
    } else if line.get(18..26).is_some_and(|time| time.ends_with(" ms")) {
        line.replace_range(18..26, "      MS");
    }
    line
}

#[test]
fn text_is_one_line_per_check_with_its_time_and_finding() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let doctor = sandbox.roomctl("doctor").home(&home).stdout(any());
    let done = doctor.stderr(is("ready to kick\n")).exits(0);
    assert_eq!(stable(&done, &sandbox, &home), TEXT);
}

#[test]
fn json_is_one_object_per_check_with_the_same_keys() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let doctor = sandbox.roomctl("doctor -o json").home(&home);
    let done = doctor.stdout(any()).exits(0);
    let shown = stable(&done, &sandbox, &home);
    let known = shown.lines().map(|line| {
        let (known, _) = line
            .split_once(",\"ExitCode\":null,\"Data\":")
            .expect("the last keys");
        format!("{known}}}\n")
    });
    assert_eq!(known.collect::<String>(), JSON);
}

/// What was found is typed: numbers are numbers.
#[test]
fn the_data_of_json_is_for_programs() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let key = home.file("key", sandbox.key());
    let file = home.config(&format!(
        "[profiles.p]\nsdkappid = {}\nidentifier = \"administrator\"\nsecret_key_file = \"{key}\"\nendpoint = \"{}\"\n",
        sandbox.sdkappid(),
        sandbox.endpoint()
    ));
    let doctor = Roomctl::new("doctor --profile p -o json").home(&home);
    let checks = doctor.stdout(any()).exits(0).results();
    let data = |name: &str| {
        let check = checks.iter().find(|check| check["Check"] == name);
        check.expect("a check")["Data"].clone()
    };
    assert_eq!(
        data("sdkappid"),
        json!({"Value":sandbox.sdkappid(),"Source":{"Kind":"profile","Name":"p","File":file,"Line":2}})
    );
    assert_eq!(data("credential")["Characters"], 64);
    assert_eq!(
        data("timeouts"),
        json!({"TimeoutMs":10_000,"ConnectTimeoutMs":5000,"ExpireSeconds":86_400})
    );
    assert_eq!(
        data("trust"),
        json!({"Roots":"bundled","CaFile":null,"Source":{"Kind":"built-in"}})
    );
    assert_eq!(
        data("region"),
        json!({"SDKAppID":sandbox.sdkappid(),"Region":null})
    );
    assert_eq!(data("api"), json!({"ErrorCode":100_004}));
    assert_eq!(data("latency")["Calls"], 5);
    assert!(data("clock")["AheadSeconds"].is_i64());
    let broken = Roomctl::new("doctor --profile p --timeout 0s -o json").home(&home);
    broken.stderr(any()).exits(2);
    let text = Roomctl::new("doctor --profile p").home(&home).stdout(any());
    let shown = text.stderr(any()).exits(0).stdout;
    assert_eq!(shown.matches(&file).count(), 1, "the path once: {shown}");
    assert!(
        shown.contains("administrator, profile p (line 3)"),
        "{shown}"
    );
}

#[test]
fn a_failed_check_has_its_remedy_below_and_the_run_ends_with_an_error() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    let doctor = sandbox.roomctl("doctor").home(&home).stdout(any());
    let doctor = doctor.env("ROOMCTL_SECRET_KEY", KEY).secret(KEY);
    let reported = "error: not ready to kick: api failed\n\
                hint: SDKAppID and secret key must be of the same app: compare both in the console; check that --region is the app's data centre\n";
    let done = doctor.stderr(is(reported)).exits(4);
    let shown = stable(&done, &sandbox, &home);
    assert!(shown.ends_with(REJECTED), "{shown}");
}

#[test]
fn it_makes_six_calls_for_a_room_that_cannot_exist_and_removes_no_member() {
    let sandbox = Sandbox::demo();
    DoctorReport::of(sandbox.roomctl("doctor"), 0).only(["skip tls"]);
    let log = sandbox.log();
    assert_eq!(log.len(), 6, "{log:?}");
    for line in &log {
        assert_eq!(line["Command"], "get_room_info", "{line}");
        assert_eq!(line["Answer"], 100_004, "{line}");
        let room = line["RoomId"].as_str().expect("a room");
        assert!(room.starts_with("roomctl-doctor-"), "{room}");
        assert_eq!(room, log[0]["RoomId"]);
    }
    assert!(sandbox.removed().is_empty());
    assert_eq!(sandbox.members("room-test").len(), 100);
}

#[test]
fn each_run_asks_about_a_room_of_its_own() {
    let sandbox = Sandbox::demo();
    for _ in 0..2 {
        DoctorReport::of(sandbox.roomctl("doctor"), 0);
    }
    let log = sandbox.log();
    assert_ne!(log[0]["RoomId"], log[6]["RoomId"]);
}

#[test]
fn the_in_process_sandbox_needs_no_credentials() {
    let doctor = Roomctl::new("doctor --sandbox").stdout(has(["flag --sandbox"]));
    let reported = ["sandbox: a rehearsal", "ready to kick"];
    doctor.stderr(has(reported)).exits(0);
}

#[test]
fn v_adds_where_values_come_from_and_each_request_without_its_query() {
    let sandbox = Sandbox::demo();
    let doctor = sandbox.roomctl("doctor -v").stdout(any());
    let done = doctor.stderr(any()).exits(0);
    let asked = "/get_room_info?[redacted] room roomctl-doctor-";
    assert_eq!(done.stderr.matches(asked).count(), 6, "{done}");
    assert_eq!(done.stderr.matches("< 100004").count(), 6, "{done}");
    assert!(
        done.stderr.contains("expire: 24h (built-in default)"),
        "{done}"
    );
}

#[test]
fn with_q_stdout_is_unchanged_and_stderr_has_only_errors() {
    let sandbox = Sandbox::demo();
    sandbox
        .roomctl("doctor -q")
        .stdout(has(["latency"]))
        .exits(0);
    let doctor = sandbox.roomctl("doctor -q").stdout(any());
    let doctor = doctor.env("ROOMCTL_SECRET_KEY", KEY);
    doctor.stderr(has(["error: not ready"])).exits(4);
}

#[test]
fn a_closed_stdout_does_not_change_the_exit_code() {
    let sandbox = Sandbox::demo();
    sandbox.roomctl("doctor -q").start_unread().ends(0);
    assert_eq!(sandbox.log().len(), 6);
}

#[test]
fn a_full_stdout_is_exit_7_before_any_request() {
    let sandbox = Sandbox::untouched();
    let doctor = sandbox
        .roomctl("doctor")
        .in_shell("exec \"$0\" \"$@\" > /dev/full");
    doctor.stderr(has(["cannot write results"])).exits(7);
}

#[test]
fn statuses_are_coloured_on_a_terminal_and_always_words() {
    let sandbox = Sandbox::demo();
    let coloured = sandbox.roomctl("doctor --color always").stdout(any());
    let done = coloured.stderr(any()).exits(0);
    assert!(
        done.stdout.contains("\u{1b}[32mok  \u{1b}[0m  config"),
        "{done}"
    );
    let json = sandbox.roomctl("doctor --color always -o json");
    json.stdout(lacks(["\u{1b}"])).exits(0);
}

#[test]
fn each_line_is_shown_before_the_next_check_starts() {
    let gate = Gate::default();
    let server = Server::answering([Reply::json(&fail(100_004)).held_by(&gate)]);
    let terminal = Terminal::new();
    let script = format!("exec \"$0\" \"$@\" > {}", terminal.path());
    let doctor = server.roomctl("doctor -q --timeout 60s").in_shell(&script);
    let running = doctor.start();
    let shown = terminal.wait_for("plain http");
    assert!(!shown.contains("100004"), "{shown}");
    gate.open();
    running.ends(0);
}

#[test]
fn usage_errors_are_reported_before_any_check() {
    let doctor = Roomctl::new("doctor prod");
    doctor
        .stderr(has(["unexpected operand 'prod'", "--profile prod?"]))
        .exits(2);
    for words in [
        "--sdkappid x",
        "--timeout 0s",
        "--room r",
        "--sandbox --region usa",
    ] {
        let doctor = Roomctl::new("doctor").args(words);
        doctor.stderr(has(["error: ", "hint: "])).exits(2);
    }
}
