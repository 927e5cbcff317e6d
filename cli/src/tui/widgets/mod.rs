//! What several views are made of, and strangers to each other.

pub(crate) mod editor;
pub(crate) mod field;
pub(crate) mod finder;
pub(crate) mod list;
