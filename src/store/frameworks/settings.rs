//! What is set for a framework: its pause, its readers, its epoch, its pace.
use crate::{
    domain::{framework::FrameworkId, pace::Pace},
    store::{
        db::{Result, Tx},
        values::row,
        words::Doc,
    },
};

impl Tx {
    /// Pauses or resumes posting in one framework.
    pub async fn set_paused(&mut self, framework: FrameworkId, paused: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET paused = $2 WHERE id = $1";
        self.run(SQL, row![framework, paused]).await
    }

    /// Says whether anyone may read a framework.
    pub async fn set_public(&mut self, framework: FrameworkId, public: bool) -> Result<()> {
        const SQL: &str = "UPDATE framework SET public = $2 WHERE id = $1";
        self.run(SQL, row![framework, public]).await
    }

    /// Rotates a framework's epoch: positions in its streams that clients hold are void.
    pub async fn set_epoch(&mut self, framework: FrameworkId, epoch: &str) -> Result<()> {
        const SQL: &str = "UPDATE framework SET epoch = $2 WHERE id = $1";
        self.run(SQL, row![framework, epoch]).await
    }

    /// Keeps a framework's settings.
    pub async fn set_pace(&mut self, framework: FrameworkId, pace: &Pace) -> Result<()> {
        const SQL: &str = "UPDATE framework SET pace = $2 WHERE id = $1";
        self.run(SQL, row![framework, Doc::Known(pace)]).await
    }
}
