//! The checks between this machine and the service: name, TCP, TLS. They sign
//! and send nothing, so they run without credentials as well.

use std::net::IpAddr;
use std::time::{Instant, SystemTime};

use serde_json::json;

use super::checklist::{CheckList, RUN_AGAIN};
use crate::api::{self, Endpoint, Probe, Roots, Step, Transport};
use crate::commands::refusal::ClockSkew;
use crate::config::{CheckedSettings, Destination};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Check, Status};

/// The checks of the values that a connection needs.
const NEEDS: [&str; 3] = ["endpoint", "proxy", "timeouts"];

/// Adds the three checks. A failed one skips the next.
pub(super) fn check(
    checked: &CheckedSettings,
    now: SystemTime,
    checks: &mut CheckList,
) -> Result<(), Error> {
    let (Some(transport), Ok(Destination { endpoint, .. })) =
        (transport(checked), &checked.destination)
    else {
        for name in ["resolve", "tcp", "tls"] {
            checks.skip_if_failed(name, &NEEDS)?;
        }
        return Ok(());
    };
    let proxy = transport.proxy.as_ref().map(ToString::to_string);
    let probe = Probe::new(endpoint.value.clone(), transport);
    checks.add(resolve(&probe))?;
    if checks.skip_if_failed("tcp", &["resolve"])? {
        checks.skip_if_failed("tls", &["resolve"])?;
        return Ok(());
    }
    let connected = probe.connect(now);
    checks.add(tcp(&connected.tcp, &endpoint.value, proxy.as_deref()))?;
    if !checks.skip_if_failed("tls", &["trust", "tcp"])? {
        let check = tls(connected.tls.as_ref(), &endpoint.value);
        let error = connected
            .tls
            .as_ref()
            .and_then(|step| step.result.as_ref().err());
        checks.add(match error.and_then(|error| probe.unproven_time(error)) {
            Some(service) => with_clock(check, now, service),
            None => check,
        })?;
    }
    Ok(())
}

/// None if a value is missing. Without usable roots the bundled ones are set: TCP
/// does not need them, and TLS is then skipped.
pub(super) fn transport(checked: &CheckedSettings) -> Option<Transport> {
    let timeouts = checked.timeouts.as_ref().ok()?;
    let proxy = checked.proxy.as_ref().ok()?;
    let roots = match &checked.trust {
        Ok(trust) => trust.roots(),
        Err(_) => Roots::Bundled,
    };
    Some(Transport {
        timeout: timeouts.timeout.value.clone(),
        connect_timeout: timeouts.connect_timeout.value.clone(),
        connections: 1,
        roots,
        proxy: proxy.as_ref().map(|proxy| proxy.value.clone()),
    })
}

fn resolve(probe: &Probe) -> Check {
    let began = Instant::now();
    let mut is_timed = false;
    let mut found = Vec::new();
    let mut all = Vec::new();
    for host in probe.hosts() {
        let name = &host.name;
        if name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            found.push(format!("{name} is an address, there is nothing to look up"));
            continue;
        }
        is_timed = true;
        match probe.resolve(&host) {
            Ok(addresses) => {
                let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
                found.push(format!("{name} is {}", addresses.join(", ")));
                all.extend(addresses);
            }
            Err(error) => return failed("resolve", &error).with_duration(began.elapsed()),
        }
    }
    let check = Check::new("resolve", Status::Ok, found.join("; "));
    let check = check.with_data(json!({ "Addresses": all }));
    if is_timed {
        return check.with_duration(began.elapsed());
    }
    check
}

fn tcp(step: &Step, endpoint: &Endpoint, proxy: Option<&str>) -> Check {
    let to = endpoint.authority();
    let check = match (&step.result, proxy) {
        (Err(error), _) => failed("tcp", error),
        (Ok(()), None) => Check::new("tcp", Status::Ok, format!("connected to {to}")),
        (Ok(()), Some(proxy)) => {
            let found = format!("a tunnel to {to} through proxy {proxy}");
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

/// A certificate that is out of its time: whether this machine's clock is the
/// cause, by the service's clock.
fn with_clock(check: Check, now: SystemTime, service: SystemTime) -> Check {
    let (more, remedy) = ClockSkew::between(now, service).map_or_else(
        || {
            let remedy = "the clock is right: the certificate must be replaced where it is used, by the service or by a proxy that re-signs TLS";
            (", like the service's".to_owned(), remedy)
        },
        |skew| {
            let remedy =
                "set this machine's clock, best by a time service (timedatectl set-ntp true)";
            (format!("; {skew}"), remedy)
        },
    );
    let found = check.found.clone() + &more;
    Check { found, ..check }.with_remedy(remedy.to_owned())
}

/// The check of a step that ended without an answer of the service.
pub(super) fn failed(name: &'static str, error: &api::Error) -> Check {
    let check = Check::new(name, Status::Fail(Exit::Unreachable), error.to_string());
    check.with_remedy(error.remedy().unwrap_or_else(|| RUN_AGAIN.to_owned()))
}
