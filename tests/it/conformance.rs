//! RFC 6455 by raw bytes: what a server must refuse, with which code, and what it must take; and
//! the protocol's own codes.
use serde_json::json;

use crate::harness::{
    World, both,
    raw::{Raw, frame, handshake},
};

/// What must come of a case.
#[derive(Clone, Debug)]
enum Then {
    /// The connection closes with this code; 0 is a close frame without one.
    Closes(u16),
    /// The text was taken: this many answers come, in frames of their own.
    Answers(usize),
    /// A pong with this payload, before any answer.
    Pong(Vec<u8>),
}
use Then::{Answers, Closes, Pong};

const FIN: u8 = 0x80;
const CONTINUE: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = FIN | 8;
const PING: u8 = FIN | 9;
const PONG: u8 = FIN | 10;

/// A text that is answered by a `nack`.
const ASKS: &[u8] = br#"{"type":"subscribe","ref":"\u00e9","framework":"no id","stream":"public","extra":"\u00e9"}"#;

fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    frame(CLOSE, &[&code.to_be_bytes(), reason].concat())
}

/// One message in as many frames as there are parts.
fn fragments(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let last = parts.len() - 1;
    let one = |(place, part): (usize, &&[u8])| {
        frame(
            if place == 0 { kind } else { CONTINUE } | if place == last { FIN } else { 0 },
            part,
        )
    };
    parts.iter().enumerate().flat_map(one).collect()
}

/// A frame without a mask, or with a length that is not the shortest.
fn bare(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first, u8::try_from(payload.len()).unwrap()], payload].concat()
}

fn framing() -> Vec<(&'static str, Vec<u8>, Then)> {
    let mut cases = vec![
        ("an unmasked text", bare(FIN | TEXT, b"{}"), Closes(1002)),
        ("an unmasked ping", bare(PING, b""), Closes(1002)),
        ("an unmasked close", bare(CLOSE, &[3, 232]), Closes(1002)),
        (
            "reserved bit 1",
            frame(FIN | 0x40 | TEXT, ASKS),
            Closes(1002),
        ),
        (
            "reserved bit 2",
            frame(FIN | 0x20 | TEXT, ASKS),
            Closes(1002),
        ),
        (
            "reserved bit 3",
            frame(FIN | 0x10 | TEXT, ASKS),
            Closes(1002),
        ),
        (
            "a reserved bit on a ping",
            frame(PING | 0x40, b""),
            Closes(1002),
        ),
        ("a fragmented ping", frame(9, b"a"), Closes(1002)),
        ("a fragmented pong", frame(10, b"a"), Closes(1002)),
        ("a fragmented close", frame(8, &[3, 232]), Closes(1002)),
        (
            "a ping of 126 bytes",
            frame(PING, &[b'a'; 126]),
            Closes(1002),
        ),
        (
            "a pong of 126 bytes",
            frame(PONG, &[b'a'; 126]),
            Closes(1002),
        ),
        (
            "a close of 126 bytes",
            close(1000, &[b'a'; 124]),
            Closes(1002),
        ),
        ("a continuation of nothing", frame(FIN, ASKS), Closes(1002)),
        (
            "an open continuation of nothing",
            frame(CONTINUE, b"a"),
            Closes(1002),
        ),
        (
            "a continuation after the end",
            [fragments(TEXT, &[ASKS, b""]), frame(FIN, b"")].concat(),
            Closes(1002),
        ),
        (
            "a text inside a text",
            [frame(TEXT, b"{"), frame(FIN | TEXT, ASKS)].concat(),
            Closes(1002),
        ),
        (
            "a binary inside a text",
            [frame(TEXT, b"{"), frame(FIN | BINARY, b"a")].concat(),
            Closes(1002),
        ),
        ("a binary", frame(FIN | BINARY, ASKS), Closes(1003)),
        ("an empty binary", frame(FIN | BINARY, b""), Closes(1003)),
        (
            "a binary in fragments",
            fragments(BINARY, &[b"a", b"b"]),
            Closes(1003),
        ),
    ];
    for opcode in [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] {
        cases.push(("a reserved opcode", frame(FIN | opcode, b""), Closes(1002)));
    }
    cases
}

fn text_and_sizes() -> Vec<(&'static str, Vec<u8>, Then)> {
    let spaces = |count: usize| vec![b' '; count];
    let padded = |count: usize| [ASKS, &spaces(count - ASKS.len())].concat();
    vec![
        (
            "text that is not UTF-8",
            frame(FIN | TEXT, b"{\"a\":\"\xff\"}"),
            Closes(1007),
        ),
        (
            "an overlong slash",
            frame(FIN | TEXT, b"\xc0\xaf"),
            Closes(1007),
        ),
        (
            "a surrogate",
            frame(FIN | TEXT, b"\xed\xa0\x80"),
            Closes(1007),
        ),
        (
            "beyond U+10FFFF",
            frame(FIN | TEXT, b"\xf4\x90\x80\x80"),
            Closes(1007),
        ),
        (
            "a letter that never ends",
            frame(FIN | TEXT, b"\xd0"),
            Closes(1007),
        ),
        (
            "a letter broken by the next fragment",
            fragments(TEXT, &[b"\xd0", b"a"]),
            Closes(1007),
        ),
        (
            "a letter that the last fragment does not end",
            fragments(TEXT, &[b"a", b"\xd0"]),
            Closes(1007),
        ),
        (
            "bad text before the message ends",
            frame(TEXT, b"\xff"),
            Closes(1007),
        ),
        (
            "a close reason that is not UTF-8",
            close(1000, b"\xff"),
            Closes(1007),
        ),
        (
            "a frame of 64 KiB",
            frame(FIN | TEXT, &padded(65_536)),
            Answers(1),
        ),
        (
            "a frame of 64 KiB and a byte",
            frame(FIN | TEXT, &padded(65_537)),
            Closes(1009),
        ),
        (
            "a frame of 1 MiB, all of it sent",
            frame(FIN | TEXT, &spaces(1 << 20)),
            Closes(1009),
        ),
        (
            "a head that announces 2^62 bytes",
            [
                &[FIN | TEXT, 0xff],
                &(1_u64 << 62).to_be_bytes()[..],
                &[1, 2, 3, 4],
            ]
            .concat(),
            Closes(1009),
        ),
        (
            "a head that announces 2^64 - 1 bytes",
            [&[FIN | TEXT, 0xff][..], &[0xff; 8], &[1, 2, 3, 4]].concat(),
            Closes(1009),
        ),
        (
            "fragments above 64 KiB",
            fragments(TEXT, &[&spaces(40_000), &spaces(40_000)]),
            Closes(1009),
        ),
        (
            "fragments of 64 KiB",
            fragments(TEXT, &[&padded(40_000), &spaces(25_536)]),
            Answers(1),
        ),
        (
            "text byte by byte",
            fragments(
                TEXT,
                &"{\"type\":\"no_such\"}й"
                    .as_bytes()
                    .chunks(1)
                    .collect::<Vec<_>>(),
            ),
            Closes(1002),
        ),
        (
            "a text in many fragments",
            fragments(TEXT, &ASKS.chunks(1).collect::<Vec<_>>()),
            Answers(1),
        ),
        (
            "empty fragments around a text",
            fragments(TEXT, &[b"", b"", ASKS, b"", b""]),
            Answers(1),
        ),
        (
            "two texts at once",
            [frame(FIN | TEXT, ASKS), frame(FIN | TEXT, ASKS)].concat(),
            Answers(2),
        ),
        ("an empty text", frame(FIN | TEXT, b""), Closes(1002)),
        ("what is no object", frame(FIN | TEXT, b"[]"), Closes(1002)),
        (
            "an unknown type",
            frame(FIN | TEXT, br#"{"type":"no_such"}"#),
            Closes(1002),
        ),
    ]
}

fn control() -> Vec<(&'static str, Vec<u8>, Then)> {
    let mut cases = vec![
        ("a ping", frame(PING, b"hello"), Pong(b"hello".to_vec())),
        ("an empty ping", frame(PING, b""), Pong(vec![])),
        (
            "a ping of 125 bytes that are no text",
            frame(PING, &[0xff; 125]),
            Pong(vec![0xff; 125]),
        ),
        (
            "a ping between fragments",
            [
                frame(TEXT, &ASKS[..9]),
                frame(PING, b"between"),
                frame(FIN, &ASKS[9..]),
            ]
            .concat(),
            Pong(b"between".to_vec()),
        ),
        (
            "a pong that nobody asked for, and a text",
            [frame(PONG, b"so"), frame(FIN | TEXT, ASKS)].concat(),
            Answers(1),
        ),
        (
            "a pong between fragments",
            [
                frame(TEXT, &ASKS[..9]),
                frame(PONG, b""),
                frame(FIN, &ASKS[9..]),
            ]
            .concat(),
            Answers(1),
        ),
        ("a close without a code", frame(CLOSE, b""), Closes(0)),
        ("a close of one byte", frame(CLOSE, &[3]), Closes(1002)),
        (
            "a close with a reason",
            close(1001, "до побачення".as_bytes()),
            Closes(1001),
        ),
        (
            "a close with the longest reason",
            close(1000, &[b'a'; 123]),
            Closes(1000),
        ),
        (
            "a text and then a close",
            [frame(FIN | TEXT, ASKS), close(1000, b"")].concat(),
            Closes(1000),
        ),
        (
            "a close between fragments",
            [frame(TEXT, b"{"), close(1000, b"")].concat(),
            Closes(1000),
        ),
        (
            "what follows a close",
            [
                close(1000, b""),
                frame(FIN | TEXT, ASKS),
                frame(FIN | TEXT, &[b' '; 60_000]),
            ]
            .concat(),
            Closes(1000),
        ),
        (
            "two closes",
            [close(1000, b""), close(1001, b"")].concat(),
            Closes(1000),
        ),
    ];
    for code in [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999,
    ] {
        cases.push((
            "a close code that may be sent",
            close(code, b""),
            Closes(code),
        ));
    }
    for code in [
        0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535,
    ] {
        cases.push((
            "a close code that may not be sent",
            close(code, b"so"),
            Closes(1002),
        ));
    }
    cases
}

/// Skips what the server says of its own accord.
async fn next(raw: &mut Raw) -> (u8, Vec<u8>) {
    raw.frame().await.expect("a frame before the end")
}

/// How what came of a case is not what must come of it.
async fn misses(raw: &mut Raw, name: &str, then: &Then) -> Option<String> {
    match then {
        Closes(code) => {
            let closed = raw.closed().await;
            (closed != *code).then(|| format!("{name}: closed with {closed} instead of {code}"))
        }
        Pong(payload) => {
            let (first, bytes) = next(raw).await;
            ((first, &bytes) != (PONG, payload))
                .then(|| format!("{name}: {first:#x} {bytes:?} instead of a pong"))
        }
        Answers(count) => {
            for _ in 0..*count {
                let (first, text) = next(raw).await;
                let frame: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
                if (first, &frame["type"], &frame["ref"])
                    != (FIN | TEXT, &json!("nack"), &json!("é"))
                {
                    return Some(format!("{name}: {first:#x} {frame}"));
                }
            }
            None
        }
    }
}

both! {
    every_frame_of_the_case_list_is_taken_or_refused_with_its_code,
    a_library_that_takes_any_size_is_caught("--test-mutant", "default_sizes"),
    frames_may_come_in_any_pieces,
    a_handshake_that_is_not_ours_is_refused_before_the_upgrade,
    a_good_handshake_is_answered_as_the_standard_says,
    a_flood_of_frames_closes_with_1008("--budgets", "on"),
    whoever_says_nothing_is_shown_out,
    whoever_never_reads_is_closed_with_4008,
}

async fn every_frame_of_the_case_list_is_taken_or_refused_with_its_code(world: World) {
    for (name, bytes, then) in [framing(), text_and_sizes(), control()].concat() {
        println!("{name}: {then:?}");
        let mut raw = Raw::open(&world.node(0).url).await;
        raw.send(&bytes).await;
        assert_eq!(misses(&mut raw, name, &then).await, None);
        if !matches!(then, Closes(_)) {
            // The socket stays, and closes as it is told.
            raw.send(&frame(FIN | TEXT, ASKS)).await;
            raw.send(&close(1000, b"")).await;
            assert_eq!(raw.closed().await, 1000, "{name}");
        }
    }
}

async fn a_library_that_takes_any_size_is_caught(world: World) {
    let mut caught = vec![];
    for (name, bytes, then) in text_and_sizes()
        .into_iter()
        .filter(|(.., then)| matches!(then, Closes(1009) | Answers(_)))
    {
        let mut raw = Raw::open(&world.node(0).url).await;
        // What was taken by mistake is followed by an end: no case waits for a close that does not
        // come.
        let end = if matches!(then, Closes(_)) {
            close(1000, b"")
        } else {
            vec![]
        };
        raw.send(&[bytes, end].concat()).await;
        caught.extend(misses(&mut raw, name, &then).await.map(|_| name));
    }
    // What is announced beyond all measure is refused by default too.
    assert_eq!(
        caught,
        [
            "a frame of 64 KiB and a byte",
            "a frame of 1 MiB, all of it sent",
            "fragments above 64 KiB"
        ]
    );
}

async fn frames_may_come_in_any_pieces(world: World) {
    let mut raw = Raw::open(&world.node(0).url).await;
    for byte in frame(PING, b"slowly") {
        raw.send(&[byte]).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(next(&mut raw).await, (PONG, b"slowly".to_vec()));
}

async fn a_handshake_that_is_not_ours_is_refused_before_the_upgrade(world: World) {
    let url = world.node(0).url.clone();
    let host = url.trim_start_matches("http://");
    let long = "a".repeat(9_000);
    let cookie = Some("demarche=anything");
    for (name, changed, status) in [
        ("no protocol", vec![("Sec-WebSocket-Protocol", None)], 426),
        (
            "another protocol",
            vec![("Sec-WebSocket-Protocol", Some("chat, demarche.v2"))],
            426,
        ),
        ("no upgrade", vec![("Upgrade", None)], 426),
        ("another upgrade", vec![("Upgrade", Some("h2c"))], 426),
        (
            "no connection",
            vec![("Connection", Some("keep-alive"))],
            426,
        ),
        ("no version", vec![("Sec-WebSocket-Version", None)], 426),
        (
            "an old version",
            vec![("Sec-WebSocket-Version", Some("8"))],
            426,
        ),
        ("no key", vec![("Sec-WebSocket-Key", None)], 400),
        (
            "a short key",
            vec![("Sec-WebSocket-Key", Some("c2hvcnQ="))],
            400,
        ),
        (
            "a key that is not base64",
            vec![("Sec-WebSocket-Key", Some("!!!!IHNhbXBsZSBub25jZQ=="))],
            400,
        ),
        (
            "a key of 18 bytes",
            vec![("Sec-WebSocket-Key", Some("dGhlIHNhbXBsZSBub25jZSEh"))],
            400,
        ),
        ("a cookie without an origin", vec![("Cookie", cookie)], 403),
        (
            "a cookie with a foreign origin",
            vec![
                ("Cookie", cookie),
                ("Origin", Some("http://elsewhere.example")),
            ],
            403,
        ),
        (
            "a cookie with no place as origin",
            vec![("Cookie", cookie), ("Origin", Some("null"))],
            403,
        ),
        (
            "an origin that begins like ours",
            vec![
                ("Cookie", cookie),
                ("Origin", Some(&format!("{url}.example"))),
            ],
            403,
        ),
        (
            "a foreign origin",
            vec![("Origin", Some("http://elsewhere.example"))],
            403,
        ),
        (
            "a token that nobody has",
            vec![("Authorization", Some("Bearer nothing"))],
            401,
        ),
        ("too long a head", vec![("X-Long", Some(&long))], 431),
    ] {
        let (head, _) = Raw::request(&url, &handshake(host, &changed)).await;
        assert_eq!(head.status, status, "{name}: {}", head.text);
        if status == 426 {
            assert_eq!(
                (head.header("sec-websocket-version"), head.header("upgrade")),
                (Some("13"), Some("websocket")),
                "{name}"
            );
        }
    }
    for (method, status) in [("POST", 405), ("HEAD", 405), ("PUT", 405)] {
        let (head, _) = Raw::request(&url, &handshake(host, &[]).replacen("GET", method, 1)).await;
        assert_eq!(head.status, status, "{method}: {}", head.text);
    }
    let (head, _) = Raw::request(
        &url,
        &handshake(host, &[]).replacen("HTTP/1.1", "HTTP/1.0", 1),
    )
    .await;
    assert_ne!(head.status, 101, "HTTP/1.0 has no upgrade");
}

async fn a_good_handshake_is_answered_as_the_standard_says(world: World) {
    let url = world.node(0).url.clone();
    let host = url.trim_start_matches("http://");
    let port = url.rsplit(':').next().unwrap();
    for changed in [
        vec![],
        vec![("Origin", Some(url.clone()))],
        vec![
            ("Origin", Some(format!("http://localhost:{port}"))),
            ("Cookie", Some("demarche=ended".into())),
        ],
        vec![
            ("Connection", Some("keep-alive, Upgrade".into())),
            ("Upgrade", Some("WebSocket".into())),
        ],
        vec![("Sec-WebSocket-Protocol", Some("chat, demarche.v1".into()))],
        vec![(
            "Sec-WebSocket-Extensions",
            Some("permessage-deflate; client_max_window_bits".into()),
        )],
    ] {
        let changed: Vec<(&str, Option<&str>)> = changed
            .iter()
            .map(|(name, value)| (*name, value.as_deref()))
            .collect();
        let (head, mut raw) = Raw::request(&url, &handshake(host, &changed)).await;
        assert_eq!(head.status, 101, "{changed:?}: {}", head.text);
        assert_eq!(
            head.header("sec-websocket-accept"),
            Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        );
        assert_eq!(head.header("sec-websocket-protocol"), Some("demarche.v1"));
        assert_eq!(
            head.header("sec-websocket-extensions"),
            None,
            "nothing is compressed"
        );
        assert!(next(&mut raw).await.1.starts_with(br#"{"type":"hello""#));
    }
}

async fn a_flood_of_frames_closes_with_1008(world: World) {
    for some in [frame(PING, b""), frame(PONG, b""), frame(FIN | TEXT, ASKS)] {
        let mut raw = Raw::open(&world.node(0).url).await;
        raw.send(&some.repeat(2_500)).await;
        assert_eq!(raw.closed().await, 1008);
    }
}

async fn whoever_says_nothing_is_shown_out(world: World) {
    let mut raw = Raw::open(&world.node(0).url).await;
    // A ping is no frame of the protocol.
    raw.send(&frame(PING, b"")).await;
    assert_eq!(raw.closed().await, 4008);
}

async fn whoever_never_reads_is_closed_with_4008(world: World) {
    let mut raw = Raw::open(&world.node(0).url).await;
    let follow = json!({ "type": "subscribe", "ref": "a", "framework": world.framework.to_string(), "stream": "public" });
    // Snapshots that nobody reads fill every buffer between the two ends.
    let asks = frame(FIN | TEXT, follow.to_string().as_bytes()).repeat(1_000);
    let node = world.node(0).services.node();
    for _ in 0..40 {
        let sent = tokio::time::timeout(std::time::Duration::from_secs(1), raw.send(&asks)).await;
        if sent.is_err() {
            break;
        }
    }
    world
        .eventually("the server gives the socket up", async || {
            node.presence.count() == 0
        })
        .await;
    assert_eq!(raw.closed().await, 4008);
}
