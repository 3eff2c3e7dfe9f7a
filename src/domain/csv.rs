//! Comma-separated values (RFC 4180) that a spreadsheet opens as they are and never runs.

/// The table as text: CRLF after every row, and what needs quotes in quotes.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| format!("{}\r\n", row.iter().map(|text| cell(text)).collect::<Vec<_>>().join(","));
    rows.iter().map(line).collect()
}

/// One cell. A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises (CSV injection).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_line_breaks_and_formulas_are_made_safe() {
        let row = ["a", "b,c", "say \"x\"", "two\nlines", "=1+1", "+1", "-1", "@A1", "=\"a\",b", "\tx", "Обмін"].map(str::to_owned).to_vec();
        let safe = "a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",'=1+1,'+1,'-1,'@A1,\"'=\"\"a\"\",b\",'\tx,Обмін\r\n";
        assert_eq!(table(&[row]), safe);
    }
}
