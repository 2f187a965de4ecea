//! The service as it is on the wire: where it lives, what is sent, what comes
//! back, what its codes mean.
//!
//! Never retries, never sleeps, never prints; knows nothing of configuration.

mod client;
pub mod codes;
mod connector;
mod endpoint;
mod error;
mod failure;
mod probe;
mod progress;
mod proxy;
mod queries;
mod region;
mod remove;
mod resolve;
mod signer;
mod transport;
mod wire;

pub use client::Client;
pub use endpoint::{Endpoint, EndpointError};
pub use error::Error;
pub use probe::{Connected, Probe, Step};
pub use proxy::{Proxy, ProxyError};
pub use queries::{JsonObject, Page, QueryReply};
pub use region::Region;
pub use signer::{Signer, SigningMaterial};
pub use transport::{Roots, Transport};
pub use wire::Answer;
