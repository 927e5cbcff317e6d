//! The dialects that several providers share, as pure functions.
//!
//! [`chat_completions`] builds a request in the shape that OpenAI made common, [`decoder`] reads the answer, [`errors`]
//! says what went wrong instead and [`params`] which flag that came from, [`models`] reads lists of models, [`thinking`] tells
//! a model how much to think and [`usage`] makes the numbers mean the same. What one provider does differently stands in that
//! provider's file; bytes, time and limits are the driver's.

pub mod chat_completions;
pub mod content;
pub mod decoder;
pub mod errors;
pub mod kinds;
pub mod models;
pub mod openai_models;
pub mod own_kinds;
pub mod params;
pub mod shapes;
pub mod thinking;
pub mod tool_calls;
pub mod usage;
