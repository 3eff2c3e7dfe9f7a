//! Where words stand again: a moderator is told, and decides about all of it at once.
use demarche::domain::permission::Role;
use serde_json::json;

use crate::{
    decisions::{decided, item},
    harness::{World, both},
};

const WORDS: &str =
    "Ivan lives at 12 Shevchenka street, call +380 44 279 12 34, pay him a visit tonight.";

both! {
    a_moderator_is_told_where_words_stand_again_and_hides_all_of_them,
}

async fn a_moderator_is_told_where_words_stand_again_and_hides_all_of_them(world: World) {
    let (alice, boris) = (
        world.participant("alice", "kyiv").await,
        world.person("boris").await,
    );
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (thread, comment) = alice.thread(1, WORDS).await;
    let quote = boris
        .reply(
            &thread,
            &comment,
            "> Ivan lives at 12 Shevchenka street\n\nShame on you.",
        )
        .await;
    let edited = boris
        .reply(&thread, &comment, "Write it down: 380 44 279 12 34.")
        .await;
    assert_eq!(
        boris
            .patch(
                &format!("/comments/{edited}"),
                json!({ "version": 1, "body": "Sorry." })
            )
            .await
            .status,
        200
    );
    let (title, near) = {
        let body = json!({ "title": "Ivan lives at 12 Shevchenka street", "body": WORDS.to_uppercase(), "kind": "remark" });
        let made = boris
            .post("/frameworks/test/points/2/threads", body)
            .await
            .body;
        (
            made["thread"]["id"].as_str().unwrap().to_owned(),
            made["comment"]["id"].as_str().unwrap().to_owned(),
        )
    };
    let harmless = boris
        .reply(
            &thread,
            &comment,
            "How can you write that about a person? I do not want to read it here.",
        )
        .await;
    let gone = boris.comment(&thread, WORDS).await;
    assert_eq!(boris.delete(&format!("/comments/{gone}")).await.status, 200);
    let own = moderator
        .comment(
            &thread,
            "> Ivan lives at 12 Shevchenka street\n\nThis goes.",
        )
        .await;
    let seen = item(&moderator, "comment", &comment).await;
    let again = seen["again"].as_array().unwrap();
    let how = |id: &str| {
        again
            .iter()
            .find(|one| one["object"]["id"] == id)
            .map(|one| one["how"].as_str().unwrap())
    };
    let found = [&quote, &edited, &title, &near, &harmless, &gone, &comment].map(|id| how(id));
    assert_eq!(
        found,
        [
            Some("quote"),
            Some("version"),
            Some("copy"),
            Some("near"),
            None,
            None,
            None
        ],
        "{again:#?}"
    );
    let acts = |id: &str| {
        again.iter().find(|one| one["object"]["id"] == id).unwrap()["condition"]["acts"].clone()
    };
    assert_eq!(acts(&own), json!([]), "one's own is for others");
    let others: Vec<_> = again
        .iter()
        .filter(|one| one["condition"]["acts"].to_string().contains("\"hide\""))
        .collect();
    let prints = others
        .iter()
        .map(|one| one["condition"]["fingerprint"].clone());
    let prints: Vec<_> = std::iter::once(seen["condition"]["fingerprint"].clone())
        .chain(prints)
        .collect();
    let also: Vec<_> = others.iter().map(|one| one["object"].clone()).collect();
    decided(
        &moderator,
        "comment",
        &comment,
        "hide",
        json!({ "also": also, "seen": prints }),
    )
    .await;
    for id in [&comment, &quote, &edited, &near] {
        assert_eq!(
            world.visitor().get(&format!("/comments/{id}")).await.body["body"],
            json!(null)
        );
    }
    assert_eq!(
        world
            .visitor()
            .get(&format!("/comments/{edited}/versions"))
            .await
            .status,
        404
    );
    assert_eq!(
        boris
            .get(&format!("/moderation/items/comment/{comment}"))
            .await
            .problem()
            .0,
        "forbidden"
    );
}
