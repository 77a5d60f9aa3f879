//! Stand-ins for other command lines: their arguments, output and exit codes, our transport.

pub mod maas;
