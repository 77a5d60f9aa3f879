//! What a test can do to the MAAS while it runs, and look up in it: machines, events, files.
//!
//! Everything here is for tests; what a client can do goes over the wire. A sandbox without a MAAS has nothing to change.

use serde_json::Value;

use super::Sandbox;
use super::maas::{Maas, Pace};

impl Sandbox {
    fn maas(&self) -> Option<&Maas> {
        self.shared.services.maas.as_ref()
    }

    /// The MAAS, to change it.
    ///
    /// # Panics
    ///
    /// Where this sandbox has none.
    fn the_maas(&self) -> &Maas {
        self.maas().expect("this sandbox is a MAAS")
    }

    /// A machine as MAAS has it now.
    pub fn machine(&self, system_id: &str) -> Option<Value> {
        self.maas()?.machine(system_id)
    }

    /// Puts a machine into a state, named as in `status_name`; false where machine or state do not exist.
    pub fn set_machine_status(&self, system_id: &str, status_name: &str) -> bool {
        self.maas()
            .is_some_and(|maas| maas.set_status(system_id, status_name))
    }

    /// The pace of what begins from now on, for machines that have none of their own.
    pub fn set_pace(&self, pace: Pace) {
        self.the_maas()
            .journeys(|journeys| journeys.set_pace(None, pace));
    }

    /// The pace of one machine, for what begins from now on.
    pub fn set_machine_pace(&self, system_id: &str, pace: Pace) {
        self.the_maas()
            .journeys(|journeys| journeys.set_pace(Some(system_id), pace));
    }

    /// Makes a machine fail at its next step and all later ones (`Failed deployment`, power state `error`…).
    pub fn fail_machine(&self, system_id: &str) {
        self.the_maas()
            .journeys(|journeys| journeys.set_failing(system_id, true));
    }

    /// Makes it succeed again.
    pub fn heal_machine(&self, system_id: &str) {
        self.the_maas()
            .journeys(|journeys| journeys.set_failing(system_id, false));
    }

    /// Sets a machine out as `op=…` would (`deploy`, `commission`…); false where machine or way do not exist.
    pub fn set_out(&self, system_id: &str, op: &str) -> bool {
        self.maas().is_some_and(|maas| maas.set_out(system_id, op))
    }

    /// Lets every machine that is on its way take one step now, whatever the pace; how many there were.
    pub fn advance_machines(&self) -> usize {
        self.the_maas().advance()
    }

    /// Adds an event about a machine, now: level (`INFO`, `ERROR`…), type and description. Its id.
    pub fn add_event(&self, system_id: &str, level: &str, kind: &str, description: &str) -> u64 {
        self.the_maas()
            .add_event(system_id, (level, kind, description))
    }

    /// Adds so many events about the machines in turn, all visible at the default level.
    pub fn add_events(&self, count: usize) {
        self.the_maas().add_events(count);
    }

    /// The description as it is served now, without the `uri` and `handlers` that each response adds.
    pub fn description(&self) -> Value {
        self.the_maas().describe.document()
    }

    /// Serves another description from now on; the answers' heads name its `hash`.
    pub fn set_description(&self, document: Value) {
        self.the_maas().describe.replace(document);
    }

    /// The hash that the description and the answers' heads name now.
    pub fn api_hash(&self) -> String {
        self.the_maas().describe.hash()
    }

    /// Gives the description another hash, as after an upgrade of the region.
    pub fn set_api_hash(&self, hash: &str) {
        self.the_maas().describe.set_hash(hash);
    }

    /// An image by its id, with its sets, as MAAS would answer now; looking changes nothing.
    pub fn image(&self, id: u64) -> Option<Value> {
        self.maas()?.image(id)
    }

    /// How many bytes are on the region's disk of the file that is to have this SHA-256.
    pub fn image_bytes(&self, sha256: &str) -> u64 {
        self.the_maas().image_bytes(sha256)
    }

    /// The bytes of a file stored in MAAS.
    pub fn maas_file(&self, name: &str) -> Option<Vec<u8>> {
        self.maas()?.file(name)
    }
}
