//! The gateway before the room service: checks whether this caller may make this
//! call.
//!
//! Checks method, path, query string, `UserSig`, app and administrator, in this
//! order, and refuses with the gateway's codes. It reads neither the body nor a
//! room.
//!
//! The query string has exactly `sdkappid`, `identifier`, `usersig`, `random` and
//! `contenttype`, each once, with case-sensitive names and values. Undocumented
//! parameters are refused, so that a misspelt one is found. A bare `+` is refused,
//! too, because only some servers read it as a space.

use percent_encoding::percent_decode_str;

use crate::secret::{SecretKey, UserSig};
use crate::usersig;

use super::answer::Refusal;
use super::calls::Call;
use super::request::Request;

/// The path of every call; the name of the call follows.
const SERVICE: &str = "/v4/room_engine_http_srv/";

/// A parameter of the URL is wrong.
const WRONG_URL: u32 = 60_025;
const BAD_SDKAPPID: u32 = 60_006;
const NO_SDKAPPID: u32 = 60_012;

const KNOWN: [&str; 5] = ["sdkappid", "identifier", "usersig", "random", "contenttype"];

/// The only account of the sandbox: one app with one administrator.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) sdkappid: u32,
    pub(super) identifier: String,
    pub(super) secret_key: SecretKey,
}

/// The call, if `account` may make it at `now` (unix seconds).
pub(super) fn authorize(account: &Account, now: u64, request: &Request) -> Result<Call, Refusal> {
    if request.method != "POST" {
        return Err(Refusal::new(60_002, "only POST is served"));
    }
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    let call = call(path)?;
    let caller = parse_query(query)?;
    check_signature(account, now, &caller)?;
    check_rights(account, &caller)?;
    Ok(call)
}

/// The call that a URL names, for the log: also for refused requests.
pub(super) fn call_of(target: &str) -> Option<Call> {
    let path = target.split('?').next().unwrap_or_default();
    call(path).ok()
}

fn call(path: &str) -> Result<Call, Refusal> {
    let name = path.strip_prefix(SERVICE);
    name.and_then(Call::from_name)
        .ok_or_else(|| Refusal::new(60_009, "there is no such call at this URL"))
}

/// The signed claims must equal those of the URL, be signed with the app's key, and
/// not be expired.
fn check_signature(account: &Account, now: u64, caller: &Caller) -> Result<(), Refusal> {
    let sig = UserSig::new(caller.usersig.as_str());
    let decoded = match usersig::decode(&sig) {
        Ok(decoded) if decoded.version == "2.0" => decoded,
        Ok(_) => return Err(Refusal::new(70_003, "the UserSig's version is not 2.0")),
        Err(why) => return Err(Refusal::new(70_003, format!("the UserSig: {why}"))),
    };
    let claims = &decoded.claims;
    if claims.identifier != caller.identifier {
        return Err(Refusal::new(70_013, "the UserSig is of another identifier"));
    }
    if claims.sdkappid != caller.sdkappid {
        return Err(Refusal::new(70_014, "the UserSig is of another SDKAppID"));
    }
    if !decoded.is_signed_with(&account.secret_key) {
        return Err(Refusal::new(
            70_009,
            "the UserSig was not made with this app's key",
        ));
    }
    if claims.is_expired(now) {
        return Err(Refusal::new(70_001, "the UserSig has expired"));
    }
    Ok(())
}

fn check_rights(account: &Account, caller: &Caller) -> Result<(), Refusal> {
    if caller.sdkappid != account.sdkappid {
        return Err(Refusal::new(70_020, "this SDKAppID is unknown"));
    }
    if caller.identifier != account.identifier {
        return Err(Refusal::new(
            60_010,
            "only an App administrator may call this",
        ));
    }
    Ok(())
}

/// The caller, as the URL names it; not verified yet.
#[derive(Debug, PartialEq, Eq)]
struct Caller {
    /// A number above zero.
    sdkappid: u32,
    /// Never empty.
    identifier: String,
    /// Never empty.
    usersig: String,
}

/// Reads the part of the URL after the `?`.
fn parse_query(query: &str) -> Result<Caller, Refusal> {
    let pairs = pairs(query)?;
    let sdkappid = sdkappid(&pairs)?;
    for (name, _) in &pairs {
        known_once(name, &pairs)?;
    }
    let identifier = mandatory("identifier", &pairs)?.to_owned();
    let usersig = mandatory("usersig", &pairs)?.to_owned();
    let random = mandatory("random", &pairs)?;
    if digits(random).is_none() {
        return Err(wrong("random is not a number from 0 to 4294967295"));
    }
    match mandatory("contenttype", &pairs)? {
        "json" => Ok(Caller {
            sdkappid,
            identifier,
            usersig,
        }),
        _ => Err(wrong("contenttype is not json")),
    }
}

type Pairs = Vec<(String, String)>;

fn pairs(query: &str) -> Result<Pairs, Refusal> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String, Refusal> {
    if text.contains('+') {
        return Err(wrong(
            "a bare + in the query: write %2B, or %20 for a space",
        ));
    }
    if has_broken_escape(text) {
        return Err(wrong("a % in the query without two hex digits after it"));
    }
    let utf8 = percent_decode_str(text).decode_utf8();
    utf8.map(Into::into)
        .map_err(|_| wrong("the query is not UTF-8"))
}

/// The decoder does not change broken escapes; the service might refuse them.
fn has_broken_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|after| {
        let hex = after.bytes().take(2).filter(u8::is_ascii_hexdigit);
        hex.count() < 2
    })
}

/// Checked first: the gateway routes by it, so it has its own codes.
fn sdkappid(pairs: &Pairs) -> Result<u32, Refusal> {
    match value("sdkappid", pairs) {
        None | Some("") => Err(Refusal::new(NO_SDKAPPID, "sdkappid is missing")),
        Some(text) => match digits(text) {
            Some(number) if number > 0 => Ok(number),
            _ => Err(Refusal::new(BAD_SDKAPPID, "sdkappid is not an SDKAppID")),
        },
    }
}

fn known_once(name: &str, pairs: &Pairs) -> Result<(), Refusal> {
    if !KNOWN.contains(&name) {
        return Err(wrong(format!("unknown parameter {name} in the URL")));
    }
    match pairs.iter().filter(|(other, _)| other == name).count() {
        1 => Ok(()),
        times => Err(wrong(format!("{name} is given {times} times in the URL"))),
    }
}

fn mandatory<'a>(name: &str, pairs: &'a Pairs) -> Result<&'a str, Refusal> {
    match value(name, pairs) {
        None | Some("") => Err(wrong(format!("{name} is missing in the URL"))),
        Some(text) => Ok(text),
    }
}

fn value<'a>(name: &str, pairs: &'a Pairs) -> Option<&'a str> {
    let pair = pairs.iter().find(|(other, _)| other == name);
    pair.map(|(_, value)| value.as_str())
}

/// Decimal digits only: Rust's own parser also accepts a sign.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn wrong(info: impl Into<String>) -> Refusal {
    Refusal::new(WRONG_URL, info)
}

#[cfg(test)]
#[path = "auth_tests.rs"]
mod tests;
