//! The profiles of the `maas` command line: `~/.maascli.db`, read and never changed.
//!
//! An `SQLite` database with one table, `profiles(id, name, data)`; `data` is the JSON object
//! `{credentials: [consumer, token, secret] | null, description, name, url, cacerts}` (observed,
//! MAAS 3.8). Knows nothing of our own config.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Exit, Failure};
use crate::files::trust::{self, What};
use crate::secret::Secret;

/// A profile of the `maas` command line.
#[derive(Debug)]
pub struct MaasCliProfile {
    /// Its name, which may hold what ours cannot.
    pub name: String,
    /// The address of the API, as `http://10.0.0.2:5240/MAAS/api/2.0/`.
    pub url: String,
    /// The key, `consumer:token:secret`; none where the profile is anonymous.
    pub key: Option<Secret>,
    /// Certificates to trust: PEM text, or the path of a file of it.
    pub cacerts: Option<String>,
    /// The description of the API, JSON, where one profile was asked for.
    pub description: Option<Vec<u8>>,
}

/// Returns the failure of a profile that cannot be read.
#[must_use]
pub fn broken(database: &Path, name: &str) -> Failure {
    Failure::new(
        Exit::Other,
        format!(
            "{}: the profile `{}` is broken",
            database.display(),
            name.escape_debug()
        ),
    )
}

/// What a database holds.
#[derive(Debug, Default)]
pub struct Found {
    /// The profiles, in the order they were made.
    pub profiles: Vec<MaasCliProfile>,
    /// Names of those that cannot be read.
    pub broken: Vec<String>,
}

/// What of `data` is read: the description of the API, most of it, is not looked into.
#[derive(Deserialize)]
struct Data<'a> {
    credentials: Option<[String; 3]>,
    url: String,
    cacerts: Option<String>,
    #[serde(borrow, default)]
    description: Option<&'a RawValue>,
}

/// The longest value, in bytes; a description has half a megabyte.
const LONGEST: i32 = 64 * 1024 * 1024;

/// After so many steps of `SQLite`'s machine a question ends: thousands of profiles take fewer.
const STEPS: i32 = 20_000_000;

/// Lets no content of a database make a question long or large.
fn bound(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
    connection.progress_handler(STEPS, Some(|| true))
}

/// Reads all profiles, or only the one of a name. A file that is not there has none, nor has one
/// that is empty or a database without such a table.
pub fn profiles(database: &Path, name: Option<&str>) -> Result<Found, Failure> {
    let mut found = Found::default();
    let is_one = name.is_some();
    // Looked at before SQLite opens it, which would wait for a pipe; the folder is as closed as the
    // file, so that nobody exchanges it in between.
    if trust::open(database, What::Database)?.is_none() {
        return Ok(found);
    }
    let failure = |what: &dyn std::fmt::Display| {
        Failure::new(Exit::Other, format!("{}: {what}", database.display()))
            .hint("this is not a database of the `maas` command line")
    };
    // Read-only also means that no journal is made beside it.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(database, flags).map_err(|e| failure(&e))?;
    bound(&mut connection).map_err(|e| failure(&e))?;
    // A view or a virtual table runs what its maker wrote.
    let kind = "SELECT type = 'table' AND rootpage > 0 \
                FROM sqlite_master WHERE name = 'profiles'";
    let is_table = connection.query_row(kind, [], |row| row.get::<_, bool>(0));
    match is_table.optional().map_err(|e| failure(&e))? {
        None => return Ok(found),
        Some(false) => return Err(failure(&"`profiles` is not a plain table")),
        Some(true) => {}
    }
    let mut statement = connection
        // `data` is declared a blob and stored as text.
        .prepare(
            "SELECT name, CAST(data AS BLOB) FROM profiles \
             WHERE ?1 IS NULL OR name = ?1 ORDER BY id",
        )
        .map_err(|e| failure(&e))?;
    let rows = statement
        .query_map([name], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))
        })
        .map_err(|e| failure(&e))?;
    for row in rows {
        let (name, data) = row.map_err(|e| failure(&e))?;
        let data = data.unwrap_or_default();
        // The cause would quote the key.
        match serde_json::from_slice::<Data>(&data) {
            Err(_) => found.broken.push(name),
            Ok(data) => found.profiles.push(MaasCliProfile {
                name,
                url: data.url,
                key: data.credentials.map(|parts| Secret::new(parts.join(":"))),
                cacerts: data.cacerts.filter(|c| !c.trim().is_empty()),
                description: data
                    .description
                    .filter(|_| is_one)
                    .map(|text| text.get().as_bytes().to_vec()),
            }),
        }
    }
    Ok(found)
}
