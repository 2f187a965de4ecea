//! `roomctl doctor`: is everything ready to kick? Each link of the chain by
//! itself, in the order in which a kick needs them: the settings, the way to the
//! service, the service's answer to a call that changes nothing.
//!
//! A broken link keeps only those from being tested that hang on it. Nothing is
//! tried twice: a kick tries again, and so hides what a doctor is asked for.

mod call;
mod clock;
mod latency;
mod network;
mod region;
mod report;
mod settings;
mod signature;

use super::Context;
use super::session::{self, Session};
use crate::config::{CheckedSettings, ConnectionArgs, OutputArgs};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use call::Caller;
use report::Report;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

const SHORT: &str = "\
Examples:
  roomctl doctor --profile prod
  roomctl doctor -o json | jq -r 'select(.Mark == \"fail\").Remedy'";

const LONG: &str = "\
Tests each link of the chain by itself: the configuration file, every value and
where it came from, the signature, name, TCP, TLS, the service's answer about a
room that cannot exist (100004 proves the credentials), this machine's clock, the
region, and the time of five more calls. A key command is run.

Marks: ok; warn, it works but look at it; fail; skip, it could not be judged.
A line of -o json has Check, Mark, Found, ElapsedMs (of latency the median) and
Remedy. Nothing is tried again, unlike by kick, so that what fails now and then
is seen.

Examples:
  roomctl doctor --profile prod
  roomctl doctor -o json | jq -r 'select(.Mark == \"fail\").Remedy'

Exit codes: 0 ready, 2 usage, 3 configuration, 4 credentials or region rejected,
5 unreachable or failing (of these three the smallest), 7 output not writable.";

/// Every link but the first, in order.
const BEHIND_CONFIG: [&str; 15] = [
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
pub(crate) fn run(
    connection: ConnectionArgs,
    output: OutputArgs,
    args: Args,
    context: &mut Context,
) -> Result<Exit, Error> {
    let connection = connection.merge(args.connection)?;
    let output = output.merge(args.output)?;
    let loaded = match session::load_config(&connection, &output, context) {
        Ok(loaded) => loaded,
        Err(error) if error.exit() == Exit::Usage => return Err(error),
        Err(error) => return nothing_but(&error, context),
    };
    let (mut checked, _sandbox) = loaded.check_settings(&connection, context)?;
    well_typed(&checked)?;
    let mut report = Report::new(context.style);
    report.add(settings::file(loaded.profiles()))?;
    settings::each(&mut checked, &mut report)?;
    report.add(signature::check(&checked, loaded.now_unix(), &report))?;
    network::test(&checked, &mut report)?;
    let mut caller = match report.failed().as_slice() {
        [] => {
            let profile = loaded.profile().cloned();
            let session = Session::of(checked.clone().into_settings(profile)?, context);
            Some(Caller::new(session, context)?)
        }
        _ => None,
    };
    let call = caller.as_mut().map(Caller::ask);
    let heard = call.as_ref().zip(caller.as_ref().map(Caller::settings));
    report.add(call::check(heard, &report))?;
    report.add(clock::check(call.as_ref()))?;
    report.add(region::check(&checked, heard, &report))?;
    report.add(latency::check(caller.as_mut(), call.as_ref()))?;
    Ok(report.end())
}

/// Without the configuration file nobody knows what else would have counted.
fn nothing_but(error: &Error, context: &Context) -> Result<Exit, Error> {
    let mut report = Report::new(context.style);
    let check = Check::new("config", Status::Fail(error.exit()), error.to_string());
    report.add(check.with_remedy(error.hint()))?;
    for name in BEHIND_CONFIG {
        report.add(Check::new(name, Status::Skip, "needs config"))?;
    }
    Ok(report.end())
}

/// A mistake on the command line is no link of the chain: it is refused as by
/// every command, before anything is tested.
fn well_typed(checked: &CheckedSettings) -> Result<(), Error> {
    match checked.all_ok() {
        Err(error) if error.exit() == Exit::Usage => Err(error.into()),
        _ => Ok(()),
    }
}
