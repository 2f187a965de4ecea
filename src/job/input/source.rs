//! The bytes of a list as UTF-8, whatever Unicode encoding the byte order mark
//! announces. Files that are not text at all are recognised by their first bytes.
//!
//! Reads no more than it needs to decide, because a live feed may pause after its
//! first line.

use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use super::foreign::{FOREIGN, Foreign};
use super::problem::RowProblem;

/// Bytes in one read of a file. A pipe never gives more at once.
pub(super) const BUFFER: usize = 64 * 1024;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_LITTLE_MARK: &[u8] = b"\xff\xfe";
const UTF16_BIG_MARK: &[u8] = b"\xfe\xff";

/// A reader of UTF-8 without a byte order mark. Bytes that are neither UTF-16
/// nor UTF-8 are passed on unchanged; the lines are checked later.
#[derive(Debug)]
pub(super) struct Source<R> {
    input: BufReader<R>,
    encoding: Encoding,
    /// Bytes that come before those of `input`: decoded ones, or unread ones.
    waiting: Vec<u8>,
    /// Of `waiting`, already consumed.
    taken: usize,
}

#[derive(Debug)]
enum Encoding {
    /// The first bytes are being collected in `waiting`.
    Unknown,
    Utf8,
    Utf16(Utf16),
}

/// The state between two chunks of UTF-16.
#[derive(Debug)]
struct Utf16 {
    is_big: bool,
    /// Half a unit.
    byte: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(BUFFER, input),
            encoding: Encoding::Unknown,
            waiting: Vec::new(),
            taken: 0,
        }
    }

    /// The bytes that are read already.
    pub(super) fn buffer(&self) -> &[u8] {
        if self.taken < self.waiting.len() {
            &self.waiting[self.taken..]
        } else {
            self.input.buffer()
        }
    }

    /// Puts bytes back, to be read next.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        let mut waiting = bytes.to_vec();
        waiting.extend_from_slice(&self.waiting[self.taken..]);
        self.waiting = waiting;
        self.taken = 0;
    }

    /// Collects the first bytes until they decide what the input is.
    fn detect(&mut self) -> io::Result<()> {
        let marks = [UTF8_MARK, UTF16_LITTLE_MARK, UTF16_BIG_MARK];
        loop {
            let head = self.waiting.as_slice();
            let may_become = |mark: &&[u8]| mark.len() > head.len() && mark.starts_with(head);
            let is_open = |file: &Foreign| file.is_beginning_of(head).is_none();
            if !(marks.iter().any(may_become) || FOREIGN.iter().any(is_open)) {
                break;
            }
            let chunk = self.input.fill_buf()?;
            let Some(byte) = chunk.first() else { break };
            self.waiting.push(*byte);
            self.input.consume(1);
        }
        let head = &self.waiting;
        let is_it = |file: &&Foreign| file.is_beginning_of(head) == Some(true);
        if let Some(file) = FOREIGN.iter().find(is_it) {
            let problem = RowProblem::Foreign(*file);
            return Err(io::Error::new(ErrorKind::InvalidData, problem));
        }
        let is_little = head.starts_with(UTF16_LITTLE_MARK);
        self.encoding = if is_little || head.starts_with(UTF16_BIG_MARK) {
            self.waiting.drain(..2);
            Encoding::Utf16(Utf16 {
                is_big: !is_little,
                byte: None,
                high: None,
            })
        } else {
            if head.starts_with(UTF8_MARK) {
                self.waiting.drain(..UTF8_MARK.len());
            }
            Encoding::Utf8
        };
        Ok(())
    }
}

/// A feed has no more bytes for a while. Its reader reports that once after bytes that
/// it has read, and then waits.
#[derive(Debug, thiserror::Error)]
#[error("the feed pauses")]
pub(crate) struct Pause;

impl From<Pause> for io::Error {
    fn from(pause: Pause) -> Self {
        Self::other(pause)
    }
}

impl Pause {
    pub(super) fn is(why: &io::Error) -> bool {
        why.get_ref()
            .is_some_and(<dyn Error + Send + Sync>::is::<Self>)
    }
}

impl<R: Read> Source<R> {
    /// Reads bytes into the buffer if it is empty.
    ///
    /// # Errors
    /// Those of the reader; also [`Pause`].
    pub(super) fn fill(&mut self) -> io::Result<()> {
        if let Encoding::Unknown = self.encoding {
            self.detect()?;
        }
        while self.taken == self.waiting.len() {
            self.waiting.clear();
            self.taken = 0;
            let Encoding::Utf16(utf16) = &mut self.encoding else {
                return self.input.fill_buf().map(drop);
            };
            let chunk = self.input.fill_buf()?;
            let length = chunk.len();
            if length == 0 {
                utf16.end()?;
                break;
            }
            utf16.decode(chunk, &mut self.waiting)?;
            self.input.consume(length);
        }
        Ok(())
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while let Err(why) = self.fill() {
            if !Pause::is(&why) {
                return Err(why);
            }
        }
        Ok(self.buffer())
    }

    fn consume(&mut self, count: usize) {
        if self.taken < self.waiting.len() {
            self.taken += count;
        } else {
            self.input.consume(count);
        }
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

impl Utf16 {
    /// Appends the chunk as UTF-8.
    fn decode(&mut self, chunk: &[u8], text: &mut Vec<u8>) -> io::Result<()> {
        for byte in chunk {
            let Some(first) = self.byte.take() else {
                self.byte = Some(*byte);
                continue;
            };
            let unit = if self.is_big {
                u16::from_be_bytes([first, *byte])
            } else {
                u16::from_le_bytes([first, *byte])
            };
            let high = self.high.take();
            if high.is_none() && (0xd800..0xdc00).contains(&unit) {
                self.high = Some(unit);
                continue;
            }
            let found = char::decode_utf16(high.into_iter().chain([unit])).next();
            let Some(Ok(character)) = found else {
                return Err(damaged());
            };
            text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(())
    }

    /// The end of the input must be the end of a character.
    fn end(&self) -> io::Result<()> {
        if self.byte.is_some() || self.high.is_some() {
            return Err(damaged());
        }
        Ok(())
    }
}

fn damaged() -> io::Error {
    io::Error::new(ErrorKind::InvalidData, RowProblem::DamagedUtf16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte at a time, as a slow pipe may.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let most = into.len().min(1);
            self.0.read(&mut into[..most])
        }
    }

    fn read(input: &[u8]) -> Result<String, String> {
        let whole = |mut source: Source<Box<dyn Read + '_>>| {
            let mut text = String::new();
            let read = source.read_to_string(&mut text);
            read.map(|_| text).map_err(|why| why.to_string())
        };
        let slow = whole(Source::new(Box::new(Slow(input))));
        assert_eq!(whole(Source::new(Box::new(input))), slow, "{input:?}");
        slow
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(bytes)
            .collect()
    }

    #[test]
    fn a_byte_order_mark_decides_and_is_removed_once() {
        let text = "user1\t踢 😀\r\n\u{feff}x";
        for input in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            utf16(text, u16::to_le_bytes),
            utf16(text, u16::to_be_bytes),
        ] {
            assert_eq!(read(&input).as_deref(), Ok(text));
        }
        assert_eq!(read(b"").as_deref(), Ok(""));
        assert_eq!(read(b"\xff\xfe").as_deref(), Ok(""));
    }

    #[test]
    fn damaged_utf16_is_an_error() {
        for input in [
            &b"\xff\xfea"[..],
            b"\xff\xfe\x3d\xd8",
            b"\xff\xfe\x3d\xd8a\0",
            b"\xfe\xff\xdc\0\0a",
        ] {
            assert!(read(input).expect_err("damaged").contains("UTF-16"));
        }
    }

    #[test]
    fn files_that_are_not_lists_are_recognised_and_names_are_not() {
        for file in FOREIGN {
            let input = [file.begins, b"\0\0\n"].concat();
            let why = read(&input).expect_err(file.what);
            assert!(why.contains(file.what), "{why}");
        }
        for (file, what) in [
            (&b"PAR1\x15\x04"[..], "Parquet"),
            (b"BZh91AY&SY\x9a\n", "bzip2"),
            (b"BZh11AY&SYabcd\0", "bzip2"),
            (b"BZh9\x17rE8P\x90", "bzip2"),
        ] {
            let why = read(file).expect_err(what);
            assert!(why.contains(what), "{why}");
        }
        for name in [
            "PK\nuser1\n",
            "PK",
            "PAR1234\nuser1\n",
            "PAR1",
            "PAR1\r\n",
            "PAR1,user1\n\u{7f}",
            "BZh91AY&SY\nuser1\n",
            "BZhou",
            "Object1\n",
            "ORC\nuser1\n",
            "PAR1 is the longest name that there can be, and more\u{1}",
            "{\\r",
            "<h",
            "Rar",
            "7z",
            "%PDF",
            "\u{1f}x",
        ] {
            assert_eq!(read(name.as_bytes()).as_deref(), Ok(name));
        }
    }

    #[test]
    fn unread_bytes_come_next() {
        let mut source = Source::new(&b"abc"[..]);
        let mut two = [0; 2];
        source.read_exact(&mut two).expect("read");
        source.unread(&two);
        source.unread(b"x");
        let mut text = String::new();
        source.read_to_string(&mut text).expect("read");
        assert_eq!(text, "xabc");
    }
}
