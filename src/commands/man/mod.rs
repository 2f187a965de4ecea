//! `roomctl man`: the manual, made from the same tree of commands as the help.
//! One page for every command and subcommand, and one for the configuration
//! file. On a terminal, a page is opened in a pager.

mod page;
mod pager;
mod toml;

use std::fs;
use std::io::{self, ErrorKind, IsTerminal};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::help::topics::Topic;
use super::{CommandArgs, Context};
use crate::atomic_file;
use crate::config::{self, Format};
use crate::error::Error;
use crate::exit::Exit;
use crate::file_name::display_path;
use crate::secret::excerpt;
use crate::streams::columns;
use page::Page;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// Command whose page to show, or roomctl.toml; without one, roomctl's page
    #[arg(value_name = "COMMAND", value_hint = clap::ValueHint::Other)]
    words: Vec<String>,
    /// Folder to write every page to; created if it does not exist
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  roomctl man profile add
  roomctl man --out pages";

const LONG: &str = "\
On a terminal it opens the page in $MANPAGER, $PAGER, less or more, formatted by
man or mandoc if one of them is installed. Elsewhere it prints the page's source,
for a formatter. --out writes every page, or only that of COMMAND.

Examples:
  roomctl man profile add
  roomctl man roomctl.toml
  roomctl man kick | mandoc -T html > kick.html
  roomctl man --out pages
  mkdir -p ~/.local/share/man/man1 ~/.local/share/man/man5
  cp pages/*.1 ~/.local/share/man/man1/
  cp pages/*.5 ~/.local/share/man/man5/";

/// Of a terminal that does not report its width, as a serial console.
const USUAL_COLUMNS: usize = 80;

/// Longest line of a page's source, in bytes.
const MAX_LINE: usize = 80;

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let format = context.style.format;
    let mut pages = pages(&context.command_tree());
    if !args.words.is_empty() {
        let wanted = position(&pages, &args.words)?;
        pages = vec![pages.swap_remove(wanted)];
    }
    let text = match &args.out {
        None if io::stdout().is_terminal() && format == Format::Text => {
            let columns = columns(io::stdout()).unwrap_or(USUAL_COLUMNS);
            pager::show(&pages[0].text, columns, context)?;
            return Ok(Exit::Done);
        }
        None => page_result(&pages[0], format),
        Some(folder) => {
            write_all(&pages, folder)?;
            let files = pages.iter().map(|page| folder.join(&page.file));
            files.map(|file| file_result(&file, format)).collect()
        }
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

/// The page that these words name: `profile add`, `roomctl-profile-add`,
/// `roomctl.toml`.
fn position(pages: &[Page], words: &[String]) -> Result<usize, Error> {
    let words = words.join("-");
    let name = words.strip_suffix(".1").unwrap_or(&words);
    let name = name.strip_prefix("roomctl-").unwrap_or(name);
    let names: Vec<&str> = pages.iter().map(Page::name).collect();
    let found = names.iter().position(|known| *known == name);
    found.ok_or_else(|| {
        let topic = Topic::ALL.into_iter().find(|topic| topic.name() == name);
        let hint = match (topic, config::nearest(name, names.iter().copied())) {
            (Some(topic), _) => format!("roomctl help {}", topic.name()),
            (None, Some(near)) => format!("roomctl man {}", near.replace('-', " ")),
            (None, None) => "roomctl man, which names all commands".into(),
        };
        Error::usage(format!("there is no page for '{}'", excerpt(name)), hint)
    })
}

/// All pages; the page of roomctl itself is the first.
fn pages(tree: &clap::Command) -> Vec<Page> {
    let mut pages = page::of_commands(tree);
    pages.push(toml::page(tree));
    for page in &mut pages {
        page.text = wrap(&literal(&page.text));
    }
    pages
}

/// Defines the apostrophe; `clap_mangen` repeats it above every section.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// No word is hyphenated, because most are names, flags and codes; no line is
/// stretched to the margin. A backslash is one for every formatter.
fn literal(source: &str) -> String {
    let source = source.replace(PREAMBLE, "").replace("\\\\", "\\e");
    let (title, rest) = source.split_once('\n').unwrap_or((&source, ""));
    format!("{PREAMBLE}{title}\n.nh\n.ad l\n{rest}")
}

fn page_result(page: &Page, format: Format) -> String {
    match format {
        Format::Text => page.text.clone(),
        Format::Json => format!("{}\n", json!({ "Page": page.file, "Text": page.text })),
    }
}

fn file_result(file: &Path, format: Format) -> String {
    let file = file.to_string_lossy();
    match format {
        Format::Text => format!("{file}\n"),
        Format::Json => format!("{}\n", json!({ "File": file })),
    }
}

fn write_all(pages: &[Page], folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|why| write_error(folder, &why))?;
    for page in pages {
        let file = folder.join(&page.file);
        atomic_file::replace(&file, &page.text, atomic_file::PUBLIC)
            .map_err(|why| write_error(&file, &why))?;
    }
    Ok(())
}

fn write_error(place: &Path, why: &io::Error) -> Error {
    let place = display_path(place);
    let message = match why.kind() {
        ErrorKind::AlreadyExists => format!("--out: {place} is not a folder"),
        _ => format!("--out: {place}: {why}"),
    };
    Error::not_written(&io::Error::new(why.kind(), message))
}

/// Breaks long lines of filled text, so that a changed word is a changed line.
/// What the formatter shows stays the same.
fn wrap(source: &str) -> String {
    let mut wrapped = String::with_capacity(source.len() + source.len() / 40);
    let mut is_filled = true;
    for line in source.lines() {
        match line {
            ".nf" => is_filled = false,
            ".fi" => is_filled = true,
            _ => {}
        }
        let is_text = !line.starts_with(['.', '\'']);
        if is_filled && is_text {
            wrap_line(line, &mut wrapped);
        } else {
            wrapped += line;
            wrapped.push('\n');
        }
    }
    wrapped
}

fn wrap_line(mut line: &str, wrapped: &mut String) {
    while line.len() > MAX_LINE
        && let Some(end) = line
            .match_indices(' ')
            .map(|(at, _)| at)
            .rfind(|at| can_break(line, *at))
    {
        wrapped.push_str(&line[..end]);
        wrapped.push('\n');
        line = &line[end + 1..];
    }
    wrapped.push_str(line);
    wrapped.push('\n');
}

/// Whether a line may end at this blank. The next line must not be empty, nor
/// begin with the character of a request to the formatter.
fn can_break(line: &str, at: usize) -> bool {
    let next = line[at + 1..].chars().next();
    (1..=MAX_LINE).contains(&at) && !matches!(next, None | Some('.' | '\'' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_broken_at_blanks_and_other_lines_are_unchanged() {
        let words = "word ".repeat(20);
        let wrapped = wrap(&format!("{words}\n.nf\n{words}\n.fi\n"));
        let lines: Vec<&str> = wrapped.lines().collect();
        assert!(
            lines[0].len() <= MAX_LINE && lines[0].ends_with("word"),
            "{wrapped}"
        );
        assert_eq!(lines[3], words);
    }

    #[test]
    fn no_wrapped_line_begins_with_the_character_of_a_request() {
        let line = format!("{}.csv and more", "x ".repeat(40));
        assert!(wrap(&line).lines().all(|line| !line.starts_with('.')));
    }
}
