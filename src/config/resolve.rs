//! From everything that was given to settings that can be used, or to a list
//! of all that keeps them from it.

use super::args::ConnectionArgs;
use super::checked::{Timeouts, check_settings};
use super::env::Env;
use super::error::{Error, Problem, Problems};
use super::identity;
use super::layers::Layers;
use super::names::{
    CA_FILE, ENDPOINT, IDENTIFIER, REGION, SDKAPPID, SECRET_KEY, SECRET_KEY_FILE, SettingSpec,
    TLS_ROOTS, USERSIG, USERSIG_FILE,
};
use super::profile::Profiles;
use super::settings::{Mode, Rehearsal, Settings};
use super::stdin::StdinClaim;
use super::value::FlagSource;
use crate::room::UserId;

/// Everything that values can come from.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The command line.
    pub args: &'a ConnectionArgs,
    /// The environment.
    pub env: &'a Env,
    /// The configuration file.
    pub profiles: &'a Profiles,
    /// The time, for a ready-made signature's; unix seconds.
    pub now_unix: u64,
    /// Whether requests will follow.
    pub mode: Mode,
}

impl Inputs<'_> {
    pub(super) fn layers(&self) -> Layers<'_> {
        Layers::new(self.args, self.env, self.profiles.chosen.as_ref())
    }
}

/// Finds, checks and explains every setting. All problems are reported
/// together: exit 2 when one is on the command line, else 3. A key command is
/// run last, and only when nothing else is wrong.
pub fn resolve(inputs: &Inputs, stdin: &mut StdinClaim) -> Result<Settings, Error> {
    let mut checked = check_settings(inputs, stdin);
    checked.all_ok()?;
    checked.fetch_key(inputs.mode);
    checked.into_settings(inputs.profiles.chosen.clone())
}

/// The calling account, as far as it can be told; [`resolve`] says what keeps
/// it from being told. For who must know before the key is asked for.
pub fn caller(inputs: &Inputs) -> Option<UserId> {
    let identifier = identity::identifier(&inputs.layers(), inputs.profiles);
    identifier.ok().map(|setting| setting.value)
}

/// What still counts with `--sandbox`. Flags that say who calls or where to
/// are exit 2 beside it; variables and profiles give way to the flag.
pub fn resolve_sandbox(inputs: &Inputs) -> Result<Rehearsal, Error> {
    let mut problems = Problems::default();
    for name in [
        &SDKAPPID,
        &IDENTIFIER,
        &SECRET_KEY,
        &SECRET_KEY_FILE,
        &USERSIG,
        &USERSIG_FILE,
        &REGION,
        &ENDPOINT,
        &CA_FILE,
        &TLS_ROOTS,
    ] {
        problems.keep(is_not_given(inputs.args, name));
    }
    let timeouts = problems.absorb(Timeouts::of(&inputs.layers()));
    problems.into_result()?;
    let timeouts = expect_checked(timeouts);
    Ok(Rehearsal {
        expire: timeouts.expire,
        timeout: timeouts.timeout,
        connect_timeout: timeouts.connect_timeout,
        profile: inputs.profiles.chosen.clone(),
    })
}

/// A value whose absence would have been a problem, and there is none.
pub(super) fn expect_checked<T>(value: Option<T>) -> T {
    value.expect("what is absent has its problem reported")
}

fn is_not_given(args: &ConnectionArgs, name: &SettingSpec) -> Result<(), Problem> {
    match name.flag.filter(|flag| args.value(flag).is_some()) {
        None => Ok(()),
        Some(flag) => {
            let message = format!("{flag} has no use beside --sandbox, which has its own");
            Err(Problem::usage(message).hint(format!("leave {flag} out, or --sandbox")))
        }
    }
}

#[cfg(test)]
mod tests;
