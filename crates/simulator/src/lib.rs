//! A simulated Apple service for apps and books (VPP), to test device management products against.
//!
//! The model lives in memory and is synchronous: time is set by hand, ids come from a counter, nothing is random. It
//! answers in-process with [`Simulator::handle`], or over HTTP with `SimulatorServer` (feature `http`), which gives the
//! same answers and adds the faults that only a transport can have. The program `mdm-vpp-simulator` (feature `program`)
//! starts with the [`demonstration`] location.
//!
//! ```
//! use chrono::{DateTime, Utc};
//! use mdm_vpp_simulator::{Endpoint, ErrorNumber, Fault, FaultRule, Request, Simulator, demonstration};
//!
//! let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse().unwrap();
//! let (simulator, location) = Simulator::demonstration(now);
//! let assets = || Request::get("/mdm/v2/assets").bearer(&location.token_file);
//!
//! // Read the assets of the location.
//! let reply = simulator.handle(assets()).value()?;
//! assert_eq!(reply["size"], 9);
//!
//! // Buy five seats in the portal; the version of the assets changes.
//! simulator.buy(&location.uid, demonstration::TORQUE_CALCULATOR, 5)?;
//! assert_ne!(simulator.handle(assets()).value()?["versionId"], reply["versionId"]);
//!
//! // Inject a fault that strikes once. Like Apple, the service answers with status 200 here.
//! simulator.inject(FaultRule::at(Endpoint::Assets, Fault::ErrorInOkBody(ErrorNumber::TOKEN_REVOKED)));
//! let spoiled = simulator.handle(assets());
//! assert_eq!((spoiled.status, &spoiled.value()?["errorNumber"]), (200, &9625.into()));
//! assert_eq!(simulator.count(Endpoint::Assets), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Events
//!
//! A request that gives or takes assets, or changes users, is accepted at once and carried out later, as an event. An
//! [`EventPlan`] says when, in how many steps, which tasks fail and when changes are shown: in [`Settings::events`] for
//! all events, in a fault ([`Fault::Event`]) for those of single requests. By default an event is finished before its
//! request is answered.
//!
//! ```
//! use std::time::Duration;
//! use chrono::{DateTime, TimeDelta, Utc};
//! use mdm_vpp_simulator::{EventPlan, Request, Simulator};
//!
//! let now: DateTime<Utc> = "2027-03-01T10:00:00Z".parse().unwrap();
//! let (simulator, location) = Simulator::demonstration(now);
//! simulator.change_settings(|settings| settings.events = EventPlan::usual().after(Duration::from_secs(60)));
//!
//! // Give an app with five seats to six devices.
//! let body = r#"{"assets": [{"adamId": "9000000104"}], "serialNumbers": ["A", "B", "C", "D", "E", "F"]}"#;
//! let give = Request::post_json("/mdm/v2/assets/associate", body).bearer(&location.token_file);
//! let event = simulator.handle(give).value()?["eventId"].clone();
//! let target = format!("/mdm/v2/status?eventId={}", event.as_str().unwrap_or_default());
//! let status = || simulator.handle(Request::get(&target).bearer(&location.token_file)).value();
//! assert_eq!(status()?["eventStatus"], "PENDING");
//!
//! simulator.advance(TimeDelta::seconds(60));
//! assert_eq!((&status()?["eventStatus"], &status()?["numCompleted"]), (&"FAILED".into(), &5.into()));
//! assert_eq!(status()?["failures"][0]["errorNumber"], 9709);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Too many requests
//!
//! Fifteen requests a second of one location are answered, more are 9646. While the clock stands, as in the examples
//! above, requests are not counted unless [`RateLimit::judged`] says so: no time passes between the requests of a test,
//! so all of them would be one burst. In virtual time set [`RateJudged::Always`] and advance the clock.
//!
//! # Notifications
//!
//! Notifications for a location that subscribed wait in an outbox. [`Simulator::take_notifications`] hands them to a
//! test, which delivers them as it likes; a server posts them itself to the address in
//! [`NotificationDials::deliver_to`].
//! [`Simulator::on_test_notification`] sets the answer to the test notification that Apple sends while client config is
//! written.
//!
//! # What is covered
//!
//! [`Endpoint::ALL`] lists the endpoints, [`coverage`] prints them with the [differences from Apple](DIFFERENCES). The
//! source of a rule is named beside it: "Apple's documentation", "observed in the wild", "assumption".
//!
//! # Features
//!
//! | Feature | Adds |
//! |---|---|
//! | none | the model, in-process |
//! | `http` | `SimulatorServer`, and `TesterServer`: all acts of a tester over HTTP, on a port of their own |
//! | `program` (default) | the program; includes `http` |
//! | `fake` | `SimulatedApple`: the ports `LicenseService` and `AppMetadata` of `mdm-vpp`, in-process |

mod apple;
mod coverage;
pub mod demonstration;
mod endpoints;
#[cfg(feature = "fake")]
mod fake;
#[cfg(feature = "http")]
mod http;
mod model;
mod portal;
mod service;
mod settings;
mod simulator;
#[cfg(feature = "http")]
mod tester;
mod wire;

pub use apple::{
    AdamId, ArtworkStyle, AssetKey, Assignment, ClientUserId, ContentManager, Country, Endpoint, ErrorNumber,
    EventId, EventKind, EventStatus, Holder, IdStyle, Limits, ListingKind, LocationUid, NotificationId,
    NotificationKind, Platform, PricingParam, SerialNumber, StoreListing, TokenId, UNLIMITED,
};
pub use coverage::{DIFFERENCES, coverage};
pub use demonstration::DemonstrationLocation;
#[cfg(feature = "fake")]
pub use fake::SimulatedApple;
#[cfg(feature = "http")]
pub use http::SimulatorServer;
pub use model::{
    Claim, DownloadedToken, EventView, LogEntry, NewLocation, Notification, NotificationSettings,
    TokenDownload,
};
pub use portal::PortalError;
pub use settings::{
    BaseUrl, BaseUrlError, EventDelay, EventPlan, ExpirationShown, FlaggingRule, NotificationDials,
    RateJudged, RateLimit, RemovedInDeltas, RetryAfter, Settings, SynchronousErrors,
};
pub use simulator::{EventOrder, Fault, FaultRule, JsonEdit, PortalHook, Simulator};
#[cfg(feature = "http")]
pub use tester::TesterServer;
pub use wire::{BODY_LIMIT, Delivery, Request, Response};
