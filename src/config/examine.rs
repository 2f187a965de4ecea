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
use super::resolve::{Inputs, present};
use super::settings::{Credential, Mode, Settings};
use super::signature;
use super::source::{Setting, Source};
use super::stdin::StdinClaim;
use super::trust::{Trust, trust};
use crate::api::Proxy;
use crate::room::UserId;

/// Settings, each good or bad; a key command is not run yet.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The app.
    pub sdkappid: Result<Setting<u32>, Error>,
    /// The calling account.
    pub identifier: Result<Setting<UserId>, Error>,
    /// The key or a signature.
    pub credential: Result<Setting<Credential>, Error>,
    /// Whether a ready-made signature is of this app and account, and not over.
    pub fit: Result<(), Error>,
    /// Where requests go, and the region that this is unless a URL was given.
    pub destination: Result<Destination, Error>,
    /// The proxy in between; none while the destination is not known.
    pub proxy: Result<Option<Setting<Proxy>>, Error>,
    /// Whose certificates are trusted.
    pub trust: Result<Trust, Error>,
    /// How long things may take.
    pub patience: Result<Patience, Error>,
}

/// The settings that are lengths of time.
#[derive(Debug, Clone)]
pub struct Patience {
    /// Lifetime of the signatures made here, whole seconds.
    pub expire: Setting<Duration>,
    /// Longest wait for one try of a request.
    pub timeout: Setting<Duration>,
    /// Longest wait for a connection.
    pub connect_timeout: Setting<Duration>,
}

/// Looks for every setting.
pub fn examine(inputs: &Inputs, stdin: &mut StdinClaim) -> Examined {
    let (layers, profiles, env) = (inputs.layers(), inputs.profiles, inputs.env);
    let sdkappid = identity::sdkappid(&layers, profiles);
    let identifier = identity::identifier(&layers, profiles);
    let credential = credential::credential(&layers, profiles, env, stdin);
    let destination = destination(&layers, env);
    let proxy = match &destination {
        Ok((endpoint, _)) => proxy(&endpoint.value, env),
        Err(_) => Ok(None),
    };
    let mut examined = Examined {
        sdkappid: sdkappid.map_err(Into::into),
        identifier: identifier.map_err(Into::into),
        credential,
        fit: Ok(()),
        destination: destination.map_err(Into::into),
        proxy: proxy.map_err(Into::into),
        trust: trust(&layers, env).map_err(Into::into),
        patience: Patience::of(&layers),
    };
    examined.fit = examined.fits(inputs.now_unix);
    examined
}

impl Examined {
    /// Everything that is wrong, together.
    pub fn sound(&self) -> Result<(), Error> {
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
            error(&self.patience),
            error(&self.fit),
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
    pub fn settle(self, profile: Option<Profile>) -> Result<Settings, Error> {
        self.sound()?;
        let ((endpoint, region), (tls_roots, ca_file)) =
            (present(self.destination.ok()), present(self.trust.ok()));
        let credential = present(self.credential.ok());
        let patience = present(self.patience.ok());
        Ok(Settings {
            sdkappid: present(self.sdkappid.ok()),
            identifier: present(self.identifier.ok()),
            warnings: credential::warnings(&credential),
            credential,
            endpoint,
            region,
            proxy: present(self.proxy.ok()),
            ca_file,
            tls_roots,
            expire: patience.expire,
            timeout: patience.timeout,
            connect_timeout: patience.connect_timeout,
            profile,
        })
    }

    /// A ready-made signature is for this app and this caller, not over, and
    /// nobody asks for another lifetime of it.
    fn fits(&self, now_unix: u64) -> Result<(), Error> {
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
        let fits = signature::check(claims, sdkappid, identifier, now_unix).map_err(|fault| {
            let hint = fault.hint();
            Problem::config(format!("{fault} ({})", credential.source)).hint(hint)
        });
        problems.keep(fits);
        if let Ok(patience) = &self.patience {
            problems.keep(patience.suits(credential));
        }
        problems.into_result()
    }
}

/// What a sandbox has is always good.
impl From<Settings> for Examined {
    fn from(settings: Settings) -> Self {
        Self {
            sdkappid: Ok(settings.sdkappid),
            identifier: Ok(settings.identifier),
            credential: Ok(settings.credential),
            fit: Ok(()),
            destination: Ok((settings.endpoint, settings.region)),
            proxy: Ok(settings.proxy),
            trust: Ok((settings.tls_roots, settings.ca_file)),
            patience: Ok(Patience {
                expire: settings.expire,
                timeout: settings.timeout,
                connect_timeout: settings.connect_timeout,
            }),
        }
    }
}

impl Patience {
    pub(super) fn of(layers: &Layers) -> Result<Self, Error> {
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
        if !matches!(self.expire.source, Source::Flag(_)) {
            return Ok(());
        }
        let source = &credential.source;
        let message = format!("--expire cannot change the ready-made UserSig ({source})");
        Err(Problem::usage(message).hint("leave --expire out, or give the secret key"))
    }
}
