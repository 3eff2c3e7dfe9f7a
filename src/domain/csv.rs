//! Comma-separated values (RFC 4180) that a spreadsheet opens as they are and never runs.
use unicode_normalization::UnicodeNormalization;

use super::text;

/// What says to a spreadsheet that the text is UTF-8: without it Cyrillic letters are shown as
/// others.
const MARK: &str = "\u{feff}";

/// The table as text: a byte order mark, CRLF after every row, and what needs quotes in quotes.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let line = |row: &Vec<String>| {
        format!(
            "{}\r\n",
            row.iter()
                .map(|text| cell(text))
                .collect::<Vec<_>>()
                .join(",")
        )
    };
    MARK.chars()
        .map(String::from)
        .chain(rows.iter().map(line))
        .collect()
}

/// One cell. A text that a spreadsheet would take for a formula gets an apostrophe in front, as
/// OWASP advises (CSV injection): also one whose sign is wide or small, or stands behind what does
/// not show.
fn cell(text: &str) -> String {
    let shown = text::clean(text);
    // NFKC makes one sign of all its forms.
    let first = shown.trim_start().nfkc().next();
    let formula =
        text.starts_with(['\t', '\r']) || first.is_some_and(|c| "=+-@\u{2212}".contains(c));
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    // Where the comma parts decimals, a spreadsheet parts cells by semicolons, unless they stand in
    // quotes.
    if text.contains(['"', ',', ';', '\t', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_line_breaks_and_formulas_are_made_safe() {
        let row = [
            "a",
            "b,c",
            "say \"x\"",
            "two\nlines",
            "=1+1",
            "+1",
            "-1",
            "@A1",
            "=\"a\",b",
            "\tx",
            "a;b",
            "Обмін",
        ]
        .map(str::to_owned)
        .to_vec();
        let safe = "\u{feff}a,\"b,c\",\"say \"\"x\"\"\",\"two\nlines\",'=1+1,'+1,'-1,'@A1,\"'=\"\"a\"\",b\",\"'\tx\",\"a;b\",Обмін\r\n";
        assert_eq!(table(&[row]), safe);
    }

    #[test]
    fn a_wide_a_small_and_a_hidden_sign_are_signs() {
        for text in [
            "＝1+1",
            "＋1",
            "－1",
            "＠A1",
            "﹢1",
            "﹣1",
            "−1",
            "\u{200b}=1",
            "  =1",
            "\u{feff}=1",
        ] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        for text in ["Обмін", "1-2", "(=1)", "", " "] {
            assert_eq!(cell(text), text);
        }
    }
}
