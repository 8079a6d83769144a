//! Where a request carries its token.

/// The value of the `Authorization` header for a token.
pub(crate) fn bearer_header(token_file: &str) -> String {
    format!("Bearer {token_file}")
}

/// The token in an `Authorization` header; `None` unless it is exactly `Bearer`, a space and one word.
pub(crate) fn of_bearer_header(header: &str) -> Option<&str> {
    let sent = header.strip_prefix("Bearer ")?;
    (!sent.is_empty() && !sent.contains(char::is_whitespace)).then_some(sent)
}

/// The cookie with which the metadata lookup takes a token.
pub(crate) fn itvt_cookie(token_file: &str) -> String {
    format!("itvt={token_file}")
}

/// The token among the cookies of a header.
pub(crate) fn of_cookies(header: &str) -> Option<&str> {
    header.split(';').find_map(|cookie| cookie.trim().strip_prefix("itvt="))
}
