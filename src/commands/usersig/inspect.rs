//! `roomctl usersig inspect`: what a signature says, without the key.
//!
//! The proof inside is not shown: whoever has it and the rest can put the whole
//! signature together again.

use std::fmt::Write as _;

use serde::Serialize;

use super::claims::{ClaimFields, or_after_9999, rounded_duration, seconds_left};
use crate::clock::{Clock, unix_seconds};
use crate::commands::{CommandArgs, Context};
use crate::config::{self, Format, SecretText};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::{UserSig, hex};
use crate::usersig::{self, Decoded};

/// Tell what a signature says: whose it is, and until when
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Signature, - for stdin; others see what stands on a command line
    #[arg(value_name = "SIG", value_parser = config::secret_parser())]
    sig: SecretText,
}

impl CommandArgs for Args {}

const EXAMPLES: &str = "\
Examples:
  roomctl usersig inspect - < admin.sig
  roomctl usersig sign | roomctl usersig inspect -";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InspectResult<'a> {
    version: &'a str,
    #[serde(flatten)]
    claims: ClaimFields,
    expire_seconds: u64,
    /// Negative since it is over.
    left_seconds: i64,
    expired: bool,
    /// As hex digits.
    user_buf: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let sig = config::usersig_operand(&args.sig, &mut context.stdin)?;
    let decoded = usersig::decode(&sig).map_err(|why| {
        let message = format!("this is no UserSig: {why}");
        Error::usage(message, remedy(&sig))
    })?;
    let now = unix_seconds(context.clock.now().wall);
    let line = InspectResult::of(&decoded, now);
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&line).expect("strings serialise") + "\n",
        Format::Text => line.text(decoded.claims.time.saturating_sub(now)),
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

/// What was given instead, where that can be told.
fn remedy(sig: &UserSig) -> &'static str {
    let text = sig.expose();
    if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        "this looks like a secret key; a UserSig is made from it: roomctl usersig sign"
    } else {
        "copy all of it, on one line and without quotes, or make a new one: roomctl usersig sign"
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
        }
    }

    /// One field a line; `early` is by how many seconds its start is to come.
    fn text(&self, early: u64) -> String {
        let ClaimFields {
            sdkappid,
            identifier,
            issued,
            expires,
        } = &self.claims;
        let (issued, expires) = (
            or_after_9999(issued.as_deref()),
            or_after_9999(expires.as_deref()),
        );
        let life = rounded_duration(self.left_seconds.unsigned_abs());
        let life = if self.expired {
            format!("over since {life}")
        } else {
            format!("{life} left")
        };
        let early = match early {
            0 => String::new(),
            seconds => format!(" (in {}: a clock is wrong)", rounded_duration(seconds)),
        };
        let mut text = format!(
            "Version:    {}\nIdentifier: {}\nSDKAppID:   {sdkappid}\nIssued:     {issued}{early}\nExpires:    {expires} ({life})\n",
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
