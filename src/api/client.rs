//! One POST: sign, send, decode. Never retries, never sleeps, follows no
//! redirect. The answer's body decides; the HTTP status only where there is no
//! answer of the service in it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use ureq::http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body};

use super::connector;
use super::failure;
use super::progress::{self, Stage};
use super::resolve::CachingResolver;
use super::transport::Transport;
use super::wire::Answer;
use super::{Endpoint, Error, Signer};

/// Largest answer that is read; a real one has about 150 bytes.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;

/// What RFC 3986 lets stand in a query as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A client for one identity at one endpoint; shared by all threads.
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
        let connector = connector::chain_to(&endpoint);
        let agent = Agent::with_parts(
            connector::agent_config(&transport),
            connector,
            resolver.clone(),
        );
        Self {
            agent,
            resolver,
            endpoint,
            signer,
            transport,
        }
    }

    /// Where calls go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Makes a new signature for the next call, as after a 70001.
    pub fn renew_signature(&self) {
        self.signer.renew();
    }

    pub(super) fn call(
        &self,
        command: &str,
        body: &impl Serialize,
        now: SystemTime,
        fresh: bool,
    ) -> Result<Answer, Error> {
        let body = serde_json::to_vec(body).expect("strings and lists serialise");
        progress::begin();
        let answer = self.post(command, &body, now, fresh);
        answer.map_err(|error| {
            let progress = progress::current();
            if progress.stage < Stage::Sent {
                self.resolver.forget();
            }
            failure::describe(error, progress, &self.endpoint, &self.transport)
        })?
    }

    /// `Err` is the library's; `Ok(Err)` an answer that is not the service's.
    fn post(
        &self,
        command: &str,
        body: &[u8],
        now: SystemTime,
        fresh: bool,
    ) -> Result<Result<Answer, Error>, ureq::Error> {
        let url = self.url(command, now);
        let mut request = self
            .agent
            .post(&url)
            .header(CONTENT_TYPE, "application/json");
        if fresh {
            request = request.config().max_idle_age(Duration::ZERO).build();
        }
        let mut response = request.send(body)?;
        let body = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_vec()?;
        Ok(read(&response, &body).map(|answer| redact_signature(answer, &url)))
    }

    /// The one place where a URL with its signature exists as text.
    fn url(&self, command: &str, now: SystemTime) -> String {
        let Signer {
            sdkappid,
            identifier,
            ..
        } = &self.signer;
        let identifier = utf8_percent_encode(identifier.as_str(), ENCODED);
        let usersig = self.signer.usersig(now);
        let random: u32 = rand::random();
        format!(
            "{}/v4/room_engine_http_srv/{command}?sdkappid={sdkappid}&identifier={identifier}\
             &usersig={}&random={random}&contenttype=json",
            self.endpoint,
            usersig.expose(),
        )
    }
}

/// The service's JSON if it is that, whatever the HTTP status.
fn read(response: &Response<Body>, body: &[u8]) -> Result<Answer, Error> {
    let headers = response.headers();
    let server_time =
        header(headers, DATE.as_str()).and_then(|text| httpdate::parse_http_date(text).ok());
    let retry_after =
        header(headers, RETRY_AFTER.as_str()).and_then(|text| pause(text, server_time));
    // A damaged character in ErrorInfo is no reason to call a refusal unknown.
    let text = String::from_utf8_lossy(body);
    match serde_json::from_str::<Answer>(text.trim_start_matches('\u{feff}')) {
        Ok(answer) => Ok(Answer {
            retry_after,
            server_time,
            ..answer
        }),
        Err(_) if response.status() == 429 => Err(Error::Throttled { retry_after }),
        Err(why) => Err(Error::NotTheService {
            status: response.status().as_u16(),
            what: failure::describe_foreign_body(response.status(), body, &why),
            retry_after,
        }),
    }
}

/// A service, or whatever stands in for it, may repeat the request's URL in its
/// words; those go into results, records and logs, and the signature must not.
fn redact_signature(mut answer: Answer, url: &str) -> Answer {
    let Some((_, query)) = url.split_once('?') else {
        return answer;
    };
    let signature = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("usersig="));
    let signature = signature.unwrap_or_default();
    let base64 = signature
        .replace('*', "+")
        .replace('-', "/")
        .replace('_', "=");
    let encoded = utf8_percent_encode(&base64, ENCODED).to_string();
    for secret in [query, signature, &base64, &encoded] {
        if secret.is_empty() {
            continue;
        }
        let texts = [&mut answer.error_info, &mut answer.action_status];
        for text in texts.into_iter().chain(&mut answer.request_id) {
            redact(text, secret);
        }
        redact_value(&mut answer.response, secret);
    }
    answer
}

fn redact(text: &mut String, secret: &str) {
    if text.contains(secret) {
        *text = text.replace(secret, "[redacted]");
    }
}

fn redact_value(value: &mut Value, secret: &str) {
    match value {
        Value::String(text) => redact(text, secret),
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| redact_value(value, secret)),
        Value::Object(fields) => {
            let values = fields.values_mut();
            values.for_each(|value| redact_value(value, secret));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// `Retry-After` is a number of seconds or a date; a date counts from the
/// answer's own `Date`, so that a wrong clock here does no harm.
fn pause(text: &str, server_time: Option<SystemTime>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    until.duration_since(server_time.unwrap_or(UNIX_EPOCH)).ok()
}
