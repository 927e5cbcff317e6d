//! The operating system's users, by number.

/// What the system calls a user; `user-NUMBER` where it has no name for one.
pub fn name_of(user_id: u32) -> String {
    uzers::get_user_by_uid(user_id)
        .and_then(|user| user.name().to_str().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| format!("user-{user_id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_without_a_name_has_one_all_the_same() {
        assert_eq!(name_of(0), "root");
        assert_eq!(name_of(4_294_000_000), "user-4294000000");
    }
}
