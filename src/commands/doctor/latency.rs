//! How long a call takes once the connection stands: five more of the same, on
//! it. The one before paid for the handshake and is not counted.

use std::time::Duration;

use super::call::{Conclusion, TestCall, TestClient};
use super::network::RUN_AGAIN;
use crate::exit::Exit;
use crate::output::{Check, Status};

const NAME: &str = "latency";

const CALLS: usize = 5;

/// Five calls, if the one before proved that they are harmless. Rejected
/// credentials and silence end them: the service blocks who goes on with the
/// former, and the latter takes a whole time-out each.
pub(super) fn check(client: Option<&mut TestClient>, first: Option<&TestCall>) -> Check {
    let (Some(client), Some(first)) = (client, first) else {
        return Check::new(NAME, Status::Skip, "needs api");
    };
    match first.conclusion() {
        Conclusion::Accepted | Conclusion::Unexpected => {}
        Conclusion::WrongRegion => return Check::new(NAME, Status::Skip, "needs region"),
        Conclusion::Rejected | Conclusion::Inconclusive => {
            return Check::new(NAME, Status::Skip, "needs api");
        }
    }
    let (mut times, mut failed) = (Vec::new(), None);
    for _ in 0..CALLS {
        let call = client.ask();
        match call.conclusion() {
            Conclusion::Accepted | Conclusion::Unexpected => times.push(call.took),
            conclusion => {
                let is_last = call.answer.is_err() || conclusion != Conclusion::Inconclusive;
                failed = Some(call);
                if is_last {
                    break;
                }
            }
        }
    }
    times.sort_unstable();
    let Some(failed) = failed else {
        return timed_check(Status::Ok, &times, describe(&times));
    };
    let status = match failed.conclusion() {
        Conclusion::Rejected | Conclusion::WrongRegion => Status::Fail(Exit::Credentials),
        _ => Status::Warn,
    };
    let found = format!("{}; else: {}", describe(&times), failed.describe());
    let remedy = failed.remedy(client.settings());
    timed_check(status, &times, found).with_remedy(remedy.unwrap_or_else(|| RUN_AGAIN.to_owned()))
}

/// The time of the check is that of the middle call.
fn timed_check(status: Status, times: &[Duration], found: String) -> Check {
    let check = Check::new(NAME, status, found);
    match times.get(times.len() / 2) {
        Some(median) => check.with_duration(*median),
        None => check,
    }
}

/// `times` are in ascending order.
fn describe(times: &[Duration]) -> String {
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
