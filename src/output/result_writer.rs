//! Where results go: each text at once, or together with the bar's next
//! picture, and always as one write.

use std::io::{self, Write};
use std::mem;

use anstream::adapter::strip_str;

/// The way out, and what is still on it.
#[derive(Debug)]
pub(super) struct ResultWriter<W> {
    pub(super) out: W,
    pub(super) has_color: bool,
    pub(super) is_buffered: bool,
    text: String,
}

impl<W: Write> ResultWriter<W> {
    /// Without colours and without a wait.
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            has_color: false,
            is_buffered: false,
            text: String::new(),
        }
    }

    /// Whether anything waits.
    pub(super) fn has_buffered(&self) -> bool {
        !self.text.is_empty()
    }

    /// Takes a text in; where it does not wait it is written at once.
    pub(super) fn put(&mut self, text: &str) -> io::Result<()> {
        if self.has_color {
            self.text += text;
        } else {
            self.text.extend(strip_str(text));
        }
        if self.is_buffered {
            return Ok(());
        }
        self.write("", "")
    }

    /// Writes what waits, with these around it.
    pub(super) fn write(&mut self, before: &str, behind: &str) -> io::Result<()> {
        let text = format!("{before}{}{behind}", mem::take(&mut self.text));
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each write by itself.
    #[derive(Default)]
    struct Writes(Vec<String>);

    impl Write for Writes {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.push(String::from_utf8_lossy(bytes).into_owned());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_waits_is_one_write_with_what_is_around_it() {
        let mut writer = ResultWriter::new(Writes::default());
        writer.is_buffered = true;
        writer.put("a\n").expect("kept");
        writer.put("b\n").expect("kept");
        assert!(writer.has_buffered() && writer.out.0.is_empty());
        writer.write("<", ">").expect("written");
        writer.is_buffered = false;
        writer.put("c\n").expect("written");
        assert_eq!(writer.out.0, ["<a\nb\n>", "c\n"]);
    }

    #[test]
    fn colours_are_there_only_where_they_are_wanted() {
        let mut writer = ResultWriter::new(Vec::new());
        writer.put("\x1b[31mred\x1b[0m ").expect("written");
        writer.has_color = true;
        writer.put("\x1b[31mred\x1b[0m").expect("written");
        assert_eq!(writer.out, b"red \x1b[31mred\x1b[0m");
    }
}
