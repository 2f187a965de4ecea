//! The topic `input`: how lists of members are written.

/// The topic.
pub(super) const TEXT: &str = "\
Who is meant comes from --room and --user, from files (--from FILE, repeatable),
or from stdin (--from -). Everything is read and checked before anything is
sent; all bad rows are told together, as FILE:LINE: why. With --stream rows are
sent as they arrive instead.

  lines    one UserID a line; blank ones and those that begin with # are skipped

             alice
             bob

  csv, tsv a header that names user and, if need be, room and reason (or the
           API's Member_Account, RoomId, Reason); quotes as in RFC 4180. Without
           a header: --columns room,user,reason, with - for one to leave out

             room,user,reason
             room-test,alice,\"spam, again\"

  ndjson   an object a line, as -o json prints them; other keys are ignored, so
           that results can be filtered and fed back

             {\"RoomId\":\"room-test\",\"Member_Account\":\"alice\",\"Reason\":\"spam\"}
             {\"RoomId\":\"room-test\",\"MemberList_Account\":[\"bob\",\"carol\"]}

The format goes by the suffix (.csv, .tsv, .ndjson, .jsonl), else it is ndjson
if the first character is {, else lines; --format says it.

Rows without a room are meant for every --room; rows without a reason get
--reason, else the profile's. A RoomId has 1 to 48 bytes and a UserID 1 to 32,
of printable ASCII; a reason has at most 1000 bytes. Who is named twice for a
room is asked about once. The calling account and names that --protect or the
profile's protect match are never removed.
";
