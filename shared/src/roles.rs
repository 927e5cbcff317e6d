//! Roles: instructions by a name, with the model and the parameters to answer with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{chat::Params, models::change};

/// A role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// The instructions that it puts before a conversation.
    pub system: Option<String>,
    /// The model that answers where neither the request nor the conversation names one.
    pub model: Option<String>,
    /// How to answer where the request says nothing else.
    pub params: Params,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The body of `PUT /roles/{name}`. What it does not name stays as it is; null takes a thing back.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// The instructions.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub system: Option<Option<String>>,
    /// The model.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub model: Option<Option<String>>,
    /// Parameters by name; a null takes that one back. Null instead of the object takes all back.
    #[serde(default, with = "change", skip_serializing_if = "Option::is_none")]
    pub params: Option<Option<Map<String, Value>>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_takes_back_and_silence_leaves() {
        let change: RoleChange = serde_json::from_str(r#"{"system":null,"model":"a"}"#).expect("a change");
        assert_eq!(change, RoleChange { system: Some(None), model: Some(Some("a".into())), params: None });
        assert_eq!(serde_json::to_string(&change).expect("JSON"), r#"{"system":null,"model":"a"}"#);
        assert!(serde_json::from_str::<RoleChange>(r#"{"sytem":"a"}"#).is_err());
    }
}
