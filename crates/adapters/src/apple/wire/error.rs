//! Apple's error body: `errorNumber`, `errorMessage`, `errorInfo`.

use mdm_vpp_core::{
    id::{ClientUserId, SerialNumber},
    seats::ErrorSubjects,
};
use serde_json::{Map, Value};

use super::members::id_text;

/// An error as a body holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WireError {
    /// The number; 0 when the body names none that can be read.
    pub(crate) number: u32,
    /// The message, as it came.
    pub(crate) message: String,
    /// The assets and holders that the error is about.
    pub(crate) subjects: ErrorSubjects,
}

/// The error in a body, if it holds one: a number that is not 0, or a message that is not empty. The HTTP status
/// does not matter, because errors come with 200 too (observed).
pub(crate) fn read_error(body: &Map<String, Value>) -> Option<WireError> {
    let (is_error, number) = match body.get("errorNumber") {
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
    (is_error || !message.is_empty()).then(|| WireError {
        number,
        message,
        subjects: read_subjects(body.get("errorInfo")),
    })
}

/// The error of a place where only errors stand, so also one without number and message.
pub(crate) fn read_part_error(error: &Map<String, Value>) -> WireError {
    read_error(error).unwrap_or_else(|| WireError {
        number: 0,
        message: String::new(),
        subjects: read_subjects(error.get("errorInfo")),
    })
}

/// The assets and holders that `errorInfo` names. An element that cannot be read is left out: the error itself matters
/// more.
fn read_subjects(error_info: Option<&Value>) -> ErrorSubjects {
    let list = |name: &str| {
        let list = error_info.and_then(|info| info.get(name)?.as_array());
        list.into_iter().flatten()
    };
    let adam_id = |asset: &Value| id_text(asset.get("adamId").unwrap_or(asset))?.parse().ok();
    ErrorSubjects {
        adam_ids: list("assets").filter_map(adam_id).collect(),
        serial_numbers: list("serialNumbers")
            .filter_map(|serial| SerialNumber::new(id_text(serial)?).ok())
            .collect(),
        client_user_ids: list("clientUserIds")
            .filter_map(|user| ClientUserId::new(user.as_str()?).ok())
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use mdm_vpp_core::id::AdamId;
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
    fn an_error_names_its_subjects_as_far_as_they_can_be_read() {
        let subjects = |info: Value| {
            read_error(json!({"errorNumber": 9609, "errorInfo": info}).as_object().unwrap()).unwrap().subjects
        };
        let named = subjects(json!({
            "assets": [{"adamId": "1163852619", "pricingParam": "STDQ"}, {"adamId": 361_309_726}, {"adamId": "x"}, {}, 7],
            "serialNumbers": ["C02AAAAAAA01", " C02AAAAAAA02 ", "", "a b", null],
            "clientUserIds": ["9d1e", "", null, {}], "more": [1]
        }));
        assert_eq!(named.adam_ids, [7, 361_309_726, 1_163_852_619].map(AdamId::new).into());
        assert_eq!(named.serial_numbers.len(), 2);
        assert_eq!(named.client_user_ids, [ClientUserId::new("9d1e").unwrap()].into());
        for empty in
            [json!({}), json!(null), json!(7), json!([]), json!({"assets": null, "serialNumbers": {}})]
        {
            assert_eq!(subjects(empty), ErrorSubjects::default());
        }
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
