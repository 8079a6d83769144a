//! The header that carries the secret.

/// The token of a header `Bearer <token>`; the scheme in any case, as HTTP has it.
pub(super) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_is_one() {
        for none in ["", "Bearer", "Bearer ", "Basic YTpi", "7.abc", "\u{e9}"] {
            assert_eq!(bearer(none), None, "{none:?}");
        }
        for some in ["Bearer 7.abc", "bearer  7.abc ", "BEARER 7.abc"] {
            assert_eq!(bearer(some), Some("7.abc"), "{some:?}");
        }
        assert_eq!(bearer("Bearer 7.abc x"), Some("7.abc x"), "which is no secret");
    }
}
