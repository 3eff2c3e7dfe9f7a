//! Writing inside a framework by REST: who writes, where the thing is that they write to, and how
//! what came of it goes out.
use std::collections::BTreeMap;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, value::RawValue};

use crate::{
    domain::{
        framework::{FrameworkId, QuestionId},
        moderation::Object,
    },
    http::{
        ApiError, App,
        extract::{Key, SignedIn},
    },
    protocol::command::{Command, CommandId},
    service::{
        Services,
        caller::Caller,
        reads::{cards, invitations, places},
        sight::seen,
    },
};

/// Somebody who is signed in, and the id of what they send.
pub struct Write {
    services: Services,
    caller: Caller,
    id: CommandId,
}

impl FromRequestParts<App> for Write {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let SignedIn(caller) =
            <SignedIn as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let Key(id) = Key::from_request_parts(parts, app).await?;
        Ok(Self {
            services: app.services.clone(),
            caller,
            id,
        })
    }
}

impl OptionalFromRequestParts<App> for Write {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, ApiError> {
        let caller =
            <SignedIn as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        let Key(id) = Key::from_request_parts(parts, app).await?;
        Ok(caller.map(|SignedIn(caller)| Self {
            services: app.services.clone(),
            caller,
            id,
        }))
    }
}

impl Write {
    /// Within the framework of this name.
    pub async fn within(self, slug: &str) -> Result<Placed, ApiError> {
        let framework = seen::see_slug(&self.services, Some((&self.caller).into()), slug)
            .await?
            .framework
            .id;
        Ok(Placed {
            write: self,
            framework,
        })
    }

    /// On a question.
    pub async fn on_question(self, id: QuestionId) -> Result<Placed, ApiError> {
        let framework = cards::framework_of(&self.services, id).await?;
        Ok(Placed {
            write: self,
            framework,
        })
    }

    /// On what stands in one framework alone.
    pub async fn on(self, object: Object) -> Result<Placed, ApiError> {
        self.about(object, None).await
    }

    /// About anything; what stands in every framework is meant in the `named` one.
    pub async fn about(self, object: Object, named: Option<&str>) -> Result<Placed, ApiError> {
        let framework = places::framework_of(&self.services, object, named).await?;
        Ok(Placed {
            write: self,
            framework,
        })
    }

    /// About a decision.
    pub async fn about_decision(self, id: &str) -> Result<Placed, ApiError> {
        let framework = places::framework_of_decision(&self.services, id).await?;
        Ok(Placed {
            write: self,
            framework,
        })
    }

    /// About an appeal.
    pub async fn about_appeal(self, id: &str) -> Result<Placed, ApiError> {
        let framework = places::framework_of_appeal(&self.services, id).await?;
        Ok(Placed {
            write: self,
            framework,
        })
    }

    /// In the framework that a link leads to.
    pub async fn invited_by(self, token: &str) -> Result<Placed, ApiError> {
        let framework = invitations::framework_of(&self.services, token).await?;
        Ok(Placed {
            write: self,
            framework,
        })
    }
}

/// A write whose framework is known.
pub struct Placed {
    write: Write,
    framework: FrameworkId,
}

impl Placed {
    /// Carries a command out.
    pub async fn carry_out(self, command: Command) -> Result<Done, ApiError> {
        let Write {
            services,
            caller,
            id,
        } = self.write;
        let ack = services
            .enqueue(&caller, self.framework, id, command)
            .await?
            .answer()
            .await?;
        Ok(Done {
            result: ack.result,
            seq: ack.seq,
        })
    }

    /// Carries out the command `name`, of a body and of what the path says.
    pub async fn send<const N: usize>(
        self,
        name: &str,
        body: Map<String, Value>,
        path: [(&str, Value); N],
    ) -> Result<Done, ApiError> {
        self.carry_out(Command::from_rest(name, body, path)?).await
    }

    /// As [`Placed::send`], where it makes something.
    pub async fn make<const N: usize>(
        self,
        name: &str,
        body: Map<String, Value>,
        path: [(&str, Value); N],
    ) -> Result<Made, ApiError> {
        Ok((StatusCode::CREATED, self.send(name, body, path).await?))
    }
}

/// What a command that made something answers.
pub type Made = (StatusCode, Done);

/// What a command brought about. It goes out as it was encoded, with the place of its last change
/// as `seq`.
pub struct Done {
    result: Box<RawValue>,
    seq: Option<i64>,
}

impl Done {
    /// One of its fields, as it was encoded.
    pub fn field(&self, name: &str) -> Option<Box<RawValue>> {
        let fields: BTreeMap<&str, &RawValue> =
            serde_json::from_str(self.result.get()).expect("a result is an object");
        fields.get(name).map(|field| (*field).to_owned())
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let text = match self.seq {
            Some(seq) => with_field(self.result.get(), "seq", seq),
            None => Box::<str>::from(self.result).into_string(),
        };
        ([(header::CONTENT_TYPE, "application/json")], text).into_response()
    }
}

/// An encoded object with one more field, which it does not have yet. It is not read again: results
/// may be large.
fn with_field(object: &str, name: &str, value: i64) -> String {
    let fields = object.strip_suffix('}').expect("a result is an object");
    // Within an object no other brace is open here, and a word would end with its quote.
    let comma = if fields.trim_end().ends_with('{') {
        ""
    } else {
        ","
    };
    format!("{fields}{comma}\"{name}\":{value}}}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_encoded_object_has_one_field_more() {
        for object in [
            "{}",
            "{ }",
            r#"{"a":{}}"#,
            r#"{"a":"{"}"#,
            r#"{"a":[{"seq":1}],"b":"}"}"#,
        ] {
            let mut wanted: Value = serde_json::from_str(object).unwrap();
            wanted["seq"] = json!(7);
            assert_eq!(
                serde_json::from_str::<Value>(&with_field(object, "seq", 7)).unwrap(),
                wanted,
                "{object}"
            );
        }
        assert_eq!(
            with_field(r#"{"b":1,"a":2}"#, "seq", 7),
            r#"{"b":1,"a":2,"seq":7}"#
        );
    }

    #[test]
    fn a_field_alone_is_as_it_was_encoded() {
        let result = RawValue::from_string(r#"{"hand":{"b":1,"a":[ 2 ]},"seq":3}"#.into()).unwrap();
        let done = Done {
            result,
            seq: Some(7),
        };
        assert_eq!(done.field("hand").unwrap().get(), r#"{"b":1,"a":[ 2 ]}"#);
        assert!(done.field("a").is_none());
    }
}
