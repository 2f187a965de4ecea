//! The checks that the service must answer: the credentials, this machine's
//! clock, the region, the latency.
//!
//! All calls ask for the properties of a room that cannot exist, so they change
//! nothing. The answer 100004 has passed the gateway. It proves app, signature,
//! administrator and region.

use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::json;

use super::checklist::{CheckList, RUN_AGAIN};
use super::network::failed;
use crate::api::codes::{self, ACCOUNT_CHECK_PAUSE, Class};
use crate::api::{self, Answer, Region};
use crate::clock::unix_seconds;
use crate::commands::refusal::{self, ClockSkew};
use crate::commands::room_client::RoomClient;
use crate::config::{CheckedSettings, Settings};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};
use crate::room::RoomId;

/// The room does not exist.
const NO_SUCH_ROOM: i64 = 100_004;

/// The account was never imported. The only account in a test call is the
/// caller's.
const ACCOUNT_UNKNOWN: i64 = 70_107;

/// Calls that measure the latency.
const LATENCY_CALLS: usize = 5;

/// One test call and its answer.
#[derive(Debug)]
struct TestCall {
    answer: Result<Answer, api::Error>,
    took: Duration,
    /// This machine's time when it was answered.
    at: SystemTime,
}

/// What a test call proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Conclusion {
    /// The credentials are good.
    Accepted,
    /// The credentials are good, because the room service itself answered; but
    /// the answer is not the expected one.
    Unexpected,
    /// The app is in another region, or does not exist. The credentials are not
    /// proved.
    WrongRegion,
    /// The credentials are not good.
    Rejected,
    /// Nothing.
    Inconclusive,
}

/// A room that cannot exist. Its name identifies the caller in the service's log.
pub(super) fn test_room() -> RoomId {
    let name = format!("roomctl-doctor-{:016x}", rand::random::<u64>());
    RoomId::parse(&name).expect("printable and short enough")
}

/// Adds the four checks.
pub(super) fn check(mut client: RoomClient, checks: &mut CheckList) -> Result<(), Error> {
    let call = TestCall::send(&mut client);
    let settings = client.session.settings.clone();
    checks.add(api(&call, &settings))?;
    checks.add(clock(&call))?;
    checks.add(region(&call, &settings))?;
    checks.add(latency(&call, &mut client))
}

/// Adds the four checks where an earlier check has failed. No call is made.
pub(super) fn skip(checked: &CheckedSettings, checks: &mut CheckList) -> Result<(), Error> {
    let needs = checks.needed_for_call();
    checks.skip_if_failed("api", &needs)?;
    checks.add(Check::new("clock", Status::Skip, "needs api"))?;
    if let (Ok(app), Ok(destination)) = (&checked.sdkappid, &checked.destination) {
        checks.add(guess_region(app.value, destination.region))?;
    } else {
        checks.skip_if_failed("region", &["sdkappid", "endpoint"])?;
    }
    checks.add(Check::new("latency", Status::Skip, "needs api"))
}

impl TestCall {
    /// Makes one call, and one more if the check of the account failed, which may
    /// be for a moment only.
    fn send(client: &mut RoomClient) -> Self {
        let call = Self::send_once(client);
        if !matches!(&call.answer, Ok(answer) if answer.class() == Class::RetryOnce) {
            return call;
        }
        thread::sleep(ACCOUNT_CHECK_PAUSE);
        Self::send_once(client)
    }

    fn send_once(client: &mut RoomClient) -> Self {
        let timed = client.send("get_room_info", |client, room, now| {
            client.room_info_answer(room, now, false)
        });
        let call = Self {
            answer: timed.result,
            took: timed.took,
            at: timed.ended,
        };
        client.report_result(&call.describe(), call.took);
        call
    }

    /// Codes from 100000 to 100999 are the room service's own, which is after
    /// the gateway. Any other final code proves nothing.
    fn conclusion(&self) -> Conclusion {
        let Ok(answer) = &self.answer else {
            return Conclusion::Inconclusive;
        };
        match (answer.error_code, answer.class()) {
            (NO_SUCH_ROOM, _) | (_, Class::Done) => Conclusion::Accepted,
            (code, _) if refusal::is_region_code(code) => Conclusion::WrongRegion,
            (ACCOUNT_UNKNOWN, _) => Conclusion::Rejected,
            (_, class) if class.rejects_credentials() => Conclusion::Rejected,
            (100_000..=100_999, Class::Never) => Conclusion::Unexpected,
            _ => Conclusion::Inconclusive,
        }
    }

    /// The answer, or why there is none.
    fn describe(&self) -> String {
        match &self.answer {
            Ok(answer) if answer.class() == Class::Done => "OK".into(),
            Ok(answer) => refusal::describe_answer(answer),
            Err(error) => error.to_string(),
        }
    }

    fn remedy(&self, settings: &Settings) -> Option<String> {
        let hints = match &self.answer {
            Err(error) => error.remedy().into_iter().collect(),
            Ok(answer) => {
                let skew = ClockSkew::of_answer(answer, self.at);
                refusal::hints(answer.error_code, settings, skew)
            }
        };
        (!hints.is_empty()).then(|| hints.join("\n"))
    }
}

fn api(call: &TestCall, settings: &Settings) -> Check {
    let words = call.describe();
    let check = |status, found: String| Check::new("api", status, found);
    let check = match (call.conclusion(), &call.answer) {
        (Conclusion::Accepted, Ok(answer)) if answer.error_code == NO_SUCH_ROOM => {
            let found = "100004, there is no such room: the credentials are good";
            check(Status::Ok, found.into())
        }
        (Conclusion::Accepted, _) => {
            let found = "answered, although no such room should exist: the credentials are good";
            check(Status::Ok, found.into())
        }
        (Conclusion::Unexpected, Ok(answer)) => {
            let found = format!("the credentials are good, but 100004 was expected, not {words}");
            let row = codes::row(answer.error_code);
            check(Status::Warn, found).with_remedy(row.map(|row| row.remedy.to_owned()))
        }
        (Conclusion::WrongRegion, _) => {
            let found = format!("{words}: this does not prove the credentials, see region");
            check(Status::Skip, found)
        }
        (Conclusion::Rejected, _) => {
            check(Status::Fail(Exit::Credentials), words).with_remedy(call.remedy(settings))
        }
        (_, Err(error)) => failed("api", error),
        (_, Ok(_)) => {
            let remedy = call
                .remedy(settings)
                .unwrap_or_else(|| RUN_AGAIN.to_owned());
            check(Status::Fail(Exit::Unreachable), words).with_remedy(remedy)
        }
    };
    let code = call.answer.as_ref().ok().map(|answer| answer.error_code);
    let check = check.with_data(json!({ "ErrorCode": code }));
    check.with_duration(call.took)
}

/// This machine's time against the answer's `Date`.
fn clock(call: &TestCall) -> Check {
    let skip = |why: &str| Check::new("clock", Status::Skip, why);
    let Ok(answer) = &call.answer else {
        return skip("the service did not answer");
    };
    let Some(service) = answer.server_time else {
        return skip("the answer has no Date");
    };
    let seconds = |time: SystemTime| i64::try_from(unix_seconds(time)).unwrap_or(i64::MAX);
    let ahead = seconds(call.at) - seconds(service);
    let data = json!({ "AheadSeconds": ahead });
    if let Some(skew) = ClockSkew::of_answer(answer, call.at) {
        let remedy = "correct it, best by a time service: a clock that is behind makes signatures that have expired on arrival (70001)";
        let check = Check::new("clock", Status::Warn, skew.to_string()).with_data(data);
        return check.with_remedy(remedy.to_owned());
    }
    let (difference, which) = match call.at.duration_since(service) {
        Ok(ahead) => (ahead.as_secs(), "ahead of"),
        Err(behind) => (behind.duration().as_secs(), "behind"),
    };
    // A `Date` has whole seconds only, and the answer took time.
    let found = match difference {
        0 | 1 => "agrees with the service's".to_owned(),
        seconds => format!("{seconds} s {which} the service's"),
    };
    Check::new("clock", Status::Ok, found).with_data(data)
}

/// Whether region and SDKAppID belong together.
fn region(call: &TestCall, settings: &Settings) -> Check {
    let app = settings.sdkappid.value;
    let region = settings
        .destination
        .region
        .map_or("this endpoint", Region::name);
    let data = json!({ "SDKAppID": app, "Region": settings.destination.region.map(Region::name) });
    let check = match call.conclusion() {
        Conclusion::Accepted | Conclusion::Unexpected => {
            let found = format!("{region} is right for SDKAppID {app}");
            Check::new("region", Status::Ok, found)
        }
        Conclusion::WrongRegion => {
            let found =
                format!("{region} is not right for SDKAppID {app}, or there is no such app");
            let check = Check::new("region", Status::Fail(Exit::Credentials), found);
            check.with_remedy(call.remedy(settings))
        }
        Conclusion::Rejected | Conclusion::Inconclusive => {
            guess_region(app, settings.destination.region)
        }
    };
    check.with_data(data)
}

/// Compares with the region that the console guesses from the number. A guess
/// proves nothing.
fn guess_region(app: u32, region: Option<Region>) -> Check {
    let likely = Region::guess(app).name();
    let skip = |why: String| Check::new("region", Status::Skip, why);
    match region {
        None => skip("not proved: with an endpoint only the service knows".into()),
        Some(region) if region.name() == likely => skip(format!(
            "not proved; judging by its size, SDKAppID {app} is in {likely}"
        )),
        Some(region) => {
            let region = region.name();
            let found = format!(
                "not proved; the region is {region}, and judging by its size SDKAppID {app} is in {likely}"
            );
            Check::new("region", Status::Warn, found).with_remedy(format!(
                "the console shows the app's data centre; perhaps --region {likely}"
            ))
        }
    }
}

/// The duration of five more calls on the same connection, if `first` proved that
/// they are harmless. The first call is not counted, because it includes the
/// handshake.
fn latency(first: &TestCall, client: &mut RoomClient) -> Check {
    match first.conclusion() {
        Conclusion::Accepted | Conclusion::Unexpected => {}
        Conclusion::WrongRegion => return Check::new("latency", Status::Skip, "needs region"),
        Conclusion::Rejected | Conclusion::Inconclusive => {
            return Check::new("latency", Status::Skip, "needs api");
        }
    }
    let (times, failed) = measure(client);
    let found = describe_times(&times);
    let millis = |time: Option<&Duration>| time.map(Duration::as_millis);
    let data = json!({
        "Calls": times.len(),
        "LeastMs": millis(times.first()),
        "MedianMs": millis(times.get(times.len() / 2)),
        "MostMs": millis(times.last()),
    });
    let check = match failed {
        None => Check::new("latency", Status::Ok, found),
        Some(call) => {
            let status = match call.conclusion() {
                Conclusion::Rejected | Conclusion::WrongRegion => Status::Fail(Exit::Credentials),
                _ => Status::Warn,
            };
            let remedy = call.remedy(&client.session.settings);
            Check::new(
                "latency",
                status,
                format!("{found}; failed: {}", call.describe()),
            )
            .with_remedy(remedy.unwrap_or_else(|| RUN_AGAIN.to_owned()))
        }
    };
    let check = check.with_data(data);
    match times.get(times.len() / 2) {
        Some(median) => check.with_duration(*median),
        None => check,
    }
}

/// The times of the good calls, ascending, and the last failed call. Rejected
/// credentials end the calls, because the service blocks a caller that continues. A
/// missing answer ends them too, because each takes a whole time-out.
fn measure(client: &mut RoomClient) -> (Vec<Duration>, Option<TestCall>) {
    let (mut times, mut failed) = (Vec::new(), None);
    for _ in 0..LATENCY_CALLS {
        let call = TestCall::send(client);
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
    (times, failed)
}

/// `times` are in ascending order.
fn describe_times(times: &[Duration]) -> String {
    let (Some(least), Some(most)) = (times.first(), times.last()) else {
        return format!("none of {LATENCY_CALLS} calls was answered");
    };
    let count = match times.len() {
        LATENCY_CALLS => format!("{LATENCY_CALLS} calls"),
        some => format!("{some} of {LATENCY_CALLS} calls"),
    };
    let (least, most) = (least.as_millis(), most.as_millis());
    format!("median of {count}; {least} to {most} ms")
}
