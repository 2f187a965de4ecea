//! From flags to a plan: every fault is found before any is reported, and
//! nothing is sent while there is one.

use std::fmt::Display;
use std::io::Read;

use super::Args;
use crate::commands::connect::Link;
use crate::config::StdinClaim;
use crate::error::Error;
use crate::job::{MAX_RATE, Plan};
use crate::room::{Action, Reason, RoomId, UserId};

/// Most retries that can be asked for; with the longest delay that is a week.
const MAX_RETRIES: u32 = 1000;

/// Largest reason file that is read: enough to say by how much it is too long.
const MAX_REASON_BYTES: u64 = 64 * 1024;

/// The command line's own part of the job, checked.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) rooms: Vec<RoomId>,
    pub(super) users: Vec<UserId>,
    /// None where neither flag gives one; the profile may.
    pub(super) reason: Option<Reason>,
    pub(super) rate: u32,
    pub(super) retries: u32,
}

/// What is wrong, collected.
#[derive(Debug, Default)]
struct Faults(Vec<String>);

impl Faults {
    /// Notes a failure and goes on without the value.
    fn check<T, E: Display>(&mut self, source: &str, result: Result<T, E>) -> Option<T> {
        result
            .map_err(|why| self.0.push(format!("{source}: {why}")))
            .ok()
    }

    fn into_result(self) -> Result<(), Error> {
        match self.0.as_slice() {
            [] => Ok(()),
            [only] => Err(Error::usage(only.clone(), HINT)),
            all => Err(Error::usage(
                format!("{} faults\n{}", all.len(), all.join("\n")),
                HINT,
            )),
        }
    }
}

const HINT: &str = "roomctl kick --room ROOM --user USER --reason TEXT; nothing was sent";

/// Checks everything the flags give.
pub(super) fn read(args: &Args, stdin: &mut StdinClaim) -> Result<Input, Error> {
    let mut faults = Faults::default();
    if args.room.is_empty() {
        faults.0.push("no room: give --room ROOM".into());
    }
    if args.user.is_empty() {
        faults.0.push("nobody to remove: give --user USER".into());
    }
    let rooms = values(&mut faults, "--room", &args.room, RoomId::parse);
    let users = values(&mut faults, "--user", &args.user, UserId::parse);
    let reason =
        reason_text(args, stdin)?.and_then(|(flag, text)| faults.check(flag, Reason::parse(&text)));
    let rate = number(&mut faults, "--rate", args.rate.as_deref(), 1, MAX_RATE);
    let retries = number(
        &mut faults,
        "--retries",
        args.retries.as_deref(),
        0,
        MAX_RETRIES,
    );
    faults.into_result()?;
    Ok(Input {
        rooms,
        users,
        reason,
        rate: rate.unwrap_or(super::DEFAULT_RATE),
        retries: retries.unwrap_or(super::DEFAULT_RETRIES),
    })
}

/// The flag's reason, or else the profile's.
pub(super) fn reason(input: &Input, link: &Link) -> Result<Reason, Error> {
    if let Some(reason) = &input.reason {
        return Ok(reason.clone());
    }
    let profile = link.settings.profile.as_ref();
    let Some(given) = profile.and_then(|profile| profile.text("reason")) else {
        return Err(Error::usage(
            "no reason: the service demands one",
            "give --reason TEXT",
        ));
    };
    Reason::parse(given.value).map_err(|why| {
        Error::usage(
            format!("reason from {}: {why}", given.source),
            "mend the profile",
        )
    })
}

/// Whoever calls is never removed: a moderator's list may name the moderator.
pub(super) fn spare_the_caller(input: &Input, identifier: &UserId) -> Result<(), Error> {
    if !input.users.contains(identifier) {
        return Ok(());
    }
    let message = format!("--user {identifier} is the calling identifier itself");
    Err(Error::usage(
        message,
        "leave it out, or call as another administrator",
    ))
}

/// Every user in every room.
pub(super) fn plan(input: &Input, reason: &Reason) -> Plan {
    let mut plan = Plan::new(Action::Kick);
    for room in &input.rooms {
        for user in &input.users {
            plan.add(room, user, reason);
        }
    }
    plan
}

fn values<T, E: Display>(
    faults: &mut Faults,
    flag: &str,
    texts: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    let check = |text: &String| faults.check(&format!("{flag} {:?}", shortened(text)), parse(text));
    texts.iter().filter_map(check).collect()
}

fn number(
    faults: &mut Faults,
    flag: &str,
    text: Option<&str>,
    least: u32,
    most: u32,
) -> Option<u32> {
    let text = text?;
    let parsed = text
        .parse()
        .ok()
        .filter(|number| (least..=most).contains(number));
    if parsed.is_none() {
        let text = shortened(text);
        faults.0.push(format!(
            "{flag} {text:?}: is not a number from {least} to {most}"
        ));
    }
    parsed
}

/// A value long enough to recognise, short enough for a line.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The reason as given by a flag, and which.
fn reason_text(
    args: &Args,
    stdin: &mut StdinClaim,
) -> Result<Option<(&'static str, String)>, Error> {
    match (&args.reason, &args.reason_file) {
        (Some(_), Some(_)) => Err(Error::usage(
            "--reason and --reason-file both give the reason",
            "leave one of them out",
        )),
        (Some(text), None) => Ok(Some(("--reason", text.clone()))),
        (None, Some(file)) => reason_file(file, stdin).map(|text| Some(("--reason-file", text))),
        (None, None) => Ok(None),
    }
}

/// The file's text without the line end that editors put there.
fn reason_file(file: &std::path::Path, stdin: &mut StdinClaim) -> Result<String, Error> {
    let name = file.display();
    let failed = |why: std::io::Error| {
        Error::usage(format!("--reason-file {name}: {why}"), "nothing was sent")
    };
    let mut bytes = Vec::new();
    let mut input: Box<dyn Read> = if file.as_os_str() == "-" {
        stdin.claim("--reason-file")?
    } else {
        Box::new(std::fs::File::open(file).map_err(failed)?)
    };
    input
        .by_ref()
        .take(MAX_REASON_BYTES)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::usage(
            format!("--reason-file {name}: is not UTF-8"),
            "save it as UTF-8",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}
