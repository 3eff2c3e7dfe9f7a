//! What a new comment must know of the thread it goes into, and of the comment above it.
use std::collections::HashMap;

use sqlx::FromRow;

use crate::{
    domain::{
        framework::FrameworkId,
        thread::{CommentId, ThreadId, ThreadState},
    },
    store::{
        db::{Reader, Result},
        words::{Word, small},
    },
};

/// What a comment must know of its thread.
#[derive(Clone, Copy, Debug)]
pub struct ThreadPlace {
    /// Where the thread stands.
    pub framework: FrameworkId,
    /// On which point.
    pub point: Option<u32>,
    /// Whether it takes comments.
    pub state: ThreadState,
    /// Whether it was united with another.
    pub united: bool,
}

/// What a reply must know of the comment above it.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct ParentPlace {
    /// Its thread.
    pub thread: ThreadId,
    /// How deep it nests, from 0.
    pub depth: i64,
}

impl Reader {
    /// Where these threads stand and whether they take comments.
    pub async fn thread_places(
        &mut self,
        ids: &[ThreadId],
    ) -> Result<HashMap<ThreadId, ThreadPlace>> {
        type Row = (
            ThreadId,
            FrameworkId,
            Option<i64>,
            Word<ThreadState>,
            Option<ThreadId>,
        );
        let rows: Vec<Row> = self
            .rows_in(
                "SELECT id, framework, point, state, merged_into FROM thread WHERE id",
                ids,
            )
            .await?;
        let place = |(id, framework, point, state, merged): Row| {
            let state = state.known()?;
            let united = merged.is_some() && state == ThreadState::Hidden;
            Some((
                id,
                ThreadPlace {
                    framework,
                    point: point.map(small),
                    state,
                    united,
                },
            ))
        };
        Ok(rows.into_iter().filter_map(place).collect())
    }

    /// Where these comments stand.
    pub async fn parent_places(
        &mut self,
        ids: &[CommentId],
    ) -> Result<HashMap<CommentId, ParentPlace>> {
        let rows: Vec<(CommentId, ThreadId, i64)> = self
            .rows_in("SELECT id, thread, depth FROM comment WHERE id", ids)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, thread, depth)| (id, ParentPlace { thread, depth }))
            .collect())
    }
}
