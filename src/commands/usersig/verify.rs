//! `roomctl usersig verify`: what the service would answer to a signature, as far
//! as that follows from the documents: app, caller, key, clock.

use serde::Serialize;

use super::claims::Shown;
use crate::api::codes;
use crate::commands::{Context, scope, session};
use crate::config::{self, ConnectionArgs, Format, OutputArgs, SecretText, Signing};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::UserSig;
use crate::streams;
use crate::usersig::{self, Claims};

/// Check a signature with the key: would the service accept it?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, mut_args(|arg| scope::show_only(arg, &USEFUL)))]
pub(super) struct Args {
    /// Signature, - for stdin; others see what stands on a command line
    #[arg(value_name = "SIG", value_parser = config::secret())]
    sig: SecretText,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

const EXAMPLES: &str = "\
Exit codes: 0 it would be accepted, 4 it would not.

Examples:
  roomctl usersig verify - --profile prod < admin.sig
  roomctl usersig sign | roomctl usersig verify -";

const USEFUL: [&str; 6] = [
    "--profile",
    "--config",
    "--sdkappid",
    "--identifier",
    "--secret-key",
    "--secret-key-file",
];

/// One line of `-o json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    good: bool,
    /// What is answered first; 0 where nothing is wrong.
    error_code: i64,
    faults: Vec<Fault>,
    /// Absent where it cannot be read.
    #[serde(flatten)]
    claims: Option<Shown>,
}

/// One thing that the service would refuse it for.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Fault {
    error_code: i64,
    meaning: &'static str,
    remedy: &'static str,
    /// What differs, in this very case.
    detail: String,
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
    scope::refuse_others("usersig verify", &connection, &USEFUL)?;
    let sig = config::usersig_operand(&args.sig, &mut context.stdin)?;
    let loaded = session::load_config(&connection, &output, context)?;
    let signing = loaded.signing(&connection, context)?;
    let line = judge(&sig, &signing, loaded.now_unix());
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&line).expect("strings serialise") + "\n",
        Format::Text => line.text(),
    };
    streams::print(context.style, &text).map_err(|why| Error::results(&why))?;
    let Some(first) = line.faults.first() else {
        return Ok(Exit::Done);
    };
    let exit = Exit::Credentials;
    let message = format!("the service would answer {}", first.error_code);
    streams::notes(context.style).error(exit, &message, &[], Some(first.remedy));
    Ok(exit)
}

/// In the sandbox's order; which of several the service names first, no
/// document says.
fn judge(sig: &UserSig, signing: &Signing, now_unix: u64) -> Line {
    let decoded = match usersig::decode(sig) {
        Ok(decoded) if decoded.version == "2.0" => decoded,
        Ok(decoded) => {
            let detail = format!("its version is {:?}, not \"2.0\"", decoded.version);
            return Line::of(vec![Fault::of(70_003, detail)], Some(&decoded.claims));
        }
        Err(why) => return Line::of(vec![Fault::of(70_003, why.to_string())], None),
    };
    let claims = &decoded.claims;
    let mut faults = Vec::new();
    let (signed, asked) = (&claims.identifier, signing.identifier.value.as_str());
    if signed != asked {
        let detail = format!("it is signed for {signed:?}, and {asked:?} calls");
        faults.push(Fault::of(70_013, detail));
    }
    let (signed, asked) = (claims.sdkappid, signing.sdkappid.value);
    if signed != asked {
        let detail = format!("it is signed for {signed}, and {asked} is called");
        faults.push(Fault::of(70_014, detail));
    }
    if !decoded.is_proved_by(&signing.key) {
        faults.push(Fault::of(70_009, "this key did not make it".into()));
    }
    if claims.is_expired(now_unix) {
        let ended = Shown::of(claims).expires.unwrap_or_default();
        faults.push(Fault::of(70_001, format!("it ended at {ended}")));
    }
    Line::of(faults, Some(claims))
}

impl Fault {
    fn of(code: i64, detail: String) -> Self {
        let row = codes::row(code).expect("a documented code");
        Self {
            error_code: code,
            meaning: row.meaning,
            remedy: row.remedy,
            detail,
        }
    }
}

impl Line {
    fn of(faults: Vec<Fault>, claims: Option<&Claims>) -> Self {
        Self {
            good: faults.is_empty(),
            error_code: faults.first().map_or(0, |fault| fault.error_code),
            faults,
            claims: claims.map(Shown::of),
        }
    }

    fn text(&self) -> String {
        if self.good {
            return "good: the service would accept this UserSig\n".into();
        }
        let fault = |fault: &Fault| {
            let Fault {
                error_code,
                meaning,
                remedy,
                detail,
            } = fault;
            let detail = sanitise(detail);
            format!("{error_code}: {meaning}; {detail}\nwhat helps: {remedy}\n")
        };
        self.faults.iter().map(fault).collect()
    }
}
