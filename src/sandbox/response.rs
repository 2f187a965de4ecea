//! HTTP/1.1 as far as the sandbox writes it: whole responses in one piece.

use std::time::SystemTime;

use crate::clock::unix_seconds;

/// A response without its body.
#[derive(Debug, Clone, Copy)]
pub(super) struct ResponseHead<'a> {
    /// Code and phrase.
    pub(super) status: &'a str,
    pub(super) content_type: &'a str,
    /// Further header lines, each ended by CR LF.
    pub(super) more: &'a str,
    /// Whether to say that the connection ends here.
    pub(super) closing: bool,
}

impl ResponseHead<'_> {
    /// Head and body in one piece, so that they leave in one write.
    pub(super) fn with_body(self, wall: SystemTime, body: &[u8]) -> Vec<u8> {
        let Self {
            status,
            content_type,
            more,
            closing,
        } = self;
        let connection = if closing { "close" } else { "keep-alive" };
        let mut bytes = format!(
            "HTTP/1.1 {status}\r\nServer: roomctl-sandbox\r\nDate: {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n{more}Connection: {connection}\r\n\r\n",
            http_date(wall),
            body.len(),
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        bytes
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`: clients check their clock against it.
fn http_date(wall: SystemTime) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    // 1994-11-06T08:49:37Z; the first of January 1970 was a Thursday.
    let iso = humantime::format_rfc3339_seconds(wall).to_string();
    let place = |names: &[&'static str], number: u64| {
        let at = usize::try_from(number).unwrap_or_default();
        names.get(at).copied().unwrap_or_default()
    };
    let day = place(&DAYS, unix_seconds(wall) / 86_400 % 7);
    let month = place(&MONTHS, iso[5..7].parse::<u64>().unwrap_or(1) - 1);
    let (year, date, time) = (&iso[..4], &iso[8..10], &iso[11..19]);
    format!("{day}, {date} {month} {year} {time} GMT")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn responses_say_their_length_and_date() {
        let head = ResponseHead {
            status: "200 OK",
            content_type: "application/json",
            more: "",
            closing: false,
        };
        let wall = UNIX_EPOCH + Duration::from_secs(784_111_777);
        let text = String::from_utf8(head.with_body(wall, b"{}")).expect("ASCII");
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\r\n\r\n{}"));
        assert!(text.contains("\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
        assert!(text.contains("\r\nContent-Length: 2\r\nConnection: keep-alive\r\n"));
    }
}
