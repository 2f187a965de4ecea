//! Quoted cells of several lines: which are read, and which are refused because rows
//! are lost in them.

use super::{Format, Layout, Rows};

fn users(rows: Rows<&[u8]>) -> Vec<String> {
    rows.map(|row| row.map_or_else(|bad| bad.to_string(), |row| row.user.to_string()))
        .collect()
}

fn read(input: &str, format: Format) -> Vec<String> {
    users(Rows::new(input.as_bytes(), Layout::of(Some(format))))
}

fn feed(input: &str, format: Format) -> Vec<String> {
    users(Rows::live(input.as_bytes(), Layout::of(Some(format))))
}

/// A row of a feed whose quote is open at the end of the line.
fn open_in_feed(line: u64) -> String {
    format!(
        "{line}: a quote is opened here and not closed in this line: with --stream a row is one line"
    )
}

/// A line of a feed after that row.
fn perhaps_text(line: u64, quote: u64) -> String {
    format!(
        "{line}: may be part of the row whose quote is opened in line {quote}, and is not taken"
    )
}

fn inner(quote: u64, line: u64) -> String {
    format!("{quote}: the cell whose quote is opened here has a whole row in it, line {line}")
}

#[test]
fn in_tsv_a_quoted_cell_ends_in_its_line() {
    let open = "2: a quote is opened here and not closed in this line";
    assert_eq!(
        read("user\treason\nu1\t\"\nu2\t\"\nu3\tx\n", Format::Tsv),
        [open, &open.replace('2', "3"), "u3"]
    );
    assert_eq!(
        read("user\treason\nu1\t\"a\tb\"\nu2\tsay \"hi\"\n", Format::Tsv),
        ["u1", "u2"]
    );
}

#[test]
fn a_quoted_cell_of_several_lines_with_a_row_in_it_is_one_bad_row() {
    for (input, bad) in [
        ("user,reason\nu1,\"start\nu2,x\nu3,end\"\n", inner(2, 3)),
        ("user,reason\nu1,\"\nu2,\"\n", inner(2, 3)),
        ("user,reason\r\nu1,\"x\r\n\r\nu2,y\"\r\n", inner(2, 4)),
        ("user,reason\nu1,\"first\nu50,hello\nlast\"\n", inner(2, 3)),
        (
            "room,user,reason\nr,u1,\"a\nr,u2,b\nr,u3,c\"\n",
            inner(2, 3),
        ),
        ("user,reason,note\nu1,\"a\nu2,b\",c\n", inner(2, 3)),
        ("user;reason\nu1;\"a\nu2;b\"\n", inner(2, 3)),
        ("user,reason,note\nu1,\"a\nu2,b\",\"c\nd\"\n", inner(2, 3)),
        // The quote of a later cell.
        ("user,a,b\nu1,\"x\ny\",\"z\nu2,p,q\"\n", inner(3, 4)),
        // Two quotes are one character, also at the end of a line.
        ("user,reason\nu1,\"a\"\"\nu2,\"\"\n\"\n", inner(2, 3)),
    ] {
        let rows = read(&format!("{input}{}\n", last_row(input)), Format::Csv);
        assert_eq!(rows, [bad, "last".into()], "{input:?}");
    }
    // In a header, too.
    let rows = read("user,\"reason\nu1,x\nu2,y\"\n", Format::Csv);
    assert_eq!(rows[0], inner(1, 2));
}

/// A row of the user `last` and empty cells.
fn last_row(input: &str) -> String {
    let header = input.lines().next().expect("a header");
    let separator = if header.contains(';') { ";" } else { "," };
    let cell = |name: &str| if name == "user" { "last" } else { "" };
    let cells: Vec<&str> = header.split(separator).map(cell).collect();
    cells.join(separator)
}

/// A quote that is a character of two rows, and all lines between them are rows.
#[test]
fn rows_that_begin_and_end_a_quoted_cell_are_not_lost_in_it() {
    for (input, bad) in [
        ("reason,user\n\"5 inch,u1\ntall 5\",u2\n", inner(2, 2)),
        ("reason,user\n\"5 inch, u1\ntall 5\",u2\n", inner(2, 2)),
        ("reason,user\nx,u0\n\"5,u1\nx,u2\n5\",u3\n", inner(3, 3)),
        ("reason,user\n\"5 inch,u1\nof a text\n5\",u3\n", inner(2, 2)),
        ("note,user,room\n\"5,u1,r\n5\",u2,r\n", inner(2, 2)),
        (
            "user,reason\nu1,\"bad\nu2, spam\nu3, tall 5\"\n",
            inner(2, 3),
        ),
        ("user,reason\nann,\"bad\nbob, spam\ncy, 5\"\n", inner(2, 3)),
        ("user,reason\nann,\"bad\n\nbob,spam\"\n", inner(2, 4)),
        (
            "user,reason\nu1,\"bad\nu2, spam, too\nu3, 5\"\n",
            inner(2, 4),
        ),
        (
            "room,user,reason\nr,ann,\"bad\nr, bob, spam\nr, cy, 5\"\n",
            inner(2, 3),
        ),
        (
            "user,a,b\nu1,\"x, y\",\"z\nu2, p, q\nu3, p, q\"\n",
            inner(2, 3),
        ),
        ("user,a,b\nu1,\"x, y\",\"z\nu2,p,q\"\n", inner(2, 3)),
        // Empty cells at the end of a row.
        ("user,reason\nu1,\"bad\nu2,\nu3,5\"\n", inner(2, 4)),
        ("user,reason\nu1,\"bad\nu2,\nu3, 5\"\n", inner(2, 3)),
        ("user,reason\nu1,\"bad\nu2,\"\n", inner(2, 3)),
        ("user,a,b\nu1,\"x\nu2,,\nu3,p,q\"\n", inner(2, 3)),
        (
            "reason,user,note\n\"5 inch,ann,\ntall 5\",bob,\n",
            inner(2, 2),
        ),
        // One of the names has a digit, as the user of the row has.
        (
            "user,reason\nu1,\"bad\nann, spam\nu3, tall 5\"\n",
            inner(2, 3),
        ),
        (
            "user,reason\nu1,\"bad\nu2,\tspam\nu3,\ttall 5\"\n",
            inner(2, 3),
        ),
    ] {
        let rows = read(&format!("{input}{}\n", last_row(input)), Format::Csv);
        assert!(rows.ends_with(&[bad, "last".into()]), "{input:?}: {rows:?}");
    }
}

/// Nothing shows that the second line is not a row.
#[test]
fn a_line_of_a_reason_with_a_comma_and_no_blank_is_refused_as_a_row() {
    let rows = read("user,reason\nu1,\"Spam\nBye,admin\"\n", Format::Csv);
    assert_eq!(rows, [inner(2, 3)]);
}

#[test]
fn a_quoted_name_of_a_column_is_no_place_for_rows() {
    let list = "Member_Account,\"reason\nann, x\nbob, y\"\nu1,z\n";
    assert_eq!(read(list, Format::Csv)[0], inner(1, 2));
}

/// A greeting, other white space than a blank, and several lines with commas.
#[test]
fn a_reason_written_as_a_letter_is_a_reason() {
    for input in [
        "user,reason\nu1,\"You were kicked.\nRegards,\nThe team\"\n",
        "user,reason\r\nu1,\"You were kicked.\r\nRegards,\r\nThe team\"\r\n",
        "user,reason\nu1,\"Hello,\nyou were kicked.\nThanks,\nRegards,\nThe team\"\n",
        "user,reason\nu1,\"Spam\nBye,\tadmin\"\n",
        "user,reason\nu1,\"Spam\nBye,\u{a0}admin\"\n",
        "user,reason\nu1,\"Spam\nBye,\u{3000}admin\"\n",
        "user,reason\nu1,\"Spam\nTwice, today\nBye, admin\"\n",
        "user,reason\nu1,\"Spam\nThanks,\nBye, admin\"\n",
        "room,user,reason\nr,u1,\"Spam\nTwice, today, again\nBye, dear, friend\"\n",
        "user;reason\nu1;\"Spam\nToday; twice\nBye; admin\"\n",
        "reason,user\n\"Twice, today\nBye, admin\",u1\n",
    ] {
        assert_eq!(read(input, Format::Csv), ["u1"], "{input:?}");
    }
}

/// One line with a comma and a blank is a sentence, whatever it begins with.
#[test]
fn a_reason_of_two_lines_with_a_comma_in_the_second_is_a_reason() {
    for input in [
        "user,reason\nu1,\"Spam\nBye, admin\"\n",
        "user,reason\nu1,\"rule 3 was broken\nspam, again\"\n",
        "user,reason\nu1,\"reported by\nuser2, twice\"\n",
        "user,reason\nann,\"bad\n\nbob, spam\"\n",
        "room,user,reason\nr,u1,\"You broke the rules\nspam, flood, insults\"\n",
        "user,reason\nu1,\"Two rules were broken:\nuser2 complained,\nrule3, too; so you have to leave\nBye\"\n",
        "user,reason\nu1,\"Broken:\nrule3, twice\nrule4, once\nand so on\"\n",
        "reason,user\n\"You were warned, twice\nBye\",u1\n",
        "user,a,b\nu1,\"x, y\",\"z\nu2, p, q\"\n",
    ] {
        let rows = read(input, Format::Csv);
        let user = if input.contains("ann") { "ann" } else { "u1" };
        assert_eq!(rows, [user], "{input:?}");
    }
}

#[test]
fn a_quoted_cell_of_several_lines_of_text_is_a_cell() {
    for input in [
        "user,reason\nu1,\"see rule 3:\n- spam, ads\n- no, not ads\"\n",
        "user,reason\nu1,\"first\nsecond, third\nlast\"\n",
        "user,reason\nu1,\"first\nsecond, \"\"quoted\"\"\"\n",
        "reason,user\n\"well, then\nlast, or not\",u1\n",
        "user,reason,note\nu1,\"a, b\nc\",d\n",
        "reason,user,note\n\"a\nb\",u1,\"c\nd\"\n",
        "user,reason\nu1,\"Dear user,\nplease, do not\nspam\"\n",
        "user,reason\nu1,\"first, second\n\nlast\"\n",
        "reason,user\n\"first\nlast\",u1\n",
        "reason,user\n\"first\r\nlast\",u1\r\n",
        "user,reason\nu1,\"a\nb\"\n",
        "user,reason\n\"u1\",\"a \"\"b\"\"\nc\"\n",
    ] {
        assert_eq!(read(input, Format::Csv), ["u1"], "{input:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_costs_the_rows_inside_the_limit_only() {
    let open = "2: a quote is opened here and never closed";
    let feed = "user,reason\nu1,\"x\nu2,y\nu3,z\n";
    assert_eq!(read(feed, Format::Csv), [open]);
    let long = format!("user,reason\nu1,\"x\n{}u3,z\n", "u2,y\n".repeat(14_000));
    let rows = read(&long, Format::Csv);
    assert_eq!(rows[0], open);
    assert_eq!(rows.last().map(String::as_str), Some("u3"));
    assert!(rows.len() < 1_000, "{}", rows.len());
}

#[test]
fn in_a_feed_a_row_is_one_line_in_every_format() {
    for (input, rows) in [
        (
            "room,user,reason\nr,a,\"rude\nr,b,spam\nr,c,spam\n",
            vec![open_in_feed(2), perhaps_text(3, 2), perhaps_text(4, 2)],
        ),
        // Each of two stray quotes is a bad row of its own.
        (
            "user,reason\nu1,\"a\nu2,b\nu3,\"c\nu4,d\n",
            vec![
                open_in_feed(2),
                perhaps_text(3, 2),
                open_in_feed(4),
                perhaps_text(5, 4),
            ],
        ),
        (
            "user,reason\r\nu1,\"a\r\nu2,b\r\n",
            vec![open_in_feed(2), perhaps_text(3, 2)],
        ),
        ("user,reason\nu1,\"a", vec![open_in_feed(2)]),
        (
            "user,reason\n\"u1\",\"a, b\"\nu2,\"say \"\"hi\"\"\"\n",
            vec!["u1".into(), "u2".into()],
        ),
    ] {
        assert_eq!(feed(input, Format::Csv), rows, "{input:?}");
        let tsv = input.replace(", ", "; ").replace(',', "\t");
        assert_eq!(feed(&tsv, Format::Tsv), rows, "{tsv:?}");
    }
    let header = feed("user,\"reason\nu1,x\n", Format::Csv);
    assert_eq!(header, [open_in_feed(1)]);
}

/// What is reported of a list that is read as meant, or not.
fn warnings(input: &str) -> Vec<String> {
    let mut rows = Rows::new(input.as_bytes(), Layout::of(Some(Format::Csv)));
    for row in rows.by_ref() {
        row.expect("good");
    }
    let doubtful = rows.doubtful_rows();
    assert_eq!(doubtful.total, doubtful.first.len());
    let shown = doubtful.first.iter().map(ToString::to_string);
    shown
        .map(|text| text.replace("; if they are rows, correct the quotes", ""))
        .map(|text| text.replace("; if it is a row, correct the quotes", ""))
        .collect()
}

#[test]
fn a_cell_is_doubtful_if_each_of_its_later_lines_would_be_a_row() {
    for (input, warning) in [
        (
            "user,reason\nu1,\"5 inch\nbob, spam\ncarol, tall 5\"\n",
            "2: the row of u1 has 3 lines, and lines 3 and 4 would be rows by themselves",
        ),
        (
            "user,reason\nu1,\"5 inch\nbob, spam\ncy, spam\ncarol, tall 5\"\n",
            "2: the row of u1 has 4 lines, and lines 3 to 5 would be rows by themselves",
        ),
        (
            "user,reason\nu0,x\nu1,\"Spam\nBye, admin\"\n",
            "3: the row of u1 has 2 lines, and line 4 would be a row by itself",
        ),
        (
            "user,reason\nu1,\"Spam\n\nBye, admin\"\n",
            "2: the row of u1 has 3 lines, and line 4 would be a row by itself",
        ),
        (
            "user,reason\r\nu1,\"Spam\r\nBye, admin\"\r\n",
            "2: the row of u1 has 2 lines, and line 3 would be a row by itself",
        ),
        (
            "room,user,reason\nr,u1,\"5 inch\nr, bob, tall 5\"\n",
            "2: the row of u1 has 2 lines, and line 3 would be a row by itself",
        ),
        (
            "reason,user\n\"5 inch, ann\ntall 5\",bob\n",
            "2: the row of bob has 2 lines, and line 2 would be a row by itself",
        ),
        (
            "Member_Account,\"reason\nann, x\"\nu1,z\n",
            "1: the header has 2 lines, and line 2 would be a row by itself",
        ),
    ] {
        assert_eq!(warnings(input), [warning], "{input:?}");
    }
}

#[test]
fn a_text_with_a_line_that_would_be_no_row_is_not_doubtful() {
    for input in [
        "user,reason\nu1,\"a\nb\"\n",
        "user,reason\nu1,\"You were kicked.\nRegards,\nThe team\"\n",
        "user,reason\nu1,\"see rule 3:\n- spam, ads\nno more of it\"\n",
        "user,reason\nu1,\"Spam\n\u{e4}rger, admin\"\n",
        "user,reason\nu1,\"first\nsecond, \"\"quoted\"\"\"\n",
        "room,user,reason\nr,u1,\"Spam\nBye, admin\"\n",
        "reason,user\n\"first\nlast\",u1\n",
        "reason,user\n\"Dear user\nSpam, today\nBye\",u1\n",
        "reason,user\n\"Twice, today\nBye, admin\",u1\n",
    ] {
        assert_eq!(warnings(input), [""; 0], "{input:?}");
    }
}
