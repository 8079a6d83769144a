//! What can go wrong with a request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::error_number::ErrorNumber;
use crate::model::EventPlan;
use crate::simulator::Simulator;

/// A change to a JSON reply before it is sent.
#[derive(Clone)]
pub struct JsonEdit(pub(crate) Arc<dyn Fn(&mut Value) + Send + Sync>);

/// Something done to the simulator before it answers, such as a portal action between two pages.
#[derive(Clone)]
pub struct PortalHook(pub(crate) Arc<dyn Fn(&Simulator) + Send + Sync>);

impl fmt::Debug for JsonEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonEdit")
    }
}

impl fmt::Debug for PortalHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortalHook")
    }
}

/// How a busy service says when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Not at all.
    Unsaid,
    /// In so many seconds.
    Seconds(u32),
    /// At a date, this long after the simulator's now, in whole seconds.
    DateIn(Duration),
}

impl RetryAfter {
    /// The value of the header, if there is one.
    pub(crate) fn header(self, now: DateTime<Utc>) -> Option<String> {
        match self {
            Self::Unsaid => None,
            Self::Seconds(seconds) => Some(seconds.to_string()),
            Self::DateIn(delay) => {
                let delay = TimeDelta::from_std(delay).unwrap_or(TimeDelta::MAX);
                let at = now.checked_add_signed(delay).unwrap_or(DateTime::<Utc>::MAX_UTC);
                Some(at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
            }
        }
    }
}

/// A fault.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault {
    /// The request is refused with this number, in the form that the settings ask for.
    Error(ErrorNumber),
    /// The request is refused with this number and status 200.
    ErrorInOkBody(ErrorNumber),
    /// A page for people instead of JSON, as an edge server sends it. The request is not carried out.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// 429, 503 or the like, perhaps with `Retry-After`. The body is an error 9646 for 429, 9729 otherwise. The request
    /// is not carried out.
    Busy {
        /// The HTTP status.
        status: u16,
        /// When to come back.
        retry_after: RetryAfter,
    },
    /// A redirect to another URL. The request is not carried out.
    Redirect {
        /// The HTTP status, such as 302 or 307.
        status: u16,
        /// The whole URL.
        to: String,
    },
    /// The connection is closed without a reply before the request was carried out.
    RequestLost,
    /// The request is carried out; then the connection is closed without a reply.
    AnswerLost,
    /// The request is carried out; half of the JSON arrives.
    TruncatedJson,
    /// The request is carried out; the reply is changed.
    EditJson(JsonEdit),
    /// The request is carried out; the reply is valid JSON of so many MiB, sent piece by piece.
    OversizedBody {
        /// How long, in MiB.
        mebibytes: u32,
    },
    /// The request is carried out; the reply waits.
    SlowReply {
        /// How long it waits.
        delay: Duration,
    },
    /// The request is carried out; the event that it begins runs as this plan says, not as the settings do. Nothing
    /// happens to a request that begins none.
    Event(EventPlan),
    /// Something happens first; then the request is answered as if nothing had been, or suffers the next fault that
    /// matches.
    First(PortalHook),
}

impl Fault {
    /// A reply changed by a function.
    pub fn edit_json(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::EditJson(JsonEdit(Arc::new(edit)))
    }

    /// A reply without one of its members, named at the top level.
    pub fn without_member(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::edit_json(move |body| {
            if let Some(members) = body.as_object_mut() {
                members.remove(&name);
            }
        })
    }

    /// A reply with null for one of its members, named at the top level; added when it was not there.
    pub fn null_member(name: impl Into<String>) -> Self {
        let name = name.into();
        Self::edit_json(move |body| {
            if let Some(members) = body.as_object_mut() {
                members.insert(name.clone(), Value::Null);
            }
        })
    }

    /// Something done to the simulator before it answers.
    pub fn first(act: impl Fn(&Simulator) + Send + Sync + 'static) -> Self {
        Self::First(PortalHook(Arc::new(act)))
    }
}
