//! Calls MAAS and Macrometa APIs.
