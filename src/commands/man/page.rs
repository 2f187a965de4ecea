//! The page of one command: the parser's own facts by `clap_mangen`, the rest by
//! [`super::sections`].

use clap::builder::PossibleValue;
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::sections::{self, Prose, dashed};
use super::{DATE, Page, SOURCE};

/// The page of `command` and of every one below it.
pub(super) fn gather(command: &Command, tree: &Command, pages: &mut Vec<Page>) {
    let name = dashed(command);
    pages.push(Page {
        text: text(command, tree, &name),
        file: format!("{name}.1"),
    });
    for below in command.get_subcommands() {
        gather(below, tree, pages);
    }
}

fn text(command: &Command, tree: &Command, name: &str) -> String {
    let prose = Prose::of(command);
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
    text += &prose.paragraphs();
    text += &below_one_heading(&rendered(|out| man.render_options_section(out)));
    text += &commands(command);
    text += &sections::exit_status();
    text += &sections::environment(command);
    text += &sections::files(command);
    text += &prose.examples();
    text += &sections::see_also(command, tree);
    text
}

/// The command as its page is to have it: every flag with its whole text, and
/// a synopsis that fits a line.
fn printable(command: &Command) -> Command {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let command = command.clone().override_usage(usage);
    command.mut_args(|arg| {
        let help = whole(&arg);
        arg.hide_short_help(false)
            .hide_possible_values(true)
            .long_help(help)
    })
}

/// The long help in one paragraph, with the values that there are.
pub(super) fn whole(arg: &Arg) -> String {
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

/// `clap_mangen` makes a section of each heading; they are parts of one.
fn below_one_heading(options: &str) -> String {
    let mut is_first = true;
    let lines = options.lines().map(|line| match line.strip_prefix(".SH ") {
        Some(heading) if !std::mem::take(&mut is_first) => {
            let heading = heading.trim_matches('"');
            let (first, rest) = heading.split_at(1);
            format!(".SS \"{first}{}\"\n", rest.to_lowercase())
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

fn commands(command: &Command) -> String {
    let mut roff = Roff::new();
    let mut below = command.get_subcommands().peekable();
    if below.peek().is_some() {
        roff.control("SH", ["COMMANDS"]);
    }
    for verb in below {
        let about = verb.get_about().map(ToString::to_string);
        roff.control("TP", []);
        roff.text([bold(dashed(verb)), roman("(1)")]);
        roff.text([roman(about.unwrap_or_default())]);
    }
    roff.to_roff()
}
