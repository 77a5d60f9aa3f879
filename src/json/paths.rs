//! Lays paths to values out as a tree, so that a value is gone through once for all of them.
//!
//! Owns how keys are found, few or many. Knows no values and no tokens; `pick` walks along it.

use std::collections::HashMap;
use std::sync::Arc;

use super::sink::Container;

/// Going through so many keys is quicker than a look into a map.
const FEW: usize = 16;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a member of an object. Many columns name many of them, so their names are shared.
    Key(Arc<str>),
    /// To an element of an array, counted from 0.
    Index(usize),
}

/// Where in a value another one stands; without steps it is the value itself.
pub type Path = Vec<Step>;

/// The places that paths lead to or through, by number; the first is the value itself.
#[derive(Debug, Default)]
pub(super) struct Tree(Vec<Place>);

/// A place. There may be as many as an element has members, most of them the end of one path and no
/// more.
#[derive(Debug, Default)]
struct Place {
    /// The first path that ends here.
    end: Option<usize>,
    more: Option<Box<More>>,
}

/// What a place has besides.
#[derive(Debug, Default)]
struct More {
    /// The other paths that end here.
    ends: Vec<usize>,
    /// The key with its quotes as it is mostly written, the key, the place behind it; the first of
    /// many.
    keys: Vec<(Vec<u8>, Arc<str>, usize)>,
    /// The places by key, where they are too many to be gone through.
    by_key: HashMap<Arc<str>, usize>,
    indices: HashMap<usize, usize>,
    /// The paths that lead through here.
    below: Vec<usize>,
}

impl Tree {
    /// Where every tree begins.
    pub(super) const ROOT: usize = 0;

    /// Lays out paths, which are numbered from 0.
    pub(super) fn new<P: AsRef<[Step]>>(paths: &[P]) -> Self {
        let mut places = Vec::with_capacity(paths.len() + 1);
        places.push(Place::default());
        let mut tree = Self(places);
        let is_key = |path: &P| matches!(path.as_ref().first(), Some(Step::Key(_)));
        if paths.len() > FEW && paths.first().is_some_and(is_key) {
            // Mostly they are the members of one object; a map that grows hashes each key again.
            tree.0[Self::ROOT].more().by_key.reserve(paths.len());
        }
        for (path, steps) in paths.iter().enumerate() {
            let mut at = Self::ROOT;
            for step in steps.as_ref() {
                tree.0[at].more().below.push(path);
                at = tree.behind(at, step);
            }
            let place = &mut tree.0[at];
            match place.end {
                None => place.end = Some(path),
                Some(_) => place.more().ends.push(path),
            }
        }
        tree
    }

    /// Returns the place behind a step, which is made where there is none.
    fn behind(&mut self, at: usize, step: &Step) -> usize {
        let known = match step {
            Step::Key(key) => self.0[at].named(key),
            Step::Index(index) => self.element(at, *index),
        };
        known.unwrap_or_else(|| {
            let new = self.0.len();
            self.0.push(Place::default());
            let more = self.0[at].more();
            match step {
                Step::Key(key) => {
                    more.by_key.insert(key.clone(), new);
                    // One more says that these are too many.
                    if more.keys.len() <= FEW {
                        let written = serde_json::to_vec(&**key).unwrap_or_default();
                        more.keys.push((written, key.clone(), new));
                    }
                }
                Step::Index(index) => drop(more.indices.insert(*index, new)),
            }
            new
        })
    }

    /// Returns the place of an element.
    #[inline]
    pub(super) fn element(&self, at: usize, index: usize) -> Option<usize> {
        self.0[at].more.as_deref()?.indices.get(&index).copied()
    }

    /// Returns the place of a member, whose key has no escapes.
    #[inline]
    pub(super) fn plain_member(&self, at: usize, key: &[u8]) -> Option<usize> {
        self.0[at].written(key)
    }

    /// Returns the place of a member, by its key in quotes.
    pub(super) fn member(&self, at: usize, key: &[u8]) -> Option<usize> {
        let place = &self.0[at];
        place.more.as_ref().filter(|more| !more.keys.is_empty())?;
        if key.contains(&b'\\') {
            let key: String = serde_json::from_slice(key).ok()?;
            return place.named(&key);
        }
        place.named(std::str::from_utf8(key.get(1..key.len() - 1)?).ok()?)
    }

    /// Returns the paths that end at a place.
    pub(super) fn ending(&self, at: usize) -> impl Iterator<Item = usize> {
        let place = &self.0[at];
        let others = place.more.iter().flat_map(|more| &more.ends);
        place.end.into_iter().chain(others.copied())
    }

    /// Returns the paths that lead through a place.
    pub(super) fn leading_through(&self, at: usize) -> &[usize] {
        (self.0[at].more.as_ref()).map_or(&[], |more| more.below.as_slice())
    }

    /// Returns the step from a place that a value does not have; `kind` is that of a container.
    pub(super) fn missing(&self, at: usize, kind: Option<Container>) -> Option<Step> {
        let more = self.0[at].more.as_deref()?;
        let key = more
            .keys
            .first()
            .filter(|_| kind != Some(Container::Object));
        let index = more.indices.keys().min();
        let index = index.filter(|_| kind != Some(Container::Array));
        key.map(|k| Step::Key(k.1.clone()))
            .or(index.map(|i| Step::Index(*i)))
    }
}

impl Place {
    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Returns the place behind a key.
    fn named(&self, key: &str) -> Option<usize> {
        let more = self.more.as_deref()?;
        if more.keys.len() > FEW {
            return more.by_key.get(key).copied();
        }
        more.keys.iter().find(|k| *k.1 == *key).map(|k| k.2)
    }

    /// Returns the place behind a key as it is written without escapes.
    #[inline]
    fn written(&self, key: &[u8]) -> Option<usize> {
        let more = self.more.as_deref()?;
        if more.keys.len() > FEW {
            let inner = key.get(1..key.len() - 1)?;
            return more.by_key.get(std::str::from_utf8(inner).ok()?).copied();
        }
        more.keys.iter().find(|k| k.0 == key).map(|k| k.2)
    }
}
