//! Events: work that the service accepts at once and does later, task by task.

mod agenda;
mod dials;
mod event;
mod failures;
mod step;
mod work;

pub use dials::EventOrder;
pub use event::{EventKind, EventStatus, EventView};

pub(crate) use agenda::Agenda;
pub(crate) use event::Event;
pub(crate) use work::{Task, Work};
