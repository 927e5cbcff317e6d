//! The one that counts: a thread of its own, which begins with the first question, keeps the vocabulary that was used
//! last, and ends when nobody has asked for a while.
//!
//! So a daemon that is idle holds no vocabulary, counting blocks no async thread, and many who ask at once wait in one
//! queue, whose length is bounded.

use std::{
    sync::{
        Arc, Mutex, MutexGuard,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel},
    },
    thread,
    time::Duration,
};

use tokio::sync::oneshot;

use super::{Family, vocabulary::Vocabulary};

/// How many questions may wait.
const MOST_WAITING: usize = 64;

/// How long the vocabulary is kept when nobody asks.
const PATIENCE: Duration = Duration::from_secs(20);

struct Question {
    family: Family,
    texts: Vec<String>,
    answer: oneshot::Sender<Option<Vec<u64>>>,
}

type Waiting = Arc<Mutex<Option<SyncSender<Question>>>>;

/// Counts tokens by the families' vocabularies.
#[derive(Default)]
pub struct Counter {
    waiting: Waiting,
}

impl Counter {
    /// The tokens of each text; none where the family's vocabulary is not built in, or too many ask at once.
    pub async fn count(&self, family: Family, texts: Vec<String>) -> Option<Vec<u64>> {
        if matches!(family, Family::Ernie | Family::Other) {
            return None;
        }
        let (answer, counted) = oneshot::channel();
        self.ask(Question { family, texts, answer });
        // A question that was not taken is dropped, and so is its answer.
        counted.await.ok().flatten()
    }

    fn ask(&self, question: Question) {
        let mut waiting = lock(&self.waiting);
        let sender = waiting.get_or_insert_with(|| begin(&self.waiting));
        if sender.try_send(question).is_err() {
            tracing::warn!("too many texts are to be counted at once: this one is estimated");
        }
    }
}

fn begin(waiting: &Waiting) -> SyncSender<Question> {
    let (sender, questions) = sync_channel(MOST_WAITING);
    let waiting = Arc::clone(waiting);
    let begun = thread::Builder::new().name("counting".to_owned()).spawn(move || work(&questions, &waiting));
    if let Err(error) = begun {
        // The receiver is gone with it: every question is estimated instead.
        tracing::warn!(%error, "there is no thread to count tokens");
    }
    sender
}

fn work(questions: &Receiver<Question>, waiting: &Waiting) {
    let mut loaded: Option<(Family, Vocabulary)> = None;
    while let Some(Question { family, texts, answer }) = next(questions, waiting) {
        if answer.is_closed() {
            continue;
        }
        if loaded.as_ref().is_none_or(|(of, _)| *of != family) {
            // One at a time: the one before goes first.
            drop(loaded.take());
            loaded = Vocabulary::load(family).map(|vocabulary| (family, vocabulary));
        }
        let counted = loaded.as_ref().map(|(_, vocabulary)| texts.iter().map(|text| vocabulary.count(text)).collect());
        // Whoever asked may have gone.
        let _ = answer.send(counted);
    }
}

/// The next question; none when nobody has asked for a while, and whoever asks next begins anew.
fn next(questions: &Receiver<Question>, waiting: &Waiting) -> Option<Question> {
    match questions.recv_timeout(PATIENCE) {
        Ok(question) => Some(question),
        Err(RecvTimeoutError::Disconnected) => None,
        Err(RecvTimeoutError::Timeout) => {
            let mut waiting = lock(waiting);
            match questions.try_recv() {
                Ok(question) => Some(question),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => {
                    *waiting = None;
                    None
                }
            }
        }
    }
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, Option<SyncSender<Question>>> {
    waiting.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn texts_are_counted_one_by_one_and_unknown_families_not_at_all() {
        let counter = Counter::default();
        let texts = || vec!["hello world".to_owned(), String::new()];
        assert_eq!(counter.count(Family::O200k, texts()).await, Some(vec![2, 0]));
        assert_eq!(counter.count(Family::Other, texts()).await, None);
    }

    #[tokio::test]
    async fn what_has_no_breaks_is_counted_too() {
        let counter = Counter::default();
        let texts = vec![" ".repeat(200_000), "我".repeat(50_000), "=".repeat(200_000)];
        let counted = counter.count(Family::DeepSeek, texts).await.expect("it is built in");
        assert!(counted.iter().all(|tokens| (1..=200_000).contains(tokens)), "{counted:?}");
    }
}
