//! How often one may ask, by whatever one is counted under: an account, an access token, an address.
//!
//! Everybody is counted apart, so that whoever asks too often slows nobody else. The reckoning is governor's: a burst of the
//! whole rate at once, then as it grows back. What an answer says of it is `http`'s.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use mmp_shared::config::Rate;

/// How many are counted before those who have not asked for a while are forgotten.
const MOST_COUNTED: usize = 10_000;

/// What is left of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many one may ask at once.
    pub limit: u32,
    /// How many are left now.
    pub remaining: u32,
    /// How long until all are there again.
    pub reset: Duration,
}

/// One asks too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooOften {
    /// How many one may ask at once.
    pub limit: u32,
    /// How long until the next may be asked.
    pub wait: Duration,
}

/// Counts those who ask.
pub struct Counter<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    limiter: Option<RateLimiter<K, HashMapStateStore<K>, C, StateInformationMiddleware>>,
    clock: C,
    /// From how many on the next look is worth its cost.
    forget_at: AtomicUsize,
}

impl<K: Hash + Eq + Clone> Counter<K> {
    /// One that lets so many pass; without a rate, everybody.
    pub fn new(rate: Option<Rate>) -> Self {
        Self::with_clock(rate, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Counter<K, C> {
    fn with_clock(rate: Option<Rate>, clock: C) -> Self {
        let quota =
            rate.and_then(|rate| Quota::with_period(rate.period / rate.count.get()).map(|quota| quota.allow_burst(rate.count)));
        let limiter = quota
            .map(|quota| RateLimiter::hashmap_with_clock(quota, clock.clone()).with_middleware::<StateInformationMiddleware>());
        Self { limiter, clock, forget_at: AtomicUsize::new(MOST_COUNTED) }
    }

    /// Forgets those who have not asked for a while, once there are many: twice as many as were left the last time.
    fn forget_some(&self, counted: usize, forget: impl FnOnce() -> usize) {
        if counted > self.forget_at.load(Ordering::Relaxed) {
            let left = forget();
            self.forget_at.store(MOST_COUNTED.max(left * 2), Ordering::Relaxed);
        }
    }

    /// Counts one who asks; none where nothing is counted.
    ///
    /// # Errors
    ///
    /// [`TooOften`].
    pub fn count(&self, who: &K) -> Result<Option<Allowance>, TooOften> {
        let Some(limiter) = &self.limiter else { return Ok(None) };
        self.forget_some(limiter.len(), || {
            limiter.retain_recent();
            limiter.len()
        });
        match limiter.check_key(who) {
            Ok(snapshot) => {
                let (limit, remaining) = (snapshot.quota().burst_size().get(), snapshot.remaining_burst_capacity());
                let reset = snapshot.quota().replenish_interval() * (limit - remaining.min(limit));
                Ok(Some(Allowance { limit, remaining, reset }))
            }
            Err(until) => Err(TooOften { limit: until.quota().burst_size().get(), wait: until.wait_time_from(self.clock.now()) }),
        }
    }
}

/// What an address is counted as: one household has more IPv6 addresses than can be counted, and one network.
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        },
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn counter(rate: &str) -> (Counter<&'static str, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Counter::with_clock(Rate::parse(rate), clock.clone()), clock)
    }

    #[test]
    fn a_burst_passes_and_then_as_it_grows_back() {
        let (counter, clock) = counter("60/m");
        for left in (0..60).rev() {
            assert_eq!(counter.count(&"ann").expect("a burst").expect("it is counted").remaining, left);
        }
        let refused = counter.count(&"ann").expect_err("too often");
        assert_eq!((refused.limit, refused.wait), (60, Duration::from_secs(1)));
        clock.advance(Duration::from_secs(1));
        assert_eq!(counter.count(&"ann").expect("one has grown back").expect("it is counted").reset, Duration::from_secs(60));
        assert!(counter.count(&"ann").is_err());
    }

    #[test]
    fn everybody_is_counted_apart() {
        let (counter, _) = counter("1/h");
        assert!(counter.count(&"ann").is_ok() && counter.count(&"ann").is_err());
        assert!(counter.count(&"bob").is_ok());
    }

    #[test]
    fn without_a_rate_everybody_passes() {
        let counter: Counter<u8> = Counter::new(None);
        assert!((0..1000).all(|_| counter.count(&1) == Ok(None)));
    }

    #[test]
    fn those_who_have_not_asked_for_a_while_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let counter: Counter<usize, _> = Counter::with_clock(Rate::parse("1/s"), clock.clone());
        for round in 0..3 {
            for who in 0..MOST_COUNTED {
                counter.count(&(round * MOST_COUNTED + who)).expect("each asks once").expect("it is counted");
            }
            clock.advance(Duration::from_secs(5));
        }
        assert!(counter.limiter.as_ref().expect("a limiter").len() <= MOST_COUNTED + 1);
    }

    #[test]
    fn a_network_is_one_source() {
        let of = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
    }
}
