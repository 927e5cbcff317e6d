//! What tokens and codes are made of.
//!
//! An access token is `mmp_`, 32 letters and digits, and 6 more that are the checksum of those: a scanner of leaked keys
//! knows one, and a slip of the pen is found without a look-up. A refresh token names its login, its family and itself.
//! All are drawn from the system's randomness, with far more of it than can be guessed; so a plain SHA-256 of them is
//! what is kept: a slow hash protects what people choose, and would cost every request.

use mmp_shared::LoginId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::vault::NoRandomness;

/// What access tokens begin with.
pub const ACCESS_PREFIX: &str = "mmp_";
/// What the codes of invitations begin with.
pub const INVITE_PREFIX: &str = "mmi_";
/// What refresh tokens begin with.
pub const REFRESH_PREFIX: &str = "mmr_";

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BODY_LENGTH: usize = 32;
const CHECKSUM_LENGTH: usize = 6;
const FAMILY_LENGTH: usize = 16;
const OWN_LENGTH: usize = 32;

/// What a token hashes to.
pub type TokenHash = [u8; 32];

/// Draws a token that begins like this.
///
/// # Errors
///
/// [`NoRandomness`] where the system gives none.
pub fn draw(prefix: &str) -> Result<Zeroizing<String>, NoRandomness> {
    let body = letters(BODY_LENGTH)?;
    let checksum = checksum(&body);
    Ok(Zeroizing::new(format!("{prefix}{}{checksum}", *body)))
}

/// Whether a text could be a token that begins like this: its length, its letters, its checksum.
pub fn is_well_formed(prefix: &str, text: &str) -> bool {
    let Some((body, sum)) = text.strip_prefix(prefix).and_then(|rest| rest.split_at_checked(BODY_LENGTH)) else { return false };
    sum.len() == CHECKSUM_LENGTH && body.bytes().all(|byte| byte.is_ascii_alphanumeric()) && checksum(body) == sum
}

/// What a token hashes to.
pub fn hash(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}

/// So many letters and digits, each as likely as any other.
///
/// # Errors
///
/// [`NoRandomness`] where the system gives none.
pub fn letters(count: usize) -> Result<Zeroizing<String>, NoRandomness> {
    let mut letters = Zeroizing::new(String::with_capacity(count));
    let mut drawn = Zeroizing::new([0_u8; 64]);
    while letters.len() < count {
        getrandom::fill(drawn.as_mut_slice()).map_err(|_| NoRandomness)?;
        // The bytes above the last multiple of 62 would make some letters likelier.
        let fair = drawn.iter().filter(|byte| **byte < 248).take(count - letters.len());
        letters.extend(fair.map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    Ok(letters)
}

fn checksum(body: &str) -> String {
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [0; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % 62];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

/// A refresh token: which login, a part that all of the login's tokens share, and a part of its own.
pub struct RefreshToken {
    /// The login.
    pub login: LoginId,
    family: Zeroizing<[u8; FAMILY_LENGTH]>,
    own: Zeroizing<[u8; OWN_LENGTH]>,
}

impl RefreshToken {
    /// The first token of a login.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`] where the system gives none.
    pub fn first(login: LoginId) -> Result<Self, NoRandomness> {
        let mut token = Self { login, family: Zeroizing::default(), own: Zeroizing::default() };
        getrandom::fill(token.family.as_mut_slice()).map_err(|_| NoRandomness)?;
        getrandom::fill(token.own.as_mut_slice()).map_err(|_| NoRandomness)?;
        Ok(token)
    }

    /// The token that a text is.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(bytes_of(text.strip_prefix(REFRESH_PREFIX)?)?);
        let (login, rest) = bytes.split_at_checked(16)?;
        let (family, own) = rest.split_at_checked(FAMILY_LENGTH)?;
        Some(Self {
            login: LoginId::from_bytes(login.try_into().ok()?),
            family: Zeroizing::new(family.try_into().ok()?),
            own: Zeroizing::new(own.try_into().ok()?),
        })
    }

    /// The token as text.
    pub fn to_text(&self) -> String {
        let bytes = self.login.as_bytes().iter().chain(self.family.iter()).chain(self.own.iter());
        bytes.fold(REFRESH_PREFIX.to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// The token after this one. It takes both this token and what was drawn for the rotation (`salt`) to make it: who has
    /// the store lacks the one, who has the old token the other. So the same one can be made again, and neither is kept.
    #[must_use]
    pub fn successor(&self, salt: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"mmp refresh token successor v1");
        hasher.update(*self.own);
        hasher.update(salt);
        Self { login: self.login, family: self.family.clone(), own: Zeroizing::new(hasher.finalize().into()) }
    }

    /// What the shared part hashes to.
    pub fn family_hash(&self) -> TokenHash {
        Sha256::digest(*self.family).into()
    }

    /// What the token's own part hashes to.
    pub fn own_hash(&self) -> TokenHash {
        Sha256::digest(*self.own).into()
    }
}

/// Whether two hashes are the same, in a time that does not tell how far they are.
pub fn is_same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    if digits.len() != 2 * (16 + FAMILY_LENGTH + OWN_LENGTH)
        || !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_has_the_shape_that_scanners_know() {
        let token = draw(ACCESS_PREFIX).expect("randomness");
        assert_eq!(token.len(), 4 + 32 + 6);
        assert!(token.starts_with("mmp_") && token[4..].bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert!(is_well_formed(ACCESS_PREFIX, &token));
        assert_ne!(draw(ACCESS_PREFIX).expect("randomness"), token);
    }

    #[test]
    fn a_slip_is_found_without_a_look_up() {
        let token = draw(ACCESS_PREFIX).expect("randomness");
        for at in 0..token.len() {
            let mut slipped = token.as_bytes().to_vec();
            slipped[at] = if slipped[at] == b'x' { b'y' } else { b'x' };
            assert!(!is_well_formed(ACCESS_PREFIX, &String::from_utf8(slipped).expect("text")), "{at}");
        }
        for bad in ["", "mmp_", "mmp_你好", &token[..token.len() - 1], &format!("{}0", *token)] {
            assert!(!is_well_formed(ACCESS_PREFIX, bad), "{bad}");
        }
    }

    #[test]
    fn a_refresh_token_comes_back_from_its_text() {
        let token = RefreshToken::first(LoginId::generate()).expect("randomness");
        let again = RefreshToken::parse(&token.to_text()).expect("a token");
        assert_eq!((again.login, again.family_hash(), again.own_hash()), (token.login, token.family_hash(), token.own_hash()));
        for bad in ["", "mmr_", "mmr_zz", &token.to_text().to_uppercase(), &token.to_text()[..100], "mmr_你好"] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_successor_is_the_same_each_time_and_another_for_another_salt() {
        let token = RefreshToken::first(LoginId::generate()).expect("randomness");
        assert_eq!(token.successor(b"a").to_text(), token.successor(b"a").to_text());
        assert_ne!(token.successor(b"a").own_hash(), token.successor(b"b").own_hash());
        assert_eq!(token.successor(b"a").family_hash(), token.family_hash());
    }
}
