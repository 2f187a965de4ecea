//! The question before many members are removed: asked only where a person can
//! answer it.

use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

use crate::config::StdinClaim;
use crate::error::Error;
use crate::job::Plan;
use crate::output::{Notes, plural};
use crate::room::MEMBERS_PER_REQUEST;

/// Up to so many members nobody is asked: one request's worth.
const UNASKED: usize = MEMBERS_PER_REQUEST;

/// Members that the question names.
const SAMPLE: usize = 5;

/// Whether anybody is to be asked.
pub(super) fn is_due(plan: &Plan, yes: bool, stdin: &StdinClaim, stderr_is_terminal: bool) -> bool {
    plan.members() > UNASKED && !yes && stdin.is_terminal() && stderr_is_terminal
}

/// Asks; anything but yes is exit 2.
pub(super) fn ask<E: Write>(
    plan: &Plan,
    least: Duration,
    stdin: &mut StdinClaim,
    notes: &mut Notes<E>,
) -> Result<(), Error> {
    notes.ask(&question(plan, least));
    let answer = stdin.answer().to_ascii_lowercase();
    if matches!(answer.as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Error::usage(
        "not confirmed; nothing was sent",
        "answer y, or say --yes to go on without a question",
    ))
}

fn question(plan: &Plan, least: Duration) -> String {
    let mut text = format!(
        "{} in {}, {}, at least {:.1} s:\n",
        plural(plan.members(), "member", "members"),
        plural(plan.rooms(), "room", "rooms"),
        plural(plan.requests(), "request", "requests"),
        least.as_secs_f64(),
    );
    for (room, user) in plan.sample().take(SAMPLE) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {user} from {room}");
    }
    if plan.members() > SAMPLE {
        let _ = writeln!(text, "  and {} more", plan.members() - SAMPLE);
    }
    let verb = plan.action.verb();
    format!("{text}{verb} them? [y/N]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Format;
    use crate::exit::Exit;
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
    fn more_than_20_are_asked_about_and_only_on_terminals() {
        let terminal = || StdinClaim::new(std::io::empty(), true);
        let pipe = || StdinClaim::new(std::io::empty(), false);
        assert!(is_due(&plan(21), false, &terminal(), true));
        assert!(!is_due(&plan(20), false, &terminal(), true));
        assert!(!is_due(&plan(21), true, &terminal(), true));
        assert!(!is_due(&plan(21), false, &pipe(), true));
        assert!(!is_due(&plan(21), false, &terminal(), false));
    }

    fn asked(answer: &'static [u8]) -> (Result<(), Error>, String) {
        let mut stdin = StdinClaim::new(answer, true);
        let mut shown = Vec::new();
        // Quiet does not silence a question.
        let mut notes = Notes::new(&mut shown, Format::Text, true, 0);
        let answer = ask(
            &plan(21),
            Duration::from_millis(1500),
            &mut stdin,
            &mut notes,
        );
        (answer, String::from_utf8(shown).expect("UTF-8"))
    }

    #[test]
    fn anything_but_yes_is_no() {
        for yes in [&b"y\n"[..], b"yes\n", b" YES \n", b"Y"] {
            assert!(asked(yes).0.is_ok());
        }
        for no in [&b"\n"[..], b"", b"n\n", b"yep\n", b"\xff\n"] {
            let error = asked(no).0.expect_err("no");
            assert_eq!(error.exit(), Exit::Usage);
        }
    }

    #[test]
    fn the_question_shows_what_is_at_stake() {
        assert_eq!(
            asked(b"").1,
            "21 members in 1 room, 2 requests, at least 1.5 s:\n  u0 from r\n  u1 from r\n  u2 from r\n  u3 from r\n  u4 from r\n  and 16 more\nremove them? [y/N] "
        );
    }
}
