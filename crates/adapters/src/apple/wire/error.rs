//! Apple's error body: `errorNumber`, `errorMessage`.

use serde_json::{Map, Value};

/// An error as a body tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireError {
    /// The number; 0 when the body names none that can be read.
    pub(crate) number: u32,
    /// The message, as it came.
    pub(crate) message: String,
}

/// The error in a body, if it tells one: a number that is not 0, or a message that is not empty. The HTTP status
/// does not matter, for errors come with 200 too (observed in the wild).
pub(crate) fn read_error(body: &Map<String, Value>) -> Option<WireError> {
    let (tells, number) = match body.get("errorNumber") {
        None | Some(Value::Null) => (false, 0),
        Some(Value::Number(number)) => {
            let zero = number.as_f64() == Some(0.0);
            (!zero, number.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0))
        }
        Some(Value::String(text)) => match text.trim().parse::<u32>() {
            Ok(number) => (number != 0, number),
            Err(_) => (!text.trim().is_empty(), 0),
        },
        Some(_) => (true, 0),
    };
    let message = match body.get("errorMessage") {
        Some(Value::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    (tells || !message.is_empty()).then_some(WireError { number, message })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(body: &Value) -> Option<u32> {
        read_error(body.as_object().unwrap()).map(|error| error.number)
    }

    #[test]
    fn a_number_or_a_message_makes_an_error() {
        assert_eq!(number(&json!({"errorNumber": 9625})), Some(9625));
        assert_eq!(number(&json!({"errorNumber": "9625", "errorInfo": {}})), Some(9625));
        assert_eq!(number(&json!({"errorMessage": "login required"})), Some(0));
        assert_eq!(number(&json!({"errorNumber": 0, "errorMessage": "login required"})), Some(0));
        assert_eq!(number(&json!({"errorNumber": -1})), Some(0));
        assert_eq!(number(&json!({"errorNumber": 99_999_999_999_u64})), Some(0));
        assert_eq!(number(&json!({"errorNumber": {}})), Some(0));
    }

    #[test]
    fn zero_and_nothing_make_none() {
        for body in [
            json!({}),
            json!({"errorNumber": 0}),
            json!({"errorNumber": null, "errorMessage": null, "errorInfo": {}}),
            json!({"errorNumber": "0", "errorMessage": " "}),
        ] {
            assert_eq!(number(&body), None, "{body}");
        }
    }
}
