//! What a page asks for first, sent along with it to readers without an account, so that they wait
//! for one answer and not for four.
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    domain::framework::QuestionState,
    http::App,
    protocol::rest::{FrameworkView, QuestionView},
    service::{
        Services,
        people::accounts,
        reads::{ballots, cards, frameworks, heads::About, threads},
    },
};

/// Each answer under its method and path, as the interface would give it. There are no counts of
/// answers in it, and nothing that is for one reader alone.
#[derive(Default)]
struct Arrived(Map<String, Value>);

/// A `<script>` of data for a page that is about this, for somebody without a session.
pub async fn script(app: &App, page: Option<(About, &[&str])>) -> String {
    let arrived = gathered(app, page).await;
    // `<` could end the element; in JSON it only ever stands inside strings.
    let json = Value::Object(arrived.0).to_string().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"arrived\">{json}</script>")
}

/// What cannot be had is left out: the page asks for it itself and hears why.
async fn gathered(app: &App, page: Option<(About, &[&str])>) -> Arrived {
    let services = &app.services;
    let mut arrived = Arrived::default();
    let Ok(site) = accounts::site(services, None).await else {
        return arrived;
    };
    arrived.put("GET /site".into(), &site);
    let Ok(list) = frameworks::list(services, None).await else {
        return arrived;
    };
    arrived.put("GET /frameworks".into(), &list);
    let Some(entry) = list.items.first() else {
        return arrived;
    };
    let Ok(view) = frameworks::view(services, None, &entry.slug).await else {
        return arrived;
    };
    arrived.put(format!("GET /frameworks/{}", entry.slug), &view);
    match page {
        Some((About::Question, _)) => arrived.hand(services, &view).await,
        Some((About::Point, [number])) => arrived.point(services, &entry.slug, number).await,
        Some((About::Card, [id])) => arrived.card(services, id).await,
        _ => {}
    }
    arrived
}

impl Arrived {
    fn put(&mut self, asked: String, answer: &impl Serialize) {
        self.0.insert(
            asked,
            serde_json::to_value(answer).expect("an answer is JSON"),
        );
    }

    /// The hand of the hour, of the question that is open.
    async fn hand(&mut self, services: &Services, view: &FrameworkView) {
        let open = view
            .shared
            .questions
            .iter()
            .find(|question| question.state == QuestionState::Open);
        let Some(QuestionView { id, .. }) = open else {
            return;
        };
        if let Ok(hand) = ballots::anonymous_deal(services, *id).await {
            self.put(format!("POST /questions/{id}/deal"), &hand);
        }
    }

    async fn point(&mut self, services: &Services, slug: &str, number: &str) {
        let Ok(number) = number.parse() else { return };
        if let Ok(point) = frameworks::point(services, None, slug, number).await {
            self.put(format!("GET /frameworks/{slug}/points/{number}"), &point);
        }
        if let Ok(list) = threads::point_threads(services, None, slug, number, None).await {
            self.put(
                format!("GET /frameworks/{slug}/points/{number}/threads"),
                &list,
            );
        }
    }

    async fn card(&mut self, services: &Services, id: &str) {
        let Ok(id) = id.parse() else { return };
        if let Ok(card) = cards::one(services, None, id).await {
            self.put(format!("GET /concessions/{id}"), &card);
        }
        if let Ok(list) = threads::card_threads(services, None, id, None).await {
            self.put(format!("GET /concessions/{id}/threads"), &list);
        }
    }
}
