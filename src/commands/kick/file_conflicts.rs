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

/// Each file that is written against the others, and against all that is read;
/// `settings` are those of the connection. `--failed-to` may be the list, as it is
/// replaced at the end.
pub(super) fn check(
    written: Written<'_>,
    args: &Args,
    settings: &[(String, PathBuf)],
    faults: &mut Faults,
) {
    let written = written
        .into_iter()
        .filter_map(|(flag, path)| Some((flag, path?)));
    let written: Vec<(&str, &Path)> = written.collect();
    let mut same = |flag: &str, name: &str| {
        faults.push_with(format_args!("{flag} and {name} are the same file"), HINT);
    };
    for (at, (flag, path)) in written.iter().enumerate() {
        for (other, _) in written[at + 1..]
            .iter()
            .filter(|(_, other)| is_same(path, other))
        {
            same(flag, other);
        }
        // Devices and pipes are nothing that could be lost.
        if path.exists() && !path.is_file() {
            continue;
        }
        for (name, _) in read(flag, args, settings).filter(|(_, read)| is_same(path, read)) {
            same(flag, name);
        }
        if is_stdout(path) {
            same(flag, "stdout");
        }
    }
}

/// What must not be written over by way of this flag.
fn read<'a>(
    flag: &str,
    args: &'a Args,
    settings: &'a [(String, PathBuf)],
) -> impl Iterator<Item = (&'a str, &'a PathBuf)> {
    let settings = settings.iter().map(|(name, file)| (name.as_str(), file));
    let may_be_the_list = flag == "--failed-to";
    let lists = args.from.iter().filter(move |_| !may_be_the_list);
    let reason = args.verb.reason_file.iter();
    settings
        .chain(lists.map(|list| ("--from", list)))
        .chain(reason.map(|file| ("--reason-file", file)))
}

/// Whether both names lead to one file, be it there or not.
fn is_same(one: &Path, other: &Path) -> bool {
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
