//! The body that claims a location: `mdmInfo`.

use mdm_vpp_core::token::MdmInfo;
use serde_json::json;

use super::TextLengths;

/// The body, with name and metadata shortened to Apple's limits. The id is never shortened: half an id would make
/// us foreign to ourselves, so Apple has to refuse one that is too long.
pub(crate) fn claim_body(claim: &MdmInfo, lengths: &TextLengths) -> String {
    let name = shortened(&claim.name, lengths.mdm_name);
    let metadata = shortened(&claim.metadata, lengths.mdm_metadata);
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
        let lengths = TextLengths { mdm_name: 5, mdm_metadata: 4 };
        let claim = MdmInfo { id: "mdm:1".into(), name: "Müüll".into(), metadata: "abcd".into() };
        let body: Value = serde_json::from_str(&claim_body(&claim, &lengths)).unwrap();
        assert_eq!(body, json!({"mdmInfo": {"id": "mdm:1", "name": "Müü", "metadata": "abcd"}}));
    }
}
