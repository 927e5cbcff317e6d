//! The catalogue: which models there are, what is known of them and who says so, their prices, and what a name means.
//!
//! Pure. It begins with one data file; over that lie the providers' own lists, then what an administrator says, then
//! what the user says. Those are handed in, as are the providers that a user has: reading the store and asking anybody
//! is left to the services.

mod file;
mod names;
mod price;
mod view;

pub use file::{CatalogueModel, find, models, prices_of};
pub use names::{KnownProvider, Named, Unknown, resolve};
pub use price::{Tariff, cost_usd};
pub use view::{Catalogue, Entry, Listed, Overlay, Said, Who};
