//! `roomctl man`: the manual, made from the same tree of commands as the help;
//! the tree is handed down by `cli`. A page for every command and verb, and one
//! for the configuration file.

mod lines;
mod page;
mod sections;
mod toml;

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::NamedTempFile;

use super::{CommandArgs, Context};
use crate::config::Format;
use crate::error::Error;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
#[command(after_help = SHORT, after_long_help = LONG)]
pub(crate) struct Args {
    /// Folder to write every page to; made where it is missing
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,
}

impl CommandArgs for Args {}

const SHORT: &str = "\
Examples:
  roomctl man | man -l -
  roomctl man --out pages";

const LONG: &str = "\
Examples:
  roomctl man | man -l -
  roomctl man --out pages
  cp pages/*.1 ~/.local/share/man/man1/
  cp pages/*.5 ~/.local/share/man/man5/";

/// When the manual last changed in substance. Not the day of the build: the
/// same sources make the same pages.
const DATE: &str = "2026-11-26";

const SOURCE: &str = concat!("roomctl ", env!("CARGO_PKG_VERSION"));

/// One page of the manual.
#[derive(Debug)]
struct Page {
    /// As the file is called: `roomctl-kick.1`.
    file: String,
    text: String,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &mut Context) -> Result<Exit, Error> {
    let pages = pages(&context.command_tree());
    let format = context.style.format;
    let text = match &args.out {
        None => pages
            .first()
            .map(|page| shown(page, format))
            .unwrap_or_default(),
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|why| unwritten(folder, &why))?;
            let written = pages.iter().map(|page| {
                let file = folder.join(&page.file);
                write(folder, &file, &page.text).map_err(|why| unwritten(&file, &why))?;
                Ok(told(&file, format))
            });
            written.collect::<Result<String, Error>>()?
        }
    };
    context.print(&text)?;
    Ok(Exit::Done)
}

/// All of them, that of roomctl itself first.
fn pages(tree: &clap::Command) -> Vec<Page> {
    let mut pages = Vec::new();
    page::gather(tree, tree, &mut pages);
    pages.push(toml::page(tree));
    for page in &mut pages {
        page.text = lines::wrapped(&page.text);
    }
    pages
}

fn shown(page: &Page, format: Format) -> String {
    match format {
        Format::Text => page.text.clone(),
        Format::Json => format!("{}\n", json!({ "Page": page.file, "Text": page.text })),
    }
}

fn told(file: &Path, format: Format) -> String {
    let file = file.to_string_lossy();
    match format {
        Format::Text => format!("{file}\n"),
        Format::Json => format!("{}\n", json!({ "File": file })),
    }
}

/// Replaces the file whole or not at all; everybody may read a manual.
fn write(folder: &Path, file: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let mut whole = NamedTempFile::new_in(folder)?;
    whole.write_all(text.as_bytes())?;
    whole
        .as_file()
        .set_permissions(fs::Permissions::from_mode(0o644))?;
    whole.persist(file)?;
    Ok(())
}

fn unwritten(place: &Path, why: &io::Error) -> Error {
    let place = place.display();
    let message = match why.kind() {
        ErrorKind::AlreadyExists => format!("--out: {place} is not a folder"),
        _ => format!("--out: {place}: {why}"),
    };
    Error::results(&io::Error::new(why.kind(), message))
}
