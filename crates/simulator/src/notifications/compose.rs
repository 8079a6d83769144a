//! Making notifications, for those who subscribed to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::notification::{Notification, NotificationId, NotificationKind};
use crate::door::shown;
use crate::error_number::ErrorNumber;
use crate::events::{Event, Task};
use crate::model::{AssetKey, Assignment, Holder, Location, LocationUid, Service, User, WantedUser};
use crate::wire::{
    self, AssetCount, AssetManagement, Envelope, NotifiedError, ResponseUser, UserAssociated, UserManagement,
    names,
};

/// So many elements are in a notification (Apple's documentation).
const MOST_ELEMENTS: usize = 100;

impl Service {
    /// Tells what came of the tasks of an event: those done first, then those failed, by number.
    pub(crate) fn notify_event(&mut self, event: &mut Event, at: DateTime<Utc>) {
        let mut by_outcome: BTreeMap<Option<ErrorNumber>, Vec<Task>> = BTreeMap::new();
        for (task, failed) in std::mem::take(&mut event.outcomes) {
            by_outcome.entry(failed).or_default().push(task);
        }
        let Some(location) = self.locations.get(&event.location) else { return };
        let mut told = Vec::new();
        for (failed, tasks) in &by_outcome {
            for tasks in tasks.chunks(MOST_ELEMENTS) {
                told.push(management(location, event, *failed, tasks));
            }
        }
        for (assets, users) in told {
            let (uid, kinds) =
                (&event.location, (NotificationKind::AssetManagement, NotificationKind::UserManagement));
            match assets {
                Some(assets) => self.notify(uid, kinds.0, &assets, at),
                None => self.notify(uid, kinds.1, &users, at),
            }
        }
    }

    /// Tells that the total of an asset changed.
    pub(crate) fn notify_count(&mut self, uid: &LocationUid, key: AssetKey, change: i64) {
        let count = AssetCount {
            adam_id: key.adam_id.to_string(),
            pricing_param: names::pricing_param(key.pricing_param).to_owned(),
            count_delta: change,
        };
        let now = self.clock.now();
        self.notify(uid, NotificationKind::AssetCount, &count, now);
    }

    /// Tells that a user accepted the invitation.
    pub(crate) fn notify_associated(&mut self, uid: &LocationUid, user: ResponseUser) {
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
        let subscribed = wanted.types.iter().any(|name| name == names::notification_type(kind));
        let (Some(url), Some(bearer)) = (wanted.url.clone(), wanted.auth_token.clone()) else { return };
        if subscribed {
            let notification = self.notification(uid, (url, bearer), kind, content, at);
            self.outbox.enter(&notification, &self.settings.notifications);
        }
    }

    /// The test notification for an MDM that is to be reached there with that token.
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
            notification_type: names::notification_type(kind).to_owned(),
            notification: content,
            u_id: uid.to_string(),
        };
        // Our wire types always become JSON; were one not to, the body would be empty.
        let body = serde_json::to_vec(&envelope).unwrap_or_default();
        Notification { id, kind, location: uid.clone(), url, bearer, body, made_at }
    }
}

/// The content about some tasks of an event: of assets if there are any, else of users.
fn management(
    location: &Location,
    event: &Event,
    failed: Option<ErrorNumber>,
    tasks: &[Task],
) -> (Option<AssetManagement>, UserManagement) {
    let kind = names::event_type(event.kind).to_owned();
    let result = names::outcome(failed.is_none()).to_owned();
    let event_id = event.id.to_string();
    let error = failed.map(|number| NotifiedError {
        error_message: number.message().to_owned(),
        error_number: number.number(),
    });
    let assignments: Vec<_> = tasks.iter().filter_map(assignment).collect();
    let users = tasks.iter().filter_map(|task| user(location, task)).collect();
    let assets = (!assignments.is_empty()).then(|| AssetManagement {
        kind: kind.clone(),
        result: result.clone(),
        event_id: event_id.clone(),
        assignments,
        error: error.clone(),
    });
    (assets, UserManagement { kind, result, event_id, users, error })
}

fn assignment(task: &Task) -> Option<wire::Assignment> {
    let Task::Assignment(Assignment { asset, holder }) = task else { return None };
    let mut told = wire::Assignment {
        adam_id: asset.adam_id.to_string(),
        pricing_param: names::pricing_param(asset.pricing_param).to_owned(),
        ..wire::Assignment::default()
    };
    match holder {
        Holder::Device(serial_number) => told.serial_number = Some(serial_number.to_string()),
        Holder::User(id) => told.client_user_id = Some(id.to_string()),
    }
    Some(told)
}

fn user(location: &Location, task: &Task) -> Option<ResponseUser> {
    let Task::User(WantedUser { id, email, .. }) = task else { return None };
    let known: Option<&User> = location.users.shown(id);
    Some(known.map_or_else(
        || ResponseUser {
            client_user_id: id.to_string(),
            email: email.clone(),
            id_hash: None,
            invite_code: None,
            status: None,
        },
        shown,
    ))
}
