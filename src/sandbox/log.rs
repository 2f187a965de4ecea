//! The request log: one JSON line per request, written at its arrival.
//!
//! `ArrivalNs` counts from the sandbox's start with a monotonic clock, so rates can
//! be computed from it. A line does not contain the query string, which is a
//! secret.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::auth::call_of;
use super::calls::Call;
use super::request::Request;

/// Writes the lines. Each is one write and flushed at once, so that a reader never
/// sees half a line and a killed process loses none.
pub(super) struct Log {
    sink: Box<dyn Write + Send>,
    /// After a failed write nothing more is written: a log with a gap would look
    /// complete.
    failed: bool,
}

/// One line of the log.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LogLine<'a> {
    /// Since the start of the sandbox.
    pub(super) arrival_ns: u64,
    /// Number of the connection, from 1.
    pub(super) connection: u64,
    /// `None` if the path names no call.
    pub(super) command: Option<&'static str>,
    /// From the body; `None` if it has none.
    pub(super) room_id: Option<String>,
    /// From the body.
    #[serde(rename = "MemberList_Account")]
    pub(super) members: Vec<String>,
    /// The code that the client gets, or the name of the fault that hides it.
    pub(super) answer: Value,
    /// The injected fault.
    pub(super) fault: Option<String>,
    /// The members that the request removed.
    pub(super) removed: &'a [String],
}

/// What the log contains about a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LoggedRequest {
    pub(super) call: Option<&'static str>,
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

    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(super) fn write(&mut self, line: &LogLine<'_>) {
        if !self.failed {
            self.failed = self.try_write(line).is_err();
        }
    }

    fn try_write(&mut self, line: &LogLine<'_>) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.sink.write_all(&bytes)?;
        self.sink.flush()
    }
}

impl LoggedRequest {
    /// Reads it without checks: refused and dropped requests are logged, too.
    pub(super) fn of(request: &Request) -> Self {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let members = body["MemberList_Account"].as_array();
        let texts = members.into_iter().flatten().filter_map(Value::as_str);
        Self {
            call: call_of(&request.target).map(Call::name),
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

    fn line(removed: &[String]) -> LogLine<'_> {
        LogLine {
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
    fn the_subject_is_read_from_any_request() {
        let subject = |target: &str, body: &[u8]| {
            LoggedRequest::of(&Request {
                target: target.into(),
                body: body.into(),
                ..Request::default()
            })
        };
        let path = "/v4/room_engine_http_srv/kick_user_out?usersig=canary";
        let whole = subject(path, br#"{"RoomId":"r","MemberList_Account":["a",7]}"#);
        assert_eq!(whole.call, Some("kick_user_out"));
        assert_eq!(
            (whole.room.as_deref(), whole.members),
            (Some("r"), vec!["a".to_owned()])
        );
        assert_eq!(subject("/", b"[1"), LoggedRequest::default());
    }
}
