//! A family's vocabulary, and how a text is counted by it.
//!
//! Loading one costs about 150 ms and 25 MiB, and counting what has no breaks costs the square of its length: both are the
//! counter's thread's to bear, and texts are cut into pieces first.

use tiktoken::{CoreBpe, encoding};

use super::Family;

/// The longest piece that is counted at once, in bytes.
const PIECE: usize = 4_096;

/// A vocabulary that was loaded.
pub(super) struct Vocabulary(CoreBpe);

impl Vocabulary {
    /// Loads the vocabulary of a family; none where it is not built in.
    pub(super) fn load(family: Family) -> Option<Self> {
        let load = match family {
            Family::O200k => encoding::o200k_base,
            Family::Cl100k => encoding::cl100k_base,
            Family::DeepSeek => encoding::deepseek_v4,
            Family::Qwen => encoding::qwen2,
            Family::Ernie | Family::Other => return None,
        };
        Some(Self(load()))
    }

    /// How many tokens a text has; at most one more for each piece than if it were counted whole.
    pub(super) fn count(&self, text: &str) -> u64 {
        pieces(text).map(|piece| self.0.count(piece) as u64).sum()
    }
}

/// The text in pieces, cut before white space where there is any.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = rest.split_at(cut(rest));
        rest = after;
        Some(piece)
    })
}

fn cut(text: &str) -> usize {
    if text.len() <= PIECE {
        return text.len();
    }
    let end = (PIECE - 3..=PIECE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text[..end].rfind(char::is_whitespace).filter(|at| *at > PIECE / 2).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::counting::estimate;

    const ENGLISH: &str = "The committee met on Tuesday, and after two hours of talk it agreed on very little: the bridge would be \
        painted, the old library would stay where it is, and nobody would say a word about the budget until spring. A few \
        of the older members remembered that the same had been said in 1987, and again seven years later.\n";
    const CHINESE: &str = "昨天下午我们去了城北的旧书店，老板正在整理一批刚收来的地图。他说这些地图大多是三十年代印的，\
        纸张已经发黄，但是线条依然清楚。我挑了两张，花了一百二十块钱，回家以后挂在书桌旁边的墙上。\n";
    const CODE: &str = "fn total(lines: &[Line]) -> u64 {\n    let mut sum = 0;\n    for line in lines.iter().filter(|line| line.is_open) {\n\
        \x20       sum += line.amount * 100;\n    }\n    println!(\"{sum}\");\n    sum\n}\n";

    #[test]
    fn known_texts_have_the_tokens_that_are_known() {
        // The counts of OpenAI's own tiktoken.
        let vocabulary = Vocabulary::load(Family::O200k).expect("it is built in");
        assert_eq!(vocabulary.count("hello world"), 2);
        assert_eq!(vocabulary.count("tiktoken is great!"), 6);
        assert_eq!(vocabulary.count(""), 0);
        assert!(Vocabulary::load(Family::Ernie).is_none());
    }

    #[test]
    fn the_rule_of_thumb_is_near_every_vocabulary() {
        for family in [Family::O200k, Family::Cl100k, Family::DeepSeek, Family::Qwen] {
            let vocabulary = Vocabulary::load(family).expect("it is built in");
            for (name, text) in [("English", ENGLISH), ("Chinese", CHINESE), ("code", CODE)] {
                let (counted, estimated) = (vocabulary.count(text) as f64, estimate(family, text) as f64);
                let ratio = estimated / counted;
                assert!((0.75..1.3).contains(&ratio), "{family:?} {name}: {estimated} for {counted}");
            }
        }
    }

    proptest! {
        #[test]
        fn pieces_are_the_whole_text_and_none_is_too_long(
            runs in proptest::collection::vec((proptest::sample::select(vec!["a", " ", "我", "\n", "😀"]), 1usize..3_000), 0..6),
        ) {
            let text: String = runs.into_iter().map(|(text, times)| text.repeat(times)).collect();
            let all: Vec<&str> = pieces(&text).collect();
            prop_assert_eq!(all.concat(), text.as_str());
            prop_assert!(all.iter().all(|piece| !piece.is_empty() && piece.len() <= PIECE));
        }
    }
}
