//! From settings to a client: what every command that talks to the service
//! does first.

use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::api::{Client, Endpoint, Roots, Signer, SigningMaterial, Transport};
use crate::clock::{Clock, SystemClock, unix_seconds};
use crate::config::{
    self, CaFile, ConnectionArgs, Credential, Env, Examined, Inputs, Mode, OutputArgs, Profile,
    Profiles, Provenance, Setting, Settings, Signing, TlsRoots,
};
use crate::error::Error;
use crate::room::UserId;
use crate::sandbox::{Options, Sandbox};
use crate::streams;

/// Settings that are checked, and the sandbox where one was asked for.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) settings: Settings,
    /// Ends with the command.
    _sandbox: Option<Sandbox>,
}

/// The configuration file, read, before any setting is resolved.
#[derive(Debug)]
pub(super) struct Ground {
    profiles: Profiles,
    now_unix: u64,
}

/// Reads the configuration file and settles how things look.
pub(super) fn ground(
    args: &ConnectionArgs,
    output: &OutputArgs,
    context: &mut Context,
) -> Result<Ground, Error> {
    let profiles = Profiles::load(args, &context.env)?;
    context.set_style(output, profiles.chosen.as_ref())?;
    let now_unix = unix_seconds(context.clock.now().wall);
    Ok(Ground { profiles, now_unix })
}

impl Ground {
    /// The configuration file, as far as it was read.
    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Every setting by itself, good or bad, nothing said; and the sandbox that
    /// must live as long as they are used.
    pub(super) fn examine(
        &self,
        args: &ConnectionArgs,
        context: &mut Context,
    ) -> Result<(Examined, Option<Sandbox>), Error> {
        let inputs = self.inputs(args, Mode::Real, &context.env);
        if args.sandbox {
            let (settings, sandbox) = rehearse(&inputs)?;
            say_rehearsal(context);
            return Ok((settings.into(), sandbox));
        }
        Ok((config::examine(&inputs, &mut context.stdin), None))
    }

    /// The profile in use.
    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profiles.chosen.as_ref()
    }

    /// Who will call, as far as it can be told yet.
    pub(super) fn caller(&self, args: &ConnectionArgs, context: &Context) -> Option<UserId> {
        if args.sandbox {
            return UserId::parse(&Options::default().identifier).ok();
        }
        config::caller(&self.inputs(args, Mode::DryRun, &context.env))
    }

    /// Resolves every setting once, says warnings and provenance.
    pub(super) fn link(
        &self,
        args: &ConnectionArgs,
        mode: Mode,
        context: &mut Context,
    ) -> Result<Link, Error> {
        let inputs = self.inputs(args, mode, &context.env);
        let (settings, sandbox) = if args.sandbox {
            rehearse(&inputs)?
        } else {
            (config::resolve(&inputs, &mut context.stdin)?, None)
        };
        if args.sandbox {
            say_rehearsal(context);
        }
        let provenance = config::provenance(&settings);
        say(&settings.warnings, provenance, context);
        Ok(Link {
            settings,
            _sandbox: sandbox,
        })
    }

    /// What a signature is made and checked with, warnings and provenance said.
    pub(super) fn signing(
        &self,
        args: &ConnectionArgs,
        context: &mut Context,
    ) -> Result<Signing, Error> {
        let inputs = self.inputs(args, Mode::Real, &context.env);
        let signing = config::resolve_signing(&inputs, &mut context.stdin)?;
        say(&signing.warnings, signing.provenance(), context);
        Ok(signing)
    }

    /// When the command began, unix seconds.
    pub(super) fn now_unix(&self) -> u64 {
        self.now_unix
    }

    fn inputs<'a>(&'a self, args: &'a ConnectionArgs, mode: Mode, env: &'a Env) -> Inputs<'a> {
        Inputs {
            args,
            env,
            profiles: &self.profiles,
            now_unix: self.now_unix,
            mode,
        }
    }
}

fn say_rehearsal(context: &Context) {
    streams::notes(context.style)
        .say("sandbox: a rehearsal inside this process; no real room is touched");
}

fn say(warnings: &[String], provenance: Vec<Provenance>, context: &Context) {
    let mut notes = streams::notes(context.style);
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
fn rehearse(inputs: &Inputs<'_>) -> Result<(Settings, Option<Sandbox>), Error> {
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

impl Link {
    /// From what [`Ground::examine`] found, its sandbox kept elsewhere; says
    /// where every value came from, but no warning.
    pub(super) fn of(settings: Settings, context: &Context) -> Self {
        say(&[], config::provenance(&settings), context);
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
            Credential::Key(key) => SigningMaterial::Key(key.clone(), settings.expire.value),
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
