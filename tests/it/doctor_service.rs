//! `doctor` when the service answers and something is wrong: credentials,
//! region, clock, faults. Each call is made once.

use std::time::{Duration, SystemTime};

use roomctl::sandbox::Options;

use crate::support::{
    Authority, DeadPort, DoctorReport, Home, KEY, OK, Reply, Roomctl, Sandbox, Server,
};
use crate::support::{TunnelProxy, fail};

/// Checks that are not ok over plain http after a rejection.
const REJECTED: [&str; 4] = ["skip tls", "fail api", "skip region", "skip latency"];

/// The same without an answer of the service.
const SILENT: [&str; 5] = [
    "skip tls",
    "fail api",
    "skip clock",
    "skip region",
    "skip latency",
];

/// 100004, dated so many seconds from now.
fn dated(code: i64, ahead: i64) -> Reply {
    let by = Duration::from_secs(ahead.unsigned_abs());
    let now = SystemTime::now();
    let then = if ahead < 0 { now - by } else { now + by };
    let date = format!("Date: {}\r\n", httpdate::fmt_http_date(then));
    Reply::http("200 OK", &date, &fail(code))
}

#[test]
fn the_key_of_another_app() {
    let sandbox = Sandbox::demo();
    let doctor = sandbox.roomctl("doctor").env("ROOMCTL_SECRET_KEY", KEY);
    let chain = DoctorReport::of(doctor.secret(KEY), 4).only(REJECTED);
    let chain = chain.found("api", ["70009, "]);
    chain
        .helped("api", ["compare both"])
        .found("latency", ["needs api"]);
    assert_eq!(sandbox.log().len(), 1, "a wrong key is tried once");
}

#[test]
fn a_rejected_key_is_named_with_its_source() {
    let (sandbox, home) = (Sandbox::demo(), Home::new());
    home.config(&format!("[profiles.p]\nsecret_key = \"{KEY}\"\n"));
    let doctor = sandbox.roomctl("doctor --profile p").home(&home);
    let chain = DoctorReport::of(doctor.env_remove("ROOMCTL_SECRET_KEY"), 4);
    let places = ["ROOMCTL_SDKAPPID", "profile p"];
    chain.only(REJECTED).helped("api", places);
}

#[test]
fn a_caller_that_is_not_an_administrator() {
    let sandbox = Sandbox::demo();
    let doctor = sandbox.roomctl("doctor").env("ROOMCTL_IDENTIFIER", "alice");
    let chain = DoctorReport::of(doctor, 4).only(REJECTED);
    chain
        .found("api", ["60010, "])
        .helped("api", ["administrator account"]);
    assert_eq!(sandbox.log().len(), 1);
}

#[test]
fn an_account_that_was_never_imported_is_the_callers() {
    let server = Server::answering([dated(70_107, 0)]);
    DoctorReport::of(server.roomctl("doctor"), 4).only(REJECTED);
}

#[test]
fn another_region() {
    for code in [60_026, 70_016, 70_020] {
        let server = Server::answering([dated(code, 0)]);
        let expected = ["skip tls", "skip api", "fail region", "skip latency"];
        let chain = DoctorReport::of(server.roomctl("doctor"), 4).only(expected);
        let chain = chain.found("api", [&code.to_string(), "see region"]);
        chain.helped("region", ["try another --region"]);
        assert_eq!(server.requests().len(), 1);
    }
}

/// A server for Singapore that always answers this code, and the doctor for it.
fn doctor_of_singapore(code: i64, words: &str) -> (Server, Roomctl, Home) {
    let (authority, home) = (Authority::new(), Home::new());
    let names = ["adminapisgp.im.qcloud.com"];
    let server = Server::secure(&authority, &names, [dated(code, 0)]);
    let tunnel = TunnelProxy::to(server.address());
    let doctor = server.roomctl("doctor").args(words).home(&home);
    let doctor = doctor.env_remove("ROOMCTL_ENDPOINT").arg("--ca-file");
    let doctor = doctor.arg(authority.file(&home));
    let proxy = format!("http://{}", tunnel.address());
    (server, doctor.env("HTTPS_PROXY", proxy), home)
}

#[test]
fn the_sdkappid_names_the_likely_region() {
    let (_server, doctor, _home) = doctor_of_singapore(60_026, "");
    let expected = ["skip api", "fail region", "skip latency"];
    let chain = DoctorReport::of(doctor, 4).only(expected);
    let chain = chain.found("region", ["singapore is not right for SDKAppID 1400000007"]);
    chain.helped("region", ["--region china"]);
}

#[test]
fn an_answer_proves_the_region_whatever_the_sdkappid() {
    let (_server, doctor, _home) = doctor_of_singapore(100_004, "--region singapore");
    let chain = DoctorReport::of(doctor, 0).only([]);
    let chain = chain.found("endpoint", ["the region singapore, flag --region"]);
    chain.found("region", ["singapore is right for SDKAppID 1400000007"]);
}

#[test]
fn an_unproved_and_unlikely_region_is_a_warning() {
    let (_server, doctor, _home) = doctor_of_singapore(70_009, "");
    let chain = DoctorReport::of(doctor, 4).only(["fail api", "warn region", "skip latency"]);
    chain.helped("region", ["--region china"]);
    let (_server, doctor, _home) = doctor_of_singapore(70_009, "--sdkappid 20000001");
    let chain = DoctorReport::of(doctor, 4).only(REJECTED_BY_TLS);
    chain.found("region", ["20000001 is in singapore"]);
}

/// The same as [`REJECTED`] over TLS.
const REJECTED_BY_TLS: [&str; 3] = ["fail api", "skip region", "skip latency"];

#[test]
fn a_wrong_clock_is_a_warning() {
    for (ahead, message) in [(-7200, "ahead of"), (7200, "behind")] {
        let server = Server::answering([dated(100_004, ahead)]);
        let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "warn clock"]);
        chain
            .found("clock", [message])
            .helped("clock", ["correct it"]);
    }
    let server = Server::answering([dated(100_004, 40)]);
    DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls"]);
}

#[test]
fn a_signature_that_expired_on_arrival_is_blamed_on_the_clock() {
    let server = Server::answering([dated(70_001, 172_800)]);
    let expected = [
        "skip tls",
        "fail api",
        "warn clock",
        "skip region",
        "skip latency",
    ];
    let chain = DoctorReport::of(server.roomctl("doctor"), 4).only(expected);
    let clock = [
        "this machine's clock is ",
        "behind the service's: correct it",
    ];
    chain.helped("api", clock);
    assert_eq!(
        server.requests().len(),
        1,
        "a new signature would be as old"
    );
}

#[test]
fn without_a_date_in_the_answer_the_clock_is_skipped() {
    let server = Server::answering([Reply::json(&fail(100_004))]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "skip clock"]);
    chain.found("clock", ["no Date"]);
}

#[test]
fn a_room_that_exists_proves_the_credentials_too() {
    let server = Server::answering([Reply::json(OK)]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "skip clock"]);
    chain.found("api", ["the credentials are good"]);
}

#[test]
fn another_code_of_the_room_service_is_a_warning() {
    let server = Server::answering([dated(100_002, 0)]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "warn api"]);
    chain.found("api", ["the credentials are good", "not 100002"]);
}

#[test]
fn an_answer_that_proves_nothing_is_exit_5_after_one_try() {
    for (code, remedy) in [
        (60_009, "please report it"),
        (100_001, "try again"),
        (60_007, "--rate"),
        (4711, "the RequestId"),
    ] {
        let server = Server::answering([dated(code, 0)]);
        let expected = ["skip tls", "fail api", "skip region", "skip latency"];
        let chain = DoctorReport::of(server.roomctl("doctor"), 5).only(expected);
        chain
            .found("api", [&code.to_string()])
            .helped("api", [remedy]);
        assert_eq!(server.requests().len(), 1, "{code}");
    }
}

#[test]
fn an_answer_that_is_not_the_services() {
    let page = "<html>log in to the wifi</html>";
    for (reply, message) in [
        (Reply::http("502 Bad Gateway", "", "<html>"), "HTTP 502"),
        (Reply::http("200 OK", "", page), "a captive portal"),
        (
            Reply::http("302 Found", "Location: /\r\n", ""),
            "a redirect",
        ),
        (Reply::http("429 Too Many Requests", "", ""), "HTTP 429"),
        (Reply::raw(""), "connection lost"),
    ] {
        let server = Server::answering([reply]);
        let chain = DoctorReport::of(server.roomctl("doctor"), 5).only(SILENT);
        chain.found("api", [message]).helped("api", [" "]);
        assert_eq!(server.requests().len(), 1, "{message}");
    }
}

#[test]
fn no_answer_at_all() {
    let port = DeadPort::silent();
    let doctor = Roomctl::new("doctor --sdkappid 7 --identifier a --timeout 300ms --endpoint");
    let doctor = doctor
        .arg(port.endpoint("http"))
        .env("ROOMCTL_SECRET_KEY", KEY);
    let chain = DoctorReport::of(doctor, 5).only(SILENT);
    chain
        .found("api", ["no answer within 300ms"])
        .helped("api", ["--timeout"]);
}

#[test]
fn one_failure_of_the_five_latency_calls_is_a_warning() {
    let good = || dated(100_004, 0);
    let server = Server::answering([good(), good(), dated(100_001, 0), good()]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "warn latency"]);
    let chain = chain.found("latency", ["median of 4 of 5 calls", "100001"]);
    chain.helped("latency", ["try again"]);
    assert_eq!(server.requests().len(), 6);
}

#[test]
fn a_timeout_or_a_rejection_ends_the_five_latency_calls() {
    let server = Server::answering([dated(100_004, 0), Reply::raw("")]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 0).only(["skip tls", "warn latency"]);
    chain.found(
        "latency",
        ["none of 5 calls was answered", "connection lost"],
    );
    assert_eq!(server.requests().len(), 2);
    let server = Server::answering([dated(100_004, 0), dated(70_050, 0)]);
    let chain = DoctorReport::of(server.roomctl("doctor"), 4).only(["skip tls", "fail latency"]);
    chain
        .found("latency", ["70050"])
        .helped("latency", ["60 seconds"]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn the_latency_is_the_median_of_the_calls() {
    let sandbox = Sandbox::with(Options {
        latency: Duration::from_millis(30),
        ..Options::default()
    });
    let chain = DoctorReport::of(sandbox.roomctl("doctor"), 0).only(["skip tls"]);
    let median = chain.link("latency")["ElapsedMs"].as_u64().expect("a time");
    assert!(median >= 30, "{median}");
}

#[test]
fn text_of_the_service_cannot_control_a_terminal() {
    let body = r#"{"ErrorCode":60010,"ErrorInfo":"\u001b[31mred","ActionStatus":"FAIL"}"#;
    let server = Server::answering([Reply::json(body)]);
    let doctor = server
        .roomctl("doctor")
        .stdout(crate::support::lacks(["\u{1b}"]));
    doctor.stderr(crate::support::lacks(["\u{1b}"])).exits(4);
}
