//! The edge of the server: where requests come from, and what clients cost that take connections
//! and do not read.
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{Instant, sleep, timeout},
};

use crate::harness::{
    Person, World, both,
    process::{Place, Process},
    raw::{Raw, frame},
};

const PATIENCE: Duration = Duration::from_secs(30);
/// A comment nearly as long as one may be: its frame has about 16 KB.
const LETTERS: usize = 3_900;

/// A search from behind a proxy that wrote these lines.
async fn search(person: &Person, lines: &[&str]) -> u16 {
    let mut request = person
        .client
        .get(format!("{}/api/v1/search?q=word", person.url));
    for line in lines {
        request = request.header("x-forwarded-for", *line);
    }
    request.send().await.unwrap().status().as_u16()
}

/// A connection with little room for what comes.
async fn connect(url: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    socket
        .connect(url.trim_start_matches("http://").parse().unwrap())
        .await
        .unwrap()
}

/// The status of a small request, on a connection that stays open.
async fn asked(url: &str) -> (u16, TcpStream) {
    let mut stream = connect(url).await;
    let _ = stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await;
    let mut bytes = [0; 64];
    let read = timeout(PATIENCE, stream.read(&mut bytes))
        .await
        .expect("an answer")
        .unwrap_or(0);
    let status = String::from_utf8_lossy(&bytes[..read])
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok());
    (status.unwrap_or(0), stream)
}

/// Writes now and then until the other side has ended the connection.
async fn cut(mut stream: TcpStream) {
    let deadline = Instant::now() + PATIENCE;
    while stream.write_all(b"G").await.is_ok() {
        assert!(Instant::now() < deadline, "who does not read is let go");
        sleep(Duration::from_millis(50)).await;
    }
}

async fn long_comments(author: &Person, thread: &str, count: usize) {
    for lot in (0..count).collect::<Vec<_>>().chunks(16) {
        let post = async |number: &usize| {
            author
                .comment(thread, &format!("{number} {}", "ї".repeat(LETTERS)))
                .await
        };
        join_all(lot.iter().map(post)).await;
    }
}

/// Resident memory of a process, in bytes.
fn resident(id: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        * 1_024
}

both! {
    lines_that_a_proxy_did_not_write_buy_nothing("--budgets", "on", "--trusted-proxies", "127.0.0.0/8,10.0.0.0/8"),
    sockets_and_presence_count_the_address_that_a_proxy_names("--trusted-proxies", "127.0.0.1"),
    an_address_holds_so_many_connections_and_no_more("--connections-per-address", "3"),
    a_proxy_that_is_trusted_holds_any_number("--connections-per-address", "1", "--trusted-proxies", "127.0.0.1"),
    who_asks_for_much_and_reads_nothing_is_cut_off,
    who_reads_slowly_and_steadily_gets_everything,
    a_message_without_an_end_is_closed_with_1008,
    a_long_resume_comes_whole_and_in_order_while_others_write,
    changes_over_http_come_by_pages_that_are_not_too_long,
}

async fn lines_that_a_proxy_did_not_write_buy_nothing(world: World) {
    let visitor = world.visitor();
    let mut refused = 0;
    for number in 0..40 {
        let forged = format!("198.51.100.{number}");
        let status = search(&visitor, &[&forged, "203.0.113.9:4711, 10.1.2.3"]).await;
        refused += usize::from(status == 429);
    }
    assert!(
        refused > 0,
        "forty searches of one address are too many, whatever stands before it"
    );
    assert_eq!(
        search(&visitor, &["203.0.113.9"]).await,
        429,
        "the same address without a port"
    );
    assert_eq!(
        search(&visitor, &["203.0.113.10"]).await,
        200,
        "another address has searches of its own"
    );
    // What cannot be read ends the search: what stands before it is nobody's word.
    for number in 0..40 {
        search(&visitor, &[&format!("203.0.113.{}, unknown", 100 + number)]).await;
    }
    assert_eq!(search(&visitor, &["203.0.113.200, unknown"]).await, 429);
    assert_eq!(search(&visitor, &["203.0.113.200"]).await, 200);
}

async fn sockets_and_presence_count_the_address_that_a_proxy_names(world: World) {
    let url = &world.node(0).url;
    let host = url.trim_start_matches("http://");
    let mut sockets = vec![];
    for lines in [
        "198.51.100.1, 203.0.113.1",
        "198.51.100.2, 203.0.113.1",
        "203.0.113.2",
    ] {
        let head = crate::harness::raw::handshake(host, &[("X-Forwarded-For", Some(lines))]);
        let (answer, mut raw) = Raw::request(url, &head).await;
        assert_eq!(answer.status, 101);
        let here = json!({ "type": "here", "framework": world.framework.to_string() });
        raw.send(&frame(0x81, here.to_string().as_bytes())).await;
        sockets.push(raw);
    }
    let services = &world.node(0).services;
    world
        .eventually("two people are here, by their addresses", async || {
            services
                .presence
                .shown(&services.live, world.framework, services.now())
                .await
                .count
                == 2
        })
        .await;
}

async fn an_address_holds_so_many_connections_and_no_more(world: World) {
    let url = &world.node(0).url;
    let mut held = vec![];
    for _ in 0..2 {
        let (status, stream) = asked(url).await;
        assert_eq!(status, 200);
        held.push(stream);
    }
    // A socket is a connection as well.
    let socket = Raw::open(url).await;
    assert_eq!(asked(url).await.0, 429);
    drop(socket);
    world
        .eventually("a socket that ended makes room", async || {
            asked(url).await.0 == 200
        })
        .await;
}

async fn a_proxy_that_is_trusted_holds_any_number(world: World) {
    let held = join_all((0..20).map(|_| asked(&world.node(0).url))).await;
    assert!(held.iter().all(|(status, _)| *status == 200));
}

async fn who_asks_for_much_and_reads_nothing_is_cut_off(world: World) {
    let url = &world.node(0).url;
    let ask = b"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(60);
    let mut stuck = vec![];
    for _ in 0..20 {
        let mut stream = connect(url).await;
        stream.write_all(&ask).await.unwrap();
        stuck.push(stream);
    }
    let visitor = world.visitor();
    let others = async {
        for _ in 0..20 {
            assert_eq!(
                visitor.get("/site").await.status,
                200,
                "others are served meanwhile"
            );
        }
    };
    tokio::join!(join_all(stuck.into_iter().map(cut)), others);
}

async fn who_reads_slowly_and_steadily_gets_everything(world: World) {
    let mut stream = connect(&world.node(0).url).await;
    stream
        .write_all(b"GET /api/openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let (mut got, mut bytes) = (0, [0; 8 * 1024]);
    loop {
        let read = stream.read(&mut bytes).await.unwrap();
        if read == 0 {
            break;
        }
        got += read;
        sleep(Duration::from_millis(5)).await;
    }
    assert!(got > demarche::http::document().to_string().len());
}

async fn a_message_without_an_end_is_closed_with_1008(world: World) {
    let ask = br#"{"type":"subscribe","ref":"a","framework":"no id","stream":"public"}"#;
    let url = &world.node(0).url;
    // As many empty parts as one likes, and among pings.
    for part in [frame(0, b""), [frame(0, b""), frame(0x89, b"")].concat()] {
        let mut raw = Raw::open(url).await;
        raw.send(&frame(0x81, ask)).await;
        raw.send(&frame(0x01, b"a")).await;
        raw.send(&part.repeat(2_000)).await;
        assert_eq!(raw.closed().await, 1008);
    }
    // A part now and then, a byte now and then, and one that stops.
    let dripped = async |begin: Vec<u8>, drop: Vec<u8>| {
        let mut raw = Raw::open(url).await;
        raw.send(&frame(0x81, ask)).await;
        raw.frame().await.unwrap();
        raw.send(&begin).await;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match timeout(Duration::from_millis(500), raw.closed()).await {
                Ok(code) => return code,
                Err(_) => raw.send(&drop).await,
            }
            assert!(Instant::now() < deadline, "it is let go on for ever");
        }
    };
    let (parts, bytes, nothing, pings) = tokio::join!(
        dripped(frame(0x01, b"a"), frame(0, b"")),
        dripped(vec![0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0], vec![b'a']),
        dripped(vec![0x81], vec![]),
        dripped(frame(0x01, b"a"), frame(0x89, b"")),
    );
    assert_eq!((parts, bytes, nothing, pings), (1008, 1008, 1008, 1008));
}

async fn a_long_resume_comes_whole_and_in_order_while_others_write(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (thread, _) = author.thread(1, "begin").await;
    let begun = world
        .visitor()
        .socket()
        .await
        .follow(world.framework, "public", None)
        .await;
    let (epoch, after) = (
        begun["epoch"].as_str().unwrap().to_owned(),
        begun["seq"].as_i64().unwrap(),
    );
    long_comments(&author, &thread, 120).await;
    // Nobody followed: the ring is empty, and all of it comes from the log, a page at a time.
    let reader = world.visitor().at(world.node(1));
    let mut socket = reader.socket().await;
    let answer = socket
        .follow(world.framework, "public", Some((&epoch, after)))
        .await;
    assert_eq!(answer["mode"], "resumed");
    let mut writer = author.at(world.node(1)).socket().await;
    let newer = async {
        for number in 0..20 {
            let ack = writer
                .command(world.framework, json!({ "type": "post_comment", "thread": thread, "body": number.to_string(), "kind": "remark" }))
                .await;
            assert_eq!(ack["type"], "ack", "{ack}");
        }
    };
    let whole = async {
        for seq in after + 1..=after + 140 {
            assert_eq!(socket.event("public").await["seq"], seq);
        }
    };
    tokio::join!(newer, whole);
    // The same again out of a ring that somebody keeps full.
    let mut second = reader.socket().await;
    second
        .follow(world.framework, "public", Some((&epoch, after + 5)))
        .await;
    for seq in after + 6..=after + 140 {
        assert_eq!(second.event("public").await["seq"], seq);
    }
}

async fn changes_over_http_come_by_pages_that_are_not_too_long(world: World) {
    let author = world.participant("author", "kyiv").await;
    let (thread, _) = author.thread(1, "begin").await;
    long_comments(&author, &thread, 120).await;
    let (mut after, mut pages, mut seqs) = (0, 0, vec![]);
    loop {
        let page = author
            .get(&format!("/frameworks/test/changes?after={after}"))
            .await
            .body;
        let items = page["items"].as_array().unwrap();
        assert!(serde_json::to_string(items).unwrap().len() < 2 * 1024 * 1024);
        seqs.extend(items.iter().map(|event| event["seq"].as_i64().unwrap()));
        (after, pages) = (*seqs.last().unwrap(), pages + 1);
        if page["more"] == false {
            assert_eq!(page["seq"], after);
            break;
        }
    }
    assert!(
        pages > 1 && seqs == (1..=after).collect::<Vec<_>>(),
        "{pages} pages"
    );
}

/// Sockets of one address resume from far back and read nothing.
async fn resumes_cost_little(place: Place, comments: usize) {
    let mut server = Process::start(&place, &[]).await;
    let visitor = Person::new(server.url.clone(), None);
    let made = visitor
        .post(
            "/accounts",
            json!({ "handle": "author", "password": "correct horse" }),
        )
        .await;
    let author = Person {
        token: made.cookie.clone(),
        ..visitor.clone()
    };
    assert_eq!(
        author
            .post(
                "/frameworks/test/membership",
                json!({ "camp": "kyiv", "consent": true })
            )
            .await
            .status,
        200
    );
    let (thread, _) = author.thread(1, "begin").await;
    long_comments(&author, &thread, comments).await;
    // What it took to write them is not what is measured.
    server.kill().await;
    server.restart().await;
    let framework = visitor.get("/frameworks/test").await.body;
    let ask = json!({ "type": "subscribe", "ref": "a", "framework": framework["id"], "stream": "public", "epoch": framework["epoch"], "after": 5 });
    let before = resident(server.id());
    let mut sockets = vec![];
    for _ in 0..60 {
        let mut raw = Raw::open(&server.url).await;
        raw.send(&frame(0x81, ask.to_string().as_bytes())).await;
        sockets.push(raw);
    }
    let most = async {
        let mut most = 0;
        let mut left = true;
        while left {
            most = most.max(resident(server.id()).saturating_sub(before));
            left = open_sockets(&server).await > 0;
            sleep(Duration::from_millis(50)).await;
        }
        most
    };
    let most = timeout(3 * PATIENCE, most)
        .await
        .expect("who never reads is let go");
    println!(
        "60 resumes of {comments} long comments, none of them read: {} MiB more at most",
        most / 1_048_576
    );
    assert!(most <= 40 * 1_048_576, "{most} bytes");
}

/// How many connections the server holds that are established.
async fn open_sockets(server: &Process) -> usize {
    let port = format!(
        ":{:04X}",
        server
            .url
            .rsplit(':')
            .next()
            .unwrap()
            .parse::<u16>()
            .unwrap()
    );
    let table = std::fs::read_to_string(format!("/proc/{}/net/tcp", server.id())).unwrap();
    let ours = |line: &&str| {
        let mut fields = line.split_whitespace();
        fields.nth(1).is_some_and(|local| local.ends_with(&port)) && fields.nth(1) == Some("01")
    };
    table.lines().filter(ours).count()
}

mod resumes_that_nobody_reads_cost_little_memory {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn embedded() {
        resumes_cost_little(Place::embedded().await, 260).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            resumes_cost_little(place, 260).await;
        }
    }
}

mod resumes_over_a_thousand_changes_that_nobody_reads_cost_little_memory {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may: make faults"]
    async fn embedded() {
        resumes_cost_little(Place::embedded().await, 990).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may: make faults"]
    async fn postgres() {
        if let Some(place) = Place::postgres().await {
            resumes_cost_little(place, 990).await;
        }
    }
}
