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

/// How an object is printed: the text before each of its parts.
fn printed(object: &serde_json::Value, style: usize) -> String {
    let text = serde_json::to_string_pretty(object).expect("JSON");
    let lines = text.lines().map(str::trim_start);
    match style {
        0 => text,
        1 => lines.collect::<Vec<_>>().join("\n"),
        2 => text.replace('\n', "\r\n"),
        3 => text.replace("  ", "\t"),
        _ => lines.collect(),
    }
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

    /// Each name says in which room it is.
    #[test]
    fn no_name_is_taken_for_another_room_than_that_of_its_object(
        style in 0_usize..5,
        counts in prop::collection::vec(1_usize..4, 2..4),
        place in 0_usize..1000,
        is_line in any::<bool>(),
        is_live in any::<bool>(),
        in_array in any::<bool>(),
    ) {
        let object = |(n, count): (usize, &usize)| {
            let users: Vec<_> = (0..*count).map(|user| format!("r{n}u{user}")).collect();
            serde_json::json!({
                "Note": {"x": [1, "a]}b"]},
                "RoomId": format!("r{n}"),
                "MemberList_Account": users,
                "Reason": "x \"y\" {",
            })
        };
        let objects: Vec<_> = counts.iter().enumerate().map(object).collect();
        let text = if in_array {
            printed(&objects.into(), style)
        } else {
            let texts: Vec<_> = objects.iter().map(|object| printed(object, style)).collect();
            texts.join("\n")
        };
        let text = if is_line {
            let mut lines: Vec<_> = text.lines().collect();
            let cut = lines.remove(place % lines.len());
            // Its room is the given one then.
            prop_assume!(!cut.trim_start().starts_with("\"RoomId\""));
            lines.join("\n")
        } else {
            let at = place % text.len();
            format!("{}{}", &text[..at], &text[at + 1..])
        };
        let layout = Layout::of(Some(Format::Json));
        let rows = if is_live {
            Rows::live(text.as_bytes(), layout.clone())
        } else {
            Rows::new(text.as_bytes(), layout.clone())
        };
        let rows: Vec<_> = rows.collect();
        // Nothing of a list with a bad row is planned.
        let is_planned = is_live || rows.iter().all(Result::is_ok);
        for row in rows.into_iter().flatten().filter(|_| is_planned) {
            let room = row.room.map(|room| room.to_string());
            let (user, room) = (row.user.as_str(), room.as_deref().unwrap_or("none"));
            let own = user.split('u').next().expect("a part");
            // A character of either may be missing.
            let is_part = |part: &str, whole: &str| whole.starts_with(part) || whole.ends_with(part);
            let is_near = is_part(own, room) || is_part(room, own);
            prop_assert!(is_near, "{user} in {room} of {text}");
        }
    }
}
