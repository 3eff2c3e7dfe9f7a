//! A socket as a client of the protocol holds one.
use std::{collections::VecDeque, time::Duration};

use demarche::id::Id;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

/// An open socket; frames that were not asked for wait.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    waiting: VecDeque<Value>,
    pub closed: Option<u16>,
}

impl Socket {
    pub async fn open(url: &str, token: Option<&str>) -> Self {
        let mut request = format!("{}/api/v1/socket", url.replacen("http", "ws", 1)).into_client_request().unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "demarche.v1".parse().unwrap());
        headers.insert("origin", url.parse().unwrap());
        if let Some(token) = token {
            headers.insert("cookie", format!("demarche={token}").parse().unwrap());
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let mut socket = Self { stream, waiting: VecDeque::new(), closed: None };
        socket.until(|frame| frame["type"] == "hello").await;
        socket
    }

    pub async fn send(&mut self, frame: Value) {
        self.stream.send(Message::Text(frame.to_string().into())).await.unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    async fn receive(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(Duration::from_secs(20), self.stream.next()).await.expect("a frame within 20 s") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => self.closed = frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The first frame that fits, of those that came and those to come; others keep waiting.
    pub async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        if let Some(place) = self.waiting.iter().position(&fits) {
            return self.waiting.remove(place).unwrap();
        }
        loop {
            let frame = self.receive().await.unwrap_or_else(|| panic!("the socket closed ({:?}); waiting: {:?}", self.closed, self.waiting));
            if fits(&frame) {
                return frame;
            }
            self.waiting.push_back(frame);
        }
    }

    /// Reads until the end; the close code.
    pub async fn ended(&mut self) -> Option<u16> {
        while self.receive().await.is_some() {}
        self.closed
    }

    /// Follows a stream: the `subscribed` or `nack` frame.
    pub async fn follow(&mut self, framework: impl ToString, stream: &str, from: Option<(&str, i64)>) -> Value {
        let reference = Id::<Self>::new().to_string();
        let mut frame = json!({ "type": "subscribe", "ref": reference, "framework": framework.to_string(), "stream": stream });
        if let Some((epoch, after)) = from {
            frame["epoch"] = epoch.into();
            frame["after"] = after.into();
        }
        self.send(frame).await;
        self.until(|frame| frame["ref"] == reference).await
    }

    /// The next event of a stream.
    pub async fn event(&mut self, stream: &str) -> Value {
        self.until(|frame| frame["type"] == "event" && frame["stream"] == stream).await
    }

    /// Sends a command and waits for its answer.
    pub async fn command(&mut self, framework: impl ToString, command: Value) -> Value {
        self.command_as(&Id::<Self>::new().to_string(), framework, command).await
    }

    pub async fn command_as(&mut self, id: &str, framework: impl ToString, command: Value) -> Value {
        self.send(json!({ "type": "command", "id": id, "framework": framework.to_string(), "command": command })).await;
        self.until(|frame| frame["id"] == id).await
    }
}
