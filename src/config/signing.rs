//! What a `UserSig` is made and checked with offline: app, caller, key, lifetime.
//! Neither an address nor trust is asked for, so what is wrong with those keeps
//! nobody from signing.

use std::time::Duration;

use super::credential;
use super::duration;
use super::error::{Error, Problem, Problems};
use super::file;
use super::identity;
use super::provenance::{self, Provenance, line};
use super::resolve::{Inputs, expect_checked};
use super::settings::Credential;
use super::source::Setting;
use super::stdin::StdinClaim;
use super::value::SecretText;
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig};

/// Checked, each with its source.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The app.
    pub sdkappid: Setting<u32>,
    /// The calling account.
    pub identifier: Setting<UserId>,
    /// The app's key.
    pub key: SecretKey,
    /// Lifetime of a signature, whole seconds.
    pub expire: Setting<Duration>,
    /// To be said once on stderr.
    pub warnings: Vec<String>,
    credential: Setting<Credential>,
}

impl Signing {
    /// Where every value came from, for `-v`.
    pub fn provenance(&self) -> Vec<Provenance> {
        vec![
            line("sdkappid", &self.sdkappid, u32::to_string),
            line("identifier", &self.identifier, ToString::to_string),
            line("credential", &self.credential, provenance::kind),
            line("expire", &self.expire, |age| {
                duration::format_duration(*age)
            }),
        ]
    }
}

/// As [`super::resolve`], for what needs no service. A ready-made signature is
/// passed over: only the key can make or prove one.
pub fn resolve_signing(inputs: &Inputs, stdin: &mut StdinClaim) -> Result<Signing, Error> {
    let layers = inputs.layers();
    let mut problems = Problems::default();
    let sdkappid = problems.keep(identity::sdkappid(&layers, inputs.profiles));
    let identifier = problems.keep(identity::identifier(&layers, inputs.profiles));
    let key = credential::key(&layers, inputs.profiles, inputs.env, stdin);
    let key = problems.absorb(key);
    let expire = problems.keep(duration::expire(&layers));
    problems.into_result()?;
    let credential = credential::fetch(expect_checked(key), inputs.mode)?;
    let Credential::Key(key) = &credential.value else {
        return Err(Problem::config("the secret key is not at hand").into());
    };
    Ok(Signing {
        sdkappid: expect_checked(sdkappid),
        identifier: expect_checked(identifier),
        key: key.clone(),
        expire: expect_checked(expire),
        warnings: credential::warnings(&credential),
        credential,
    })
}

/// The signature that was given as the operand `SIG`, or on standard input
/// where that is `-`; checked by nobody yet. Blanks and line ends around it are
/// no part of it.
pub fn usersig_operand(operand: &SecretText, stdin: &mut StdinClaim) -> Result<UserSig, Error> {
    let not_utf8 = || Problem::usage("SIG: is not UTF-8");
    let given = operand.expose().ok_or_else(not_utf8)?;
    if given != "-" {
        return Ok(trimmed(given));
    }
    if stdin.is_terminal() {
        let problem = Problem::usage("SIG -: standard input is a terminal");
        return Err(problem.hint("pipe or redirect the UserSig into it").into());
    }
    let text = file::text(stdin.claim("SIG")?);
    let text = text.map_err(|fault| Problem::usage(format!("SIG -: standard input {fault}")))?;
    Ok(trimmed(&text))
}

fn trimmed(text: &str) -> UserSig {
    UserSig::new(text.trim_start_matches('\u{feff}').trim())
}
