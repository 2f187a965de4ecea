//! No input makes the reader panic or lose a row, and lists written by other
//! libraries are read back unchanged.

use proptest::prelude::*;

use super::{Format, Layout, NameOf, Rows, check_name};

/// Room, user, reason.
type Written = (String, String, String);

fn rows() -> impl Strategy<Value = Vec<Written>> {
    let reason = r#"[a-z "',;\n\r\t踢]{0,20}"#;
    let row = ("[ -~]{0,48}", "[ -~]{1,32}", reason);
    prop::collection::vec(row, 0..20)
}

/// Rows that a table may hold: their names look like names.
fn plain_rows() -> impl Strategy<Value = Vec<Written>> {
    rows().prop_map(|mut rows| {
        let is_plain = |(room, user, _): &Written| {
            check_name(user, NameOf::User).is_none() && check_name(room, NameOf::Room).is_none()
        };
        rows.retain(is_plain);
        rows
    })
}

fn read(input: &[u8], format: Format) -> Vec<Written> {
    Rows::new(input, Layout::of(Some(format)))
        .map(|row| {
            let row = row.expect("good");
            let room = row.room.map(|room| room.to_string());
            let reason = row.reason.map(|reason| reason.to_string());
            let user = row.user.to_string();
            (room.unwrap_or_default(), user, reason.unwrap_or_default())
        })
        .collect()
}

fn table(rows: &[Written], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer
        .write_record(["room", "user", "reason"])
        .expect("written");
    for (room, user, reason) in rows {
        writer.write_record([room, user, reason]).expect("written");
    }
    writer.into_inner().expect("written")
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_reads_back(mut rows in plain_rows()) {
        // A line like a row is refused in a cell, and in TSV every line end.
        rows.retain(|(_, _, reason)| reason.lines().all(|line| line.matches(',').count() != 2));
        prop_assert_eq!(&read(&table(&rows, b','), Format::Csv), &rows);
        rows.retain(|(_, _, reason)| !reason.contains('\n'));
        prop_assert_eq!(&read(&table(&rows, b'\t'), Format::Tsv), &rows);
    }

    #[test]
    fn what_serde_writes_reads_back(rows in rows()) {
        let object = |(room, user, reason): &Written| {
            serde_json::json!({"RoomId": room, "Member_Account": user, "Reason": reason})
        };
        let text: Vec<String> = rows.iter().map(|row| object(row).to_string()).collect();
        prop_assert_eq!(&read(text.join("\r\n").as_bytes(), Format::Json), &rows);
    }

    #[test]
    fn no_bytes_make_it_panic(
        input in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"\",\n\r\t{}u"[..])], 0..200),
        head in prop::sample::select(&["", "user,room\n", "user\n", "{\"Member_Account\":\""][..]),
    ) {
        let input = [head.as_bytes(), &input].concat();
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            let mut last = 0;
            for row in Rows::new(&input[..], Layout::of(format)).flatten() {
                prop_assert!(row.line >= last, "rows come in order");
                last = row.line;
            }
        }
    }
}
