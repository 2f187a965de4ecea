//! Whether two paths, or a path and a standard stream, are one file.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Stat, fstat};

use crate::atomic_file;

/// Whether both paths lead to one file, which need not exist.
pub(super) fn is_same_path(one: &Path, other: &Path) -> bool {
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

pub(super) fn is_stdin(path: &Path) -> bool {
    is_stream(path, fstat(io::stdin()).ok())
}

pub(super) fn is_stdout(path: &Path) -> bool {
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
