//! The short tokens that a login is used with: JWTs, HS256, each naming the key that signed it.
//!
//! The keys are drawn when the process starts, live in its memory, and are nowhere else; `docs/adr/0004-accounts-and-logins.md`
//! says why. A key signs for some hours; the one before it is known for as long as anything it signed is good. What a JWT
//! says counts only together with the table of logins, which is not looked at here.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use mmp_shared::{LoginId, UserId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{token::letters, vault::NoRandomness};

/// How long a key signs.
const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// By how much two readings of the calendar may differ.
const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// The longest text that is looked at.
const LONGEST: usize = 1024;

/// What a JWT says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    pub sub: UserId,
    /// The login.
    pub sid: LoginId,
    /// When it was signed, in seconds.
    pub iat: i64,
    /// When it ends, in seconds.
    pub exp: i64,
}

/// Why a text is no JWT that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody here signed it as it stands.
    Invalid,
    /// It was good until some time ago.
    Expired,
}

/// The keys that sign and check.
pub struct SigningKeys {
    lifetime: SignedDuration,
    ring: RwLock<Vec<Key>>,
    validation: Validation,
}

struct Key {
    id: String,
    signing: EncodingKey,
    checking: DecodingKey,
    /// When it began to sign, by the steady clock.
    begun: SignedDuration,
}

impl Key {
    fn draw(begun: SignedDuration) -> Result<Self, NoRandomness> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(Self {
            id: letters(8)?.to_string(),
            signing: EncodingKey::from_secret(secret.as_slice()),
            checking: DecodingKey::from_secret(secret.as_slice()),
            begun,
        })
    }
}

impl SigningKeys {
    /// Keys for JWTs that live so long.
    pub fn new(lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Times are checked here, by the clock that is handed in.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let lifetime = SignedDuration::try_from(lifetime).unwrap_or(SignedDuration::MAX);
        Self { lifetime, ring: RwLock::default(), validation }
    }

    /// Signs for a login, and says until when that is good.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] where a new key is due and the system gives no randomness.
    pub fn sign(
        &self,
        sub: UserId,
        sid: LoginId,
        now: Timestamp,
        steady: SignedDuration,
    ) -> Result<(String, Timestamp), NoRandomness> {
        self.rotate_if_due(steady)?;
        let ends = now.saturating_add(self.lifetime).unwrap_or(Timestamp::MAX);
        let claims = Claims { sub, sid, iat: now.as_second(), exp: ends.as_second() };
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let key = ring.last().ok_or(NoRandomness)?;
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let jwt = encode(&header, &claims, &key.signing).map_err(|_| NoRandomness)?;
        Ok((jwt, ends))
    }

    /// Checks a JWT.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    pub fn check(&self, jwt: &str, now: Timestamp) -> Result<Claims, Refusal> {
        if jwt.len() > LONGEST {
            return Err(Refusal::Invalid);
        }
        let header = decode_header(jwt).map_err(|_| Refusal::Invalid)?;
        let id = header.kid.filter(|_| header.alg == Algorithm::HS256).ok_or(Refusal::Invalid)?;
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        let key = ring.iter().find(|key| key.id == id).ok_or(Refusal::Invalid)?;
        let claims = decode::<Claims>(jwt, &key.checking, &self.validation).map_err(|_| Refusal::Invalid)?.claims;
        self.check_times(&claims, now.as_second())?;
        Ok(claims)
    }

    /// A calendar that was set back would make what is already signed live longer than it should: that is refused, and
    /// a client gets a new one with its refresh token.
    fn check_times(&self, claims: &Claims, now: i64) -> Result<(), Refusal> {
        if claims.exp <= now {
            return Err(Refusal::Expired);
        }
        let latest = now.saturating_add(LEEWAY.as_secs());
        let is_ours = claims.iat <= latest && claims.exp <= latest.saturating_add(self.lifetime.as_secs());
        if is_ours { Ok(()) } else { Err(Refusal::Expired) }
    }

    fn rotate_if_due(&self, steady: SignedDuration) -> Result<(), NoRandomness> {
        let is_due = |ring: &[Key]| ring.last().is_none_or(|key| steady.saturating_sub(key.begun) >= KEY_LIFETIME);
        if !is_due(&self.ring.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let fresh = Key::draw(steady)?;
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        if is_due(&ring) {
            // What the last key signed is good for a while yet; those before it, replaced longer ago than that, are not.
            let known_since = steady.saturating_sub(self.lifetime.saturating_add(LEEWAY));
            let replaced: Vec<_> = ring.iter().skip(1).map(|key| key.begun).chain([steady]).collect();
            let mut replaced = replaced.into_iter();
            ring.retain(|_| replaced.next().is_some_and(|at| at > known_since));
            ring.push(fresh);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("within range")
    }

    fn steady(seconds: i64) -> SignedDuration {
        SignedDuration::from_secs(seconds)
    }

    fn signed(keys: &SigningKeys, seconds: i64) -> String {
        keys.sign(UserId::generate(), LoginId::generate(), at(seconds), steady(seconds)).expect("signs").0
    }

    fn part(value: &serde_json::Value) -> String {
        jsonwebtoken::encode(&Header::default(), value, &EncodingKey::from_secret(b"x"))
            .expect("encodes")
            .split('.')
            .nth(1)
            .expect("a part")
            .to_owned()
    }

    #[test]
    fn what_was_signed_is_known_until_it_ends() {
        let keys = SigningKeys::new(15 * MINUTE);
        let (user, login) = (UserId::generate(), LoginId::generate());
        let (jwt, ends) = keys.sign(user, login, at(0), steady(0)).expect("signs");
        assert_eq!(ends, at(900));
        let claims = keys.check(&jwt, at(899)).expect("it is good");
        assert_eq!((claims.sub, claims.sid), (user, login));
        assert_eq!(keys.check(&jwt, at(900)), Err(Refusal::Expired));
    }

    #[test]
    fn keys_rotate_and_nobody_notices() {
        let keys = SigningKeys::new(15 * MINUTE);
        let hours = |hours: i64| hours * 3600;
        signed(&keys, 0);
        let old = signed(&keys, hours(12) - 1);
        let new = signed(&keys, hours(12));
        assert_ne!(decode_header(&old).expect("a header").kid, decode_header(&new).expect("a header").kid);
        assert!(keys.check(&old, at(hours(12) + 800)).is_ok());
        signed(&keys, hours(24));
        signed(&keys, hours(36));
        assert_eq!(keys.ring.read().expect("no panic").len(), 2, "old keys go");
    }

    #[test]
    fn a_jwt_that_nobody_here_signed_is_refused() {
        let (keys, others) = (SigningKeys::new(15 * MINUTE), SigningKeys::new(15 * MINUTE));
        let jwt = signed(&keys, 0);
        let theirs = signed(&others, 0);
        assert_eq!(keys.check(&theirs, at(1)), Err(Refusal::Invalid), "another key");
        let parts: Vec<_> = jwt.split('.').collect();
        let id = decode_header(&jwt).expect("a header").kid;
        let none = part(&serde_json::json!({ "alg": "none", "typ": "JWT", "kid": id }));
        for signature in ["", parts[2]] {
            assert_eq!(keys.check(&format!("{none}.{}.{signature}", parts[1]), at(1)), Err(Refusal::Invalid), "alg: none");
        }
        let swapped = theirs.replacen(theirs.split('.').next().expect("a part"), parts[0], 1);
        assert_eq!(keys.check(&swapped, at(1)), Err(Refusal::Invalid), "a swapped key id");
        let unnamed = part(&serde_json::json!({ "alg": "HS256" }));
        assert_eq!(keys.check(&format!("{unnamed}.{}.{}", parts[1], parts[2]), at(1)), Err(Refusal::Invalid), "no key id");
        for bad in ["", ".", "..", "a.b.c", "你好.a.b", &"x".repeat(1 << 20)] {
            assert_eq!(keys.check(bad, at(1)), Err(Refusal::Invalid));
        }
    }

    #[test]
    fn a_calendar_that_is_set_back_makes_nothing_live_longer() {
        let keys = SigningKeys::new(15 * MINUTE);
        let jwt = signed(&keys, 86_400);
        assert!(keys.check(&jwt, at(86_401)).is_ok());
        assert_eq!(keys.check(&jwt, at(0)), Err(Refusal::Expired), "from the far future");
    }
}
