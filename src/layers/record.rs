//! What is noted of a call while it is answered.

use std::sync::{Arc, OnceLock};

use http::Extensions;

use crate::keys::Caller;

/// What is noted of a call, among the extensions of its request. The layer
/// that counts calls puts it there; whoever learns something notes it.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Notes>);

#[derive(Debug, Default)]
struct Notes {
    caller: OnceLock<Caller>,
}

impl Record {
    /// The record among a request's extensions, or one that nobody reads.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or_default()
    }

    /// Who calls, once that is known.
    pub fn caller(&self) -> Option<&Caller> {
        self.0.caller.get()
    }

    /// Notes who calls.
    pub(super) fn is_by(&self, caller: Caller) {
        let _ = self.0.caller.set(caller);
    }
}
