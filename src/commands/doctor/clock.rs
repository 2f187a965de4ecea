//! The link that nobody thinks of: a clock that is behind makes signatures which
//! are over when they arrive.

use super::call::TestCall;
use crate::commands::refusal::ClockSkew;
use crate::output::{Check, Status};

const NAME: &str = "clock";

/// This machine's time against the answer's `Date`.
pub(super) fn check(call: Option<&TestCall>) -> Check {
    let skip = |why: &str| Check::new(NAME, Status::Skip, why);
    let Some(call) = call else {
        return skip("needs api");
    };
    let Ok(answer) = &call.answer else {
        return skip("there was no answer of the service");
    };
    let Some(service) = answer.server_time else {
        return skip("the answer has no Date");
    };
    if let Some(skew) = ClockSkew::between(call.at, service) {
        let remedy = "set it right, best by a time service: one that is behind makes signatures that have expired on arrival (70001)";
        return Check::new(NAME, Status::Warn, skew.to_string()).with_remedy(remedy.to_owned());
    }
    let (apart, which) = match call.at.duration_since(service) {
        Ok(ahead) => (ahead.as_secs(), "ahead of"),
        Err(behind) => (behind.duration().as_secs(), "behind"),
    };
    // A `Date` is cut to whole seconds, and an answer travels.
    let found = match apart {
        0 | 1 => "agrees with the service's".to_owned(),
        seconds => format!("{seconds} s {which} the service's"),
    };
    Check::new(NAME, Status::Ok, found)
}
