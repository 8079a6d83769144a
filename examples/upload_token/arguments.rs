//! The command line.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use mdm_vpp::token::{Region, TokenName};

/// Uploads an Apple content token (.vpptoken) and shows its Token Details page.
///
/// Without options everything is simulated. Exit codes: 0 done, 1 failed, 2 the token file cannot be used.
#[derive(Debug, Parser)]
#[command(name = "upload_token")]
pub(crate) struct Arguments {
    /// The .vpptoken file; without it a demonstration token is created and Apple's service is simulated
    #[arg(long, value_name = "PATH")]
    pub(crate) token_file: Option<PathBuf>,

    /// Where Apple's service is, for example the simulator's base URL, which ends in /mdm/v2
    #[arg(long, value_name = "URL", requires = "token_file")]
    pub(crate) apple_url: Option<String>,

    /// Call Apple's own service, and claim the token's location there for this example: other MDM servers will see the
    /// claim. Needed for a token file without --apple-url
    #[arg(long, requires = "token_file", conflicts_with = "apple_url")]
    pub(crate) claim_at_apple: bool,

    /// The SQLite file; it is created when it does not exist [default: one in a temporary folder]
    ///
    /// The token's secret is sealed in it with the key in VPP_SEALING_KEY (32 bytes as base64 or hex), or with a key
    /// that is generated for this run alone.
    #[arg(long, value_name = "PATH")]
    pub(crate) database: Option<PathBuf>,

    /// The token's name, unique in the database
    #[arg(long, default_value = "Demonstration", value_parser = |text: &str| TokenName::new(text))]
    pub(crate) name: TokenName,

    /// The region whose store the apps are looked up in, a country code of two letters
    #[arg(long, default_value = "DE", value_parser = |text: &str| Region::new(text))]
    pub(crate) region: Region,

    /// Add the token's apps to the catalog automatically
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        default_value_t = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) auto_add: bool,

    /// Print one JSON document on standard output and nothing else
    #[arg(long)]
    pub(crate) json: bool,
}

impl Arguments {
    /// Reads the command line. A wrong option ends with code 1, because code 2 is kept for the token file.
    pub(crate) fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|error| {
            let asked_for_help = !error.use_stderr();
            // A write fails when the terminal is closed, and then there is no one to report that to.
            let _ = error.print();
            if asked_for_help { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        })
    }
}
