//! The query string, taken literally: `sdkappid`, `identifier`, `usersig`,
//! `random` and `contenttype`, each exactly once, nothing else.
//!
//! Names and values are case-sensitive (api.md, section 1). What the documents
//! do not know is refused, so that a misspelt parameter cannot pass unseen; so
//! is a bare `+`, which some servers read as a blank and others do not.

use percent_encoding::percent_decode_str;

use super::answer::Refusal;

/// Something in the URL is wrong.
const WRONG_URL: u32 = 60_025;
const BAD_SDKAPPID: u32 = 60_006;
const NO_SDKAPPID: u32 = 60_012;

const KNOWN: [&str; 5] = ["sdkappid", "identifier", "usersig", "random", "contenttype"];

/// Who calls, as the URL says it; whether that is true is the gate's question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// A number above zero.
    pub(super) sdkappid: u32,
    /// Never empty.
    pub(super) identifier: String,
    /// Never empty.
    pub(super) usersig: String,
}

/// Reads everything after the `?`.
pub(super) fn parse(query: &str) -> Result<Caller, Refusal> {
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
            "a bare + in the query: write %2B, or %20 for a blank",
        ));
    }
    if has_broken_escape(text) {
        return Err(wrong("a % in the query without two hex digits after it"));
    }
    let utf8 = percent_decode_str(text).decode_utf8();
    utf8.map(Into::into)
        .map_err(|_| wrong("the query is not UTF-8"))
}

/// The decoder leaves broken escapes as they are; the service might not.
fn has_broken_escape(text: &str) -> bool {
    text.split('%').skip(1).any(|after| {
        let hex = after.bytes().take(2).filter(u8::is_ascii_hexdigit);
        hex.count() < 2
    })
}

/// Before everything else: the gateway routes by it, so it has its own codes.
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
        times => Err(wrong(format!("{name} stands {times} times in the URL"))),
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

/// Decimal digits and nothing else: Rust's own parser also takes a sign.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn wrong(info: impl Into<String>) -> Refusal {
    Refusal::new(WRONG_URL, info)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "sdkappid=14&identifier=admin%20a%26b&usersig=eJ*-_&random=0&contenttype=json";

    fn code(query: &str) -> u32 {
        parse(query).map_or_else(|refusal| refusal.code, |_| 0)
    }

    #[test]
    fn the_documented_query_is_read() {
        let caller = parse(GOOD).expect("good");
        assert_eq!(caller.sdkappid, 14);
        assert_eq!(caller.identifier, "admin a&b");
        assert_eq!(caller.usersig, "eJ*-_");
    }

    #[test]
    fn every_parameter_is_mandatory_and_not_empty() {
        for (name, refused) in KNOWN.iter().zip([60_012, 60_025, 60_025, 60_025, 60_025]) {
            let rest = GOOD.split('&').filter(|pair| !pair.starts_with(name));
            let without = rest.collect::<Vec<_>>().join("&");
            assert_eq!(code(&without), refused, "no {name}");
            assert_eq!(code(&format!("{without}&{name}=")), refused, "empty {name}");
        }
        assert_eq!(code(""), 60_012);
    }

    #[test]
    fn names_and_values_are_case_sensitive() {
        assert_eq!(code(&GOOD.replace("sdkappid", "SDKAppID")), 60_012);
        assert_eq!(code(&GOOD.replace("random", "Random")), 60_025);
        assert_eq!(code(&GOOD.replace("=json", "=JSON")), 60_025);
    }

    #[test]
    fn sdkappid_is_a_positive_u32() {
        for bad in ["0", "-1", "x", "14a", "4294967296", "1.0"] {
            let query = GOOD.replace("sdkappid=14", &format!("sdkappid={bad}"));
            assert_eq!(code(&query), 60_006, "{bad}");
        }
    }

    #[test]
    fn random_is_a_u32() {
        for bad in ["-1", "4294967296", "0x1", "1.5", "%2B1"] {
            let query = GOOD.replace("random=0", &format!("random={bad}"));
            assert_eq!(code(&query), 60_025, "{bad}");
        }
        assert_eq!(code(&GOOD.replace("random=0", "random=4294967295")), 0);
    }

    #[test]
    fn what_the_documents_do_not_know_is_refused() {
        assert_eq!(code(&format!("{GOOD}&apn=1")), 60_025);
        assert_eq!(code(&format!("{GOOD}&random=1")), 60_025, "twice");
        assert_eq!(code(&format!("{GOOD}&sdkappid=14")), 60_025, "twice");
    }

    #[test]
    fn encoding_is_taken_literally() {
        assert_eq!(code(&GOOD.replace("%20", "+")), 60_025);
        assert_eq!(code(&GOOD.replace("%20", "%2x")), 60_025);
        assert_eq!(code(&GOOD.replace("%20", "%ff")), 60_025);
    }
}
