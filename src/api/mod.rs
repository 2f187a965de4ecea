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
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzz;
mod named_usersig;
mod page_guard;
mod probe;
pub(crate) mod queries;
mod redact;
mod roots;
mod signer;
#[cfg(feature = "redis")]
mod stream;
mod tls;
mod tls_failure;
mod transport;
mod wire;

pub use client::Client;
pub use endpoint::{Endpoint, EndpointError, Region};
pub use error::Error;
pub(crate) use page_guard::{EndlessList, PageGuard};
pub(crate) use probe::{Probe, Step};
pub(crate) use queries::{JsonObject, ListPage, QueryAnswer, id_text, is_clear_name, member_count};
pub use roots::{Roots, SystemRoots};
pub use signer::{Signer, SigningMaterial};
#[cfg(feature = "redis")]
pub(crate) use stream::{Dialer, Stream};
pub use tls_failure::{RootsKind, TlsFailure};
pub(crate) use transport::ProxyError;
pub use transport::{Proxy, ProxyFailure, Transport};
pub use wire::Answer;
pub(crate) use wire::contradiction;
