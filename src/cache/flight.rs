//! Work that is being done, shared by all who wait for it.
//!
//! A flight is one run of the work. Whoever asks for the same key while it is
//! in the air comes aboard and gets its outcome. Getting off is dropping the
//! [`Boarding`]; when the last one is off, the flight is struck from the table
//! and its flag is raised. Nobody aboard is special: the one who started it
//! may leave like any other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::{Key, Outcome, RETRY_AFTER};
use crate::cancel::CancelFlag;
use crate::fault::Fault;

/// The table of flights in the air.
#[derive(Debug, Default)]
pub(super) struct Flights(Mutex<HashMap<Key, Arc<Flight>>>);

#[derive(Debug)]
struct Flight {
    /// Changed only under the table's lock, if the flight is in the table.
    aboard: AtomicUsize,
    cancel: CancelFlag,
    /// When the work is called off whoever is aboard.
    cap: Instant,
    outcome: watch::Sender<Option<Outcome>>,
}

impl Flight {
    fn new(cap: Instant) -> Arc<Self> {
        Arc::new(Self {
            aboard: AtomicUsize::new(1),
            cancel: CancelFlag::new(),
            cap,
            outcome: watch::Sender::new(None),
        })
    }
}

impl Flights {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<Flight>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Comes aboard the flight for `key`, if there is one.
    pub(super) fn join(self: &Arc<Self>, key: Key) -> Option<Boarding> {
        let table = self.lock();
        let flight = table.get(&key)?;
        flight.aboard.fetch_add(1, Ordering::Relaxed);
        Some(self.boarding(Some(key), Arc::clone(flight), false))
    }

    /// Comes aboard the flight for `key`; a new one, which its first passenger
    /// has to start, if there is none.
    pub(super) fn board(self: &Arc<Self>, key: Key, cap: Instant) -> Boarding {
        let mut table = self.lock();
        if let Some(flight) = table.get(&key) {
            flight.aboard.fetch_add(1, Ordering::Relaxed);
            return self.boarding(Some(key), Arc::clone(flight), false);
        }
        let flight = Flight::new(cap);
        table.insert(key, Arc::clone(&flight));
        self.boarding(Some(key), flight, true)
    }

    /// A flight that no one can join.
    pub(super) fn alone(self: &Arc<Self>, cap: Instant) -> Boarding {
        self.boarding(None, Flight::new(cap), true)
    }

    fn boarding(self: &Arc<Self>, key: Option<Key>, flight: Arc<Flight>, first: bool) -> Boarding {
        Boarding { flights: Arc::clone(self), key, flight, first }
    }

    /// Takes a flight off the table, unless another has taken its place.
    fn strike(table: &mut HashMap<Key, Arc<Flight>>, key: Key, flight: &Arc<Flight>) {
        if table.get(&key).is_some_and(|entry| Arc::ptr_eq(entry, flight)) {
            table.remove(&key);
        }
    }

    fn land(&self, key: Option<Key>, flight: &Arc<Flight>, outcome: Outcome) {
        if let Some(key) = key {
            Self::strike(&mut self.lock(), key, flight);
        }
        flight.outcome.send_replace(Some(outcome));
    }

    #[cfg(test)]
    pub(super) fn in_the_air(&self) -> usize {
        self.lock().len()
    }
}

/// One who waits for a flight to land. Dropping it is leaving.
#[derive(Debug)]
pub(super) struct Boarding {
    flights: Arc<Flights>,
    key: Option<Key>,
    flight: Arc<Flight>,
    first: bool,
}

impl Boarding {
    /// Whether the flight is new, and this its first passenger.
    pub(super) fn is_first(&self) -> bool {
        self.first
    }

    /// Raised when the last passenger leaves.
    pub(super) fn cancel_flag(&self) -> CancelFlag {
        self.flight.cancel.clone()
    }

    /// For whoever does the work.
    pub(super) fn pilot(&self) -> Pilot {
        Pilot {
            flights: Arc::clone(&self.flights),
            key: self.key,
            flight: Arc::clone(&self.flight),
            taken_off: false,
            landed: false,
        }
    }

    /// Ends a flight that was never started.
    pub(super) fn land(&self, outcome: Outcome) {
        self.flights.land(self.key, &self.flight, outcome);
    }

    /// Waits for the outcome, until the passenger's deadline or the flight's
    /// cap.
    pub(super) async fn outcome(self, deadline: Instant) -> Outcome {
        let mut outcome = self.flight.outcome.subscribe();
        let until = deadline.min(self.flight.cap);
        match timeout_at(until, outcome.wait_for(Option::is_some)).await {
            Ok(Ok(outcome)) => outcome.clone().unwrap_or(Err(Fault::Internal)),
            Ok(Err(_no_sender)) => Err(Fault::Internal),
            Err(_elapsed) => Err(Fault::DeadlineExceeded),
        }
    }
}

impl Drop for Boarding {
    fn drop(&mut self) {
        // Held over the count, so that nobody comes aboard in between.
        let mut table = self.key.map(|key| (key, self.flights.lock()));
        if self.flight.aboard.fetch_sub(1, Ordering::Relaxed) == 1 {
            if let Some((key, table)) = &mut table {
                Flights::strike(table, *key, &self.flight);
            }
            self.flight.cancel.cancel();
        }
    }
}

/// The one who does the work. If it is dropped before it has landed, everyone
/// aboard gets a fault: that there was no room for the work if it had not taken
/// off, [`Fault::Internal`] if it had (the work panicked).
#[derive(Debug)]
pub(super) struct Pilot {
    flights: Arc<Flights>,
    key: Option<Key>,
    flight: Arc<Flight>,
    taken_off: bool,
    landed: bool,
}

impl Pilot {
    /// The work begins.
    pub(super) fn take_off(&mut self) {
        self.taken_off = true;
    }

    pub(super) fn land(mut self, outcome: Outcome) {
        self.landed = true;
        self.flights.land(self.key, &self.flight, outcome);
    }
}

impl Drop for Pilot {
    fn drop(&mut self) {
        if !self.landed {
            let fault = if self.taken_off {
                Fault::Internal
            } else {
                Fault::Overloaded { retry_after: RETRY_AFTER }
            };
            self.flights.land(self.key, &self.flight, Err(fault));
        }
    }
}
