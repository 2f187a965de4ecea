//! What is asked of the service for each batch: the action, with how long a ban
//! lasts.

use std::time::{Duration, SystemTime};

use super::Args;
use super::faults::Faults;
use crate::api::{Answer, Client, Error};
use crate::job::{Batch, RetryWith};
use crate::room::Action;
use crate::secret::excerpt;

/// An action, ready to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServiceCall {
    Kick,
    /// For so many seconds.
    Ban(u32),
    Unban,
}

impl ServiceCall {
    /// As the flags say; of a ban without a usable length nothing comes, as
    /// that is a fault.
    pub(super) fn of(args: &Args, faults: &mut Faults) -> Self {
        match args.verb.action {
            Action::Kick => Self::Kick,
            Action::Ban => Self::Ban(lasts(args, faults)),
            Action::Unban => Self::Unban,
        }
    }

    /// What is done to the members.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Kick => Action::Kick,
            Self::Ban(_) => Action::Ban,
            Self::Unban => Action::Unban,
        }
    }

    /// One request.
    pub(super) fn send(
        self,
        client: &Client,
        batch: &Batch,
        now: SystemTime,
    ) -> Result<Answer, Error> {
        let fresh = batch.retry_with == RetryWith::NewConnection;
        let (room, members, reason) = (&batch.room, &batch.members, &batch.reason);
        match self {
            Self::Kick => client.kick_user_out(room, members, reason, now, fresh),
            Self::Ban(seconds) => {
                client.ban_room_member(room, members, reason, seconds, now, fresh)
            }
            Self::Unban => client.unban_room_member(room, members, now, fresh),
        }
    }
}

/// `--for`, in seconds.
fn lasts(args: &Args, faults: &mut Faults) -> u32 {
    let hint = "write it like 90s, 30m, 24h or 7d";
    let Some(text) = args.verb.lasts.as_deref() else {
        faults.push_with("a ban lasts for a time: give --for DURATION", hint);
        return 0;
    };
    let lasts = humantime::parse_duration(text).ok().and_then(whole);
    lasts.unwrap_or_else(|| {
        let text = excerpt(text);
        let fault =
            format_args!("--for {text:?}: is not a length of time in whole seconds, 1s to 49710d");
        faults.push_with(fault, hint);
        0
    })
}

/// The service counts in whole seconds.
fn whole(lasts: Duration) -> Option<u32> {
    let seconds = u32::try_from(lasts.as_secs()).ok();
    seconds.filter(|seconds| *seconds > 0 && lasts.subsec_nanos() == 0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::ban;
    use super::*;

    #[test]
    fn a_ban_lasts_for_whole_seconds() {
        let call = |text: &str| {
            let mut faults = Faults::default();
            let call = ServiceCall::of(&ban(&[&format!("--for={text}")]), &mut faults);
            faults.into_result().map(|()| call).ok()
        };
        assert_eq!(call("90s"), Some(ServiceCall::Ban(90)));
        assert_eq!(call("1000ms"), Some(ServiceCall::Ban(1)));
        assert_eq!(call("7d"), Some(ServiceCall::Ban(604_800)));
        for bad in ["", "0s", "500ms", "1500ms", "60", "-1s", "49711d", "long"] {
            assert_eq!(call(bad), None, "{bad}");
        }
        let mut faults = Faults::default();
        ServiceCall::of(&ban(&[]), &mut faults);
        let said = faults.into_result().expect_err("no --for").to_string();
        assert!(said.contains("--for DURATION"), "{said}");
    }
}
