//! A page of the manual on a terminal: formatted by `man`, `mandoc` or here, and
//! shown by the pager of the user. Nothing of this need be installed: [`render`]
//! understands the few requests that the pages of roomctl consist of.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anstream::adapter::strip_str;

use crate::commands::Context;
use crate::config::Env;
use crate::error::Error;
use crate::interrupt;
use crate::output::filled;

/// Wider lines are hard to read.
const MAX_COLUMNS: usize = 100;

/// Pagers that are tried where the user names none.
const USUAL_PAGERS: [&str; 2] = ["less -R", "more"];

/// What a shell ends with if it cannot run a program.
const NOT_RUN: [i32; 2] = [126, 127];

/// Shows the page on a terminal of so many columns.
pub(super) fn show(source: &str, columns: usize, context: &Context) -> Result<(), Error> {
    let columns = columns.min(MAX_COLUMNS);
    let page = by_man(source, columns, &context.env)
        .or_else(|| by_mandoc(source, columns))
        .unwrap_or_else(|| render(source, columns));
    for pager in pagers(&context.env) {
        // Bold is written as a letter over itself, which other programs print as it is.
        let text = if knows_overstrike(&pager) {
            page.clone()
        } else {
            without_overstrike(&page)
        };
        if run(&pager, &text) {
            return Ok(());
        }
    }
    context.print(&without_overstrike(&page))
}

/// The user's pager, else the usual ones. A terminal that cannot draw has none.
fn pagers(env: &Env) -> Vec<String> {
    let own = ["MANPAGER", "PAGER"].into_iter();
    let own = own.filter_map(|name| Some(env.get_os(name)?.to_str()?.to_owned()));
    let usual = USUAL_PAGERS.iter().map(ToString::to_string);
    let usual = usual.filter(|_| env.can_draw());
    own.chain(usual).collect()
}

/// Runs the pager and waits for it. Returns false if it could not be run. Its exit
/// code does not count, because it has shown the page.
fn run(pager: &str, text: &str) -> bool {
    // An interrupt is for the pager, which uses the terminal.
    interrupt::ignore_interrupts();
    let started = Command::new("/bin/sh")
        .args(["-c", pager])
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else { return false };
    if let Some(mut input) = child.stdin.take() {
        // A pager that ends early is not an error.
        let _ = input.write_all(text.as_bytes());
    }
    let status = child.wait().ok().and_then(|status| status.code());
    !status.is_some_and(|code| NOT_RUN.contains(&code))
}

fn knows_overstrike(pager: &str) -> bool {
    let program = pager.split_whitespace().next().unwrap_or_default();
    let name = Path::new(program).file_name().unwrap_or_default();
    ["less", "more", "most"].iter().any(|known| name == *known)
}

/// By the program `man` of Linux. Elsewhere it has no `-l`, and a minimal
/// distribution has a program of that name that only prints that it is missing.
fn by_man(source: &str, columns: usize, env: &Env) -> Option<String> {
    let mut man = Command::new("man");
    man.args(["-l", "-"]).env("MAN_KEEP_FORMATTING", "1");
    if env.get_os("MANWIDTH").is_none() {
        man.env("MANWIDTH", columns.to_string());
    }
    formatted(man, source)
}

fn by_mandoc(source: &str, columns: usize) -> Option<String> {
    let mut mandoc = Command::new("mandoc");
    mandoc.args(["-T", "locale", "-O", &format!("width={columns}")]);
    formatted(mandoc, source)
}

/// What the formatter prints, if that is a page.
fn formatted(mut formatter: Command, source: &str) -> Option<String> {
    let formatter = formatter.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = formatter.stderr(Stdio::null()).spawn().ok()?;
    let (mut input, source) = (child.stdin.take()?, source.to_owned());
    // It may print before it has read all.
    let writer = thread::spawn(move || input.write_all(source.as_bytes()));
    let output = child.wait_with_output().ok()?;
    let _ = writer.join();
    let page = String::from_utf8(output.stdout).ok()?;
    let is_page = output.status.success() && without_overstrike(&page).contains("\nNAME\n");
    is_page.then_some(page)
}

/// Without bold and underlined text: a letter, a backspace, a letter.
fn without_overstrike(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    for c in page.chars() {
        if c == '\u{8}' {
            text.pop();
        } else {
            text.push(c);
        }
    }
    strip_str(&text).to_string()
}

/// Indentation of the text of a section.
const BODY: usize = 7;

/// Indentation of lines that keep their line breaks.
const VERBATIM: usize = 2;

/// Further indentation of the text below a tag.
const HANGING: usize = 7;

/// The page in lines of at most so many columns.
fn render(source: &str, columns: usize) -> String {
    let mut page = PlainPage {
        text: String::new(),
        paragraph: String::new(),
        tag: None,
        next_is_tag: false,
        is_filled: true,
        columns,
    };
    for line in source.lines() {
        match line.strip_prefix('.') {
            Some(request) => page.request(request),
            None => page.words(&plain(line)),
        }
    }
    page.end_paragraph();
    page.text
}

struct PlainPage {
    text: String,
    /// The words of the current paragraph.
    paragraph: String,
    /// The flag, the key or the code that the paragraph is about.
    tag: Option<String>,
    next_is_tag: bool,
    is_filled: bool,
    columns: usize,
}

impl PlainPage {
    fn request(&mut self, request: &str) {
        let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
        let rest = plain(rest.trim_matches('"'));
        match name {
            "TH" => {
                let mut words = rest.split(' ');
                let mut word = || words.next().unwrap_or_default();
                self.text = format!("{}({})\n", word(), word());
            }
            "SH" | "SS" => {
                self.end_paragraph();
                self.tag = None;
                let indent = if name == "SH" { "" } else { "   " };
                self.text.extend(["\n", indent, &rest, "\n"]);
            }
            "PP" => {
                self.end_paragraph();
                self.blank_line();
                self.tag = None;
            }
            "TP" => {
                self.end_paragraph();
                self.blank_line();
                self.tag = None;
                self.next_is_tag = true;
            }
            "nf" => {
                self.end_paragraph();
                self.is_filled = false;
            }
            "fi" => self.is_filled = true,
            // Fonts of the formatter, hyphenation, adjustment.
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if std::mem::take(&mut self.next_is_tag) {
            self.tag = Some(words.to_owned());
            self.text.push_str(&indented(BODY, words));
        } else if self.is_filled {
            if !self.paragraph.is_empty() {
                self.paragraph.push(' ');
            }
            self.paragraph += words;
        } else {
            self.text.push_str(&indented(VERBATIM, words));
        }
    }

    fn end_paragraph(&mut self) {
        let words = std::mem::take(&mut self.paragraph);
        if words.is_empty() {
            return;
        }
        let indent = BODY + self.tag.as_ref().map_or(0, |_| HANGING);
        let filled = filled(&words, self.columns, indent, indent);
        self.text.push_str(&indented(indent, &filled));
    }

    /// Not below a heading.
    fn blank_line(&mut self) {
        let last = self.text.lines().last().unwrap_or_default();
        if last.starts_with("       ") {
            self.text.push('\n');
        }
    }
}

fn indented(indent: usize, words: &str) -> String {
    format!("{:indent$}{words}", "").trim_end().to_owned() + "\n"
}

/// Without fonts and escapes.
fn plain(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, escape)) = rest.split_once('\\') {
        text += before;
        let skip = |count: usize| escape.get(count..).unwrap_or_default();
        let (shown, after) = match escape.chars().next() {
            Some('f') => ("", skip(2)),
            Some('&') => ("", skip(1)),
            Some('-') => ("-", skip(1)),
            Some('e' | '\\') => ("\\", skip(1)),
            Some('*' | '(') if escape.trim_start_matches(['*', '(']).starts_with("Aq") => {
                ("'", escape.split_once("Aq").map_or("", |(_, after)| after))
            }
            _ => ("", escape),
        };
        text += shown;
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overstruck_letters_are_letters() {
        let page = "N\u{8}NA\u{8}A _\u{8}x +\u{8}+\u{8}o";
        assert_eq!(without_overstrike(page), "NA x o");
        assert_eq!(without_overstrike("\u{1b}[1mNAME\u{1b}[0m"), "NAME");
    }

    #[test]
    fn the_users_pager_goes_first() {
        let of = |pairs: &[(&str, &str)]| pagers(&Env::from_pairs(pairs.iter().copied()));
        assert_eq!(of(&[("PAGER", "b"), ("MANPAGER", "a")]), ["a", "b"]);
        assert_eq!(
            of(&[("PAGER", "b"), ("TERM", "xterm")]),
            ["b", "less -R", "more"]
        );
        assert!(of(&[("TERM", "dumb")]).is_empty());
    }

    #[test]
    fn a_program_that_does_not_exist_formats_nothing() {
        assert_eq!(formatted(Command::new("/nowhere/man"), "x"), None);
        assert_eq!(formatted(Command::new("cat"), "no page"), None);
        assert!(!run("/nowhere/pager", "x"));
        assert!(run("true", &"x".repeat(1_000_000)));
    }
}

#[cfg(test)]
mod plain_tests {
    use super::*;

    #[test]
    fn a_page_is_readable_without_a_formatter() {
        let source = ".ie \\n(.g .ds Aq \\(aq\n.TH ROOMCTL-X 1\n.nh\n.SH NAME\nroomctl\\-x \\- it\\*(Aqs\n.SH OPTIONS\n.TP\n\\fB\\-\\-flag\\fR \\fI<N>\\fR\nwords of a flag that are\nfilled again\n.PP\nmore\n.nf\na \\e\n  b\n.fi\n";
        assert_eq!(
            render(source, 30),
            "ROOMCTL-X(1)\n\nNAME\n       roomctl-x - it's\n\nOPTIONS\n       --flag <N>\n              words of a flag\n              that are filled\n              again\n\n       more\n  a \\\n    b\n"
        );
    }
}
