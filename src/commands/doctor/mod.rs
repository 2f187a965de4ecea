//! `roomctl doctor`: is everything ready to kick? Each link of the chain by
//! itself, in the order in which a kick needs them: the settings, the way to the
//! service, the service's answer to a call that changes nothing.
//!
//! A broken link keeps only those from being tested that hang on it. Nothing is
//! tried twice: a kick tries again, and so hides what a doctor is asked for.

mod call;
mod checklist;
mod clock;
mod latency;
mod network;
mod region;
mod settings;
mod signature;

use super::session::{self, Session};
use super::{Accepts, CommandArgs, Context};
use crate::config::CheckedSettings;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use call::TestClient;
use checklist::CheckList;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {}

impl CommandArgs for Args {
    const ACCEPTS: Accepts = Accepts::All;
    const OUTPUT_FROM_PROFILE: bool = true;
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
pub(crate) fn run(_: &Args, context: &mut Context) -> Result<Exit, Error> {
    let loaded = match session::load_config(context) {
        Ok(loaded) => loaded,
        Err(error) if error.exit() == Exit::Usage => return Err(error),
        Err(error) => return skip_all_but_config(&error, context),
    };
    let (mut checked, _sandbox) = loaded.check_settings(context)?;
    refuse_usage_errors(&checked)?;
    let mut checks = CheckList::new(context.style);
    checks.add(settings::file(loaded.profiles()))?;
    settings::each(&mut checked, &mut checks)?;
    checks.add(signature::check(&checked, loaded.now_unix(), &checks))?;
    network::test(&checked, &mut checks)?;
    let mut caller = match checks.failed().as_slice() {
        [] => {
            let profile = loaded.profile().cloned();
            let session = Session::of(checked.clone().into_settings(profile)?, context);
            Some(TestClient::new(session, context)?)
        }
        _ => None,
    };
    let call = caller.as_mut().map(TestClient::ask);
    let heard = call.as_ref().zip(caller.as_ref().map(TestClient::settings));
    checks.add(call::check(heard, &checks))?;
    checks.add(clock::check(call.as_ref()))?;
    checks.add(region::check(&checked, heard, &checks))?;
    checks.add(latency::check(caller.as_mut(), call.as_ref()))?;
    Ok(checks.end())
}

/// Without the configuration file nobody knows what else would have counted.
fn skip_all_but_config(error: &Error, context: &Context) -> Result<Exit, Error> {
    let mut checks = CheckList::new(context.style);
    let check = Check::new("config", Status::Fail(error.exit()), error.to_string());
    checks.add(check.with_remedy(error.hint()))?;
    for name in CHECKS_AFTER_CONFIG {
        checks.add(Check::new(name, Status::Skip, "needs config"))?;
    }
    Ok(checks.end())
}

/// A mistake on the command line is no link of the chain: it is refused as by
/// every command, before anything is tested.
fn refuse_usage_errors(checked: &CheckedSettings) -> Result<(), Error> {
    match checked.all_ok() {
        Err(error) if error.exit() == Exit::Usage => Err(error.into()),
        _ => Ok(()),
    }
}
