//! `roomctl usersig inspect`: the claims of a signature, without the key.
//!
//! The signed digest is not shown: with it and the claims, anybody could rebuild
//! the whole signature.

use std::fmt::Write as _;

use serde::{Serialize, Serializer};

use crate::clock::{Clock, rfc3339, unix_seconds};
use crate::commands::{CommandArgs, Context};
use crate::config::{self, Format, SecretText};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::{UserSig, hex};
use crate::usersig::{self, Claims, Decoded, MAX_LIFETIME};

/// Show the account of a signature, and when it expires
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Signature, - for stdin; others can see the command line
    #[arg(value_name = "SIG", value_parser = config::secret_parser())]
    sig: SecretText,
}

impl CommandArgs for Args {}

const EXAMPLES: &str = "\
Examples:
  roomctl usersig inspect - < admin.sig
  roomctl usersig sign | roomctl usersig inspect -";

/// The claims that all three subcommands print; the keys are the contract's.
#[derive(Debug, Serialize)]
pub(super) struct ClaimFields {
    #[serde(rename = "SDKAppID")]
    sdkappid: u32,
    #[serde(rename = "Identifier")]
    identifier: String,
    /// Null after the year 9999.
    #[serde(rename = "Issued")]
    issued: Option<String>,
    /// Null after the year 9999.
    #[serde(rename = "Expires")]
    expires: Option<String>,
}

/// The result of `inspect`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InspectResult<'a> {
    version: &'a str,
    #[serde(flatten)]
    claims: ClaimFields,
    expire_seconds: u64,
    /// Negative after the signature has expired.
    left_seconds: i64,
    expired: bool,
    /// In hex digits.
    user_buf: Option<String>,
    warnings: Vec<Warning>,
}

/// Something unusual about the times of a signature. The service may refuse it,
/// although the official verifier accepts it.
#[derive(Debug)]
pub(super) struct Warning {
    /// For programs.
    name: &'static str,
    pub(super) text: String,
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

pub(super) fn warnings(claims: &Claims, now_unix: u64) -> Vec<Warning> {
    /// A clock may be ahead by less than a minute.
    const TOLERATED_SECONDS: u64 = 60;

    let mut warnings = Vec::new();
    let ahead = claims.time.saturating_sub(now_unix);
    if ahead > TOLERATED_SECONDS {
        let ahead = rounded(ahead);
        warnings.push(Warning {
            name: "dated_ahead",
            text: format!(
                "it is dated {ahead} ahead of this machine's clock: one of the two clocks is wrong"
            ),
        });
    }
    if claims.expire > MAX_LIFETIME {
        warnings.push(Warning {
            name: "lifetime_over_50_years",
            text: "its lifetime is over 50 years, and the service takes at most 50".into(),
        });
    }
    warnings
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let sig = config::usersig_operand(&args.sig, &mut context.stdin)?;
    let decoded = usersig::decode(&sig).map_err(|why| {
        let hint = config::hint_about_usersig(&sig);
        let hint = hint.unwrap_or_else(|| remedy(&sig).to_owned());
        Error::usage(format!("this is not a UserSig: {why}"), hint)
    })?;
    let now = unix_seconds(context.clock.now().wall);
    let result = InspectResult::of(&decoded, now);
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&result).expect("strings serialise") + "\n",
        Format::Text => result.text(),
    };
    context.print(&text)?;
    for warning in &result.warnings {
        context.notes().warn(&warning.text);
    }
    Ok(Exit::Done)
}

/// What to do, by what the text looks like.
fn remedy(sig: &UserSig) -> &'static str {
    let text = sig.expose();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        "this looks like a secret key; make a UserSig from it: roomctl usersig sign"
    } else {
        "copy all of it, on one line and without quotes, or make a new one: roomctl usersig sign"
    }
}

impl ClaimFields {
    pub(super) fn of(claims: &Claims) -> Self {
        Self {
            sdkappid: claims.sdkappid,
            identifier: claims.identifier.clone(),
            issued: rfc3339(claims.time),
            expires: rfc3339(claims.expires_at()),
        }
    }
}

impl<'a> InspectResult<'a> {
    fn of(decoded: &'a Decoded, now_unix: u64) -> Self {
        let claims = &decoded.claims;
        Self {
            version: &decoded.version,
            claims: ClaimFields::of(claims),
            expire_seconds: claims.expire,
            left_seconds: seconds_left(claims, now_unix),
            expired: claims.is_expired(now_unix),
            user_buf: claims.userbuf.as_deref().map(hex),
            warnings: warnings(claims, now_unix),
        }
    }

    /// One field per line.
    fn text(&self) -> String {
        let ClaimFields {
            sdkappid,
            identifier,
            issued,
            expires,
        } = &self.claims;
        let never = "after the year 9999";
        let issued = issued.as_deref().unwrap_or(never);
        let expires = expires.as_deref().unwrap_or(never);
        let left = rounded(self.left_seconds.unsigned_abs());
        let left = if self.expired {
            format!("expired {left} ago")
        } else {
            format!("{left} left")
        };
        let mut text = format!(
            "Version:    {}\nIdentifier: {}\nSDKAppID:   {sdkappid}\nIssued:     {issued}\nExpires:    {expires} ({left})\n",
            sanitise(self.version),
            sanitise(identifier),
        );
        if let Some(userbuf) = &self.user_buf {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "UserBuf:    {userbuf}");
        }
        text
    }
}

/// Negative after the expiry.
fn seconds_left(claims: &Claims, now_unix: u64) -> i64 {
    let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    signed(claims.expires_at()).saturating_sub(signed(now_unix))
}

/// A duration in its two largest units.
fn rounded(seconds: u64) -> String {
    let days = (seconds / 86_400, "day");
    let hours = (seconds / 3600 % 24, "hour");
    let minutes = (seconds / 60 % 60, "minute");
    let parts = match seconds {
        0..3600 => [minutes, (seconds % 60, "second")],
        3600..86_400 => [hours, minutes],
        _ => [days, hours],
    };
    let words: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| match count {
            1 => format!("1 {unit}"),
            count => format!("{count} {unit}s"),
        })
        .collect();
    if words.is_empty() {
        return "0 seconds".into();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_two_units_at_most() {
        assert_eq!(rounded(0), "0 seconds");
        assert_eq!(rounded(59), "59 seconds");
        assert_eq!(rounded(61), "1 minute 1 second");
        assert_eq!(rounded(86_399), "23 hours 59 minutes");
        assert_eq!(rounded(86_400 + 3_661), "1 day 1 hour");
        assert_eq!(rounded(3 * 86_400), "3 days");
    }
}
