//! Makes foreign text harmless on a terminal and in a table: the service's
//! words, names from files, whatever an error carries.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes control, bidi and zero-width characters as in Rust strings
/// (`\n`, `\u{202e}`), so that text can neither move the cursor nor pretend to
/// be other text, and stays on one line.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    if !text.contains(is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => clean.extend(c.escape_default()),
            c if is_harmful(c) => {
                // Writing to a String cannot fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(c));
            }
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // zero width, and the marks that steer writing direction
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            // line and paragraph separators, embeddings, overrides
            | '\u{2028}'..='\u{202e}'
            // word joiner, invisible operators, isolates
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            // tags: invisible text
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_instead_of_obeyed() {
        assert_eq!(
            sanitise("a\u{1b}[31m\r\nb\u{7}"),
            "a\\u{1b}[31m\\r\\nb\\u{7}"
        );
        assert_eq!(sanitise("\u{9b}2J"), "\\u{9b}2J");
    }

    #[test]
    fn bidi_and_zero_width_characters_are_shown() {
        assert_eq!(
            sanitise("x\u{202e}y\u{200b}z\u{2066}"),
            "x\\u{202e}y\\u{200b}z\\u{2066}"
        );
    }

    #[test]
    fn ordinary_text_of_any_script_stays() {
        for text in ["room-test", "违规被移出", "müller 😀", ""] {
            assert!(matches!(sanitise(text), Cow::Borrowed(same) if same == text));
        }
    }
}
