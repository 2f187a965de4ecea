//! Tables: headers, named columns, quoting, bad rows.

use super::{Columns, Format, Rows};

fn read_with(input: &str, columns: Option<&str>) -> Vec<String> {
    let columns = columns.map(|names| Columns::parse(names).expect("columns"));
    let rows = Rows::new(input.as_bytes(), Some(Format::Csv), columns);
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
        read("\"room\",user,reason\n\"r,1\",\" a \",\"say \"\"hi\"\"\nthere\"\nr,b,x\n"),
        ["2=r,1/ a /say \"hi\"\nthere", "4=r/b/x"]
    );
}

#[test]
fn tabs_separate_in_tsv_only() {
    let input = "room\tuser\nr\ta,b\n";
    let rows = Rows::new(input.as_bytes(), Some(Format::Tsv), None);
    let users: Vec<String> = rows
        .map(|row| row.expect("good").user.to_string())
        .collect();
    assert_eq!(users, ["a,b"]);
    assert!(read(input)[0].contains("no column is named user"));
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
        read("user,room\n5\" tall,r\n\"a\"b,r\n\"c\" ,r\nd,r\n"),
        [
            "2=r/5\" tall/-",
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
        read_with("RoomId,Member_Account\nr,a\n", Some("room,user")),
        ["1: is a header: remove --columns"]
    );
    assert_eq!(
        read_with("r,a\nroom,user\n", Some("room,user")),
        ["1=r/a/-", "2=room/user/-"]
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
        rows[0].starts_with("2: user \"\\u{feff}a\": "),
        "{}",
        rows[0]
    );
}
