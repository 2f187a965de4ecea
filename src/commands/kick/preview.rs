//! Shows a plan before it runs: the question about many members, and `--dry-run`.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::time::Duration;

use serde::Serialize;

use crate::commands::Context;
use crate::commands::session::Session;
use crate::config::{Format, StdinClaim};
use crate::error::Error;
use crate::exit::Exit;
use crate::job::Plan;
use crate::output::{Notes, plural, sanitise};
use crate::room::MEMBERS_PER_REQUEST;

/// A plan of more members is confirmed: one request is not.
const MAX_UNCONFIRMED: usize = MEMBERS_PER_REQUEST;

/// Members that the question names.
const MEMBERS_SHOWN: usize = 5;

/// Settings that the dry run shows: SDKAppID, identifier, credential, endpoint.
const SETTINGS_SHOWN: usize = 4;

/// Asks before many members are removed, if there is a person to answer.
pub(super) fn confirm(
    plan: &Plan,
    least_time: Duration,
    yes: bool,
    context: &mut Context,
) -> Result<(), Error> {
    let stderr_is_terminal = std::io::stderr().is_terminal();
    if !yes && is_required(plan, &context.stdin, stderr_is_terminal) {
        let mut notes = context.notes();
        return ask(plan, least_time, &mut context.stdin, &mut notes);
    }
    Ok(())
}

fn is_required(plan: &Plan, stdin: &StdinClaim, stderr_is_terminal: bool) -> bool {
    plan.members() > MAX_UNCONFIRMED && stdin.is_terminal() && stderr_is_terminal
}

/// Any answer but yes is exit 2.
fn ask<E: Write>(
    plan: &Plan,
    least_time: Duration,
    stdin: &mut StdinClaim,
    notes: &mut Notes<E>,
) -> Result<(), Error> {
    notes.ask(&question(plan, least_time));
    let answer = stdin.read_typed_line().to_ascii_lowercase();
    if matches!(answer.as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::usage(
        "not confirmed; nothing was sent",
        "answer y, or add --yes to continue without a question",
    ))
}

fn question(plan: &Plan, least_time: Duration) -> String {
    let mut text = format!(
        "{} in {}, {}, at least {:.1} s:\n",
        plural(plan.members(), "member", "members"),
        plural(plan.rooms(), "room", "rooms"),
        plural(plan.requests(), "request", "requests"),
        least_time.as_secs_f64(),
    );
    for (room, user) in plan.members_in_order().take(MEMBERS_SHOWN) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {user} from {room}");
    }
    if plan.members() > MEMBERS_SHOWN {
        let _ = writeln!(text, "  and {} more", plan.members() - MEMBERS_SHOWN);
    }
    let verb = plan.action.verb();
    format!("{text}{verb} them? [y/N]")
}

/// The counts of a plan; the keys are fixed by the contract.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PlanCounts {
    rooms: usize,
    members: usize,
    duplicates: usize,
    requests: usize,
    least_seconds: f64,
}

/// `--dry-run`: prints the plan on stdout.
pub(super) fn dry_run(
    plan: &Plan,
    least_time: Duration,
    session: &Session,
    context: &Context,
) -> Result<Exit, Error> {
    let counts = PlanCounts {
        rooms: plan.rooms(),
        members: plan.members(),
        duplicates: plan.duplicates(),
        requests: plan.requests(),
        // The time is not known more exactly than that.
        least_seconds: (least_time.as_secs_f64() * 1000.0).round() / 1000.0,
    };
    let text = match context.style.format {
        Format::Json => serde_json::to_string(&counts).expect("numbers serialise") + "\n",
        Format::Text => plan_text(&counts, session),
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

fn plan_text(counts: &PlanCounts, session: &Session) -> String {
    let PlanCounts {
        rooms,
        members,
        duplicates,
        requests,
        least_seconds,
    } = counts;
    let mut lines = vec![
        format!("rooms:      {rooms}"),
        format!("members:    {members}"),
        format!("duplicates: {duplicates}"),
        format!("requests:   {requests}"),
        format!("least time: {least_seconds} s"),
    ];
    let setting_lines = session.settings.setting_lines();
    for setting in setting_lines.into_iter().take(SETTINGS_SHOWN) {
        let line = format!("{}: {} ({})", setting.name, setting.value, setting.source);
        lines.push(sanitise(&line).into_owned());
    }
    lines.push("dry run: nothing was sent".into());
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::{Action, Reason, RoomId, UserId};

    fn plan(members: usize) -> Plan {
        let mut plan = Plan::new(Action::Kick);
        let room = RoomId::parse("r").expect("room");
        let reason = Reason::parse("x").expect("reason");
        for n in 0..members {
            let user = UserId::parse(&format!("u{n}")).expect("user");
            plan.add(&room, &user, &reason);
        }
        plan
    }

    #[test]
    fn a_plan_of_more_than_20_members_is_confirmed_on_terminals_only() {
        let terminal = || StdinClaim::new(std::io::empty(), true);
        let pipe = || StdinClaim::new(std::io::empty(), false);
        assert!(is_required(&plan(21), &terminal(), true));
        assert!(!is_required(&plan(20), &terminal(), true));
        assert!(!is_required(&plan(21), &pipe(), true));
        assert!(!is_required(&plan(21), &terminal(), false));
    }

    fn answer(answer: &'static [u8]) -> (Result<(), Error>, String) {
        let mut stdin = StdinClaim::new(answer, true);
        let mut stderr = Vec::new();
        // --quiet does not suppress a question.
        let mut notes = Notes::new(&mut stderr, Format::Text, true, 0);
        let least_time = Duration::from_millis(1500);
        let answer = ask(&plan(21), least_time, &mut stdin, &mut notes);
        (answer, String::from_utf8(stderr).expect("UTF-8"))
    }

    #[test]
    fn any_answer_but_yes_is_no() {
        for yes in [&b"y\n"[..], b"yes\n", b" YES \n", b"Y"] {
            assert!(answer(yes).0.is_ok());
        }
        for no in [&b"\n"[..], b"", b"n\n", b"yep\n", b"\xff\n"] {
            let error = answer(no).0.expect_err("no");
            assert_eq!(error.exit(), Exit::Usage);
        }
    }

    #[test]
    fn the_question_shows_the_plan() {
        assert_eq!(
            answer(b"").1,
            "21 members in 1 room, 2 requests, at least 1.5 s:\n  u0 from r\n  u1 from r\n  u2 from r\n  u3 from r\n  u4 from r\n  and 16 more\nremove them? [y/N] "
        );
    }
}
