//! The request log: one JSON line per request, written as it arrives.
//!
//! `ArrivalNs` counts from the sandbox's start and never goes back, so rates
//! can be computed from it. A line never holds a query string, for that is a
//! secret.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::auth::{Request, command_of};

/// Where the lines go. Each is one write, flushed at once: a reader never
/// meets half of one, and nothing is lost when the process is killed.
pub(super) struct Log {
    sink: Box<dyn Write + Send>,
    /// After a line that could not be written, no more are: a log with holes
    /// would be taken for a whole one.
    failed: bool,
}

/// One request as the log tells it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Line<'a> {
    /// Nanoseconds since the start.
    pub(super) arrival_ns: u64,
    /// Which connection, counted from 1.
    pub(super) connection: u64,
    /// The call, null where the path names none.
    pub(super) command: Option<&'static str>,
    /// Of the body, null where it names none.
    pub(super) room_id: Option<String>,
    /// Of the body, empty where it names none.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<String>,
    /// The code that the client can read; where a fault leaves none, its name.
    pub(super) answer: Value,
    /// The fault that struck.
    pub(super) fault: Option<String>,
    /// Who was in the room and is not any more.
    pub(super) removed: &'a [String],
}

/// What a request is about, as far as it says so.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) command: Option<&'static str>,
    pub(super) room: Option<String>,
    pub(super) members: Vec<String>,
}

impl Log {
    pub(super) fn new(sink: Box<dyn Write + Send>) -> Self {
        Self {
            sink,
            failed: false,
        }
    }

    /// Whether a line could not be written.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn write(&mut self, line: &Line<'_>) {
        if !self.failed {
            self.failed = self.try_write(line).is_err();
        }
    }

    fn try_write(&mut self, line: &Line<'_>) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.sink.write_all(&bytes)?;
        self.sink.flush()
    }
}

impl Subject {
    /// Reads it without judging: refused and dropped requests are logged too.
    pub(super) fn of(request: &Request<'_>) -> Self {
        let body: Value = serde_json::from_slice(request.body).unwrap_or_default();
        let members = body["MemberList_Account"].as_array();
        let texts = members.into_iter().flatten().filter_map(Value::as_str);
        Self {
            command: command_of(request.target).map(super::calls::Command::name),
            room: body["RoomId"].as_str().map(ToOwned::to_owned),
            members: texts.map(ToOwned::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Sender, channel};

    struct Lines(Sender<Vec<u8>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let sent = self.0.send(bytes.to_vec());
            sent.map(|()| bytes.len())
                .map_err(|_| io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(removed: &[String]) -> Line<'_> {
        Line {
            arrival_ns: 5,
            connection: 1,
            command: Some("kick_user_out"),
            room_id: Some("r".into()),
            members: vec!["a".into()],
            answer: 0.into(),
            fault: None,
            removed,
        }
    }

    #[test]
    fn each_request_is_one_line_in_one_write() {
        let (sender, lines) = channel();
        let mut log = Log::new(Box::new(Lines(sender)));
        log.write(&line(&["a".into()]));
        assert_eq!(
            lines.recv().expect("a line"),
            b"{\"ArrivalNs\":5,\"Connection\":1,\"Command\":\"kick_user_out\",\"RoomId\":\"r\",\
              \"MemberList_Account\":[\"a\"],\"Answer\":0,\"Fault\":null,\"Removed\":[\"a\"]}\n"
        );
        drop(lines);
        assert!(!log.has_failed());
        log.write(&line(&[]));
        assert!(log.has_failed());
    }

    #[test]
    fn the_subject_is_read_from_whatever_came() {
        let subject = |target, body| {
            Subject::of(&Request {
                method: "POST",
                target,
                body,
            })
        };
        let path = "/v4/room_engine_http_srv/kick_user_out?usersig=canary";
        let whole = subject(path, br#"{"RoomId":"r","MemberList_Account":["a",7]}"#);
        assert_eq!(whole.command, Some("kick_user_out"));
        assert_eq!(
            (whole.room.as_deref(), whole.members),
            (Some("r"), vec!["a".to_owned()])
        );
        assert_eq!(subject("/", b"[1"), Subject::default());
    }
}
