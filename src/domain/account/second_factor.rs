//! The second factor: time-based one-time passwords (TOTP, RFC 6238) as authenticator apps make
//! them.
use totp_rs::{Builder, Secret, Totp};

use crate::domain::{Millis, text::is_invisible};

/// How long a code shows in the app, in seconds.
pub const STEP: i64 = 30;
/// How many steps a code may lie before or after the present one: phones' clocks are off by some
/// seconds, and typing takes some.
pub const SKEW: u16 = 1;

/// The shared key in base32, as apps take it.
#[must_use]
pub fn secret(random: [u8; 20]) -> String {
    Secret::new_stack(random).to_base32()
}

/// What an app does: SHA-1, six digits, 30 seconds, the only choices all apps understand. `None`
/// for a key that is not base32.
fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new()
        .with_secret(secret)
        .with_skew(SKEW)
        .build()
        .ok()
}

/// The step of 30 seconds since 1970 whose code this is, if that is the present one or a neighbour;
/// spaces, dashes and what nobody sees in a code are passed over.
#[must_use]
pub fn step_of(secret: &str, code: &str, now: Millis) -> Option<i64> {
    let code: String = code
        .chars()
        .filter(|c| !(c.is_whitespace() || is_invisible(*c) || "-‐‑‒–—−".contains(*c)))
        .collect();
    let step = totp(secret)?.check(&code, u64::try_from(now / 1_000).ok()?)?;
    i64::try_from(step).ok()
}

/// The address that apps read from a QR code: `otpauth://totp/issuer:handle?secret=…&issuer=…`.
#[must_use]
pub fn uri(secret: &str, issuer: &str, handle: &str) -> Option<String> {
    // A colon parts the issuer from the name, so neither may hold one.
    let issuer = issuer.replace(':', " ");
    let builder = Builder::new()
        .with_secret(Secret::try_from_base32(secret).ok()?)
        .with_account_name(handle)
        .with_issuer(Some(issuer));
    builder.build().ok()?.to_url().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B: the ASCII digits 1 to 0, twice.
    fn key() -> String {
        secret(*b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        // The RFC's codes have eight digits; six are their last six.
        let table: [(i64, &str); 6] = [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ];
        for (seconds, code) in table {
            assert_eq!(
                step_of(&key(), &code[2..], seconds * 1_000),
                Some(seconds / STEP),
                "{code} at {seconds}"
            );
        }
    }

    #[test]
    fn a_code_fits_its_own_step_and_both_neighbours_alone() {
        let at = |steps: i64| step_of(&key(), "005924", (1_234_567_890 + steps * STEP) * 1_000);
        let fits: Vec<_> = (-3..=3).map(|steps| at(steps).is_some()).collect();
        assert_eq!(fits, [false, false, true, true, true, false, false]);
        // Whenever it is used, a code is of the step that made it: it can be remembered as used.
        assert_eq!((at(-1), at(1)), (at(0), at(0)));
    }

    #[test]
    fn a_code_is_six_digits_however_they_are_spaced() {
        let read = |code: &str| step_of(&key(), code, 1_234_567_890_000);
        for right in [" 005 924\n", "005-924", "005\u{a0}–\u{200b}924"] {
            assert_eq!(read(right), Some(41_152_263), "{right:?}");
        }
        for wrong in [
            "",
            "5924",
            "+05924",
            "0059240",
            "89005924",
            "００５９２４",
            "005925",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(step_of("not base32!", "005924", 0), None);
        assert_eq!(step_of(&key(), "005924", -1_000), None);
    }

    #[test]
    fn the_address_names_the_site_and_the_account() {
        let address = uri(&key(), "Desk: five", "олена").unwrap();
        let (secret, name) = (
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            "%D0%BE%D0%BB%D0%B5%D0%BD%D0%B0",
        );
        assert_eq!(
            address,
            format!("otpauth://totp/Desk%20%20five:{name}?secret={secret}&issuer=Desk%20%20five")
        );
    }
}
