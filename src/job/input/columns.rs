//! Which column of a table holds what: by its header, or as named on the
//! command line.

use crate::secret::excerpt;

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    User,
    Room,
    Reason,
}

impl Column {
    /// The column of that name: ours or the API's, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match () {
            () if is("user") || is("Member_Account") => Some(Self::User),
            () if is("room") || is("RoomId") => Some(Self::Room),
            () if is("reason") => Some(Self::Reason),
            () => None,
        }
    }

    /// Whether one letter is wrong in it, or it is called an ID or a name.
    fn resembles(self, name: &str) -> bool {
        let name = name.to_lowercase();
        let plain = name.replace(['_', '-', ' '], "");
        let longer = ["id", "name"].map(|end| format!("{}{end}", self.name()));
        longer.contains(&plain) || strsim::damerau_levenshtein(&name, self.name()) == 1
    }

    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Room => "room",
            Self::Reason => "reason",
        }
    }
}

/// Where the values stand in each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    user: usize,
    room: Option<usize>,
    reason: Option<usize>,
    width: usize,
}

/// Why columns cannot be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderProblem {
    /// Nobody would be named.
    #[error(
        "no column is called user or Member_Account, only {found}: without a header, say --columns room,user,reason"
    )]
    NoUser {
        /// The names there are.
        found: String,
    },
    /// A slip: whoever was to be removed from that room would be removed from
    /// another.
    #[error("the column {found:?} is not known: did you mean {meant}?")]
    Misspelt {
        /// The name there is.
        found: String,
        /// The name it may have been.
        meant: &'static str,
    },
    /// Which of the two is meant cannot be told.
    #[error("two columns hold the {0}")]
    Duplicate(&'static str),
    /// On the command line, where it can only be a slip.
    #[error("{0:?} is none of user, room, reason, nor - for a column to leave out")]
    UnknownName(String),
}

impl Columns {
    /// As a header names them; a column of another name is ignored, unless it is
    /// nearly one that is missing.
    pub(super) fn from_header<'a>(
        cells: &(impl Iterator<Item = &'a str> + Clone),
    ) -> Result<Self, HeaderProblem> {
        let mut found = [None; 3];
        for (at, name) in cells.clone().enumerate() {
            let Some(column) = Column::named(name) else {
                continue;
            };
            if found[column as usize].replace(at).is_some() {
                return Err(HeaderProblem::Duplicate(column.name()));
            }
        }
        let [user, room, reason] = found;
        let found = || {
            let names: Vec<String> = cells.clone().map(|name| format!("{name:?}")).collect();
            excerpt(&names.join(", "))
        };
        // Without any that is known it may be no header but a first row.
        let is_header = [user, room, reason].iter().any(Option::is_some);
        let columns = [Column::User, Column::Room, Column::Reason];
        let missing = [user, room, reason].into_iter().zip(columns);
        let missing = missing.filter(|(at, _)| at.is_none() && is_header);
        for (_, column) in missing {
            if let Some(slip) = cells.clone().find(|name| column.resembles(name)) {
                let (found, meant) = (excerpt(slip), column.name());
                return Err(HeaderProblem::Misspelt { found, meant });
            }
        }
        Ok(Self {
            user: user.ok_or_else(|| HeaderProblem::NoUser { found: found() })?,
            room,
            reason,
            width: cells.clone().count(),
        })
    }

    /// As named on the command line, with commas between; `-` or nothing stands
    /// for a column to leave out.
    pub fn parse(names: &str) -> Result<Self, HeaderProblem> {
        let names = names.split(',').map(str::trim);
        let is_odd = |name: &&str| !matches!(*name, "" | "-") && Column::named(name).is_none();
        match names.clone().find(is_odd) {
            Some(odd) => Err(HeaderProblem::UnknownName(excerpt(odd))),
            None => Self::from_header(&names),
        }
    }

    /// How many cells a row has.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Room, user and reason of a row; what there is no column for is empty.
    pub(super) fn pick<'a>(&self, cell: impl Fn(usize) -> &'a str) -> [&'a str; 3] {
        let optional = |at: Option<usize>| at.map_or("", &cell);
        [optional(self.room), cell(self.user), optional(self.reason)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cells: &[&str]) -> Result<[Option<usize>; 3], HeaderProblem> {
        let columns = Columns::from_header(&cells.iter().copied())?;
        assert_eq!(columns.width(), cells.len());
        Ok([columns.room, Some(columns.user), columns.reason])
    }

    #[test]
    fn our_names_and_the_apis_are_known_in_any_case() {
        let all = Ok([Some(0), Some(1), Some(2)]);
        assert_eq!(header(&["room", "user", "reason"]), all);
        assert_eq!(header(&["RoomId", "Member_Account", "Reason"]), all);
        assert_eq!(header(&["ROOMID", "member_account", "REASON"]), all);
        assert_eq!(header(&["user"]), Ok([None, Some(0), None]));
    }

    #[test]
    fn other_columns_are_ignored() {
        assert_eq!(
            header(&["id", "user", "note", "room", "note"]),
            Ok([Some(3), Some(1), None])
        );
    }

    #[test]
    fn a_column_that_is_nearly_a_missing_one_is_a_fault() {
        for (slip, meant) in [
            ("rooom", "room"),
            ("Rom", "room"),
            ("room_id", "room"),
            ("reson", "reason"),
        ] {
            let said = header(&["user", slip]).expect_err(slip).to_string();
            let expected = format!("the column {slip:?} is not known: did you mean {meant}?");
            assert_eq!(said, expected);
        }
        assert!(header(&["user", "room", "rooms", "season", "reason"]).is_ok());
        for slip in ["usr", "UserID", "user name"] {
            let said = header(&[slip, "room"]).expect_err(slip).to_string();
            assert!(said.ends_with("did you mean user?"), "{said}");
        }
    }

    #[test]
    fn a_column_twice_or_no_user_is_a_fault() {
        let twice = Err(HeaderProblem::Duplicate("user"));
        assert_eq!(header(&["user", "room", "Member_Account"]), twice);
        let twice = Err(HeaderProblem::Duplicate("room"));
        assert_eq!(header(&["RoomId", "user", "room"]), twice);
        let none = header(&["room", " user "]).expect_err("blanks are part of the name");
        let said = none.to_string();
        assert!(said.contains("only \"room\", \" user \":"), "{said}");
        assert!(said.contains("--columns"), "{said}");
    }

    #[test]
    fn the_command_line_names_columns_and_leaves_some_out() {
        let named = |text| Columns::parse(text).map(|columns| (columns.user, columns.width));
        assert_eq!(named("room, user,reason"), Ok((1, 3)));
        assert_eq!(named("-,,Member_Account"), Ok((2, 3)));
        assert_eq!(
            named("room,usr"),
            Err(HeaderProblem::UnknownName("usr".into()))
        );
        assert!(matches!(named("room"), Err(HeaderProblem::NoUser { .. })));
        assert_eq!(named("user,user"), Err(HeaderProblem::Duplicate("user")));
    }
}
