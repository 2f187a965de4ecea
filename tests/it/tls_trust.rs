//! Which certificates are trusted: the bundled roots, those of a file as well,
//! or the system's; and the errors if the server is not trusted.

use roomctl::sandbox::Options;

use crate::support::{Authority, Home, OK, Reply, Roomctl, SDKAPPID, Sandbox, Server};
use crate::support::{KEY, UntouchedPort, any, has, lacks};

pub(crate) const KICK: &str = "-r room-test -u user1 -m spam --retries 0";

fn tls_sandbox() -> Sandbox {
    Sandbox::with(Options {
        tls: true,
        ..Options::default()
    })
}

/// TLS fails before a request is made, so the sandbox is not called.
pub(crate) fn untouched_tls_sandbox() -> Sandbox {
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

#[test]
fn a_file_of_ssl_cert_file_is_read_as_a_ca_file_and_what_is_wrong_with_it_is_named() {
    let home = Home::new();
    let sandbox = tls_sandbox();
    let marked = home.file("bom.pem", format!("\u{feff}{}", sandbox.ca_pem()));
    let kick = sandbox.kick(KICK).env("SSL_CERT_FILE", marked);
    kick.args("-q").stdout(any()).exits(0);
    let sandbox = untouched_tls_sandbox();
    let pem = sandbox.ca_pem().to_owned();
    let trusted = pem.replace(" CERTIFICATE", " TRUSTED CERTIFICATE");
    let key = pem.replace(" CERTIFICATE", " PRIVATE KEY");
    let cut = pem.replace("-----END CERTIFICATE-----", "");
    for (text, why) in [
        (trusted, "TRUSTED CERTIFICATE"),
        (key, "has a private key"),
        (cut, "copy it again"),
        ("no PEM".to_owned(), "has no PEM certificate"),
    ] {
        let file = home.file("wrong.pem", text);
        let kick = sandbox.kick(KICK).env("SSL_CERT_FILE", file);
        let kick = kick.stdout(any());
        let done = kick.stderr(has([why, "correct SSL_CERT_FILE"])).exits(5);
        let is_wrong = ["remove --tls-roots", "on this system"];
        let shows = |part: &&str| done.stderr.contains(*part);
        assert!(!is_wrong.iter().any(shows), "{done}");
    }
}
