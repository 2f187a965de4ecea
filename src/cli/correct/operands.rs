//! Operands of commands that take none: the flags that they were meant for.

use std::path::Path;

use clap::Arg;

use super::meant::{did_you_mean, shell_line};
use super::{Reader, Word};
use crate::cli::dashes::flags_of;
use crate::clock::parse_duration;
use crate::error::Problem;
use crate::file_name::shell_quoted;
use crate::job::input::Format;
use crate::secret::excerpt;

/// A word that is neither a flag nor a value.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) index: usize,
    pub(super) text: String,
}

impl Reader<'_> {
    /// Puts flags before the operands that the command does not take.
    pub(super) fn correct_operands(&mut self) {
        let taken = self.command.get_positionals().map(|operand| {
            let number = operand.get_num_args();
            number.map_or(1, |number| number.max_values())
        });
        let taken = taken.fold(0_usize, usize::saturating_add);
        let operands = std::mem::take(&mut self.operands);
        let Some(operands) = operands.get(taken..).filter(|more| !more.is_empty()) else {
            return;
        };
        let rest = self.join_reason(operands.to_vec());
        if rest.is_empty() {
            return;
        }
        let flags = self.flags_for(&rest);
        self.line.problems.push(self.problem_of(&rest, &flags));
        if flags.len() < rest.len() {
            self.line.is_whole = false;
        }
        for (at, operand) in rest.iter().enumerate() {
            self.corrected[operand.index] = match flags.get(at) {
                Some(flag) => with_flag(flag, &operand.text)
                    .into_iter()
                    .map(Word::new)
                    .collect(),
                None => Vec::new(),
            };
        }
    }

    /// How to read the file of `roomctl journal FILE` and `roomctl show FILE`.
    pub(super) fn hint_of_record(&self, word: &str) -> Option<String> {
        let next = self.typed.get(self.at).map(|next| next.to_string_lossy());
        let (file, command) = match (self.line.name.as_str(), word, next) {
            ("roomctl journal", file, _) => (file.to_owned(), "show"),
            ("roomctl", "show" | "cat" | "view", Some(next)) => (next.into_owned(), "show"),
            ("roomctl", "summary", Some(next)) => (next.into_owned(), "summary"),
            _ => return None,
        };
        let is_file = Path::new(&file).is_file();
        is_file.then(|| {
            did_you_mean(format_args!(
                "roomctl journal {command} {}",
                shell_quoted(&file)
            ))
        })
    }

    fn problem_of(&self, operands: &[Operand], flags: &[&str]) -> Problem {
        let shown = |operand: &Operand| format!("'{}'", excerpt(&operand.text));
        let names: Vec<String> = operands.iter().map(shown).collect();
        let message = match names.split_last() {
            Some((last, [])) => format!("unexpected operand {last}"),
            Some((last, others)) => {
                format!("unexpected operands {} and {last}", others.join(", "))
            }
            None => String::new(),
        };
        let pairs = flags.iter().zip(operands);
        let words = pairs.flat_map(|(flag, operand)| with_flag(flag, &excerpt(&operand.text)));
        let hint = match shell_line(words) {
            Some(line) if flags.len() == operands.len() => did_you_mean(line),
            _ if operands[0].text == "help" => format!("did you mean {} --help?", self.line.name),
            _ => format!("{} --help", self.line.name),
        };
        Problem::usage(message, hint)
    }

    /// The flag for each operand, as far as one can be guessed.
    fn flags_for(&self, operands: &[Operand]) -> Vec<&'static str> {
        if operands[0].text == "help" {
            return Vec::new();
        }
        match self.line.name.as_str() {
            "roomctl kick" | "roomctl ban" | "roomctl unban" => self.flags_for_members(operands),
            "roomctl members" | "roomctl bans" | "roomctl info" => vec!["--room"],
            "roomctl doctor" if !self.is_given("profile") => vec!["--profile"],
            _ => Vec::new(),
        }
    }

    /// `ROOM USER… REASON`, files and the length of a ban.
    fn flags_for_members(&self, operands: &[Operand]) -> Vec<&'static str> {
        let is_ban = self.line.name == "roomctl ban";
        let takes_reason = self.line.name != "roomctl unban";
        // The members come from the service.
        let is_everyone = self.is_given("all") || self.is_given("match");
        let mut needs_length = is_ban && !self.is_given("for");
        let mut flags: Vec<&str> = Vec::new();
        for operand in operands {
            let text = operand.text.as_str();
            flags.push(if is_list(text) {
                "--from"
            } else if needs_length && parse_duration(text).is_some() {
                needs_length = false;
                "--for"
            } else if is_everyone {
                "--room"
            } else {
                "--user"
            });
        }
        let names = |flags: &[&str]| -> Vec<usize> {
            let names = flags
                .iter()
                .enumerate()
                .filter(|(_, flag)| **flag == "--user");
            names.map(|(at, _)| at).collect()
        };
        let ids = names(&flags);
        let has_list = flags.contains(&"--from") || self.is_given("from");
        let needs_reason =
            takes_reason && !self.is_given("reason") && !self.is_given("reason-file");
        if let [.., before, last] = ids[..]
            && needs_reason
            && is_reason(&operands[last].text, &operands[before].text, ids.len())
        {
            flags[last] = "--reason";
        }
        let ids = names(&flags);
        let has_members = has_list || self.is_given("user") || ids.len() > 1;
        if let (Some(first), true, false) = (ids.first(), has_members, self.is_given("room")) {
            flags[*first] = "--room";
        }
        flags
    }

    /// The words after the value of `--reason`, which belong to it if they are not
    /// names. Returns the other operands.
    fn join_reason(&mut self, operands: Vec<Operand>) -> Vec<Operand> {
        let of_reason = |words: &Vec<Word>| {
            let flag = &words.first()?.shown;
            let is_flag = *flag == "-m" || *flag == "--reason" || flag.starts_with("--reason=");
            is_flag.then_some(())
        };
        let Some(at) = self
            .corrected
            .iter()
            .position(|words| of_reason(words).is_some())
        else {
            return operands;
        };
        let (mut next, mut words, mut rest) = (at + 1, Vec::new(), Vec::new());
        for operand in operands {
            if operand.index == next {
                next += 1;
                words.push(operand);
            } else {
                rest.push(operand);
            }
        }
        let is_member =
            matches!(&words[..], [only] if looks_like_id(&only.text) && !self.is_given("user"));
        if words.is_empty() || is_member {
            rest.extend(words);
            rest.sort_by_key(|operand| operand.index);
            return rest;
        }
        let first = self.corrected[at].last().map(|word| word.shown.clone());
        let first = first.unwrap_or_default();
        let first = first.strip_prefix("--reason=").unwrap_or(&first).to_owned();
        let texts = words.iter().map(|operand| operand.text.clone());
        let reason: Vec<String> = std::iter::once(first).chain(texts).collect();
        let reason = reason.join(" ");
        let names: Vec<String> = words.iter().map(|word| excerpt(&word.text)).collect();
        let flag = shell_line(["--reason".to_owned(), excerpt(&reason)]);
        let hint = format!("put the reason in quotes: {}", flag.unwrap_or_default());
        let message = format!("unexpected words after the reason: '{}'", names.join(" "));
        self.line.problems.push(Problem::usage(message, hint));
        for word in words {
            self.corrected[word.index] = Vec::new();
        }
        self.corrected[at] = vec![Word::new("--reason"), Word::new(reason)];
        rest
    }

    /// Whether a flag stands in the line.
    fn is_given(&self, name: &str) -> bool {
        let first = self.corrected.iter().filter_map(|words| words.first());
        let mut flags = first.flat_map(|word| flags_of(&word.shown, self.command));
        flags.any(|flag: &Arg| flag.get_long() == Some(name))
    }
}

/// The flag and its value. In two words, one that begins with a dash is a flag.
fn with_flag(flag: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') {
        return vec![format!("{flag}={value}")];
    }
    vec![flag.to_owned(), value.to_owned()]
}

/// Whether the operand is the name of a list, also if there is no such file.
fn is_list(text: &str) -> bool {
    let is_name = Format::from_path(Path::new(text)).is_some();
    text == "-" || is_name || text.contains('/') || Path::new(text).is_file()
}

/// Whether the last of the operands is a text rather than a name. Names in one line
/// are spelled alike.
fn is_reason(last: &str, before: &str, operands: usize) -> bool {
    let is_text = last.contains(char::is_whitespace) || !last.is_ascii();
    let is_word = last.bytes().all(|byte| byte.is_ascii_lowercase());
    is_text || (operands > 2 && is_word && looks_like_id(before))
}

/// Words of a sentence have no digits and no underscores.
fn looks_like_id(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit() || c == '_') || is_list(text)
}
