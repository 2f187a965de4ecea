//! A plan as people see it before it runs: one view for `--dry-run` and for the
//! question, so that the dry run shows what the question would.

use std::fmt::Display;
use std::io;
use std::time::Duration;

use rustix::termios::tcgetwinsize;
use serde::Serialize;
use serde_json::{Value, json};

use super::list_counts::ListCounts;
use super::options::Options;
use super::plan_words::{counted, cut, more, place, quoted};
use super::presence::{Presence, PresenceCounts};
use super::selection::Selection;
use crate::api::Region;
use crate::commands::session::Session;
use crate::config::{Profile, Source};
use crate::error::grouped;
use crate::job::RoomMembers;
use crate::output::sanitise;
use crate::room::Action;
use crate::secret::scrub;

/// Rooms of the question in JSON.
const ROOMS_SHOWN: usize = 20;

/// Rooms of the question, if the terminal has no room for more.
const FEW_ROOMS: usize = 3;

/// What is shown of a long plan without `-v`.
const MEMBERS_SHOWN: usize = 5;
const REASONS_SHOWN: usize = 3;

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy)]
struct Detail {
    rooms: usize,
    members: usize,
    reasons: usize,
    /// Columns of a reason.
    reason: usize,
    /// A member has a line of its own, and a reason is not cut.
    is_verbose: bool,
}

/// With `-v`.
const ALL: Detail = Detail {
    rooms: usize::MAX,
    members: usize::MAX,
    reasons: usize::MAX,
    reason: usize::MAX,
    is_verbose: true,
};

/// Without it.
const SHORT: Detail = Detail {
    rooms: usize::MAX,
    members: MEMBERS_SHOWN,
    reasons: REASONS_SHOWN,
    reason: 160,
    is_verbose: false,
};

/// Columns of the labels.
const LABEL: usize = 12;

/// A plan with all that a person must know before it runs.
#[derive(Debug)]
pub(super) struct PlanView<'a> {
    pub(super) selection: &'a Selection,
    pub(super) options: &'a Options,
    pub(super) session: &'a Session,
    pub(super) least_time: Duration,
    /// What the journal contains of the list; such members are not in the plan.
    pub(super) in_journal: Option<&'a str>,
    /// Who is in the rooms, with `--dry-run --check-room always`.
    pub(super) presence: Option<&'a Presence>,
}

/// The counts of a plan; the keys are fixed by the contract.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PlanCounts<'a> {
    rooms: usize,
    members: usize,
    duplicates: usize,
    requests: usize,
    least_seconds: f64,
    #[serde(flatten)]
    presence: Option<PresenceCounts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lists: Option<ListCounts>,
    /// Only where the rate is shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    rate_scope: Option<String>,
    /// Only with `--verify`, whose requests are not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    verify: Option<bool>,
}

impl PlanView<'_> {
    pub(super) fn counts(&self) -> PlanCounts<'_> {
        let plan = &self.selection.plan;
        PlanCounts {
            rooms: plan.room_count(),
            members: plan.members(),
            duplicates: plan.duplicates(),
            requests: self
                .presence
                .map_or_else(|| plan.requests(), |rooms| rooms.requests(plan)),
            // The time is not known more exactly than that.
            least_seconds: (self.least_time.as_secs_f64() * 1000.0).round() / 1000.0,
            presence: self.presence.map(Presence::counts),
            lists: self
                .selection
                .member_lists
                .as_ref()
                .map(|lists| lists.counts),
            rate_scope: self.options.limits.shared_scope(),
            verify: self.options.verify.then_some(true),
        }
    }

    /// `Ban 3,000 members from 2 rooms of app 1400000001 (profile prod) for 7d?`
    pub(super) fn sentence(&self, is_rehearsal: bool) -> String {
        let (verb, from) = match self.options.call.action() {
            Action::Kick => ("Remove", "from"),
            Action::Ban => ("Ban", "from"),
            Action::Unban => ("Unban", "in"),
        };
        let members = counted(self.selection.plan.members(), "member");
        let rooms = counted(self.selection.plan.room_count(), "room");
        let app = self.session.settings.sdkappid.value;
        let length = self.options.ban_length.as_deref();
        let length = length.map_or(String::new(), |length| format!(" for {length}"));
        let place = if is_rehearsal { " (a rehearsal)" } else { "" };
        let profile = match &self.session.settings.profile {
            Some(profile) => format!(" (profile {})", profile.name()),
            None => String::new(),
        };
        format!("{verb} {members} {from} {rooms} of app {app}{profile}{length}{place}?")
    }

    /// The plan as text, a line per value.
    pub(super) fn text(&self, is_verbose: bool, is_rehearsal: bool) -> String {
        self.detailed(if is_verbose { ALL } else { SHORT }, is_rehearsal)
    }

    /// The same above a question, as much of it as has room on a terminal. `count` counts
    /// the lines of the whole.
    pub(super) fn text_to_confirm(
        &self,
        is_rehearsal: bool,
        count: impl Fn(&str) -> usize,
    ) -> String {
        let short = |rooms, members, reasons| Detail {
            rooms,
            members,
            reasons,
            // With its counts, one line of 80 columns.
            reason: 46,
            ..SHORT
        };
        let text = |detail| self.detailed(detail, is_rehearsal);
        let most = question_lines();
        // A room has a line or more, so this many rooms may have place.
        let with_rooms = |rooms| text(Detail { rooms, ..SHORT });
        let few = count(&with_rooms(FEW_ROOMS));
        let mut rooms = FEW_ROOMS + most.saturating_sub(few);
        while rooms > FEW_ROOMS {
            let shown = with_rooms(rooms);
            match count(&shown).saturating_sub(most) {
                0 => return shown,
                more => rooms = rooms.saturating_sub(more),
            }
        }
        let details = [
            Detail {
                rooms: FEW_ROOMS,
                ..SHORT
            },
            short(3, 5, 3),
            short(3, 3, 2),
            short(2, 2, 2),
            short(1, 5, 1),
        ];
        let mut texts = details.into_iter().map(text);
        let fitting = texts.find(|text| count(text) <= most);
        fitting.unwrap_or_else(|| text(short(1, 1, 1)))
    }

    fn detailed(&self, detail: Detail, is_rehearsal: bool) -> String {
        let clean = |text: &str| sanitise(&scrub(text)).into_owned();
        let shown = |line: Line| match line {
            Line::Entry(label, value) => {
                format!("{:LABEL$}{}\n", format!("{label}:"), clean(&value))
            }
            Line::Item(text) => format!("  {}\n", clean(&text)),
            Line::Member(name) => format!("    {}\n", clean(&name)),
        };
        let lines = self.lines(detail, is_rehearsal);
        lines.into_iter().map(shown).collect()
    }

    fn lines(&self, detail: Detail, is_rehearsal: bool) -> Vec<Line> {
        let counts = self.counts();
        let entry = |label, value: &dyn ToString| Line::Entry(label, value.to_string());
        let number = |label, count: usize| Line::Entry(label, grouped(count));
        let mut lines = Vec::new();
        if is_rehearsal {
            lines.push(entry("rehearsal", &"nothing leaves this machine"));
        }
        lines.extend(self.settings());
        lines.push(entry("action", &self.action()));
        lines.extend(self.reasons(detail));
        lines.push(number("rooms", counts.rooms));
        lines.extend(self.rooms(detail));
        lines.push(number("members", counts.members));
        lines.push(number("duplicates", counts.duplicates));
        let presence = self.presence.into_iter().flat_map(Presence::entries);
        lines.extend(presence.map(|(label, value)| Line::Entry(label, value)));
        lines.extend(self.member_lists());
        let skipped = self.selection.skipped_rows();
        if skipped > 0 {
            let rows = counted(skipped, "protected row");
            lines.push(entry("skipped", &rows));
        }
        lines.extend(self.in_journal.map(|text| entry("journal", &text)));
        let requests = self
            .presence
            .map(|rooms| rooms.requests_in_words(counts.requests));
        let requests = requests.unwrap_or_else(|| grouped(counts.requests));
        lines.push(Line::Entry("requests", requests));
        let time = format!("{} s", counts.least_seconds);
        lines.push(entry("least time", &time));
        let sharers = self.options.limits.sharers_in_words();
        lines.extend(sharers.map(|sharers| Line::Entry("rate scope", sharers)));
        if self.options.verify {
            let text = "each room's member list is read once more (--verify)";
            lines.push(entry("afterwards", &text));
        }
        lines
    }

    /// What the lists of the service contain besides the members of the plan.
    fn member_lists(&self) -> Vec<Line> {
        let lists = &self.selection.member_lists;
        let (Some(lists), Some(everyone)) = (lists, &self.options.everyone) else {
            return Vec::new();
        };
        let counts = &lists.counts;
        let listed = counts.listed_in_words(!everyone.globs.is_empty());
        let mut lines = vec![Line::Entry("listed", listed)];
        let skipped = counts.skipped_in_words();
        lines.extend(skipped.map(|text| Line::Entry("skipped", text)));
        let incomplete = lists.incomplete_in_words();
        lines.extend(incomplete.map(|why| Line::Entry("incomplete", why)));
        lines
    }

    /// Whose members these are, and where each value came from.
    fn settings(&self) -> Vec<Line> {
        let settings = &self.session.settings;
        let profile = settings.profile.as_ref();
        let profile = profile.map_or_else(
            || "none: settings from flags and environment".to_owned(),
            |profile| format!("{} ({})", profile.name(), profile.chosen_by()),
        );
        let with_source = |label, value: &dyn Display, source: &Source| {
            Line::Entry(label, format!("{value} ({})", place(source)))
        };
        let (sdkappid, identifier) = (&settings.sdkappid, &settings.identifier);
        let (endpoint, credential) = (&settings.destination.endpoint, &settings.credential);
        let region = settings.destination.region;
        let region = region.map(|region| Line::Entry("region", region.name().to_owned()));
        let described = credential.value.describe();
        let mut lines = vec![
            Line::Entry("profile", profile),
            with_source("SDKAppID", &sdkappid.value, &sdkappid.source),
            with_source("endpoint", &endpoint.value, &endpoint.source),
        ];
        lines.extend(region);
        lines.push(with_source(
            "identifier",
            &identifier.value,
            &identifier.source,
        ));
        lines.push(with_source("credential", &described, &credential.source));
        lines
    }

    fn action(&self) -> String {
        let name = self.options.call.action().name();
        let length = self.options.ban_length.as_deref();
        length.map_or_else(|| name.to_owned(), |length| format!("{name} for {length}"))
    }

    /// The reasons; an unban has none. Long ones and those after the first few are
    /// cut.
    fn reasons(&self, detail: Detail) -> Vec<Line> {
        // Half a key would not be recognised.
        let shown = |reason: &str| cut(&scrub(reason), detail.reason);
        let reasons = self.selection.plan.reasons_in_order();
        if let [(reason, _)] = reasons[..] {
            return vec![Line::Entry("reason", shown(reason))];
        }
        if reasons.is_empty() {
            return Vec::new();
        }
        let item = |(reason, members): &(&str, usize)| {
            let members = counted(*members, "member");
            Line::Item(format!("{} ({members})", shown(reason)))
        };
        let count = Line::Entry("reasons", grouped(reasons.len()));
        let items = reasons.iter().take(detail.reasons).map(item);
        let more = more(reasons.len(), detail.reasons, "reason", "reasons").map(Line::Item);
        [count].into_iter().chain(items).chain(more).collect()
    }

    /// Each room with its first members, or with all of them.
    fn rooms(&self, detail: Detail) -> Vec<Line> {
        let rooms = detail.rooms;
        let all = self.selection.plan.rooms_in_order(detail.members);
        let mut lines = Vec::new();
        for room in all.iter().take(rooms) {
            let count = counted(room.members, "member");
            let found = self.presence.map(|rooms| rooms.room_in_words(room.room));
            let head = format!(
                "{} ({count}{}):",
                quoted(room.room),
                found.unwrap_or_default()
            );
            let names = room.first.iter().map(|name| {
                let absent = self
                    .presence
                    .filter(|rooms| rooms.is_absent(room.room, name));
                quoted(name) + absent.map_or("", |_| " (absent)")
            });
            if detail.is_verbose {
                lines.push(Line::Item(head));
                lines.extend(names.map(Line::Member));
            } else {
                let names: Vec<String> = names.collect();
                let rest = room.members - names.len();
                let rest = if rest > 0 {
                    format!(" and {} more", grouped(rest))
                } else {
                    String::new()
                };
                lines.push(Line::Item(format!("{head} {}{rest}", names.join(", "))));
            }
        }
        let more = more(all.len(), rooms, "room", "rooms");
        lines.extend(more.map(|more| Line::Item(format!("{more}; --dry-run shows all"))));
        lines
    }

    /// The same for programs, with the first rooms and members only.
    pub(super) fn json(&self, is_rehearsal: bool) -> Value {
        let settings = &self.session.settings;
        let room = |room: &RoomMembers<'_>| json!({ "RoomId": room.room, "Members": room.members, "First": room.first });
        let rooms = self.selection.plan.rooms_in_order(MEMBERS_SHOWN);
        let reasons = self.selection.plan.reasons_in_order();
        let lists = self.selection.member_lists.as_ref();
        let skipped_on_lists = lists.map_or(0, |lists| lists.counts.skipped());
        let reason =
            |(reason, members): &(&str, usize)| json!({ "Reason": reason, "Members": members });
        json!({
            "Rehearsal": is_rehearsal,
            "Profile": settings.profile.as_ref().map(Profile::name),
            "SDKAppID": settings.sdkappid.value,
            "Endpoint": settings.destination.endpoint.value.to_string(),
            "Region": settings.destination.region.map(Region::name),
            "Identifier": settings.identifier.value.to_string(),
            "Action": self.options.call.action().name(),
            "For": self.options.ban_length,
            "Reasons": reasons.iter().take(REASONS_SHOWN).map(reason).collect::<Vec<_>>(),
            "Rooms": rooms.iter().take(ROOMS_SHOWN).map(room).collect::<Vec<_>>(),
            "Skipped": self.selection.skipped_rows() + skipped_on_lists,
            "Counts": self.counts(),
        })
    }
}

/// Lines of a question that a terminal shows at once: one of 24 lines, or a higher one.
fn question_lines() -> usize {
    let rows = tcgetwinsize(io::stderr()).map_or(0, |size| size.ws_row);
    usize::from(rows.max(24)) - 2
}

/// One line of the view.
enum Line {
    Entry(&'static str, String),
    /// Below an entry.
    Item(String),
    /// Below a room.
    Member(String),
}

#[cfg(test)]
#[path = "plan_view_tests.rs"]
mod tests;
