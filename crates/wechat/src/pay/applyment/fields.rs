use serde_json::{Map, Value, json};

use super::super::keys::Sealer;
use super::super::{ApiError, MediaId};
use crate::Secret;

/// A JSON object that leaves out whatever is empty: WeChat Pay answers empty parameters with "system busy"
/// (wechatpay-skills, 特约商户进件.md).
pub(super) struct Fields<'k> {
    sealer: &'k Sealer<'k>,
    map: Map<String, Value>,
}

impl<'k> Fields<'k> {
    pub(super) fn new(sealer: &'k Sealer<'k>) -> Self {
        Self {
            sealer,
            map: Map::new(),
        }
    }

    pub(super) fn text(mut self, name: &str, text: &str) -> Self {
        if !text.is_empty() {
            self.map.insert(name.to_owned(), json!(text));
        }
        self
    }

    pub(super) fn some(self, name: &str, text: Option<&String>) -> Self {
        self.text(name, text.map_or("", String::as_str))
    }

    pub(super) fn truth(mut self, name: &str, truth: bool) -> Self {
        self.map.insert(name.to_owned(), json!(truth));
        self
    }

    pub(super) fn picture(self, name: &str, picture: Option<&MediaId>) -> Self {
        self.text(name, picture.map_or("", |media| &media.0))
    }

    pub(super) fn pictures(self, name: &str, pictures: &[MediaId]) -> Self {
        let list: Vec<_> = pictures.iter().map(|media| json!(media.0)).collect();
        self.list(name, list)
    }

    pub(super) fn list(mut self, name: &str, list: Vec<Value>) -> Self {
        if !list.is_empty() {
            self.map.insert(name.to_owned(), Value::Array(list));
        }
        self
    }

    pub(super) fn object(mut self, name: &str, object: Option<Self>) -> Self {
        if let Some(object) = object.filter(|object| !object.map.is_empty()) {
            self.map.insert(name.to_owned(), object.json());
        }
        self
    }

    /// A field that only WeChat Pay may read.
    pub(super) fn sealed(self, name: &str, plain: Option<&Secret<String>>) -> Result<Self, ApiError> {
        let plain = plain.filter(|plain| !plain.expose().is_empty());
        let sealed = self.sealer.seal_some(plain)?;
        Ok(self.some(name, sealed.as_ref()))
    }

    pub(super) fn json(self) -> Value {
        Value::Object(self.map)
    }
}
