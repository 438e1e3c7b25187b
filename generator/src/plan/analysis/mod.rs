//! Facts that need the whole type graph, each computed once in its own pass.

mod depth;
mod derives;
mod reach;
mod recursion;

pub use depth::Depth;
pub use derives::Derives;
pub use reach::Reach;
pub use recursion::Recursion;

use apigen_model::behaviour::{Node, base, direct};
