//! The bare reference: axum, SQLite in WAL mode with `synchronous=FULL` and group commit, and
//! fan-out through tungstenite with small buffers. No accounts, no permissions, no sequence
//! numbers: what the framework and the disk cost alone. Over PostgreSQL it commits one transaction
//! per request.
use std::{path::PathBuf, sync::Arc};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post, put},
    serve::ListenerExt,
};
use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use sqlx::{
    FromRow,
    pool::PoolOptions,
    postgres::PgPool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous},
};
use tokio::{
    net::TcpSocket,
    sync::{broadcast, mpsc, oneshot},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message, Utf8Bytes,
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

/// The most writes in one transaction, and frames before a flush: as the server's.
const BATCH: usize = 256;
const FEED: usize = 64;
/// The thread that is there from the start, and its comments.
pub const THREAD: &str = "0199f0a2-0000-7000-8000-000000000001";
const COMMENTS: usize = 100;

/// How the reference is started.
#[derive(clap::Args)]
pub struct Settings {
    /// Where its file goes
    #[arg(long)]
    data_dir: PathBuf,
    /// Write to PostgreSQL instead, one transaction per request
    #[arg(long)]
    database_url: Option<String>,
}

/// A write as it is sent.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Write {
    Answer {
        account: String,
        card: String,
        acceptance: String,
        realism: String,
    },
    Comment {
        thread: String,
        author: String,
        kind: String,
        body: String,
    },
}

type Job = (Write, oneshot::Sender<bool>);

/// Where writes go.
#[derive(Clone)]
enum Writer {
    Grouped(mpsc::Sender<Job>),
    Each(PgPool),
}

#[derive(Clone)]
struct Reference {
    writer: Writer,
    read: Option<SqlitePool>,
    page: Arc<str>,
    events: broadcast::Sender<Utf8Bytes>,
}

#[derive(FromRow, Serialize)]
struct Row {
    id: String,
    thread: String,
    parent: Option<String>,
    author: String,
    kind: String,
    body: String,
    html: String,
    language: String,
    state: String,
    version: i64,
    created_at: i64,
    edited_at: Option<i64>,
    replies: i64,
}

const COMMENT_TABLE: &str = "CREATE TABLE comment (id TEXT PRIMARY KEY, thread TEXT NOT NULL, parent TEXT, author TEXT NOT NULL, kind TEXT NOT NULL,
    body TEXT NOT NULL, html TEXT NOT NULL, language TEXT NOT NULL, state TEXT NOT NULL, version BIGINT NOT NULL,
    created_at BIGINT NOT NULL, edited_at BIGINT, replies BIGINT NOT NULL)";
const COMMENT_INDEX: &str = "CREATE INDEX comment_thread ON comment (thread, created_at, id)";
const ANSWER_TABLE: &str = "CREATE TABLE answer (account TEXT NOT NULL, card TEXT NOT NULL, acceptance TEXT NOT NULL, realism TEXT NOT NULL,
    PRIMARY KEY (account, card))";

/// Serves until it is killed.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let (events, _) = broadcast::channel(4_096);
    let (writer, read) = match &settings.database_url {
        Some(url) => (Writer::Each(postgres(url).await?), None),
        None => sqlite(&settings.data_dir, events.clone()).await?,
    };
    let mut reference = Reference {
        writer,
        read,
        page: "".into(),
        events,
    };
    if let Some(pool) = &reference.read {
        reference.page = rendered(pool, THREAD).await?.into();
    }
    let router = Router::new()
        .route("/answer", put(write))
        .route("/comment", post(write))
        .route("/thread/{id}", get(page))
        .route("/cached", get(cached))
        .route("/socket", get(upgrade))
        .with_state(reference);
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(4_096)?;
    println!("listens on http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).await?)
}

async fn postgres(url: &str) -> anyhow::Result<PgPool> {
    let pool = PoolOptions::new().max_connections(32).connect(url).await?;
    for statement in [COMMENT_TABLE, COMMENT_INDEX, ANSWER_TABLE] {
        sqlx::query(statement).execute(&pool).await?;
    }
    Ok(pool)
}

async fn sqlite(
    folder: &std::path::Path,
    events: broadcast::Sender<Utf8Bytes>,
) -> anyhow::Result<(Writer, Option<SqlitePool>)> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("reference.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "4000");
    let write = PoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await?;
    for statement in [COMMENT_TABLE, COMMENT_INDEX, ANSWER_TABLE] {
        sqlx::query(statement).execute(&write).await?;
    }
    fill(&write).await?;
    let read = PoolOptions::new()
        .max_connections(4)
        .connect_with(options.read_only(true).pragma("mmap_size", "268435456"))
        .await?;
    let (send, queue) = mpsc::channel(4_096);
    tokio::spawn(group_commit(write, queue, events));
    Ok((Writer::Grouped(send), Some(read)))
}

async fn fill(pool: &SqlitePool) -> anyhow::Result<()> {
    const SQL: &str = "INSERT INTO comment SELECT printf('0199f0a2-0000-7000-8000-%012d', key), $1, NULL, 'reader', 'remark', value,
        '<p>' || value || '</p>', 'en', 'visible', 1, key, NULL, 0 FROM json_each($2)";
    let bodies: Vec<String> = (0..COMMENTS).map(crate::world::body).collect();
    sqlx::query(SQL)
        .bind(THREAD)
        .bind(serde_json::to_string(&bodies)?)
        .execute(pool)
        .await?;
    Ok(())
}

/// Takes what waits and makes it durable in one transaction of at most two statements.
async fn group_commit(
    pool: SqlitePool,
    mut queue: mpsc::Receiver<Job>,
    events: broadcast::Sender<Utf8Bytes>,
) {
    let mut waiting = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut waiting, BATCH).await > 0 {
        let (writes, replies): (Vec<Write>, Vec<_>) = waiting.drain(..).unzip();
        let saved = save(&pool, &writes).await;
        if let Err(error) = &saved {
            eprintln!("reference: {error}");
        }
        for reply in replies {
            let _ = reply.send(saved.is_ok());
        }
        for write in &writes {
            if let Write::Comment { body, .. } = write {
                let _ = events.send(format!(r#"{{"type":"event","body":"{body}"}}"#).into());
            }
        }
    }
}

async fn save(pool: &SqlitePool, writes: &[Write]) -> anyhow::Result<()> {
    const ANSWERS: &str = "INSERT INTO answer SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($1) WHERE TRUE
        ON CONFLICT (account, card) DO UPDATE SET acceptance = excluded.acceptance, realism = excluded.realism";
    const COMMENTS: &str = "INSERT INTO comment SELECT value ->> 0, value ->> 1, NULL, value ->> 2, value ->> 3, value ->> 4, value ->> 4,
        'und', 'visible', 1, $2, NULL, 0 FROM json_each($1)";
    let (mut answers, mut comments) = (vec![], vec![]);
    for write in writes {
        match write {
            Write::Answer {
                account,
                card,
                acceptance,
                realism,
            } => answers.push([account, card, acceptance, realism]),
            Write::Comment {
                thread,
                author,
                kind,
                body,
            } => comments.push((new_id(), thread, author, kind, body)),
        }
    }
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    if !answers.is_empty() {
        sqlx::query(ANSWERS)
            .bind(serde_json::to_string(&answers)?)
            .execute(&mut *transaction)
            .await?;
    }
    if !comments.is_empty() {
        sqlx::query(COMMENTS)
            .bind(serde_json::to_string(&comments)?)
            .bind(now())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}

async fn save_one(pool: &PgPool, write: &Write) -> anyhow::Result<()> {
    const ANSWER: &str = "INSERT INTO answer VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, card) DO UPDATE SET acceptance = excluded.acceptance, realism = excluded.realism";
    const COMMENT: &str = "INSERT INTO comment VALUES ($1, $2, NULL, $3, $4, $5, $5, 'und', 'visible', 1, $6, NULL, 0)";
    let query = match write {
        Write::Answer {
            account,
            card,
            acceptance,
            realism,
        } => sqlx::query(ANSWER)
            .bind(account)
            .bind(card)
            .bind(acceptance)
            .bind(realism),
        Write::Comment {
            thread,
            author,
            kind,
            body,
        } => sqlx::query(COMMENT)
            .bind(new_id())
            .bind(thread)
            .bind(author)
            .bind(kind)
            .bind(body)
            .bind(now()),
    };
    query.execute(pool).await?;
    Ok(())
}

fn new_id() -> String {
    demarche::id::Id::<Row>::new().to_string()
}

fn now() -> i64 {
    demarche::clock::Clock::default().now()
}

async fn write(
    State(reference): State<Reference>,
    Json(write): Json<Write>,
) -> (StatusCode, &'static str) {
    let saved = match &reference.writer {
        Writer::Each(pool) => save_one(pool, &write).await.is_ok(),
        Writer::Grouped(queue) => {
            let (reply, answer) = oneshot::channel();
            queue.send((write, reply)).await.is_ok() && answer.await.unwrap_or(false)
        }
    };
    if saved {
        (StatusCode::OK, r#"{"saved":true}"#)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "")
    }
}

async fn rendered(pool: &SqlitePool, thread: &str) -> sqlx::Result<String> {
    const SQL: &str = "SELECT id, thread, parent, author, kind, body, html, language, state, version, created_at, edited_at, replies
        FROM comment WHERE thread = $1 ORDER BY created_at, id LIMIT 100";
    let rows: Vec<Row> = sqlx::query_as(SQL).bind(thread).fetch_all(pool).await?;
    Ok(serde_json::to_string(&rows).expect("rows are JSON"))
}

async fn page(State(reference): State<Reference>, Path(id): Path<String>) -> Response {
    let Some(pool) = &reference.read else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match rendered(pool, &id).await {
        Ok(page) => ([(header::CONTENT_TYPE, "application/json")], page).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn cached(State(reference): State<Reference>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        Bytes::from_owner(Text(reference.page)),
    )
}

struct Text(Arc<str>);
impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

async fn upgrade(State(reference): State<Reference>, mut request: Request) -> Response {
    let key = request
        .headers()
        .get(header::SEC_WEBSOCKET_KEY)
        .map(|key| derive_accept_key(key.as_bytes()));
    let (Some(key), Some(upgrade)) = (
        key,
        request
            .extensions_mut()
            .remove::<hyper::upgrade::OnUpgrade>(),
    ) else {
        return StatusCode::UPGRADE_REQUIRED.into_response();
    };
    tokio::spawn(async move {
        let Ok(connection) = upgrade.await else {
            return;
        };
        let config = WebSocketConfig::default()
            .read_buffer_size(4_096)
            .write_buffer_size(4_096);
        let socket =
            WebSocketStream::from_raw_socket(TokioIo::new(connection), Role::Server, Some(config))
                .await;
        let _ = subscriber(socket, reference.events.subscribe()).await;
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        header::SEC_WEBSOCKET_ACCEPT,
        HeaderValue::from_str(&key).expect("base64 is ASCII"),
    );
    response
}

type Connection = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Awaits an event, feeds what else is there, flushes once.
async fn subscriber(
    mut socket: Connection,
    mut events: broadcast::Receiver<Utf8Bytes>,
) -> anyhow::Result<()> {
    socket
        .send(Message::text(r#"{"type":"subscribed"}"#))
        .await?;
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(_)) => {}
                _ => return Ok(()),
            },
            event = events.recv() => {
                socket.feed(Message::Text(event?)).await?;
                for _ in 1..FEED {
                    let Ok(event) = events.try_recv() else { break };
                    socket.feed(Message::Text(event)).await?;
                }
                socket.flush().await?;
            }
        }
    }
}
