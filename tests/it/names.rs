//! Names and passwords, as people and impostors choose them.
use argon2::{Argon2, PasswordHasher};
use demarche::{
    domain::{
        account::{Account, names::former_skeleton},
        permission::Role,
    },
    id::Id,
};
use serde_json::{Value, json};

use crate::harness::{Answer, Person, World, both};

async fn register(visitor: &Person, handle: &str, password: &str) -> Answer {
    visitor
        .post(
            "/accounts",
            json!({ "handle": handle, "password": password }),
        )
        .await
}

async fn sign_in(visitor: &Person, handle: &str, with: Value) -> Answer {
    let mut body = json!({ "handle": handle });
    body.as_object_mut()
        .unwrap()
        .extend(with.as_object().unwrap().clone());
    visitor.post("/session", body).await
}

fn code(answer: &Answer) -> &str {
    answer.body["fields"][0]["code"]
        .as_str()
        .unwrap_or_default()
}

both! {
    nobody_goes_by_the_name_of_an_office_an_official_or_another,
    nobody_takes_a_name_that_looks_like_another_as_it_is_written,
    an_apostrophe_is_part_of_a_name_however_it_is_typed,
    an_account_of_before_the_rule_still_opens,
    a_weak_password_is_refused_wherever_one_is_set,
    a_password_is_the_same_however_it_is_composed,
    a_recovery_code_is_taken_as_notes_and_telephones_write_it,
    an_id_does_not_tell_when_an_account_was_made,
}

async fn nobody_goes_by_the_name_of_an_office_an_official_or_another(world: World) {
    let (alice, visitor) = (world.person("Olena").await, world.visitor());
    let other = world.person("Марко").await;
    for name in [
        "Moderator 2",
        "[erased]",
        "Модератор",
        "модератор1",
        "Путін",
        "Адмін",
        "Володимир Зеленський",
    ] {
        let refused = alice.patch("/me", json!({ "display_name": name })).await;
        assert_eq!(
            refused.problem(),
            ("bad_request", "display_name"),
            "{name}: {}",
            refused.body
        );
    }
    for name in ["Марко", "МАРКО", "м а р к о"] {
        assert_eq!(
            code(&alice.patch("/me", json!({ "display_name": name })).await),
            "taken",
            "{name}"
        );
    }
    for name in ["\u{3164}", "\u{2800}", "\u{200d}", "\u{34f}", "\u{fe0f}"] {
        assert_eq!(
            code(&alice.patch("/me", json!({ "display_name": name })).await),
            "required",
            "{name:?}"
        );
    }
    assert_eq!(
        alice
            .patch("/me", json!({ "display_name": "Олена Пчілка" }))
            .await
            .status,
        200
    );
    assert_eq!(
        code(
            &other
                .patch("/me", json!({ "display_name": "Олeна  Пчілка" }))
                .await
        ),
        "invalid",
        "one letter of it is Latin"
    );
    assert_eq!(
        code(
            &other
                .patch("/me", json!({ "display_name": "олена пчілка" }))
                .await
        ),
        "taken"
    );
    assert_eq!(
        code(&register(&visitor, "ОленаПчілка", "correct horse").await),
        "taken",
        "nor is it a handle"
    );
    assert_eq!(
        alice
            .patch("/me", json!({ "display_name": "Olena" }))
            .await
            .status,
        200,
        "one's own handle is one's own"
    );
    for (handle, why) in [
        ("модератор", "reserved"),
        ("moderator1", "reserved"),
        ("путин", "reserved"),
        ("---", "invalid"),
        ("1234", "invalid"),
    ] {
        assert_eq!(
            code(&register(&visitor, handle, "correct horse").await),
            why,
            "{handle}"
        );
    }
}

async fn nobody_takes_a_name_that_looks_like_another_as_it_is_written(world: World) {
    let (visitor, alice) = (world.visitor(), world.person("alice").await);
    for (first, second) in [("Тарас", "Tapac"), ("Ilya", "llya"), ("Hopa", "Нора")] {
        assert_eq!(
            register(&visitor, first, "correct horse").await.status,
            201,
            "{first}"
        );
        assert_eq!(
            code(&register(&visitor, second, "correct horse").await),
            "taken",
            "{second}"
        );
        assert_eq!(
            code(&alice.patch("/me", json!({ "display_name": second })).await),
            "taken",
            "{second}"
        );
    }
    assert_eq!(
        alice
            .patch("/me", json!({ "display_name": "Марта" }))
            .await
            .status,
        200
    );
    assert_eq!(
        code(&register(&visitor, "Mapтa", "correct horse").await),
        "invalid"
    );
    // As a node of the version before kept it: the next start says what it looks like.
    let mut tables = crate::harness::tables::Tables::of(&world).await;
    tables
        .run("UPDATE account SET written = NULL, name_written = NULL")
        .await;
    let mut tx = world.node(0).services.store.write().await.unwrap();
    tx.fold_names().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        code(&register(&visitor, "Tapac", "correct horse").await),
        "taken"
    );
}

async fn an_apostrophe_is_part_of_a_name_however_it_is_typed(world: World) {
    let visitor = world.visitor();
    let made = register(&visitor, "Мар'яна", "correct horse").await;
    assert_eq!(
        (made.status, &made.body["account"]["handle"]),
        (201, &json!("Мар’яна")),
        "{}",
        made.body
    );
    assert_eq!(
        register(&visitor, "О'Коннор", "correct horse").await.status,
        201
    );
    assert_eq!(
        code(&register(&visitor, "Марʼяна", "correct horse").await),
        "taken"
    );
    assert_eq!(
        code(&register(&visitor, "Маряна", "correct horse").await),
        "taken"
    );
    for typed in ["Мар'яна", "Марʼяна", "мар`яна"] {
        assert_eq!(
            sign_in(&visitor, typed, json!({ "password": "correct horse" }))
                .await
                .status,
            201,
            "{typed}"
        );
    }
}

async fn an_account_of_before_the_rule_still_opens(world: World) {
    // As the rule before kept them: the apostrophe counted, and a display name could be anything.
    let (handle, display_name) = ("Марʼянка".to_owned(), Some("Moderator 2".to_owned()));
    let old = Account {
        id: Id::new(),
        handle,
        display_name,
        admin: false,
        locale: None,
        vouched: false,
        sample: false,
        created_at: 0,
    };
    let hash = Argon2::default()
        .hash_password(b"correct horse")
        .unwrap()
        .to_string();
    let mut tx = world.node(0).services.store.write().await.unwrap();
    assert!(
        tx.insert_account(&old, &former_skeleton("Марʼянка"), Some(&hash))
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    let back = sign_in(
        &world.visitor(),
        "Марʼянка",
        json!({ "password": "correct horse" }),
    )
    .await;
    assert_eq!(back.status, 201, "{}", back.body);
    let alice = Person {
        token: back.cookie,
        ..world.visitor()
    };
    assert_eq!(
        code(&register(&world.visitor(), "Мар'янка", "correct horse").await),
        "taken"
    );
    assert_eq!(
        alice.patch("/me", json!({ "locale": "uk" })).await.status,
        200,
        "what is not changed need not fit"
    );
    assert_eq!(
        code(
            &alice
                .patch("/me", json!({ "display_name": "Moderator 2" }))
                .await
        ),
        "reserved"
    );
}

async fn a_weak_password_is_refused_wherever_one_is_set(world: World) {
    let (visitor, alice) = (world.visitor(), world.person("alicealice").await);
    let weak = [
        ("пиво", "length"),
        ("😀😀", "length"),
        ("        ", "common"),
        ("12345678", "common"),
        ("password", "common"),
        ("alicealice", "like_name"),
    ];
    for (password, why) in weak {
        assert_eq!(
            code(&register(&visitor, "alicealice", password).await),
            why,
            "{password}"
        );
        assert_eq!(
            code(
                &alice
                    .post(
                        "/me/password",
                        json!({ "current": "correct horse", "new": password })
                    )
                    .await
            ),
            why,
            "{password}"
        );
        let token =
            demarche::service::people::accounts::reset_link(&world.node(0).services, "alicealice")
                .await
                .unwrap();
        assert_eq!(
            code(
                &visitor
                    .post(
                        "/password-resets",
                        json!({ "token": token, "password": password })
                    )
                    .await
            ),
            why,
            "{password}"
        );
    }
    assert_eq!(register(&visitor, "taras", "вісім літер").await.status, 201);
}

async fn a_password_is_the_same_however_it_is_composed(world: World) {
    let visitor = world.visitor();
    let (composed, parted) = ("їжачок у тумані", "і\u{308}жачок\u{a0}у тумані");
    let made = register(&visitor, "olena", parted).await;
    for typed in [composed, parted] {
        assert_eq!(
            sign_in(&visitor, "olena", json!({ "password": typed }))
                .await
                .status,
            201,
            "{typed}"
        );
    }
    // A hash of the bytes as they were typed, as an older version kept it: it opens, and is hashed
    // anew.
    let old = Argon2::default()
        .hash_password(parted.as_bytes())
        .unwrap()
        .to_string();
    let mut tx = world.node(0).services.store.write().await.unwrap();
    tx.set_password(
        made.body["account"]["id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        &old,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        sign_in(&visitor, "olena", json!({ "password": composed }))
            .await
            .status,
        401
    );
    assert_eq!(
        sign_in(&visitor, "olena", json!({ "password": parted }))
            .await
            .status,
        201
    );
    assert_eq!(
        sign_in(&visitor, "olena", json!({ "password": composed }))
            .await
            .status,
        201
    );
}

async fn a_recovery_code_is_taken_as_notes_and_telephones_write_it(world: World) {
    let visitor = world.visitor();
    let made = register(&visitor, "olena", "correct horse").await;
    let codes: Vec<String> = made.body["recovery_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    let ways: [fn(&str) -> String; 5] = [
        |code| code.replace('-', ""),
        |code| code.replace('-', " "),
        |code| format!(" {}\n", code.replace('-', "–").to_uppercase()),
        |code| code.replace('-', "\u{2011}"),
        |code| code.replace('-', "\u{a0}"),
    ];
    for (way, code) in ways.iter().zip(&codes) {
        let typed = way(code);
        assert_eq!(
            sign_in(&visitor, "olena", json!({ "recovery_code": typed }))
                .await
                .status,
            201,
            "{typed:?}"
        );
        assert_eq!(
            sign_in(&visitor, "olena", json!({ "recovery_code": code }))
                .await
                .status,
            401,
            "each is good once"
        );
    }
}

async fn an_id_does_not_tell_when_an_account_was_made(world: World) {
    let people = [
        world.person("alice").await,
        world.with_role("boris", Role::Moderator).await,
    ];
    for person in people {
        assert_eq!(
            person.id.as_bytes()[14],
            b'4',
            "a random one: {}",
            person.id
        );
    }
}
