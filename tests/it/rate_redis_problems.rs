//! `--rate-scope redis://…` that cannot be used at the start of a job: nothing is sent,
//! the exit code says whether it is wrong or down, and nothing shows the password.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::readme::{blocks, readme};
use crate::support::{
    Authority, DeadPort, Home, RedisServer, Roomctl, Sandbox, UntouchedPort, any, has,
};

const MARKER: &str = "mArKeR-of-the-password";

/// A kick that sends nothing; its scope is in the variable.
fn kick(sandbox: &Sandbox, scope: &str) -> Roomctl {
    let kick = sandbox.kick("--room room-test --user user1 -m spam");
    kick.env("ROOMCTL_RATE_SCOPE", scope).secret(MARKER)
}

#[track_caller]
fn refused(scope: &str, exit: i32, words: [&str; 2]) {
    let sandbox = Sandbox::untouched();
    let kick = kick(&sandbox, scope);
    kick.stderr(has(words)).exits(exit);
}

#[test]
fn a_server_that_is_down_is_exit_5_and_one_that_is_wrong_is_exit_3() {
    let port = DeadPort::refusing();
    let scope = format!("redis://:{MARKER}@{}", port.address());
    refused(
        &scope,
        5,
        ["refused", "hint: check that the Redis server runs"],
    );
    let port = DeadPort::silent();
    let scope = format!("redis://:{MARKER}@{}", port.address());
    refused(
        &scope,
        5,
        ["no answer within 500ms", "--rate-scope process"],
    );
    let scope = format!("redis://:{MARKER}@nowhere.invalid");
    refused(
        &scope,
        5,
        ["cannot resolve nowhere.invalid", "hint: check the host"],
    );
    let http = TcpListener::bind("127.0.0.1:0").expect("a port");
    let scope = format!("redis://{}", http.local_addr().expect("an address"));
    thread::spawn(move || {
        let (mut stream, _) = http.accept().expect("a connection");
        let answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(answer).expect("written");
        // Until the other end closes.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    refused(
        &scope,
        3,
        ["not that of a Redis server", "hint: check host and port"],
    );
}

#[test]
fn a_wrong_password_or_a_missing_right_is_exit_3() {
    let options = [
        "--requirepass",
        "right",
        "--user",
        "poor",
        "on",
        ">pw",
        "+ping",
    ];
    let Some(server) = RedisServer::start_with(&options, Some("right")) else {
        return;
    };
    let at = |account: &str| format!("redis://{account}127.0.0.1:{}", server.port());
    let wrong = at(&format!(":{MARKER}@"));
    refused(&wrong, 3, ["WRONGPASS", "hint: check the password"]);
    refused(&at(""), 3, ["NOAUTH", "hint: the server wants a password"]);
    refused(&at("poor:pw@"), 3, ["NOPERM", "hint: allow the user"]);
}

#[test]
fn a_wrong_url_is_a_problem_with_a_remedy_and_without_the_password() {
    for url in [
        format!("redis://:{MARKER}@"),
        format!("redis://{MARKER}@h"),
        format!("redis://:{MARKER}@h:port"),
        format!("redis://:{MARKER}@h/x"),
        format!("redis://:{MARKER}%ff@h"),
        format!("http://:{MARKER}@h"),
        format!("redis:/:{MARKER}@h"),
    ] {
        refused(&url, 3, ["ROOMCTL_RATE_SCOPE", "hint: "]);
        let sandbox = Sandbox::untouched();
        let kick = sandbox.kick("--room room-test --user user1 -m spam");
        let kick = kick.arg("--rate-scope").arg(&url).secret(MARKER);
        kick.stderr(has(["--rate-scope", "hint: "])).exits(2);
    }
}

#[test]
fn a_password_works_from_a_variable_and_a_profile_and_is_shown_nowhere() {
    let Some(server) = RedisServer::start_with(&["--requirepass", MARKER], Some(MARKER)) else {
        return;
    };
    let url = format!("redis://:{MARKER}@127.0.0.1:{}/1", server.port());
    let shown = format!("redis://[redacted]@127.0.0.1:{}/1", server.port());
    let sandbox = Sandbox::demo();
    let home = Home::new();
    let audit = home.path().join("audit");
    let journal = home.path().join("journal");
    let kick = kick(&sandbox, &url).args("-vv --journal").arg(&journal);
    let kick = kick.arg("--audit").arg(&audit).home(&home);
    kick.stdout(any()).stderr(has([&shown])).exits(0);
    for file in [journal, audit] {
        let text = std::fs::read_to_string(file).expect("the file");
        assert!(!text.contains(MARKER), "{text}");
    }
    home.config(&format!("[profiles.p]\nrate_scope = \"{url}\"\n"));
    let words = "--room room-test --user user2 -m spam --profile p -vv";
    let kick = sandbox.kick(words).home(&home).secret(MARKER);
    kick.stdout(any()).stderr(has([&shown])).exits(0);
    let show = Roomctl::new("profile show p").home(&home).secret(MARKER);
    show.stdout(has([&shown])).exits(0);
    // On the command line it works, and is warned of.
    let kick = sandbox.kick("--room room-test --user user3 -m spam");
    let kick = kick.arg("--rate-scope").arg(&url).secret(MARKER);
    let warned = has(["warning: --rate-scope: others can see the password"]);
    kick.stdout(any()).stderr(warned).exits(0);
}

#[test]
fn tls_trusts_the_ca_file() {
    let Some((server, ca)) = RedisServer::start_tls() else {
        return;
    };
    let home = Home::new();
    let ca = home.file("ca.pem", ca);
    let scope = format!("rediss://localhost:{}", server.port());
    let sandbox = Sandbox::demo();
    let trusting = kick(&sandbox, &scope).arg("--ca-file").arg(ca);
    trusting.stdout(any()).stderr(any()).exits(0);
    refused(&scope, 3, ["not trusted", "--ca-file"]);
    let other = Authority::new().file(&home);
    let sandbox = Sandbox::untouched();
    let wrong = kick(&sandbox, &scope).arg("--ca-file").arg(other);
    wrong
        .stderr(has(["not trusted", "the CA file needs"]))
        .exits(3);
    let plain = format!("redis://localhost:{}", server.port());
    refused(&plain, 5, ["ended before an answer", "rediss://"]);
}

#[test]
fn tls_to_a_port_without_tls_is_exit_3() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let scope = format!("rediss://:{MARKER}@127.0.0.1:{}", server.port());
    let hint = format!("hint: write redis://127.0.0.1:{}", server.port());
    refused(&scope, 3, ["does not speak TLS", &hint]);
}

#[test]
fn a_dry_run_opens_no_socket_to_the_server() {
    let port = UntouchedPort::new();
    let scope = port
        .endpoint()
        .replace("http://", &format!("redis://:{MARKER}@"));
    let sandbox = Sandbox::untouched();
    let dry = kick(&sandbox, &scope).args("--dry-run -vv");
    dry.stdout(any()).stderr(any()).exits(0);
}

#[test]
fn doctor_checks_the_server_and_its_script_and_reserves_nothing() {
    let Some(server) = RedisServer::start_with(&["--requirepass", MARKER], Some(MARKER)) else {
        return;
    };
    let sandbox = Sandbox::demo();
    let doctor = |scope: &str| {
        let doctor = sandbox.roomctl("doctor").secret(MARKER);
        doctor.env("ROOMCTL_RATE_SCOPE", scope)
    };
    let scope = format!("redis://:{MARKER}@127.0.0.1:{}", server.port());
    let found = has([
        "rate_scope",
        " ms  redis://[redacted]@",
        "(Redis ",
        "not in use",
    ]);
    doctor(&scope).stdout(found).stderr(any()).exits(0);
    assert_eq!(server.command("DBSIZE"), ":0");
    let scope = format!("redis://127.0.0.1:{}", server.port());
    let found = has(["rate_scope", "NOAUTH", "the server wants a password"]);
    doctor(&scope).stdout(found).stderr(any()).exits(3);
}

#[test]
fn the_profile_and_the_rights_of_the_readme_are_right() {
    let is_of_redis = |block: &String| block.contains("rediss://");
    let profile = blocks(&readme(), "toml").into_iter().find(is_of_redis);
    let home = Home::new();
    home.config(&profile.expect("a profile"));
    let show = Roomctl::new("profile show prod").home(&home);
    let shown = has(["rediss://[redacted]@redis.example:6380/0"]);
    show.stdout(shown).exits(0);
    let Some(server) = RedisServer::start() else {
        return;
    };
    let readme = readme();
    let rights = readme.lines().find(|line| line.starts_with("ACL SETUSER "));
    let rights = rights.expect("rights").replace("PASSWORD", "pw");
    assert_eq!(server.command(&rights), "+OK");
    let scope = format!("redis://roomctl:pw@127.0.0.1:{}", server.port());
    let sandbox = Sandbox::demo();
    let kick = kick(&sandbox, &scope);
    kick.stdout(any()).stderr(any()).exits(0);
}
