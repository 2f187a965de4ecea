//! Where outcomes are appended for those who ask later. A setting of kick that
//! has a variable, so it is found as those of the connection are.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::env::Env;
use super::error::Error;
use super::layers::Layers;
use super::names::AUDIT;
use super::profile::Profile;
use super::source::Setting;
use super::value::{FlagSource, RawData};

struct Flag(Option<OsString>);

impl FlagSource for Flag {
    fn value(&self, flag: &str) -> Option<RawData> {
        let is_it = Some(flag) == AUDIT.flag;
        self.0.clone().filter(|_| is_it).map(RawData::from)
    }
}

/// The file of `--audit`, `ROOMCTL_AUDIT` or the profile, if any names one.
pub fn audit(
    flag: Option<&OsStr>,
    env: &Env,
    profile: Option<&Profile>,
) -> Result<Option<Setting<PathBuf>>, Error> {
    let flag = Flag(flag.map(OsStr::to_owned));
    let Some(raw) = Layers::new(&flag, env, profile).one(&AUDIT) else {
        return Ok(None);
    };
    let path = raw.path(env)?;
    Ok(Some(raw.setting(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Source;

    #[test]
    fn the_flag_goes_before_the_variable() {
        let env = Env::from_pairs([("ROOMCTL_AUDIT", "~/audit"), ("HOME", "/h")]);
        let of = |flag: Option<&str>| audit(flag.map(OsStr::new), &env, None);
        let by_flag = of(Some("a")).expect("good").expect("given");
        assert_eq!(by_flag.value, PathBuf::from("a"));
        assert_eq!(by_flag.source, Source::Flag("--audit"));
        let by_variable = of(None).expect("good").expect("given");
        assert_eq!(by_variable.value, PathBuf::from("/h/audit"));
        assert_eq!(of(Some("")).expect_err("empty").exit().code(), 2);
        assert!(audit(None, &Env::default(), None).expect("good").is_none());
    }
}
