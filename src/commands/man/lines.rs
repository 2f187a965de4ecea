//! Lines of the sources of a page as people who write them by hand have them: at
//! most 80 bytes, so that a change of a word is a change of a line.

/// Longest line.
const MOST: usize = 80;

/// Breaks long lines of filled text; what is shown stays the same.
pub(super) fn wrapped(source: &str) -> String {
    let mut whole = String::with_capacity(source.len() + source.len() / 40);
    let mut is_filled = true;
    for line in source.lines() {
        match line {
            ".nf" => is_filled = false,
            ".fi" => is_filled = true,
            _ => {}
        }
        let is_text = !line.starts_with(['.', '\'']);
        if is_filled && is_text {
            wrap(line, &mut whole);
        } else {
            whole += line;
            whole.push('\n');
        }
    }
    whole
}

fn wrap(mut line: &str, whole: &mut String) {
    while line.len() > MOST
        && let Some(end) = line
            .match_indices(' ')
            .map(|(at, _)| at)
            .rfind(|at| can_end(line, *at))
    {
        whole.push_str(&line[..end]);
        whole.push('\n');
        line = &line[end + 1..];
    }
    whole.push_str(line);
    whole.push('\n');
}

/// Whether a line may end at this blank: not where the next would begin like a
/// request to the formatter, or like nothing.
fn can_end(line: &str, at: usize) -> bool {
    let next = line[at + 1..].chars().next();
    (1..=MOST).contains(&at) && !matches!(next, None | Some('.' | '\'' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_blanks_and_the_rest_left_alone() {
        let words = "word ".repeat(20);
        let wrapped = wrapped(&format!("{words}\n.nf\n{words}\n.fi\n"));
        let lines: Vec<&str> = wrapped.lines().collect();
        assert!(
            lines[0].len() <= MOST && lines[0].ends_with("word"),
            "{wrapped}"
        );
        assert_eq!(lines[3], words);
    }

    #[test]
    fn no_line_begins_like_a_request() {
        let line = format!("{}.csv and more", "x ".repeat(40));
        assert!(wrapped(&line).lines().all(|line| !line.starts_with('.')));
    }
}
