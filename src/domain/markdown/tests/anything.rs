//! Texts that nobody thought of, by the hundred.
use proptest::prelude::*;

use super::{super::*, links, words};

/// A stretch of an address that may end it.
const PIECE: &str = r"[a-z0-9а-яіїєґ_~/=%@+$-]{0,12}([.,:;?!&*'~_#]|\([a-zа-я_]{0,5}\)|\[[a-z]{0,3}\]|&copy|&amp;|__|~~)?[a-z0-9а-яії/]{1,8}";

proptest! {
    #[test]
    fn any_address_in_prose_is_one_link_to_itself(
        host in r"(www\.)?[a-z0-9]{1,8}(-[a-zа-яі]{1,5})?\.(org|укр|com\.ua|example:8080)",
        pieces in prop::collection::vec(PIECE, 0..4),
        start in r"(|Див\. |Перше слово _так_ і |- |1\. |\(|«|> |\*\*Увага\*\*: |рядок\n|a\n\n\t|snake_case ~ )",
        end in r"(|, і далі|\.|\)|»| _далі_|\nрядок| \*\*кінець\*\*|\?|\u{a0}і)",
    ) {
        let address = format!("https://{host}{}{}", if pieces.is_empty() { "" } else { "/" }, pieces.concat());
        // A quote that is never closed ends it: that is no address people copy.
        prop_assume!(!address.contains('\''));
        prop_assert_eq!(links(&format!("{start}{address}{end}")), [address]);
    }

    #[test]
    fn what_is_judged_is_what_is_shown(body in r"([a-zа-я]{1,5}|[ \n\t]|\n\n|\*\*|\*|_|~~|`|```\n|> |- |1\. |    |\[|\]|\(|\)|\[a\]: |&shy;|&amp;|&#67;|<b>|<!--|-->|<|https://a\.b/_c|# |!|\\){0,40}") {
        let shown = Shown::of(&body);
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("");
        prop_assert_eq!(squeezed(&words(&render(&body))), squeezed(&shown.text));
        for (at, c) in shown.text.char_indices() {
            let source = shown.source(at..at + c.len_utf8());
            prop_assert!(body.get(source).is_some());
        }
    }

    #[test]
    fn any_characters_at_all_are_rendered(body in any::<String>()) {
        prop_assert!(render(&body).len() <= OUTPUT);
        let shown = Shown::of(&body);
        prop_assert!(body.get(shown.source(0..shown.text.len())).is_some());
    }
}
