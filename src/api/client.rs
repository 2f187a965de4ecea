//! One POST: sign, send, decode; and the calls that change a room.
//!
//! A call is never retried and no redirect is followed. The body of the answer
//! decides; the HTTP status counts only if the body is not the service's.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use ureq::http::{HeaderMap, Response};

use super::connector::{self, CachingResolver, Stage};
use super::endpoint::Endpoint;
use super::error::{Error, describe_foreign_body};
use super::signer::Signer;
use super::transport::Transport;
use super::wire::{Answer, BanRoomMember, KickUserOut, UnbanRoomMember};
use crate::room::{Action, Reason, RoomId, UserId};
use crate::secret::UserSig;

/// Largest answer that is read; a real one has about 150 bytes.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;

/// All but the unreserved characters of RFC 3986, section 2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A client for one identity at one endpoint; all threads share it.
///
/// The calls take 1 to 20 members. `new_connection` makes a new connection even if one was
/// kept.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    resolver: CachingResolver,
    endpoint: Endpoint,
    signer: Signer,
    transport: Transport,
}

impl Client {
    /// A client that has not connected yet.
    pub fn new(endpoint: Endpoint, signer: Signer, transport: Transport) -> Self {
        let resolver = CachingResolver::default();
        let connector = connector::chain_to(&endpoint, &transport);
        let agent = connector::agent(&transport, connector, &resolver);
        Self {
            agent,
            resolver,
            endpoint,
            signer,
            transport,
        }
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The next call makes a new signature. For answers with code 70001.
    pub(crate) fn renew_signature(&self) {
        self.signer.renew();
    }

    /// Removes members from a room. They may join again at once.
    pub fn kick_user_out(
        &self,
        room: &RoomId,
        members: &[UserId],
        reason: &Reason,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = KickUserOut {
            room_id: room.as_str(),
            members: names(members),
            reason: reason.as_str(),
        };
        self.call(Action::Kick.api_call(), &body, now, new_connection)
    }

    /// Removes members from a room and bans them for so many seconds, at least 1.
    pub(crate) fn ban_room_member(
        &self,
        room: &RoomId,
        members: &[UserId],
        reason: &Reason,
        seconds: u32,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = BanRoomMember {
            room_id: room.as_str(),
            members: names(members),
            duration: seconds,
            reason: reason.as_str(),
        };
        self.call(Action::Ban.api_call(), &body, now, new_connection)
    }

    /// Lifts the bans of members.
    pub(crate) fn unban_room_member(
        &self,
        room: &RoomId,
        members: &[UserId],
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = UnbanRoomMember {
            room_id: room.as_str(),
            members: names(members),
        };
        self.call(Action::Unban.api_call(), &body, now, new_connection)
    }

    /// Sends one request. `call` is the last part of the URL's path.
    pub(super) fn call(
        &self,
        call: &str,
        body: &impl Serialize,
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Answer, Error> {
        let body = serde_json::to_vec(body).expect("strings and lists serialise");
        if self.endpoint.is_https() && now < UNIX_EPOCH {
            return Err(Error::ClockBefore1970);
        }
        connector::begin_request();
        let answer = self.post(call, &body, now, new_connection);
        answer.map_err(|error| {
            let progress = connector::progress();
            if progress.stage < Stage::Sent {
                self.resolver.forget();
            }
            Error::from_http(error, progress, &self.endpoint, &self.transport)
        })?
    }

    /// `Err` is an error of the HTTP library, `Ok(Err)` an answer that is not the
    /// service's.
    fn post(
        &self,
        call: &str,
        body: &[u8],
        now: SystemTime,
        new_connection: bool,
    ) -> Result<Result<Answer, Error>, ureq::Error> {
        let signed = self.signer.signed(now);
        let url = self.url(call, &signed.sig);
        let mut request = self
            .agent
            .post(&url)
            .header(CONTENT_TYPE, "application/json");
        if new_connection {
            request = request.config().max_idle_age(Duration::ZERO).build();
        }
        let mut response = request.send(body)?;
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_vec()?;
        Ok(read(&response, &body).map(|mut answer| {
            signed.redactor.clean(&mut answer);
            answer
        }))
    }

    /// The one place where a URL with its signature exists as text.
    fn url(&self, call: &str, usersig: &UserSig) -> String {
        let Signer {
            sdkappid,
            identifier,
            ..
        } = &self.signer;
        let identifier = utf8_percent_encode(identifier.as_str(), ENCODED);
        let random: u32 = rand::random();
        format!(
            "{}?sdkappid={sdkappid}&identifier={identifier}&usersig={}&random={random}\
             &contenttype=json",
            self.endpoint.call_url(call),
            usersig.expose(),
        )
    }
}

/// The service's answer, if the body is one. The HTTP status does not matter then,
/// except that a bare code 0 is not a success in an HTTP error.
pub(super) fn read<B>(response: &Response<B>, body: &[u8]) -> Result<Answer, Error> {
    let headers = response.headers();
    let server_time =
        header(headers, DATE.as_str()).and_then(|text| httpdate::parse_http_date(text).ok());
    let retry_after =
        header(headers, RETRY_AFTER.as_str()).and_then(|text| parse_retry_after(text, server_time));
    // An invalid character in ErrorInfo must not make a refusal unknown.
    let text = String::from_utf8_lossy(body);
    let status = response.status();
    match Answer::parse(text.trim_start_matches('\u{feff}')) {
        Ok(Answer {
            error_code: 0,
            action_status: None,
            ..
        }) if !status.is_success() => Err(Error::NotTheService {
            status: status.as_u16(),
            what: "an ErrorCode of 0 without an ActionStatus",
            retry_after,
        }),
        Ok(answer) => Ok(Answer {
            retry_after,
            server_time,
            ..answer
        }),
        Err(_) if status == 429 => Err(Error::Throttled { retry_after }),
        Err(why) => Err(Error::NotTheService {
            status: status.as_u16(),
            what: describe_foreign_body(status, body, &why),
            retry_after,
        }),
    }
}

fn names(members: &[UserId]) -> Vec<&str> {
    members.iter().map(UserId::as_str).collect()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `Retry-After` is a number of seconds or a date. A date counts from the answer's
/// own `Date`, so that a wrong clock of this machine does not matter.
fn parse_retry_after(text: &str, server_time: Option<SystemTime>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    until.duration_since(server_time.unwrap_or(UNIX_EPOCH)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Region, SigningMaterial, Transport};
    use crate::secret::SecretKey;

    #[test]
    fn a_clock_before_1970_is_an_error_and_no_panic() {
        let identifier = UserId::parse("admin").expect("an identifier");
        let material = SigningMaterial::Key {
            key: SecretKey::new("key"),
            lifetime: Duration::from_secs(60),
        };
        let signer = Signer::new(1, identifier, material);
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert!(!signer.usersig(before).expose().is_empty());
        let client = Client::new(Region::Singapore.into(), signer, Transport::default());
        let room = RoomId::parse("r").expect("a room");
        let result = client.unban_room_member(&room, &[], before, false);
        assert_eq!(result, Err(Error::ClockBefore1970));
    }
}
