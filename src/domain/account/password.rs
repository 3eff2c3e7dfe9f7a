//! Passwords and recovery codes as people type them. Passwords follow RFC 8265, OpaqueString: NFC,
//! other blanks as blanks, and nothing else changed. Length is what counts (NIST SP 800-63B): no
//! character classes are asked for.
mod weak;

use unicode_normalization::UnicodeNormalization;

use crate::domain::{
    account::password::weak::{is_common, is_name},
    fold::scripts,
    text::{self, Check},
};

/// Shortest and longest password, in characters (code points).
pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=256;
/// The longest that is looked at, in bytes: [`LENGTH`] of characters, four bytes each.
pub const BYTES: usize = 1_024;

/// The password as it is hashed: RFC 8265 section 4.2.2.
#[must_use]
pub fn prepared(raw: &str) -> String {
    let blank = |c: char| {
        matches!(
            c,
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
        )
    };
    raw.chars()
        .map(|c| if blank(c) { ' ' } else { c })
        .nfc()
        .collect()
}

/// Adds what is wrong with a new password of somebody called `names`: their handle, the site.
pub fn check(check: &mut Check, field: &str, raw: &str, names: &[&str]) {
    if raw.len() > BYTES {
        check.fault(field, "length", "8 to 256 characters.");
        return;
    }
    let password = prepared(raw);
    if !LENGTH.contains(&password.chars().count()) {
        check.fault(field, "length", "8 to 256 characters.");
    } else if password
        .chars()
        .any(|c| c.is_control() || text::is_hidden(c))
    {
        check.fault(
            field,
            "invalid",
            "A password has no line breaks, and no characters that nobody sees.",
        );
    } else if is_common(&password) {
        check.fault(field, "common", "Many people use this password, so it is tried first. Choose another, such as a short sentence.");
    } else if names.iter().any(|name| is_name(&password, name)) {
        check.fault(
            field,
            "like_name",
            "This is a name with little added. Choose another, such as a short sentence.",
        );
    }
}

/// Letters of a code are Latin.
fn latin(c: char) -> char {
    if scripts::is_cyrillic(c) {
        scripts::alike(c, true).unwrap_or(c)
    } else {
        c
    }
}

/// A recovery code as it is kept, however it was typed: what is no letter or digit does not matter,
/// nor do capitals, nor whether a letter is Latin or the Cyrillic one that looks like it.
#[must_use]
pub fn recovery_code(typed: &str) -> String {
    // Four groups of four, and some for what was typed besides.
    let kept: Vec<char> = typed
        .chars()
        .take(200)
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(latin)
        .collect();
    kept.chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<String> {
        let mut check = Check::default();
        super::check(&mut check, "password", password, &["Мар’яна", "Desk five"]);
        check.finish().err().map(|faults| faults[0].code.clone())
    }

    #[test]
    fn characters_count_and_not_bytes() {
        for short in [
            "пиво",
            "😀😀",
            "1234567",
            "e\u{301}e\u{301}e\u{301}e\u{301}",
        ] {
            assert_eq!(fault(short), Some("length".into()), "{short}");
        }
        assert_eq!(fault("я їм пиріжки"), None);
        assert_eq!(
            (fault(&"щ ".repeat(128)), fault(&"щ".repeat(257))),
            (Some("common".into()), Some("length".into()))
        );
        assert_eq!(
            fault(&format!("{}{}", "довге речення ".repeat(18), "і ще")),
            None
        );
    }

    #[test]
    fn what_nobody_sees_is_no_part_of_a_password() {
        for hidden in [
            "тихий\nранок",
            "тихий\u{200b}ранок",
            "тихий\u{ad}ранок",
            "\u{feff}тихий ранок",
            "тихий\0ранок",
        ] {
            assert_eq!(fault(hidden), Some("invalid".into()), "{hidden:?}");
        }
        assert_eq!(
            (fault("родина 👩‍🚀 і кіт"), fault("тихий\u{a0}ранок")),
            (None, None)
        );
    }

    #[test]
    fn the_commonest_are_refused_in_any_case_and_under_any_layout() {
        for common in [
            "password",
            "PassWord",
            "12345678",
            "        ",
            "aaaaaaaa",
            "abcabcabc",
            "abcdefgh",
            "87654321",
            "йцукенгш",
            "qwertyui",
            "пароль123",
        ] {
            assert_eq!(fault(common), Some("common".into()), "{common:?}");
        }
        for fine in [
            "correct horse",
            "another horse",
            "battery staple",
            "тихий ранок над Дніпром",
        ] {
            assert_eq!(fault(fine), None, "{fine}");
        }
    }

    #[test]
    fn a_name_with_digits_around_it_is_no_password() {
        for like in [
            "мар'яна1",
            "Маряна2024",
            "1мар’яна!!",
            "марянамаряна",
            "desk-five",
            "DeskFive99",
        ] {
            assert_eq!(fault(like), Some("like_name".into()), "{like}");
        }
        assert_eq!(fault("Маряна любить море"), None);
    }

    #[test]
    fn two_ways_to_type_a_password_are_one() {
        assert_eq!(prepared("і\u{308}жа\u{a0}й\u{3000}"), "їжа й ");
        assert_eq!(
            prepared("Fußball Ａ"),
            "Fußball Ａ",
            "nothing but blanks and composition is changed"
        );
    }

    #[test]
    fn white_space_dashes_and_capitals_of_a_recovery_code_do_not_matter() {
        for typed in [
            "65va-4enj-a9e8-m8ea",
            "65VA4ENJA9E8M8EA",
            " 65va 4enj a9e8 m8ea\n",
            "65va–4enj—a9e8‑m8ea",
            "65va\u{a0}4enj\u{2212}a9e8\u{200b}m8ea",
            "６５ＶＡ４ｅｎｊ　ａ９ｅ８＿ｍ８ｅａ",
            "65vа-4еnj-а9е8-м8еа",
            "6 5 v a 4 e n j a 9 e 8 m 8 e a",
            "«65va/4enj/a9e8/m8ea»",
        ] {
            assert_eq!(recovery_code(typed), "65va-4enj-a9e8-m8ea", "{typed:?}");
        }
    }
}
