//! `roomctl usersig sign`: one of the two commands that print a signature,
//! because that is what it is for.

use std::path::PathBuf;

use serde::Serialize;

use super::claims::ClaimFields;
use super::userbuf;
use crate::commands::{Context, scope, session};
use crate::config::{ConnectionArgs, Format, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::streams;
use crate::usersig::{self, Claims};

/// Make a signature, and print it alone on stdout
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG, mut_args(|arg| scope::show_only(arg, &USEFUL)))]
pub(super) struct Args {
    /// Bytes of your own to sign along, as hex digits; the Room Engine needs none
    #[arg(long, value_name = "HEX")]
    userbuf: Option<String>,
    /// File with bytes of your own to sign along, - for stdin
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    userbuf_file: Option<PathBuf>,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
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

const USEFUL: [&str; 7] = [
    "--profile",
    "--config",
    "--sdkappid",
    "--identifier",
    "--secret-key",
    "--secret-key-file",
    "--expire",
];

#[derive(Serialize)]
struct SignResult<'a> {
    #[serde(rename = "UserSig")]
    usersig: &'a str,
    #[serde(flatten)]
    claims: ClaimFields,
}

/// Runs the command.
pub(super) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = connection.merge(args.connection)?;
    let output = output.merge(args.output)?;
    scope::refuse_others("usersig sign", &connection, &USEFUL)?;
    let file = args.userbuf_file.as_deref();
    let userbuf = userbuf::read(args.userbuf.as_deref(), file, &mut context.stdin)?;
    let loaded = session::load_config(&connection, &output, context)?;
    let signing = loaded.signing(&connection, context)?;
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
    streams::print(context.style, &(line + "\n")).map_err(|why| Error::results(&why))?;
    Ok(Exit::Done)
}
