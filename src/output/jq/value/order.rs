//! jq's order of all values: null, false, true, numbers, texts, lists, objects.

use std::cmp::Ordering;

use super::{Text, Val};

impl Val {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(_) => 3,
            Self::Text(_) => 4,
            Self::List(_) => 5,
            Self::Object(_) => 6,
        }
    }

    /// jq's order. NaN is below every number, itself too.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.order(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => {
                let pairs = a.items.iter().zip(&b.items);
                let first = pairs.map(|(a, b)| a.order(b)).find(|o| o.is_ne());
                first.unwrap_or_else(|| a.items.len().cmp(&b.items.len()))
            }
            (Self::Object(a), Self::Object(b)) => {
                let (names, others) = (sorted_names(self), sorted_names(other));
                names.cmp(&others).then_with(|| {
                    let pairs = names.iter().map(|k| (&a.members[*k], &b.members[*k]));
                    let mut orders = pairs.map(|(a, b)| a.order(b));
                    orders.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
                })
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// The order that sorting uses, in which NaN has one place.
    pub fn sorting(&self, other: &Self) -> Ordering {
        let order = self.order(other);
        if order == Ordering::Less && other.order(self) == Ordering::Less {
            return Ordering::Equal;
        }
        order
    }

    /// jq's `==`.
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) if a.items.len() != b.items.len() => false,
            (Self::Object(a), Self::Object(b)) => {
                a.members.len() == b.members.len()
                    && a.members
                        .iter()
                        .all(|(k, v)| b.members.get(&**k).is_some_and(|w| v.equals(w)))
            }
            _ => self.order(other).is_eq(),
        }
    }
}

/// The names of an object's members, in their order.
pub fn sorted_names(value: &Val) -> Vec<&Text> {
    let Val::Object(object) = value else {
        return Vec::new();
    };
    let mut names: Vec<&Text> = object.members.keys().collect();
    names.sort_unstable();
    names
}
