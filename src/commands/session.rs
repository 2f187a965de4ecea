//! From settings to a client: what every command that talks to the service
//! does first.

use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::api::{Client, Endpoint, Roots, Signer, SigningMaterial, Transport};
use crate::clock::{Clock, SystemClock, unix_seconds};
use crate::config::{
    self, CaFile, CheckedSettings, ConnectionArgs, Credential, Env, Inputs, Mode, Profile,
    Profiles, Provenance, Setting, Settings, Signing, TlsRoots,
};
use crate::error::Error;
use crate::room::UserId;
use crate::sandbox::{Options, Sandbox};

/// Settings that are checked, and the sandbox where one was asked for.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) settings: Settings,
    /// Ends with the command.
    _sandbox: Option<Sandbox>,
}

/// The configuration file, read, before any setting is resolved.
#[derive(Debug)]
pub(super) struct LoadedConfig {
    profiles: Profiles,
    now_unix: u64,
}

/// Reads the configuration file and settles how things look.
pub(super) fn load_config(context: &mut Context) -> Result<LoadedConfig, Error> {
    let profiles = Profiles::load(&context.flags.connection, &context.env)?;
    context.resolve_style(profiles.chosen.as_ref())?;
    let now_unix = unix_seconds(context.clock.now().wall);
    Ok(LoadedConfig { profiles, now_unix })
}

impl LoadedConfig {
    /// The configuration file, as far as it was read.
    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Every setting by itself, good or bad, nothing said; and the sandbox that
    /// must live as long as they are used.
    pub(super) fn check_settings(
        &self,
        context: &mut Context,
    ) -> Result<(CheckedSettings, Option<Sandbox>), Error> {
        let inputs = self.inputs(Mode::Real, &context.flags.connection, &context.env);
        if inputs.args.sandbox {
            let (settings, sandbox) = sandbox_settings(&inputs)?;
            note_sandbox(context);
            return Ok((settings.into(), sandbox));
        }
        Ok((config::check_settings(&inputs, &mut context.stdin), None))
    }

    /// The profile in use.
    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profiles.chosen.as_ref()
    }

    /// Who will call, as far as it can be told yet.
    pub(super) fn caller(&self, context: &Context) -> Option<UserId> {
        let args = &context.flags.connection;
        if args.sandbox {
            return UserId::parse(&Options::default().identifier).ok();
        }
        config::caller(&self.inputs(Mode::DryRun, args, &context.env))
    }

    /// Resolves every setting once, says warnings and provenance.
    pub(super) fn open_session(&self, mode: Mode, context: &mut Context) -> Result<Session, Error> {
        let is_sandbox = context.flags.connection.sandbox;
        let inputs = self.inputs(mode, &context.flags.connection, &context.env);
        let (settings, sandbox) = if is_sandbox {
            sandbox_settings(&inputs)?
        } else {
            (config::resolve(&inputs, &mut context.stdin)?, None)
        };
        if is_sandbox {
            note_sandbox(context);
        }
        let provenance = config::provenance(&settings);
        report_settings(&settings.warnings, provenance, context);
        Ok(Session {
            settings,
            _sandbox: sandbox,
        })
    }

    /// What a signature is made and checked with, warnings and provenance said.
    pub(super) fn signing(&self, context: &mut Context) -> Result<Signing, Error> {
        let inputs = self.inputs(Mode::Real, &context.flags.connection, &context.env);
        let signing = config::resolve_signing(&inputs, &mut context.stdin)?;
        report_settings(&signing.warnings, signing.provenance(), context);
        Ok(signing)
    }

    /// When the command began, unix seconds.
    pub(super) fn now_unix(&self) -> u64 {
        self.now_unix
    }

    fn inputs<'a>(&'a self, mode: Mode, args: &'a ConnectionArgs, env: &'a Env) -> Inputs<'a> {
        Inputs {
            args,
            env,
            profiles: &self.profiles,
            now_unix: self.now_unix,
            mode,
        }
    }
}

fn note_sandbox(context: &Context) {
    context
        .notes()
        .info("sandbox: a rehearsal inside this process; no real room is touched");
}

fn report_settings(warnings: &[String], provenance: Vec<Provenance>, context: &Context) {
    let mut notes = context.notes();
    for warning in warnings {
        notes.warn(warning);
    }
    for Provenance {
        name,
        value,
        source,
    } in provenance
    {
        notes.detail(&format!("{name}: {value} ({source})"));
    }
}

/// Settings of a sandbox in this process. A dry run opens no socket, so it
/// only borrows the sandbox's names.
fn sandbox_settings(inputs: &Inputs<'_>) -> Result<(Settings, Option<Sandbox>), Error> {
    let rehearsal = config::resolve_sandbox(inputs)?;
    let sandbox = match inputs.mode {
        Mode::DryRun => None,
        Mode::Real => {
            let started = Sandbox::start(Options::default());
            Some(
                started
                    .context("cannot start the sandbox")
                    .map_err(Error::from)?,
            )
        }
    };
    let (endpoint, key) = match &sandbox {
        Some(sandbox) => (sandbox.endpoint(), sandbox.secret_key().clone()),
        None => ("http://127.0.0.1".to_owned(), Options::default().secret_key),
    };
    let names = Options::default();
    let identifier = UserId::parse(&names.identifier).expect("the sandbox's own");
    let endpoint = Endpoint::parse(&endpoint).expect("the sandbox's own");
    let settings = rehearsal.with(names.sdkappid, identifier, key, endpoint);
    Ok((settings, sandbox))
}

/// Whose certificates are trusted, as the client has it.
pub(super) fn roots(roots: &Setting<TlsRoots>, ca_file: Option<&Setting<CaFile>>) -> Roots {
    match (ca_file, roots.value) {
        (Some(file), _) => Roots::BundledAnd(file.value.certificates.clone()),
        (None, TlsRoots::Bundled) => Roots::Bundled,
        (None, TlsRoots::System) => Roots::System,
    }
}

impl Session {
    /// From what [`LoadedConfig::check_settings`] found, its sandbox kept elsewhere; says
    /// where every value came from, but no warning.
    pub(super) fn of(settings: Settings, context: &Context) -> Self {
        report_settings(&[], config::provenance(&settings), context);
        Self {
            settings,
            _sandbox: None,
        }
    }

    /// Whether signatures are made here.
    pub(super) fn can_resign(&self) -> bool {
        matches!(self.settings.credential.value, Credential::Key(_))
    }

    /// A ready-made signature must hold until the job's least end.
    pub(super) fn outlives(&self, least: Duration, clock: &SystemClock) -> Result<(), Error> {
        match &self.settings.credential.value {
            Credential::UserSig { claims, .. } => {
                let now = unix_seconds(clock.now().wall);
                Ok(config::outlives(claims, now, least)?)
            }
            Credential::Key(_) | Credential::KeyCommand(_) => Ok(()),
        }
    }

    /// A client with so many connections at most.
    pub(super) fn client(&self, connections: usize) -> Result<Client, Error> {
        let settings = &self.settings;
        let material = match &settings.credential.value {
            Credential::Key(key) => SigningMaterial::Key {
                key: key.clone(),
                lifetime: settings.expire.value,
            },
            Credential::UserSig { sig, .. } => SigningMaterial::UserSig(sig.clone()),
            Credential::KeyCommand(_) => {
                let why = anyhow::anyhow!("a dry run has no key to sign with");
                return Err(why.into());
            }
        };
        let identifier = settings.identifier.value.clone();
        let signer = Signer::new(settings.sdkappid.value, identifier, material);
        let transport = Transport {
            timeout: settings.timeout.value,
            connect_timeout: settings.connect_timeout.value,
            connections,
            roots: roots(&settings.tls_roots, settings.ca_file.as_ref()),
            proxy: settings.proxy.as_ref().map(|proxy| proxy.value.clone()),
        };
        Ok(Client::new(
            settings.endpoint.value.clone(),
            signer,
            transport,
        ))
    }
}
