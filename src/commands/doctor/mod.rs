//! `roomctl doctor` checks that everything is ready to kick: the settings, the
//! network, and the service's answer to a call that changes nothing. The checks
//! run in the order in which a kick needs them. Each is reported by itself.
//!
//! A failed check skips only those that depend on it. Nothing is retried, because
//! the retries of a kick hide the failures that a doctor must show; only a failed
//! check of the account (60004, 60005) is tried once more.

mod audit;
mod checklist;
mod network;
mod rate_scope;
mod service;
mod settings;

use super::room_client::RoomClient;
use super::session::{self, Session};
use super::{Accepts, CommandArgs, Context, kick};
use crate::clock::Clock;
use crate::config::{self, SecretText, secret_parser};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use checklist::CheckList;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
#[allow(clippy::doc_markdown, reason = "clap prints these comments unchanged")]
pub(crate) struct Args {
    /// Also check the shared rate of this scope: host, or the URL of a Redis [env:
    /// ROOMCTL_RATE_SCOPE] [default: process] [profile: rate_scope]
    #[arg(long, value_name = "SCOPE", value_parser = secret_parser(), allow_hyphen_values = true)]
    rate_scope: Option<SecretText>,
}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::All;
}

const SHORT: &str = "\
Examples:
  roomctl doctor --profile prod
  roomctl doctor -o json | jq -r 'select(.Mark == \"fail\").Remedy'";

const LONG: &str = "\
Checks each step by itself: the configuration file, every value and its source,
the signature, name, TCP, TLS, the service's answer about a room that cannot
exist (100004 proves the credentials), this machine's clock, the region, and the
time of five more calls. With --rate-scope also the shared rate, of which it
reserves nothing, and with an audit file whether it can be written. It runs the
key command. It removes nobody.

Marks: ok; warn: it works, but has a flaw; fail; skip: it could not be checked.
A line of -o json has Check, Mark, Found, ElapsedMs (for latency the median),
Remedy, ExitCode (of a failed check) and Data, an object with what was found as
numbers and strings. Unlike kick, doctor does not hide temporary failures by retries: only
60004 and 60005 are tried once more.

Examples:
  roomctl doctor --profile prod
  roomctl doctor -o json | jq -r 'select(.Mark == \"fail\").Remedy'

Exit codes: 0 ready, 2 usage, 3 configuration, 4 credentials or region rejected,
5 unreachable or failing, 7 output or audit not writable; of several the first in
the order 3, 7, 4, 5.";

/// Every check but the first, in order.
const CHECKS_AFTER_CONFIG: [&str; 15] = [
    "sdkappid",
    "identifier",
    "credential",
    "endpoint",
    "trust",
    "proxy",
    "timeouts",
    "signature",
    "resolve",
    "tcp",
    "tls",
    "api",
    "clock",
    "region",
    "latency",
];

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let loaded = match session::load_config(context) {
        Ok(loaded) => loaded,
        Err(error) if error.exit() == Exit::Usage => return Err(error),
        Err(error) => return skip_all_but_config(&error, context),
    };
    let scope = config::rate_scope(args.rate_scope.as_ref(), &context.env, loaded.profile());
    if let Err(problem) = &scope
        && problem.exit == Exit::Usage
    {
        return Err(problem.clone().into());
    }
    // A problem with its name is among those of the job.
    let audit_file = config::audit_file(None, &context.env, loaded.profile());
    let audit_file = audit_file.ok().flatten();
    let job = refuse_usage_error(kick::check_job_settings(&loaded, context))?;
    let (mut checked, _sandbox) = loaded.check_settings(context)?;
    refuse_usage_error(checked.check_all())?;
    let mut checks = CheckList::new(context.style);
    checks.add(settings::config(loaded.profiles(), job.as_ref()))?;
    settings::check_values(&mut checked, &mut checks)?;
    settings::check_signature(&checked, loaded.now_unix(), &mut checks)?;
    network::check(&checked, context.clock.now().wall, &mut checks)?;
    let rate = rate_scope::check(&scope, &checked, context);
    if checks.is_ready_to_call() {
        let profile = loaded.profile().cloned();
        let session = Session::from_checked(checked.into_settings(profile)?, context);
        let client = RoomClient::new(service::test_room(), &session, context)?;
        service::check(client, &mut checks)?;
    } else {
        service::skip(&checked, &mut checks)?;
    }
    if let Some(rate) = rate {
        checks.add(rate)?;
    }
    if let Some(audit) = audit_file {
        checks.add(audit::check(&audit))?;
    }
    Ok(checks.finish())
}

/// Without the configuration file no value can be checked: a profile could have
/// set it.
fn skip_all_but_config(error: &Error, context: &Context) -> Result<Exit, Error> {
    let mut checks = CheckList::new(context.style);
    let check = Check::new("config", Status::Fail(error.exit()), error.to_string());
    checks.add(check.with_remedy(error.hint()))?;
    for name in CHECKS_AFTER_CONFIG {
        checks.add(Check::new(name, Status::Skip, "needs config"))?;
    }
    Ok(checks.finish())
}

/// A mistake on the command line is not a result: doctor refuses it as every
/// command does, before the first check. Returns any other problem.
fn refuse_usage_error(result: Result<(), Error>) -> Result<Option<Error>, Error> {
    match result {
        Err(error) if error.exit() == Exit::Usage => Err(error),
        other => Ok(other.err()),
    }
}
