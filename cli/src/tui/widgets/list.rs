//! A place in a list, and the part of the list that is seen.

/// The chosen item of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Its place.
    pub(crate) index: usize,
}

impl Choice {
    /// Moves by so many items, and stays in a list of this length.
    pub(crate) fn step(&mut self, by: isize, length: usize) {
        self.index = self.index.saturating_add_signed(by).min(length.saturating_sub(1));
    }

    /// The first item that is seen, where so many fit: the chosen one is in the middle where it can be.
    pub(crate) const fn first_seen(self, height: usize, length: usize) -> usize {
        let last = length.saturating_sub(height);
        let first = self.index.saturating_sub(height / 2);
        if first < last { first } else { last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_stays_in_the_list_and_in_sight() {
        let mut choice = Choice::default();
        choice.step(-3, 10);
        assert_eq!(choice.index, 0);
        choice.step(100, 10);
        assert_eq!((choice.index, choice.first_seen(4, 10)), (9, 6));
        choice.step(1, 0);
        assert_eq!((choice.index, choice.first_seen(4, 0)), (0, 0));
    }
}
