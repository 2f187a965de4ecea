//! Tables: headers, named columns, quoting, bad rows.

use super::{Columns, Format, Layout, Rows};

fn read_with(input: &str, columns: Option<&str>) -> Vec<String> {
    let columns = columns.map(|names| Columns::parse(names).expect("columns"));
    let layout = Layout {
        columns,
        ..Layout::of(Some(Format::Csv))
    };
    let rows = Rows::new(input.as_bytes(), layout);
    rows.map(|row| match row {
        Err(bad) => bad.to_string(),
        Ok(row) => {
            let room = row.room.map(|room| room.to_string());
            let reason = row.reason.map(|reason| reason.to_string());
            format!(
                "{}={}/{}/{}",
                row.line,
                room.as_deref().unwrap_or("-"),
                row.user,
                reason.as_deref().unwrap_or("-"),
            )
        }
    })
    .collect()
}

fn read(input: &str) -> Vec<String> {
    read_with(input, None)
}

#[test]
fn the_header_says_where_values_stand_and_empty_cells_are_not_given() {
    assert_eq!(
        read("reason,id,user,room\nspam,1,alice,r\n,2,bob,\n"),
        ["2=r/alice/spam", "3=-/bob/-"]
    );
    assert_eq!(read("user\nalice\n\nbob"), ["2=-/alice/-", "4=-/bob/-"]);
}

#[test]
fn quotes_are_those_of_rfc_4180() {
    assert_eq!(
        read("\"room\",user,reason\n\"r,1\",\"a\",\"say \"\"hi\"\"\nthere\"\nr,b,x\n"),
        ["2=r,1/a/say \"hi\"\nthere", "4=r/b/x"]
    );
}

/// The rows of a list in this layout.
fn read_as(input: &str, layout: Layout) -> Vec<String> {
    let rows = Rows::new(input.as_bytes(), layout);
    let in_words = |row: super::Row| {
        let room = row.room.map_or("-".into(), |room| room.to_string());
        format!("{}={room}/{}", row.line, row.user)
    };
    rows.map(|row| row.map_or_else(|bad| bad.to_string(), in_words))
        .collect()
}

#[test]
fn the_separator_of_a_csv_is_found_in_its_header() {
    for input in [
        "room,user\nr,a\n",
        "room;user\nr;a\n",
        "room\tuser\nr\ta\n",
        "\"room\";\"user\"\n\"r\";\"a\"\n",
        "note,size;user;x\n1,5;a;y\n",
        "\nroom;user\nr;a\n",
        "sep=;\nroom;user\nr;a\n",
        "\u{feff}sep=;\r\nroom;user\r\nr;a\r\n",
        "\"sep=|\"\nroom|user\nr|a\n",
        "SEP=\t\nroom\tuser\nr\ta\n",
    ] {
        let rows = read(input);
        assert!(
            rows.len() == 1 && (rows[0].ends_with("/a/-")),
            "{input:?}: {rows:?}"
        );
    }
    assert_eq!(
        read("room|user\nr|a\n"),
        ["1: the columns are separated by '|'"]
    );
    assert_eq!(
        read("room;userid\nr;a\n"),
        ["1: unknown column \"userid\": did you mean user?"]
    );
}

#[test]
fn a_header_with_two_separators_is_refused() {
    for (input, why) in [
        (
            "user;room,reason\na;r,x\n",
            "';' and, in \"room,reason\", ','",
        ),
        ("user,name;room\na,b;r\n", "',' and, in \"name;room\", ';'"),
        (
            "note,room;user;x\n1,5;a;y\n",
            "';' and, in \"note,room\", ','",
        ),
        ("user,\"room, id\"\na,r\n", "',' and, in \"room, id\", ','"),
        ("user\troom|x\na\tr|x\n", "tabs and, in \"room|x\", '|'"),
    ] {
        let expected = format!("1: the header has two separators: {why}");
        assert_eq!(read(input), [expected], "{input:?}");
    }
    assert_eq!(read("user,\"note, old; x\"\na,r\n"), ["2=-/a/-"]);
}

#[test]
fn a_delimiter_that_is_given_is_used() {
    let with = |delimiter: u8, columns: Option<&str>| Layout {
        delimiter: Some(delimiter),
        columns: columns.map(|names| Columns::parse(names).expect("columns")),
        ..Layout::of(Some(Format::Csv))
    };
    assert_eq!(read_as("room|user\nr|a\n", with(b'|', None)), ["2=r/a"]);
    assert_eq!(
        read_as("sep=;\nroom|user\nr|a\n", with(b'|', None)),
        ["3=r/a"]
    );
    assert_eq!(read_as("r:a\n", with(b':', Some("room,user"))), ["1=r/a"]);
    // Without one, the first row of as many cells as columns decides.
    let found = |input| read_with(input, Some("room,user"));
    assert_eq!(found("r;a\nr;b\n"), ["1=r/a/-", "2=r/b/-"]);
    assert_eq!(found("r\ta\n"), ["1=r/a/-"]);
    assert_eq!(
        found("r:a\n"),
        ["1: has the wrong number of cells: 1 instead of 2"]
    );
}

#[test]
fn tabs_separate_in_tsv_only() {
    let tsv = |input| read_as(input, Layout::of(Some(Format::Tsv)));
    assert_eq!(tsv("room\tuser\nr,1\ta\n"), ["2=r,1/a"]);
    assert_eq!(
        tsv("room,user\nr,a\n"),
        ["1: the columns are separated by ','"]
    );
}

#[test]
fn a_second_header_and_a_header_in_another_encoding_are_bad() {
    let again = "3: is a header again: several lists were joined here";
    assert_eq!(
        read("room,user\nr,a\nroom,user\nr,b\n"),
        ["2=r/a/-", again, "4=r/b/-"]
    );
    assert_eq!(
        read("user\na\nMember_Account\nb\n"),
        ["2=-/a/-", again, "4=-/b/-"]
    );
    for input in [
        "user,name\nuser1,Al\nname,user\nBob,user2\n",
        "user,room\nuser1,room-test\nroom,user\nroom-test,user2\n",
        "room,user\nroom-test,user1\nRoom,User\nroom-test,user2\n",
        "user,Stadt\nuser1,x\nstadt,User\nx,user2\n",
        "user,x,reason\nuser1,x,\nroom,,UserID\nr,x,user2\n",
    ] {
        assert_eq!(read(input)[1], again, "{input:?}");
    }
    // One name alone may be a member's.
    assert_eq!(
        read("user,room\nname,r\nid,\nuser,r\n"),
        ["2=r/name/-", "3=-/id/-", "4=r/user/-"]
    );
    let rows = Rows::new(
        &b"\xb7\xbf\xbc\xe4,user\nr,a\n"[..],
        Layout::of(Some(Format::Csv)),
    );
    let rows: Vec<String> = rows.map(|row| row.expect_err("bad").to_string()).collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(
        rows[0].starts_with("1: is not UTF-8: likely GBK"),
        "{rows:?}"
    );
}

#[test]
fn cells_that_are_hardly_names_are_bad_rows() {
    let rows = read(
        "room,user\nr,a \nr ,b\nr,\"\"\"c\"\"\"\nr,1.23457E+11\n#N/A,d\nr,\"e,f\"\nr,\u{a0}g\nr,NULL\nr,Alice Smith\n",
    );
    for (row, why) in rows.iter().zip([
        "2: user \"a \" ends with a blank",
        "3: room \"r \" ends with a blank",
        "4: user \"\\\"c\\\"\" has a quote",
        "5: user \"1.23457E+11\" is what a spreadsheet shows",
        "6: room \"#N/A\" is what a spreadsheet shows",
        "7: user \"e,f\" has a comma inside",
        "8: user \"\\u{a0}g\" begins with a no-break space",
        "9: user \"NULL\" stands for a missing value",
    ]) {
        assert!(row.starts_with(why), "{row}");
    }
    assert!(
        rows[8].starts_with("10: user \"Alice Smith\" has a blank inside"),
        "{}",
        rows[8]
    );
}

#[test]
fn every_problem_of_a_row_is_reported() {
    let rows = read(&format!("room,user,reason\n房,a ,{}\n", "x".repeat(1001)));
    for part in [
        "2: room \"房\": ",
        "; user \"a \" ends with a blank",
        "; reason: 1001 of 1000",
    ] {
        assert!(rows[0].contains(part), "{rows:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_names_the_line_where_it_began() {
    let message = "3: a quote is opened here and never closed";
    assert_eq!(read("user,room\na,r\nb,\"r\nc,r\n"), ["2=r/a/-", message]);
    let long = format!("user\na\n\"{}\nz\n", "b\n".repeat(40_000));
    let rows = read(&long);
    assert_eq!(rows[1], message);
    assert_eq!(rows.last().map(String::as_str), Some("40004=-/z/-"));
    assert_eq!(read("user,room\na,r\nx\",\"y\nb,r\n"), ["2=r/a/-", message]);
}

#[test]
fn a_quote_inside_a_bare_cell_is_a_character_and_text_after_a_quote_is_bad() {
    assert_eq!(
        read("user,room\n5\"tall,r\n\"a\"b,r\n\"c\" ,r\nd,r\n"),
        [
            "2=r/5\"tall/-",
            "3: has text after a closing quote",
            "4: has text after a closing quote",
            "5=r/d/-"
        ]
    );
}

#[test]
fn ragged_rows_are_bad() {
    assert_eq!(
        read("room,user\nr\nr,a\nr,a,x\n"),
        [
            "2: has the wrong number of cells: 1 instead of 2",
            "3=r/a/-",
            "4: has the wrong number of cells: 3 instead of 2"
        ]
    );
}

#[test]
fn a_row_of_empty_cells_is_blank_and_one_without_a_user_is_bad() {
    assert_eq!(
        read("room,user,reason\n,,\nr,,x\nr,\"\",x\n"),
        ["3: has no user", "4: has no user"]
    );
}

#[test]
fn a_cr_alone_is_no_line_end() {
    assert_eq!(
        read("user\na\rb\nc\n"),
        [
            "2: has a line break outside of quotes, a CR without LF",
            "3=-/c/-"
        ]
    );
}

#[test]
fn a_header_that_cannot_be_used_ends_the_list() {
    assert_eq!(read("user,USER\na,b\n"), ["1: two columns hold the user"]);
    let none = read("room-test,user1\nroom-test,user2\n");
    assert_eq!(none.len(), 1);
    assert!(none[0].starts_with("1: no column is named user or Member_Account"));
}

#[test]
fn columns_can_be_named_where_there_is_no_header() {
    assert_eq!(
        read_with("r,a,x,1\n,b,,2\n", Some("room,user,reason,-")),
        ["1=r/a/x", "2=-/b/-"]
    );
    assert_eq!(
        read_with("RoomId,Member_Account\nr,a\nr,b \n", Some("room,user")),
        [
            "1: is a header: remove --columns",
            "2=r/a/-",
            "3: user \"b \" ends with a blank"
        ]
    );
    assert_eq!(
        read_with("r,a\nroom,user\n", Some("room,user")),
        [
            "1=r/a/-",
            "2: is a header again: several lists were joined here"
        ]
    );
}

#[test]
fn values_the_service_would_not_take_are_bad_rows() {
    let rows = read(&format!(
        "room,user,reason\n房,a,x\nr,b\u{7f},x\nr,c,{}\n",
        "x".repeat(1001)
    ));
    assert!(rows[0].starts_with("2: room \"房\": "), "{}", rows[0]);
    assert!(rows[1].starts_with("3: user \"b\\u{7f}\": "), "{}", rows[1]);
    assert!(rows[2].starts_with("4: reason: 1001 of 1000 bytes"));
}

#[test]
fn a_byte_order_mark_inside_the_list_is_a_character() {
    let rows = read("user\n\u{feff}a\n");
    assert!(
        rows[0].starts_with("2: user \"\\u{feff}a\" begins with a byte order mark"),
        "{}",
        rows[0]
    );
}
