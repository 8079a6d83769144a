#![cfg(test)]
//! What the stores promise.
