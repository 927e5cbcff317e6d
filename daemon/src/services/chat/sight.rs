//! Images: how many bytes of them a question may have, who can see them, and what they become for those who cannot.
//!
//! A model that is known to be blind is not asked about an image at all. Images of earlier turns are no reason to refuse: such
//! a model reads in words that there was one. Of whom nothing is known, the provider is left to say it.

use std::sync::Arc;

use mmp_shared::{
    ApiError, ErrorCode, UserId,
    chat::ChatRequest,
    image::{Image, ImageKind, looks_like},
    message::{Content, ContentPart, images_of},
    phrase,
};

use super::{
    Chat, Place,
    asked::{Reach, skipped},
};
use crate::{
    config::LimitsConfig,
    providers::ChatMessage,
    services::{models::Chosen, notice},
};

/// How many models that can see are named to somebody whose model cannot.
const MOST_NAMED: usize = 5;

/// Checks the images of a question by themselves.
///
/// # Errors
///
/// `too_large` with the limit, and `bad_request` for what is no image of its kind.
pub(super) fn check_images(parts: &[ContentPart], limits: &LimitsConfig) -> Result<(), ApiError> {
    let size: u64 = images_of(parts).map(|image| image.data.bytes().len() as u64).sum();
    if size > limits.images {
        let phrase = phrase!("error-images-too-large", size = size, limit = limits.images);
        return Err(ApiError::new(ErrorCode::TooLarge, phrase).with_hint(phrase!("hint-images-too-large")));
    }
    images_of(parts).find(|image| !image.is_what_it_says()).map_or(Ok(()), |image| Err(no_image(image)))
}

fn no_image(image: &Image) -> ApiError {
    let name = image.name.as_deref().unwrap_or("image").to_owned();
    let phrase = match looks_like(image.data.bytes()) {
        Some(kind) => phrase!("error-image-kind", name = name, kind = kind),
        None => phrase!("error-image-unknown", name = name),
    };
    ApiError::new(ErrorCode::BadRequest, phrase).with_hint(phrase!("hint-image-kinds", kinds = ImageKind::NAMES))
}

impl Chat {
    /// Leaves those who can see the question, and adds what became of the rest and of earlier images.
    ///
    /// # Errors
    ///
    /// `unsupported` where the question has an image and the chosen model is known not to see, with the names of models
    /// that do.
    pub(super) async fn look(
        &self,
        user_id: UserId,
        request: &ChatRequest,
        place: &Place,
        reach: &mut Reach,
    ) -> Result<(), ApiError> {
        if asks_with_images(request) {
            if let Some((chosen, _)) = reach.candidates.first().filter(|(chosen, _)| chosen.is_blind()) {
                return Err(self.blind(user_id, chosen, request).await?);
            }
            for (next, _) in reach.candidates.extract_if(.., |(next, _)| next.is_blind()) {
                let error = ApiError::new(ErrorCode::Unsupported, phrase!("error-model-blind", model = next.name()));
                reach.notices.push(skipped(&next, &error));
            }
        }
        let earlier = place.branch.iter().map(|message| images_of(&message.content).count()).sum::<usize>();
        if let Some((chosen, _)) = reach.candidates.first().filter(|(chosen, _)| earlier > 0 && chosen.is_blind()) {
            let words = phrase!("notice-images_left_out", count = earlier, model = chosen.name());
            reach.notices.push(notice("images_left_out", words));
        }
        Ok(())
    }

    async fn blind(&self, user_id: UserId, chosen: &Chosen, request: &ChatRequest) -> Result<ApiError, ApiError> {
        let error = ApiError::new(ErrorCode::Unsupported, phrase!("error-model-blind", model = chosen.name()));
        let names = self.models.seeing(user_id, &request.env_keys).await?;
        let named: Vec<String> = names.iter().take(MOST_NAMED).map(|name| format!("`{name}`")).collect();
        Ok(error.with_hint(match named.is_empty() {
            true => phrase!("hint-no-model-sees"),
            false => phrase!("hint-models-that-see", models = named.join(", ")),
        }))
    }
}

fn asks_with_images(request: &ChatRequest) -> bool {
    matches!(&request.content, Content::Parts(parts) if images_of(parts).next().is_some())
}

/// The messages as a model is told them.
pub(super) fn told(chosen: &Chosen, messages: &Arc<[ChatMessage]>) -> Arc<[ChatMessage]> {
    if chosen.is_blind() { in_words(messages) } else { Arc::clone(messages) }
}

/// The messages with words in the place of images.
fn in_words(messages: &Arc<[ChatMessage]>) -> Arc<[ChatMessage]> {
    if messages.iter().all(|message| images_of(&message.parts).next().is_none()) {
        return Arc::clone(messages);
    }
    let part = |part: &ContentPart| match part {
        ContentPart::Image(image) => ContentPart::Text { text: format!("\n{}\n", image.in_words()) },
        other => other.clone(),
    };
    messages.iter().map(|one| ChatMessage { role: one.role, parts: one.parts.iter().map(part).collect() }).collect()
}

#[cfg(test)]
mod tests {
    use mmp_shared::{
        image::ImageData,
        message::{Role, text_of},
    };

    use super::*;
    use crate::config::RatesConfig;

    fn image(bytes: &[u8]) -> ContentPart {
        let name = Some("cat.png".to_owned());
        ContentPart::Image(Image { media_type: ImageKind::Png, name, data: ImageData::new(bytes.to_vec()) })
    }

    #[test]
    fn images_are_what_they_say_and_no_larger_than_the_limit() {
        let rates = RatesConfig { account: None, token: None, source: None };
        let limits = LimitsConfig { prompt: 9, images: 20, rates };
        let png = b"\x89PNG\r\n\x1a\n1234";
        assert_eq!(check_images(&[image(png)], &limits), Ok(()));
        let error = check_images(&[image(png), image(png)], &limits).expect_err("24 bytes");
        assert_eq!(error.code, ErrorCode::TooLarge);
        assert!(error.message.contains("20"), "{}", error.message);
        let error = check_images(&[image(b"%PDF-1.7")], &limits).expect_err("no image");
        assert_eq!(error.code, ErrorCode::BadRequest);
        assert!(error.message.contains("PDF") && error.hint.expect("a hint").contains("WebP"), "{}", error.message);
    }

    #[test]
    fn a_blind_model_reads_that_there_was_an_image() {
        let parts = vec![ContentPart::Text { text: "look".into() }, image(b"x")];
        let messages: Arc<[ChatMessage]> = Arc::new([ChatMessage { role: Role::User, parts }]);
        assert_eq!(text_of(&in_words(&messages)[0].parts), "look\n[image: cat.png]\n");
        let words: Arc<[ChatMessage]> = Arc::new([ChatMessage { role: Role::User, parts: vec![] }]);
        assert!(Arc::ptr_eq(&words, &in_words(&words)), "nothing is copied where nothing changes");
    }
}
