//! A client that shares no code with roomctl: the signature as documented, the
//! request in literal HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// The account and the address of a client.
pub(crate) struct OtherClient<'a> {
    /// Host and port.
    pub(crate) authority: &'a str,
    pub(crate) sdkappid: &'a str,
    pub(crate) identifier: &'a str,
    pub(crate) key: &'a str,
}

impl OtherClient<'_> {
    /// The answer's JSON.
    pub(crate) fn call(&self, command: &str, body: &str) -> Value {
        let target = self.target(command, &self.usersig());
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            self.authority,
            body.len()
        );
        let mut stream = TcpStream::connect(self.authority).expect("it listens");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("JSON")
    }

    /// Path and query.
    pub(crate) fn target(&self, command: &str, usersig: &str) -> String {
        let (app, who) = (self.sdkappid, self.identifier);
        format!(
            "/v4/room_engine_http_srv/{command}?sdkappid={app}&identifier={who}\
             &usersig={usersig}&random=99999999&contenttype=json"
        )
    }

    fn usersig(&self) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("after 1970").as_secs();
        let (app, who) = (self.sdkappid, self.identifier);
        let signed =
            format!("TLS.identifier:{who}\nTLS.sdkappid:{app}\nTLS.time:{now}\nTLS.expire:600\n");
        let mac = Hmac::<Sha256>::new_from_slice(self.key.as_bytes());
        let proof = mac.expect("any length").chain_update(signed).finalize();
        let proof = BASE64_STANDARD.encode(proof.into_bytes());
        let json = format!(
            r#"{{"TLS.ver":"2.0","TLS.identifier":"{who}","TLS.sdkappid":{app},"TLS.expire":600,"TLS.time":{now},"TLS.sig":"{proof}"}}"#
        );
        let text = BASE64_STANDARD.encode(stored(json.as_bytes()));
        text.replace('+', "*").replace('/', "-").replace('=', "_")
    }
}

/// RFC 1950 with one stored block, as the official Go library has it.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a short text");
    let mut all = vec![0x78, 0x01, 0x01];
    all.extend(length.to_le_bytes());
    all.extend((!length).to_le_bytes());
    all.extend(bytes);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    all.extend((b << 16 | a).to_be_bytes());
    all
}
