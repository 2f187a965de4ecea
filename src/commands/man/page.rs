//! The manual page of a command. The parser's own facts are rendered by
//! `clap_mangen`. The paragraphs and examples of the help, exit codes,
//! environment variables, files and references to other pages are added here.

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use crate::commands::help::topics::{OTHER_VARIABLES, OUTPUT};
use crate::config;
use crate::exit::Exit;

/// When the manual last changed in substance. Not the day of the build: the
/// same sources make the same pages.
pub(super) const DATE: &str = "2026-11-26";

/// The program and its version, for the footer.
pub(super) const SOURCE: &str = concat!("roomctl ", env!("CARGO_PKG_VERSION"));

/// One page of the manual.
#[derive(Debug)]
pub(super) struct Page {
    /// The name of its file: `roomctl-kick.1`.
    pub(super) file: String,
    /// Its source, for a formatter like `man`.
    pub(super) text: String,
}

impl Page {
    /// What users call it: `kick`, `profile-add`, `roomctl.toml`; `roomctl` is the
    /// program's own.
    pub(super) fn name(&self) -> &str {
        let (stem, _) = self.file.rsplit_once('.').unwrap_or((&self.file, ""));
        stem.strip_prefix("roomctl-").unwrap_or(stem)
    }
}

/// The text below a command's flags, split into what DESCRIPTION shows and what
/// EXAMPLES shows.
#[derive(Debug, Default)]
struct AfterHelp {
    paragraphs: Vec<String>,
    examples: Vec<String>,
}

/// The pages of all commands; the page of roomctl itself is the first.
pub(super) fn of_commands(tree: &Command) -> Vec<Page> {
    let mut pages = Vec::new();
    add_pages(tree, tree, &mut pages);
    pages
}

/// Adds the page of `command` and of every command below it.
fn add_pages(command: &Command, tree: &Command, pages: &mut Vec<Page>) {
    let name = dashed_name(command);
    pages.push(Page {
        text: text(command, tree, &name),
        file: format!("{name}.1"),
    });
    for child in command.get_subcommands() {
        add_pages(child, tree, pages);
    }
}

fn text(command: &Command, tree: &Command, name: &str) -> String {
    let after_help = AfterHelp::of(command);
    let man = Man::new(printable(command))
        .title(name.to_uppercase())
        .date(DATE)
        .source(SOURCE)
        .manual("roomctl manual");
    let mut text = rendered(|out| {
        man.render_title(out)?;
        man.render_name_section(out)?;
        man.render_synopsis_section(out)?;
        man.render_description_section(out)
    });
    text += &after_help.paragraphs();
    text += &under_one_heading(&rendered(|out| man.render_options_section(out)));
    text += &commands(command);
    text += &output(command);
    text += &exit_status();
    text += &environment(command);
    text += &files(command);
    text += &after_help.examples();
    text += &see_also(command, tree);
    text
}

/// The command as its page shows it: every flag with its full text, and a
/// synopsis that fits a line.
fn printable(command: &Command) -> Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let command = command.clone().override_usage(usage);
    command.mut_args(|arg| {
        let help = full_help(&arg);
        arg.hide_short_help(false)
            .hide_possible_values(true)
            .long_help(help)
    })
}

/// The long help of a flag in one paragraph, with its possible values.
pub(super) fn full_help(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    let help = help.replace("\n\n", ". ");
    let values = arg.get_possible_values();
    let is_switch = !arg.get_action().takes_values();
    if is_switch || values.is_empty() || arg.is_hide_possible_values_set() {
        return help;
    }
    let named = |value: &PossibleValue| match value.get_help() {
        Some(what) => format!("{} ({what})", value.get_name()),
        None => value.get_name().to_owned(),
    };
    let values: Vec<String> = values.iter().map(named).collect();
    format!(
        "{}. Values: {}",
        help.trim_end_matches('.'),
        values.join(", ")
    )
}

fn rendered(render: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&mut out).expect("writing to memory");
    String::from_utf8_lossy(&out).into_owned()
}

/// `clap_mangen` makes a section of each help heading. Here they are subsections of
/// OPTIONS; flags without a heading come first.
fn under_one_heading(options: &str) -> String {
    let has_plain = options.contains(".SH OPTIONS\n");
    let lines = options.lines().map(|line| match line.strip_prefix(".SH ") {
        Some(heading) if heading != "OPTIONS" => {
            let heading = heading.trim_matches('"');
            let (first, rest) = heading.split_at(1);
            format!(".SS \"{first}{}\"\n", rest.to_lowercase())
        }
        _ => format!("{line}\n"),
    });
    let needs_section = !has_plain && !options.is_empty();
    let section = needs_section.then(|| ".SH OPTIONS\n".to_owned());
    section.into_iter().chain(lines).collect()
}

impl AfterHelp {
    /// Paragraphs are separated by blank lines. The paragraph of the exit codes
    /// is dropped, because the page has the whole table.
    fn of(command: &Command) -> Self {
        let text = command.get_after_long_help().or(command.get_after_help());
        // The program's own help has it there.
        let text = text.or(command.get_before_long_help());
        let text = text.map(ToString::to_string).unwrap_or_default();
        let mut after_help = Self::default();
        for paragraph in text.split("\n\n") {
            match paragraph.strip_prefix("Examples:") {
                Some(lines) => after_help
                    .examples
                    .extend(lines.trim_matches('\n').lines().map(str::to_owned)),
                None if paragraph.starts_with("Exit codes:") || paragraph.is_empty() => {}
                None => after_help.paragraphs.push(paragraph.to_owned()),
            }
        }
        after_help
    }

    /// For the end of DESCRIPTION.
    fn paragraphs(&self) -> String {
        let mut roff = Roff::new();
        paragraphs(&mut roff, self.paragraphs.iter().map(String::as_str), false);
        roff.to_roff()
    }

    fn examples(&self) -> String {
        let mut roff = Roff::new();
        if !self.examples.is_empty() {
            roff.control("SH", ["EXAMPLES"]);
            verbatim(&mut roff, self.examples.iter().map(String::as_str));
        }
        roff.to_roff()
    }
}

/// Lines that keep their line breaks. They are up to 78 columns wide, so they begin
/// further left than other text.
pub(super) fn verbatim<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("nf", []);
    roff.control("in", ["-5n"]);
    for line in lines {
        roff.text([roman(line.trim_end())]);
    }
    roff.control("in", ["+5n"]);
    roff.control("fi", []);
}

fn commands(command: &Command) -> String {
    let mut roff = Roff::new();
    let mut children = command.get_subcommands().peekable();
    if children.peek().is_some() {
        roff.control("SH", ["COMMANDS"]);
    }
    for child in children {
        let about = child.get_about().map(ToString::to_string);
        roff.control("TP", []);
        roff.text([bold(dashed_name(child)), roman("(1)")]);
        roff.text([roman(about.unwrap_or_default())]);
    }
    roff.to_roff()
}

/// OUTPUT, on the pages of the commands that `help output` is about.
fn output(command: &Command) -> String {
    if !has(command, "--from") {
        return String::new();
    }
    let mut roff = Roff::new();
    roff.control("SH", ["OUTPUT"]);
    paragraphs(&mut roff, OUTPUT.trim_end().split("\n\n"), true);
    roff.to_roff()
}

/// An indented paragraph is a table and keeps its line breaks. Below a heading the
/// first one needs no break.
fn paragraphs<'a>(
    roff: &mut Roff,
    paragraphs: impl IntoIterator<Item = &'a str>,
    is_below_heading: bool,
) {
    for (at, paragraph) in paragraphs.into_iter().enumerate() {
        if at > 0 || !is_below_heading {
            roff.control("PP", []);
        }
        if paragraph.starts_with("  ") {
            verbatim(roff, paragraph.lines());
        } else {
            roff.text([roman(paragraph.replace('\n', " "))]);
        }
    }
}

fn exit_status() -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for exit in Exit::ALL {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]);
        roff.text([roman(exit.meaning())]);
    }
    roff.control("PP", []);
    let rule = "When several apply, the first of 7, 129/130/143, 4, 5, 6, 1 wins. \
                A code that is not in this table is a failure.";
    roff.text([roman(rule)]);
    roff.to_roff()
}

/// The variables that the command reads; on roomctl's own page, all variables.
fn environment(command: &Command) -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["ENVIRONMENT"]);
    let is_root = command.get_name() == "roomctl";
    for (variable, flag, key) in config::table::variables() {
        if has(command, flag) || is_root {
            let key = key.map_or(String::new(), |key| format!(", profile key {key}"));
            roff.control("TP", []);
            roff.text([bold(variable)]);
            roff.text([roman("as "), bold(flag), roman(key)]);
        }
    }
    for (names, what, flag) in OTHER_VARIABLES {
        if flag.is_some_and(|flag| has(command, flag)) || is_root {
            roff.control("TP", []);
            roff.text([bold(names)]);
            roff.text([roman(what)]);
        }
    }
    roff.to_roff()
}

/// FILES, if the command reads the configuration file.
fn files(command: &Command) -> String {
    if !has(command, "--config") {
        return String::new();
    }
    let mut roff = Roff::new();
    roff.control("SH", ["FILES"]);
    roff.control("TP", []);
    roff.text([italic("$XDG_CONFIG_HOME/roomctl/config.toml")]);
    let what = "profiles, see roomctl.toml(5); without XDG_CONFIG_HOME below ~/.config";
    roff.text([roman(what)]);
    if has(command, "--rate-scope") {
        roff.control("TP", []);
        roff.text([italic("$XDG_STATE_HOME/roomctl/")]);
        let what =
            "the shared rates of --rate-scope host; without XDG_STATE_HOME below ~/.local/state";
        roff.text([roman(what)]);
    }
    roff.to_roff()
}

fn has(command: &Command, flag: &str) -> bool {
    let name = flag.trim_start_matches('-');
    let mut shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    shown.any(|arg| arg.get_long() == Some(name))
}

/// The pages of the parent, the siblings and the children, and the page of the
/// configuration file.
fn see_also(command: &Command, tree: &Command) -> String {
    let name = dashed_name(command);
    let parent = |name: &str| name.rsplit_once('-').map(|(parent, _)| parent.to_owned());
    let mut all = Vec::new();
    add_names(tree, &mut all);
    let mut pages: Vec<(String, &str)> = Vec::new();
    for page in all {
        let is_child = parent(&page).as_ref() == Some(&name);
        let is_parent = parent(&name).as_ref() == Some(&page);
        let is_sibling = parent(&page) == parent(&name) && page != name;
        if is_child || is_parent || is_sibling {
            pages.push((page, "(1)"));
        }
    }
    pages.push(("roomctl.toml".into(), "(5)"));
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    let last = pages.len() - 1;
    for (at, (page, section)) in pages.into_iter().enumerate() {
        let comma = if at == last { "" } else { "," };
        roff.text([bold(page), roman(format!("{section}{comma}"))]);
    }
    roff.to_roff()
}

fn add_names(command: &Command, all: &mut Vec<String>) {
    all.push(dashed_name(command));
    for child in command.get_subcommands() {
        add_names(child, all);
    }
}

/// `roomctl-profile-add`
fn dashed_name(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    name.replace(' ', "-")
}
