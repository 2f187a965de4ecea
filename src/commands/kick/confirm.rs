//! Before a plan runs: `--dry-run` prints it instead, and a person confirms it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde_json::json;

use super::everyone::MemberLists;
use super::options::ServiceCall;
use super::plan_view::PlanView;
use crate::commands::Context;
use crate::config::{Credential, Format, SANDBOX_VARIABLE, StdinClaim};
use crate::error::Error;
use crate::exit::Exit;
use crate::output::{Notes, sanitise};
use crate::room::MEMBERS_PER_REQUEST;
use crate::secret::scrub;

/// A plan of more members is confirmed: one request is not.
const MAX_UNCONFIRMED: usize = MEMBERS_PER_REQUEST;

/// How a person agrees.
#[derive(Debug, PartialEq, Eq)]
enum Question<'a> {
    /// By `y` or `yes`.
    Yes,
    /// By the name of the profile, which demands it.
    Name(&'a str),
}

/// Asks before members are removed, if there is a person to answer. Without a question,
/// which shows them, notes report the listed members that are not in the plan.
pub(super) fn confirm(view: &PlanView<'_>, context: &mut Context) -> Result<(), Error> {
    let has_person = context.stdin.is_terminal() && io::stderr().is_terminal();
    let Some(question) = Question::about(view).filter(|_| has_person) else {
        report_rehearsal(context);
        if let Some(lists) = &view.selection.member_lists {
            lists.report(&mut context.notes());
        }
        return Ok(());
    };
    let is_rehearsal = is_rehearsal(context);
    let asked = view.sentence(is_rehearsal);
    let mut notes = context.notes();
    let answer = match question {
        Question::Yes => "[y/N]".to_owned(),
        Question::Name(name) => format!("Type the name of the profile, {}:", sanitise(name)),
    };
    match context.style.format {
        Format::Json => {
            let plan = view.json(is_rehearsal);
            notes.ask_json(&json!({ "question": format!("{asked} {answer}"), "Plan": plan }));
        }
        Format::Text => {
            let between = match question {
                Question::Yes => ' ',
                Question::Name(_) => '\n',
            };
            let whole = |text: &str| format!("{text}\n{asked}{between}{answer}");
            let text = if context.style.verbose > 0 {
                view.text(true, is_rehearsal)
            } else {
                let count = |text: &str| notes.lines_of_question(&whole(text));
                view.text_to_confirm(is_rehearsal, count)
            };
            notes.ask(&whole(&text));
        }
    }
    let undone = match view.selection.member_lists {
        Some(_) => "nothing was changed",
        None => "nothing was sent",
    };
    question.read(undone, &mut context.stdin, &mut notes)
}

/// `--dry-run`: prints the plan on stdout.
pub(super) fn dry_run(view: &PlanView<'_>, context: &Context) -> Result<Exit, Error> {
    let is_verbose = context.style.verbose > 0;
    match context.style.format {
        Format::Json => {
            let counts = serde_json::to_string(&view.counts()).expect("numbers serialise");
            context.print(&(counts + "\n"))?;
            if is_verbose {
                print_requests(view, context)?;
            }
        }
        Format::Text => {
            let text = view.text(is_verbose, is_rehearsal(context));
            let has_read = view.selection.member_lists.is_some() || view.presence.is_some();
            let sent = if has_read {
                "only lists were read"
            } else {
                "nothing was sent"
            };
            context.print(&format!("{text}dry run: {sent}\n"))?;
        }
    }
    if let Some(presence) = view.presence {
        presence.report(&mut context.notes());
    }
    let lists = view.selection.member_lists.as_ref();
    lists.map_or(Ok(()), MemberLists::require_complete)?;
    Ok(Exit::Done)
}

/// A line per request, with the keys that `--from` reads.
fn print_requests(view: &PlanView<'_>, context: &Context) -> Result<(), Error> {
    let mut text = String::new();
    let call = view.options.call;
    let credential = &view.session.settings.credential.value;
    let clean = |reason: &str| match credential {
        Credential::KeyCommand(_) => scrub(reason),
        // Where the secret is known, no reason has it.
        Credential::Key(_) | Credential::UserSig { .. } => reason.to_owned(),
    };
    let is_sent = |room: &str, user: &str| {
        !view
            .presence
            .is_some_and(|rooms| rooms.is_absent(room, user))
    };
    for (room, reason, members) in view.selection.plan.requests_in_order(is_sent) {
        let reason = Some(clean(reason)).filter(|reason| !reason.is_empty());
        let mut request = json!({ "RoomId": room, "MemberList_Account": members });
        (request["Reason"], request["Action"]) = (reason.into(), call.action().name().into());
        if let ServiceCall::Ban { seconds } = call {
            request["DurationSeconds"] = seconds.into();
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{request}");
    }
    context.print(&text)
}

/// Where no question says that it is a rehearsal, a note does. `--sandbox` has one of its
/// own.
pub(super) fn report_rehearsal(context: &Context) {
    if is_rehearsal(context) && !context.flags.connection.sandbox() {
        let text = "sandbox: a rehearsal: nothing leaves this machine";
        context.notes().info(text);
    }
}

/// With a sandbox of its own, or with the variables of one, no request leaves this
/// machine.
fn is_rehearsal(context: &Context) -> bool {
    context.flags.connection.sandbox() || context.env.get_os(SANDBOX_VARIABLE).is_some()
}

impl<'a> Question<'a> {
    /// The question that this plan needs.
    fn about(view: &PlanView<'a>) -> Option<Self> {
        // An earlier run may have settled all of them.
        if view.options.yes || view.selection.plan.members() == 0 {
            return None;
        }
        let is_many = view.selection.member_lists.is_some()
            || view.selection.plan.members() > MAX_UNCONFIRMED;
        let many = || is_many.then_some(Self::Yes);
        let name = view.options.confirm_name.as_deref();
        name.map(Self::Name).or_else(many)
    }

    /// Reads the answer. Any other than the one that agrees is exit 2, and the
    /// message reports what was not done.
    fn read<E: Write>(
        &self,
        undone: &str,
        stdin: &mut StdinClaim,
        notes: &mut Notes<E>,
    ) -> Result<(), Error> {
        let answer = stdin.read_answer();
        if answer.is_none() {
            notes.end_question();
        }
        let answer = answer.unwrap_or_default();
        let is_agreed = match self {
            Self::Yes => matches!(&*answer.to_ascii_lowercase(), "y" | "yes"),
            Self::Name(name) => answer == name.trim(),
        };
        if is_agreed {
            return Ok(());
        }
        let hint = match self {
            Self::Yes => "answer y, or add --yes to continue without a question".to_owned(),
            Self::Name(name) => {
                format!("type {name}, the name of the profile, because it has confirm = \"name\"")
            }
        };
        Err(Error::usage(format_args!("not confirmed; {undone}"), hint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(question: &Question<'_>, answer: &'static [u8]) -> (Result<(), Error>, String) {
        let mut stdin = StdinClaim::new(answer, true);
        let mut stderr = Vec::new();
        let mut notes = Notes::new(&mut stderr, Format::Text, false, 0);
        let answer = question.read("nothing was sent", &mut stdin, &mut notes);
        (answer, String::from_utf8(stderr).expect("UTF-8"))
    }

    #[test]
    fn any_answer_but_yes_is_no() {
        for yes in [&b"y\n"[..], b"yes\n", b" YES \n", b"Y"] {
            assert!(answer(&Question::Yes, yes).0.is_ok());
        }
        for no in [&b"\n"[..], b"", b"n\n", b"yep\n", b"\xff\n", b"prod\n"] {
            let error = answer(&Question::Yes, no).0.expect_err("no");
            assert_eq!(error.exit(), Exit::Usage);
        }
    }

    #[test]
    fn any_answer_but_the_profiles_name_is_no() {
        let name = Question::Name("prod");
        for yes in [&b"prod\n"[..], b" prod \r\n", b"prod"] {
            assert!(answer(&name, yes).0.is_ok());
        }
        for no in [&b"\n"[..], b"", b"y\n", b"yes\n", b"PROD\n", b"prod2\n"] {
            let error = answer(&name, no).0.expect_err("no");
            assert_eq!(error.exit(), Exit::Usage);
        }
    }

    #[test]
    fn the_end_of_input_ends_the_line_of_the_question() {
        assert_eq!(answer(&Question::Yes, b"").1, "\n");
        assert_eq!(answer(&Question::Yes, b"\n").1, "");
    }
}
