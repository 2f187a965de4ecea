//! Why a Redis server does not do what it was asked: each cause with its exit code and
//! its remedy.

use std::fmt;
use std::io;
use std::time::Duration;

use ::redis::{ErrorKind, RedisError, ServerErrorKind};

use super::url::RedisUrl;
use crate::api;
use crate::clock::GivenDuration;
use crate::error::Problem;
use crate::exit::Exit;
use crate::secret::Password;

/// A command, or the connection for it, failed.
pub(crate) enum Failure {
    /// There is no connection.
    NotConnected(api::Error),
    /// The port is one without TLS, and the URL wants TLS.
    NoTls,
    /// The server answered with an error, or not at all.
    Refused(RedisError),
    /// The answer is not that of the script.
    OtherAnswer,
    /// The answer took too long to be of use.
    TooLate(Duration),
}

/// Without the server's words, which may repeat a password.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected(error) => write!(f, "NotConnected({error:?})"),
            Self::Refused(error) => write!(f, "Refused({:?})", error.kind()),
            Self::NoTls => f.write_str("NoTls"),
            Self::OtherAnswer => f.write_str("OtherAnswer"),
            Self::TooLate(limit) => write!(f, "TooLate({limit:?})"),
        }
    }
}

impl From<RedisError> for Failure {
    fn from(error: RedisError) -> Self {
        Self::Refused(error)
    }
}

/// What a failure is for the user.
struct Explained {
    exit: Exit,
    why: String,
    remedy: String,
}

impl Failure {
    /// Exit 3 if something must be changed, exit 5 if it may pass.
    pub(crate) fn problem(&self, url: &RedisUrl) -> Problem {
        let Explained { exit, why, remedy } = match self {
            Self::NotConnected(error) => not_connected(error, url),
            Self::NoTls => without_tls("the port does not speak TLS".into(), url),
            Self::Refused(error) => refused(error, url),
            Self::OtherAnswer => wrong("the answer is not that of the script", other_protocol(url)),
            Self::TooLate(limit) => no_answer(*limit),
        };
        let message = format!("--rate-scope {url}: {why}");
        Problem::new(exit, message, remedy)
    }

    /// Whether the other end closed the connection.
    pub(super) fn is_disconnect(&self) -> bool {
        matches!(self, Self::Refused(error) if error.is_connection_dropped())
    }

    /// Whether the server does not have the script: at its first use, after a restart,
    /// and after SCRIPT FLUSH.
    pub(super) fn is_missing_script(&self) -> bool {
        let missing = ErrorKind::Server(ServerErrorKind::NoScript);
        matches!(self, Self::Refused(error) if error.kind() == missing)
    }

    /// Whether the connection is of no more use. After an error of the server it is
    /// still in order.
    pub(super) fn ends_connection(&self) -> bool {
        match self {
            Self::NotConnected(_) | Self::NoTls | Self::OtherAnswer | Self::TooLate(_) => true,
            Self::Refused(error) => {
                !matches!(error.kind(), ErrorKind::Server(_) | ErrorKind::Extension)
            }
        }
    }
}

/// What to do until the server is back, at the start of a job.
const OR_ALONE: &str = "or give --rate-scope process: then only this process keeps the rate";

fn wrong(why: impl Into<String>, remedy: impl Into<String>) -> Explained {
    Explained {
        exit: Exit::Config,
        why: why.into(),
        remedy: remedy.into(),
    }
}

fn down(why: impl Into<String>, remedy: &str) -> Explained {
    Explained {
        exit: Exit::Unreachable,
        why: why.into(),
        remedy: format!("{remedy}; {OR_ALONE}"),
    }
}

fn no_answer(limit: Duration) -> Explained {
    let limit = GivenDuration::from(limit);
    down(
        format!("no answer within {limit}"),
        "check that the server is not overloaded or stopped, and that it is near (redis-cli --latency)",
    )
}

fn not_connected(error: &api::Error, url: &RedisUrl) -> Explained {
    let why = error.to_string();
    match error {
        api::Error::Resolve { .. } => down(why, "check the host name in the URL, and the network"),
        api::Error::Connect {
            is_refused: true, ..
        } => down(
            why,
            "check that the Redis server runs and listens there (its settings bind and port), and the port in the URL",
        ),
        api::Error::Connect { .. } | api::Error::ConnectTimedOut { .. } => down(
            why,
            "check the network to the Redis server: routes, firewall, VPN, network policy",
        ),
        api::Error::Tls { failure, .. } => tls(why, failure, error, url),
        api::Error::ClockBefore1970 => wrong(why, "set this machine's clock (date -u shows it)"),
        _ => down(why, "check the Redis server and the network"),
    }
}

fn tls(why: String, failure: &api::TlsFailure, error: &api::Error, url: &RedisUrl) -> Explained {
    use api::TlsFailure::{Closed, NotTls, TimedOut, WrongName};
    match failure {
        TimedOut { .. } => down(why, "check the network to the Redis server, and its load"),
        NotTls { .. } | Closed { .. } => without_tls(why, url),
        WrongName { .. } => wrong(
            why,
            "write a name in the URL that the server's certificate has",
        ),
        _ => wrong(why, error.remedy().unwrap_or_default()),
    }
}

fn without_tls(why: String, url: &RedisUrl) -> Explained {
    let remedy = format!(
        "write redis://{} for a connection without TLS; or the port that is tls-port in the server's configuration",
        url.server()
    );
    wrong(why, remedy)
}

fn refused(error: &RedisError, url: &RedisUrl) -> Explained {
    let code = error.code().unwrap_or_default();
    let said = server_words(error, url);
    match (error.kind(), code) {
        (ErrorKind::Io, _) => lost(error, url),
        (ErrorKind::AuthenticationFailed, _) | (_, "WRONGPASS") => wrong(said, wrong_account(url)),
        (_, "NOAUTH") => wrong(
            said,
            "the server wants a password: redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST; better in ROOMCTL_RATE_SCOPE or in a profile than on the command line",
        ),
        (ErrorKind::Server(ServerErrorKind::NoPerm), _) => wrong(said, no_permission(url)),
        (ErrorKind::Server(ServerErrorKind::ReadOnly), _) => wrong(
            said,
            "this server is a replica: give the address of the primary",
        ),
        (ErrorKind::Server(ServerErrorKind::Moved | ServerErrorKind::Ask), _) => wrong(
            said,
            "this server is part of a Redis Cluster: give the address of the node that the message names",
        ),
        (ErrorKind::Parse | ErrorKind::UnexpectedReturnType, _) => wrong(
            "the answer is not that of a Redis server",
            other_protocol(url),
        ),
        (ErrorKind::Server(ServerErrorKind::BusyLoading), _) => down(
            said,
            "the server reads its data after a start: wait until redis-cli ping answers PONG",
        ),
        (_, "OOM") => down(
            said,
            "the server has no memory left: free some, raise maxmemory, or set a maxmemory-policy that evicts",
        ),
        (_, "MISCONF") => down(
            said,
            "the server cannot save its data: free its disk, or set stop-writes-on-bgsave-error no",
        ),
        (_, "MASTERDOWN" | "CLUSTERDOWN" | "TRYAGAIN" | "BUSY" | "NOREPLICAS") => {
            down(said, "wait until the server is well again (redis-cli info)")
        }
        (_, "WRONGTYPE") => wrong(
            said,
            "another program uses the key: give another database, redis://HOST:PORT/1, or delete the key",
        ),
        _ => refused_by_words(said),
    }
}

/// An error whose code does not show its cause.
fn refused_by_words(said: String) -> Explained {
    match &said {
        _ if said.contains("max number of clients") => down(
            said,
            "the server has too many connections: raise its maxclients, or end some",
        ),
        _ if said.contains("DENIED") => wrong(
            said,
            "the server is in protected mode: set a password (requirepass) and give it in the URL",
        ),
        _ if said.contains("without any password") => wrong(
            said,
            "the server has no password for its default user: remove user and password from the URL",
        ),
        _ if said.contains("arguments for 'auth'") => wrong(
            said,
            "a server before Redis 6 has no users: write redis://:PASSWORD@HOST",
        ),
        _ if said.contains("DB index") => wrong(
            said,
            "write a smaller number of the database in the URL, or none: redis://HOST:PORT/0",
        ),
        _ if said.contains("unknown command") => wrong(
            said,
            "roomctl needs EVAL, EVALSHA and SCRIPT LOAD of Redis 5 or later, or of Valkey",
        ),
        _ => wrong(
            said,
            "roomctl needs Redis 5 or later, or Valkey, with Lua scripts; roomctl doctor checks it",
        ),
    }
}

/// The connection ended before an answer.
fn lost(error: &RedisError, url: &RedisUrl) -> Explained {
    use std::error::Error as _;
    let io = error
        .source()
        .and_then(|why| why.downcast_ref::<io::Error>());
    let kind = io.map_or(io::ErrorKind::Other, io::Error::kind);
    let is_timeout = error.is_timeout() || kind == io::ErrorKind::TimedOut;
    if is_timeout {
        return no_answer(super::connection::ANSWER_LIMIT);
    }
    let hint = if url.is_tls {
        "check that the server runs, and its log"
    } else {
        "check that the server runs, and its log; a port for TLS (tls-port) needs rediss://"
    };
    down(
        format!("the connection ended before an answer ({error})"),
        hint,
    )
}

/// The server's words. Those about an unknown command repeat its arguments, and a server
/// may not know `AUTH`.
fn server_words(error: &RedisError, url: &RedisUrl) -> String {
    let words = match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => error.to_string(),
    };
    let words = words.split(", with args").next().unwrap_or_default();
    let password = url.password.as_ref().map_or("", Password::expose);
    let words = if password.len() < SHORTEST_REDACTED {
        words.to_owned()
    } else {
        words.replace(password, "[redacted]")
    };
    crate::secret::scrub(&words)
}

/// A shorter text is part of ordinary words.
const SHORTEST_REDACTED: usize = 3;

fn wrong_account(url: &RedisUrl) -> &'static str {
    match url.user {
        Some(_) => {
            "check user and password in the URL, special characters percent-encoded (%40 for @); ACL WHOAMI and ACL LIST in redis-cli show the users"
        }
        None => {
            "check the password in the URL, special characters percent-encoded (%40 for @); a user other than default is written redis://USER:PASSWORD@HOST"
        }
    }
}

fn no_permission(url: &RedisUrl) -> String {
    let user = url.user.as_deref().unwrap_or("default");
    format!(
        "allow the user what roomctl needs: ACL SETUSER {} ~roomctl:rate:* +eval +evalsha +script|load +time +hmget +hset +pexpire",
        crate::secret::excerpt(user)
    )
}

fn other_protocol(url: &RedisUrl) -> &'static str {
    if url.is_tls {
        "check host and port in the URL: something else listens there"
    } else {
        "check host and port in the URL: something else listens there; a port for TLS (tls-port) needs rediss://"
    }
}
