//! What is written during a job must not be what the job reads: a key that was
//! replaced by a list of names cannot be had again.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::fstat;

use super::Args;
use super::faults::Faults;

const HINT: &str = "give each a file of its own";

/// Files that are written, by flag.
pub(super) type Written<'a> = [(&'static str, Option<&'a Path>); 3];

/// Each file that is written against each that is read; `settings` are those of
/// the connection. `--failed-to` may be the list, as it is replaced at the end.
pub(super) fn check(
    written: Written<'_>,
    args: &Args,
    settings: &[(String, PathBuf)],
    faults: &mut Faults,
) {
    for (flag, path) in written {
        // Devices and pipes are nothing that could be lost.
        let Some(path) = path.filter(|path| !path.exists() || path.is_file()) else {
            continue;
        };
        let settings = settings.iter().map(|(name, file)| (name.as_str(), file));
        let lists = args.from.iter().map(|list| ("--from", list));
        let lists = lists.filter(|_| flag != "--failed-to");
        let reason = args
            .own
            .reason_file
            .iter()
            .map(|file| ("--reason-file", file));
        for (name, read) in settings.chain(lists).chain(reason) {
            if is_same(path, read) {
                faults.push_with(format_args!("{flag} and {name} are the same file"), HINT);
            }
        }
        if is_stdout(path) {
            faults.push_with(format_args!("{flag} and stdout are the same file"), HINT);
        }
    }
}

/// Whether both names lead to one file, be it there or not.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    matches!((whole(one), whole(other)), (Ok(one), Ok(other)) if one == other)
        || is_one_file(one, other)
}

/// The same by another name.
pub(super) fn is_one_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| regular(path).map(|file| (file.dev(), file.ino()));
    identity(one).is_some() && identity(one) == identity(other)
}

fn is_stdout(path: &Path) -> bool {
    let stdout = fstat(io::stdout()).ok();
    let identity = stdout.map(|file| (file.st_dev, file.st_ino));
    let file = regular(path).map(|file| (file.dev(), file.ino()));
    file.is_some() && file == identity
}

fn regular(path: &Path) -> Option<Metadata> {
    path.metadata().ok().filter(Metadata::is_file)
}
