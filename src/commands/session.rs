//! From settings to a client: the first step of every command that talks to the
//! service.

use std::time::Duration;

use anyhow::Context as _;

use super::Context;
use crate::api::{Client, Endpoint, Signer, SigningMaterial, Transport};
use crate::clock::{Clock, SystemClock, unix_seconds};
use crate::config::{
    self, Access, CheckedSettings, ConnectionArgs, Credential, Env, Inputs, Profile, Profiles,
    SandboxAccount, SettingLine, Settings, SigningSettings,
};
use crate::error::{Error, Problem, Problems};
use crate::exit::Exit;
use crate::job::TimelineName;
use crate::room::{Action, UserId};
use crate::sandbox::{Options, Sandbox};

/// Checked settings, and the in-process sandbox if `--sandbox` is given.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) settings: Settings,
    /// Ends with the command.
    _sandbox: Option<Sandbox>,
}

/// Whether a reason may be sent: see [`Session::check_reason`].
pub(super) type ReasonCheck = Box<dyn Fn(&str) -> Result<(), Problem> + Send>;

/// The configuration file, before settings are resolved.
#[derive(Debug)]
pub(super) struct LoadedConfig {
    profiles: Profiles,
    /// What is wrong with the file, the choice of the profile, or the output style.
    /// Nothing is sent, but the other values are checked.
    error: Option<Error>,
    /// Start of the command, unix seconds.
    now_unix: u64,
}

/// Adds the problems with the configuration file and the settings.
pub(super) fn add_problems(context: &mut Context, problems: &mut Problems) {
    read_config(context).add_problems(context, problems);
}

/// Adds the problems of a command that makes or checks signatures.
pub(super) fn add_signing_problems(context: &mut Context, problems: &mut Problems) {
    let config = read_config(context);
    let mut found = std::mem::take(problems);
    found.ok_or_collect(config.require_no_error());
    let args = &context.flags.connection;
    let inputs = config.inputs(Access::Offline, None, args, &context.env);
    problems.ok_or_collect(config::check_signing(&inputs, found, &mut context.stdin));
}

/// As [`read_config`], for a command that does nothing with a wrong configuration.
pub(super) fn load_config(context: &mut Context) -> Result<LoadedConfig, Error> {
    let config = read_config(context);
    match &config.error {
        None => Ok(config),
        Some(error) if error.exit() == Exit::Usage => {
            config.reject(Problems::default(), context).map(|()| config)
        }
        Some(error) => Err(error.clone()),
    }
}

/// Reads the configuration file and resolves the output style. Their problems are
/// reported by [`LoadedConfig::reject`], together with those of the settings.
pub(super) fn read_config(context: &mut Context) -> LoadedConfig {
    let mut problems = Problems::default();
    let profiles = Profiles::load(&context.flags.connection, &context.env);
    let profiles = problems.ok_or_collect(profiles);
    let profiles = profiles.unwrap_or_else(Profiles::unknown);
    context.use_output_of_profile(profiles.chosen.as_ref());
    problems.ok_or_collect(context.resolve_style(profiles.chosen.as_ref()));
    if context.style.verbose > 0 {
        let (args, env) = (&context.flags, &context.env);
        let output = config::output_lines(&args.output, env, profiles.chosen.as_ref());
        let mut lines = profiles.setting_lines(&args.connection, env).to_vec();
        lines.extend(output.iter().map(SettingLine::to_string));
        context.first_lines = lines;
    }
    LoadedConfig {
        profiles,
        error: problems.into_result().err(),
        now_unix: unix_seconds(context.clock.now().wall),
    }
}

impl LoadedConfig {
    /// None if it is not known which profile counts.
    pub(super) fn known(&self) -> Option<&Self> {
        (!self.profiles.is_unknown).then_some(self)
    }

    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// The profile in use.
    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profiles.chosen.as_ref()
    }

    /// Start of the command, unix seconds.
    pub(super) fn now_unix(&self) -> u64 {
        self.now_unix
    }

    /// Checks every setting by itself and prints no notes. Also returns the sandbox,
    /// which must live as long as the settings are used.
    pub(super) fn check_settings(
        &self,
        context: &mut Context,
    ) -> Result<(CheckedSettings, Option<Sandbox>), Error> {
        self.require_no_error()?;
        let (account, sandbox) = start_sandbox(Access::Full, context)?;
        let args = &context.flags.connection;
        let inputs = self.inputs(Access::Full, account.as_ref(), args, &context.env);
        let checked = config::check_settings(&inputs, &mut context.stdin);
        if account.is_some() {
            checked.check_all()?;
            report_sandbox(context);
        }
        Ok((checked, sandbox))
    }

    /// The calling account, if it can be found without the key.
    pub(super) fn caller(&self, context: &Context) -> Option<UserId> {
        if context.flags.connection.sandbox() {
            return UserId::parse(&Options::default().identifier).ok();
        }
        let args = &context.flags.connection;
        config::caller(&self.inputs(Access::Offline, None, args, &context.env))
    }

    /// Nothing if there is no problem. Otherwise an error with the problems of the
    /// settings as well, so that one run reports everything.
    pub(super) fn reject(
        &self,
        mut problems: Problems,
        context: &mut Context,
    ) -> Result<(), Error> {
        if !problems.is_empty() || self.error.is_some() {
            self.add_problems(context, &mut problems);
        }
        problems.into_result()
    }

    fn require_no_error(&self) -> Result<(), Error> {
        self.error.clone().map_or(Ok(()), Err)
    }

    /// Adds the problems of the configuration and the settings. Runs no key command and
    /// opens no socket.
    pub(super) fn add_problems(&self, context: &mut Context, problems: &mut Problems) {
        problems.ok_or_collect(self.require_no_error());
        let args = &context.flags.connection;
        let account = args.sandbox().then(|| sandbox_account(None));
        let inputs = self.inputs(Access::Offline, account.as_ref(), args, &context.env);
        let checked = config::check_settings(&inputs, &mut context.stdin);
        problems.ok_or_collect(checked.check_all());
    }

    /// Reports the flags of settings that are wrong. Without members nothing is missing:
    /// a job needs no credentials then.
    pub(super) fn reject_wrong_flags(&self, context: &mut Context) -> Result<(), Error> {
        let mut problems = Problems::default();
        self.add_problems(context, &mut problems);
        let is_wrong = |problem: &Problem| problem.exit == Exit::Usage && !problem.is_missing;
        problems.retain(is_wrong);
        problems.into_result()
    }

    /// Resolves every setting, and prints warnings and sources.
    pub(super) fn open_session(
        &self,
        access: Access,
        context: &mut Context,
    ) -> Result<Session, Error> {
        self.require_no_error()?;
        let (account, sandbox) = start_sandbox(access, context)?;
        let args = &context.flags.connection;
        let inputs = self.inputs(access, account.as_ref(), args, &context.env);
        let settings = config::resolve(&inputs, &mut context.stdin)?;
        if account.is_some() {
            report_sandbox(context);
        }
        report_settings(&settings.warnings, settings.setting_lines(), context);
        Ok(Session {
            settings,
            _sandbox: sandbox,
        })
    }

    /// Resolves the settings that signatures need, unless problems were found before.
    /// Prints warnings and sources.
    pub(super) fn signing_settings(
        &self,
        mut found: Problems,
        context: &mut Context,
    ) -> Result<SigningSettings, Error> {
        found.ok_or_collect(self.require_no_error());
        let args = &context.flags.connection;
        let inputs = self.inputs(Access::Full, None, args, &context.env);
        let signing = config::resolve_signing(&inputs, found, &mut context.stdin)?;
        report_settings(&signing.warnings, signing.setting_lines.clone(), context);
        Ok(signing)
    }

    fn inputs<'a>(
        &'a self,
        access: Access,
        sandbox: Option<&'a SandboxAccount>,
        args: &'a ConnectionArgs,
        env: &'a Env,
    ) -> Inputs<'a> {
        Inputs {
            args,
            env,
            profiles: &self.profiles,
            now_unix: self.now_unix,
            access,
            sandbox,
        }
    }
}

fn report_sandbox(context: &Context) {
    context
        .notes()
        .info("sandbox: a rehearsal inside this process; no real room is touched");
}

fn report_settings(warnings: &[String], setting_lines: Vec<SettingLine>, context: &Context) {
    let mut notes = context.notes();
    for warning in warnings {
        notes.warn(warning);
    }
    for line in &context.first_lines {
        notes.detail(line);
    }
    for line in setting_lines {
        notes.detail(line);
    }
}

/// Starts the sandbox if `--sandbox` is given. A dry run opens no socket, so it
/// gets only an account.
fn start_sandbox(
    access: Access,
    context: &Context,
) -> Result<(Option<SandboxAccount>, Option<Sandbox>), Error> {
    if !context.flags.connection.sandbox() {
        return Ok((None, None));
    }
    let sandbox = match access {
        Access::Offline => None,
        Access::Full => {
            let started = Sandbox::start(Options::default());
            Some(started.context("cannot start the sandbox")?)
        }
    };
    Ok((Some(sandbox_account(sandbox.as_ref())), sandbox))
}

/// The account of this sandbox, or of one that is not started.
fn sandbox_account(sandbox: Option<&Sandbox>) -> SandboxAccount {
    let options = Options::default();
    let (endpoint, key) = match sandbox {
        Some(sandbox) => (sandbox.endpoint(), sandbox.secret_key().clone()),
        None => ("http://127.0.0.1".to_owned(), options.secret_key),
    };
    SandboxAccount {
        sdkappid: options.sdkappid,
        identifier: UserId::parse(&options.identifier).expect("the sandbox's own"),
        key,
        endpoint: Endpoint::parse(&endpoint).expect("the sandbox's own"),
    }
}

impl Session {
    /// For the result of [`LoadedConfig::check_settings`], whose sandbox the caller
    /// keeps. Prints the sources, but no warnings.
    pub(super) fn from_checked(settings: Settings, context: &Context) -> Self {
        report_settings(&[], settings.setting_lines(), context);
        Self {
            settings,
            _sandbox: None,
        }
    }

    /// Whether signatures are made here and can be made again.
    pub(super) fn can_renew_signature(&self) -> bool {
        matches!(self.settings.credential.value, Credential::Key(_))
    }

    /// Fails if a ready-made signature expires before the job can end.
    pub(super) fn check_signature_outlives(
        &self,
        least: Duration,
        clock: &SystemClock,
    ) -> Result<(), Error> {
        match &self.settings.credential.value {
            Credential::UserSig { claims, .. } => {
                let now = unix_seconds(clock.now().wall);
                Ok(config::check_usersig_outlives(claims, now, least)?)
            }
            Credential::Key(_) | Credential::KeyCommand(_) => Ok(()),
        }
    }

    /// Exit 2 if a reason has the key or the signature in it: the service would pass it
    /// on.
    pub(super) fn check_reason(&self, reason: &str) -> Result<(), Problem> {
        check_reason(&self.settings.credential.value, reason)
    }

    /// [`Self::check_reason`] for another thread.
    pub(super) fn reason_check(&self) -> ReasonCheck {
        let credential = self.settings.credential.value.clone();
        Box::new(move |reason| check_reason(&credential, reason))
    }

    /// What limits the rate of an action.
    pub(super) fn timeline(&self, action: Action) -> TimelineName {
        TimelineName {
            sdkappid: self.settings.sdkappid.value,
            endpoint: self.settings.destination.endpoint.value.to_string(),
            action: action.name(),
        }
    }

    /// Makes a client with at most so many connections.
    pub(super) fn client(&self, connections: usize) -> Result<Client, Error> {
        let settings = &self.settings;
        let material = match &settings.credential.value {
            Credential::Key(key) => SigningMaterial::Key {
                key: key.clone(),
                lifetime: settings.timeouts.expire.value.time(),
            },
            Credential::UserSig { sig, .. } => SigningMaterial::UserSig(sig.clone()),
            Credential::KeyCommand(_) => {
                let why = anyhow::anyhow!("a dry run has no key to sign with");
                return Err(why.into());
            }
        };
        let identifier = settings.identifier.value.clone();
        let signer = Signer::new(settings.sdkappid.value, identifier, material);
        let endpoint = settings.destination.endpoint.value.clone();
        Ok(Client::new(endpoint, signer, self.transport(connections)))
    }

    /// How connections are made, with at most so many at once.
    pub(super) fn transport(&self, connections: usize) -> Transport {
        let settings = &self.settings;
        Transport {
            timeout: settings.timeouts.timeout.value.clone(),
            connect_timeout: settings.timeouts.connect_timeout.value.clone(),
            connections,
            roots: settings.trust.roots(),
            proxy: settings.proxy.as_ref().map(|proxy| proxy.value.clone()),
        }
    }
}

fn check_reason(credential: &Credential, reason: &str) -> Result<(), Problem> {
    let (name, has_secret) = match credential {
        // One with another shape may be a usual word.
        Credential::Key(key) => {
            let is_in = key.has_usual_shape() && reason.contains(key.expose());
            ("secret key", is_in)
        }
        Credential::UserSig { sig, .. } => ("UserSig", reason.contains(sig.expose())),
        Credential::KeyCommand(_) => return Ok(()),
    };
    if has_secret {
        let message = format!("the reason contains the {name}");
        return Err(Problem::usage(message, "give another reason, without it"));
    }
    Ok(())
}
