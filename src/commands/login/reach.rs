//! Decides how a login reaches its server.
//!
//! Flags and environment count first, then what the replaced profile says, as far as it was said of
//! this server.

use crate::address::Origin;
use crate::env::Env;
use crate::error::Failure;
use crate::profile::{Overrides, Profile, Settings, select};

/// The settings for each origin that a login may ask.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The origin of the profile that is replaced, and all of its settings.
    kept: Option<(Origin, Settings)>,
    /// For every other origin.
    other: Settings,
}

impl Reach {
    /// Puts flags and environment over the settings of the profile that is replaced.
    pub fn new(old: Option<&Profile>, flags: &Overrides, env: &Env) -> Result<Self, Failure> {
        let over = |mut settings: Settings| -> Result<Settings, Failure> {
            select::override_settings(&mut settings, flags, env)?;
            Ok(settings)
        };
        Ok(Self {
            kept: match old {
                Some(old) => {
                    let settings = over(old.settings.clone())?;
                    Some((old.address.origin.clone(), settings))
                }
                None => None,
            },
            other: over(
                old.map_or_else(Settings::default, |old| old.settings.of_another_origin()),
            )?,
        })
    }

    /// Returns the settings for an origin.
    pub fn of(&self, origin: &Origin) -> &Settings {
        match &self.kept {
            Some((kept, settings)) if kept == origin => settings,
            _ => &self.other,
        }
    }

    /// Returns these settings with certificate checks off.
    pub fn unjudged(&self) -> Self {
        let mut reach = self.clone();
        reach.each(|settings| settings.insecure = true);
        reach
    }

    /// Pins a server's key.
    pub fn pin(&mut self, pin: &str) {
        self.each(|settings| settings.pin = Some(pin.to_owned()));
    }

    fn each(&mut self, change: impl Fn(&mut Settings)) {
        change(&mut self.other);
        if let Some((_, settings)) = &mut self.kept {
            change(settings);
        }
    }
}
