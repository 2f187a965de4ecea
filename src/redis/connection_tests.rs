//! Tests of the connection: bad servers, and a real one.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use rustix::process::Signal;

use ureq::tls::{PemItem, parse_pem};

use super::*;
use crate::api::Roots;
use crate::exit::Exit;
use crate::redis::test_server::RedisServer;

const MARKER: &str = "mArKeR";

fn connection(url: &str) -> Connection {
    connection_trusting(url, Roots::Bundled)
}

fn connection_trusting(url: &str, roots: Roots) -> Connection {
    let url = RedisUrl::parse(url).expect(url);
    let transport = Transport {
        roots,
        ..Transport::default()
    };
    Connection::new(url, &transport)
}

/// What the user gets for a failed command: exit code, message, hint. Nothing of it has
/// the password.
fn problem(connection: &mut Connection, command: &mut Cmd) -> (Exit, String, String) {
    let answer = connection.query::<Value>(command);
    let failure = answer.expect_err("it fails");
    let problem = failure.problem(connection.url());
    let shown = format!("{problem:?} {failure:?} {connection:?}");
    assert!(!shown.contains(MARKER), "{shown}");
    (problem.exit, problem.message, problem.hint)
}

#[track_caller]
fn refused(url: &str, command: &mut Cmd, exit: Exit, message: &str, hint: &str) {
    let (code, text, remedy) = problem(&mut connection(url), command);
    assert_eq!(code, exit, "{text}");
    assert!(text.contains(message), "{text}");
    assert!(remedy.contains(hint), "{remedy}");
}

fn ping() -> Cmd {
    cmd("PING")
}

#[test]
fn user_password_and_database_of_the_url_are_used() {
    let options = [
        "--requirepass",
        "a@b/ü",
        "--user",
        "me",
        "on",
        ">mArKeR",
        "~*",
        "+@all",
    ];
    let Some(server) = RedisServer::start_with(&options, Some("a@b/ü")) else {
        return;
    };
    let port = server.port();
    let mut default = connection(&format!("redis://:a%40b%2F%C3%BC@127.0.0.1:{port}/3"));
    let text: String = default.query(cmd("CLIENT").arg("INFO")).expect("an answer");
    assert!(
        text.contains(" user=default ") && text.contains(" db=3 "),
        "{text}"
    );
    let mut me = connection(&format!("redis://me:{MARKER}@127.0.0.1:{port}"));
    let name: String = me.query(cmd("ACL").arg("WHOAMI")).expect("an answer");
    assert_eq!(name, "me");
}

#[test]
fn a_wrong_account_is_a_problem_of_the_settings() {
    let options = [
        "--requirepass",
        "right",
        "--user",
        "poor",
        "on",
        ">mArKeR",
        "+ping",
    ];
    let Some(server) = RedisServer::start_with(&options, Some("right")) else {
        return;
    };
    let at = |account: &str| format!("redis://{account}127.0.0.1:{}", server.port());
    let wrong = |url: String, command: &mut Cmd, message, hint| {
        refused(&url, command, Exit::Config, message, hint);
    };
    wrong(
        at(&format!(":{MARKER}@")),
        &mut ping(),
        "WRONGPASS",
        "check the password",
    );
    wrong(
        at(&format!("{MARKER}:{MARKER}@")),
        &mut ping(),
        "WRONGPASS",
        "check user and",
    );
    wrong(at(""), &mut ping(), "NOAUTH", "redis://:PASSWORD@HOST");
    wrong(
        at(&format!("poor:{MARKER}@")),
        cmd("SET").arg("a").arg("b"),
        "NOPERM",
        "ACL SETUSER poor ~roomctl:rate:* +eval",
    );
    wrong(
        at(":right@") + "/99",
        &mut ping(),
        "DB index",
        "a smaller number",
    );
}

#[test]
fn a_password_for_a_server_without_one_is_named() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let url = format!("redis://:{MARKER}@127.0.0.1:{}", server.port());
    let hint = "remove user and password";
    refused(
        &url,
        &mut ping(),
        Exit::Config,
        "without any password",
        hint,
    );
}

#[test]
fn what_a_server_in_trouble_answers_has_its_own_hint() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let url = server.url();
    let mut set = cmd("SET");
    set.arg("a").arg("b");
    server.command("CONFIG SET maxmemory 1");
    refused(&url, &mut set, Exit::Unreachable, "OOM", "maxmemory");
    server.command("CONFIG SET maxmemory 0");
    server.command("CONFIG SET maxclients 1");
    // This connection is the second one, and the server's own socket the first.
    let held = connection(&url).query::<Value>(&ping());
    assert!(held.is_ok(), "{held:?}");
    let mut first = connection(&url);
    first.query::<Value>(&ping()).expect("an answer");
    let (message, hint) = ("max number of clients", "maxclients");
    refused(&url, &mut ping(), Exit::Unreachable, message, hint);
    drop(first);
    server.command("REPLICAOF 127.0.0.1 1");
    refused(
        &url,
        &mut set,
        Exit::Config,
        "READONLY",
        "address of the primary",
    );
}

/// A server that answers each connection with this and closes it.
fn other_server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(answer);
        }
    });
    format!("redis://{address}")
}

#[test]
fn answers_of_other_states_and_other_servers_are_told_apart() {
    use Exit::{Config, Unreachable};
    for (answer, exit, message, hint) in [
        (
            "HTTP/1.1 400 Bad Request\r\n\r\n",
            Config,
            "not that of a Redis",
            "something else",
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n",
            Config,
            "not that of a Redis",
            "something else",
        ),
        ("$x\r\n", Config, "not that of a Redis", "something else"),
        (
            "-LOADING Redis is loading\r\n",
            Unreachable,
            "LOADING",
            "PONG",
        ),
        (
            "-MISCONF Redis is\r\n",
            Unreachable,
            "MISCONF",
            "stop-writes-on-bgsave-error",
        ),
        (
            "-CLUSTERDOWN Hash slot\r\n",
            Unreachable,
            "CLUSTERDOWN",
            "redis-cli info",
        ),
        (
            "-MOVED 1 10.0.0.2:6379\r\n",
            Config,
            "10.0.0.2:6379",
            "Redis Cluster",
        ),
        (
            "-DENIED Redis is running\r\n",
            Config,
            "DENIED",
            "protected mode",
        ),
        (
            "-ERR unknown command\r\n",
            Config,
            "unknown command",
            "Redis 5 or later",
        ),
        ("-ERR strange\r\n", Config, "strange", "Redis 5 or later"),
        ("", Unreachable, "ended before an answer", "rediss://"),
        ("+PO", Unreachable, "ended before an answer", "rediss://"),
    ] {
        refused(
            &other_server(answer.as_bytes()),
            &mut ping(),
            exit,
            message,
            hint,
        );
    }
}

#[test]
fn a_server_that_repeats_the_password_is_not_quoted() {
    for answer in [
        "-ERR unknown command 'AUTH', with args beginning with: 'mArKeR' \r\n",
        "-ERR unknown command mArKeR\r\n",
    ] {
        let url = other_server(answer.as_bytes()).replace("://", &format!("://:{MARKER}@"));
        let hint = "EVAL, EVALSHA";
        refused(&url, &mut ping(), Exit::Config, "unknown command", hint);
    }
    let old = "-ERR wrong number of arguments for 'auth' command\r\n";
    let url = other_server(old.as_bytes()).replace("://", &format!("://me:{MARKER}@"));
    refused(&url, &mut ping(), Exit::Config, "'auth'", "before Redis 6");
}

#[test]
fn a_server_that_cannot_be_reached_is_down() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("redis://{}", listener.local_addr().expect("an address"));
    // It accepts, and says nothing.
    let (message, hint) = ("no answer within 500ms", "--rate-scope process");
    refused(&url, &mut ping(), Exit::Unreachable, message, hint);
    drop(listener);
    refused(
        &url,
        &mut ping(),
        Exit::Unreachable,
        "refused",
        "bind and port",
    );
    let hint = "host name in the URL";
    refused(
        "redis://a.invalid",
        &mut ping(),
        Exit::Unreachable,
        "cannot resolve",
        hint,
    );
}

#[test]
fn tls_to_a_port_without_tls_is_told() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let url = format!("rediss://127.0.0.1:{}", server.port());
    let hint = format!("write redis://127.0.0.1:{}", server.port());
    refused(&url, &mut ping(), Exit::Config, "does not speak TLS", &hint);
}

#[test]
fn a_kept_connection_that_was_closed_is_made_anew() {
    let Some(mut server) = RedisServer::start() else {
        return;
    };
    let mut connection = connection(&server.url());
    let script = Script::new("return redis.call('INCR', KEYS[1])");
    let mut run = || connection.run::<i64>(&script, "key", &[]);
    assert_eq!(run().expect("an answer"), 1);
    server.command("CLIENT KILL TYPE normal SKIPME yes");
    assert_eq!(run().expect("an answer"), 2);
    server.command("SCRIPT FLUSH");
    assert_eq!(run().expect("an answer"), 3);
    server.end();
    assert!(matches!(run(), Err(Failure::NotConnected(_))));
    server.start_again();
    assert_eq!(run().expect("an answer"), 1);
}

#[test]
fn an_answer_that_comes_too_late_is_no_answer() {
    let Some(server) = RedisServer::start() else {
        return;
    };
    let mut connection = connection(&server.url());
    connection.query::<Value>(&ping()).expect("an answer");
    server.signal(Signal::STOP);
    let (exit, message, _) = problem(&mut connection, &mut ping());
    assert_eq!(exit, Exit::Unreachable);
    assert!(message.contains("no answer within 500ms"), "{message}");
    server.signal(Signal::CONT);
    // Not the answer to the one before.
    let echo: String = connection.query(cmd("ECHO").arg("x")).expect("an answer");
    assert_eq!(echo, "x");
}

#[test]
fn tls_trusts_the_roots_of_the_transport_and_no_others() {
    let Some((server, ca)) = RedisServer::start_tls() else {
        return;
    };
    let authority = parse_pem(ca.as_bytes()).find_map(|item| match item {
        Ok(PemItem::Certificate(one)) => Some(one),
        _ => None,
    });
    let roots = Roots::BundledAnd(vec![authority.expect("a certificate")]);
    let port = server.port();
    for host in ["127.0.0.1", "localhost"] {
        let url = format!("rediss://{host}:{port}/2");
        let mut trusting = connection_trusting(&url, roots.clone());
        let text: String = trusting
            .query(cmd("CLIENT").arg("INFO"))
            .expect("an answer");
        assert!(text.contains(" db=2 "), "{text}");
        let hint = "--ca-file";
        refused(&url, &mut ping(), Exit::Config, "not trusted", hint);
    }
    let url = format!("redis://127.0.0.1:{port}");
    refused(
        &url,
        &mut ping(),
        Exit::Unreachable,
        "ended before",
        "rediss://",
    );
}
