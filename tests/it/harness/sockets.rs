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
        Self::try_open(url, token)
            .await
            .expect("a server that answers")
    }

    /// `None` where the server is away.
    pub async fn try_open(url: &str, token: Option<&str>) -> Option<Self> {
        Self::connect(url, url, token).await
    }

    /// Through another address than the one the page came from.
    pub async fn from_origin(url: &str, origin: &str, token: Option<&str>) -> Self {
        Self::connect(url, origin, token)
            .await
            .expect("a server that answers")
    }

    async fn connect(url: &str, origin: &str, token: Option<&str>) -> Option<Self> {
        let mut request = format!("{}/api/v1/socket", url.replacen("http", "ws", 1))
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "demarche.v1".parse().unwrap());
        headers.insert("origin", origin.parse().unwrap());
        if let Some(token) = token {
            headers.insert("cookie", format!("demarche={token}").parse().unwrap());
        }
        let (stream, _) = tokio_tungstenite::connect_async(request).await.ok()?;
        let mut socket = Self {
            stream,
            waiting: VecDeque::new(),
            closed: None,
        };
        socket.try_until(|frame| frame["type"] == "hello").await?;
        Some(socket)
    }

    pub async fn send(&mut self, frame: Value) {
        self.stream
            .send(Message::Text(frame.to_string().into()))
            .await
            .unwrap();
    }

    pub async fn send_raw(&mut self, message: Message) {
        let _ = self.stream.send(message).await;
    }

    async fn receive(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(Duration::from_secs(20), self.stream.next())
                .await
                .expect("a frame within 20 s")
            {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => {
                    self.closed = frame.map(|frame| frame.code.into())
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// The first frame that fits, of those that came and those to come; others keep waiting.
    pub async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        let found = self.try_until(fits).await;
        found.unwrap_or_else(|| {
            panic!(
                "the socket closed ({:?}); waiting: {:?}",
                self.closed, self.waiting
            )
        })
    }

    /// As `until`; `None` where the socket ended before.
    pub async fn try_until(&mut self, fits: impl Fn(&Value) -> bool) -> Option<Value> {
        if let Some(place) = self.waiting.iter().position(&fits) {
            return self.waiting.remove(place);
        }
        loop {
            let frame = self.receive().await?;
            if fits(&frame) {
                return Some(frame);
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
    pub async fn follow(
        &mut self,
        framework: impl ToString,
        stream: &str,
        from: Option<(&str, i64)>,
    ) -> Value {
        self.try_follow(framework, stream, from)
            .await
            .expect("an answer before the end")
    }

    /// `None` where the socket ended before the answer.
    pub async fn try_follow(
        &mut self,
        framework: impl ToString,
        stream: &str,
        from: Option<(&str, i64)>,
    ) -> Option<Value> {
        let reference = Id::<Self>::new().to_string();
        let mut frame = json!({ "type": "subscribe", "ref": reference, "framework": framework.to_string(), "stream": stream });
        if let Some((epoch, after)) = from {
            frame["epoch"] = epoch.into();
            frame["after"] = after.into();
        }
        self.stream
            .send(Message::Text(frame.to_string().into()))
            .await
            .ok()?;
        self.try_until(|frame| frame["ref"] == reference).await
    }

    /// The next event of a stream.
    pub async fn event(&mut self, stream: &str) -> Value {
        self.until(|frame| frame["type"] == "event" && frame["stream"] == stream)
            .await
    }

    /// The events of a stream that came and wait.
    pub fn arrived(&mut self, stream: &str) -> Vec<Value> {
        let (those, others) = self
            .waiting
            .drain(..)
            .partition(|frame| frame["type"] == "event" && frame["stream"] == stream);
        self.waiting = others;
        VecDeque::into(those)
    }

    /// Whether a frame that fits came and waits.
    pub fn has(&self, fits: impl Fn(&Value) -> bool) -> bool {
        self.waiting.iter().any(fits)
    }

    /// There and back: what the server sent before its answer to this has come. False where the
    /// socket has ended.
    pub async fn round_trip(&mut self) -> bool {
        // Answers overtake events that wait: the second leaves when those of the first have been
        // sent.
        self.try_follow(Id::<Self>::new(), "none", None)
            .await
            .is_some()
            && self
                .try_follow(Id::<Self>::new(), "none", None)
                .await
                .is_some()
    }

    /// Sends a command and waits for its answer.
    pub async fn command(&mut self, framework: impl ToString, command: Value) -> Value {
        self.command_as(&Id::<Self>::new().to_string(), framework, command)
            .await
    }

    /// As `command_as`; `None` where the connection ended before the answer.
    pub async fn try_command(
        &mut self,
        id: &str,
        framework: &str,
        command: &Value,
    ) -> Option<Value> {
        let frame =
            json!({ "type": "command", "id": id, "framework": framework, "command": command });
        self.stream
            .send(Message::Text(frame.to_string().into()))
            .await
            .ok()?;
        self.try_until(|frame| frame["id"] == id).await
    }

    pub async fn command_as(
        &mut self,
        id: &str,
        framework: impl ToString,
        command: Value,
    ) -> Value {
        self.send(json!({ "type": "command", "id": id, "framework": framework.to_string(), "command": command })).await;
        self.until(|frame| frame["id"] == id).await
    }
}
