#![cfg(test)]
//! What the stores promise: the suite that every store has to pass, and what is particular to each.

mod keys;
mod memory;
