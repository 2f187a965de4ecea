//! Where results go: each text at once, or together with the bar's next
//! picture, and always as one write.

use std::io::{self, Write};
use std::mem;

use anstream::adapter::strip_str;

/// The way out, and what is still on it.
#[derive(Debug)]
pub(super) struct Outlet<W> {
    pub(super) out: W,
    pub(super) has_colours: bool,
    pub(super) is_waiting: bool,
    text: String,
}

impl<W: Write> Outlet<W> {
    /// Without colours and without a wait.
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            has_colours: false,
            is_waiting: false,
            text: String::new(),
        }
    }

    /// Whether anything waits.
    pub(super) fn any_waits(&self) -> bool {
        !self.text.is_empty()
    }

    /// Takes a text in; where it does not wait it is written at once.
    pub(super) fn put(&mut self, text: &str) -> io::Result<()> {
        if self.has_colours {
            self.text += text;
        } else {
            self.text.extend(strip_str(text));
        }
        if self.is_waiting {
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
        let mut outlet = Outlet::new(Writes::default());
        outlet.is_waiting = true;
        outlet.put("a\n").expect("kept");
        outlet.put("b\n").expect("kept");
        assert!(outlet.any_waits() && outlet.out.0.is_empty());
        outlet.write("<", ">").expect("written");
        outlet.is_waiting = false;
        outlet.put("c\n").expect("written");
        assert_eq!(outlet.out.0, ["<a\nb\n>", "c\n"]);
    }

    #[test]
    fn colours_are_there_only_where_they_are_wanted() {
        let mut outlet = Outlet::new(Vec::new());
        outlet.put("\x1b[31mred\x1b[0m ").expect("written");
        outlet.has_colours = true;
        outlet.put("\x1b[31mred\x1b[0m").expect("written");
        assert_eq!(outlet.out, b"red \x1b[31mred\x1b[0m");
    }
}
