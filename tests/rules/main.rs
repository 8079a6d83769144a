#![cfg(test)]
//! The rules alone, as an embedder of the core sees them: facts go in, a decision comes out.

mod choosing;
mod contradictions;
mod departing;
mod fixture;
mod planning;
mod sharing;
mod shortage;
mod updating;
mod vectors;
mod watching;
