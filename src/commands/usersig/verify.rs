//! `roomctl usersig verify`: what the service would answer to a signature, as far
//! as that follows from the documents: app, caller, key, clock.

use serde::Serialize;

use super::claims::ClaimFields;
use crate::api::codes;
use crate::commands::{Accepts, CommandArgs, Context, session};
use crate::config::table::Group;
use crate::config::{self, Format, SecretText, SigningSettings};
use crate::error::{Error, Problem};
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::UserSig;
use crate::usersig::{self, Claims};

/// Check a signature with the key: would the service accept it?
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Signature, - for stdin; others see what stands on a command line
    #[arg(value_name = "SIG", value_parser = config::secret_parser())]
    sig: SecretText,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&USED);
    const OUTPUT_FROM_PROFILE: bool = true;
}

const EXAMPLES: &str = "\
Exit codes: 0 it would be accepted, 4 it would not.

Examples:
  roomctl usersig verify - --profile prod < admin.sig
  roomctl usersig sign | roomctl usersig verify -";

const USED: [Group; 4] = [
    Group::ConfigFile,
    Group::Profile,
    Group::Account,
    Group::Key,
];

/// One line of `-o json`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyResult {
    good: bool,
    /// What is answered first; 0 where nothing is wrong.
    error_code: i64,
    #[serde(rename = "Faults")]
    rejections: Vec<Rejection>,
    /// Absent where it cannot be read.
    #[serde(flatten)]
    claims: Option<ClaimFields>,
}

/// One thing that the service would refuse it for.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rejection {
    error_code: i64,
    meaning: &'static str,
    remedy: &'static str,
    /// What differs, in this very case.
    detail: String,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let sig = config::usersig_operand(&args.sig, &mut context.stdin)?;
    let loaded = session::load_config(context)?;
    let signing = loaded.signing_settings(context)?;
    let line = verify(&sig, &signing, loaded.now_unix());
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&line).expect("strings serialise") + "\n",
        Format::Text => line.text(),
    };
    context.print(&text)?;
    let Some(first) = line.rejections.first() else {
        return Ok(Exit::Done);
    };
    let exit = Exit::Credentials;
    let message = format!("the service would answer {}", first.error_code);
    let problem = Problem::new(exit, message, first.remedy);
    context.notes().error(&problem.into());
    Ok(exit)
}

/// In the sandbox's order; which of several the service names first, no
/// document says.
fn verify(sig: &UserSig, signing: &SigningSettings, now_unix: u64) -> VerifyResult {
    let decoded = match usersig::decode(sig) {
        Ok(decoded) if decoded.version == "2.0" => decoded,
        Ok(decoded) => {
            let detail = format!("its version is {:?}, not \"2.0\"", decoded.version);
            return VerifyResult::of(vec![Rejection::of(70_003, detail)], Some(&decoded.claims));
        }
        Err(why) => return VerifyResult::of(vec![Rejection::of(70_003, why.to_string())], None),
    };
    let claims = &decoded.claims;
    let mut rejections = Vec::new();
    let (signed, asked) = (&claims.identifier, signing.identifier.value.as_str());
    if signed != asked {
        let detail = format!("it is signed for {signed:?}, and {asked:?} calls");
        rejections.push(Rejection::of(70_013, detail));
    }
    let (signed, asked) = (claims.sdkappid, signing.sdkappid.value);
    if signed != asked {
        let detail = format!("it is signed for {signed}, and {asked} is called");
        rejections.push(Rejection::of(70_014, detail));
    }
    if !decoded.is_signed_with(&signing.key) {
        rejections.push(Rejection::of(70_009, "this key did not make it".into()));
    }
    if claims.is_expired(now_unix) {
        let ended = ClaimFields::of(claims).expires.unwrap_or_default();
        rejections.push(Rejection::of(70_001, format!("it ended at {ended}")));
    }
    VerifyResult::of(rejections, Some(claims))
}

impl Rejection {
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

impl VerifyResult {
    fn of(rejections: Vec<Rejection>, claims: Option<&Claims>) -> Self {
        Self {
            good: rejections.is_empty(),
            error_code: rejections
                .first()
                .map_or(0, |rejection| rejection.error_code),
            rejections,
            claims: claims.map(ClaimFields::of),
        }
    }

    fn text(&self) -> String {
        if self.good {
            return "good: the service would accept this UserSig\n".into();
        }
        let rejection = |rejection: &Rejection| {
            let Rejection {
                error_code,
                meaning,
                remedy,
                detail,
            } = rejection;
            let detail = sanitise(detail);
            format!("{error_code}: {meaning}; {detail}\nwhat helps: {remedy}\n")
        };
        self.rejections.iter().map(rejection).collect()
    }
}
