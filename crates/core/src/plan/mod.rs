//! Plans: allotment of scarce licenses, the plan of an app, differences between lists, packing of requests, and pace.

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
mod report;
mod serving;
#[cfg(test)]
mod shape_tests;
mod standing;
#[cfg(test)]
mod testing;

pub use allot::{AllotPool, AllotPools, Allotment, Applicant, Reserved, allot};
pub use app_plan::{AppPlan, PlanRefusal, plan_app};
pub use app_plan::{AppStock, Holding, PlanCause, PlannedApp, PlannedRecipient};
pub use difference::{Difference, OutOfOrder, all_differences, differences};
pub use outcome::WaitsFor;
pub use outcome::{KeepsBecause, Outcome};
pub use pace::{Bucket, Call, Pace, PaceLimits, PaceLimitsError, Permit, Spread, Take, spread};
pub use pack::{PackLimits, PackLimitsError, PackedRequest, RequestLimits, pack, pack_devices, pack_users};
pub use report::{Preview, SeatMove};
pub use report::{Report, ReportLine};
