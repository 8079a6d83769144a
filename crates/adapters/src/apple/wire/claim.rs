//! The body that claims a location: `mdmInfo`.

use mdm_vpp_core::token::MdmInfo;
use serde_json::json;

use crate::apple::ServiceLimits;

/// The body, with name and metadata shortened to Apple's limits. The id is never shortened: half an id would make
/// us foreign to ourselves, so Apple has to refuse one that is too long.
pub(crate) fn claim_body(claim: &MdmInfo, limits: &ServiceLimits) -> String {
    let name = shortened(&claim.name, limits.mdm_name_length);
    let metadata = shortened(&claim.metadata, limits.mdm_metadata_length);
    json!({"mdmInfo": {"id": claim.id, "name": name, "metadata": metadata}}).to_string()
}

/// As much of a text as fits into so many bytes, whole characters only. Apple does not say whether it counts bytes
/// or characters; this fits both.
fn shortened(text: &str, limit: u32) -> &str {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let fits = |(start, character): &(usize, char)| start.saturating_add(character.len_utf8()) <= limit;
    let length = text.char_indices().take_while(fits).map(|(_, character)| character.len_utf8()).sum();
    text.get(..length).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn name_and_metadata_are_shortened_at_a_character_and_the_id_is_not() {
        let limits = ServiceLimits {
            mdm_id_length: 3,
            mdm_name_length: 5,
            mdm_metadata_length: 4,
            ..ServiceLimits::default()
        };
        let claim = MdmInfo { id: "mdm:1".into(), name: "Müüll".into(), metadata: "abcd".into() };
        let body: Value = serde_json::from_str(&claim_body(&claim, &limits)).unwrap();
        assert_eq!(body, json!({"mdmInfo": {"id": "mdm:1", "name": "Müü", "metadata": "abcd"}}));
    }
}
