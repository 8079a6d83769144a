//! What a tester may set: how the service behaves where Apple's documentation and practice differ or leave a choice.

mod base_url;
mod clock;
mod event_plan;
mod rate;
mod service_settings;

pub use base_url::{BaseUrl, BaseUrlError};
pub use event_plan::{EventDelay, EventPlan};
pub use rate::{FlaggingRule, RateJudged, RateLimit, RetryAfter};
pub use service_settings::{
    ExpirationShown, NotificationDials, RemovedInDeltas, Settings, SynchronousErrors,
};

pub(crate) use clock::{SimulatedClock, after, later};
pub(crate) use rate::{Bucket, Reads};
