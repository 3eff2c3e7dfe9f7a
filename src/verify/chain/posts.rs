//! Changes of what people write: comments, threads, cards and their translations.
use serde_json::Value;

use super::{
    Walk,
    digests::{Seen, by, gone, other},
};
use crate::verify::{base::Change, content, tables::Rows};

impl Walk<'_> {
    pub(super) fn comment(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        let row = rows
            .comments
            .get(&change.object)
            .ok_or_else(|| gone("comment", change))?;
        let text = match change.version == row.version {
            true => None,
            false => Some(
                rows.comment_texts
                    .get(&(row.id.clone(), change.version))
                    .ok_or_else(|| gone("text of the comment", change))?,
            ),
        };
        let opens = change.kind == "comment_posted";
        let now = content::comment(row, text, &self.around.moves, fits)
            .ok_or_else(|| other("comment", change))?;
        by(&row.author, change, opens)?;
        self.goes_on(change, opens, now)
    }

    pub(super) fn thread(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        let row = rows
            .threads
            .get(&change.object)
            .ok_or_else(|| gone("thread", change))?;
        let opens = change.kind == "thread_opened";
        let stood = self
            .around
            .moves
            .threads
            .get(&row.id)
            .map_or(&[][..], Vec::as_slice);
        let united = self
            .around
            .moves
            .united
            .get(&row.id)
            .map_or(&[][..], Vec::as_slice);
        let now =
            content::thread(row, stood, united, fits).ok_or_else(|| other("thread", change))?;
        let moderators =
            self.around.moves.opened.contains(&row.id) || self.around.moves.late.contains(&row.id);
        by(&row.author, change, opens && !moderators)?;
        self.goes_on(change, opens, now)
    }

    pub(super) fn card(
        &mut self,
        change: &Change,
        rows: &Rows,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Seen, String> {
        let row = rows
            .cards
            .get(&change.object)
            .ok_or_else(|| gone("card", change))?;
        for one in rows.translations.get(&change.object).into_iter().flatten() {
            if let Some(now) = content::translation(one, &fits) {
                let first = !self.said.last.contains_key(&one.id);
                self.said.take(&one.id, change.seq, one.version, Some(now));
                return by(&one.author, change, first).map(|()| Seen::Made);
            }
        }
        let text = match change.version == row.version {
            true => None,
            false => Some(
                rows.card_texts
                    .get(&(row.id.clone(), change.version))
                    .ok_or_else(|| gone("text of the card", change))?,
            ),
        };
        let opens = change.kind == "concession_proposed";
        let now = content::card(row, text, change.version, fits)
            .ok_or_else(|| other("card or a translation of it", change))?;
        by(&row.author, change, opens)?;
        self.goes_on(change, opens, now)
    }
}
