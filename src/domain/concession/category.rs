//! The fields concessions fall into; none of them is territory.
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The fields concessions fall into; none of them is territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub enum Category {
    /// Guarantees, triggers, ratification.
    #[serde(rename = "SEC-GUA")]
    SecGua,
    /// Force size, arms.
    #[serde(rename = "SEC-FOR")]
    SecFor,
    /// Ceasefire, monitoring.
    #[serde(rename = "SEC-MON")]
    SecMon,
    /// Non-aggression in law.
    #[serde(rename = "SEC-NAG")]
    SecNag,
    /// Strike and cyber moratoria.
    #[serde(rename = "SEC-HYB")]
    SecHyb,
    /// Plant operation (not ownership of land).
    #[serde(rename = "NUC-ZNPP")]
    NucZnpp,
    /// Non-nuclear status, arms control.
    #[serde(rename = "NUC-NPT")]
    NucNpt,
    /// Sanctions relief with snapback.
    #[serde(rename = "ECO-SAN")]
    EcoSan,
    /// Reconstruction, frozen assets.
    #[serde(rename = "ECO-REC")]
    EcoRec,
    /// Trade, EU access, transit.
    #[serde(rename = "ECO-TRD")]
    EcoTrd,
    /// Rivers, sea, ports, aviation.
    #[serde(rename = "NAV")]
    Nav,
    /// Prisoners, civilians, children.
    #[serde(rename = "HUM-DET")]
    HumDet,
    /// Access, demining, family contact.
    #[serde(rename = "HUM-ACC")]
    HumAcc,
    /// Language, faith, education, heritage.
    #[serde(rename = "RGT")]
    Rgt,
    /// Elections, alliances.
    #[serde(rename = "POL")]
    Pol,
    /// Accountability, arbitration.
    #[serde(rename = "JUS")]
    Jus,
    /// Dams, water.
    #[serde(rename = "ENV")]
    Env,
    /// Legal force, sequencing.
    #[serde(rename = "IMP")]
    Imp,
    /// Formats, normalisation.
    #[serde(rename = "DIP")]
    Dip,
}
