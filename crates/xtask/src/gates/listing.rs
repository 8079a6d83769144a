//! What `cargo tree --prefix none` prints, read.

/// A package in the output of `cargo tree --prefix none --format "{p}|{f}"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
}

/// How the output is asked for.
pub(crate) const FORMAT: &str = "{p}|{f}";

/// The packages of an output, sorted, each version once.
pub(crate) fn parse(output: &str) -> Vec<Listed> {
    let mut listed: Vec<_> = output.lines().filter_map(parse_line).collect();
    listed.sort();
    listed.dedup_by(|one, other| one.name == other.name && one.version == other.version);
    listed
}

/// A line is `name v1.2.3 (where it comes from)|feature,feature (*)`.
fn parse_line(line: &str) -> Option<Listed> {
    let (package, features) = line.split_once('|').unwrap_or((line, ""));
    let mut words = package.split_whitespace();
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.to_owned();
    let features = features.trim_end_matches(" (*)").split(',').map(str::trim);
    let features = features.filter(|feature| !feature.is_empty()).map(str::to_owned).collect();
    Some(Listed { name, version, features })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_once_each_with_their_features() {
        let output = "mdm-vpp-core v0.1.0 (/somewhere/core)|\n\
                      serde v1.0.0|default,derive\n\
                      serde_derive v1.0.0 (proc-macro)|default\n\
                      serde v1.0.0|default,derive (*)\n\
                      \n\
                      [dev-dependencies]\n";
        let listed = parse(output);
        let names: Vec<_> = listed.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["mdm-vpp-core", "serde", "serde_derive"]);
        assert_eq!(listed[1].features, ["default", "derive"]);
        assert_eq!(listed[1].version, "1.0.0");
    }
}
