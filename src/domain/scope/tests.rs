//! What the gate says of sentences, and where it points.
mod labelled;

use proptest::prelude::*;

use super::*;

fn verdict(text: &str) -> Verdict {
    judge(text).verdict
}

/// The words of a text a match points at.
fn pointed(text: &str) -> Vec<String> {
    judge(text)
        .matches
        .iter()
        .map(|found| {
            text.chars()
                .skip(found.start)
                .take(found.end - found.start)
                .collect()
        })
        .collect()
}

#[test]
fn a_place_that_owns_a_thing_or_is_given_one_is_not_given_itself() {
    for text in [
        "Russia returns the bells of Kherson.",
        "Moscow returns Melitopol's trams.",
        "Росія повертає дзвони Херсона й Маріуполя.",
        "Россия возвращает трамваи Мариуполя.",
        "Россия возвращает Херсону вывезенные архивы.",
        "Україна визнає дипломи луганських університетів.",
        "Кримськотатарські лідери можуть повернутися додому.",
        "Херсонці отримують гроші за втрачені домівки.",
        "Россия убирает глушилки у Одессы.",
    ] {
        assert_eq!(
            verdict(text),
            Verdict::Pass,
            "{text} {:?}",
            judge(text).matches
        );
    }
    for text in [
        "Russia returns half of Donbas.",
        "Росія повертає половину Донбасу.",
        "Россия возвращает всю территорию Донбасса.",
        "Повернення Криму.",
        "Вся Донецька область переходить до Росії.",
    ] {
        assert_eq!(verdict(text), Verdict::Stop, "{text}");
    }
}

#[test]
fn land_that_is_not_named_is_for_a_person_to_see() {
    for text in [
        "Russia returns the city.",
        "Україна віддає міста й села.",
        "Россия возвращает землю.",
    ] {
        assert_eq!(verdict(text), Verdict::Review, "{text}");
    }
}

#[test]
fn a_place_that_a_sentence_is_about_is_for_a_person_to_see() {
    for text in [
        "Luhansk is split in two.",
        "Токмак тепер окремий.",
        "Полуостров становится ничьим.",
    ] {
        assert_eq!(verdict(text), Verdict::Review, "{text}");
    }
    for text in [
        "Buses run from Luhansk to Kyiv.",
        "До Токмака пускають лікарів.",
        "На полуострове снова учат украинский язык.",
    ] {
        assert_eq!(verdict(text), Verdict::Pass, "{text}");
    }
}

#[test]
fn the_starter_cards_are_not_held() {
    let file: serde_json::Value =
        serde_json::from_str(include_str!("../../../frameworks/starter-cards.json")).unwrap();
    let lists = file
        .as_object()
        .into_iter()
        .flat_map(|object| object.values())
        .chain([&file]);
    let cards: Vec<_> = lists
        .filter_map(|value| value.as_array())
        .flatten()
        .filter(|card| card["verifier"].is_string())
        .collect();
    assert!(!cards.is_empty());
    for card in cards {
        let field = |name: &'static str| Text::plain(name, card[name].as_str().unwrap_or_default());
        let body = Text::markdown("body", card["body"].as_str().unwrap_or_default());
        let judgement = judge_texts(
            ["title", "in_return", "trigger", "verifier"]
                .map(field)
                .into_iter()
                .chain([body]),
        );
        assert_eq!(
            judgement.verdict,
            Verdict::Pass,
            "{} {:?}",
            card["key"],
            judgement.matches
        );
    }
}

#[test]
fn a_match_points_at_the_words_as_typed() {
    assert_eq!(
        pointed("🕊 Kyiv should c\u{200b}ede the Donbas, and soon."),
        ["c\u{200b}ede the Donbas"]
    );
    assert_eq!(
        pointed("Так: Росія поверта\u{ad}є Крим 🕊 уже."),
        ["поверта\u{ad}є Крим"]
    );
    assert_eq!(
        judge("Росія повертає Крим.").matches,
        [Match {
            field: String::new(),
            start: 6,
            end: 19,
            rule: "give-land".into()
        }]
    );
}

#[test]
fn a_match_names_its_field_and_no_sentence_crosses_fields() {
    let judgement = judge_texts([
        Text::plain("title", "Ukraine should cede"),
        Text::markdown("body", "Donbas schools reopen."),
        Text::plain("trigger", "Once Russia returns Crimea"),
    ]);
    let fields: Vec<_> = judgement
        .matches
        .iter()
        .map(|found| found.field.as_str())
        .collect();
    assert_eq!(fields, ["trigger"]);
}

#[test]
fn what_is_denied_is_not_stopped() {
    for text in [
        "Ukraine does not cede Donbas.",
        "Peace without ceding any territory.",
        "Україна не віддає Донбас, і кордони не змінюються.",
        "Без передачі територій.",
        "Россия не возвращает Крым и не меняет границы.",
        "Никаких территориальных уступок.",
    ] {
        assert_eq!(verdict(text), Verdict::Pass, "{text}");
    }
}

#[test]
fn a_denial_does_not_cover_what_follows_it() {
    for text in [
        "This is not a territorial concession, Ukraine cedes Donbas.",
        "Russia does not shell and Ukraine cedes Donbas.",
        "Ukraine cedes not only Donbas.",
        "Не лише віддати Донбас.",
        "Это не уступка, просто отдать Донбасс.",
    ] {
        assert_eq!(verdict(text), Verdict::Stop, "{text}");
    }
}

#[test]
fn without_prejudice_frees_an_operation_and_no_cession() {
    assert_eq!(
        verdict(
            "Control of the Zaporizhzhia plant passes to a consortium, without prejudice to status."
        ),
        Verdict::Pass
    );
    assert_eq!(
        verdict("Control of the Zaporizhzhia plant passes to a consortium."),
        Verdict::Review
    );
    assert_eq!(
        verdict("Ukraine cedes Donbas, without prejudice to any territorial status."),
        Verdict::Stop
    );
}

#[test]
fn both_sides_are_held_to_the_same_rule() {
    for text in [
        "Russia returns Crimea.",
        "Ukraine cedes Donbas.",
        "Росія повертає Крим.",
        "Україна віддає Донбас.",
        "Россия возвращает Крым.",
        "Украина отдаёт Донбасс.",
    ] {
        assert_eq!(verdict(text), Verdict::Stop, "{text}");
    }
}

#[test]
fn dropping_a_demand_for_land_is_looked_at_and_not_stopped() {
    assert_eq!(
        verdict("Moscow drops its demand that Ukraine cede Donetsk."),
        Verdict::Review
    );
}

#[test]
fn spelling_tricks_change_nothing() {
    for text in [
        "Ukraine must c e d e the Donbas.",
        "C.E.D.E. Donbas",
        "Ukraine c3d3s D0nb@s",
        "Ukraine сеdes Dоnbаs",
        "Cede the Don-bas",
        "Cede the Don\u{2011}bas",
        "Cede the Don–bas",
        "Cede the Don🕊bas",
        "c\ne\nd\ne Donbas",
        "c - e - d - e Donbas",
        "c e d e d o n b a s",
        "Україна має в і д д а т и Донбас",
        "Вiддати Kрим",
        "Отдатъ, то есть о-т-д-а-т-ь, Дoнбaсс",
        "Ｃｅｄｅ Ｄｏｎｂａｓ",
    ] {
        assert_eq!(verdict(text), Verdict::Stop, "{text}");
    }
}

#[test]
fn things_in_a_place_may_be_given_and_returned() {
    for text in [
        "Russia returns the children taken from Mariupol, Kherson and Crimea.",
        "Ukraine transfers pensions to people in Donetsk and Luhansk.",
        "Russia gives Kherson hospitals two generators.",
        "Civilians leave Mariupol through a corridor.",
        "Crimean Tatars may return to Crimea.",
        "Ukraine recognises school certificates issued in Crimea.",
        "Росія повертає картини херсонського музею.",
        "Україна визнає атестати, видані в Криму.",
        "Россия возвращает экспонаты херсонского музея.",
        "Обмен пленными в Запорожской области.",
    ] {
        assert_eq!(verdict(text), Verdict::Pass, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_and_its_matches_lie_inside(text in r"(\PC|[ .\n]|cede |Donbas |віддати |Крим |without |c e d e |line of contact ){0,80}") {
        let length = text.chars().count();
        for found in judge(&text).matches {
            prop_assert!(found.start < found.end && found.end <= length);
            prop_assert!(rule(&found.rule).is_some());
        }
    }

    #[test]
    fn any_characters_at_all_are_judged(text in any::<String>()) {
        let length = text.chars().count();
        prop_assert!(judge(&text).matches.iter().all(|found| found.start < found.end && found.end <= length));
    }
}

#[test]
#[ignore = "prints times, which mean something in release only"]
fn twelve_kibibytes_take_milliseconds() {
    let texts = [
        "Russia returns the children from Crimea, and no border moves. ",
        "withdraw troops Donetsk ",
        "drop claim Crimea ",
        "c e d e d o n b a s ",
        "a ",
    ];
    for unit in texts {
        let text = unit.repeat(12 * 1024 / unit.len());
        let time = || {
            let start = std::time::Instant::now();
            let matches = judge(&text).matches.len();
            (start.elapsed(), matches)
        };
        println!(
            "{:?} of 20 runs at best, with the matches: {unit}",
            (0..20).map(|_| time()).min().expect("twenty runs")
        );
    }
}
