//! `roomctl usersig sign`: one of the two commands that print a signature,
//! because that is what it is for.

use std::path::PathBuf;

use serde::Serialize;

use super::claims::ClaimFields;
use super::userbuf;
use crate::commands::{Accepts, CommandArgs, Context, session};
use crate::config::Format;
use crate::config::table::Group;
use crate::error::Error;
use crate::exit::Exit;
use crate::usersig::{self, Claims};

/// Make a signature, and print it alone on stdout
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    /// Bytes of your own to sign along, as hex digits; the Room Engine needs none
    #[arg(long, value_name = "HEX")]
    userbuf: Option<String>,
    /// File with bytes of your own to sign along, - for stdin
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    userbuf_file: Option<PathBuf>,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&USED);
    const OUTPUT_FROM_PROFILE: bool = true;
}

const SHORT: &str = "\
Examples:
  roomctl usersig sign --profile prod --expire 7d
  (umask 077; roomctl usersig sign --profile prod > admin.sig)";

const LONG: &str = "\
Examples:
  roomctl usersig sign --sdkappid 1400000001 --identifier administrator \\
    --secret-key-file key --expire 7d
  roomctl usersig sign --profile prod --expire 7d
  (umask 077; roomctl usersig sign --profile prod > admin.sig)";

const USED: [Group; 5] = [
    Group::ConfigFile,
    Group::Profile,
    Group::Account,
    Group::Key,
    Group::Lifetime,
];

#[derive(Serialize)]
struct SignResult<'a> {
    #[serde(rename = "UserSig")]
    usersig: &'a str,
    #[serde(flatten)]
    claims: ClaimFields,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let file = args.userbuf_file.as_deref();
    let userbuf = userbuf::read(args.userbuf.as_deref(), file, &mut context.stdin)?;
    let loaded = session::load_config(context)?;
    let signing = loaded.signing_settings(context)?;
    let claims = Claims {
        identifier: signing.identifier.value.to_string(),
        sdkappid: signing.sdkappid.value,
        time: loaded.now_unix(),
        expire: signing.expire.value.as_secs(),
        userbuf,
    };
    let sig = usersig::sign(&claims, &signing.key);
    let line = match context.style.format {
        Format::Text => sig.expose().to_owned(),
        Format::Json => {
            let line = SignResult {
                usersig: sig.expose(),
                claims: ClaimFields::of(&claims),
            };
            serde_json::to_string(&line).expect("strings and numbers serialise")
        }
    };
    context.print(&(line + "\n"))?;
    Ok(Exit::Done)
}
