//! The gates: each is a function from facts to violations, and a thin shell that gathers the facts.

pub(crate) mod api;
pub(crate) mod deps;
pub(crate) mod layers;
pub(crate) mod minimal;
pub(crate) mod msrv;
pub(crate) mod rooms;
pub(crate) mod shape;
pub(crate) mod test_run;
pub(crate) mod tools;
pub(crate) mod tree;
pub(crate) mod words;
