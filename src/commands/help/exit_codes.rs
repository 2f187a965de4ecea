//! The topic `exit-codes`: the table of [`Exit`], and which code wins.

use std::fmt::Write as _;

use crate::exit::Exit;

const BELOW: &str = "
When several hold, the first of 7, 129/130/143, 4, 5, 6, 1 wins. With a journal
the code speaks of the whole of today's plan, not of this run alone. Codes may
be added: one that is not in this table is a failure.

roomctl explain CODE tells what helps. In a script:

  roomctl kick --from list --room r --reason spam --journal job --ignore-absent
  case $? in
    0)   ;;                            # everybody is out
    5)   echo 'run it again later' ;;  # the same command goes on where it ended
    1|6) echo 'some were refused' ;;
    *)   exit 1 ;;
  esac
";

/// The topic.
pub(super) fn text() -> String {
    let mut text = String::from("What roomctl ends with:\n\n");
    for exit in Exit::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {:>3}  {}", exit.code(), exit.meaning());
    }
    text + BELOW
}
