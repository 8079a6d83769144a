//! What an answer tells of where it comes from: the location, and the place of a page in its list.

use mdm_vpp_core::id::LocationId;
use mdm_vpp_ports::{AcceptedEvent, AssignmentsPage, ClientConfig, EventReport, ServiceError, UsersPage};

use super::{pages::misfit, wire::Paged};

/// An answer that may name the location that gave it.
pub(super) trait Located {
    fn location(&self) -> Option<&LocationId>;
}

impl<T> Paged<T> {
    /// The page, if it is the one that was asked for and the next one follows it: a list that repeats or skips pages
    /// must neither seem complete nor be read without end.
    pub(super) fn asked_for_as(self, index: u32, call: &'static str) -> Result<T, ServiceError> {
        match misfit(&self.members, index) {
            Some(trouble) => Err(ServiceError { call, kind: trouble, retry_after: None }),
            None => Ok(self.page),
        }
    }
}

impl<T: Located> Located for Paged<T> {
    fn location(&self) -> Option<&LocationId> {
        self.page.location()
    }
}

impl Located for AssignmentsPage {
    fn location(&self) -> Option<&LocationId> {
        self.page.location.as_ref()
    }
}

impl Located for UsersPage {
    fn location(&self) -> Option<&LocationId> {
        self.page.location.as_ref()
    }
}

impl Located for AcceptedEvent {
    fn location(&self) -> Option<&LocationId> {
        self.location.as_ref()
    }
}

impl Located for EventReport {
    fn location(&self) -> Option<&LocationId> {
        self.location.as_ref()
    }
}

impl Located for ClientConfig {
    fn location(&self) -> Option<&LocationId> {
        Some(&self.location.id)
    }
}
