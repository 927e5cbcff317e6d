//! Images in messages: which kinds there are, how one is known by its bytes, and what stands for one in words. Pure.

use std::{fmt, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A kind of image that models are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ImageKind {
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// GIF.
    #[serde(rename = "image/gif")]
    Gif,
    /// WebP.
    #[serde(rename = "image/webp")]
    Webp,
}

impl ImageKind {
    /// The names of every kind, for messages.
    pub const NAMES: &'static str = "PNG, JPEG, GIF, WebP";

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// The kind that bytes begin like, whatever their name says.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }
}

/// What bytes that are no text seem to be, for messages; `None` where that is not known.
pub fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(bytes.get(..512).unwrap_or(bytes)).trim_start().to_ascii_lowercase();
    Some(match bytes {
        [0x89, b'P', b'N', b'G', ..] => "PNG",
        [0xff, 0xd8, 0xff, ..] => "JPEG",
        [b'G', b'I', b'F', b'8', ..] => "GIF",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "WebP",
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => "AVIF",
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => "HEIC",
        [b'%', b'P', b'D', b'F', ..] => "PDF",
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => "TIFF",
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "BMP",
        [0, 0, 1, 0, ..] => "ICO",
        [b'P', b'K', 3, 4, ..] => "ZIP",
        [0x1f, 0x8b, ..] => "gzip",
        [0x7f, b'E', b'L', b'F', ..] => "ELF",
        _ if text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg")) => "SVG",
        _ if text.starts_with("<!doctype html") || text.starts_with("<html") => "HTML",
        _ => return None,
    })
}

/// An image of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// What kind it is.
    pub media_type: ImageKind,
    /// How its owner called it: the last part of a path or of a URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its bytes.
    pub data: ImageData,
}

impl Image {
    /// Whether its bytes are what it says it is.
    pub fn is_what_it_says(&self) -> bool {
        ImageKind::of(self.data.bytes()) == Some(self.media_type)
    }

    /// What stands for it where only words can: `[image: cat.png]`.
    pub fn in_words(&self) -> String {
        format!("[image: {}]", self.name.as_deref().unwrap_or_else(|| self.media_type.media_type()))
    }

    /// The whole image as a URL.
    pub fn data_url(&self) -> String {
        format!("data:{};base64,{}", self.media_type.media_type(), self.data.to_base64())
    }
}

/// An image as a client sees it in a list of messages: without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageView {
    /// What kind it is.
    pub media_type: ImageKind,
    /// How its owner called it.
    pub name: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
}

impl From<&Image> for ImageView {
    fn from(image: &Image) -> Self {
        let bytes = image.data.bytes().len() as u64;
        Self { media_type: image.media_type, name: image.name.clone(), bytes }
    }
}

/// The bytes of an image: base64 in JSON, bytes in the store. A copy costs nothing. `Debug` shows how many there are.
#[derive(Clone, PartialEq, Eq)]
pub struct ImageData(Arc<[u8]>);

impl ImageData {
    /// These bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes in base64.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl fmt::Debug for ImageData {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ImageData({} bytes)", self.0.len())
    }
}

impl Serialize for ImageData {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.to_base64())
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for ImageData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A tagged enum hands on what it has buffered, and forgets which of the two it was.
        deserializer.deserialize_any(Either)
    }
}

struct Either;

impl de::Visitor<'_> for Either {
    type Value = ImageData;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the bytes of an image in base64")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ImageData, E> {
        STANDARD.decode(text).map(ImageData::new).map_err(|error| E::custom(format!("the image is no base64: {error}")))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<ImageData, E> {
        Ok(ImageData::new(bytes.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<ImageData, E> {
        Ok(ImageData::new(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ContentPart;

    #[test]
    fn a_kind_is_known_by_its_bytes() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Some(ImageKind::Png)),
            (b"\xff\xd8\xff\xe0", Some(ImageKind::Jpeg)),
            (b"GIF89a", Some(ImageKind::Gif)),
            (b"RIFF\x01\x02\x03\x04WEBPVP8 ", Some(ImageKind::Webp)),
            (b"RIFF\x01\x02\x03\x04WAVE", None),
            (b"<svg/>", None),
            (b"", None),
        ] {
            assert_eq!(ImageKind::of(bytes), kind, "{bytes:?}");
        }
        assert_eq!(looks_like(b"%PDF-1.7"), Some("PDF"));
        assert_eq!(looks_like(b"\0\0\0\x18ftypheic"), Some("HEIC"));
        assert_eq!(looks_like(b"<?xml version='1.0'?><svg>"), Some("SVG"));
        assert_eq!(looks_like(b"hello"), None);
    }

    #[test]
    fn an_image_is_base64_in_json_and_comes_back() {
        let data = ImageData::new(vec![0x89, b'P', 0, 255]);
        let image = Image { media_type: ImageKind::Png, name: Some("a.png".into()), data };
        let part = ContentPart::Image(image);
        let json = serde_json::to_value(&part).expect("JSON");
        let expected = serde_json::json!({"type": "image", "media_type": "image/png", "name": "a.png", "data": "iVAA/w=="});
        assert_eq!(json, expected);
        assert_eq!(serde_json::from_value::<ContentPart>(json).expect("it comes back"), part);
        let bad = serde_json::json!({"type": "image", "media_type": "image/png", "data": "!"});
        let error = serde_json::from_value::<ContentPart>(bad).expect_err("no base64").to_string();
        assert!(error.contains("base64"), "{error}");
        let other = serde_json::json!({"type": "image", "media_type": "image/tiff", "data": ""});
        assert!(serde_json::from_value::<ContentPart>(other).is_err());
    }
}
