//! The environment variables that point roomctl to a sandbox.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use crate::atomic_file::AtomicFile;
use crate::config::Format;
use crate::config::table::{Group, TLS_ROOTS, of_groups};
use crate::error::{Error, remedy_of_write};
use crate::file_name::display_path;
use crate::sandbox::Sandbox;

/// Settings of the caller that the sandbox replaces.
const REPLACED: [Group; 5] = [
    Group::Account,
    Group::Key,
    Group::UserSig,
    Group::Destination,
    Group::Trust,
];

/// Names and values of the variables. The file of the certificate authority is
/// deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Variables {
    all: Vec<(&'static str, String)>,
    ca_file: Option<NamedTempFile>,
}

impl Variables {
    pub(super) fn of(sandbox: &Sandbox) -> Result<Self, Error> {
        let mut all = vec![
            ("ROOMCTL_ENDPOINT", sandbox.endpoint()),
            ("ROOMCTL_SDKAPPID", sandbox.sdkappid().to_string()),
            ("ROOMCTL_IDENTIFIER", sandbox.identifier().to_owned()),
            (
                "ROOMCTL_SECRET_KEY",
                sandbox.secret_key().expose().to_owned(),
            ),
        ];
        let ca_file = sandbox.ca_pem().map(write_ca).transpose()?;
        if let Some(file) = &ca_file {
            all.push(("ROOMCTL_CA_FILE", file.path().display().to_string()));
        }
        Ok(Self { all, ca_file })
    }

    /// Sets the environment of a command that uses the sandbox.
    pub(super) fn set_for(&self, command: &mut Command) {
        for variable in of_groups(&REPLACED).filter_map(|spec| spec.variable) {
            command.env_remove(variable);
        }
        for (name, value) in &self.all {
            command.env(name, value);
        }
        if self.ca_file.is_some() {
            // With `tls_roots = "system"` of a profile, the certificate would be
            // untrusted.
            command.env(TLS_ROOTS.variable.unwrap_or_default(), "bundled");
        }
        command.env("ROOMCTL_SANDBOX", "1");
    }

    /// `export` lines for a shell, or one JSON object.
    pub(super) fn text(&self, format: Format) -> String {
        match format {
            Format::Text => self.exports(),
            Format::Json => {
                let object: serde_json::Map<_, _> = self
                    .all
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                    .collect();
                serde_json::Value::Object(object).to_string() + "\n"
            }
        }
    }

    /// Writes the `export` lines to a file, atomically. Only its owner can read it,
    /// because it contains the key.
    pub(super) fn write_to(&self, file: &Path) -> Result<(), Error> {
        let message = |why: &io::Error| format!("--env-file {}: {why}", display_path(file));
        let mut new = AtomicFile::open(file)
            .map_err(|why| Error::usage(message(&why), remedy_of_write(&why)))?;
        new.write_all(self.exports().as_bytes())
            .and_then(|()| new.finish())
            .map_err(|why| Error::not_written(&io::Error::new(why.kind(), message(&why))))
    }

    fn exports(&self) -> String {
        let line = |(name, value): &(&str, String)| {
            let quoted = shlex::try_quote(value).map_or_else(|_| value.clone(), Into::into);
            format!("export {name}={quoted}\n")
        };
        self.all.iter().map(line).collect()
    }
}

fn write_ca(pem: &str) -> Result<NamedTempFile, Error> {
    let write = || -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix("roomctl-ca-")
            .suffix(".pem")
            .tempfile()?;
        file.write_all(pem.as_bytes())?;
        Ok(file)
    };
    write()
        .context("cannot write the sandbox's certificate")
        .map_err(Error::from)
}
