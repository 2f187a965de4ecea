//! Whether region and SDKAppID belong together. Only an answer proves it; short
//! of one there is the console's guess by the number, good for a hint only.

use super::call::{Conclusion, TestCall};
use super::checklist::CheckList;
use crate::api::Region;
use crate::config::{CheckedSettings, Settings};
use crate::exit::Exit;
use crate::output::{Check, Status};

const NAME: &str = "region";

/// By the answer, else by the guess.
pub(super) fn check(
    checked: &CheckedSettings,
    call: Option<(&TestCall, &Settings)>,
    checks: &CheckList,
) -> Check {
    let (Ok(sdkappid), Ok((_, region))) = (&checked.sdkappid, &checked.destination) else {
        let skipped = checks.skip_if_failed(NAME, &["sdkappid", "endpoint"]);
        return skipped.unwrap_or_else(|| Check::new(NAME, Status::Skip, "needs sdkappid"));
    };
    let app = sdkappid.value;
    let place = region.map_or("this endpoint", Region::name);
    match call.map(|(call, _)| call.conclusion()) {
        Some(Conclusion::Accepted | Conclusion::Unexpected) => Check::new(
            NAME,
            Status::Ok,
            format!("{place} is right for SDKAppID {app}"),
        ),
        Some(Conclusion::WrongRegion) => {
            let found = format!("{place} is not right for SDKAppID {app}, or there is no such app");
            let check = Check::new(NAME, Status::Fail(Exit::Credentials), found);
            check.with_remedy(call.and_then(|(call, settings)| call.remedy(settings)))
        }
        Some(Conclusion::Rejected | Conclusion::Inconclusive) | None => guess(app, *region),
    }
}

fn guess(app: u32, region: Option<Region>) -> Check {
    let likely = Region::guess(app);
    let skip = |why: String| Check::new(NAME, Status::Skip, why);
    match region {
        None => skip("not proved, and an endpoint was given: only the service could tell".into()),
        Some(region) if region == likely => skip(format!(
            "not proved; judging by its size, SDKAppID {app} is of {}",
            likely.name()
        )),
        Some(region) => {
            let (asked, likely) = (region.name(), likely.name());
            let found = format!(
                "not proved; {asked} is asked, and judging by its size SDKAppID {app} is of {likely}"
            );
            Check::new(NAME, Status::Warn, found).with_remedy(format!(
                "the console shows the app's data centre; perhaps --region {likely}"
            ))
        }
    }
}
