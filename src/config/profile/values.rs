//! The flags of the connection as values to store: checked by the rules that will
//! hold when they are read, and nothing else looked at. Variables are not stored.

use std::ffi::OsStr;
use std::path::Path;

use toml_edit::Value as Toml;

use super::Profiles;
use crate::config::args::{ConnectionArgs, OutputArgs};
use crate::config::choice::{self, Format};
use crate::config::credential;
use crate::config::destination::destination;
use crate::config::duration;
use crate::config::env::Env;
use crate::config::error::{Error, Problem, Problems};
use crate::config::identity;
use crate::config::key;
use crate::config::layers::Layers;
use crate::config::names::{
    CA_FILE, CONNECT_TIMEOUT, ENDPOINT, EXPIRE, IDENTIFIER, OUTPUT, REGION, SDKAPPID, SECRET_KEY,
    SECRET_KEY_FILE, SettingSpec, TIMEOUT, TLS_ROOTS, USERSIG, USERSIG_FILE,
};
use crate::config::settings::Credential;
use crate::config::signature;
use crate::config::source::Setting;
use crate::config::stdin::StdinClaim;
use crate::config::trust::trust;
use crate::config::value::{FlagSource, RawData, RawValue};
use crate::room::UserId;

/// Keys that a flag can set, and the one that excludes some of those.
pub(super) const STORED: [&str; 15] = [
    "sdkappid",
    "identifier",
    "secret_key",
    "secret_key_file",
    "secret_key_command",
    "usersig",
    "usersig_file",
    "region",
    "endpoint",
    "ca_file",
    "tls_roots",
    "expire",
    "timeout",
    "connect_timeout",
    "output",
];

/// What the user typed at a question rather than on the command line.
#[derive(Debug, Clone, Copy, Default)]
pub struct Prompted {
    /// The key: nobody else could see it.
    pub key: bool,
}

/// Values for a profile, in the order of the contract. Not for `Debug`: a key
/// may be among them.
pub struct Values {
    pairs: Vec<(&'static str, Toml)>,
    /// To be said once on stderr.
    pub warnings: Vec<String>,
}

impl Values {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    pub(super) fn pairs(&self) -> &[(&'static str, Toml)] {
        &self.pairs
    }

    /// Everything that was given by flag; all problems are reported together.
    /// A file is looked into, as it will be; `-` is read and its content stored.
    pub fn of_flags(
        args: &ConnectionArgs,
        output: &OutputArgs,
        env: &Env,
        prompted: Prompted,
        now_unix: u64,
        stdin: &mut StdinClaim,
    ) -> Result<Self, Error> {
        let home = env.home().map(|home| ("HOME", home.as_os_str()));
        let home = Env::from_pairs(home);
        let flags = Both(args, output);
        let mut reader = Reader {
            layers: Layers::new(&flags, &home, None),
            env: &home,
            prompted,
            problems: Problems::default(),
            values: Self {
                pairs: Vec::new(),
                warnings: Vec::new(),
            },
        };
        reader.all(now_unix, stdin);
        let Reader {
            problems, values, ..
        } = reader;
        problems.into_result().map(|()| values)
    }
}

/// The command line of both kinds of flags.
struct Both<'a>(&'a ConnectionArgs, &'a OutputArgs);

impl FlagSource for Both<'_> {
    fn value(&self, flag: &str) -> Option<RawData> {
        self.0.value(flag).or_else(|| self.1.value(flag))
    }
}

struct Reader<'a> {
    layers: Layers<'a>,
    env: &'a Env,
    prompted: Prompted,
    problems: Problems,
    values: Values,
}

impl Reader<'_> {
    fn all(&mut self, now_unix: u64, stdin: &mut StdinClaim) {
        let none = Profiles::default();
        let sdkappid = self.raw_value(&SDKAPPID).and_then(|_| {
            let number = self
                .problems
                .keep(identity::sdkappid(&self.layers, &none))?;
            self.put("sdkappid", i64::from(number.value));
            Some(number.value)
        });
        let identifier = self.raw_value(&IDENTIFIER).and_then(|_| {
            let name = identity::identifier(&self.layers, &none);
            let name = self.problems.keep(name)?.value;
            self.put("identifier", name.as_str());
            Some(name)
        });
        self.credential(sdkappid, identifier.as_ref(), now_unix, stdin);
        self.destination();
        let trusted = trust(&self.layers, self.env);
        self.problems.keep(trusted);
        self.path(&CA_FILE);
        self.text(&TLS_ROOTS);
        let expire = duration::expire(&self.layers);
        self.problems.keep(expire);
        let timeout = duration::timeout(&self.layers);
        self.problems.keep(timeout);
        let connect_timeout = duration::connect_timeout(&self.layers);
        self.problems.keep(connect_timeout);
        for name in [&EXPIRE, &TIMEOUT, &CONNECT_TIMEOUT, &OUTPUT] {
            self.text(name);
        }
        let output = self.raw_value(&OUTPUT);
        self.problems
            .keep(output.map_or(Ok(()), |raw| choice::parse::<Format>(&raw).map(drop)));
    }

    fn credential(
        &mut self,
        sdkappid: Option<u32>,
        identifier: Option<&UserId>,
        now_unix: u64,
        stdin: &mut StdinClaim,
    ) {
        let names = [&SECRET_KEY, &SECRET_KEY_FILE, &USERSIG, &USERSIG_FILE];
        let values = self.layers.top(&names);
        let Some(raw) = values.first() else { return };
        let read = credential::credential(&self.layers, &Profiles::default(), self.env, stdin);
        let Some(credential) = self.problems.absorb(read) else {
            return;
        };
        self.values.warnings = match &credential.value {
            Credential::Key(key) if self.prompted.key => key::warning(key).into_iter().collect(),
            _ => credential::warnings(&credential),
        };
        let Setting { value, .. } = credential;
        if let Credential::UserSig { claims, .. } = &value {
            let checked = signature::check(claims, sdkappid, identifier, now_unix);
            let checked = checked.map_err(|fault| raw.problem(&fault).hint(fault.hint()));
            self.problems.keep(checked);
        }
        let is_file = *raw.name == SECRET_KEY_FILE || *raw.name == USERSIG_FILE;
        if is_file && raw.os() != Some(OsStr::new("-")) {
            return self.path(raw.name);
        }
        match value {
            Credential::Key(key) => self.put("secret_key", key.expose()),
            Credential::UserSig { sig, .. } => self.put("usersig", sig.expose()),
            Credential::KeyCommand(_) => {}
        }
    }

    fn destination(&mut self) {
        let checked = destination(&self.layers, self.env);
        self.problems.keep(checked);
        // Beside an endpoint the region counts for nothing, and is not looked at.
        if let Some(region) = self.raw_value(&REGION)
            && self.raw_value(&ENDPOINT).is_some()
        {
            let message = "--region and --endpoint are given together; one of them is needed";
            let problem = Problem::new(region.exit(), message);
            self.problems.push(problem.hint("leave one of them out"));
        }
        self.text(&REGION);
        self.text(&ENDPOINT);
    }

    fn raw_value(&self, name: &'static SettingSpec) -> Option<RawValue> {
        self.layers.one(name)
    }

    fn text(&mut self, name: &'static SettingSpec) {
        if let (Some(raw), Some(key)) = (self.raw_value(name), name.key)
            && let Some(text) = self.problems.keep(raw.text().map(str::to_owned))
        {
            self.put(key, text.as_str());
        }
    }

    /// A file's name as it will be found from anywhere.
    fn path(&mut self, name: &'static SettingSpec) {
        if let (Some(raw), Some(key)) = (self.raw_value(name), name.key)
            && let Some(path) = self.problems.keep(absolute(&raw, self.env))
        {
            self.put(key, path.as_str());
        }
    }

    fn put(&mut self, key: &'static str, value: impl Into<Toml>) {
        self.values.pairs.push((key, value.into()));
    }
}

fn absolute(raw: &RawValue, env: &Env) -> Result<String, Problem> {
    let path = raw.path(env)?;
    let path = std::path::absolute(&path).map_err(|why| raw.problem(why))?;
    let text = Path::to_str(&path).map(str::to_owned);
    text.ok_or_else(|| raw.problem("is not UTF-8, which a configuration file must be"))
}
