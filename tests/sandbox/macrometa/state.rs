//! What this Macrometa host knows: fabrics with collections with documents, API keys, tokens, open cursors.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::clock;
use super::super::response::Response;
use super::cursors::Cursor;
use super::store::{Documents, Entry};
use super::{KEY, LIMITED_KEY, TENANT, refusal};

/// An API key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name within the tenant.
    pub id: String,
    /// All of it.
    pub secret: String,
    /// Whether it may manage keys, users and fabrics, and use every fabric.
    pub all_rights: bool,
    /// What it was granted: `ro`, `rw` or `none` on `FABRIC` or `FABRIC/collection/NAME`, with
    /// `stream` and `restql` likewise. A key that was granted something has nothing else.
    pub grants: BTreeMap<String, String>,
}

impl Key {
    /// Whether it may use a fabric.
    pub fn may_use(&self, fabric: &str) -> bool {
        if self.grants.is_empty() {
            return self.all_rights || fabric == "_system";
        }
        let below = format!("{fabric}/");
        let mut granted = self.grants.iter().filter(|(_, right)| *right != "none");
        granted.any(|(place, _)| place == fabric || place.starts_with(&below))
    }

    /// What it may do with a thing of a fabric: what was granted on it, else on its fabric.
    pub fn right(&self, fabric: &str, thing: Option<(&str, &str)>) -> &str {
        let granted = |place: &str| self.grants.get(place).map(String::as_str);
        thing
            .and_then(|(kind, name)| granted(&format!("{fabric}/{kind}/{name}")))
            .or_else(|| granted(fabric))
            .unwrap_or(if self.grants.is_empty() && self.may_use(fabric) {
                "rw"
            } else {
                "none"
            })
    }
}

/// A collection.
#[derive(Clone, Debug)]
pub struct Collection {
    /// The number in its answers, as text.
    pub id: String,
    /// The name.
    pub name: String,
    /// 2 for documents, 3 for edges.
    pub kind: u64,
    /// Whether it holds keys with values.
    pub key_value: bool,
    /// Documents by key, in the order of their creation.
    pub documents: Documents,
}

impl Collection {
    fn new(name: &str, kind: u64) -> Self {
        Self {
            id: (clock::fresh() % 100_000_000).to_string(),
            name: name.to_owned(),
            kind,
            key_value: false,
            documents: Documents::default(),
        }
    }

    /// As lists and lookups show it.
    pub fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "status": 3,
            "type": self.kind,
            "collectionModel": match (self.key_value, self.kind) {
                (true, _) => "KV",
                (_, 3) => "EDGE",
                _ => "DOC",
            },
            "globallyUniqueId": format!("h{}/{}", self.id, self.name),
            "hasStream": false,
            "isLocal": false,
            "isSpot": false,
            "isSystem": self.name.starts_with('_'),
            "searchEnabled": false,
            "strongConsistency": false,
        })
    }

    /// Stores a document under a key, with fresh system members in front; the stored document.
    pub fn put(&mut self, key: &str, document: &Map<String, Value>) -> Value {
        self.store(key, document);
        self.documents.get(key).unwrap_or_default()
    }

    /// The same where nobody asks for the stored document.
    pub fn store(&mut self, key: &str, document: &Map<String, Value>) {
        let mut text = self.head(key);
        text.push_str(&format!("_{:07x}---\"", clock::fresh() & 0x0fff_ffff));
        for (name, value) in document {
            if !matches!(name.as_str(), "_id" | "_key" | "_rev") {
                text.push_str(&format!(",{}:{value}", json!(name)));
            }
        }
        text.push('}');
        self.documents.insert(key, &text);
    }

    /// How a document's text begins, up to its revision.
    fn head(&self, key: &str) -> String {
        let id = json!(format!("{}/{key}", self.name));
        format!("{{\"_id\":{id},\"_key\":{},\"_rev\":\"", json!(key))
    }

    /// A document's text without `_id` and `_rev`, as exports show it. It is cut, not parsed: exports are long.
    pub fn exported(&self, (key, text): &Entry) -> String {
        const REVISION: usize = "_0000000---\"".len();
        let rest = &text[self.head(key).len() + REVISION..];
        format!("{{\"_key\":{}{rest}", json!(key.as_ref()))
    }
}

/// A fabric.
#[derive(Clone, Debug, Default)]
pub struct Fabric {
    /// In the order of their creation.
    pub collections: Vec<Collection>,
    /// Query workers, in the order of their creation.
    pub workers: Vec<Worker>,
    /// Streams, in the order of their creation.
    pub streams: Vec<Stream>,
}

/// A query that is kept under a name.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The name.
    pub name: String,
    /// The query.
    pub value: String,
    /// Bind variables that a caller need not give.
    pub parameter: Value,
    /// Whether it is SQL.
    pub sql: bool,
}

/// A stream.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The name with `c8globals.` or `c8locals.` in front.
    pub topic: String,
    /// Whether it stays in one region.
    pub local: bool,
    /// How many messages it was sent.
    pub messages: usize,
}

/// All of it.
pub struct State {
    /// By name.
    pub fabrics: BTreeMap<String, Fabric>,
    /// API keys.
    pub keys: Vec<Key>,
    /// Tokens that a login gave out.
    pub tokens: Vec<String>,
    /// Open cursors by fabric and id.
    pub cursors: BTreeMap<(String, String), Cursor>,
    /// How many cursors were ended by a call.
    pub cursor_deletes: usize,
}

impl State {
    /// A fresh one: fabric `_system` with the collection `addresses`, fabric `shop` with `orders`.
    pub fn fixture() -> Self {
        let mut addresses = Collection::new("addresses", 2);
        for (key, name, city) in [
            ("a1", "Ada", "London"),
            ("a2", "Grace", "New York"),
            ("a3", "Zoë", "Zürich"),
        ] {
            let document = json!({"name": name, "city": city});
            addresses.put(key, document.as_object().unwrap_or(&Map::new()));
        }
        let fabric = |collection| Fabric {
            collections: vec![collection],
            ..Fabric::default()
        };
        let key = |id: &str, secret: &str, all_rights| Key {
            id: id.to_owned(),
            secret: secret.to_owned(),
            all_rights,
            grants: BTreeMap::new(),
        };
        Self {
            fabrics: [
                ("_system".to_owned(), fabric(addresses)),
                ("shop".to_owned(), fabric(Collection::new("orders", 2))),
            ]
            .into(),
            keys: vec![key("k1", KEY, true), key("reader", LIMITED_KEY, false)],
            tokens: Vec::new(),
            cursors: BTreeMap::new(),
            cursor_deletes: 0,
        }
    }

    /// The key that an Authorization header stands for; a token acts as the key with all rights.
    ///
    /// Where the host wants a `bare` key, the header is the key and nothing else.
    pub fn key_of(&self, header: &str, bare: bool) -> Option<&Key> {
        if bare {
            return self.keys.iter().find(|key| key.secret == header);
        }
        let (scheme, credential) = header.split_once(' ')?;
        if scheme == "apikey" {
            return self.keys.iter().find(|key| key.secret == credential);
        }
        let good = scheme.eq_ignore_ascii_case("bearer")
            && self.tokens.iter().any(|token| token == credential);
        self.keys.first().filter(|_| good)
    }

    /// A collection of a fabric.
    pub fn collection(&mut self, fabric: &str, name: &str) -> Result<&mut Collection, Response> {
        let collections = self
            .fabrics
            .get_mut(fabric)
            .map(|fabric| &mut fabric.collections);
        collections
            .into_iter()
            .flatten()
            .find(|known| known.name == name)
            .ok_or_else(|| refusal(404, 1203, "collection or view not found"))
    }

    /// Creates a collection.
    pub fn create_collection(
        &mut self,
        fabric: &str,
        name: &str,
        kind: u64,
    ) -> Result<&Collection, Response> {
        let collections = &mut self
            .fabrics
            .entry(fabric.to_owned())
            .or_default()
            .collections;
        let starts_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        if !starts_well
            || !name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        {
            return Err(refusal(400, 1208, "illegal name"));
        }
        if collections.iter().any(|known| known.name == name) {
            return Err(refusal(409, 1207, "duplicate name"));
        }
        collections.push(Collection::new(name, kind));
        Ok(&collections[collections.len() - 1])
    }
}

/// A fabric as `database/user` shows it.
pub fn fabric_json(name: &str) -> Value {
    json!({
        "name": name,
        "options": {"dcList": "sandbox-eu-west", "dynamicLocalCollections": false, "metadata": {}, "realTime": false, "spotDc": "", "status": "ACTIVE", "tenant": TENANT},
    })
}
