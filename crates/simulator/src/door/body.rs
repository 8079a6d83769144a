//! Bodies of requests.

use serde::de::DeserializeOwned;

use crate::error_number::ErrorNumber;
use crate::request::Request;

/// The body of a request. One not said to be JSON is 9727, one that is not what is asked for 9602.
pub(super) fn read<T: DeserializeOwned>(request: &Request) -> Result<T, ErrorNumber> {
    if !is_json(request) {
        return Err(ErrorNumber::WRONG_CONTENT_TYPE);
    }
    serde_json::from_slice(&request.body).map_err(|_| ErrorNumber::INVALID_ARGUMENT)
}

/// Whether the body is said to be JSON, parameters such as the character set aside.
fn is_json(request: &Request) -> bool {
    let said =
        request.first_header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default();
    said.trim().eq_ignore_ascii_case("application/json")
}
