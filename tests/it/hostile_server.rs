//! A server that answers with anything but HTTP as it should be, as a table: what each
//! answer leads to. A job sends each of them to a room of its own.
//!
//! Only a whole answer that is a success counts as one. Every other answer came after
//! the request, so its member is `unknown`.

use std::collections::HashMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Done, Home, OK, Reply, Roomctl, Server, any};

pub(crate) const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// Kicks a member in a room for each of the answers, with one try.
pub(crate) fn kick(server: &Server, rooms: usize, words: &str) -> Roomctl {
    let home = Home::new();
    let row = |n| format!("{{\"RoomId\":\"r{n}\",\"Member_Account\":\"u\"}}\n");
    home.file("list.json", (0..rooms).map(row).collect::<String>());
    let kick = server.kick("-f list.json -m spam -o json --retries 0");
    let kick = kick.args(words).home(&home);
    kick.stdout(any()).stderr(any())
}

/// The outcome of each answer, by its number. The requests come in any order.
pub(crate) fn outcomes(server: &Server, done: &Done) -> HashMap<usize, String> {
    for request in server.requests() {
        let sig = request.target.split("usersig=").nth(1).expect("signed");
        let shown = format!("{}{}", done.stdout, done.stderr);
        assert!(!shown.contains(&sig[..24]), "the signature is shown");
    }
    let of_room: HashMap<_, _> = done
        .results()
        .into_iter()
        .map(|result| (result["RoomId"].clone(), result["Outcome"].clone()))
        .collect();
    let requests = server.requests().into_iter().enumerate();
    requests
        .map(|(number, request)| {
            let outcome = &of_room[&request.json_body()["RoomId"]];
            (number, outcome.as_str().expect("a text").to_owned())
        })
        .collect()
}

/// Every row is an answer's name, its bytes, and whether it is a success.
pub(crate) fn check(rows: &[(String, Vec<u8>, bool)]) {
    let replies = rows.iter().map(|(_, bytes, _)| Reply::raw(bytes.clone()));
    let server = Server::answering_all(replies.collect());
    let (code, done) = kick(&server, rows.len(), "").start().ended();
    let outcomes = outcomes(&server, &done);
    assert_eq!(outcomes.len(), rows.len(), "one try is one request: {done}");
    let mut wrong = Vec::new();
    for (number, (name, _, is_success)) in rows.iter().enumerate() {
        let expected = if *is_success { "removed" } else { "unknown" };
        if outcomes[&number] != expected {
            wrong.push(format!("{name}: {}", outcomes[&number]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let is_all = rows.iter().all(|(_, _, is_success)| *is_success);
    assert_eq!(code, Some(if is_all { 0 } else { 5 }), "{done}");
}

pub(crate) fn row(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    is_success: bool,
) -> (String, Vec<u8>, bool) {
    (name.to_owned(), bytes.into(), is_success)
}

/// With these more headers, and this body whatever they say.
pub(crate) fn with(headers: &str, body: &str) -> String {
    format!("{HEAD}{headers}Connection: close\r\n\r\n{body}")
}

#[test]
fn a_body_of_another_length_than_announced_is_unknown() {
    let right = OK.len();
    let mut rows = vec![
        row("no length", with("", OK), true),
        row("HTTP/1.0", format!("HTTP/1.0 200 OK\r\n\r\n{OK}"), true),
    ];
    for (length, is_success) in [
        (format!("{right}"), true),
        (format!("{}", right + 1), false),
        (format!("{}", right - 1), false),
        ("0".into(), false),
        ("18446744073709551615".into(), false),
        ("18446744073709551616".into(), false),
        (format!("-{right}"), false),
        (format!("0x{right:x}"), false),
        (format!("{right}, {}", right + 9), false),
        ("one".into(), false),
        (String::new(), false),
    ] {
        let bytes = with(&format!("Content-Length: {length}\r\n"), OK);
        rows.push(row(&format!("length {length:?}"), bytes, is_success));
    }
    let two = format!(
        "Content-Length: {right}\r\nContent-Length: {}\r\n",
        right - 9
    );
    rows.push(row("two lengths", with(&two, OK), false));
    check(&rows);
}

#[test]
fn chunks_that_are_not_whole_are_unknown() {
    let size = OK.len();
    let rows = [
        ("whole", format!("{size:x}\r\n{OK}\r\n0\r\n\r\n"), true),
        (
            "two",
            format!(
                "1\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                &OK[..1],
                size - 1,
                &OK[1..]
            ),
            true,
        ),
        (
            "extension",
            format!("{size:x};a=\"b\"\r\n{OK}\r\n0\r\n\r\n"),
            true,
        ),
        (
            "too long",
            format!("{:x}\r\n{OK}\r\n0\r\n\r\n", size + 1),
            false,
        ),
        (
            "too short",
            format!("{:x}\r\n{OK}\r\n0\r\n\r\n", size - 1),
            false,
        ),
        ("cut", format!("{size:x}\r\n{}", &OK[..9]), false),
        ("without the last", format!("{size:x}\r\n{OK}\r\n"), false),
        ("negative", format!("-{size:x}\r\n{OK}\r\n0\r\n\r\n"), false),
        ("with 0x", format!("0x{size:x}\r\n{OK}\r\n0\r\n\r\n"), false),
        ("not hex", format!("xyz\r\n{OK}\r\n0\r\n\r\n"), false),
        (
            "huge",
            format!("ffffffffffffffff\r\n{OK}\r\n0\r\n\r\n"),
            false,
        ),
        (
            "larger than huge",
            format!("1{size:016x}\r\n{OK}\r\n0\r\n\r\n"),
            false,
        ),
        ("no size", format!("\r\n{OK}\r\n0\r\n\r\n"), false),
        ("no chunks", OK.to_owned(), false),
        ("empty", "0\r\n\r\n".to_owned(), false),
    ];
    let rows = rows.map(|(name, body, is_success)| {
        row(
            name,
            with("Transfer-Encoding: chunked\r\n", &body),
            is_success,
        )
    });
    check(&rows);
}

#[test]
fn a_head_that_is_not_http_is_unknown() {
    let body = format!(
        "Content-Length: {}\r\nConnection: close\r\n\r\n{OK}",
        OK.len()
    );
    let rows = [
        ("HTTP/0.9", OK.to_owned(), false),
        ("HTTP/2.0", format!("HTTP/2.0 200 OK\r\n{body}"), false),
        ("no version", format!("200 OK\r\n{body}"), false),
        (
            "status of two digits",
            format!("HTTP/1.1 20 OK\r\n{body}"),
            false,
        ),
        (
            "status of four digits",
            format!("HTTP/1.1 2000 OK\r\n{body}"),
            false,
        ),
        (
            "status not a number",
            format!("HTTP/1.1 OK 200\r\n{body}"),
            false,
        ),
        ("no reason", format!("HTTP/1.1 200\r\n{body}"), true),
        (
            "another protocol",
            format!("RTSP/1.0 200 OK\r\n{body}"),
            false,
        ),
        ("NUL in a header", format!("{HEAD}X: a\0b\r\n{body}"), false),
        ("header without colon", format!("{HEAD}X\r\n{body}"), false),
        (
            "blank before the colon",
            format!("{HEAD}X : a\r\n{body}"),
            false,
        ),
        (
            "200 headers",
            format!("{HEAD}{}{body}", "X: a\r\n".repeat(200)),
            false,
        ),
        (
            "no empty line",
            format!("{HEAD}Content-Length: 9\r\n"),
            false,
        ),
        ("204", format!("HTTP/1.1 204 No Content\r\n{body}"), false),
        ("304", format!("HTTP/1.1 304 Not Modified\r\n{body}"), false),
        (
            "101",
            format!("HTTP/1.1 101 Switching Protocols\r\n{body}"),
            false,
        ),
        (
            "100 first",
            format!("HTTP/1.1 100 Continue\r\n\r\n{HEAD}{body}"),
            true,
        ),
        (
            "103 first",
            format!("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n{HEAD}{body}"),
            true,
        ),
    ];
    check(&rows.map(|(name, text, is_success)| row(name, text, is_success)));
}

#[test]
fn a_body_that_is_not_one_document_of_json_is_unknown() {
    let gzip = |bytes: &[u8]| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).expect("memory");
        gzip.finish().expect("memory")
    };
    let bomb = vec![b' '; 100 << 20];
    let utf16: Vec<u8> = OK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = |name: &str, body: &str, is_success| row(name, with("", body), is_success);
    let bytes = |name: &str, headers: &str, body: &[u8], is_success| {
        row(
            name,
            [with(headers, "").as_bytes(), body].concat(),
            is_success,
        )
    };
    let digits = "9".repeat(500_000);
    let deep = "{\"a\":".repeat(100_000);
    let encoded = "Content-Encoding: gzip\r\n";
    let status = r#""ActionStatus":"OK","#;
    check(&[
        text("two documents", &format!("{OK}\n{OK}"), false),
        text("a NUL after it", &format!("{OK}\0"), false),
        text("a NUL before it", &format!("\0{OK}"), false),
        text("a NUL in a text", &OK.replace("Id-1", "Id\0-1"), false),
        text("NaN", r#"{"ErrorCode":0,"A":NaN}"#, false),
        text("a comma at the end", r#"{"ErrorCode":0,}"#, false),
        text("never closed", &format!("{{{status}\"A\":{deep}"), false),
        text(
            "many digits",
            &format!("{{\"A\":{digits},{status}\"ErrorCode\":0}}"),
            true,
        ),
        text(
            "as many in the code",
            &format!("{{{status}\"ErrorCode\":{digits}}}"),
            false,
        ),
        text(
            "an escaped key",
            r#"{"Error\u0043ode":0,"ActionStatus":"OK"}"#,
            true,
        ),
        text(
            "another case",
            r#"{"errorcode":0,"ActionStatus":"OK"}"#,
            false,
        ),
        text(
            "two codes",
            r#"{"ErrorCode":0,"ErrorCode":1,"ActionStatus":"OK"}"#,
            false,
        ),
        text(
            "two codes, escaped",
            r#"{"ErrorCode":0,"Error\u0043ode":1}"#,
            false,
        ),
        text(
            "status, escaped",
            r#"{"ErrorCode":0,"Action\u0053tatus":"FAIL"}"#,
            false,
        ),
        bytes(
            "invalid UTF-8 in a text",
            "",
            &OK.as_bytes().replace_id(b"\xff\xfe"),
            true,
        ),
        bytes(
            "invalid UTF-8 after it",
            "",
            &[OK.as_bytes(), b"\xff"].concat(),
            false,
        ),
        bytes("UTF-16", "", &utf16, false),
        bytes("gzip", encoded, &gzip(OK.as_bytes()), false),
        bytes("a bomb", encoded, &gzip(&bomb), false),
    ]);
}

trait ReplaceId {
    fn replace_id(&self, by: &[u8]) -> Vec<u8>;
}

impl ReplaceId for [u8] {
    /// With other bytes in place of the `RequestId`.
    fn replace_id(&self, by: &[u8]) -> Vec<u8> {
        let at = self.windows(4).position(|part| part == b"Id-1");
        let at = at.expect("a RequestId");
        [&self[..at], by, &self[at + 4..]].concat()
    }
}
