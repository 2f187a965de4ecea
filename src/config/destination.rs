//! Where requests go: a region, or a URL in its place.

use super::choice;
use super::env::Env;
use super::error::Problem;
use super::layers::Layers;
use super::names::{ENDPOINT, REGION};
use super::source::{Setting, Source};
use crate::api::{Endpoint, Region};

/// Set by `roomctl sandbox -- COMMAND`; any value counts, as the safe side is
/// to stay on this machine.
const SANDBOX: &str = "ROOMCTL_SANDBOX";

/// An address and, where it was named so, its region.
pub(super) type Destination = (Setting<Endpoint>, Option<Region>);

/// Region and endpoint are one value: the highest place that has either, and
/// in it the endpoint before the region.
pub(super) fn destination(layers: &Layers, env: &Env) -> Result<Destination, Problem> {
    let values = layers.top(&[&ENDPOINT, &REGION]);
    let destination = match values.first() {
        None => of_region(Setting::built_in(Region::Singapore)),
        Some(raw) if *raw.name == ENDPOINT => {
            let endpoint = Endpoint::parse(raw.text()?).map_err(|why| {
                let hint = "an endpoint is https://HOST or https://HOST:PORT; plain http is for 127.0.0.1 only";
                raw.problem(why).hint(hint)
            })?;
            (raw.setting(endpoint), None)
        }
        Some(raw) => of_region(raw.setting(choice::parse(raw)?)),
    };
    rehearsal_stays_here(&destination.0, env)?;
    Ok(destination)
}

fn of_region(region: Setting<Region>) -> Destination {
    let value = Endpoint::from(region.value);
    let source = region.source;
    (Setting { value, source }, Some(region.value))
}

/// A profile must not turn a rehearsal into the real thing.
fn rehearsal_stays_here(endpoint: &Setting<Endpoint>, env: &Env) -> Result<(), Problem> {
    if env.get_os(SANDBOX).is_none() || endpoint.value.is_loopback() {
        return Ok(());
    }
    let Setting { value, source } = endpoint;
    let message = format!("{SANDBOX} is set, and {value} ({source}) is not on this machine");
    Err(Problem::config(message).hint(match source {
        Source::BuiltIn => "a rehearsal needs ROOMCTL_ENDPOINT as the sandbox printed it; for the real service, unset ROOMCTL_SANDBOX",
        _ => "leave that region or endpoint out for the rehearsal; for the real service, unset ROOMCTL_SANDBOX",
    }))
}
