//! How a word may be read whose digits and letters of another script stand for letters.
use crate::domain::fold::scripts::{alike, is_cyrillic};

/// The longest word that is looked at in full; no word of the rules is as long.
const LONGEST: usize = 40;

/// How a word may be read: as it stands, or, where digits or scripts are mixed, folded towards each
/// script in it.
pub(super) fn readings(letters: &[char]) -> Vec<String> {
    let letters = &letters[..letters.len().min(LONGEST)];
    let alphabetic = letters.iter().filter(|c| c.is_alphabetic()).count();
    let latin = letters.iter().filter(|c| c.is_ascii_alphabetic()).count();
    let cyrillic = letters.iter().filter(|c| is_cyrillic(**c)).count();
    let plain = alphabetic == letters.len() && (latin == alphabetic || cyrillic == alphabetic);
    if plain || alphabetic * 2 < letters.len() {
        return vec![letters.iter().collect()];
    }
    let mut readings: Vec<String> = vec![];
    // The script of most of its letters first; both, since a short word may be half and half.
    for towards_latin in [latin >= cyrillic, latin < cyrillic] {
        for second in [false, true] {
            let reading: String = letters
                .iter()
                .map(|c| towards(*c, towards_latin, second))
                .collect();
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
    }
    readings
}

/// A letter, digit or sign as the letter it stands for in one script; `second` takes the other
/// usual meaning of a digit.
fn towards(c: char, latin: bool, second: bool) -> char {
    match (c, latin, second) {
        ('0', true, _) => return 'o',
        ('0', false, _) => return 'о',
        ('1', true, false) => return 'i',
        ('1', true, true) => return 'l',
        ('1', false, _) => return 'і',
        ('3', true, _) => return 'e',
        ('3', false, false) => return 'е',
        ('3', false, true) => return 'з',
        ('4' | '@', true, _) => return 'a',
        ('4', false, true) => return 'ч',
        ('4' | '@', false, _) => return 'а',
        ('5' | '$', true, _) => return 's',
        ('5' | '$', false, _) => return 'с',
        ('6', false, _) => return 'б',
        ('7', true, _) => return 't',
        _ => {}
    }
    alike(c, latin).unwrap_or(c)
}
