//! The program `mdm-vpp-simulator`: a simulated Apple service with the demonstration location.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::main()
}
