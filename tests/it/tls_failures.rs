//! Failures of TLS, each with its own message and remedy.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::support::*;
use crate::tls_trust::{KICK, untouched_tls_sandbox};

/// The error of a kick to a server that must not get a request.
fn tls_error(server: Server, ca_file: &str) -> (String, String) {
    let kick = server.kick(KICK).args("-o json");
    let kick = kick.env("ROOMCTL_CA_FILE", ca_file);
    let done = kick.stdout(any()).stderr(any()).exits(5);
    let result = done.result();
    assert_eq!(result["Outcome"], "unsent");
    let words = result["ErrorInfo"].as_str().expect("words").to_owned();
    let error = done.error().expect("an error");
    let hint = error["error"]["hint"].as_str().expect("a hint").to_owned();
    server.got_no_request();
    (words, hint)
}

#[test]
fn a_certificate_out_of_its_time_names_the_clock_first() {
    let (authority, home) = (Authority::new(), Home::new());
    let file = authority.file(&home);
    for (from, until, said, first) in [
        (
            2001,
            2002,
            "expired at 2002-01-01T00:00:00Z",
            "check this machine's clock first",
        ),
        (
            2090,
            2091,
            "not valid before 2090-01-01T00:00:00Z",
            "set this machine's clock first",
        ),
    ] {
        let server = Server::secure_in_years(&authority, from, until, Reply::json(OK));
        let (words, hint) = tls_error(server, &file);
        assert!(words.contains(said), "{words}");
        assert!(words.contains("this machine's clock shows 20"), "{words}");
        assert!(hint.starts_with(first), "{hint}");
    }
}

#[test]
fn a_certificate_for_another_name_lists_its_names() {
    let (authority, home) = (Authority::new(), Home::new());
    let names = ["other.test", "*.more.test", "10.0.0.9"];
    let server = Server::secure(&authority, &names, [Reply::json(OK)]);
    let (words, hint) = tls_error(server, &authority.file(&home));
    for name in names {
        assert!(words.contains(name), "{words}");
    }
    assert!(hint.contains("--endpoint"), "{hint}");
}

#[test]
fn a_servers_own_certificate_as_ca_file() {
    let home = Home::new();
    let (server, pem) = Server::self_signed(true, Reply::json(OK));
    let (words, hint) = tls_error(server, &home.file("authority.pem", pem));
    assert!(words.contains("CaUsedAsEndEntity"), "{words}");
    assert!(
        hint.contains("CA:FALSE") && hint.contains("--ca-file"),
        "{hint}"
    );
    let (server, pem) = Server::self_signed(false, Reply::json(OK));
    let file = home.file("server.pem", pem);
    let kick = server.kick(KICK).args("-q").arg("--ca-file").arg(file);
    kick.stdout(has(["removed user1"])).exits(0);
}

/// The endpoint of a server that sends these bytes to each client and closes.
fn sends(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // The client may close first.
            let _ = client.read(&mut [0; 1024]);
            let _ = client.write_all(bytes);
        }
    });
    format!("https://{address}")
}

#[test]
fn what_is_not_tls_is_told_apart_from_a_closed_connection() {
    for (bytes, words, remedy) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            "does not speak TLS",
            "check the port",
        ),
        (
            b"SSH-2.0-OpenSSH_9.2\r\n",
            "does not speak TLS",
            "check the port",
        ),
        (b"", "closed during the handshake", "a firewall or a proxy"),
        (
            b"\x15\x03\x03\x00\x02\x02\x28",
            "HandshakeFailure",
            "check what answers",
        ),
    ] {
        let kick = Roomctl::new("kick")
            .args(KICK)
            .args("--sdkappid 7 --identifier a");
        let kick = kick.env("ROOMCTL_SECRET_KEY", KEY).arg("--endpoint");
        let kick = kick.arg(sends(bytes)).stdout(any());
        let expected = has(["TLS with 127.0.0.1 failed", words, "hint: ", remedy]);
        kick.stderr(expected).exits(5);
    }
}

#[test]
fn an_issuer_that_the_ca_file_lacks_is_reported_as_such() {
    let (authority, home) = (Authority::new(), Home::new());
    let server = Server::secure(&authority, &["127.0.0.1"], [Reply::json(OK)]);
    let (words, hint) = tls_error(server, &Authority::new().file(&home));
    assert!(words.contains("the certificate is not trusted"), "{words}");
    assert!(hint.contains("the CA file needs"), "{hint}");
}

#[test]
fn an_unknown_authority_is_reported_with_host_and_remedy() {
    let sandbox = untouched_tls_sandbox();
    let kick = sandbox.kick(KICK).args("-o json");
    let done = kick.stdout(any()).stderr(any()).exits(5);
    let (result, error) = (done.result(), done.error().expect("an error"));
    assert_eq!(result["Outcome"], "unsent");
    let message = result["ErrorInfo"].as_str().expect("words");
    assert!(message.contains("TLS with 127.0.0.1"), "{message}");
    let hint = error["error"]["hint"].as_str().expect("a hint");
    assert!(hint.contains("--tls-roots system") && hint.contains("--ca-file"));
}

#[test]
fn another_hosts_certificate_is_refused() {
    let (authority, home) = (Authority::new(), Home::new());
    let server = Server::secure(&authority, &["other.test"], [Reply::json(OK)]);
    let kick = server
        .kick(KICK)
        .arg("--ca-file")
        .arg(authority.file(&home));
    let expected = has(["TLS with 127.0.0.1", "not valid for"]);
    kick.stdout(any()).stderr(expected).exits(5);
    server.got_no_request();
}
