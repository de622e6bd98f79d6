//! What waits for a thread, and what may wait at all.
//!
//! Interactive work goes first, but every [`BULK_TURN`]th turn is for bulk work,
//! which so gives way and still never starves.
//!
//! How much interactive work may wait is told by time, not by number: by what
//! such work took lately. A burst may fill the whole queue. If the queue is
//! still longer than [`QueueOptions::wait`] after [`QueueOptions::burst`], more
//! comes in than goes out, and waiting only makes everyone late: from then on
//! what would have to wait for longer is refused at once, and what has waited
//! too long already is let go. That ends when nothing had to wait so long for
//! a time of [`QueueOptions::burst`].
//!
//! All of it is told the time, and so can be tested without any passing.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::Priority;
use crate::cancel::CancelFlag;

/// Of how many turns one is for bulk work, if any waits.
const BULK_TURN: u32 = 16;

/// Pieces of work a thread that may always wait, however long they take.
const LEAST_WAITING: usize = 3;

/// Callers that may still look for an answer in the cache, between two turns,
/// when their work would be refused.
const LOOKS: u32 = 8;

/// The weight of what one piece of work took in the mean of what they take.
const MEAN_WEIGHT: f64 = 1.0 / 16.0;

/// How long the queue may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueOptions {
    /// Pieces of work of each priority that may wait at any time.
    pub length: usize,
    /// How long interactive work may have to wait while more comes in than
    /// goes out; `None` for as long as `length` lets it. Three pieces a thread
    /// may always wait.
    pub wait: Option<Duration>,
    /// For how long more may wait.
    pub burst: Duration,
}

/// A piece of work that waits.
pub(super) struct Task {
    pub(super) cancel: CancelFlag,
    pub(super) queued: Instant,
    pub(super) run: Box<dyn FnOnce(Turn) + Send>,
}

/// What has come of waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A thread is free.
    Run,
    /// It was too long: the work is not to be done any more.
    TooLate,
}

pub(super) struct Queue {
    options: QueueOptions,
    threads: usize,
    interactive: VecDeque<Task>,
    bulk: VecDeque<Task>,
    /// Turns since bulk work had one.
    turns: u32,
    /// Looks since the last turn.
    looks: u32,
    /// What a piece of interactive work takes, in seconds.
    mean: f64,
    pressure: Option<Pressure>,
}

/// A time in which newcomers found the queue longer than it should be.
#[derive(Clone, Copy)]
struct Pressure {
    since: Instant,
    last: Instant,
}

impl Queue {
    pub(super) fn new(options: QueueOptions, threads: usize) -> Self {
        Self {
            options,
            threads,
            interactive: VecDeque::new(),
            bulk: VecDeque::new(),
            turns: 0,
            looks: 0,
            mean: 0.0,
            pressure: None,
        }
    }

    /// Whether work of this priority has a chance if it is brought now.
    pub(super) fn welcomes(&mut self, priority: Priority, now: Instant) -> bool {
        match priority {
            // Its caller would wait for nothing but its deadline.
            Priority::Bulk => !self.overloaded(now),
            Priority::Interactive if self.has_room(now) => true,
            Priority::Interactive => {
                self.looks += 1;
                self.looks <= LOOKS
            }
        }
    }

    /// Lets a piece of work wait, or gives it back. What has left the queue
    /// for it comes with it, to be dropped where that cannot lock this again.
    pub(super) fn push(
        &mut self,
        priority: Priority,
        task: Task,
    ) -> (Result<(), Task>, VecDeque<Task>) {
        let now = task.queued;
        let mut gone = VecDeque::new();
        if !self.fits(priority, now) {
            // Make room by what nobody waits for any more.
            let queue = self.queue(priority);
            (gone, *queue) = queue.drain(..).partition(|task| task.cancel.is_cancelled());
            if !self.fits(priority, now) {
                return (Err(task), gone);
            }
        }
        self.queue(priority).push_back(task);
        (Ok(()), gone)
    }

    /// The next piece of work, its priority, and what to do with it.
    pub(super) fn pop(&mut self, now: Instant) -> Option<(Task, Priority, Turn)> {
        self.looks = 0;
        if self.overloaded(now)
            && let Some(first) = self.interactive.front()
            && self.is_late(first, now)
        {
            let task = self.interactive.pop_front()?;
            return Some((task, Priority::Interactive, Turn::TooLate));
        }
        self.turns += 1;
        if self.turns >= BULK_TURN || self.interactive.is_empty() {
            self.turns = 0;
            if let Some(task) = self.bulk.pop_front() {
                return Some((task, Priority::Bulk, Turn::Run));
            }
        }
        Some((self.interactive.pop_front()?, Priority::Interactive, Turn::Run))
    }

    /// A piece of interactive work took this long.
    pub(super) fn took(&mut self, time: Duration) {
        let time = time.as_secs_f64();
        let first = self.mean == 0.0;
        self.mean = if first { time } else { self.mean + (time - self.mean) * MEAN_WEIGHT };
    }

    pub(super) fn waiting(&self) -> usize {
        self.interactive.len() + self.bulk.len()
    }

    /// All that waits.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Task> + use<> {
        let interactive = std::mem::take(&mut self.interactive);
        interactive.into_iter().chain(std::mem::take(&mut self.bulk))
    }

    fn queue(&mut self, priority: Priority) -> &mut VecDeque<Task> {
        match priority {
            Priority::Interactive => &mut self.interactive,
            Priority::Bulk => &mut self.bulk,
        }
    }

    fn fits(&mut self, priority: Priority, now: Instant) -> bool {
        match priority {
            Priority::Interactive => self.has_room(now),
            Priority::Bulk => self.bulk.len() < self.options.length,
        }
    }

    /// Whether one more piece of interactive work may wait; notes the pressure
    /// if it should not.
    fn has_room(&mut self, now: Instant) -> bool {
        let waiting = self.interactive.len();
        if self.steady_length().is_some_and(|length| waiting >= length) {
            let burst = self.options.burst;
            match &mut self.pressure {
                Some(pressure) if now.duration_since(pressure.last) <= burst => pressure.last = now,
                pressure => *pressure = Some(Pressure { since: now, last: now }),
            }
        }
        waiting < self.options.length && !(self.overloaded(now) && self.is_long())
    }

    /// Whether more has come in than went out for so long that the queue has
    /// to be kept short.
    fn overloaded(&self, now: Instant) -> bool {
        self.pressure.is_some_and(|pressure| {
            let burst = self.options.burst;
            now.duration_since(pressure.last) <= burst
                && pressure.last.duration_since(pressure.since) >= burst
        })
    }

    fn is_long(&self) -> bool {
        self.steady_length().is_some_and(|length| self.interactive.len() >= length)
    }

    /// Whether a piece of work has waited for more than twice as long as it
    /// should have to: it came before the queue was kept short, or behind work
    /// that took much longer than the mean.
    fn is_late(&self, task: &Task, now: Instant) -> bool {
        let Some((wait, length)) = self.options.wait.zip(self.steady_length()) else {
            return false;
        };
        let longest = wait.as_secs_f64().max(self.mean * length as f64 / self.threads as f64);
        now.duration_since(task.queued).as_secs_f64() > 2.0 * longest
    }

    /// How many pieces of interactive work may wait while more comes in than
    /// goes out.
    fn steady_length(&self) -> Option<usize> {
        let wait = self.options.wait?.as_nanos() * self.threads as u128;
        let mean = Duration::from_secs_f64(self.mean).as_nanos();
        // As many as the threads do in that time.
        let in_time = usize::try_from(wait / mean.max(1)).unwrap_or(usize::MAX);
        let least = LEAST_WAITING * self.threads;
        Some(least.max(in_time).min(self.options.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);
    const BURST: Duration = Duration::from_millis(250);

    struct Timeline {
        queue: Queue,
        now: Instant,
    }

    impl Timeline {
        /// One thread, work that takes 10 ms; it should not wait for more than
        /// 50 ms, and may for 250.
        fn new() -> Self {
            let options = QueueOptions { length: 100, wait: Some(50 * MS), burst: BURST };
            let mut queue = Queue::new(options, 1);
            queue.took(10 * MS);
            Self { queue, now: Instant::now() }
        }

        fn push(&mut self, priority: Priority) -> bool {
            let (queued, cancel) = (self.now, CancelFlag::new());
            let task = Task { cancel, queued, run: Box::new(|_| ()) };
            self.queue.push(priority, task).0.is_ok()
        }

        fn pop(&mut self) -> Option<(Priority, Turn)> {
            self.queue.pop(self.now).map(|(_, priority, turn)| (priority, turn))
        }

        /// Brings five times the work that can be done, 10 ms after 10 ms; how
        /// much was let in, and how much of what was done came in time.
        fn overload(&mut self, steps: u32) -> (u32, u32) {
            let (mut let_in, mut done) = (0, 0);
            for _ in 0..steps {
                let_in += (0..5).map(|_| u32::from(self.push(Priority::Interactive))).sum::<u32>();
                while let Some((_, turn)) = self.pop() {
                    if turn == Turn::Run {
                        done += 1;
                        break;
                    }
                }
                self.now += 10 * MS;
            }
            (let_in, done)
        }

        /// The longest that anything has waited.
        fn oldest(&self) -> Duration {
            let first = self.queue.interactive.front();
            first.map_or(Duration::ZERO, |task| self.now.duration_since(task.queued))
        }
    }

    #[test]
    fn a_burst_may_fill_the_queue() {
        let mut line = Timeline::new();
        let let_in = (0..200).filter(|_| line.push(Priority::Interactive)).count();
        assert_eq!(let_in, 100);
    }

    #[test]
    fn lasting_overload_keeps_the_queue_short_and_the_threads_at_work() {
        let mut line = Timeline::new();
        line.overload(40);
        let (let_in, done) = line.overload(500);
        assert_eq!(done, 500, "a thread was idle");
        assert!((500..=510).contains(&let_in), "{let_in}");
        assert!(line.queue.waiting() <= 5);
        assert!(line.oldest() <= 100 * MS);
    }

    #[test]
    fn what_has_waited_too_long_when_overload_is_seen_is_let_go() {
        let mut line = Timeline::new();
        for _ in 0..100 {
            line.push(Priority::Interactive);
        }
        line.now += BURST;
        line.push(Priority::Interactive);
        assert_eq!(line.pop(), Some((Priority::Interactive, Turn::TooLate)));
    }

    #[test]
    fn overload_is_over_when_nothing_had_to_wait_for_as_long_as_a_burst_may_last() {
        let mut line = Timeline::new();
        line.overload(100);
        assert!(!line.queue.welcomes(Priority::Bulk, line.now), "bulk work gives way");
        while line.pop().is_some() {}
        line.now += BURST + MS;
        assert!(line.queue.welcomes(Priority::Bulk, line.now));
        let let_in = (0..200).filter(|_| line.push(Priority::Interactive)).count();
        assert_eq!(let_in, 100, "a burst is a burst again");
    }

    #[test]
    fn without_a_wait_only_the_length_counts() {
        let mut line = Timeline::new();
        line.queue.options.wait = None;
        line.overload(1_000);
        assert!(line.queue.waiting() >= 99);
    }

    #[test]
    fn long_work_may_wait_three_to_a_thread() {
        let mut line = Timeline::new();
        for _ in 0..100 {
            line.queue.took(10_000 * MS);
        }
        assert_eq!(line.queue.steady_length(), Some(3));
    }

    #[test]
    fn one_turn_in_sixteen_is_for_bulk_work_while_interactive_work_waits() {
        let mut line = Timeline::new();
        for _ in 0..60 {
            line.push(Priority::Interactive);
            line.push(Priority::Bulk);
        }
        let turns: Vec<_> =
            std::iter::from_fn(|| line.pop()).map(|(priority, _)| priority).collect();
        let first = turns.iter().take(48).filter(|priority| **priority == Priority::Bulk);
        assert_eq!(first.count(), 3);
        assert_eq!(turns.len(), 120);
    }

    #[test]
    fn a_full_queue_lets_a_few_look_for_an_answer_between_two_turns() {
        let mut line = Timeline::new();
        line.overload(100);
        while line.push(Priority::Interactive) {}
        let mut looks = || {
            let now = line.now;
            (0..100).filter(|_| line.queue.welcomes(Priority::Interactive, now)).count()
        };
        assert_eq!(looks(), LOOKS as usize);
        line.pop();
        line.push(Priority::Interactive);
        let now = line.now;
        let looks = (0..100).filter(|_| line.queue.welcomes(Priority::Interactive, now)).count();
        assert_eq!(looks, LOOKS as usize);
    }
}
