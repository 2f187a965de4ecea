//! From everything that was given to settings that can be used, or to a list
//! of all that keeps them from it.

use std::time::Duration;

use super::args::ConnectionArgs;
use super::credential;
use super::destination::destination;
use super::duration;
use super::env::Env;
use super::error::{Error, Problem, Problems};
use super::given::Flags;
use super::identity;
use super::layers::Layers;
use super::names::{
    CA_FILE, ENDPOINT, IDENTIFIER, Name, REGION, SDKAPPID, SECRET_KEY, SECRET_KEY_FILE, TLS_ROOTS,
    USERSIG, USERSIG_FILE,
};
use super::profile::Profiles;
use super::proxy::proxy;
use super::settings::{Credential, Mode, Rehearsal, Settings};
use super::signature;
use super::source::{Setting, Source};
use super::stdin::StdinClaim;
use super::trust::trust;
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
    let layers = inputs.layers();
    let mut problems = Problems::default();
    let sdkappid = problems.keep(identity::sdkappid(&layers, inputs.profiles));
    let identifier = problems.keep(identity::identifier(&layers, inputs.profiles));
    let credential = problems.absorb(credential::credential(
        &layers,
        inputs.profiles,
        inputs.env,
        stdin,
    ));
    let destination = problems.keep(destination(&layers, inputs.env));
    let proxy = destination
        .as_ref()
        .and_then(|(endpoint, _)| problems.keep(proxy(&endpoint.value, inputs.env)));
    let trust = problems.keep(trust(&layers, inputs.env));
    let patience = problems.absorb(Patience::of(&layers));
    if let Some(credential) = &credential {
        problems.keep(fits(
            credential,
            sdkappid.as_ref(),
            identifier.as_ref(),
            inputs.now_unix,
        ));
        problems.keep(
            patience
                .as_ref()
                .map_or(Ok(()), |given| given.suits(credential)),
        );
    }
    problems.into_result()?;
    let ((endpoint, region), (tls_roots, ca_file)) = (present(destination), present(trust));
    let credential = credential::fetch(present(credential), inputs.mode)?;
    let patience = present(patience);
    Ok(Settings {
        sdkappid: present(sdkappid),
        identifier: present(identifier),
        warnings: credential::warnings(&credential),
        credential,
        endpoint,
        region,
        proxy: proxy.flatten(),
        ca_file,
        tls_roots,
        expire: patience.expire,
        timeout: patience.timeout,
        connect_timeout: patience.connect_timeout,
        profile: inputs.profiles.chosen.clone(),
    })
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
    let patience = problems.absorb(Patience::of(&inputs.layers()));
    problems.into_result()?;
    let patience = present(patience);
    Ok(Rehearsal {
        expire: patience.expire,
        timeout: patience.timeout,
        connect_timeout: patience.connect_timeout,
        profile: inputs.profiles.chosen.clone(),
    })
}

/// A value whose absence would have been a problem, and there is none.
pub(super) fn present<T>(value: Option<T>) -> T {
    value.expect("what is absent has its problem reported")
}

/// The settings that are lengths of time.
struct Patience {
    expire: Setting<Duration>,
    timeout: Setting<Duration>,
    connect_timeout: Setting<Duration>,
}

impl Patience {
    fn of(layers: &Layers) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let expire = problems.keep(duration::expire(layers));
        let timeout = problems.keep(duration::timeout(layers));
        let connect_timeout = problems.keep(duration::connect_timeout(layers));
        problems.into_result()?;
        Ok(Self {
            expire: present(expire),
            timeout: present(timeout),
            connect_timeout: present(connect_timeout),
        })
    }

    /// Nothing is silently ignored: `--expire` cannot change a signature that
    /// is already made. Below the command line it is a default for other days.
    fn suits(&self, credential: &Setting<Credential>) -> Result<(), Problem> {
        let is_flag = matches!(self.expire.source, Source::Flag(_));
        if !is_flag || !matches!(credential.value, Credential::UserSig { .. }) {
            return Ok(());
        }
        let source = &credential.source;
        let message = format!("--expire cannot change the ready-made UserSig ({source})");
        Err(Problem::usage(message).hint("leave --expire out, or give the secret key"))
    }
}

/// A ready-made signature is for this app and this caller, and not over.
fn fits(
    credential: &Setting<Credential>,
    sdkappid: Option<&Setting<u32>>,
    identifier: Option<&Setting<UserId>>,
    now_unix: u64,
) -> Result<(), Problem> {
    let Credential::UserSig { claims, .. } = &credential.value else {
        return Ok(());
    };
    let sdkappid = sdkappid.map(|setting| setting.value);
    let identifier = identifier.map(|setting| &setting.value);
    signature::check(claims, sdkappid, identifier, now_unix).map_err(|fault| {
        let hint = fault.hint();
        Problem::config(format!("{fault} ({})", credential.source)).hint(hint)
    })
}

fn is_not_given(args: &ConnectionArgs, name: &Name) -> Result<(), Problem> {
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
