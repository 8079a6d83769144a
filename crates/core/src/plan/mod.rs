//! Plans: what follows from the difference between what is wanted and what is there.

mod allot;
mod app_plan;
#[cfg(test)]
mod app_plan_pitfall_tests;
#[cfg(test)]
mod app_plan_property_tests;
#[cfg(test)]
mod app_plan_tests;
mod difference;
mod outcome;
mod pace;
mod pack;
mod planned;
mod preview;
mod report;
#[cfg(test)]
mod report_tests;
mod serving;
#[cfg(test)]
mod shape_tests;
mod standing;
#[cfg(test)]
mod testing;
mod waits_for;

pub use allot::{AllotPool, AllotPools, Allotment, Applicant, Reserved, allot};
pub use app_plan::{AppPlan, PlanRefusal, plan_app};
pub use difference::{Difference, OutOfOrder, differences};
pub use outcome::{KeepsBecause, Outcome};
pub use pace::{Bucket, Call, Pace, PaceLimits, PaceLimitsError, Permit, Spread, Take, spread};
pub use pack::{PackLimits, PackLimitsError, PackedRequest, RequestLimits, pack, pack_devices, pack_users};
pub use planned::{AppStock, Holding, PlanOccasion, PlannedApp, PlannedRecipient};
pub use preview::{Preview, SeatMove};
pub use report::{Report, ReportLine};
pub use waits_for::WaitsFor;
