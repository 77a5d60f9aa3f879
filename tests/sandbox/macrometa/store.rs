//! The documents of one collection, in the order of their creation.
//!
//! Kept as JSON text behind shared pointers: a million of them fit into a test's memory, a list by offset needs no walk, and a
//! query's snapshot copies pointers only. Nothing here knows keys' rules or system members.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

/// A document's key and its JSON text.
pub type Entry = (Arc<str>, Arc<str>);

/// Documents by key.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// Removed documents leave holes, so that the places of the others stay.
    slots: Vec<Option<Entry>>,
    places: HashMap<Arc<str>, usize>,
}

impl Documents {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether a key is taken.
    pub fn contains_key(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    /// The document of a key.
    pub fn get(&self, key: &str) -> Option<Value> {
        let (_, text) = self.slots.get(*self.places.get(key)?)?.as_ref()?;
        serde_json::from_str(text).ok()
    }

    /// Stores a document; one that is there keeps its place.
    pub fn insert(&mut self, key: &str, text: &str) {
        if let Some(place) = self.places.get(key) {
            if let Some(Some(entry)) = self.slots.get_mut(*place) {
                entry.1 = text.into();
            }
            return;
        }
        let key: Arc<str> = key.into();
        self.places.insert(Arc::clone(&key), self.slots.len());
        self.slots.push(Some((key, text.into())));
    }

    /// Removes a document.
    pub fn remove(&mut self, key: &str) {
        if let Some(place) = self.places.remove(key) {
            self.slots[place] = None;
        }
        if self.slots.len() > 2 * self.places.len() {
            self.slots.retain(Option::is_some);
            self.places = (self.slots.iter().flatten().enumerate())
                .map(|(place, (key, _))| (Arc::clone(key), place))
                .collect();
        }
    }

    /// Removes all.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// All entries.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.slots.iter().flatten()
    }

    /// The texts of those of the documents that have one of these keys, in their order.
    pub fn with_keys(&self, keys: &[String]) -> Vec<Arc<str>> {
        let mut places: Vec<usize> = (keys.iter())
            .filter_map(|key| self.places.get(key.as_str()).copied())
            .collect();
        places.sort_unstable();
        places.dedup();
        let entries = places.into_iter().filter_map(|place| {
            let (_, text) = self.slots.get(place)?.as_ref()?;
            Some(Arc::clone(text))
        });
        entries.collect()
    }

    /// One page of entries.
    pub fn page(&self, offset: usize, limit: usize, descending: bool) -> Vec<Entry> {
        let whole = self.slots.len() == self.places.len();
        let from = offset.min(self.slots.len());
        match (whole, descending) {
            (true, false) => {
                let page = self.slots[from..].iter().flatten();
                page.take(limit).cloned().collect()
            }
            (true, true) => {
                let page = self.slots[..self.slots.len() - from].iter().rev();
                page.flatten().take(limit).cloned().collect()
            }
            (false, false) => self.entries().skip(offset).take(limit).cloned().collect(),
            (false, true) => {
                let page = self.entries().rev().skip(offset);
                page.take(limit).cloned().collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(page: &[Entry]) -> Vec<&str> {
        page.iter().map(|(key, _)| key.as_ref()).collect()
    }

    #[test]
    fn pages_with_and_without_holes() {
        let mut documents = Documents::default();
        for key in ["a", "b", "c", "d", "e"] {
            documents.insert(key, "1");
        }
        assert_eq!(keys(&documents.page(1, 2, false)), ["b", "c"]);
        assert_eq!(keys(&documents.page(1, 2, true)), ["d", "c"]);
        assert_eq!(keys(&documents.page(9, 2, true)), [""; 0]);
        documents.remove("b");
        documents.insert("d", "2");
        assert_eq!(keys(&documents.page(1, 2, false)), ["c", "d"]);
        assert_eq!(keys(&documents.page(1, 2, true)), ["d", "c"]);
        documents.remove("a");
        documents.remove("c");
        documents.insert("f", "3");
        assert_eq!(keys(&documents.page(0, 9, false)), ["d", "e", "f"]);
        assert_eq!((documents.len(), documents.get("d")), (3, Some(2.into())));
    }
}
