//! Notifications made for locations that subscribed to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::state::Service;
use crate::apple::{AssetKey, ErrorNumber, LocationUid, NotificationId, NotificationKind};
use crate::model::{Event, Location, Notification, Task, User, WantedUser};
use crate::wire::{
    AssetCount, AssetManagement, AssignmentRow, Envelope, ErrorCode, UserAssociated, UserManagement, UserRow,
};

/// The most elements of one notification (Apple's documentation). More go into several.
const MOST_ELEMENTS: usize = 100;

impl Service {
    /// Notifies of the outcome of an event's tasks: those done first, then those failed, by number.
    pub(crate) fn notify_event(&mut self, event: &mut Event, at: DateTime<Utc>) {
        let mut by_outcome: BTreeMap<Option<ErrorNumber>, Vec<Task>> = BTreeMap::new();
        for (task, failed) in std::mem::take(&mut event.outcomes) {
            by_outcome.entry(failed).or_default().push(task);
        }
        for (failed, tasks) in &by_outcome {
            for tasks in tasks.chunks(MOST_ELEMENTS) {
                self.notify_tasks(event, *failed, tasks, at);
            }
        }
    }

    /// Notifies of some tasks of an event with one outcome: of assets if there are any among them, else of users.
    fn notify_tasks(
        &mut self,
        event: &Event,
        failed: Option<ErrorNumber>,
        tasks: &[Task],
        at: DateTime<Utc>,
    ) {
        let Some(location) = self.locations.get(&event.location) else { return };
        let kind = event.kind.name().to_owned();
        let result = if failed.is_none() { "SUCCESS" } else { "FAILURE" }.to_owned();
        let event_id = event.id.to_string();
        let error = failed.map(ErrorCode::from);
        let (mut assignments, mut users) = (Vec::new(), Vec::new());
        for task in tasks {
            match task {
                Task::Assignment(task) => assignments.push(AssignmentRow::new(task.asset, &task.holder)),
                Task::User(user) => users.push(user_row(location, user)),
            }
        }
        if assignments.is_empty() {
            let content = UserManagement { kind, result, event_id, users, error };
            self.notify(&event.location, NotificationKind::UserManagement, &content, at);
        } else {
            let content = AssetManagement { kind, result, event_id, assignments, error };
            self.notify(&event.location, NotificationKind::AssetManagement, &content, at);
        }
    }

    /// Notifies of a changed total of an asset.
    pub(crate) fn notify_count(&mut self, uid: &LocationUid, key: AssetKey, change: i64) {
        let content = AssetCount {
            adam_id: key.adam_id.to_string(),
            pricing_param: key.pricing_param.name().to_owned(),
            count_delta: change,
        };
        let now = self.clock.now();
        self.notify(uid, NotificationKind::AssetCount, &content, now);
    }

    /// Notifies of a user that accepted the invitation.
    pub(crate) fn notify_associated(&mut self, uid: &LocationUid, user: UserRow) {
        let now = self.clock.now();
        let content = UserAssociated { associated_users: vec![user] };
        self.notify(uid, NotificationKind::UserAssociated, &content, now);
    }

    fn notify(
        &mut self,
        uid: &LocationUid,
        kind: NotificationKind,
        content: &impl Serialize,
        at: DateTime<Utc>,
    ) {
        let Some(location) = self.locations.get(uid) else { return };
        let wanted = &location.notifications;
        let subscribed = wanted.types.iter().any(|name| name == kind.name());
        let (Some(url), Some(bearer)) = (wanted.url.clone(), wanted.auth_token.clone()) else { return };
        if subscribed {
            let notification = self.notification(uid, (url, bearer), kind, content, at);
            self.outbox.enter(&notification, &self.settings.notifications);
        }
    }

    /// The test notification for an MDM that is to be reached at this URL with this token.
    pub(crate) fn test_notification(&mut self, uid: &LocationUid, to: (String, String)) -> Notification {
        let now = self.clock.now();
        self.notification(uid, to, NotificationKind::Test, &serde_json::Map::new(), now)
    }

    fn notification(
        &mut self,
        uid: &LocationUid,
        (url, bearer): (String, String),
        kind: NotificationKind,
        content: &impl Serialize,
        made_at: DateTime<Utc>,
    ) -> Notification {
        let id = NotificationId::numbered(self.count());
        let envelope = Envelope {
            notification_id: id.to_string(),
            notification_type: kind.name().to_owned(),
            notification: content,
            u_id: uid.to_string(),
        };
        // Our wire types always become JSON; were one not to, the body would be empty.
        let body = serde_json::to_vec(&envelope).unwrap_or_default();
        Notification { id, kind, location: uid.clone(), url, bearer, body, made_at }
    }
}

/// The user that a task is about, as the location knows it; one that could not be created has no status.
fn user_row(location: &Location, user: &WantedUser) -> UserRow {
    location.users.shown(&user.id).map_or_else(
        || UserRow {
            client_user_id: user.id.to_string(),
            email: user.email.clone(),
            id_hash: None,
            invite_code: None,
            status: None,
        },
        User::row,
    )
}
