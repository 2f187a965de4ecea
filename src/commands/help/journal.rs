//! The topic `journal`: how an interrupted job goes on.

/// The topic.
pub(super) const TEXT: &str = "\
With --journal FILE a job can be stopped at any moment, by Ctrl-C, a dead
network or kill -9: the same command again goes on where it ended.

  roomctl kick --from spam.csv --reason spam --journal spam.journal

Every request is written to FILE before it leaves, and every outcome after. A
member is known by SDKAppID, action, room and UserID, never by the line in the
list: the list may grow, shrink or be sorted anew between two runs.

  settled      removed, gone, absent (of a ban banned alone, of an unban
               unbanned): left out by the next run; --again asks them, too
  not settled  refused, unknown, unsent: asked about again
  in doubt     a request was written down and no outcome is: asked about again,
               and who is not in the room any more is then called gone

The exit code speaks of the whole of today's plan, with what earlier runs have
settled. A last line that was cut short is taken out and told of; damage in the
middle, a journal of another app, of a rehearsal or in use is exit 7, and
nothing is sent. The file is the caller's alone (mode 0600); it holds names and
no secret.

Each line is JSON with the keys of -o json. Who was removed, when, why, and with
which RequestId to ask support:

  jq -c 'select(.Outcome == \"removed\")' spam.journal

--audit FILE appends who did what to whom, for the record; roomctl never reads
it back. --failed-to FILE keeps whom it was not done to, as a new list.
";
