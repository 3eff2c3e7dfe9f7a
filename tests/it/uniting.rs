//! Uniting two threads: one decision, reversible; links lead on, counts are exact, the chain is
//! sound.
use demarche::domain::permission::Role;
use serde_json::{Value, json};

use crate::{
    decisions::{decide, decided, picture},
    harness::{World, both, verify::Tables},
};

both! {
    two_threads_are_united_by_one_decision_and_every_link_leads_on,
    parted_threads_keep_what_was_written_since_and_the_chain_is_sound,
    what_was_edited_hidden_and_answered_since_goes_back_as_it_is_now,
    threads_merged_in_a_row_part_in_any_order,
    notes_go_on_where_their_thread_was_merged,
    threads_are_united_only_at_one_place_and_while_they_show,
}

async fn two_threads_are_united_by_one_decision_and_every_link_leads_on(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (gone, first) = alice.thread(1, "the same talk").await;
    let reply = boris.reply(&gone, &first, "an answer").await;
    let (stays, _) = boris.thread(1, "the talk").await;
    alice
        .delete(&format!(
            "/comments/{}",
            alice.comment(&gone, "taken back").await
        ))
        .await;
    let mut reader = world.visitor().at(world.node(1)).socket().await;
    let marked = alice
        .put("/frameworks/test/points/1/read", json!({ "seq": 1 }))
        .await;
    assert_eq!(marked.status, 200, "{}", marked.body);
    reader.follow(world.framework, "public", None).await;
    let before = picture(&world).await;
    let id = decided(
        &moderator,
        "thread",
        &gone,
        "merge",
        json!({ "into_thread": stays }),
    )
    .await;
    let told = reader
        .until(|frame| {
            frame["kind"] == "thread_changed" && frame["data"]["object"]["id"] == gone.as_str()
        })
        .await;
    assert_eq!(told["data"]["object"]["merged_into"], stays.as_str());
    let visitor = world.visitor().at(world.node(1));
    let old = visitor.get(&format!("/threads/{gone}")).await;
    assert_eq!(
        (
            old.status,
            &old.body["thread"]["merged_into"],
            &old.body["comments"]["items"]
        ),
        (200, &json!(stays), &json!([]))
    );
    let united = visitor.get(&format!("/threads/{stays}")).await.body;
    assert_eq!(
        (
            &united["thread"]["comments"],
            united["comments"]["items"].as_array().unwrap().len()
        ),
        (&json!(3), 4)
    );
    for comment in [&first, &reply] {
        assert_eq!(
            visitor.get(&format!("/comments/{comment}")).await.body["thread"],
            stays.as_str()
        );
    }
    assert_eq!(
        visitor.get(&format!("/comments/{reply}")).await.body["parent"],
        first.as_str()
    );
    let counts = visitor.get("/frameworks/test").await.body["points"][0].clone();
    assert_eq!(
        (&counts["threads"], &counts["comments"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(
        alice.get("/frameworks/test/points/1").await.body["read_seq"],
        1,
        "read markers stay"
    );
    let late = boris
        .post(
            &format!("/threads/{gone}/comments"),
            json!({ "body": "late", "kind": "remark" }),
        )
        .await;
    assert_eq!(
        late.problem().0,
        "closed",
        "the refusal leads on: {}",
        late.body
    );
    let log = visitor.get("/frameworks/test/moderation-log").await.body;
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["into_thread"]),
        (&json!("merge"), &json!(stays))
    );
    assert_eq!(
        alice.get("/me/posts").await.body["decisions"][0]["id"],
        id.as_str(),
        "its author hears of it"
    );
    assert_eq!(
        moderator
            .delete(&format!("/moderation/decisions/{id}"))
            .await
            .status,
        200
    );
    assert_eq!(
        picture(&world).await,
        before,
        "taken back, everything is as it was"
    );
    assert_eq!(
        visitor.get(&format!("/threads/{gone}")).await.body["thread"]["merged_into"],
        Value::Null
    );
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
    .sound(&[])
    .await;
}

async fn parted_threads_keep_what_was_written_since_and_the_chain_is_sound(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let (first, second) = (
        world.with_role("first", Role::Moderator).await,
        world.with_role("second", Role::Moderator).await,
    );
    let (a, top) = alice.thread(1, "A").await;
    let (b, _) = boris.thread(1, "B").await;
    let (c, _) = boris.thread(1, "C").await;
    let united = decided(&first, "thread", &a, "merge", json!({ "into_thread": b })).await;
    let answer = boris.reply(&b, &top, "answers what came from A").await;
    let fresh = boris.comment(&b, "belongs to B").await;
    // B goes on into C, and A's author objects.
    decided(&first, "thread", &b, "merge", json!({ "into_thread": c })).await;
    let appeal = alice
        .post(
            "/appeals",
            json!({ "decision": united, "statement": "Another matter." }),
        )
        .await;
    let path = format!(
        "/appeals/{}/decision",
        appeal.body["decision"]["appeal"]["id"].as_str().unwrap()
    );
    let reversed = second
        .post(&path, json!({ "reverse": true, "answer": "Indeed." }))
        .await;
    assert_eq!(reversed.status, 200, "{}", reversed.body);
    for (comment, thread) in [(&top, &a), (&answer, &a), (&fresh, &c)] {
        assert_eq!(
            world
                .visitor()
                .get(&format!("/comments/{comment}"))
                .await
                .body["thread"],
            thread.as_str()
        );
    }
    let page = world.visitor().get(&format!("/threads/{a}")).await.body;
    assert_eq!(
        (&page["thread"]["state"], &page["thread"]["comments"]),
        (&json!("open"), &json!(2))
    );
    boris.comment(&a, "it goes on").await;
    // A branch that became a thread may be united too; then its splitting is not taken back past
    // that.
    let split = decided(&first, "comment", &answer, "split", json!({ "title": "D" })).await;
    let d = world
        .visitor()
        .get(&format!("/comments/{answer}"))
        .await
        .body["thread"]
        .as_str()
        .unwrap()
        .to_owned();
    decided(&first, "thread", &d, "merge", json!({ "into_thread": c })).await;
    assert_eq!(
        first
            .delete(&format!("/moderation/decisions/{split}"))
            .await
            .problem()
            .0,
        "conflict"
    );
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
    .sound(&[])
    .await;
}

async fn what_was_edited_hidden_and_answered_since_goes_back_as_it_is_now(world: World) {
    let (alice, boris) = (world.person("alice").await, world.person("boris").await);
    let moderator = world.with_role("watch", Role::Moderator).await;
    let (a, first) = alice.thread(1, "A").await;
    let (hidden, gone) = (
        alice.comment(&a, "an insult").await,
        boris.comment(&a, "by mistake").await,
    );
    let (b, own) = boris.thread(1, "B").await;
    decided(&moderator, "thread", &a, "lock", json!({})).await;
    let united = decided(
        &moderator,
        "thread",
        &a,
        "merge",
        json!({ "into_thread": b }),
    )
    .await;
    let edited = alice
        .patch(
            &format!("/comments/{first}"),
            json!({ "version": 1, "body": "said better" }),
        )
        .await;
    assert_eq!(
        edited.status, 200,
        "what stands in an open thread may be edited: {}",
        edited.body
    );
    decided(&moderator, "comment", &hidden, "hide", json!({})).await;
    assert_eq!(boris.delete(&format!("/comments/{gone}")).await.status, 200);
    let answer = boris.reply(&b, &first, "an answer").await;
    decided(&moderator, "thread", &b, "lock", json!({})).await;
    assert_eq!(
        moderator
            .delete(&format!("/moderation/decisions/{united}"))
            .await
            .status,
        200
    );
    let visitor = world.visitor();
    for (comment, thread) in [
        (&first, &a),
        (&hidden, &a),
        (&gone, &a),
        (&answer, &a),
        (&own, &b),
    ] {
        assert_eq!(
            visitor.get(&format!("/comments/{comment}")).await.body["thread"],
            thread.as_str()
        );
    }
    let parted = visitor.get(&format!("/threads/{a}")).await.body;
    assert_eq!(
        (&parted["thread"]["state"], &parted["thread"]["comments"]),
        (&json!("locked"), &json!(2)),
        "{parted}"
    );
    assert_eq!(
        visitor.get(&format!("/comments/{first}")).await.body["body"],
        "said better"
    );
    let other = visitor.get(&format!("/threads/{b}")).await.body;
    assert_eq!(
        (&other["thread"]["state"], &other["thread"]["comments"]),
        (&json!("locked"), &json!(1))
    );
    let late = alice
        .patch(
            &format!("/comments/{first}"),
            json!({ "version": 2, "body": "too late" }),
        )
        .await;
    assert_eq!(late.problem().0, "closed");
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
    .sound(&[])
    .await;
}

async fn threads_merged_in_a_row_part_in_any_order(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("watch", Role::Moderator).await,
    );
    for order in [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
        [1, 2, 0],
        [0, 2, 1],
        [2, 0, 1],
    ] {
        let mut threads = vec![];
        for title in ["A", "B", "C", "D"] {
            threads.push(alice.thread(1, title).await);
        }
        let mut united = vec![];
        for at in 0..3 {
            united.push(
                decided(
                    &moderator,
                    "thread",
                    &threads[at].0,
                    "merge",
                    json!({ "into_thread": threads[at + 1].0 }),
                )
                .await,
            );
        }
        let visitor = world.visitor();
        let late = alice.reply(&threads[3].0, &threads[0].1, "to A").await;
        for at in order {
            let back = moderator
                .delete(&format!("/moderation/decisions/{}", united[at]))
                .await;
            assert_eq!(back.status, 200, "{order:?}: {}", back.body);
        }
        for (thread, comment) in &threads {
            assert_eq!(
                visitor.get(&format!("/comments/{comment}")).await.body["thread"],
                thread.as_str(),
                "{order:?}"
            );
            let page = visitor.get(&format!("/threads/{thread}")).await.body;
            let count = if *thread == threads[0].0 { 2 } else { 1 };
            assert_eq!(
                (&page["thread"]["comments"], &page["thread"]["merged_into"]),
                (&json!(count), &Value::Null),
                "{order:?}"
            );
        }
        assert_eq!(
            visitor.get(&format!("/comments/{late}")).await.body["thread"],
            threads[0].0.as_str(),
            "{order:?}"
        );
    }
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
    .sound(&[])
    .await;
}

async fn notes_go_on_where_their_thread_was_merged(world: World) {
    let (alice, author) = (
        world.participant("alice", "kyiv").await,
        world.person("author").await,
    );
    let reader = world.participant("reader", "moscow").await;
    let moderator = world.with_role("watch", Role::Moderator).await;
    let card = world.card(&author, "Lists").await;
    let note = async |who: &crate::harness::Person, note: &str| {
        who.put(
            &format!("/concessions/{card}/answer"),
            json!({ "version": 1, "acceptance": "with_changes", "note": note }),
        )
        .await
    };
    assert_eq!(note(&alice, "a date").await.status, 200);
    let threads = world
        .visitor()
        .get(&format!("/concessions/{card}/threads"))
        .await
        .body;
    let notes = threads["items"][0]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{threads}"))
        .to_owned();
    let path = format!("/concessions/{card}/threads");
    let made = alice
        .post(
            &path,
            json!({ "title": "Talk", "body": "Let us talk.", "kind": "remark" }),
        )
        .await
        .body;
    let talk = made["thread"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{made}"))
        .to_owned();
    let united = decided(
        &moderator,
        "thread",
        &notes,
        "merge",
        json!({ "into_thread": talk }),
    )
    .await;
    for (who, words) in [(&reader, "two dates"), (&alice, "a date and a place")] {
        let given = note(who, words).await;
        assert_eq!(given.status, 200, "{}", given.body);
    }
    assert_eq!(
        world.visitor().get(&format!("/threads/{talk}")).await.body["thread"]["comments"],
        3
    );
    assert_eq!(
        moderator
            .delete(&format!("/moderation/decisions/{united}"))
            .await
            .status,
        200
    );
    assert_eq!(
        note(&world.participant("third", "kyiv").await, "three dates")
            .await
            .status,
        200
    );
    assert_eq!(
        world.visitor().get(&format!("/threads/{notes}")).await.body["thread"]["comments"],
        2
    );
    Tables {
        folder: world.folder().into(),
        url: world.url(),
    }
    .sound(&[])
    .await;
}

async fn threads_are_united_only_at_one_place_and_while_they_show(world: World) {
    let (alice, moderator) = (
        world.person("alice").await,
        world.with_role("watch", Role::Moderator).await,
    );
    let (thread, comment) = alice.thread(1, "A").await;
    let (elsewhere, hidden) = (alice.thread(2, "B").await.0, alice.thread(1, "C").await.0);
    decided(&moderator, "thread", &hidden, "hide", json!({})).await;
    for into in [&elsewhere, &hidden, &thread] {
        assert_eq!(
            decide(
                &moderator,
                "thread",
                &thread,
                "merge",
                json!({ "into_thread": into })
            )
            .await
            .problem(),
            ("bad_request", "into_thread")
        );
    }
    assert_eq!(
        decide(&moderator, "thread", &thread, "merge", json!({}))
            .await
            .problem(),
        ("bad_request", "into_thread")
    );
    assert_eq!(
        decide(
            &moderator,
            "comment",
            &comment,
            "hide",
            json!({ "into_thread": thread })
        )
        .await
        .problem(),
        ("bad_request", "into_thread")
    );
}
