//! The reply to a store lookup: `results` by id.

use std::collections::BTreeMap;

use mdm_vpp_core::{catalog::StoreListing, id::AdamId, printable_name, printable_text};
use serde_json::Value;

use super::{Members, Unusable};

/// The width and height of icons, in pixels. Our choice: enough for any list of apps, and a size that Apple has.
const ICON: u64 = 512;

/// The entries of a lookup, by id.
pub(crate) type ReadResult = BTreeMap<AdamId, Result<StoreListing, Unusable>>;

/// Reads the entries, each by itself: one that cannot be used does not affect the others. `null` counts as absent.
pub(crate) fn read_lookup(reply: &Members<'_>, asked: &[AdamId]) -> Result<ReadResult, Unusable> {
    let results = reply.object("results")?.ok_or_else(|| reply.missing("results"))?;
    let mut read = ReadResult::new();
    for adam_id in asked {
        match results.object(&adam_id.to_string()) {
            Ok(None) => {}
            Ok(Some(entry)) => {
                read.insert(*adam_id, read_entry(*adam_id, &entry));
            }
            Err(unusable) => {
                read.insert(*adam_id, Err(unusable));
            }
        }
    }
    Ok(read)
}

/// An entry is usable when it has something to call the app by: its name, or else its bundle id.
fn read_entry(adam_id: AdamId, entry: &Members<'_>) -> Result<StoreListing, Unusable> {
    let text = |name| {
        let text = entry.text(name).ok().flatten().map(printable_name);
        text.filter(|text| !text.is_empty())
    };
    let bundle_id = text("bundleId");
    let name = text("name").or_else(|| text("nameRaw")).or_else(|| bundle_id.clone());
    let families = entry.texts("deviceFamilies").ok().flatten().unwrap_or_default();
    Ok(StoreListing {
        adam_id,
        name: name.ok_or_else(|| entry.missing("name"))?,
        bundle_id,
        icon_url: entry.any("artwork").and_then(icon_url),
        custom_app: entry.flag("isB2BCustomApp").ok().flatten().unwrap_or(false),
        device_families: families.into_iter().map(printable_text).collect(),
    })
}

/// The icon in either shape of `artwork`: a list of sizes, or a template. Only web addresses are taken.
fn icon_url(artwork: &Value) -> Option<String> {
    let url = match artwork {
        Value::Array(sizes) => sizes
            .iter()
            .filter_map(|size| Some((size.get("url")?.as_str()?, width(size))))
            .min_by_key(|(_, width)| (*width > ICON, width.abs_diff(ICON)))
            .map(|(url, _)| url.to_owned()),
        Value::Object(template) => template.get("url")?.as_str().map(filled),
        Value::String(url) => Some(filled(url)),
        _ => None,
    }?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    (web && !url.contains(|character: char| character.is_control() || character.is_whitespace()))
        .then_some(url)
}

fn width(size: &Value) -> u64 {
    size.get("width").or_else(|| size.get("height")).and_then(Value::as_u64).unwrap_or(0)
}

/// A template with its places filled: `{w}x{h}bb.{f}` becomes `512x512bb.png`.
fn filled(template: &str) -> String {
    let icon = ICON.to_string();
    template.replace("{w}", &icon).replace("{h}", &icon).replace("{c}", "bb").replace("{f}", "png")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_icon_is_the_largest_up_to_512_or_else_the_nearest() {
        let sizes = |widths: &[u64]| {
            let sizes: Vec<_> = widths
                .iter()
                .map(|width| json!({"width": width, "height": width, "url": format!("https://a.example/{width}.png")}))
                .collect();
            icon_url(&Value::Array(sizes))
        };
        assert_eq!(sizes(&[60, 512, 1024]).as_deref(), Some("https://a.example/512.png"));
        assert_eq!(sizes(&[60, 100, 1024]).as_deref(), Some("https://a.example/100.png"));
        assert_eq!(sizes(&[100, 600]).as_deref(), Some("https://a.example/100.png"));
        assert_eq!(sizes(&[2048, 1024]).as_deref(), Some("https://a.example/1024.png"));
        assert_eq!(sizes(&[]), None);
    }

    #[test]
    fn a_template_is_filled() {
        let icon = |url: &str| icon_url(&json!({"url": url, "width": 1024, "height": 1024}));
        assert_eq!(
            icon("https://a.example/{w}x{h}bb.{f}").as_deref(),
            Some("https://a.example/512x512bb.png")
        );
        assert_eq!(
            icon("https://a.example/{w}x{h}{c}.{f}").as_deref(),
            Some("https://a.example/512x512bb.png")
        );
    }

    #[test]
    fn only_web_addresses_are_icons() {
        for wrong in ["javascript:alert(1)", "data:image/png;base64,x", "https://a.example/\n", ""] {
            assert_eq!(icon_url(&json!({"url": wrong})), None, "{wrong:?}");
        }
        assert_eq!(icon_url(&json!([{"width": 60}, 7])), None);
        assert_eq!(icon_url(&json!(7)), None);
    }
}
