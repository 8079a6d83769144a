//! The report at the end, as text or as JSON.

use std::io::{self, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use mdm_vpp::{
    decide::catalog::{LicenseCount, TokenDetailsRow},
    engine::TokenOverview,
};
use serde::Serialize;

/// The token, its Token Details page and the number of requests.
pub(crate) struct Report<'a> {
    pub(crate) token: &'a TokenOverview,
    pub(crate) details: &'a [TokenDetailsRow],
    pub(crate) apple_requests: u64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    token: TokenDocument<'a>,
    details: Vec<RowDocument<'a>>,
    apple_requests: u64,
}

#[derive(Serialize)]
struct TokenDocument<'a> {
    name: &'a str,
    status: &'static str,
    region: &'static str,
    organization: &'a str,
    location: LocationDocument<'a>,
    expires_at: String,
}

#[derive(Serialize)]
struct LocationDocument<'a> {
    uid: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct RowDocument<'a> {
    adam_id: String,
    icon_url: Option<&'a str>,
    name: Option<&'a str>,
    total: Option<LicenseCount>,
    available: Option<LicenseCount>,
    added_at: Option<String>,
    status: &'static str,
    comment: &'static str,
}

impl Report<'_> {
    pub(crate) fn print(&self, json: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if json {
            serde_json::to_writer_pretty(&mut out, &self.document())?;
            writeln!(out)
        } else {
            write!(out, "{}", self.text())
        }
    }

    fn document(&self) -> Document<'_> {
        let token = &self.token.token;
        Document {
            schema: 1,
            token: TokenDocument {
                name: token.settings.detail.name.as_str(),
                status: self.token.status.label(),
                region: token.settings.detail.region.as_str(),
                organization: &token.organization,
                location: LocationDocument { uid: token.location.id.as_str(), name: &token.location.name },
                expires_at: utc(token.condition.expires_at),
            },
            details: self.details.iter().map(row_document).collect(),
            apple_requests: self.apple_requests,
        }
    }

    fn text(&self) -> String {
        let token = &self.token.token;
        let mut text = format!(
            "\nToken     {} ({})\nLocation  {} (uId {}) of {}\nRegion    {}\nExpires   {}\n",
            token.settings.detail.name,
            self.token.status.label(),
            token.location.name,
            token.location.id,
            token.organization,
            token.settings.detail.region,
            utc(token.condition.expires_at),
        );
        if let Some(message) = self.token.status.apple_message() {
            text += &format!("Apple     {message}\n");
        }
        if let Some(hint) = self.token.status.hint() {
            text += &format!("Hint      {hint}\n");
        }
        let table = if self.details.is_empty() {
            "No row: the token adds no apps automatically, or owns only macOS apps and books.".to_owned()
        } else {
            self.table().to_string()
        };
        format!("{text}\n{table}\n\n{} requests to Apple\n", self.apple_requests)
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table
            .load_style(UTF8_FULL_CONDENSED)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header([
                "iTunes App ID",
                "App Name",
                "Total License",
                "Available License",
                "Added Time",
                "Auto App Addition Status",
                "Comments",
            ]);
        for row in self.details {
            let count = |count: Option<LicenseCount>| match count {
                Some(LicenseCount::Limited(licenses)) => licenses.to_string(),
                Some(LicenseCount::Unlimited) => "unlimited".to_owned(),
                None => "-".to_owned(),
            };
            table.add_row([
                row.adam_id.to_string(),
                row.name.clone().unwrap_or_else(|| "-".to_owned()),
                count(row.total),
                count(row.available),
                row.added_at.map_or_else(|| "-".to_owned(), utc),
                row.status.label().to_owned(),
                row.comment.label().to_owned(),
            ]);
        }
        for column in [2, 3] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

fn row_document(row: &TokenDetailsRow) -> RowDocument<'_> {
    RowDocument {
        adam_id: row.adam_id.to_string(),
        icon_url: row.icon_url.as_deref(),
        name: row.name.as_deref(),
        total: row.total,
        available: row.available,
        added_at: row.added_at.map(utc),
        status: row.status.label(),
        comment: row.comment.label(),
    }
}

fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
