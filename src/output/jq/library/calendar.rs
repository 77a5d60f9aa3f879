//! The calendar: broken-down times as C has them, written and read by a format.

/// A broken-down time: months from 0, weekdays from Sunday.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Broken {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub weekday: i64,
    pub yearday: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Days from 1970-01-01 to a day of the calendar; months may be beyond 11, days beyond a month.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year + month.div_euclid(12);
    let month = month.rem_euclid(12);
    // Years begin in March here, so that a leap day is the last one.
    let (year, month) = if month < 2 {
        (year - 1, month + 10)
    } else {
        (year, month - 2)
    };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

impl Broken {
    /// The time of a number of seconds since 1970.
    pub fn of(seconds: i64) -> Self {
        let day = seconds.div_euclid(86_400);
        let rest = seconds.rem_euclid(86_400);
        let shifted = day + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let march = (5 * of_year + 2) / 153;
        let month = if march < 10 { march + 2 } else { march - 10 };
        let year = year + era * 400 + i64::from(month < 2);
        Self {
            year,
            month,
            day: of_year - (153 * march + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (day + 4).rem_euclid(7),
            yearday: day - days(year, 0, 1),
        }
    }

    /// Seconds since 1970; what is beyond its range is carried over.
    pub fn seconds(&self) -> i64 {
        let day = days(self.year, self.month, 1) + self.day - 1;
        day * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// The numbers, in jq's order.
    pub fn numbers(&self) -> [i64; 8] {
        [
            self.year,
            self.month,
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.weekday,
            self.yearday,
        ]
    }

    /// Year and week of ISO 8601.
    fn iso_week(&self) -> (i64, i64) {
        let weekday = (self.weekday + 6) % 7;
        let week = (self.yearday - weekday + 10) / 7;
        let weeks = |year: i64| {
            let first = (days(year, 0, 1) + 3).rem_euclid(7);
            if first == 3 || (first == 2 && is_leap(year)) {
                53
            } else {
                52
            }
        };
        if week < 1 {
            (self.year - 1, weeks(self.year - 1))
        } else if week > weeks(self.year) {
            (self.year + 1, 1)
        } else {
            (self.year, week)
        }
    }
}

/// How a number is filled up.
struct Field {
    value: i64,
    width: usize,
    fill: char,
}

/// Writes a time as `strftime` does in the C locale, with the extensions of GNU.
pub fn write(time: &Broken, format: &str, zone: (i64, &str)) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let flags = behind
            .find(|c| !"_-0^#".contains(c))
            .unwrap_or(behind.len());
        let digits = &behind[flags..];
        let digits = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let width: Option<usize> = behind[flags..flags + digits].parse().ok();
        let mut letters = behind[flags + digits..].chars();
        let mut letter = letters.next();
        if matches!(letter, Some('E' | 'O')) && letters.as_str().starts_with(char::is_alphabetic) {
            letter = letters.next();
        }
        let used = behind.len() - letters.as_str().len();
        let written = letter.and_then(|letter| conversion(time, letter, zone));
        let Some(written) = written else {
            out.push_str(&rest[at..=at + used]);
            rest = letters.as_str();
            continue;
        };
        let flags = &behind[..flags];
        out.push_str(&match written {
            Written::Number(field) => number(&field, flags, width),
            Written::Text(text) => {
                let text = if flags.contains('^') {
                    text.to_uppercase()
                } else {
                    text
                };
                let width = width.unwrap_or(0).min(1024);
                if flags.contains('0') {
                    format!("{text:0>width$}")
                } else {
                    format!("{text:>width$}")
                }
            }
        });
        rest = letters.as_str();
    }
    out.push_str(rest);
    out
}

enum Written {
    Number(Field),
    Text(String),
}

fn number(field: &Field, flags: &str, width: Option<usize>) -> String {
    let fill = match flags.chars().rev().find(|c| "_-0".contains(*c)) {
        Some('_') => ' ',
        Some('-') => return field.value.to_string(),
        Some(_) => '0',
        None => field.fill,
    };
    let width = width.unwrap_or(field.width).min(1024);
    if fill == ' ' {
        return format!("{:>width$}", field.value);
    }
    format!("{:0>width$}", field.value)
}

fn conversion(time: &Broken, letter: char, zone: (i64, &str)) -> Option<Written> {
    let padded = |value, width| {
        Written::Number(Field {
            value,
            width,
            fill: '0',
        })
    };
    let spaced = |value, width| {
        Written::Number(Field {
            value,
            width,
            fill: ' ',
        })
    };
    let again = |format: &str| Written::Text(write(time, format, zone));
    let name = |names: &[&str], at: i64| {
        let at = usize::try_from(at).ok();
        at.and_then(|at| names.get(at))
            .map_or("?", |name| name)
            .to_owned()
    };
    let twelve = |hour: i64| if hour % 12 == 0 { 12 } else { hour % 12 };
    let half = if time.hour < 12 { "AM" } else { "PM" };
    Some(match letter {
        'a' => Written::Text(name(&DAYS, time.weekday)[..3].to_owned()),
        'A' => Written::Text(name(&DAYS, time.weekday)),
        'b' | 'h' => Written::Text(name(&MONTHS, time.month)[..3].to_owned()),
        'B' => Written::Text(name(&MONTHS, time.month)),
        'c' => again("%a %b %e %H:%M:%S %Y"),
        'C' => padded(time.year.div_euclid(100), 2),
        'd' => padded(time.day, 2),
        'D' | 'x' => again("%m/%d/%y"),
        'e' => spaced(time.day, 2),
        'F' => again("%Y-%m-%d"),
        'g' => padded(time.iso_week().0.rem_euclid(100), 2),
        'G' => padded(time.iso_week().0, 1),
        'H' => padded(time.hour, 2),
        'I' => padded(twelve(time.hour), 2),
        'j' => padded(time.yearday + 1, 3),
        'k' => spaced(time.hour, 2),
        'l' => spaced(twelve(time.hour), 2),
        'm' => padded(time.month + 1, 2),
        'M' => padded(time.minute, 2),
        'n' => Written::Text("\n".to_owned()),
        'p' => Written::Text(half.to_owned()),
        'P' => Written::Text(half.to_lowercase()),
        'r' => again("%I:%M:%S %p"),
        'R' => again("%H:%M"),
        's' => padded(time.seconds() - zone.0, 1),
        'S' => padded(time.second, 2),
        't' => Written::Text("\t".to_owned()),
        'T' | 'X' => again("%H:%M:%S"),
        'u' => padded((time.weekday + 6) % 7 + 1, 1),
        'U' => padded((time.yearday - time.weekday + 7) / 7, 2),
        'V' => padded(time.iso_week().1, 2),
        'w' => padded(time.weekday, 1),
        'W' => padded((time.yearday - (time.weekday + 6) % 7 + 7) / 7, 2),
        'y' => padded(time.year.rem_euclid(100), 2),
        'Y' => padded(time.year, 1),
        'z' => {
            let sign = if zone.0 < 0 { '-' } else { '+' };
            let minutes = zone.0.abs() / 60;
            Written::Text(format!("{sign}{:02}{:02}", minutes / 60, minutes % 60))
        }
        'Z' => Written::Text(zone.1.to_owned()),
        '%' => Written::Text("%".to_owned()),
        _ => return None,
    })
}

/// What is known of a time while it is read.
#[expect(clippy::struct_excessive_bools, reason = "what is known, one by one")]
struct Reader<'a> {
    rest: &'a str,
    time: Broken,
    century: Option<i64>,
    year_of_century: Option<i64>,
    is_afternoon: Option<bool>,
    knows_month: bool,
    knows_day: bool,
    knows_yearday: bool,
    knows_weekday: bool,
    wants_days: bool,
}

/// Reads a time as C's `strptime` does in the C locale; gives what is left of the text, which can
/// only begin with a blank.
pub fn read<'a>(text: &'a str, format: &str) -> Option<(Broken, &'a str)> {
    // Days that nobody knows are marked as jq marks them.
    let time = Broken {
        year: 1900,
        weekday: 8,
        yearday: 367,
        ..Broken::default()
    };
    let mut reader = Reader {
        rest: text,
        time,
        century: None,
        year_of_century: None,
        is_afternoon: None,
        knows_month: false,
        knows_day: false,
        knows_yearday: false,
        knows_weekday: false,
        wants_days: false,
    };
    reader.by(format)?;
    reader.finish();
    let is_end = reader.rest.is_empty() || reader.rest.starts_with(char::is_whitespace);
    is_end.then_some((reader.time, reader.rest))
}

impl Reader<'_> {
    fn by(&mut self, format: &str) -> Option<()> {
        let mut chars = format.chars();
        while let Some(c) = chars.next() {
            if c.is_whitespace() {
                self.blanks();
            } else if c == '%' {
                let mut letter = chars.next()?;
                while "_-0^#EO".contains(letter) {
                    letter = chars.next()?;
                }
                self.field(letter)?;
            } else {
                self.rest = self.rest.strip_prefix(c)?;
            }
        }
        Some(())
    }

    fn blanks(&mut self) {
        self.rest = self
            .rest
            .trim_start_matches(|c: char| c.is_ascii_whitespace());
    }

    fn number(&mut self, range: std::ops::RangeInclusive<i64>, digits: usize) -> Option<i64> {
        self.rest = self.rest.trim_start_matches(' ');
        let count = self
            .rest
            .bytes()
            .take(digits)
            .take_while(u8::is_ascii_digit)
            .count();
        let (number, rest) = self.rest.split_at(count);
        let number = number.parse().ok().filter(|n| range.contains(n))?;
        self.rest = rest;
        Some(number)
    }

    fn name(&mut self, names: &[&str]) -> Option<i64> {
        let starts = |rest: &str, name: &str| {
            rest.get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        for (at, name) in (0..).zip(names) {
            for name in [name, &name[..3]] {
                if starts(self.rest, name) {
                    self.rest = &self.rest[name.len()..];
                    return Some(at);
                }
            }
        }
        None
    }

    fn field(&mut self, letter: char) -> Option<()> {
        match letter {
            'a' | 'A' => {
                self.time.weekday = self.name(&DAYS)?;
                self.knows_weekday = true;
            }
            'b' | 'B' | 'h' => self.month_is(|r| r.name(&MONTHS))?,
            'm' => self.month_is(|r| r.number(1..=12, 2).map(|m| m - 1))?,
            'd' | 'e' => {
                self.time.day = self.number(1..=31, 2)?;
                self.knows_day = true;
                self.wants_days = true;
            }
            'H' | 'k' => {
                self.time.hour = self.number(0..=23, 2)?;
                self.is_afternoon = None;
            }
            'I' | 'l' => {
                self.time.hour = self.number(1..=12, 2)? % 12;
                self.is_afternoon = Some(self.is_afternoon.unwrap_or(false));
            }
            'p' | 'P' => {
                let half = self.rest.get(..2)?.to_ascii_uppercase();
                let half = ["AM", "PM"].iter().position(|name| *name == half)?;
                self.rest = &self.rest[2..];
                self.is_afternoon = Some(half == 1);
            }
            'M' => self.time.minute = self.number(0..=59, 2)?,
            'S' => self.time.second = self.number(0..=61, 2)?,
            'j' => {
                self.time.yearday = self.number(1..=366, 3)? - 1;
                self.knows_yearday = true;
            }
            'y' => {
                self.year_of_century = Some(self.number(0..=99, 2)?);
                self.wants_days = true;
            }
            'C' => {
                self.century = Some(self.number(0..=99, 2)?);
                self.wants_days = true;
            }
            'Y' => {
                self.time.year = self.number(0..=9999, 4)?;
                self.century = None;
                self.year_of_century = None;
                self.wants_days = true;
            }
            's' => {
                let seconds = self.number(0..=i64::from(u32::MAX) * 1000, 13)?;
                self.time = Broken::of(seconds);
                self.knows_weekday = true;
                self.knows_yearday = true;
                self.knows_month = true;
                self.knows_day = true;
            }
            'u' => {
                self.time.weekday = self.number(1..=7, 1)? % 7;
                self.knows_weekday = true;
            }
            'w' => {
                self.time.weekday = self.number(0..=6, 1)?;
                self.knows_weekday = true;
            }
            'G' => drop(self.number(0..=9999, 4)?),
            'g' => drop(self.number(0..=99, 2)?),
            'U' | 'W' | 'V' => drop(self.number(0..=53, 2)?),
            'n' | 't' => self.blanks(),
            'D' | 'x' => self.by("%m/%d/%y")?,
            'F' => self.by("%Y-%m-%d")?,
            'T' | 'X' => self.by("%H:%M:%S")?,
            'R' => self.by("%H:%M")?,
            'r' => self.by("%I:%M:%S %p")?,
            'c' => self.by("%a %b %e %H:%M:%S %Y")?,
            'z' => self.offset()?,
            'Z' => {
                self.blanks();
                self.rest = self
                    .rest
                    .trim_start_matches(|c: char| !c.is_ascii_whitespace());
            }
            '%' => self.rest = self.rest.strip_prefix('%')?,
            _ => return None,
        }
        Some(())
    }

    fn month_is(&mut self, read: impl FnOnce(&mut Self) -> Option<i64>) -> Option<()> {
        self.time.month = read(self)?;
        self.knows_month = true;
        self.wants_days = true;
        Some(())
    }

    /// `Z`, `+hh`, `+hhmm` or `+hh:mm`; C reads it and leaves the time as it is.
    fn offset(&mut self) -> Option<()> {
        self.blanks();
        if let Some(rest) = self.rest.strip_prefix('Z') {
            self.rest = rest;
            return Some(());
        }
        self.rest = self.rest.strip_prefix(['+', '-'])?;
        let hours = self
            .rest
            .get(..2)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        self.rest = &self.rest[hours.len()..];
        let minutes = self.rest.strip_prefix(':').unwrap_or(self.rest);
        let digits = minutes
            .bytes()
            .take(2)
            .take_while(u8::is_ascii_digit)
            .count();
        match digits {
            2 => self.rest = &minutes[2..],
            0 if minutes.len() == self.rest.len() => {}
            _ => return None,
        }
        Some(())
    }

    /// Computes what follows from what was read.
    fn finish(&mut self) {
        if let Some(is_afternoon) = self.is_afternoon {
            self.time.hour = self.time.hour % 12 + if is_afternoon { 12 } else { 0 };
        }
        if let Some(year) = self.year_of_century {
            let century = match self.century {
                Some(century) => century * 100,
                None if year < 69 => 2000,
                None => 1900,
            };
            self.time.year = century + year;
        } else if let Some(century) = self.century {
            self.time.year = century * 100 + (self.time.year % 100);
        }
        let knows_date = self.knows_month && self.knows_day;
        if self.knows_yearday && !knows_date {
            let day = Broken::of(days(self.time.year, 0, 1 + self.time.yearday) * 86_400);
            self.time.month = day.month;
            self.time.day = day.day;
        }
        let day = days(self.time.year, self.time.month, 1) + self.time.day - 1;
        let is_day = (1..=31).contains(&self.time.day);
        if !self.knows_weekday && (self.wants_days || is_day) {
            self.time.weekday = (day + 4).rem_euclid(7);
        }
        if !self.knows_yearday && (self.wants_days || is_day) {
            self.time.yearday = day - days(self.time.year, 0, 1);
        }
    }
}
