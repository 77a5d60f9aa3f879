//! Who the user is, and which group is the user's alone.
//!
//! Many systems give each user a group of the same name, and a umask (002) that lets the group
//! write. Names and members are read from `/etc/passwd` and `/etc/group`; who is in neither, e.g. a
//! directory's user, has no such group.

use std::path::Path;

/// The file is read up to this length.
const LONGEST: u64 = 8 * 1024 * 1024;

/// Returns the user's number.
pub fn id() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Returns the user's name, else number: what `chown` takes.
pub fn name() -> String {
    let id = id();
    let users = read("/etc/passwd");
    user_of(&users, id).map_or_else(|| id.to_string(), |user| user.name.to_owned())
}

/// Returns whether a group has no member but the user.
pub fn is_private(group: u32) -> bool {
    is_private_in(&read("/etc/passwd"), &read("/etc/group"), id(), group)
}

fn read(path: &str) -> String {
    let bytes = super::read_input(Path::new(path), LONGEST).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

struct User<'a> {
    name: &'a str,
    id: u32,
    group: u32,
}

/// Reads the lines `name:password:uid:gid:…`.
fn users(text: &str) -> impl Iterator<Item = User<'_>> {
    text.lines().filter_map(|line| {
        let mut fields = line.split(':');
        Some(User {
            name: fields.next()?,
            id: fields.nth(1)?.parse().ok()?,
            group: fields.next()?.parse().ok()?,
        })
    })
}

fn user_of(text: &str, id: u32) -> Option<User<'_>> {
    users(text).find(|user| user.id == id)
}

/// Returns whether a group has the user alone, from lines `name:password:gid:member,member`.
fn is_private_in(passwd: &str, groups: &str, id: u32, group: u32) -> bool {
    let Some(user) = user_of(passwd, id) else {
        return false;
    };
    let found = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let number: u32 = fields.nth(1)?.parse().ok()?;
        (number == group).then(|| (name, fields.next().unwrap_or_default()))
    });
    let Some((name, members)) = found else {
        return false;
    };
    let mut others = members.split(',').filter(|m| !m.trim().is_empty());
    if others.any(|member| member != user.name) {
        return false;
    }
    let is_member = user.group == group || members.split(',').any(|m| m == user.name);
    // Whose first group it is does not stand among its members.
    name == user.name || (is_member && users(passwd).all(|u| u.group != group || u.id == id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_groups() {
        let passwd = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/h:/bin/sh\n\
                      bob:x:1001:100::/h:/bin/sh\ncat:x:1002:100::/h:/bin/sh\n\
                      dan:x:1003:1003::/h:/bin/sh\neve:x:1004:1005::/h:/bin/sh\n";
        let groups = "root:x:0:\nann:x:1000:\nusers:x:100:\ndan:x:1003:ann\n\
                      mine:x:1004:ann\nother:x:1005:\nteam:x:1006:ann,bob\n";
        for (user, group, want) in [
            (0, 0, true),
            (1000, 1000, true),
            // Two users' first group.
            (1001, 100, false),
            // Of the user's name, but with another member.
            (1003, 1003, false),
            // The only member, under another name.
            (1000, 1004, true),
            (1004, 1005, true),
            (1000, 1005, false),
            (1000, 1006, false),
            (1000, 0, false),
            (1000, 7, false),
            (7, 1000, false),
        ] {
            let is_private = is_private_in(passwd, groups, user, group);
            assert_eq!(is_private, want, "user {user}, group {group}");
        }
        assert!(!is_private_in("", "", 0, 0));
    }
}
