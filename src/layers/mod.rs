//! What surrounds every call, one tower layer a file, in the order a request
//! passes them:
//!
//! 1. `request_id`: a name for the call, in its answer and its log lines;
//! 2. `observe`: metrics and the log line of the call;
//! 3. `errors`: gives the library's own errors our `ErrorInfo`;
//! 4. `panics`: a panic becomes INTERNAL;
//! 5. `auth`: asks who calls, and refuses who may not or asks for too much;
//! 6. `admission`: refuses what is too much for the server;
//! 7. `deadline`: ends the call in time;
//! 8. `drain`: ends forgotten streams when the server drains.

mod admission;
mod auth;
mod body;
mod deadline;
mod drain;
mod errors;
mod observe;
mod panics;
mod record;
mod request_id;

use std::convert::Infallible;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::{Request, Response};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::body::Body;
use tower::{Service, ServiceBuilder};

pub use auth::Access;
pub use deadline::Deadline;
pub(crate) use errors::stream_fault;
pub use record::{Figures, Record};
pub use request_id::RequestId;

use crate::fault::Fault;
use crate::limits::Limits;
use crate::pool::Pool;
use crate::service::wire::text_analytics_service_server as wire;

/// The answer of a layer's service, boxed.
type Answering = BoxFuture<'static, Result<Response<Body>, Infallible>>;

/// A service a layer can stand around.
trait Inner:
    Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
    + Clone
    + Send
    + 'static
{
}

impl<S> Inner for S where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static
{
}

/// All layers around `inner`, which must be ready at any time.
///
/// `max_in_flight` calls of the analytics service are answered at once; more
/// are refused, and so is what `pool` has no room for. Health and reflection are
/// not counted. Without `access` everyone may call. Calls that take longer than
/// `slow` are logged. `drain` is cancelled when the server drains.
pub fn around<S>(
    inner: S,
    limits: &Limits,
    access: Option<&Access>,
    slow: Option<Duration>,
    max_in_flight: usize,
    pool: Pool,
    drain: &CancellationToken,
) -> impl Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static
+ use<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + 'static,
{
    ServiceBuilder::new()
        .layer_fn(request_id::Service::new)
        .layer_fn(|inner| observe::Service::new(inner, slow))
        .layer_fn(|inner| errors::Service::new(inner, limits.max_request_bytes))
        .layer_fn(panics::Service::new)
        .layer_fn(|inner| auth::Service::new(inner, access.cloned()))
        .layer(admission::Layer::new(max_in_flight, pool))
        .layer_fn(|inner| deadline::Service::new(inner, limits))
        .layer_fn(|inner| drain::Service::new(inner, drain.clone()))
        .service(inner)
}

/// The answer that is nothing but a fault.
fn refuse(fault: Fault) -> Response<Body> {
    Status::from(fault).into_http()
}

/// The part of a path after the service's name, if the service is the
/// analytics service.
fn analytics_method(path: &str) -> Option<&str> {
    path.strip_prefix('/')?.strip_prefix(wire::SERVICE_NAME)?.strip_prefix('/')
}
