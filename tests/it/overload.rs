//! More is written than can be saved: moderators still decide.
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use demarche::{
    domain::permission::Role,
    id::Id,
    protocol::{command::Command, problem::Code},
    service::desk::By,
};
use serde_json::json;

use crate::harness::both;

both! {
    async fn a_moderator_decides_while_others_are_refused(world) {
        let (alice, moderator) = (world.person("alice").await, world.with_role("keeper", Role::Moderator).await);
        let (thread, _) = alice.thread(1, "one").await;
        let mut comments = vec![];
        for number in 0..5 {
            comments.push(alice.comment(&thread, &format!("number {number}")).await);
        }
        // A queue that is kept full.
        let (services, framework, account) = (world.node(0).services.clone(), world.framework, alice.id.parse().unwrap());
        let (refused, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (saw, stop) = (refused.clone(), done.clone());
        let flood = tokio::spawn(async move {
            while !stop.load(Relaxed) {
                let nowhere = json!({ "type": "post_comment", "thread": Id::<()>::new(), "body": "b", "kind": "remark" });
                let command = Command::read(nowhere.as_object().unwrap().clone()).unwrap();
                let by = By { account, session: None };
                if let Err(problem) = services.desk.enqueue(by, framework, Id::new(), command) {
                    assert_eq!(problem.code, Code::Overloaded);
                    saw.store(true, Relaxed);
                    tokio::task::yield_now().await;
                }
            }
        });
        world.eventually("others are refused", async || refused.load(Relaxed)).await;
        for comment in comments {
            let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "No." });
            let made = moderator.post("/moderation/decisions", decision).await;
            assert_eq!(made.status, 201, "{}", made.body);
            // The reserved lane is not for everybody who asks.
            let decision = json!({ "object": { "kind": "comment", "id": comment }, "action": "hide", "rule": "R1", "facts": "No." });
            let refused = alice.post("/moderation/decisions", decision).await;
            assert!(["overloaded", "forbidden"].contains(&refused.problem().0), "{}", refused.body);
        }
        done.store(true, Relaxed);
        flood.await.unwrap();
    }
}
