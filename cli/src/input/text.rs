//! Bytes as text, whatever they are written in: UTF-8, UTF-16 with its mark, what a server said, GB18030 (GBK and GB2312 are
//! parts of it). What is no text is refused with what it seems to be. Pure.

use encoding_rs::{Encoding, GB18030, UTF_8};
use mmp_shared::{
    ApiError,
    image::{ImageKind, looks_like},
    phrase,
};

use crate::error::bad_request;

/// How much of a file is looked at to tell whether it is text.
const LOOKED_AT: usize = 8 << 10;

/// A text, and what it was written in where that had to be guessed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// What it says.
    pub(crate) text: String,
    /// The encoding that fits bytes that nobody has named the encoding of.
    pub(crate) guessed: Option<&'static str>,
}

impl Decoded {
    const fn sure(text: String) -> Self {
        Self { text, guessed: None }
    }
}

/// Bytes as text. `declared` is what somebody who should know says that they are written in.
///
/// # Errors
///
/// `bad_request` for what is no text, with what it seems to be, and for what no encoding fits.
pub(crate) fn decode(name: &str, bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Result<Decoded, ApiError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        let (text, has_errors) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if has_errors { Err(no_text(name, mark)) } else { Ok(Decoded::sure(text.into_owned())) };
    }
    if is_binary(&bytes) {
        return Err(binary(name, &bytes));
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8) {
        let (text, has_errors) = encoding.decode_without_bom_handling(&bytes);
        return if has_errors { Err(no_text(name, 0)) } else { Ok(Decoded::sure(text.into_owned())) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded::sure(text)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let text = GB18030.decode_without_bom_handling_and_without_replacement(error.as_bytes());
            let text = text
                .filter(|text| is_mostly_gb2312(error.as_bytes()) && text.chars().all(is_of_a_text))
                .ok_or_else(|| no_text(name, offset))?;
            Ok(Decoded { text: text.into_owned(), guessed: Some("GB18030") })
        }
    }
}

/// Whether bytes are no text at all: they hold a zero, or begin like a file of a known kind that is none.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    beginning.contains(&0) || beginning.starts_with(b"%PDF-") || ImageKind::of(beginning).is_some()
}

/// The error for bytes that are no text.
fn binary(name: &str, bytes: &[u8]) -> ApiError {
    let error = bad_request(match looks_like(bytes) {
        Some(kind) => phrase!("error-input-binary-kind", name = name, kind = kind),
        None => phrase!("error-input-binary", name = name),
    });
    match ImageKind::of(bytes) {
        Some(_) => error.with_hint(phrase!("hint-attach-image", name = name)),
        None => error.with_hint(phrase!("hint-input-binary")),
    }
}

fn no_text(name: &str, offset: usize) -> ApiError {
    bad_request(phrase!("error-input-not-text", name = name, offset = offset)).with_hint(phrase!("hint-input-not-text"))
}

/// Whether most characters of two bytes are those of GB2312, which nearly all Chinese is written with. In the Latin
/// encodings a byte above ASCII mostly stands before a letter; in GB2312 never.
fn is_mostly_gb2312(bytes: &[u8]) -> bool {
    let (mut all, mut common, mut rest) = (0, 0, bytes);
    while let [lead, behind @ ..] = rest {
        rest = behind;
        if let (true, [trail, behind @ ..]) = (*lead >= 0x81, behind) {
            (all, common) = (all + 1, common + usize::from(*lead >= 0xa1 && *trail >= 0xa1));
            rest = behind;
        }
    }
    common * 2 >= all
}

/// Where a guess is right, what comes of it are characters that people write.
const fn is_of_a_text(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1a}' | '\u{1c}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests {
    use mmp_shared::ErrorCode;

    use super::*;

    fn text(bytes: &[u8]) -> Option<(String, Option<&'static str>)> {
        decode("a", bytes.to_vec(), None).ok().map(|decoded| (decoded.text, decoded.guessed))
    }

    #[test]
    fn utf_8_and_utf_16_are_known_by_themselves() {
        assert_eq!(text("naïve 你好\n".as_bytes()), Some(("naïve 你好\n".into(), None)));
        assert_eq!(text(b"\xef\xbb\xbfhi"), Some(("hi".into(), None)), "the mark is no part of the text");
        assert_eq!(text(b"\xff\xfeh\0i\0"), Some(("hi".into(), None)));
        assert_eq!(text(b"\xfe\xff\x4f\x60"), Some(("你".into(), None)));
        assert_eq!(text(b""), Some((String::new(), None)));
    }

    #[test]
    fn gbk_is_guessed_and_said() {
        assert_eq!(text(b"\xc4\xe3\xba\xc3\xa3\xac\xca\xc0\xbd\xe7"), Some(("你好，世界".into(), Some("GB18030"))));
    }

    #[test]
    fn what_a_server_says_counts() {
        let latin = Encoding::for_label(b"iso-8859-1");
        assert_eq!(decode("a", b"caf\xe9".to_vec(), latin).expect("text").text, "café");
        for bytes in [&b"caf\xe9"[..], b"f\xfcr die Stra\xdfe", b"\xe9t\xe9"] {
            assert!(decode("a", bytes.to_vec(), None).is_err(), "nobody can know: {bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused_with_what_it_is() {
        let error = |bytes: &[u8]| decode("a.bin", bytes.to_vec(), None).expect_err("no text");
        let image = error(b"\x89PNG\r\n\x1a\n1234");
        assert_eq!(image.code, ErrorCode::BadRequest);
        assert!(image.message.contains("PNG") && image.hint.expect("a hint").contains("-a a.bin"), "{}", image.message);
        assert!(error(b"%PDF-1.7\nx").message.contains("PDF"));
        assert!(error(b"a\0b").message.contains("a.bin"));
        assert!(error(b"\xff\xff\xff").message.contains("a.bin"));
    }
}
