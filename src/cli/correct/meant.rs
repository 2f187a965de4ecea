//! What an unknown flag probably means: a typing error, another program's flag, or a
//! flag of another command. Also the words that the parser took otherwise, and the
//! words of the corrected line, in which secrets have placeholders.

use std::ffi::OsString;

use clap::{Arg, Command};

use super::Reader;
use crate::cli::dashes::{awaiting_value, flags_of, is_quoted, long, short, takes_value};
use crate::cli::other_programs::{self, Replacement};
use crate::commands::not_accepted;
use crate::config::nearest;
use crate::config::table::is_secret_flag;
use crate::error::Problem;
use crate::output::sanitise;
use crate::secret::scrub;

/// What an unknown flag probably means.
pub(super) enum Meant<'a> {
    Flag(&'a Arg),
    Replaced(Replacement),
    /// A flag of a command that comes later in the line.
    OfLaterCommand(&'a Arg, &'a Command),
    Unknown {
        hint: String,
        /// The flag of another command takes a value, so the next word is one.
        takes_value: bool,
    },
}

/// A number with the unit in the name of another program's flag: `--days 3` is `3d`,
/// `--days 1.5` is `36h`. None if it is not a whole number of seconds that the service
/// can count: a rounded time is not the one that was typed.
pub(super) fn with_unit(typed: &str, number: &str) -> Option<String> {
    const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)];
    let (unit, seconds) = match typed.trim_start_matches('-').to_lowercase().as_str() {
        "weeks" => ("w", 7 * 86_400),
        "days" => UNITS[0],
        "hours" => UNITS[1],
        "minutes" | "mins" => UNITS[2],
        "seconds" => UNITS[3],
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = || whole.bytes().chain(part.bytes());
    if part.is_empty() || !digits().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = part.trim_end_matches('0');
    let scale = 10_u64.checked_pow(part.len().try_into().ok()?)?;
    // `.5` has no whole part, `1.0` no other.
    let count = format!("0{whole}{part}").parse::<u64>().ok()?;
    let scaled = count.checked_mul(seconds)?;
    let total = (scaled % scale == 0).then_some(scaled / scale)?;
    if total == 0 || u32::try_from(total).is_err() {
        return None;
    }
    let (unit, length) = if scale == 1 {
        (unit, seconds)
    } else {
        *UNITS.iter().find(|(_, length)| total % length == 0)?
    };
    Some(format!("{}{unit}", total / length))
}

impl<'a> Reader<'a> {
    /// What a long flag means that the command does not know.
    pub(super) fn meant_by(&self, name: &str) -> Meant<'a> {
        let lower = name.to_lowercase().replace('_', "-");
        let lower = lower.trim_end_matches([':', ',']);
        let shown = |arg: &&Arg| !arg.is_hide_set();
        if let Some(arg) = long(lower, self.command).filter(shown) {
            return Meant::Flag(arg);
        }
        let packed = |name: &str| name.replace('-', "");
        let is_same = |arg: &&Arg| {
            let name = arg.get_long().filter(|name| name.contains('-'));
            !arg.is_hide_set() && name.is_some_and(|name| packed(name) == packed(lower))
        };
        if let Some(arg) = self.command.get_arguments().find(is_same) {
            return Meant::Flag(arg);
        }
        match other_programs::flag(lower) {
            Some(Replacement::Flag(replacement)) => self
                .find(replacement)
                .unwrap_or_else(|| self.unknown(replacement)),
            Some(replacement) => Meant::Replaced(replacement),
            None => self.find(lower).unwrap_or_else(|| self.unknown(lower)),
        }
    }

    /// A flag of this command, or of one that follows in the line.
    fn find(&self, name: &str) -> Option<Meant<'a>> {
        let shown = |arg: &&Arg| !arg.is_hide_set();
        if let Some(arg) = long(name, self.command).filter(shown) {
            return Some(Meant::Flag(arg));
        }
        let later = self.later_command()?;
        let arg = long(name, later).filter(shown)?;
        Some(Meant::OfLaterCommand(arg, later))
    }

    pub(super) fn meant_by_letters(&self, letters: &str, letter: char) -> Meant<'a> {
        let swapped = if letter.is_uppercase() {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        };
        if letters.chars().count() > 1 {
            return self.meant_by(letters);
        }
        let replacement = other_programs::letter(letter);
        let later = self.later_command();
        if let Some(arg) = later.and_then(|later| short(letter, later)) {
            return Meant::OfLaterCommand(arg, later.unwrap_or(self.tree));
        }
        match (replacement, short(swapped, self.command)) {
            (Some(Replacement::Flag(replacement)), _) => {
                self.find(replacement).unwrap_or_else(|| self.unknown(""))
            }
            (Some(replacement), _) => Meant::Replaced(replacement),
            (None, Some(arg)) => Meant::Flag(arg),
            (None, None) => self.unknown(""),
        }
    }

    /// The command that the following words enter. Values of flags are skipped.
    fn later_command(&self) -> Option<&'a Command> {
        let mut entered = None;
        let mut command = self.command;
        let mut words = self.typed[self.at..].iter();
        while let Some(word) = words.next() {
            let word = word.to_str().unwrap_or("");
            let flags = flags_of(word, command);
            if awaiting_value(word, &flags).is_some() {
                words.next();
            } else if let Some(below) = command.find_subcommand(word) {
                (entered, command) = (Some(below), below);
            }
        }
        entered
    }

    /// Adds a value with a minus, which the parser reads only after `=`.
    pub(super) fn push_below_0(&mut self, flag: &str, value: &str, words: &mut Vec<Word>) {
        self.at += 1;
        if let Some(word) = words.last_mut() {
            word.checked = Some(format!("{flag}={value}").into());
        }
        words.push(Word::only_shown(value));
    }

    /// Leaves out a flag that nothing can stand for, and the word after it if that may
    /// be its value. What follows does not continue a reason.
    pub(super) fn skip_unknown(&mut self, may_have_value: bool) {
        self.line.is_whole = false;
        self.corrected.push(Vec::new());
        let next = self.typed.get(self.at).map(|next| next.to_string_lossy());
        let is_command = |next: &str| self.command.find_subcommand(next).is_some();
        let is_value = next.is_some_and(|next| !next.starts_with('-') && !is_command(&next));
        self.at += usize::from(may_have_value && is_value);
    }

    /// The problem of a flag that the command does not know.
    pub(super) fn unknown_flag(&self, message: String, typed: &str, meant: &Meant<'a>) -> Problem {
        match meant {
            Meant::Flag(arg) => Problem::usage(message, secret_advice(arg, typed)),
            Meant::Replaced(Replacement::Words(words)) => {
                Problem::usage(message, did_you_mean(words.join(" ")))
            }
            Meant::Replaced(Replacement::Answer(answer)) => Problem::usage(message, *answer),
            Meant::Replaced(Replacement::Flag(flag)) => Problem::usage(message, did_you_mean(flag)),
            Meant::OfLaterCommand(_, command) => {
                let hint = format!("write {typed} after {}", command.get_name());
                Problem::usage(message, hint)
            }
            Meant::Unknown { hint, .. } if self.is_common(typed) => {
                not_accepted(&self.line.name, typed, hint.clone())
            }
            Meant::Unknown { hint, .. } => Problem::usage(message, hint.clone()),
        }
    }

    /// A typing error, a flag of other commands, or nothing that is known.
    fn unknown(&self, name: &str) -> Meant<'a> {
        let flag = format!("--{name}");
        let command = self.later_command().unwrap_or(self.command);
        let shown = |command: &'a Command| {
            let arguments = command.get_arguments().filter(|arg| !arg.is_hide_set());
            arguments.filter_map(Arg::get_long)
        };
        let near =
            |command: &'a Command| nearest(name, shown(command)).filter(|_| !name.is_empty());
        let mut owners = Vec::new();
        owners_of(self.tree, name, &mut owners);
        // `journal summary` is nearer to `journal show` than to `kick`.
        if let Some((group, _)) = self
            .line
            .name
            .rsplit_once(' ')
            .filter(|(group, _)| group.contains(' '))
        {
            let is_near = |(owner, _): &(&str, &Arg)| owner.starts_with(&format!("{group} "));
            if owners.iter().any(is_near) {
                owners.retain(is_near);
            }
        }
        let is_common = long(name, self.tree).is_some();
        if is_common {
            let has_value = long(name, self.tree).is_some_and(takes_value);
            return Meant::Unknown {
                hint: format!("remove {flag}"),
                takes_value: has_value,
            };
        }
        if let [(first, arg), rest @ ..] = &owners[..] {
            let mut hint = match rest {
                [] => format!("{first} has {flag}"),
                [(second, _), ..] => format!("{first} and {second} have {flag}"),
            };
            // A plural, as --rooms of --room.
            if let Some(near) = near(self.command).filter(|near| name.starts_with(near)) {
                hint = format!("{hint}\n{}", did_you_mean(format_args!("--{near}")));
            }
            return Meant::Unknown {
                hint,
                takes_value: takes_value(arg),
            };
        }
        let find = |near| long(near, self.command).map(Meant::Flag);
        let is_here = near(self.command).and_then(find);
        let of_later = || near(command).and_then(|near| self.find(near));
        is_here.or_else(of_later).unwrap_or_else(|| Meant::Unknown {
            hint: self.help_of(command),
            // The word after it is its value, and no member.
            takes_value: true,
        })
    }

    /// `roomctl kick --help`
    fn help_of(&self, command: &Command) -> String {
        match command.get_bin_name() {
            Some(name) => format!("{name} --help"),
            None => format!("{} --help", self.line.name),
        }
    }
}

/// The commands that show this flag, by their full names.
fn owners_of<'a>(command: &'a Command, name: &str, owners: &mut Vec<(&'a str, &'a Arg)>) {
    let arg = long(name, command).filter(|arg| !arg.is_hide_set());
    owners.extend(command.get_bin_name().zip(arg));
    for below in command.get_subcommands() {
        owners_of(below, name, owners);
    }
}

/// Whether the parser accepted a word that was meant otherwise: `-room x`, which
/// means `-r oom`, or a value in typographic quotes.
pub(in crate::cli) fn is_misread(tree: &Command, argv: &[OsString]) -> bool {
    let mut command = tree;
    let mut words = argv.iter().skip(1).map(|word| word.to_str().unwrap_or(""));
    while let Some(word) = words.next() {
        if word == "--" {
            return false;
        }
        let flags = flags_of(word, command);
        if flags.is_empty() {
            command = command.find_subcommand(word).unwrap_or(command);
        }
        if long_with_one_dash(word, command).is_some() {
            return true;
        }
        let inline = word.split_once('=').map(|(_, value)| value);
        let next = awaiting_value(word, &flags).and_then(|_| words.next());
        let is_name = |flag: &&&Arg| flag.get_long() != Some("reason");
        let value = flags.last().filter(is_name).and(inline.or(next));
        if value.is_some_and(is_quoted) {
            return true;
        }
    }
    false
}

/// The long flag that was meant by `-room` or `-room=x`. Shorter words may be several
/// flags of one letter.
pub(super) fn long_with_one_dash<'a>(word: &str, command: &'a Command) -> Option<&'a Arg> {
    let name = word.strip_prefix('-')?.split('=').next()?;
    let is_long = name.len() > 2 && !name.starts_with('-');
    long(name, command).filter(|_| is_long)
}

/// Longer lines are not repeated: the shell's history has them.
const MAX_LINE: usize = 400;

/// A word of the corrected line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Word {
    /// For the checks. A missing value has an example in its place. None where the
    /// word would change how the problems are printed.
    pub(in crate::cli) checked: Option<OsString>,
    /// For the hint. A secret or a missing value has a placeholder in its place.
    pub(in crate::cli) shown: String,
}

impl Word {
    pub(super) fn new(text: impl Into<OsString>) -> Self {
        let text = text.into();
        let shown = text.to_string_lossy().into_owned();
        Self {
            checked: Some(text),
            shown,
        }
    }

    pub(super) fn only_shown(shown: impl Into<String>) -> Self {
        Self {
            checked: None,
            shown: shown.into(),
        }
    }
}

pub(super) fn value_word(arg: &Arg, value: OsString) -> Word {
    let shown = if is_secret(arg) {
        value_name(arg).to_owned()
    } else {
        value.to_string_lossy().into_owned()
    };
    Word {
        checked: Some(value),
        shown,
    }
}

pub(super) fn value_name(arg: &Arg) -> &str {
    let names = arg.get_value_names().unwrap_or_default();
    names.first().map_or("VALUE", |name| name.as_str())
}

/// A value in the place of a missing one, where a line without the flag would have
/// another problem: nobody to kick, no room, no reason.
pub(super) fn stand_in(arg: &Arg) -> Option<&'static str> {
    Some(match (arg.get_long()?, value_name(arg)) {
        ("room", "ROOM") => "ROOM",
        ("user", "USER") => "USER",
        ("match", _) => "GLOB",
        ("reason", _) => "TEXT",
        ("for", _) => "60s",
        ("journal", _) => "FILE",
        // Standard input, which is not read for a check.
        ("from", _) => "-",
        _ => return None,
    })
}

/// The letters before the last one: `-n` of `-nr`. None if there are none.
pub(super) fn switches_before(flag: &str) -> Option<&str> {
    let letters = flag
        .strip_prefix('-')
        .filter(|flag| !flag.starts_with('-'))?;
    let (last, _) = letters.char_indices().next_back()?;
    (last > 0).then(|| &flag[..=last])
}

/// The flag as it is typed.
pub(super) fn flag_of(arg: &Arg) -> String {
    match (arg.get_long(), arg.get_short()) {
        (Some(name), _) => format!("--{name}"),
        (None, letter) => format!("-{}", letter.unwrap_or('-')),
    }
}

pub(super) fn is_secret(arg: &Arg) -> bool {
    is_secret_flag(&flag_of(arg))
}

/// Whether the flag itself was meant, with a typing error.
pub(super) fn is_near(arg: &Arg, typed: &str) -> bool {
    nearest(typed, [flag_of(arg).as_str()]).is_some()
}

/// A key on the command line is visible to other users.
pub(super) fn secret_advice(arg: &Arg, typed: &str) -> String {
    let flag = flag_of(arg);
    if is_secret(arg) && !is_near(arg, typed) {
        format!("did you mean {flag}-file FILE? With {flag} other users see the value")
    } else {
        did_you_mean(flag)
    }
}

pub(super) fn did_you_mean(nearest: impl std::fmt::Display) -> String {
    format!("did you mean {nearest}?")
}

/// The words as a shell reads them. None if the line is too long to be read, or would
/// be shown otherwise than it must be typed.
pub(in crate::cli) fn shell_line(words: impl IntoIterator<Item = String>) -> Option<String> {
    let words: Vec<String> = words.into_iter().collect();
    let words: Option<Vec<String>> = words.iter().map(|word| shell_word(word)).collect();
    let line = words?.join(" ");
    let is_readable = line.len() <= MAX_LINE && scrub(&line) == line && sanitise(&line) == line;
    is_readable.then_some(line)
}

/// The word in quotes where a shell needs them; of `--flag=value` only the value.
fn shell_word(word: &str) -> Option<String> {
    let (flag, value) = match word.split_once('=') {
        Some((flag, value)) if flag.starts_with("--") => (format!("{flag}="), value),
        _ => (String::new(), word),
    };
    let value = shlex::try_quote(value).ok()?;
    Some(format!("{flag}{value}"))
}
