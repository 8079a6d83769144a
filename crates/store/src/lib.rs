//! Where `mdm-vpp` keeps its state.

pub mod sealing;
