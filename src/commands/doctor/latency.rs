//! How long a call takes once the connection stands: five more of the same, on
//! it. The one before paid for the handshake and is not counted.

use std::time::Duration;

use super::call::{Call, Caller, Verdict};
use super::network::AGAIN;
use crate::exit::Exit;
use crate::output::{Check, Status};

const NAME: &str = "latency";

const CALLS: usize = 5;

/// Five calls, if the one before proved that they are harmless. Rejected
/// credentials and silence end them: the service blocks who goes on with the
/// former, and the latter takes a whole time-out each.
pub(super) fn check(caller: Option<&mut Caller>, first: Option<&Call>) -> Check {
    let (Some(caller), Some(first)) = (caller, first) else {
        return Check::new(NAME, Status::Skip, "needs api");
    };
    match first.verdict() {
        Verdict::Good | Verdict::Odd => {}
        Verdict::Elsewhere => return Check::new(NAME, Status::Skip, "needs region"),
        Verdict::Rejected | Verdict::Nothing => {
            return Check::new(NAME, Status::Skip, "needs api");
        }
    }
    let (mut times, mut flaw) = (Vec::new(), None);
    for _ in 0..CALLS {
        let call = caller.ask();
        match call.verdict() {
            Verdict::Good | Verdict::Odd => times.push(call.took),
            verdict => {
                let is_last = call.heard.is_err() || verdict != Verdict::Nothing;
                flaw = Some(call);
                if is_last {
                    break;
                }
            }
        }
    }
    times.sort_unstable();
    let Some(flaw) = flaw else {
        return told(Status::Ok, &times, shown(&times));
    };
    let status = match flaw.verdict() {
        Verdict::Rejected | Verdict::Elsewhere => Status::Fail(Exit::Credentials),
        _ => Status::Warn,
    };
    let found = format!("{}; else: {}", shown(&times), flaw.words());
    let remedy = flaw.remedy(caller.settings());
    told(status, &times, found).with_remedy(remedy.unwrap_or_else(|| AGAIN.to_owned()))
}

/// The time of the check is that of the middle call.
fn told(status: Status, times: &[Duration], found: String) -> Check {
    let check = Check::new(NAME, status, found);
    match times.get(times.len() / 2) {
        Some(median) => check.with_duration(*median),
        None => check,
    }
}

/// `times` are in ascending order.
fn shown(times: &[Duration]) -> String {
    let (Some(least), Some(most)) = (times.first(), times.last()) else {
        return format!("none of {CALLS} calls was answered");
    };
    let count = match times.len() {
        CALLS => format!("{CALLS} calls"),
        some => format!("{some} of {CALLS} calls"),
    };
    let (least, most) = (least.as_millis(), most.as_millis());
    format!("median of {count}; {least} to {most} ms")
}
