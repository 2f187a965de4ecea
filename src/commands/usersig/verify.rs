//! `roomctl usersig verify`: the answer of the service to a signature, as far as
//! the documents define it: app, identifier, key, clock.

use serde::Serialize;

use super::inspect::{ClaimFields, Warning, warnings};
use crate::api::codes;
use crate::clock::rfc3339;
use crate::commands::{Accepts, CommandArgs, Context, session};
use crate::config::table::Group;
use crate::config::{self, Format, SecretText, SigningSettings};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::output::sanitise;
use crate::secret::UserSig;
use crate::usersig::{self, Claims};

/// Check with the key whether the service would accept a signature
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Signature, - for stdin; others can see the command line
    #[arg(value_name = "SIG", value_parser = config::secret_parser())]
    sig: SecretText,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::Only(&ACCEPTED);
}

const EXAMPLES: &str = "\
Exit codes: 0 the service would accept it, 4 it would not.

Examples:
  roomctl usersig verify - --profile prod < admin.sig
  roomctl usersig sign | roomctl usersig verify -";

const ACCEPTED: [Group; 4] = [
    Group::ConfigFile,
    Group::Profile,
    Group::Account,
    Group::Key,
];

/// The result of `verify`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VerifyResult {
    good: bool,
    /// The first of the rejections; 0 if there is none.
    error_code: i64,
    #[serde(rename = "Faults")]
    rejections: Vec<Rejection>,
    warnings: Vec<Warning>,
    /// Absent if the signature cannot be decoded.
    #[serde(flatten)]
    claims: Option<ClaimFields>,
}

/// One reason why the service would refuse the signature.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Rejection {
    error_code: i64,
    meaning: &'static str,
    remedy: &'static str,
    /// What differs in this signature.
    detail: String,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let mut problems = Problems::default();
    let sig = config::usersig_operand(&args.sig, &mut context.stdin);
    let sig = problems.ok_or_collect(sig);
    let loaded = session::read_config(context);
    let signing = loaded.signing_settings(problems, context)?;
    let sig = sig.expect("its problem was reported");
    let result = verify(&sig, &signing, loaded.now_unix());
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&result).expect("strings serialise") + "\n",
        Format::Text => result.text(),
    };
    context.print(&text)?;
    for warning in &result.warnings {
        context.notes().warn(&warning.text);
    }
    let Some(first) = result.rejections.first() else {
        return Ok(Exit::Done);
    };
    let exit = Exit::Credentials;
    let message = format!("the service would answer {}", first.error_code);
    let problem = Problem::new(exit, message, first.remedy);
    context.notes().error(&problem.into());
    Ok(exit)
}

/// The rejections are in the sandbox's order. The documents do not define which
/// of several the service answers first.
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
    let (signed, given) = (&claims.identifier, signing.identifier.value.as_str());
    if signed != given {
        let detail = format!("it is signed for {signed:?}, but the identifier is {given:?}");
        rejections.push(Rejection::of(70_013, detail));
    }
    let (signed, given) = (claims.sdkappid, signing.sdkappid.value);
    if signed != given {
        let detail = format!("it is signed for {signed}, but the SDKAppID is {given}");
        rejections.push(Rejection::of(70_014, detail));
    }
    if !decoded.is_signed_with(&signing.key) {
        rejections.push(Rejection::of(
            70_009,
            "it was not signed with this key".into(),
        ));
    }
    if claims.is_expired(now_unix) {
        let expires = rfc3339(claims.expires_at()).unwrap_or_default();
        rejections.push(Rejection::of(70_001, format!("it expired at {expires}")));
    }
    let result = VerifyResult::of(rejections, Some(claims));
    VerifyResult {
        warnings: warnings(claims, now_unix),
        ..result
    }
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
            warnings: Vec::new(),
            claims: claims.map(ClaimFields::of),
        }
    }

    fn text(&self) -> String {
        if self.good && self.warnings.is_empty() {
            return "good: the service would accept this UserSig\n".into();
        }
        if self.good {
            return "good, with warnings: key, SDKAppID and identifier are right\n".into();
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
