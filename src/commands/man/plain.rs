//! A page as plain text, for machines without a formatter. It understands the few
//! requests that the pages of roomctl consist of.

use crate::output::filled;

/// Indentation of the text of a section.
const BODY: usize = 7;

/// Further indentation of the text below a tag.
const HANGING: usize = 7;

/// The page in lines of at most so many columns.
pub(super) fn render(source: &str, columns: usize) -> String {
    let mut page = PlainPage {
        text: String::new(),
        paragraph: String::new(),
        tag: None,
        next_is_tag: false,
        is_filled: true,
        columns,
    };
    for line in source.lines() {
        match line.strip_prefix('.') {
            Some(request) => page.request(request),
            None => page.words(&plain(line)),
        }
    }
    page.end_paragraph();
    page.text
}

struct PlainPage {
    text: String,
    /// The words of the current paragraph.
    paragraph: String,
    /// The flag, the key or the code that the paragraph is about.
    tag: Option<String>,
    next_is_tag: bool,
    is_filled: bool,
    columns: usize,
}

impl PlainPage {
    fn request(&mut self, request: &str) {
        let (name, rest) = request.split_once(' ').unwrap_or((request, ""));
        let rest = plain(rest.trim_matches('"'));
        match name {
            "TH" => {
                let mut words = rest.split(' ');
                let mut word = || words.next().unwrap_or_default();
                self.text = format!("{}({})\n", word(), word());
            }
            "SH" | "SS" => {
                self.end_paragraph();
                self.tag = None;
                let indent = if name == "SH" { "" } else { "   " };
                self.text.extend(["\n", indent, &rest, "\n"]);
            }
            "PP" => {
                self.end_paragraph();
                self.blank_line();
                self.tag = None;
            }
            "TP" => {
                self.end_paragraph();
                self.blank_line();
                self.tag = None;
                self.next_is_tag = true;
            }
            "nf" => {
                self.end_paragraph();
                self.is_filled = false;
            }
            "fi" => self.is_filled = true,
            // Fonts of the formatter, hyphenation, adjustment.
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if std::mem::take(&mut self.next_is_tag) {
            self.tag = Some(words.to_owned());
            self.text.push_str(&indented(BODY, words));
        } else if self.is_filled {
            if !self.paragraph.is_empty() {
                self.paragraph.push(' ');
            }
            self.paragraph += words;
        } else {
            self.text.push_str(&indented(BODY, words));
        }
    }

    fn end_paragraph(&mut self) {
        let words = std::mem::take(&mut self.paragraph);
        if words.is_empty() {
            return;
        }
        let indent = BODY + self.tag.as_ref().map_or(0, |_| HANGING);
        let filled = filled(&words, self.columns, indent, indent);
        self.text.push_str(&indented(indent, &filled));
    }

    /// Not below a heading.
    fn blank_line(&mut self) {
        let last = self.text.lines().last().unwrap_or_default();
        if last.starts_with("       ") {
            self.text.push('\n');
        }
    }
}

fn indented(indent: usize, words: &str) -> String {
    format!("{:indent$}{words}", "").trim_end().to_owned() + "\n"
}

/// Without fonts and escapes.
fn plain(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, escape)) = rest.split_once('\\') {
        text += before;
        let skip = |count: usize| escape.get(count..).unwrap_or_default();
        let (shown, after) = match escape.chars().next() {
            Some('f') => ("", skip(2)),
            Some('&') => ("", skip(1)),
            Some('-') => ("-", skip(1)),
            Some('e' | '\\') => ("\\", skip(1)),
            Some('*' | '(') if escape.trim_start_matches(['*', '(']).starts_with("Aq") => {
                ("'", escape.split_once("Aq").map_or("", |(_, after)| after))
            }
            _ => ("", escape),
        };
        text += shown;
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_readable_without_a_formatter() {
        let source = ".ie \\n(.g .ds Aq \\(aq\n.TH ROOMCTL-X 1\n.nh\n.SH NAME\nroomctl\\-x \\- it\\*(Aqs\n.SH OPTIONS\n.TP\n\\fB\\-\\-flag\\fR \\fI<N>\\fR\nwords of a flag that are\nfilled again\n.PP\nmore\n.nf\na \\e\n  b\n.fi\n";
        assert_eq!(
            render(source, 30),
            "ROOMCTL-X(1)\n\nNAME\n       roomctl-x - it's\n\nOPTIONS\n       --flag <N>\n              words of a flag\n              that are filled\n              again\n\n       more\n       a \\\n         b\n"
        );
    }
}
