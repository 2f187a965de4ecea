//! How a sandbox is found: the variables that lead roomctl to it.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;
use tempfile::NamedTempFile;

use crate::atomic_file::AtomicFile;
use crate::config::Format;
use crate::error::Error;
use crate::sandbox::Sandbox;

/// Names and values of variables; the file with the certificate lives as long.
#[derive(Debug)]
pub(super) struct Announcement {
    variables: Vec<(&'static str, String)>,
    ca_file: Option<NamedTempFile>,
}

impl Announcement {
    /// What leads to this sandbox.
    pub(super) fn of(sandbox: &Sandbox) -> Result<Self, Error> {
        let mut variables = vec![
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
            variables.push(("ROOMCTL_CA_FILE", file.path().display().to_string()));
        }
        Ok(Self { variables, ca_file })
    }

    /// The variables.
    pub(super) fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }

    /// Whether TLS is spoken, under an authority of the sandbox's own.
    pub(super) fn has_certificate(&self) -> bool {
        self.ca_file.is_some()
    }

    /// `export` lines for a shell, or one JSON object.
    pub(super) fn text(&self, format: Format) -> String {
        match format {
            Format::Text => self.exports(),
            Format::Json => {
                let object: serde_json::Map<_, _> = self
                    .variables
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                    .collect();
                serde_json::Value::Object(object).to_string() + "\n"
            }
        }
    }

    /// The `export` lines as a file, whole or not at all; it holds the key, so
    /// it is the caller's alone.
    pub(super) fn write_to(&self, file: &Path) -> Result<(), Error> {
        let said = |why: &io::Error| format!("--env-file {}: {why}", file.display());
        let mut new = AtomicFile::open(file)
            .map_err(|why| Error::usage(said(&why), "name a file that can be written"))?;
        new.write_all(self.exports().as_bytes())
            .and_then(|()| new.finish())
            .map_err(|why| Error::results(&io::Error::new(why.kind(), said(&why))))
    }

    fn exports(&self) -> String {
        let line = |(name, value): &(&str, String)| {
            let quoted = shlex::try_quote(value).map_or_else(|_| value.clone(), Into::into);
            format!("export {name}={quoted}\n")
        };
        self.variables.iter().map(line).collect()
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
