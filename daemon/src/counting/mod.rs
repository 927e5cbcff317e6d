//! How many tokens a text has, without asking anybody: by the vocabulary of the model's family where that is built in, else
//! by a rule of thumb. What is done with the number is left to the services.

mod counter;
mod estimate;
mod family;
mod vocabulary;

pub use counter::Counter;
pub use estimate::estimate;
pub use family::Family;
