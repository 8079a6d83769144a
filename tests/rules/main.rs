#![cfg(test)]
//! The rules alone, as an embedder of the core sees them: facts in, a decision out.

mod choosing;
mod contradictions;
mod departing;
mod planning;
mod scene;
mod sharing;
mod shortage;
mod updating;
mod vectors;
mod watching;
