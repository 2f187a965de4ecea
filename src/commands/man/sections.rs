//! What a page says beside the parser's facts: the paragraphs and examples of
//! the help, exit codes, variables, files, and where to read on.

use clap::Command;
use clap_mangen::roff::{Roff, bold, italic, roman};

use crate::commands::help::environment::OTHERS;
use crate::config;
use crate::exit::Exit;

/// `roomctl-profile-add`
pub(super) fn dashed(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    name.replace(' ', "-")
}

/// The text below a command's flags, taken apart.
#[derive(Debug, Default)]
pub(super) struct Prose {
    paragraphs: Vec<String>,
    examples: Vec<String>,
}

impl Prose {
    /// Paragraphs are parted by blank lines. That of the exit codes is left
    /// out: the page has the whole table.
    pub(super) fn of(command: &Command) -> Self {
        let text = command.get_after_long_help().or(command.get_after_help());
        let text = text.map(ToString::to_string).unwrap_or_default();
        let mut prose = Self::default();
        for paragraph in text.split("\n\n") {
            match paragraph.strip_prefix("Examples:") {
                Some(lines) => prose
                    .examples
                    .extend(lines.trim_matches('\n').lines().map(str::to_owned)),
                None if paragraph.starts_with("Exit codes:") || paragraph.is_empty() => {}
                None => prose.paragraphs.push(paragraph.to_owned()),
            }
        }
        prose
    }

    /// For the end of DESCRIPTION. What is indented is a table of ours and
    /// stays as it is.
    pub(super) fn paragraphs(&self) -> String {
        let mut roff = Roff::new();
        for paragraph in &self.paragraphs {
            roff.control("PP", []);
            if paragraph.starts_with("  ") {
                verbatim(&mut roff, paragraph.lines());
            } else {
                roff.text([roman(paragraph.replace('\n', " "))]);
            }
        }
        roff.to_roff()
    }

    /// EXAMPLES.
    pub(super) fn examples(&self) -> String {
        let mut roff = Roff::new();
        if !self.examples.is_empty() {
            roff.control("SH", ["EXAMPLES"]);
            verbatim(&mut roff, self.examples.iter().map(String::as_str));
        }
        roff.to_roff()
    }
}

/// Lines that are not filled.
pub(super) fn verbatim<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line.trim_end())]);
    }
    roff.control("fi", []);
}

/// EXIT STATUS: the one table.
pub(super) fn exit_status() -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]);
        roff.text([roman(exit.meaning())]);
    }
    roff.control("PP", []);
    let rule = "When several hold, the first of 7, 129/130/143, 4, 5, 6, 1 wins. \
                A code that is not in this table is a failure.";
    roff.text([roman(rule)]);
    roff.to_roff()
}

/// ENVIRONMENT: the variables that the command heeds; on roomctl's own page, all.
pub(super) fn environment(command: &Command) -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    let is_whole = command.get_name() == "roomctl";
    for (variable, flag, key) in config::variables() {
        if has(command, flag) || is_whole {
            let key = key.map_or(String::new(), |key| format!(", profile key {key}"));
            roff.control("TP", []);
            roff.text([bold(variable)]);
            roff.text([roman("as "), bold(flag), roman(key)]);
        }
    }
    for (names, what, flag) in OTHERS {
        if flag.is_some_and(|flag| has(command, flag)) || is_whole {
            roff.control("TP", []);
            roff.text([bold(names)]);
            roff.text([roman(what)]);
        }
    }
    roff.to_roff()
}

/// FILES, where the command reads one.
pub(super) fn files(command: &Command) -> String {
    if !has(command, "--config") {
        return String::new();
    }
    let mut roff = Roff::new();
    roff.control("SH", ["FILES"]);
    roff.control("TP", []);
    roff.text([italic("$XDG_CONFIG_HOME/roomctl/config.toml")]);
    let what = "profiles, see roomctl.toml(5); without XDG_CONFIG_HOME below ~/.config";
    roff.text([roman(what)]);
    roff.to_roff()
}

fn has(command: &Command, flag: &str) -> bool {
    let name = flag.trim_start_matches('-');
    let mut shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.any(|arg| arg.get_long() == Some(name))
}

/// SEE ALSO: the pages above, beside and below, and that of the file.
pub(super) fn see_also(command: &Command, tree: &Command) -> String {
    let name = dashed(command);
    let mut pages: Vec<String> = Vec::new();
    let mut all = Vec::new();
    names(tree, &mut all);
    for page in &all {
        let parent = |name: &str| name.rsplit_once('-').map(|(parent, _)| parent.to_owned());
        let is_near = parent(page) == Some(name.clone())
            || parent(&name).as_ref() == Some(page)
            || (parent(page) == parent(&name) && *page != name);
        if is_near {
            pages.push(format!("{page}(1)"));
        }
    }
    pages.push("roomctl.toml(5)".into());
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    let last = pages.len() - 1;
    for (at, page) in pages.iter().enumerate() {
        let (name, section) = page.split_at(page.len() - 3);
        let comma = if at == last { "" } else { "," };
        roff.text([bold(name), roman(format!("{section}{comma}"))]);
    }
    roff.to_roff()
}

fn names(command: &Command, all: &mut Vec<String>) {
    all.push(dashed(command));
    for below in command.get_subcommands() {
        names(below, all);
    }
}
