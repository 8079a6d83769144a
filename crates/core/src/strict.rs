//! Reading an enum of settings, so that a member which does not belong to its kind is refused.

/// Implements `Deserialize` for an enum that is stored as `{"kind": ..., ...}`.
///
/// Serde's own derive takes any member beside a variant without fields: `{"kind": "everyone", "group": "sales"}` would
/// read as everyone. A variant with an empty list of fields refuses them, so the enum is read as if it had those.
macro_rules! strict {
    ($name:ident { $($variant:ident $({ $($field:ident: $type:ty),+ })?),+ $(,)? }) => {
        const _: () = {
            type Read = $name;

            #[derive(serde::Deserialize)]
            #[serde(remote = "Read", tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
            enum Document {
                $($variant { $($($field: $type),+)? }),+
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Document::deserialize(deserializer)
                }
            }

            // A variant that is not named above could be written and not read.
            const _: fn(&$name) = |value| match value {
                $($name::$variant { .. } => {})+
            };
        };
    };
}
