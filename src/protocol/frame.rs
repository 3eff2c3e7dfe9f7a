//! Text frames of RFC 6455 as they stand on the wire. A server's frames are not masked (section
//! 5.1), so the same bytes go to every client: they are made once and shared.
use serde::Serialize;
use tokio_tungstenite::tungstenite::Bytes;

/// A whole text frame: head and payload.
pub type Frame = Bytes;

/// The longest head of a frame that is not masked: two bytes and a length of eight.
const HEAD: usize = 10;
/// FIN and the opcode of text.
const TEXT: u8 = 0x81;

/// The text frame that carries `message` as JSON.
///
/// # Panics
/// Where `message` is not JSON, which no message of ours is.
#[must_use]
pub fn encode(message: &impl Serialize) -> Frame {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(&[0; HEAD]);
    serde_json::to_writer(&mut bytes, message).expect("a message is JSON");
    // The head has one of three lengths (section 5.2) and stands directly before the payload.
    let length = bytes.len() - HEAD;
    let start = match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => {
            bytes[8..HEAD].copy_from_slice(&[TEXT, short]);
            8
        }
        (_, Ok(middle)) => {
            bytes[6..8].copy_from_slice(&[TEXT, 126]);
            bytes[8..HEAD].copy_from_slice(&middle.to_be_bytes());
            6
        }
        _ => {
            bytes[..2].copy_from_slice(&[TEXT, 127]);
            bytes[2..HEAD].copy_from_slice(&(length as u64).to_be_bytes());
            0
        }
    };
    Bytes::from(bytes).slice(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_head_its_length_asks_for() {
        // With its quotes each payload is two bytes longer.
        for (letters, head) in [
            (123, vec![TEXT, 125]),
            (124, vec![TEXT, 126, 0, 126]),
            (65_533, vec![TEXT, 126, 0xff, 0xff]),
            (65_534, vec![TEXT, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let frame = encode(&"a".repeat(letters));
            assert_eq!(
                (&frame[..head.len()], frame.len()),
                (&head[..], head.len() + letters + 2),
                "{letters}"
            );
            assert_eq!(&frame[head.len()..head.len() + 2], b"\"a");
        }
    }
}
