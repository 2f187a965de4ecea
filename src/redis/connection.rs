//! One connection at a time to a Redis server: made when it is first needed, and made
//! anew after it broke.

use std::fmt;
use std::io::Write;
use std::time::{Duration, Instant};

use ::redis::{
    Cmd, ConnectionLike, FromRedisValue, Parser, RedisError, RedisResult, Script, Value, cmd,
};

use super::failure::Failure;
use super::url::RedisUrl;
use crate::api::{self, Dialer, Stream, TlsFailure, Transport};
use crate::clock::GivenDuration;

/// Limit of an answer. Also of slots that an answer brings: those of a later answer
/// would be too late.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_millis(500);

/// Longest time for a look-up, a connection and a handshake together.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// A server, and the open connection to it if there is one.
pub(crate) struct Connection {
    url: RedisUrl,
    transport: Transport,
    dialer: Dialer,
    open: Option<Open>,
}

/// A connection that is logged in.
struct Open {
    stream: Stream,
    parser: Parser,
}

impl Connection {
    /// Connects to nothing yet. Of `transport` the roots and the limit of a connection
    /// count.
    pub(crate) fn new(url: RedisUrl, transport: &Transport) -> Self {
        let limit = transport.connect_timeout.time();
        let transport = Transport {
            timeout: GivenDuration::from(CONNECT_LIMIT),
            connect_timeout: if limit < CONNECT_LIMIT {
                transport.connect_timeout.clone()
            } else {
                CONNECT_LIMIT.into()
            },
            ..transport.clone()
        };
        let dialer = Dialer::new(&url.host, url.port, url.is_tls, &transport);
        Self {
            url,
            transport,
            dialer,
            open: None,
        }
    }

    pub(crate) fn url(&self) -> &RedisUrl {
        &self.url
    }

    /// Whether the next call needs no new connection.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Runs a script, which the server gets if it does not have it. The limit holds for
    /// each of the three answers, so that a far server can be used.
    pub(crate) fn run<T: FromRedisValue>(
        &mut self,
        script: &Script,
        key: &str,
        arguments: &[String],
    ) -> Result<T, Failure> {
        let mut run = cmd("EVALSHA");
        run.arg(script.get_hash()).arg(1).arg(key).arg(arguments);
        match self.query(&run) {
            Err(failure) if failure.is_missing_script() => {
                self.with(|open| script.load(open))?;
                self.query(&run)
            }
            result => result,
        }
    }

    /// Runs a command.
    pub(crate) fn query<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, Failure> {
        self.with(|open| command.query(open))
    }

    /// Calls `work` with an open connection. A kept one may have been closed since: then
    /// `work` gets a new one. An answer that took too long is a failure although it came:
    /// a process that was stopped meanwhile would take it for a new one.
    fn with<T>(&mut self, work: impl Fn(&mut Open) -> RedisResult<T>) -> Result<T, Failure> {
        let kept = self.open.take();
        let is_kept = kept.is_some();
        let mut open = kept.map_or_else(|| self.connect(), Ok)?;
        let mut result = in_time(|| work(&mut open));
        if is_kept && result.as_ref().is_err_and(Failure::is_disconnect) {
            open = self.connect()?;
            result = in_time(|| work(&mut open));
        }
        if !result.as_ref().is_err_and(Failure::ends_connection) {
            self.open = Some(open);
        }
        result
    }

    /// Connects, logs in and selects the database, in one round trip after those of the
    /// connection.
    fn connect(&self) -> Result<Open, Failure> {
        let stream = match self.dialer.open() {
            Ok(stream) => stream,
            Err(api::Error::Tls {
                failure: TlsFailure::TimedOut { .. },
                ..
            }) if self.speaks_without_tls() => return Err(Failure::NoTls),
            Err(error) => return Err(Failure::NotConnected(error)),
        };
        let mut open = Open::new(stream);
        let commands = self.login();
        let packed: Vec<u8> = commands.iter().flat_map(Cmd::get_packed_command).collect();
        for answer in open.req_packed_commands(&packed, 0, commands.len())? {
            answer.extract_error()?;
        }
        Ok(open)
    }

    /// Whether the port answers without TLS. A Redis server without TLS waits for the end
    /// of the handshake as if it were a command, so the failure alone does not show it.
    fn speaks_without_tls(&self) -> bool {
        let plain = Dialer::new(&self.url.host, self.url.port, false, &self.transport);
        let Ok(stream) = plain.open() else {
            return false;
        };
        let answer = Open::new(stream).req_command(&cmd("PING"));
        // An error is an answer, too: a password may be missing.
        matches!(answer, Ok(Value::SimpleString(_) | Value::ServerError(_)))
    }

    fn login(&self) -> Vec<Cmd> {
        let mut commands = Vec::new();
        if let Some(password) = &self.url.password {
            let mut auth = cmd("AUTH");
            if let Some(user) = &self.url.user {
                auth.arg(user);
            }
            auth.arg(password.expose());
            commands.push(auth);
        }
        if self.url.database != 0 {
            let mut select = cmd("SELECT");
            select.arg(self.url.database);
            commands.push(select);
        }
        commands
    }
}

fn in_time<T>(work: impl FnOnce() -> RedisResult<T>) -> Result<T, Failure> {
    let begun = Instant::now();
    let result = work()?;
    if begun.elapsed() > ANSWER_LIMIT {
        return Err(Failure::TooLate(ANSWER_LIMIT));
    }
    Ok(result)
}

/// Without the connection and what it has received.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection({})", self.url)
    }
}

impl Open {
    fn new(stream: Stream) -> Self {
        Self {
            stream,
            parser: Parser::new(),
        }
    }

    fn send(&mut self, packed: &[u8]) -> RedisResult<()> {
        self.stream.set_limit(ANSWER_LIMIT);
        if packed.is_empty() {
            return Ok(());
        }
        self.stream.write_all(packed).map_err(RedisError::from)
    }

    fn receive(&mut self) -> RedisResult<Value> {
        self.parser.parse_value(&mut self.stream)
    }
}

impl ConnectionLike for Open {
    fn req_packed_command(&mut self, packed: &[u8]) -> RedisResult<Value> {
        self.send(packed)?;
        self.receive()
    }

    fn req_packed_commands(
        &mut self,
        packed: &[u8],
        offset: usize,
        count: usize,
    ) -> RedisResult<Vec<Value>> {
        self.send(packed)?;
        for _ in 0..offset {
            self.receive()?;
        }
        (0..count).map(|_| self.receive()).collect()
    }

    fn get_db(&self) -> i64 {
        0
    }

    fn check_connection(&mut self) -> bool {
        cmd("PING").query::<Value>(self).is_ok()
    }

    fn is_open(&self) -> bool {
        true
    }
}

#[cfg(test)]
#[path = "far_server_tests.rs"]
mod far_server_tests;
#[cfg(test)]
#[path = "connection_tests.rs"]
mod tests;
