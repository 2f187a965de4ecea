//! The address of a Redis server, as users write it:
//! `redis[s]://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]`.
//!
//! The last `@` ends user and password. So all characters may be in them, encoded with `%`
//! or not, but white space, and `%` and two hex digits.

use std::fmt;
use std::net::Ipv6Addr;

use percent_encoding::percent_decode_str;

use crate::secret::Password;

/// The port of a URL without one.
const DEFAULT_PORT: u16 = 6379;

/// Printed without user and password.
#[derive(Clone)]
pub(crate) struct RedisUrl {
    /// `rediss`
    pub(crate) is_tls: bool,
    /// A name or an IP address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The user of an access list; None is the server's default user.
    #[cfg_attr(
        not(feature = "redis"),
        allow(dead_code, reason = "only a Redis asks for it")
    )]
    pub(crate) user: Option<String>,
    pub(crate) password: Option<Password>,
    pub(crate) database: u32,
}

/// Why a text is not a [`RedisUrl`]. No variant has any part of the text, because each
/// part may be the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RedisUrlError {
    #[error("is not a URL like redis://HOST:PORT or rediss://HOST:PORT")]
    Scheme,
    #[error("has no host")]
    NoHost,
    #[error("has a host that is neither a name nor an IP address")]
    BadHost,
    #[error("has a port that is not a number from 1 to 65535")]
    BadPort,
    #[error("has a path that is not the number of a database")]
    BadDatabase,
    #[error("has a query or a fragment, which roomctl does not read")]
    MoreThanDatabase,
    #[error("has a user or a password that is not percent-encoded UTF-8, or has white space")]
    BadEncoding,
    #[error("has one name before the @, which may be a user or a password")]
    UserOrPassword,
    #[error("has an empty password")]
    EmptyPassword,
}

impl RedisUrlError {
    /// What to write instead.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::Scheme => "write redis://HOST:PORT, or rediss://HOST:PORT for TLS",
            Self::NoHost | Self::BadHost => {
                "write redis://HOST:PORT; an IPv6 address in brackets: redis://[::1]:6379"
            }
            Self::BadPort => "write redis://HOST:PORT; without a port it is 6379",
            Self::BadDatabase => {
                "write the number of the database after the port: redis://HOST:PORT/0"
            }
            Self::MoreThanDatabase => "remove what follows the database: redis://HOST:PORT/0",
            Self::BadEncoding => {
                "write user and password as UTF-8, with %25 for % and %20 for a blank"
            }
            Self::UserOrPassword | Self::EmptyPassword => {
                "write redis://:PASSWORD@HOST, or redis://USER:PASSWORD@HOST for a user of the server's access list"
            }
        }
    }
}

impl RedisUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, RedisUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(RedisUrlError::Scheme)?;
        let is_tls = match scheme.to_ascii_lowercase().as_str() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(RedisUrlError::Scheme),
        };
        let (account, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (user, password) = account_of(account)?;
        let end = place.find(['/', '?', '#']).unwrap_or(place.len());
        let (server, path) = place.split_at(end);
        let (host, port) = host_and_port(server)?;
        Ok(Self {
            is_tls,
            host,
            port,
            user,
            password,
            database: database(path)?,
        })
    }

    /// Host and port.
    pub(super) fn server(&self) -> String {
        let (host, port) = (&self.host, self.port);
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }
}

/// Without user and password.
impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_tls { "rediss" } else { "redis" };
        let account = if self.password.is_some() {
            "[redacted]@"
        } else {
            ""
        };
        let (server, database) = (self.server(), self.database);
        write!(f, "{scheme}://{account}{server}/{database}")
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RedisUrl({self})")
    }
}

type Account = (Option<String>, Option<Password>);

/// `USER:PASSWORD` or `:PASSWORD`; `:` alone is no account.
fn account_of(text: &str) -> Result<Account, RedisUrlError> {
    let Some((user, password)) = text.split_once(':') else {
        return match text {
            "" => Ok((None, None)),
            _ => Err(RedisUrlError::UserOrPassword),
        };
    };
    let (user, password) = (decoded(user)?, decoded(password)?);
    match (user.as_str(), password.as_str()) {
        ("", "") => Ok((None, None)),
        (_, "") => Err(RedisUrlError::EmptyPassword),
        ("", _) => Ok((None, Some(Password::new(password)))),
        _ => Ok((Some(user), Some(Password::new(password)))),
    }
}

fn decoded(text: &str) -> Result<String, RedisUrlError> {
    if text.contains(char::is_whitespace) {
        return Err(RedisUrlError::BadEncoding);
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(RedisUrlError::BadEncoding),
    }
}

fn host_and_port(text: &str) -> Result<(String, u16), RedisUrlError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or(RedisUrlError::BadHost)?;
            if host.parse::<Ipv6Addr>().is_err() {
                return Err(RedisUrlError::BadHost);
            }
            match (port.strip_prefix(':'), port) {
                (Some(port), _) => (host, Some(port)),
                (None, "") => (host, None),
                (None, _) => return Err(RedisUrlError::BadHost),
            }
        }
        None if text.matches(':').count() > 1 => return Err(RedisUrlError::BadHost),
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    if host.is_empty() {
        return Err(RedisUrlError::NoHost);
    }
    let is_of_host = |b: u8| b.is_ascii_alphanumeric() || b".-_:".contains(&b);
    if !host.bytes().all(is_of_host) {
        return Err(RedisUrlError::BadHost);
    }
    let is_number = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    let port = match port {
        None => DEFAULT_PORT,
        Some(port) => match port.parse() {
            Ok(number) if number > 0 && is_number(port) => number,
            // What follows the colon may be a password.
            _ => return Err(RedisUrlError::BadPort),
        },
    };
    Ok((host.to_owned(), port))
}

fn database(path: &str) -> Result<u32, RedisUrlError> {
    if path.contains(['?', '#']) {
        return Err(RedisUrlError::MoreThanDatabase);
    }
    match path.strip_prefix('/').unwrap_or(path) {
        "" => Ok(0),
        number if number.bytes().all(|b| b.is_ascii_digit()) => {
            number.parse().map_err(|_| RedisUrlError::BadDatabase)
        }
        _ => Err(RedisUrlError::BadDatabase),
    }
}

#[cfg(test)]
#[path = "url_tests.rs"]
mod tests;
