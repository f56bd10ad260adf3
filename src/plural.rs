//! Counts in sentences: `1 document`, `2 documents`, `3 copies`.

/// A count and what is counted.
#[must_use]
pub fn counted(n: usize, what: &str) -> String {
    format!("{} {}", thousands(n as u64), plural(n, what))
}

/// What is counted, alone.
#[must_use]
pub fn plural(n: usize, what: &str) -> String {
    match what.strip_suffix('y') {
        _ if n == 1 => what.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None => format!("{what}s"),
    }
}

/// `12,345`
#[must_use]
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_well() {
        assert_eq!(counted(1, "pair"), "1 pair");
        assert_eq!(counted(1_234_567, "pair"), "1,234,567 pairs");
        assert_eq!(counted(0, "copy"), "0 copies");
        assert_eq!(plural(2, "entry"), "entries");
        assert_eq!(thousands(999), "999");
    }
}
