//! `roomctl usersig sign`: makes a signature. Besides `sandbox` it is the only
//! command that prints a secret.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::inspect::ClaimFields;
use crate::commands::{Accepts, CommandArgs, Context, session};
use crate::config::table::Group;
use crate::config::{Format, StdinClaim};
use crate::error::{Error, Problems};
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::input_file;
use crate::usersig::{self, Claims};

/// Make a signature, and print only the signature on stdout
#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(super) struct Args {
    /// Your own bytes to include, as hex digits; the Room Engine needs none
    #[arg(long, value_name = "HEX")]
    userbuf: Option<String>,
    /// File with your own bytes to include, - for stdin
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    userbuf_file: Option<PathBuf>,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&ACCEPTED);
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

const ACCEPTED: [Group; 5] = [
    Group::ConfigFile,
    Group::Profile,
    Group::Account,
    Group::Key,
    Group::Lifetime,
];

/// Longest user buffer. The signature is part of the URL of every call, and
/// servers limit the request line to 8 KiB. In base64, twice, this length stays
/// below that.
const MAX_USERBUF: u64 = 4096;

const USERBUF_HINT: &str =
    "--userbuf takes hex digits, two per byte; --userbuf-file takes the bytes themselves";

/// The result of `sign`.
#[derive(Serialize)]
struct SignResult<'a> {
    #[serde(rename = "UserSig")]
    usersig: &'a str,
    #[serde(flatten)]
    claims: ClaimFields,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut problems = Problems::default();
    let userbuf = problems.ok_or_collect(userbuf(args, &mut context.stdin));
    let loaded = session::read_config(context);
    let signing = loaded.signing_settings(problems, context)?;
    let userbuf = userbuf.flatten();
    let claims = Claims {
        identifier: signing.identifier.value.to_string(),
        sdkappid: signing.sdkappid.value,
        time: loaded.now_unix(),
        expire: signing.expire.value.time().as_secs(),
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

/// Adds the problems of a command line that does not run. A pipe is not read.
pub(super) fn check(args: &Args, context: &mut Context, problems: &mut Problems) {
    if args.userbuf_file.is_none() {
        problems.ok_or_collect(userbuf(args, &mut context.stdin));
    }
    session::add_signing_problems(context, problems);
}

/// The caller's own bytes inside the signature, if any are given.
fn userbuf(args: &Args, stdin: &mut StdinClaim) -> Result<Option<Vec<u8>>, Error> {
    let (flag, bytes) = match (&args.userbuf, &args.userbuf_file) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let message = "--userbuf and --userbuf-file are given together";
            return Err(Error::usage(message, "remove one of them"));
        }
        (Some(hex), None) => ("--userbuf", parse_hex(hex)?),
        (None, Some(file)) => ("--userbuf-file", read_file(file, stdin)?),
    };
    let length = bytes.len() as u64;
    if length == 0 {
        let message = format!("{flag} is empty");
        return Err(Error::usage(message, format!("remove {flag}")));
    }
    if length > MAX_USERBUF {
        let message = format!("{flag} has more than {MAX_USERBUF} bytes");
        let hint = "use fewer bytes: the UserSig is part of the URL of every request";
        return Err(Error::usage(message, hint));
    }
    Ok(Some(bytes))
}

fn parse_hex(hex: &str) -> Result<Vec<u8>, Error> {
    let bad = || Error::usage("--userbuf: not hex digits, two per byte", USERBUF_HINT);
    let byte = |pair: &[u8]| {
        let both = pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
        let text = std::str::from_utf8(pair).ok().filter(|_| both)?;
        u8::from_str_radix(text, 16).ok()
    };
    let bytes: Option<Vec<u8>> = hex.trim().as_bytes().chunks(2).map(byte).collect();
    bytes.ok_or_else(bad)
}

fn read_file(file: &Path, stdin: &mut StdinClaim) -> Result<Vec<u8>, Error> {
    let unreadable = |why: io::Error| {
        let message = format!("--userbuf-file {}: {why}", display_path(file));
        Error::usage(message, input_file::remedy(&why, USERBUF_HINT))
    };
    let input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--userbuf-file")?
    } else {
        Box::new(input_file::open(file, "--userbuf-file").map_err(unreadable)?)
    };
    let mut bytes = Vec::new();
    let mut limited = input.take(MAX_USERBUF + 1);
    limited.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Option<Vec<u8>> {
        let mut stdin = StdinClaim::new(std::io::empty(), false);
        let args = Args {
            userbuf: Some(text.to_owned()),
            userbuf_file: None,
        };
        userbuf(&args, &mut stdin).ok().flatten()
    }

    #[test]
    fn two_hex_digits_are_a_byte() {
        assert_eq!(hex("00ffA1"), Some(vec![0, 255, 161]));
        for bad in ["", "0", "0x00", "+1", "zz", "é", "00 11"] {
            assert_eq!(hex(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_user_buffer_that_is_too_long_is_refused() {
        assert!(hex(&"ab".repeat(4096)).is_some());
        assert_eq!(hex(&"ab".repeat(4097)), None);
    }
}
