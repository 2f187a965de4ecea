//! From settings to a client: what every command that talks to the service
//! does first.

use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::api::{Client, Endpoint, Proof, Roots, Signer, Transport};
use crate::clock::{Clock, SystemClock, unix_seconds};
use crate::config::{
    self, ConnectionArgs, Credential, Inputs, Mode, OutputArgs, Profiles, Provenance, Settings,
    TlsRoots,
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

/// Reads profiles, resolves every setting once, says warnings and provenance.
pub(super) fn prepare(
    args: &ConnectionArgs,
    output: &OutputArgs,
    mode: Mode,
    context: &mut Context,
) -> Result<Link, Error> {
    let profiles = Profiles::load(args, &context.env)?;
    context.look(output, profiles.chosen.as_ref())?;
    let inputs = Inputs {
        args,
        env: &context.env,
        profiles: &profiles,
        now_unix: unix_seconds(context.clock.now().wall),
        mode,
    };
    let link = if args.sandbox {
        rehearse(&inputs)?
    } else {
        Link {
            settings: config::resolve(&inputs, &mut context.stdin)?,
            _sandbox: None,
        }
    };
    let mut notes = streams::notes(context.look);
    for warning in &link.settings.warnings {
        notes.warn(warning);
    }
    if args.sandbox {
        notes.say("sandbox: a rehearsal inside this process; no real room is touched");
    }
    for Provenance {
        name,
        value,
        source,
    } in config::provenance(&link.settings)
    {
        notes.detail(&format!("{name}: {value} ({source})"));
    }
    Ok(link)
}

/// Settings of a sandbox in this process. A dry run opens no socket, so it
/// only borrows the sandbox's names.
fn rehearse(inputs: &Inputs<'_>) -> Result<Link, Error> {
    let rehearsal = config::resolve_sandbox(inputs)?;
    let sandbox = match inputs.mode {
        Mode::DryRun => None,
        Mode::Real => {
            let started = Sandbox::start(Options::default());
            Some(
                started
                    .context("cannot start the sandbox")
                    .map_err(Error::System)?,
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
    Ok(Link {
        settings,
        _sandbox: sandbox,
    })
}

impl Link {
    /// Who calls.
    pub(super) fn identifier(&self) -> &UserId {
        &self.settings.identifier.value
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
        let proof = match &settings.credential.value {
            Credential::Key(key) => Proof::Key(key.clone(), settings.expire.value),
            Credential::UserSig { sig, .. } => Proof::UserSig(sig.clone()),
            Credential::KeyCommand(_) => {
                let why = anyhow::anyhow!("a dry run has no key to sign with");
                return Err(Error::System(why));
            }
        };
        let identifier = settings.identifier.value.clone();
        let signer = Signer::new(settings.sdkappid.value, identifier, proof);
        let roots = match (&settings.ca_file, settings.tls_roots.value) {
            (Some(file), _) => Roots::BundledAnd(file.value.certificates.clone()),
            (None, TlsRoots::Bundled) => Roots::Bundled,
            (None, TlsRoots::System) => Roots::System,
        };
        let transport = Transport {
            timeout: settings.timeout.value,
            connect_timeout: settings.connect_timeout.value,
            connections,
            roots,
            proxy: settings.proxy.as_ref().map(|proxy| proxy.value.clone()),
        };
        Ok(Client::new(
            settings.endpoint.value.clone(),
            signer,
            transport,
        ))
    }
}
