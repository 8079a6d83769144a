//! The arguments of the program.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use mdm_vpp_simulator::{BaseUrl, SynchronousErrors};

const EXAMPLES: &str = "\
Try it, with the program running and PATH as its token file:
  curl http://127.0.0.1:8787/mdm/v2/service/config
  curl -H \"Authorization: Bearer $(cat PATH)\" http://127.0.0.1:8787/mdm/v2/client/config
  curl -H \"Authorization: Bearer $(cat PATH)\" 'http://127.0.0.1:8787/mdm/v2/assets?productType=App'
  curl -b \"itvt=$(cat PATH)\" 'http://127.0.0.1:8787/WebObjects/MZStorePlatform.woa/wa/lookup?version=2&id=9000000105&p=mdm-lockup&caller=MDM&platform=enterprisestore&cc=de&l=en'

For testers, with TESTER as the `tester_url`:
  curl TESTER/
  curl -d '{\"asset\":{\"adam_id\":\"9000000104\"},\"seats\":5}' TESTER/portal/buy
  curl -d '{\"endpoint\":\"associate_assets\",\"fault\":{\"kind\":\"answer_lost\"}}' TESTER/faults

Clients follow the addresses in service/config, and a client that guards its secret uses plain http on its own machine
alone: let the two share a network namespace, or put a TLS proxy in front and name it with --advertise.";

/// A simulated Apple service for apps and books, with a demonstration location.
///
/// Writes the location's token file, then serves until ctrl-c or SIGTERM. The first line on standard output is one
/// JSON object: {"schema":1,"base_url":"http://127.0.0.1:8787/mdm/v2","token_file":"PATH",
/// "tester_url":"http://127.0.0.1:PORT"}. Messages for people go to standard error. Exit codes: 0 stopped by a signal,
/// 1 failed, 2 wrong arguments.
#[derive(Debug, Parser)]
#[command(name = "mdm-vpp-simulator", version, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787")]
    pub(crate) listen: String,

    /// Address and port of the server for testers: faults, portal actions, events, clock, settings, reset and request
    /// log. It has no password. Port 0 takes a free one, which the first line tells.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) tester_listen: String,

    /// Path of the demonstration location's token file. An existing file is replaced; on Unix only you can read it
    /// (mode 0600).
    #[arg(long, value_name = "PATH", required_unless_present = "coverage")]
    pub(crate) token_file: Option<PathBuf>,

    /// Base URL in service config, for clients that reach the simulator under another address than it listens on.
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub(crate) advertise: Option<BaseUrl>,

    /// Number of records on a page of a list.
    #[arg(long, value_name = "N", default_value = "500")]
    pub(crate) page_size: NonZeroUsize,

    /// HTTP status of errors: as observed in the wild (200 for an expired, unknown or revoked token) or as documented.
    #[arg(long, value_enum, default_value = "observed")]
    pub(crate) token_errors: TokenErrors,

    /// Time from a request until its event is finished.
    #[arg(long, value_name = "MILLISECONDS", default_value = "2000")]
    pub(crate) event_delay: u64,

    /// Address to post notifications to, in place of that in the MDM's URL, whose path stays. Plain http. Without it
    /// notifications wait for a tester to take them, and the test notification succeeds.
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub(crate) deliver_to: Option<BaseUrl>,

    /// Print the endpoints covered and the differences from Apple, and stop.
    #[arg(long)]
    pub(crate) coverage: bool,
}

/// Names of [`SynchronousErrors`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TokenErrors {
    /// 200 with an error body for errors 9621, 9622 and 9625.
    Observed,
    /// The status of Apple's table for every error.
    Documented,
}

impl From<TokenErrors> for SynchronousErrors {
    fn from(name: TokenErrors) -> Self {
        match name {
            TokenErrors::Observed => Self::Observed,
            TokenErrors::Documented => Self::Documented,
        }
    }
}
