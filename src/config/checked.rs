//! Every setting by itself, found and checked or with what is wrong with it:
//! what [`super::resolve`] puts together, and what `doctor` goes through one by
//! one, so that a mistake in one place does not hide the others.

use std::time::Duration;

use super::credential;
use super::destination::{Destination, destination};
use super::duration;
use super::error::{Error, Problem, Problems};
use super::identity;
use super::layers::Layers;
use super::profile::Profile;
use super::proxy::proxy;
use super::resolve::{Inputs, expect_checked};
use super::settings::{Credential, Mode, Settings};
use super::signature;
use super::source::{Setting, Source};
use super::stdin::StdinClaim;
use super::trust::{Trust, trust};
use crate::api::Proxy;
use crate::room::UserId;

/// Settings, each good or bad; a key command is not run yet.
#[derive(Debug, Clone)]
pub struct CheckedSettings {
    /// The app.
    pub sdkappid: Result<Setting<u32>, Error>,
    /// The calling account.
    pub identifier: Result<Setting<UserId>, Error>,
    /// The key or a signature.
    pub credential: Result<Setting<Credential>, Error>,
    /// Whether a ready-made signature is of this app and account, and not over.
    pub usersig_matches: Result<(), Error>,
    /// Where requests go, and the region that this is unless a URL was given.
    pub destination: Result<Destination, Error>,
    /// The proxy in between; none while the destination is not known.
    pub proxy: Result<Option<Setting<Proxy>>, Error>,
    /// Whose certificates are trusted.
    pub trust: Result<Trust, Error>,
    /// How long things may take.
    pub timeouts: Result<Timeouts, Error>,
}

/// The settings that are lengths of time.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// Lifetime of the signatures made here, whole seconds.
    pub expire: Setting<Duration>,
    /// Longest wait for one try of a request.
    pub timeout: Setting<Duration>,
    /// Longest wait for a connection.
    pub connect_timeout: Setting<Duration>,
}

/// Looks for every setting.
pub fn check_settings(inputs: &Inputs, stdin: &mut StdinClaim) -> CheckedSettings {
    let (layers, profiles, env) = (inputs.layers(), inputs.profiles, inputs.env);
    let sdkappid = identity::sdkappid(&layers, profiles);
    let identifier = identity::identifier(&layers, profiles);
    let credential = credential::credential(&layers, profiles, env, stdin);
    let destination = destination(&layers, env);
    let proxy = match &destination {
        Ok((endpoint, _)) => proxy(&endpoint.value, env),
        Err(_) => Ok(None),
    };
    let mut checked = CheckedSettings {
        sdkappid: sdkappid.map_err(Into::into),
        identifier: identifier.map_err(Into::into),
        credential,
        usersig_matches: Ok(()),
        destination: destination.map_err(Into::into),
        proxy: proxy.map_err(Into::into),
        trust: trust(&layers, env).map_err(Into::into),
        timeouts: Timeouts::of(&layers),
    };
    checked.usersig_matches = checked.check_usersig(inputs.now_unix);
    checked
}

impl CheckedSettings {
    /// Everything that is wrong, together.
    pub fn all_ok(&self) -> Result<(), Error> {
        fn error<T>(part: &Result<T, Error>) -> Option<Error> {
            part.as_ref().err().cloned()
        }
        let errors = [
            error(&self.sdkappid),
            error(&self.identifier),
            error(&self.credential),
            error(&self.destination),
            error(&self.proxy),
            error(&self.trust),
            error(&self.timeouts),
            error(&self.usersig_matches),
        ];
        let mut problems = Problems::default();
        for error in errors.into_iter().flatten() {
            problems.absorb::<()>(Err(error));
        }
        problems.into_result()
    }

    /// Runs the program that prints the key, if that is how the key is to be had.
    pub fn fetch_key(&mut self, mode: Mode) {
        if let Ok(credential) = self.credential.clone() {
            self.credential = credential::fetch(credential, mode).map_err(Into::into);
        }
    }

    /// All of it as settings, if nothing is wrong.
    pub fn into_settings(self, profile: Option<Profile>) -> Result<Settings, Error> {
        self.all_ok()?;
        let ((endpoint, region), (tls_roots, ca_file)) = (
            expect_checked(self.destination.ok()),
            expect_checked(self.trust.ok()),
        );
        let credential = expect_checked(self.credential.ok());
        let timeouts = expect_checked(self.timeouts.ok());
        Ok(Settings {
            sdkappid: expect_checked(self.sdkappid.ok()),
            identifier: expect_checked(self.identifier.ok()),
            warnings: credential::warnings(&credential),
            credential,
            endpoint,
            region,
            proxy: expect_checked(self.proxy.ok()),
            ca_file,
            tls_roots,
            expire: timeouts.expire,
            timeout: timeouts.timeout,
            connect_timeout: timeouts.connect_timeout,
            profile,
        })
    }

    /// A ready-made signature is for this app and this caller, not over, and
    /// nobody asks for another lifetime of it.
    fn check_usersig(&self, now_unix: u64) -> Result<(), Error> {
        let Ok(credential) = &self.credential else {
            return Ok(());
        };
        let Credential::UserSig { claims, .. } = &credential.value else {
            return Ok(());
        };
        let sdkappid = self.sdkappid.as_ref().ok().map(|setting| setting.value);
        let identifier = self.identifier.as_ref().ok();
        let identifier = identifier.map(|setting| &setting.value);
        let mut problems = Problems::default();
        let matches = signature::check(claims, sdkappid, identifier, now_unix).map_err(|error| {
            let hint = error.hint();
            Problem::config(format!("{error} ({})", credential.source)).hint(hint)
        });
        problems.keep(matches);
        if let Ok(timeouts) = &self.timeouts {
            problems.keep(timeouts.suits(credential));
        }
        problems.into_result()
    }
}

/// What a sandbox has is always good.
impl From<Settings> for CheckedSettings {
    fn from(settings: Settings) -> Self {
        Self {
            sdkappid: Ok(settings.sdkappid),
            identifier: Ok(settings.identifier),
            credential: Ok(settings.credential),
            usersig_matches: Ok(()),
            destination: Ok((settings.endpoint, settings.region)),
            proxy: Ok(settings.proxy),
            trust: Ok((settings.tls_roots, settings.ca_file)),
            timeouts: Ok(Timeouts {
                expire: settings.expire,
                timeout: settings.timeout,
                connect_timeout: settings.connect_timeout,
            }),
        }
    }
}

impl Timeouts {
    pub(super) fn of(layers: &Layers) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let expire = problems.keep(duration::expire(layers));
        let timeout = problems.keep(duration::timeout(layers));
        let connect_timeout = problems.keep(duration::connect_timeout(layers));
        problems.into_result()?;
        Ok(Self {
            expire: expect_checked(expire),
            timeout: expect_checked(timeout),
            connect_timeout: expect_checked(connect_timeout),
        })
    }

    /// Nothing is silently ignored: `--expire` cannot change a signature that
    /// is already made. Below the command line it is a default for other days.
    fn suits(&self, credential: &Setting<Credential>) -> Result<(), Problem> {
        if !matches!(self.expire.source, Source::Flag(_)) {
            return Ok(());
        }
        let source = &credential.source;
        let message = format!("--expire cannot change the ready-made UserSig ({source})");
        Err(Problem::usage(message).hint("leave --expire out, or give the secret key"))
    }
}
