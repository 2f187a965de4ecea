//! The files of `journal show` and `journal summary`: opened, read line by line,
//! and what is wrong with them. Unreadable lines do not stop the reading. They are
//! reported at the end, with their numbers, and make exit 7.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use crate::commands::Context;
use crate::error::{Error, Problem, Problems, grouped};
use crate::exit::Exit;
use crate::file_name::{display_path, shell_quoted};
use crate::input_file::{self, Id};
use crate::job::journal::{Entry, LIST_LINE, Origins, ReadError, RecordReader};
use crate::output::{Notes, plural};
use crate::stdio::Stderr;

/// One open file.
pub(super) struct RecordFile {
    path: PathBuf,
    name: String,
    /// None if it is not a regular file.
    id: Option<Id>,
    reader: RecordReader<Box<dyn Read + Send>>,
    is_over: bool,
}

/// What was found besides records.
pub(super) struct Findings {
    notes: Notes<Stderr>,
    origins: Origins,
    /// Lines that cannot be read, and files that cannot be read to their end.
    damage: Problems,
    /// Files that are not journals: nothing is printed.
    unusable: Problems,
}

/// Opens every file, or reports all that cannot be opened. A file with two names is
/// read once: twice, its counts would be wrong.
pub(super) fn open_all(
    paths: &[PathBuf],
    command: &'static str,
    context: &mut Context,
) -> Result<Vec<RecordFile>, Error> {
    let mut problems = Problems::default();
    let mut files: Vec<RecordFile> = Vec::new();
    let mut has_stdin = false;
    for path in paths {
        let opened = if path.as_os_str() != "-" {
            open(path, command).map(|file| {
                let id = input_file::id_of_regular_file(&file);
                (id, Box::new(file) as Box<dyn Read + Send>)
            })
        } else if std::mem::replace(&mut has_stdin, true) {
            let message = "standard input (-) is named twice";
            Err(Problem::usage(message, "name - once"))
        } else {
            let stdin = context.stdin.claim(command);
            stdin.map(|stdin| (input_file::id_of_regular_file(io::stdin()), stdin))
        };
        let Some((id, input)) = problems.ok_or_collect(opened) else {
            continue;
        };
        let name = display_path(path);
        let mut others = files.iter();
        if let Some(other) = others.find(|other| id.is_some() && other.id == id) {
            context.notes().info(&read_once(&name, &other.name));
            continue;
        }
        let mut reader = RecordReader::new(input);
        if let Err(why) = reader.check_start() {
            problems.push(unusable(&name, &why));
        }
        files.push(RecordFile {
            path: path.clone(),
            name,
            id,
            reader,
            is_over: false,
        });
    }
    problems.into_result().map(|()| files)
}

fn read_once(name: &str, other: &str) -> String {
    if name == other {
        format!("{name}: named twice; it is read once")
    } else {
        format!("{name}: the same file as {other}; it is read once")
    }
}

const OTHER_FILE: &str = "name a file that --journal or --audit has written";

/// A pipe is read like a file: `<(zcat night.gz)`.
fn open(path: &Path, command: &'static str) -> Result<File, Problem> {
    let name = display_path(path);
    let cannot = |why: &dyn std::fmt::Display, hint: &str| {
        Problem::usage(format!("cannot read {name}: {why}"), hint)
    };
    let file = input_file::open(path, command).map_err(|why| {
        // Journals and audit files are for their owner only.
        let hint = match why.kind() {
            ErrorKind::PermissionDenied => "run it as the owner of the file, or as root",
            _ => input_file::remedy(&why, OTHER_FILE),
        };
        cannot(&why, hint)
    })?;
    let kind = file
        .metadata()
        .map_err(|why| cannot(&why, OTHER_FILE))?
        .file_type();
    if kind.is_dir() || kind.is_block_device() {
        return Err(cannot(&"it is not a file", OTHER_FILE));
    }
    Ok(file)
}

impl RecordFile {
    /// The next entry; at the end, and where the file cannot be read any further,
    /// [`Entry::End`].
    pub(super) fn next(&mut self, findings: &mut Findings) -> Entry<'_> {
        if self.is_over {
            return Entry::End;
        }
        let Origins { rehearsals, others } = self.reader.take_origins();
        findings.origins.rehearsals += rehearsals;
        findings.origins.others += others;
        for (line, why) in self.reader.take_damaged() {
            findings.damaged_line(&self.name, line, &why);
        }
        match self.reader.next() {
            Ok(Entry::Torn(bytes)) => {
                findings.torn(&self.name, bytes);
                self.is_over = true;
                Entry::End
            }
            Ok(entry) => {
                self.is_over = matches!(entry, Entry::End);
                entry
            }
            Err(why) => {
                findings.unreadable(&self.name, &why);
                self.is_over = true;
                Entry::End
            }
        }
    }
}

impl Findings {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            notes: context.notes(),
            origins: Origins::default(),
            damage: Problems::default(),
            unusable: Problems::default(),
        }
    }

    fn damaged_line(&mut self, file: &str, line: u64, why: &str) {
        if why == LIST_LINE {
            self.damage.push_row(file, line, why, || {
                let hint = "this is a list of --failed-to, and not a journal: roomctl kick --from \
                            FILE reads it";
                Problem::usage(why, hint)
            });
            return;
        }
        self.damage.push_row(file, line, why, || {
            let hint = "the other lines were read; restore the file from a backup if there is one";
            Problem::new(Exit::Record, why, hint)
        });
    }

    /// Not an error: the line may be in the middle of being written.
    fn torn(&mut self, file: &str, bytes: u64) {
        let bytes = plural(bytes, "byte", "bytes");
        self.notes.info(&format!(
            "{file}: the last line is incomplete ({bytes}) and was not read: a job is writing \
             it, or was killed while it did"
        ));
    }

    fn unreadable(&mut self, file: &str, why: &ReadError) {
        let problem = unusable(file, why);
        match why {
            ReadError::Io(_) => self.damage.push(problem),
            ReadError::OtherFile | ReadError::Version(_) => self.unusable.push(problem),
        }
    }

    /// An error if one of the files is something else. To be called when every
    /// file's first line was read.
    pub(super) fn check_usable(&mut self) -> Result<(), Error> {
        std::mem::take(&mut self.unusable).into_result()
    }

    pub(super) fn notes(&mut self) -> &mut Notes<Stderr> {
        &mut self.notes
    }

    /// Reports outcomes of rehearsals among others, and the error about damage, if there
    /// is any.
    pub(super) fn into_exit(mut self) -> Result<Exit, Error> {
        let Origins { rehearsals, others } = self.origins;
        if rehearsals > 0 && others > 0 {
            self.notes.info(&format!(
                "{} of the {} outcomes that were read are those of rehearsals, which touch no \
                 real room; an audit without them: jq -c 'select(.Rehearsal | not)' FILE",
                grouped(rehearsals),
                grouped(rehearsals + others)
            ));
        }
        self.damage.into_result().map(|()| Exit::Done)
    }
}

fn unusable(file: &str, why: &ReadError) -> Problem {
    match why {
        ReadError::OtherFile => Problem::usage(
            format!("{file}: neither a journal nor an audit file"),
            "name a file that --journal or --audit has written, or results of -o json",
        ),
        ReadError::Version(version) => Problem::new(
            Exit::Record,
            format!(
                "{file}: the journal has version {version}, but this roomctl reads only version 1"
            ),
            "use the roomctl that wrote it, or a newer one",
        ),
        ReadError::Io(why) => Problem::new(
            Exit::Record,
            format!("{file}: cannot be read to its end: {why}"),
            "what was read until then is printed; copy the file elsewhere and read the copy",
        ),
    }
}

/// `3 members are in doubt`, and what that means.
pub(super) fn describe_doubt(members: usize) -> String {
    let (members, are) = (
        plural(members as u64, "member", "members"),
        if members == 1 { "is" } else { "are" },
    );
    format!("{members} {are} in doubt: sent, and what happened is not recorded (yet)")
}

/// The command that shows them.
pub(super) fn show_doubt<'a>(files: impl Iterator<Item = &'a RecordFile>) -> String {
    let files: Vec<String> = files.map(|file| shell_quoted(&file.path)).collect();
    format!(
        "roomctl journal show {} --outcome in-doubt",
        files.join(" ")
    )
}
