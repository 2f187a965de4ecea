//! `doctor` with a failure on the way to the service: name, proxy, TCP, TLS.
//! Each has its own result, and the checks that depend on it are skipped.

use roomctl::sandbox::Options;

use crate::support::{
    Authority, DeadPort, DoctorReport, Home, KEY, OK, Reply, Roomctl, Sandbox, Server,
};
use crate::support::{SocksAnswer, SocksProxy, TunnelProxy, fail};

/// The checks that depend on every network check.
const BEHIND: [&str; 4] = ["skip api", "skip clock", "skip region", "skip latency"];

/// A short limit, for connections that never answer.
const HASTY: &str = "--connect-timeout 300ms";

/// A doctor for this endpoint whose local settings are right.
fn doctor(endpoint: &str) -> Roomctl {
    Roomctl::new("doctor --sdkappid 7 --identifier a --endpoint")
        .arg(endpoint)
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
}

fn breaks(doctor: Roomctl, broken: &[&str]) -> DoctorReport {
    let chain = DoctorReport::of(doctor, 5);
    assert_eq!(chain.not_ok(), [broken, &BEHIND].concat());
    chain
}

#[test]
fn a_name_that_does_not_resolve() {
    let broken = ["fail resolve", "skip tcp", "skip tls"];
    let chain = breaks(doctor("https://name.invalid"), &broken);
    let chain = chain.found("resolve", ["cannot resolve name.invalid: "]);
    let chain = chain.helped("resolve", ["--endpoint"]);
    assert!(chain.link("resolve")["ElapsedMs"].is_u64());
    chain
        .found("tls", ["needs resolve"])
        .found("api", ["needs resolve"]);
}

#[test]
fn a_name_that_resolves() {
    let server = Server::answering([Reply::json(&fail(100_004))]);
    let port = server.address().port();
    let chain = DoctorReport::of(doctor(&format!("http://localhost:{port}")), 0);
    let chain = chain.only(["skip tls", "skip clock"]);
    let chain = chain.found("resolve", ["localhost is "]);
    assert!(chain.link("resolve")["ElapsedMs"].is_u64());
}

#[test]
fn a_refused_connection() {
    let dead_port = DeadPort::refusing();
    let broken = ["fail tcp", "skip tls"];
    let chain = breaks(doctor(&dead_port.endpoint("https")), &broken);
    let message = format!("cannot connect to {}: ", dead_port.address());
    let chain = chain.found("tcp", [&message, "refused"]);
    chain
        .helped("tcp", ["HTTPS_PROXY"])
        .found("tls", ["needs tcp"]);
}

#[test]
fn a_local_problem_decides_the_exit_code_before_the_network() {
    let dead_port = DeadPort::refusing();
    let doctor = doctor(&dead_port.endpoint("http")).env("ROOMCTL_SECRET_KEY", "");
    let expected = ["fail credential", "skip signature", "fail tcp", "skip tls"];
    let chain = DoctorReport::of(doctor, 3);
    assert_eq!(chain.not_ok(), [&expected[..], &BEHIND].concat());
    chain
        .helped("credential", ["ROOMCTL_SECRET_KEY_FILE"])
        .helped("tcp", ["network"]);
}

#[test]
fn a_connection_that_times_out() {
    let dead_port = DeadPort::full();
    let chain = breaks(
        doctor(&dead_port.endpoint("http")).args(HASTY),
        &["fail tcp", "skip tls"],
    );
    chain
        .found("tcp", ["connect timed out", "300ms"])
        .helped("tcp", ["network"]);
}

#[test]
fn a_tls_handshake_that_times_out() {
    let dead_port = DeadPort::silent();
    let doctor = doctor(&dead_port.endpoint("https")).args("--connect-timeout 1s");
    let chain = breaks(doctor, &["fail tls"]);
    let chain = chain.found("tls", ["TLS with 127.0.0.1", "timed out after 1s"]);
    let elapsed = |check| chain.link(check)["ElapsedMs"].as_u64().expect("measured");
    assert!(elapsed("tcp") < elapsed("tls"), "the second one waited");
}

#[test]
fn an_untrusted_authority_with_the_verifiers_message() {
    let sandbox = Sandbox::untouched_with(Options {
        tls: true,
        ..Options::default()
    });
    let chain = breaks(sandbox.roomctl("doctor"), &["fail tls"]);
    let chain = chain.found("tls", ["invalid peer certificate: UnknownIssuer"]);
    chain.helped("tls", ["--tls-roots system", "--ca-file"]);
}

#[test]
fn an_authority_that_the_ca_file_trusts() {
    let sandbox = Sandbox::with(Options {
        tls: true,
        ..Options::default()
    });
    let home = Home::new();
    home.file("ca.pem", sandbox.ca_pem());
    let doctor = sandbox.roomctl("doctor --ca-file ~/ca.pem").home(&home);
    let chain = DoctorReport::of(doctor, 0).only([]);
    let chain = chain.found("trust", ["the bundled roots", "and 1 from ", "ca.pem"]);
    let chain = chain.found("tls", ["the certificate is good for 127.0.0.1"]);
    assert!(chain.link("tls")["ElapsedMs"].is_u64());
}

#[test]
fn with_a_broken_ca_file_tls_is_skipped() {
    let sandbox = Sandbox::untouched_with(Options {
        tls: true,
        ..Options::default()
    });
    let doctor = sandbox.roomctl("doctor --ca-file /nowhere.pem");
    let chain = DoctorReport::of(doctor, 3);
    let broken = ["fail trust", "skip tls"];
    assert_eq!(chain.not_ok(), [&broken[..], &BEHIND].concat());
    chain
        .found("tls", ["needs trust"])
        .found("tcp", ["connected to"]);
}

#[test]
fn a_certificate_for_another_host() {
    let (authority, home) = (Authority::new(), Home::new());
    let server = Server::secure(&authority, &["other.test"], [Reply::json(OK)]);
    let doctor = doctor(&server.endpoint()).arg("--ca-file");
    let chain = breaks(doctor.arg(authority.file(&home)), &["fail tls"]);
    chain.found("tls", ["not valid for"]);
    server.got_no_request();
}

#[test]
fn a_port_without_tls() {
    let server = Server::answering([Reply::json(OK)]);
    let endpoint = server.endpoint().replace("http:", "https:");
    let chain = breaks(doctor(&endpoint), &["fail tls"]);
    chain.found("tls", ["TLS with 127.0.0.1 failed"]);
    server.got_no_request();
}

#[test]
fn a_proxy_that_refuses_connections() {
    let dead_port = DeadPort::refusing();
    let proxy = format!("http://canary:password-canary@{}", dead_port.address());
    let doctor = doctor("https://api.name.test").env("HTTPS_PROXY", proxy);
    let chain = breaks(doctor.secret("password-canary"), &["fail tcp", "skip tls"]);
    let address = dead_port.address().to_string();
    let chain = chain.found("proxy", [&address, "environment HTTPS_PROXY"]);
    let message = format!("cannot connect to proxy {address}: ");
    chain.found("tcp", [&message]).helped("tcp", ["NO_PROXY"]);
}

#[test]
fn a_proxy_that_does_not_resolve() {
    let doctor = doctor("https://api.name.test").env("HTTPS_PROXY", "http://proxy.invalid:1");
    let chain = breaks(doctor, &["fail resolve", "skip tcp", "skip tls"]);
    chain.found("resolve", ["cannot resolve proxy.invalid"]);
}

#[test]
fn a_proxy_that_refuses_a_tunnel() {
    let proxy = Server::answering([Reply::http("407 Proxy Authentication Required", "", "")]);
    let doctor = doctor("https://api.name.test").env("HTTPS_PROXY", proxy.endpoint());
    let chain = breaks(doctor, &["fail tcp", "skip tls"]);
    chain.found("tcp", ["no tunnel to api.name.test", "407"]);
}

#[test]
fn an_invalid_proxy_is_exit_3() {
    let doctor = doctor("https://api.name.test").env("HTTPS_PROXY", "socks4://h:1");
    let chain = DoctorReport::of(doctor, 3);
    let broken = ["fail proxy", "skip resolve", "skip tcp", "skip tls"];
    assert_eq!(chain.not_ok(), [&broken[..], &BEHIND].concat());
    chain.helped("proxy", ["set HTTPS_PROXY to http://HOST:PORT"]);
}

#[test]
fn a_socks_proxy_that_looks_the_name_up() {
    let (authority, home) = (Authority::new(), Home::new());
    let replies = [Reply::json(&fail(100_004))];
    let server = Server::secure(&authority, &["api.name.test"], replies);
    let proxy = SocksProxy::answering(SocksAnswer::Tunnel(server.address()));
    let url = format!("socks5h://{}", proxy.address());
    let doctor = doctor("https://api.name.test").env("ALL_PROXY", &url);
    let doctor = doctor.arg("--ca-file").arg(authority.file(&home));
    let chain = DoctorReport::of(doctor, 0).only(["skip clock"]);
    let message = format!("a tunnel to api.name.test through proxy {url}");
    chain
        .found("proxy", [&*url, "environment ALL_PROXY"])
        .found("resolve", ["127.0.0.1 is an address"])
        .found("tcp", [&message]);
}

#[test]
fn a_socks_proxy_that_leaves_the_look_up_to_this_machine() {
    let server = Server::answering([Reply::json(OK)]);
    let proxy = SocksProxy::answering(SocksAnswer::Tunnel(server.address()));
    let url = format!("socks5://{}", proxy.address());
    let doctor = doctor("https://name.invalid").env("ALL_PROXY", url);
    let chain = breaks(doctor, &["fail resolve", "skip tcp", "skip tls"]);
    chain.found("resolve", ["cannot resolve name.invalid"]);
    assert_eq!(proxy.requests(), []);
    server.got_no_request();
}

#[test]
fn a_socks_proxy_that_refuses_a_tunnel() {
    let proxy = SocksProxy::answering(SocksAnswer::Refusal(2));
    let url = format!("socks5h://{}", proxy.address());
    let doctor = doctor("https://api.name.test").env("ALL_PROXY", url);
    let chain = breaks(doctor, &["fail tcp", "skip tls"]);
    let chain = chain.found("tcp", ["no tunnel to api.name.test", "ruleset"]);
    chain.helped("tcp", ["operator", "NO_PROXY"]);
}

#[test]
fn a_certificate_out_of_its_time_is_judged_by_the_services_clock() {
    let (authority, home) = (Authority::new(), Home::new());
    let file = authority.file(&home);
    let now = httpdate::fmt_http_date(std::time::SystemTime::now());
    let (expired, early) = ((2001, 2002), (2090, 2091));
    let (past, future) = (
        "Tue, 01 May 2001 00:00:00 GMT",
        "Mon, 01 May 2090 00:00:00 GMT",
    );
    let is_wrong = "set this machine's clock";
    let is_right = "the clock is right: the certificate must be replaced";
    for ((from, until), date, found, remedy) in [
        (expired, past, "ahead of the service's", is_wrong),
        (early, future, "behind the service's", is_wrong),
        (expired, &*now, "like the service's", is_right),
        (early, &*now, "like the service's", is_right),
        (
            expired,
            "nonsense",
            "this machine's clock shows",
            "check this machine's clock first",
        ),
    ] {
        let reply = Reply::http("404 Not Found", &format!("Date: {date}\r\n"), "");
        let server = Server::secure_in_years(&authority, from, until, reply);
        let doctor = doctor(&server.endpoint()).arg("--ca-file").arg(&file);
        let chain = breaks(doctor, &["fail tls"]);
        chain.found("tls", [found]).helped("tls", [remedy]);
        let request = server.requests().remove(0);
        assert_eq!((&*request.method, &*request.target), ("HEAD", "/"));
        assert_eq!(request.body, "");
    }
}

#[test]
fn a_system_without_roots() {
    let server = Server::answering([Reply::json(OK)]);
    let endpoint = server.endpoint().replace("http:", "https:");
    let doctor = doctor(&endpoint).env("SSL_CERT_FILE", "/nowhere.pem");
    let chain = breaks(doctor, &["fail tls"]);
    chain
        .found("trust", ["SSL_CERT_FILE is /nowhere.pem"])
        .found("tls", ["no root certificates", "/nowhere.pem"])
        .helped("tls", ["SSL_CERT_FILE", "--tls-roots bundled"]);
    server.got_no_request();
}

#[test]
fn tls_inside_a_tunnel_is_checked_against_the_service() {
    let (authority, home) = (Authority::new(), Home::new());
    let replies = [Reply::json(&fail(100_004))];
    let server = Server::secure(&authority, &["api.name.test"], replies);
    let tunnel = TunnelProxy::to(server.address());
    let address = tunnel.address().to_string();
    let doctor = || {
        let doctor = doctor("https://api.name.test");
        doctor.env("HTTPS_PROXY", format!("http://{address}"))
    };
    let trusting = doctor().arg("--ca-file").arg(authority.file(&home));
    let chain = DoctorReport::of(trusting, 0).only(["skip clock"]);
    let message = format!("a tunnel to api.name.test through proxy {address}");
    chain
        .found("resolve", ["127.0.0.1 is an address"])
        .found("tcp", [&message])
        .found("tls", ["good for api.name.test"]);
    assert_eq!(server.requests().len(), 6);
    let chain = breaks(doctor(), &["fail tls"]);
    chain.found("tls", ["TLS with api.name.test"]);
    assert_eq!(server.requests().len(), 6, "a probe sends no request");
}
