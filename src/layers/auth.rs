//! Asks who calls: a bearer key for every call but those left open, and a call
//! off its holder's rate.

use std::convert::Infallible;
use std::task::{Context, Poll};

use http::header::AUTHORIZATION;
use http::{HeaderMap, Request, Response};
use tonic::body::Body;
use tracing::Span;

use super::{Answering, Inner, Record, refuse};
use crate::fault::Fault;
use crate::keys::{Caller, KeyRing};

/// Who may call what.
#[derive(Clone, Debug)]
pub struct Access {
    /// The keys that are accepted.
    pub keys: KeyRing,
    /// Whether health checks need no key.
    pub open_health: bool,
    /// Whether reflection needs no key.
    pub open_reflection: bool,
}

impl Access {
    fn is_open(&self, path: &str) -> bool {
        self.open_health && path.starts_with("/grpc.health.")
            || self.open_reflection && path.starts_with("/grpc.reflection.")
    }

    /// Who calls.
    fn caller(&self, headers: &HeaderMap) -> Result<Caller, Fault> {
        let key = bearer(headers).ok_or(Fault::MissingKey)?;
        self.keys.caller(key).ok_or(Fault::UnknownKey)
    }
}

/// The key in the one `authorization` header (RFC 6750, section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
}

#[derive(Clone)]
pub(super) struct Service<S> {
    inner: S,
    /// None lets everyone in.
    access: Option<Access>,
}

impl<S> Service<S> {
    pub(super) fn new(inner: S, access: Option<Access>) -> Self {
        Self { inner, access }
    }
}

impl<S: Inner> tower::Service<Request<Body>> for Service<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Answering {
        let Some(access) = &self.access else { return Box::pin(self.inner.call(request)) };
        if access.is_open(request.uri().path()) {
            return Box::pin(self.inner.call(request));
        }
        let caller = match access.caller(request.headers()) {
            Ok(caller) => caller,
            Err(fault) => return Box::pin(async { Ok(refuse(fault)) }),
        };
        // Nothing behind this needs the key any more, nor could it let it slip.
        request.headers_mut().remove(AUTHORIZATION);
        Span::current().record("caller", &*caller.name);
        Record::of(request.extensions()).is_by(caller.clone());
        if let Err(fault) = caller.take() {
            return Box::pin(async { Ok(refuse(fault)) });
        }
        Box::pin(self.inner.call(request))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, value.parse().unwrap())).collect()
    }

    #[test]
    fn a_key_stands_in_one_bearer_header() {
        assert_eq!(bearer(&headers(&["Bearer khabar_1"])), Some("khabar_1"));
        assert_eq!(bearer(&headers(&["bEARER  khabar_1 "])), Some("khabar_1"));
        for values in [
            &[][..],
            &["khabar_1"],
            &["Basic khabar_1"],
            &["Bearer"],
            &["Bearer "],
            &["Bearer khabar_1", "Bearer khabar_2"],
        ] {
            assert_eq!(bearer(&headers(values)), None, "{values:?}");
        }
    }
}
