//! The heads of a client's frames (RFC 6455 section 5.2), and nothing else of them.

/// Where in the frames of a client one is.
#[derive(Default)]
pub struct Frames {
    head: [u8; 14],
    /// How much of the head is there.
    have: usize,
    /// How much of the payload is to come.
    payload: u64,
    /// Frames of a message whose last has not come.
    pub parts: u32,
}

impl Frames {
    /// Passes over bytes; whether a message ended in them.
    pub fn pass(&mut self, mut bytes: &[u8]) -> bool {
        let mut ended = false;
        while let Some((first, rest)) = bytes.split_first() {
            if self.payload > 0 {
                let skipped = usize::try_from(self.payload)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len());
                self.payload -= skipped as u64;
                bytes = &bytes[skipped..];
            } else {
                self.head[self.have] = *first;
                self.have += 1;
                bytes = rest;
                self.begin();
            }
            ended |= !self.unfinished();
        }
        ended
    }

    /// Begins the payload, where the head is whole.
    fn begin(&mut self) {
        let [first, second, rest @ ..] = self.head;
        let (extended, masked) = (second & 0x7f, usize::from(second >> 7) * 4);
        let length = match extended {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if self.have < 2 || self.have < 2 + length + masked {
            return;
        }
        let said = rest[..length]
            .iter()
            .fold(0, |length, byte| length << 8 | u64::from(*byte));
        self.payload = if length == 0 {
            u64::from(extended)
        } else {
            said
        };
        self.have = 0;
        // A control frame may stand between the parts of a message.
        if first & 0x08 == 0 {
            self.parts = if first & 0x80 == 0 { self.parts + 1 } else { 0 };
        }
    }

    pub fn unfinished(&self) -> bool {
        self.have > 0 || self.payload > 0 || self.parts > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether something is unfinished after these bytes, and in how many parts, however they are
    /// cut.
    fn after(bytes: &[u8]) -> (bool, u32) {
        let mut whole = Frames::default();
        whole.pass(bytes);
        let mut single = Frames::default();
        bytes.iter().for_each(|byte| {
            single.pass(&[*byte]);
        });
        assert_eq!(
            (whole.unfinished(), whole.parts, whole.payload),
            (single.unfinished(), single.parts, single.payload)
        );
        (whole.unfinished(), whole.parts)
    }

    #[test]
    fn heads_are_read_for_every_length_and_wherever_they_are_cut() {
        let frame = |first: u8, length: usize| {
            let mut bytes = match length {
                0..126 => vec![first, 0x80 | u8::try_from(length).unwrap()],
                126..65_536 => [
                    vec![first, 0x80 | 126],
                    u16::try_from(length).unwrap().to_be_bytes().to_vec(),
                ]
                .concat(),
                _ => [
                    vec![first, 0x80 | 127],
                    (length as u64).to_be_bytes().to_vec(),
                ]
                .concat(),
            };
            bytes.extend(vec![0x81; 4 + length]);
            bytes
        };
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            assert_eq!(after(&frame(0x81, length)), (false, 0), "{length}");
            let cut = frame(0x81, length);
            assert!(after(&cut[..cut.len() - 1]).0, "{length}");
            // A message in three parts with a ping among them.
            let three = [frame(0x01, length), frame(0x89, 5), frame(0x00, length)].concat();
            assert_eq!(after(&three), (true, 2), "{length}");
            assert_eq!(
                after(&[three, frame(0x80, length)].concat()),
                (false, 0),
                "{length}"
            );
        }
    }

    #[test]
    fn a_busy_client_has_ended_a_message_though_something_is_always_unfinished() {
        let mut frames = Frames::default();
        for _ in 0..3 {
            // Each lot ends one message and begins the next.
            frames.pass(&[0x81]);
            assert!(frames.pass(&[0x80, 0, 0, 0, 0, 0x81]) && frames.unfinished());
            assert!(
                !frames.pass(&[0x82, 0, 0, 0, 0, b'a']),
                "half a message has ended nothing"
            );
            assert!(frames.pass(b"b") && !frames.unfinished());
        }
        // An empty part of a message ends nothing either.
        assert!(!frames.pass(&[0x01, 0x80, 0, 0, 0, 0, 0x00, 0x80, 0, 0, 0, 0]));
    }
}
