//! Parts of lists, which go on from place to place.
use super::{
    ask::{Found, Values},
    db::{Reader, Result},
};

/// A part of a list that goes on from place to place. Rows that this version cannot read are not in
/// it, and end nothing: it reads on until it is full or there are no more.
struct Part<T> {
    /// What was read so far, in order.
    things: Vec<T>,
    limit: usize,
}

impl<T> Part<T> {
    /// At most `limit` things, to be read by so many rows at a time.
    fn of(limit: i64) -> Self {
        Self {
            things: vec![],
            limit: usize::try_from(limit).unwrap_or_default(),
        }
    }

    /// Takes the next rows; where to read on from, if the part is not full and there may be more.
    fn take<R, P>(&mut self, rows: Vec<R>, place: impl Fn(&R) -> P) -> Option<P>
    where
        Option<T>: From<R>,
    {
        let on = rows.last().filter(|_| rows.len() >= self.limit).map(place);
        self.things
            .extend(rows.into_iter().filter_map(Option::<T>::from));
        self.things.truncate(self.limit);
        on.filter(|_| self.things.len() < self.limit)
    }
}

impl Reader {
    /// At most `limit` things of a list behind a place: `values` are those of the query for the
    /// rows behind one, `place` is that of a row.
    pub(super) async fn part<R, T, P, V>(
        &mut self,
        text: &'static str,
        limit: i64,
        mut behind: P,
        values: impl Fn(&P) -> V,
        place: impl Fn(&R) -> P,
    ) -> Result<Vec<T>>
    where
        R: Found,
        V: Values,
        Option<T>: From<R>,
    {
        let mut part = Part::of(limit);
        loop {
            let rows: Vec<R> = self.all(text, values(&behind)).await?;
            match part.take(rows, &place) {
                Some(on) => behind = on,
                None => return Ok(part.things),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_shortens_no_part_of_a_list() {
        struct Row(i64);
        impl From<Row> for Option<i64> {
            fn from(row: Row) -> Self {
                Some(row.0).filter(|number| number % 3 == 0)
            }
        }
        let all = |after: i64| (after + 1..=10).map(Row).take(4).collect::<Vec<_>>();
        let (mut part, mut after, mut reads) = (Part::of(4), 0, 0);
        while let Some(on) = part.take(all(after), |row| row.0) {
            (after, reads) = (on, reads + 1);
        }
        assert_eq!((part.things, reads), (vec![3, 6, 9], 2));
        let mut full = Part::<i64>::of(2);
        assert_eq!(
            full.take(vec![Row(3), Row(6)], |row| row.0),
            None,
            "a full part asks no more"
        );
        assert_eq!(full.things, [3, 6]);
    }
}
