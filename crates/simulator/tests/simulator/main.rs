#![cfg(test)]
//! Stories of the simulated service, in-process, over HTTP and as a program.
