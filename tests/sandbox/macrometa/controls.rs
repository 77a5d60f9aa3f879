//! What tests can ask of, and do to, the Macrometa side of a sandbox.

use serde_json::{Map, Value, json};

use super::super::{Sandbox, lock};
use super::state::State;
use super::{Macrometa, cursors};

/// A cursor that has more pages to give.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCursor {
    /// The fabric.
    pub fabric: String,
    /// The id in its answers.
    pub id: String,
    /// The query.
    pub query: String,
    /// How many rows a page has.
    pub batch_size: usize,
    /// How many pages were given out.
    pub pages: usize,
    /// How many rows were given out.
    pub rows: usize,
    /// Whether it came from a query worker.
    pub worker: bool,
}

impl Macrometa {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut lock(&self.state))
    }
}

impl Sandbox {
    fn gdn<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let service = self.shared.services.macrometa.as_ref();
        service.expect("this sandbox is a Macrometa").with(act)
    }

    /// The cursors that are open now; expired ones are not.
    pub fn cursors(&self) -> Vec<OpenCursor> {
        self.gdn(|state| {
            cursors::sweep(state);
            let open = state.cursors.iter();
            open.map(|((fabric, id), cursor)| OpenCursor {
                fabric: fabric.clone(),
                id: id.clone(),
                query: cursor.query.clone(),
                batch_size: cursor.batch,
                pages: cursor.pages,
                rows: cursor.given,
                worker: cursor.worker,
            })
            .collect()
        })
    }

    /// How many cursors were ended by a DELETE; one that missed does not count.
    pub fn cursor_deletes(&self) -> usize {
        self.gdn(|state| state.cursor_deletes)
    }

    /// Ends all cursors, as if their time were over.
    pub fn expire_cursors(&self) {
        self.gdn(|state| state.cursors.clear());
    }

    /// Creates a collection of documents; one that is there stays.
    pub fn create_collection(&self, fabric: &str, name: &str) {
        self.gdn(|state| drop(state.create_collection(fabric, name, 2)));
    }

    /// Creates a key-value collection with `count` pairs: the keys `0`, … and the values `v0`, ….
    pub fn fill_key_values(&self, fabric: &str, name: &str, count: usize) {
        let pairs = (0..count).map(|n| json!({"_key": n.to_string(), "value": format!("v{n}")}));
        self.put_documents(fabric, name, pairs);
        self.gdn(|state| {
            if let Ok(collection) = state.collection(fabric, name) {
                collection.key_value = true;
            }
        });
    }

    /// Fills a collection, which is created where it is missing, with `count` documents `{"n": 0}`, … under the keys `0`, ….
    pub fn fill_collection(&self, fabric: &str, name: &str, count: usize) {
        self.put_documents(
            fabric,
            name,
            (0..count).map(|n| json!({"_key": n.to_string(), "n": n})),
        );
    }

    /// Stores documents that have a `_key` in a collection, which is created where it is missing.
    ///
    /// # Panics
    ///
    /// Where one has no `_key`.
    pub fn put_documents(
        &self,
        fabric: &str,
        name: &str,
        documents: impl IntoIterator<Item = Value>,
    ) {
        self.create_collection(fabric, name);
        self.gdn(|state| {
            let collection = state.collection(fabric, name);
            let collection = collection.unwrap_or_else(|_| panic!("`{name}` can be created"));
            for document in documents {
                let key = document["_key"]
                    .as_str()
                    .expect("the document has a `_key`");
                collection.store(key, document.as_object().unwrap_or(&Map::new()));
            }
        });
    }

    /// All documents of a collection, in the order of their creation; none where it does not exist.
    pub fn documents(&self, fabric: &str, name: &str) -> Vec<Value> {
        self.gdn(|state| match state.collection(fabric, name) {
            Ok(collection) => {
                let texts = collection.documents.entries();
                texts
                    .filter_map(|(_, text)| serde_json::from_str(text).ok())
                    .collect()
            }
            Err(_) => Vec::new(),
        })
    }

    /// The keys of a collection's documents, in the order of their creation.
    pub fn document_keys(&self, fabric: &str, name: &str) -> Vec<String> {
        self.gdn(|state| match state.collection(fabric, name) {
            Ok(collection) => {
                let keys = collection.documents.entries();
                keys.map(|(key, _)| key.to_string()).collect()
            }
            Err(_) => Vec::new(),
        })
    }

    /// How many documents a collection has; 0 where it does not exist.
    pub fn document_count(&self, fabric: &str, name: &str) -> usize {
        self.gdn(|state| {
            state
                .collection(fabric, name)
                .map_or(0, |it| it.documents.len())
        })
    }
}
