//! The little markdown that the pages need.

/// A table. Every row has as many cells as the heading.
pub(super) fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<_> = heading.iter().map(|cell| (*cell).to_owned()).collect();
    let rule = vec!["---".to_owned(); heading.len()];
    let lines = [heading, rule].into_iter().chain(rows.iter().cloned());
    lines.map(|cells| line(&cells)).collect()
}

fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_keeps_its_columns_whatever_is_in_a_cell() {
        let table = table(&["A", "B"], &[vec!["a|b".into(), "two\nlines".into()]]);
        assert_eq!(table, "| A | B |\n| --- | --- |\n| a\\|b | two lines |\n");
    }
}
