//! The address that the service advertises for itself.

use std::fmt;

use thiserror::Error;

use crate::apple::API;

/// The address under which clients find the service: scheme, host, port, and a path prefix if a proxy adds one.
///
/// It is read with or without the trailing `/mdm/v2`, and displayed with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    root: String,
}

/// The reason why a text is no base URL.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// Neither `http://` nor `https://` followed by a host.
    #[error("`{0}` is no base URL: start it with http:// or https:// and a host")]
    NoHost(String),
    /// A query, fragment, user name or white space, none of which a base URL can have.
    #[error("`{0}` is no base URL: leave only scheme, host, port and path")]
    NotPlain(String),
}

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// [`BaseUrlError`] when it has no http or https scheme, no host, or more than host, port and path.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        match rest {
            Some(rest) if !rest.is_empty() && !rest.starts_with(['/', ':']) => {}
            _ => return Err(BaseUrlError::NoHost(text.to_owned())),
        }
        if text.contains(|c: char| {
            matches!(c, '?' | '#' | '@' | '\\' | '"') || c.is_whitespace() || c.is_control()
        }) {
            return Err(BaseUrlError::NotPlain(text.to_owned()));
        }
        let root = text.trim_end_matches('/');
        let root = root.strip_suffix(API).unwrap_or(root).trim_end_matches('/');
        Ok(Self { root: root.to_owned() })
    }

    /// The base of a server that listens on `address`.
    #[cfg(feature = "http")]
    pub(crate) fn listening_on(address: std::net::SocketAddr) -> Self {
        Self { root: format!("http://{address}") }
    }

    /// The address without the path of the API.
    #[cfg(feature = "http")]
    pub(crate) fn origin(&self) -> String {
        self.root.clone()
    }

    /// Host and port, and the path prefix, of an address that is reached without encryption.
    #[cfg(feature = "http")]
    pub(crate) fn plain_authority(&self) -> Option<(&str, &str)> {
        let rest = self.root.strip_prefix("http://")?;
        Some(rest.split_at(rest.find('/').unwrap_or(rest.len())))
    }

    /// The address that a simulator without a server advertises: a host that exists nowhere.
    pub(crate) fn nowhere() -> Self {
        Self { root: "https://apple.invalid".to_owned() }
    }

    /// The URL of one endpoint, `path` beginning with a slash.
    pub(crate) fn of_endpoint(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{API}", self.root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_the_same_with_and_without_the_api_path() {
        for text in
            ["http://[::1]:80", "http://[::1]:80/", "http://[::1]:80/mdm/v2", "http://[::1]:80/mdm/v2/"]
        {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), "http://[::1]:80/mdm/v2");
        }
    }

    #[test]
    fn a_text_that_is_no_plain_http_address_is_refused() {
        for text in ["", "vpp.example.org", "ftp://x", "http://", "http:///mdm/v2"] {
            assert!(matches!(BaseUrl::parse(text), Err(BaseUrlError::NoHost(_))), "{text}");
        }
        for text in ["http://x/?a=b", "http://x/#f", "http://me@x", "http://x y"] {
            assert!(matches!(BaseUrl::parse(text), Err(BaseUrlError::NotPlain(_))), "{text}");
        }
    }
}
