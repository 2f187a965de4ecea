//! The links between this machine and the service: name, TCP, TLS. Tested also
//! where the credentials are missing, as nothing is signed or sent for it.

use std::net::IpAddr;
use std::time::Instant;

use super::checklist::CheckList;
use crate::api::{self, Endpoint, Probe, Roots, Step, Transport};
use crate::commands::session;
use crate::config::CheckedSettings;
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};

/// Without these nobody knows where to go, or how.
const NEEDS: [&str; 3] = ["endpoint", "proxy", "timeouts"];

/// All three, as far as one leads to the next.
pub(super) fn test(checked: &CheckedSettings, checks: &mut CheckList) -> Result<(), Error> {
    let (Some(transport), Ok((endpoint, _))) = (transport(checked), &checked.destination) else {
        for name in ["resolve", "tcp", "tls"] {
            let skipped = checks.skip_if_failed(name, &NEEDS);
            skipped.map_or(Ok(()), |check| checks.add(check))?;
        }
        return Ok(());
    };
    let by_proxy = transport.proxy.as_ref().map(ToString::to_string);
    let probe = Probe::new(endpoint.value.clone(), transport);
    checks.add(resolve(&probe))?;
    if let Some(skipped) = checks.skip_if_failed("tcp", &["resolve"]) {
        checks.add(skipped)?;
        let skipped = checks.skip_if_failed("tls", &["resolve"]);
        return skipped.map_or(Ok(()), |check| checks.add(check));
    }
    let connected = probe.connect();
    checks.add(tcp(&connected.tcp, &endpoint.value, by_proxy.as_deref()))?;
    let skipped = checks.skip_if_failed("tls", &["trust", "tcp"]);
    checks.add(skipped.unwrap_or_else(|| tls(connected.tls.as_ref(), &endpoint.value)))
}

/// Where trust is in doubt, TCP does not depend on it and TLS is not judged.
fn transport(checked: &CheckedSettings) -> Option<Transport> {
    let timeouts = checked.timeouts.as_ref().ok()?;
    let proxy = checked.proxy.as_ref().ok()?;
    let roots = match &checked.trust {
        Ok((roots, ca_file)) => session::roots(roots, ca_file.as_ref()),
        Err(_) => Roots::Bundled,
    };
    Some(Transport {
        timeout: timeouts.timeout.value,
        connect_timeout: timeouts.connect_timeout.value,
        connections: 1,
        roots,
        proxy: proxy.as_ref().map(|proxy| proxy.value.clone()),
    })
}

fn resolve(probe: &Probe) -> Check {
    let host = probe.host();
    if host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        let found = format!("{host} is an address, there is nothing to look up");
        return Check::new("resolve", Status::Ok, found);
    }
    let began = Instant::now();
    let found = probe.resolve();
    let check = match found {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            let found = format!("{host} is {}", addresses.join(", "));
            Check::new("resolve", Status::Ok, found)
        }
        Err(error) => failed("resolve", &error),
    };
    check.with_duration(began.elapsed())
}

fn tcp(step: &Step, endpoint: &Endpoint, by_proxy: Option<&str>) -> Check {
    let to = endpoint.authority();
    let check = match (&step.result, by_proxy) {
        (Err(error), _) => failed("tcp", error),
        (Ok(()), None) => Check::new("tcp", Status::Ok, format!("connected to {to}")),
        (Ok(()), Some(proxy)) => {
            let found = format!("a tunnel to {to} by proxy {proxy}");
            Check::new("tcp", Status::Ok, found)
        }
    };
    check.with_duration(step.took)
}

fn tls(step: Option<&Step>, endpoint: &Endpoint) -> Check {
    let Some(step) = step else {
        let why = "plain http, which stays on this machine";
        return Check::new("tls", Status::Skip, why);
    };
    let good = || {
        let found = format!("the certificate is good for {}", endpoint.host());
        Check::new("tls", Status::Ok, found)
    };
    let error = step.result.as_ref().err();
    let check = error.map_or_else(good, |error| failed("tls", error));
    check.with_duration(step.took)
}

/// Where nothing better is known.
pub(super) const RUN_AGAIN: &str =
    "run roomctl doctor again; what comes and goes, kick tries again by itself";

/// A link without an answer of the service.
pub(super) fn failed(name: &'static str, error: &api::Error) -> Check {
    let check = Check::new(name, Status::Fail(Exit::Unreachable), error.to_string());
    check.with_remedy(error.remedy().unwrap_or(RUN_AGAIN).to_owned())
}
