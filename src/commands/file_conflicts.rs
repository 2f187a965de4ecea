//! The files that a command writes, against each other, the files that it reads, and
//! the standard streams.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Stat, fstat};

use super::Context;
use crate::atomic_file;
use crate::config::{self, Profile};
use crate::error::{Problem, Problems};

/// The remedy where one path is used twice.
pub(super) const SAME_FILE_HINT: &str = "give each a file of its own";

/// Reports each file that is written and given twice, or also read: a list that is
/// replaced by its rest cannot be used again.
pub(super) fn check_conflicts(
    written: &[(&str, &Path)],
    files_read: &[(String, PathBuf)],
    problems: &mut Problems,
) {
    let mut push = |flag: &str, name: &str| {
        let message = format_args!("{flag} and {name} are the same file");
        problems.push(Problem::usage(message, SAME_FILE_HINT));
    };
    for (at, (flag, path)) in written.iter().enumerate() {
        // Devices and pipes have no content to lose.
        if path.exists() && !path.is_file() {
            continue;
        }
        for (other, other_path) in &written[at + 1..] {
            if is_same_path(path, other_path) {
                push(flag, other);
            }
        }
        for (name, read) in files_read {
            if is_same_path(path, read) || (read == Path::new("-") && is_stdin(path)) {
                push(flag, name);
            }
        }
        if is_stdout(path) {
            push(flag, "stdout");
        }
    }
}

/// The files of these flags, of the configuration and of its settings, with the names
/// that messages give them.
pub(super) fn files_read<'a>(
    flags: impl Iterator<Item = (&'static str, &'a PathBuf)>,
    profile: Option<&Profile>,
    context: &Context,
) -> Vec<(String, PathBuf)> {
    let mut files = config::input_files(&context.flags.connection, &context.env, profile);
    files.extend(flags.map(|(flag, path)| (flag.to_owned(), path.clone())));
    files
}

/// Whether both paths lead to one file, which need not exist.
fn is_same_path(one: &Path, other: &Path) -> bool {
    matches!((resolve(one), resolve(other)), (Ok(one), Ok(other)) if one == other)
        || is_same_file(one, other)
}

/// The path without symbolic links. The file itself need not exist, also if links
/// lead to it.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    if let Ok(canonical) = path.canonicalize() {
        return Ok(canonical);
    }
    let end = if path.exists() {
        // A pipe in `/proc/self/fd`: its link has no path.
        path.to_owned()
    } else {
        atomic_file::follow_links(path)?
    };
    let end = std::path::absolute(end)?;
    match (end.parent().map(Path::canonicalize), end.file_name()) {
        (Some(Ok(folder)), Some(name)) => Ok(folder.join(name)),
        _ => Ok(end),
    }
}

/// Whether both are names of one regular file.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| regular_file(path).map(|file| (file.dev(), file.ino()));
    identity(one).is_some() && identity(one) == identity(other)
}

fn is_stdin(path: &Path) -> bool {
    is_stream(path, fstat(io::stdin()).ok())
}

fn is_stdout(path: &Path) -> bool {
    is_stream(path, fstat(io::stdout()).ok())
}

/// Whether the stream is redirected from or to this regular file.
fn is_stream(path: &Path, stream: Option<Stat>) -> bool {
    let identity = stream.map(|file| (file.st_dev, file.st_ino));
    let file = regular_file(path).map(|file| (file.dev(), file.ino()));
    file.is_some() && file == identity
}

fn regular_file(path: &Path) -> Option<Metadata> {
    path.metadata().ok().filter(Metadata::is_file)
}
