//! No output ever shows the key, a `UserSig` or the query string: not given in
//! the wrong place, not in a parser's errors, not with `-vv`.
//!
//! In every run the test harness looks for them, and for any 24 characters of
//! them.

use roomctl::secret::SecretKey;
use roomctl::usersig::{Claims, sign};

use crate::support::{Home, KEY, OK, Reply, Roomctl, Server, UntouchedPort, any, fail};

fn usersig() -> String {
    let claims = Claims {
        identifier: "administrator".into(),
        sdkappid: 7,
        time: 1_700_000_000,
        expire: 4_000_000_000,
        userbuf: None,
    };
    sign(&claims, &SecretKey::new(KEY)).expose().to_owned()
}

/// The texts that no output may have.
fn secrets() -> [String; 3] {
    [KEY.to_owned(), KEY.to_uppercase(), usersig()]
}

/// A kick that would work without the added words.
fn kick(port: &UntouchedPort, secret: &str) -> Roomctl {
    Roomctl::new("kick -r room-test -u user1 -m spam --retries 0")
        .env("ROOMCTL_ENDPOINT", port.endpoint())
        .env("ROOMCTL_SDKAPPID", "7")
        .env("ROOMCTL_IDENTIFIER", "administrator")
        .env("ROOMCTL_SECRET_KEY", KEY)
        .secret(KEY)
        .secret(secret)
}

#[test]
fn a_secret_as_the_value_of_any_flag_is_not_repeated() {
    let port = UntouchedPort::new();
    for secret in secrets() {
        for (flag, code) in [
            ("--sdkappid", 2),
            ("--identifier", 2),
            ("--region", 2),
            ("--endpoint", 2),
            ("--timeout", 2),
            ("--connect-timeout", 2),
            ("--expire", 2),
            ("--tls-roots", 2),
            ("--output", 2),
            ("--color", 2),
            ("--rate", 2),
            ("--retries", 2),
            ("--room", 2),
            ("--user", 2),
            ("--reason-file", 2),
            ("--profile", 3),
            ("--config", 3),
            ("--ca-file", 3),
            ("--secret-key-file", 3),
            ("--usersig-file", 3),
        ] {
            for mode in ["-v", "-ojson"] {
                let words = Roomctl::new(&format!("kick {mode} {flag} {secret}"));
                let words = match flag {
                    "--retries" | "--rate" | "--room" | "--user" | "--reason-file" => words,
                    _ => words.args("-r room-test -u user1 -m spam"),
                };
                let words = words.env("ROOMCTL_ENDPOINT", port.endpoint());
                let words = words
                    .env("ROOMCTL_SDKAPPID", "7")
                    .env("ROOMCTL_IDENTIFIER", "a");
                let words = words
                    .env("ROOMCTL_SECRET_KEY", KEY)
                    .secret(KEY)
                    .secret(&secret);
                words.stderr(any()).exits(code);
            }
        }
    }
}

#[test]
fn a_secret_where_no_value_belongs_is_not_repeated() {
    let port = UntouchedPort::new();
    for secret in secrets() {
        for words in [
            secret.clone(),
            format!("-- {secret}"),
            format!("--secret-kye={secret}"),
            format!("--secret-kye {secret}"),
            format!("--{secret}"),
            format!("--sandbox={secret}"),
            format!("--quiet={secret}"),
            format!("--secret-key={secret} --secret-key={secret}"),
            format!("--usersig={secret} --usersig={secret}"),
            format!("--secret-key={secret} --usersig={secret}"),
            format!("--endpoint https://{secret}@h"),
            format!("--endpoint https://h/?usersig={secret}"),
            format!("--endpoint http://{secret}"),
            format!("--timeout 10{secret}"),
        ] {
            for mode in ["-v", "-ojson"] {
                kick(&port, &secret)
                    .args(mode)
                    .args(&words)
                    .stderr(any())
                    .exits(2);
            }
        }
        Roomctl::new(&secret).secret(&secret).stderr(any()).exits(2);
        Roomctl::new(&format!("{secret} kick"))
            .secret(&secret)
            .stderr(any())
            .exits(2);
    }
}

#[test]
fn a_secret_in_the_wrong_variable_is_not_repeated() {
    let port = UntouchedPort::new();
    for secret in secrets() {
        for name in [
            "SDKAPPID",
            "IDENTIFIER",
            "REGION",
            "ENDPOINT",
            "PROFILE",
            "CONFIG",
            "CA_FILE",
            "TLS_ROOTS",
            "EXPIRE",
            "TIMEOUT",
            "CONNECT_TIMEOUT",
            "OUTPUT",
            "COLOR",
            "SECRET_KEY_FILE",
            "USERSIG_FILE",
            "USERSIG",
        ] {
            let run = kick(&port, &secret);
            let run = match name {
                "REGION" => run.env_remove("ROOMCTL_ENDPOINT"),
                _ => run,
            };
            run.env(&format!("ROOMCTL_{name}"), &secret)
                .stderr(any())
                .exits(3);
        }
    }
}

#[test]
fn a_secret_in_a_broken_configuration_is_not_repeated() {
    let (port, home) = (UntouchedPort::new(), Home::new());
    for secret in secrets() {
        for line in [
            "secret_key = SECRET",
            "secret_key = \"SECRET",
            "secret_key = 'SECRET\"",
            "secret_key \"SECRET\"",
            "secret_key = \"SECRET\" x",
            "secret_key = \"SECRET\"\nsecret_key = \"SECRET\"",
            "secret_key = [\"SECRET\"]",
            "secret_kye = \"SECRET\"",
            "SECRET = 1",
            "SECRET",
            "\"SECRET\"",
            "sdkappid = \"SECRET\"",
            "sdkappid = 0xSECRET",
            "region = \"SECRET\"",
            "endpoint = \"https://SECRET@h\"",
            "identifier = \"SECRET\"",
            "timeout = \"SECRET\"",
            "expire = SECRET",
            "ca_file = \"SECRET\"",
            "secret_key_file = \"SECRET\"",
            "usersig_file = \"SECRET\"",
            "secret_key_command = [\"SECRET\"]",
            "secret_key_command = \"SECRET\"",
            "[profiles.SECRET",
            "[SECRET]",
            "secret_key = \"\"\"SECRET",
            "secret_key = \"SECRET\\q\"",
        ] {
            home.config(&format!(
                "[profiles.p]\n{}\n",
                line.replace("SECRET", &secret)
            ));
            for mode in ["-v", "-ojson"] {
                let run = kick(&port, &secret)
                    .home(&home)
                    .args("--profile p")
                    .args(mode);
                let done = run.stderr(any()).exits(3);
                assert!(done.stderr.contains("config.toml"), "{line}: {done}");
            }
        }
    }
}

#[test]
fn verbose_and_a_failing_service_show_no_secret() {
    let page = format!("<html>usersig={KEY}</html>");
    for (reply, code) in [
        (Reply::json(OK), 0),
        (Reply::json(&fail(70_009)), 4),
        (Reply::json(&fail(100_001)), 5),
        (Reply::http("502 Bad Gateway", "", &page), 5),
        (
            Reply::http("302 Found", &format!("Location: /?usersig={KEY}\r\n"), ""),
            5,
        ),
        (Reply::raw(""), 5),
    ] {
        for mode in ["-vv", "-vv -o json", "-q", "-v"] {
            let server = Server::answering([reply.clone()]);
            let run = server
                .kick("-r room-test -u user1 -m spam --retries 1")
                .args(mode);
            let done = run.stdout(any()).stderr(any()).exits(code);
            let target = server.requests().remove(0).target;
            let (_, query) = target.split_once('?').expect("a query");
            for part in query.split('&').filter(|part| part.len() > 12) {
                let value = part.split_once('=').map_or(part, |(_, value)| value);
                let shown = done.stderr.contains(part) || done.stdout.contains(part);
                assert!(!shown, "{part}: {done}");
                // `json` is the output format, too.
                let is_public =
                    ["administrator", "json"].contains(&value) || part.starts_with("sdkappid");
                assert!(is_public || !done.stderr.contains(value), "{part}: {done}");
            }
        }
    }
}

#[test]
fn dry_runs_and_help_show_no_secret() {
    let port = UntouchedPort::new();
    let sig = usersig();
    for mode in ["-n", "-n -vv", "-n -o json", "--help", "-h"] {
        kick(&port, &sig)
            .args(mode)
            .stdout(any())
            .stderr(any())
            .exits(0);
        let run = kick(&port, &sig)
            .env_remove("ROOMCTL_SECRET_KEY")
            .args(mode);
        run.env("ROOMCTL_USERSIG", &sig)
            .stdout(any())
            .stderr(any())
            .exits(0);
        let run = kick(&port, &sig).args(mode).arg("--usersig").arg(&sig);
        run.stdout(any()).stderr(any()).exits(0);
    }
}

/// Also in the commands of hints.
#[test]
fn no_setting_shows_a_signature_that_was_given_in_its_place() {
    let home = Home::new();
    let url = "https://x/v4/?sdkappid=1&usersig=eJwx*abc-_&random=3";
    for flag in [
        "--secret-key",
        "--secret-key-file",
        "--usersig",
        "--usersig-file",
        "--region",
        "--endpoint",
        "--sdkappid",
        "--identifier",
        "--ca-file",
        "--config",
        "--profile",
        "--timeout",
        "--expire",
        "--tls-roots",
        "--color",
        "--from",
        "--reason-file",
        "--rate-scope",
        "--unknown",
        "--max-members",
    ] {
        let run = Roomctl::new("kick -r a -u b -m c")
            .stderr(any())
            .home(&home)
            .arg(flag)
            .arg(url);
        let done = run.ends(&[2, 3]);
        assert!(!done.stderr.contains("eJwx"), "{flag}: {done}");
    }
    for text in [
        "abcd/efGH12+xyz0001=",
        "https://x/#eJwx",
        "-----BEGIN X-----",
    ] {
        for flag in ["--secret-key-file", "--usersig-file"] {
            let run = Roomctl::new("kick -r a -u b -m c")
                .stderr(any())
                .home(&home)
                .arg(format!("{flag}={text}"));
            let done = run.exits(3);
            let shows = ["abcd", "eJwx"]
                .into_iter()
                .any(|part| done.stderr.contains(part));
            assert!(!shows, "{flag}: {done}");
        }
    }
}
