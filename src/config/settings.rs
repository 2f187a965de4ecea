//! What the commands get: settings that are checked and know where they came
//! from.

use std::path::PathBuf;
use std::time::Duration;

use ureq::tls::Certificate;

use super::choice::TlsRoots;
use super::key_command::KeyCommand;
use super::profile::Profile;
use super::source::{Setting, Source};
use crate::api::{Endpoint, Proxy, Region};
use crate::room::UserId;
use crate::secret::{SecretKey, UserSig};
use crate::usersig::Claims;

/// Whether requests will follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// They will.
    Real,
    /// They will not: a key command is not run.
    DryRun,
}

impl Mode {
    /// What `--dry-run` asks for.
    pub fn of(dry_run: bool) -> Self {
        if dry_run { Self::DryRun } else { Self::Real }
    }
}

/// How requests are signed.
#[derive(Debug, Clone)]
pub enum Credential {
    /// With the app's key, as often as needed.
    Key(SecretKey),
    /// With the key that this program would print; on a dry run only.
    KeyCommand(KeyCommand),
    /// Not here: with a signature that was made elsewhere.
    UserSig {
        /// The signature.
        sig: UserSig,
        /// What it says, for [`super::outlives`].
        claims: Claims,
    },
}

/// Certificates to trust beside the bundled ones.
#[derive(Debug, Clone)]
pub struct CaFile {
    /// Where they were read.
    pub path: PathBuf,
    /// At least one.
    pub certificates: Vec<Certificate<'static>>,
}

/// Everything that a client is made of.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The app.
    pub sdkappid: Setting<u32>,
    /// The calling account.
    pub identifier: Setting<UserId>,
    /// The key or a signature.
    pub credential: Setting<Credential>,
    /// Where requests go.
    pub endpoint: Setting<Endpoint>,
    /// The region that the endpoint is of, unless a URL was given.
    pub region: Option<Region>,
    /// The proxy in between.
    pub proxy: Option<Setting<Proxy>>,
    /// Certificates of the user's own.
    pub ca_file: Option<Setting<CaFile>>,
    /// Whose root certificates are trusted.
    pub tls_roots: Setting<TlsRoots>,
    /// Lifetime of the signatures made here, whole seconds.
    pub expire: Setting<Duration>,
    /// Longest wait for one try of a request.
    pub timeout: Setting<Duration>,
    /// Longest wait for a connection.
    pub connect_timeout: Setting<Duration>,
    /// The profile in use, for the command's own keys.
    pub profile: Option<Profile>,
    /// To be said once on stderr.
    pub warnings: Vec<String>,
}

/// What still counts with `--sandbox`; the rest is the sandbox's to say.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// Lifetime of the signatures made here, whole seconds.
    pub expire: Setting<Duration>,
    /// Longest wait for one try of a request.
    pub timeout: Setting<Duration>,
    /// Longest wait for a connection.
    pub connect_timeout: Setting<Duration>,
    /// The profile in use, for the command's own keys.
    pub profile: Option<Profile>,
}

impl Rehearsal {
    /// Settings with the sandbox's own app, caller, key and address.
    pub fn with(
        self,
        sdkappid: u32,
        identifier: UserId,
        key: SecretKey,
        endpoint: Endpoint,
    ) -> Settings {
        Settings {
            sdkappid: sandbox(sdkappid),
            identifier: sandbox(identifier),
            credential: sandbox(Credential::Key(key)),
            endpoint: sandbox(endpoint),
            region: None,
            proxy: None,
            ca_file: None,
            tls_roots: Setting::built_in(TlsRoots::Bundled),
            expire: self.expire,
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            profile: self.profile,
            warnings: Vec::new(),
        }
    }
}

fn sandbox<T>(value: T) -> Setting<T> {
    Setting {
        value,
        source: Source::Flag("--sandbox"),
    }
}
