//! The service on the wire: its addresses, its requests and answers, its codes.
//!
//! A [`Client`] sends one request. It does not retry, wait or print, and it
//! reads no configuration.

mod client;
pub mod codes;
mod connector;
mod endpoint;
mod error;
mod escapes;
mod probe;
mod proxy;
mod proxy_failure;
mod queries;
mod redact;
mod roots;
mod signer;
mod tls_failure;
mod wire;

pub use client::Client;
pub use endpoint::{Endpoint, EndpointError, Region, Transport};
pub use error::Error;
pub(crate) use probe::{Probe, Step};
pub use proxy::Proxy;
pub(crate) use proxy::ProxyError;
pub use proxy_failure::ProxyFailure;
pub(crate) use queries::{EndlessList, JsonObject, ListPage, PageGuard, QueryAnswer};
pub use roots::{Roots, SystemRoots};
pub use signer::{Signer, SigningMaterial};
pub use tls_failure::{RootsKind, TlsFailure};
pub use wire::Answer;
pub(crate) use wire::contradiction;
