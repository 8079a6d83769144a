//! The demonstration location: it owns one app of each kind that a license product meets.
//!
//! Location "Musterwerk Hamburg" of the organization "Musterwerk Beispiel GmbH", business portal, country `DE`. All
//! names are invented.
//!
//! | adamId | Name | Kind | Seats | For |
//! |---|---|---|---|---|
//! | 9000000101 | Route Sheet | iOS app, public, free | 500 | the ordinary case |
//! | 9000000102 | Shift Roster | iOS app, public, 4.99 | 250 | a paid app; artwork as a list, id as a number |
//! | 9000000103 | Signal Notes | iOS app with a Mac version, public, free | 1000 | one id on two platforms |
//! | 9000000104 | Torque Calculator | iOS app, public, 9.99 | **5** | the app that runs out |
//! | 9000000105 | Depot Checklist | iOS app, **custom** | 50 | found only with the token in the cookie `itvt` |
//! | 9000000106 | Ledger Desk | **macOS app**, public, 29.99 | 20 | not for an iPhone catalog |
//! | 9000000107 | Safe Lifting at Work | **book**, public, 3.99 | 30 | never revocable, never for devices |
//! | 9000000108 | Prairie Weather Desk | iOS app, sold in `US` only, free | 40 | owned, not in the German store |
//! | 9000000109 | Crate Label Reader | iOS app, public, free | **unlimited** | no count at all |

mod location;

pub use location::{
    CRATE_LABEL_READER, DEPOT_CHECKLIST, DemonstrationLocation, LEDGER_DESK, PRAIRIE_WEATHER_DESK,
    ROUTE_SHEET, SAFE_LIFTING_AT_WORK, SHIFT_ROSTER, SIGNAL_NOTES, TORQUE_CALCULATOR,
};
