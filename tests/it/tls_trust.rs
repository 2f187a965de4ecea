//! Which certificates are trusted: the bundled roots, those of a file as well,
//! or the system's; and the errors if the server is not trusted.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use roomctl::sandbox::Options;

use crate::support::{Authority, Home, OK, Reply, Roomctl, SDKAPPID, Sandbox, Server};
use crate::support::{KEY, UntouchedPort, any, has, lacks};

const KICK: &str = "-r room-test -u user1 -m spam --retries 0";

fn tls_sandbox() -> Sandbox {
    Sandbox::with(Options {
        tls: true,
        ..Options::default()
    })
}

/// TLS fails before a request is made, so the sandbox is not called.
fn untouched_tls_sandbox() -> Sandbox {
    Sandbox::untouched_with(Options {
        tls: true,
        ..Options::default()
    })
}

#[test]
fn a_file_adds_to_the_roots() {
    let home = Home::new();
    for by_variable in [false, true] {
        let sandbox = tls_sandbox();
        let file = home.file("ca.pem", sandbox.ca_pem());
        let kick = sandbox.kick(KICK).home(&home).args("-q");
        let kick = if by_variable {
            kick.env("ROOMCTL_CA_FILE", file)
        } else {
            kick.args("--ca-file ~/ca.pem")
        };
        kick.stdout(has(["removed user1"])).exits(0);
    }
}

#[test]
fn localhost_is_accepted_like_its_address() {
    let (home, file) = (Home::new(), "ca.pem");
    for tls in [false, true] {
        let sandbox = Sandbox::with(Options {
            tls,
            ..Options::default()
        });
        let endpoint = sandbox.endpoint().replace("127.0.0.1", "localhost");
        let kick = sandbox.kick(KICK).env("ROOMCTL_ENDPOINT", endpoint);
        let kick = kick.args("-q").stdout(any());
        let kick = if tls {
            kick.arg("--ca-file").arg(home.file(file, sandbox.ca_pem()))
        } else {
            kick
        };
        kick.exits(0);
    }
}

#[test]
fn a_bundle_of_several_certificates_with_comments_is_accepted() {
    let sandbox = tls_sandbox();
    let home = Home::new();
    let mut bundle = String::new();
    for _ in 0..3 {
        bundle += "# a comment, as in the bundles of distributions\n";
        bundle += sandbox.ca_pem();
    }
    let file = home.file("bundle.pem", bundle);
    let kick = sandbox.kick(KICK).arg("--ca-file").arg(file);
    kick.args("-q").stdout(any()).exits(0);
}

#[test]
fn system_roots_are_those_of_the_system() {
    let (sandbox, home) = (tls_sandbox(), Home::new());
    let file = home.file("ca.pem", sandbox.ca_pem());
    let kick = sandbox.kick(KICK).args("-v --tls-roots system");
    let kick = kick.env("SSL_CERT_FILE", file);
    let expected = has(["tls_roots: system (flag --tls-roots)"]);
    kick.stdout(any()).stderr(expected).exits(0);
}

#[test]
fn a_variable_that_names_the_systems_roots_is_enough() {
    let home = Home::new();
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
        let sandbox = tls_sandbox();
        let file = home.file("certificates/ca.pem", sandbox.ca_pem());
        let folder = home.path().join("certificates");
        let value = if variable == "SSL_CERT_FILE" {
            file
        } else {
            format!("/nowhere:{}", folder.display())
        };
        let kick = sandbox.kick(KICK).env(variable, value).args("-v");
        let source = format!("tls_roots: system (environment {variable})");
        kick.stdout(any()).stderr(has([&source])).exits(0);
    }
}

#[test]
fn bundled_roots_are_not_those_of_the_system() {
    let (sandbox, home) = (untouched_tls_sandbox(), Home::new());
    let file = home.file("ca.pem", sandbox.ca_pem());
    let kick = sandbox.kick(KICK).env("SSL_CERT_FILE", &file);
    let kick = kick.args("--tls-roots bundled");
    kick.stdout(any()).stderr(has(["TLS with"])).exits(5);
    let other = Authority::new().file(&home);
    let kick = sandbox.kick(KICK).env("SSL_CERT_FILE", &file);
    let kick = kick.arg("--ca-file").arg(other);
    let reported = has(["TLS with", "the CA file needs"]);
    kick.stdout(any()).stderr(reported).exits(5);
    let kick = sandbox
        .kick(KICK)
        .env("SSL_CERT_FILE", Authority::new().file(&home));
    let reported = has(["only the roots of SSL_CERT_FILE", "--tls-roots bundled"]);
    kick.stdout(any()).stderr(reported).exits(5);
}

#[test]
fn a_system_without_roots_is_reported_before_any_handshake() {
    let home = Home::new();
    let empty = home.file("empty.pem", "");
    for (name, value, reported) in [
        ("SSL_CERT_FILE", &*empty, "no root certificates"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "/nowhere/ca.pem"),
        ("SSL_CERT_DIR", "/nowhere/certs", "/nowhere/certs"),
    ] {
        let server = Server::answering([Reply::json(OK)]);
        let kick = server.kick(KICK).env(name, value);
        let kick = kick.env("ROOMCTL_ENDPOINT", format!("https://{}", server.address()));
        let expected = has([
            "TLS with 127.0.0.1",
            reported,
            "--tls-roots bundled",
            "ca-certificates",
        ]);
        kick.stdout(any()).stderr(expected).exits(5);
        server.got_no_request();
    }
    // Plain http needs no roots.
    let sandbox = Sandbox::demo();
    let kick = sandbox.kick(KICK).env("SSL_CERT_FILE", "/nowhere/ca.pem");
    kick.args("-q").stdout(any()).exits(0);
}

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

#[test]
fn a_file_that_cannot_be_used_is_exit_3() {
    let (port, home) = (UntouchedPort::new(), Home::new());
    let damaged = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERT";
    let key = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
    for (name, content, message) in [
        ("empty.pem", "", "no PEM certificate"),
        ("text.pem", "hello\n", "no PEM certificate"),
        ("damaged.pem", damaged, ""),
        ("key.pem", key, ""),
        ("bytes.pem", "\u{1}\u{2}\u{fe}", "no PEM certificate"),
    ] {
        let file = home.file(name, content);
        let expected = has(["--ca-file", name, message, "hint: ", "BEGIN CERTIFICATE"]);
        refused(&port, &file).stderr(expected).exits(3);
    }
    for (file, name) in [("/nowhere/ca.pem", "ca.pem"), ("/", "/")] {
        let expected = has(["--ca-file", name]);
        refused(&port, file).stderr(expected).exits(3);
    }
}

#[test]
fn an_invalid_certificate_in_the_file_is_exit_3() {
    let (port, home) = (UntouchedPort::new(), Home::new());
    let inside = "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
    let file = home.file("hello.pem", inside);
    let expected = has(["--ca-file", "hello.pem", "hint: "]);
    refused(&port, &file).stderr(expected).exits(3);
}

fn refused(port: &UntouchedPort, file: &str) -> Roomctl {
    Roomctl::new("kick -r r -u u -m spam --sdkappid 7 --identifier a")
        .arg("--endpoint")
        .arg(port.endpoint())
        .env("ROOMCTL_SECRET_KEY", KEY)
        .arg("--ca-file")
        .arg(file)
}

#[test]
fn ca_file_and_system_roots_exclude_each_other() {
    let (port, home, authority) = (UntouchedPort::new(), Home::new(), Authority::new());
    let file = authority.file(&home);
    let kick = refused(&port, &file).args("--tls-roots system");
    kick.stderr(has(["--ca-file", "--tls-roots", "hint: "]))
        .exits(2);
    let kick = refused(&port, &file).env("ROOMCTL_TLS_ROOTS", "system");
    kick.stderr(has(["--ca-file", "ROOMCTL_TLS_ROOTS"]))
        .exits(2);
    let kick = refused(&port, "").args("--tls-roots sytsem");
    kick.stderr(has(["did you mean system?"])).exits(2);
}

#[test]
fn https_to_an_http_port_is_a_tls_failure() {
    let server = Server::answering([Reply::json(OK)]);
    let kick = server.kick(KICK);
    let kick = kick.env("ROOMCTL_ENDPOINT", format!("https://{}", server.address()));
    let expected = has(["TLS with 127.0.0.1 failed"]);
    let done = kick
        .stdout(any())
        .stderr(expected)
        .stderr(lacks(["usersig"]));
    done.exits(5);
    server.got_no_request();
}

#[test]
fn http_to_a_tls_port_is_not_an_answer() {
    let (authority, app) = (Authority::new(), SDKAPPID.to_string());
    let server = Server::secure(&authority, &["127.0.0.1"], [Reply::json(OK)]);
    let kick = server.kick(KICK).env("ROOMCTL_SDKAPPID", app);
    let kick = kick.env("ROOMCTL_ENDPOINT", format!("http://{}", server.address()));
    kick.stdout(any()).stderr(has(["error: "])).exits(5);
    server.got_no_request();
}
