//! People over HTTP.
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use super::Socket;

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person {
    pub url: String,
    pub id: String,
    pub token: Option<String>,
    pub client: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub cookie: Option<String>,
    pub headers: header::HeaderMap,
}

impl Answer {
    /// The problem's code and the first field it names.
    pub fn problem(&self) -> (&str, &str) {
        let word = |value: &'static str| self.body[value].as_str().unwrap_or_default();
        (
            word("code"),
            self.body["fields"][0]["field"].as_str().unwrap_or_default(),
        )
    }
}

/// A moderator's decision about a thing.
pub fn decision(kind: &str, id: &str, action: &str) -> Value {
    json!({
        "object": { "kind": kind, "id": id },
        "action": action,
        "rule": "R1",
        "facts": "It insults another reader.",
    })
}

impl Person {
    pub fn new(url: String, token: Option<String>) -> Self {
        Self {
            url,
            id: String::new(),
            token,
            client: reqwest::Client::new(),
        }
    }

    /// The same person at another node.
    pub fn at(&self, node: &super::Node) -> Self {
        Self {
            url: node.url.clone(),
            ..self.clone()
        }
    }

    /// Sends a request; `path` is under /api/v1 unless it starts with `//`.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let address = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(
                || format!("{}/api/v1{path}", self.url),
                |rest| format!("{}{rest}", self.url),
            );
        let mut request = self
            .client
            .request(method.clone(), address)
            .header(header::ORIGIN, &self.url);
        if let Some(token) = &self.token {
            request = request.header(header::COOKIE, format!("demarche={token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body);
        }
        let response = request.send().await.unwrap();
        let headers = response.headers().clone();
        let cookie = headers.get(header::SET_COOKIE).and_then(|value| {
            value
                .to_str()
                .ok()?
                .split(['=', ';'])
                .nth(1)
                .map(str::to_owned)
        });
        let status: StatusCode = response.status();
        if !path.starts_with("//") {
            let kind = headers
                .get(header::CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok())
                .unwrap_or_default();
            crate::openapi::heed(method.as_str(), path, status.as_u16(), kind);
        }
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status: status.as_u16(),
            body,
            cookie,
            headers,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    /// All entries of a list, page after page.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let (mut all, mut next) = (vec![], Value::Null);
        loop {
            let after = next
                .as_str()
                .map_or_else(String::new, |after| format!("?after={after}"));
            let mut page = self.get(&format!("{path}{after}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            all.append(page.body["items"].as_array_mut().expect("a list has items"));
            next = page.body["next"].take();
            if next.is_null() {
                return all;
            }
        }
    }

    /// Decides about a thing, as a moderator.
    pub async fn decide(&self, kind: &str, id: &str, action: &str) -> Answer {
        self.post("/moderation/decisions", decision(kind, id, action))
            .await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, None, Some(body.to_string().into()))
            .await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, None, Some(body.to_string().into()))
            .await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, None, Some(body.to_string().into()))
            .await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// Opens a thread on a point; its id and its first comment's.
    pub async fn thread(&self, point: u32, body: &str) -> (String, String) {
        let made = self
            .post(
                &format!("/frameworks/test/points/{point}/threads"),
                serde_json::json!({ "title": "A thread", "body": body, "kind": "remark" }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = |name: &str| made.body[name]["id"].as_str().unwrap().to_owned();
        (id("thread"), id("comment"))
    }

    /// Comments; the comment's id.
    pub async fn comment(&self, thread: &str, body: &str) -> String {
        let made = self
            .post(
                &format!("/threads/{thread}/comments"),
                serde_json::json!({ "body": body, "kind": "remark" }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["comment"]["id"].as_str().unwrap().into()
    }

    /// Answers a comment; the reply's id.
    pub async fn reply(&self, thread: &str, parent: &str, body: &str) -> String {
        let made = self
            .post(
                &format!("/threads/{thread}/comments"),
                serde_json::json!({ "body": body, "kind": "remark", "parent": parent }),
            )
            .await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.body["comment"]["id"].as_str().unwrap().into()
    }

    /// Is dealt cards; their ids.
    pub async fn deal(&self, question: &str) -> Vec<String> {
        let hand = self
            .post(
                &format!("/questions/{question}/deal"),
                serde_json::json!({}),
            )
            .await;
        assert_eq!(hand.status, 200, "{}", hand.body);
        hand.body["cards"]
            .as_array()
            .unwrap()
            .iter()
            .map(|card| card["id"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Answers a card.
    pub async fn answer(&self, card: &str, acceptance: &str) -> Answer {
        self.put(
            &format!("/concessions/{card}/answer"),
            serde_json::json!({ "version": 1, "acceptance": acceptance, "realism": "maybe" }),
        )
        .await
    }

    /// Opens a socket.
    pub async fn socket(&self) -> Socket {
        Socket::open(&self.url, self.token.as_deref()).await
    }
}
