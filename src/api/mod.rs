//! The service on the wire: its addresses, its requests and answers, its codes.
//!
//! A [`Client`] sends one request. It does not retry, wait or print, and it
//! reads no configuration.

mod client;
pub mod codes;
mod connector;
mod endpoint;
mod error;
mod paging;
mod probe;
mod queries;
mod redact;
mod signer;
mod wire;

pub use client::Client;
pub use endpoint::{Endpoint, EndpointError, Proxy, Region, Roots, Transport};
pub use error::Error;
pub(crate) use paging::{EndlessList, PageGuard};
pub(crate) use probe::{Probe, Step};
pub(crate) use queries::{JsonObject, ListPage, QueryReply};
pub use signer::{Signer, SigningMaterial};
pub use wire::Answer;
pub(crate) use wire::contradiction;
