//! The request log: which requests came and how they were answered, without any secret.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use super::content_token::TokenFile;
use crate::apple::{Endpoint, ErrorNumber, LocationUid, TokenId};

/// One request and how it was answered. Holds no token, cookie, header or body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogEntry {
    /// When it came, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// The endpoint; `None` when the path is none of Apple's.
    pub endpoint: Option<Endpoint>,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as sent, with the values of parameters that look like secrets replaced.
    pub query: String,
    /// The HTTP status; `None` when the connection was closed without a reply.
    pub status: Option<u16>,
    /// The error in the reply.
    pub error: Option<ErrorNumber>,
    /// The location of the token that was sent, dead or alive.
    pub uid: Option<LocationUid>,
    /// The simulator's number of that token.
    pub token: Option<TokenId>,
    /// Whether something that could be a token was sent at all.
    pub token_sent: bool,
}

/// The last requests, and the number of requests to each endpoint.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LogEntry>,
    counts: BTreeMap<Endpoint, u64>,
}

impl RequestLog {
    pub(crate) fn record(&mut self, entry: LogEntry, capacity: usize) {
        if let Some(endpoint) = entry.endpoint {
            let count = self.counts.entry(endpoint).or_default();
            *count = count.saturating_add(1);
        }
        self.entries.push_back(entry);
        while self.entries.len() > capacity {
            self.entries.pop_front();
        }
    }

    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.get(&endpoint).copied().unwrap_or(0)
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.counts.clear();
    }
}

/// A query without the values of parameters that may hold a token: their name says so, or the value reads as one.
pub(crate) fn without_secrets(query: &str) -> String {
    query.split('&').map(shown).collect::<Vec<_>>().join("&")
}

fn shown(parameter: &str) -> String {
    let Some((name, value)) = form_urlencoded::parse(parameter.as_bytes()).next() else {
        return parameter.to_owned();
    };
    let lower = name.to_ascii_lowercase();
    let named = ["token", "itvt", "auth", "bearer", "secret"].iter().any(|word| lower.contains(word));
    // Decoding a query turns a plus that was not escaped into a space, and base64 has pluses.
    if named || TokenFile::read_secret(&value.replace(' ', "+")).is_some() {
        format!("{lower}=(redacted)")
    } else {
        parameter.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_put_into_the_query_by_mistake_is_not_logged() {
        assert_eq!(without_secrets("pageIndex=1&sToken=abc=="), "pageIndex=1&stoken=(redacted)");
        assert_eq!(without_secrets("%73Token=abc"), "stoken=(redacted)");
        assert_eq!(without_secrets("itvt=abc"), "itvt=(redacted)");
        assert_eq!(without_secrets("&&a=%ZZ&"), "&&a=%ZZ&");
    }
}
