//! Says whether two full names may be of one person.
//!
//! The family names, the last words, decide; the given names may only
//! contradict. An initial agrees with every given name that it may begin, and
//! a name without given names agrees with one that has them. Patronymics and
//! second names count only where both sides have one.

use super::{Agreement, Spelling, agree, keys};

/// Whether two full names agree: the weaker of what their words show.
///
/// Words are parted by white space. An Arabic article (`al-`, `asch-`) is
/// passed over.
pub fn agree_full(left: &str, right: &str) -> Agreement {
    let left: Vec<&str> = left.split_whitespace().collect();
    let right: Vec<&str> = right.split_whitespace().collect();
    let (Some((left_family, left_given)), Some((right_family, right_given))) =
        (left.split_last(), right.split_last())
    else {
        return Agreement::None;
    };
    let family = agree_words(without_article(left_family), without_article(right_family));
    let given = left_given.iter().zip(right_given).map(|(left, right)| agree_given(left, right));
    given.fold(family, Agreement::min)
}

fn agree_words(left: &str, right: &str) -> Agreement {
    agree(left, Spelling::Unknown, right, Spelling::Unknown)
}

fn agree_given(left: &str, right: &str) -> Agreement {
    if !is_initial(left) && !is_initial(right) {
        return agree_words(without_article(left), without_article(right));
    }
    let right_sounds = first_sounds(right);
    let is_shared = |sound: &u8| right_sounds.contains(sound);
    // An initial is no evidence of its own, it only does not contradict.
    if first_sounds(left).iter().any(is_shared) { Agreement::Exact } else { Agreement::None }
}

/// One letter, or up to three and a point: `W.`, `Ju.`, `Yu.`.
fn is_initial(word: &str) -> bool {
    match word.strip_suffix('.') {
        Some(letters) => (1..=3).contains(&letters.chars().count()),
        None => word.chars().count() == 1,
    }
}

/// The phonemes that a given name or an initial may begin with.
fn first_sounds(word: &str) -> Vec<u8> {
    if !is_initial(word) {
        let first_of = |key: &super::Key| key.phonemes().first().copied();
        let sounds: Vec<u8> = keys(word, Spelling::Unknown).iter().filter_map(first_of).collect();
        if !sounds.is_empty() {
            return sounds;
        }
    }
    let folded = super::letters::folded(word);
    let sounds: &[u8] = match folded.as_bytes() {
        [b'c', ..] => b"cCSkH",
        [b'd', ..] => b"dJ",
        [b'g', ..] => b"gH",
        [b'h', ..] => b"H",
        [b'i', ..] => b"ij",
        [b'j', ..] => b"jJSaeiou",
        [b'k', ..] => b"kH",
        [b'p', ..] => b"pf",
        [b'q', ..] => b"kg",
        [b's', ..] => b"sS",
        [b't', ..] => b"tcC",
        [b'v' | b'w', ..] => b"v",
        [b'x', ..] => b"kH",
        [b'y', ..] => b"jiaeou",
        [b'z', ..] => b"scS",
        [first, ..] => return vec![*first],
        [] => b"",
    };
    sounds.to_vec()
}

/// The word without an Arabic article and its hyphen: al-, as-, asch-.
fn without_article(word: &str) -> &str {
    let Some((article, name)) = word.split_once('-') else {
        return word;
    };
    let is_article = (2..=4).contains(&article.len())
        && article.starts_with(['a', 'e', 'A', 'E'])
        && article.bytes().skip(1).all(|letter| !b"aeiou".contains(&letter));
    if is_article && !name.is_empty() { name } else { word }
}

#[cfg(test)]
mod tests {
    use super::Agreement::{Exact, Key, None, Weak};
    use super::*;

    fn check(left: &str, right: &str, expected: Agreement) {
        assert_eq!(agree_full(left, right), expected, "{left}, {right}");
        assert_eq!(agree_full(right, left), expected, "{right}, {left}");
    }

    #[test]
    fn family_names_decide_where_one_has_no_given_name() {
        check("Tschechow", "Anton Chekhov", Key);
        check("Olaf Scholz", "Scholz", Exact);
        check("Anton Tschechow", "Lermontov", None);
    }

    #[test]
    fn given_names_may_contradict() {
        check("Wassili Aksjonow", "Vasily Aksyonov", Key);
        check("Wassili Aksjonow", "Sergei Aksyonov", None);
        check("Iwan Bunin", "Ivan Bunin", Key);
    }

    #[test]
    fn an_initial_agrees_with_the_names_it_begins() {
        check("W. Puschkin", "Vladimir Pushkin", Key);
        check("J. Schwarz", "Yevgeny Schwarz", Exact);
        check("Ju. Gagarin", "Yuri Gagarin", Exact);
        check("Z. Karpin", "Sinaida Karpin", Exact);
        check("A. Puschkin", "Vladimir Pushkin", None);
        check("А. Пушкин", "A. Puschkin", Key);
    }

    #[test]
    fn a_patronymic_on_one_side_does_not_matter() {
        check("Michail Sergejewitsch Gorbatschow", "Mikhail Gorbachev", Key);
        check("Михаил Горбачёв", "Michail Gorbatschow", Key);
    }

    #[test]
    fn an_arabic_article_does_not_matter() {
        check("Baschar al-Assad", "Bashar Assad", Key);
        check("Ahmed asch-Scharif", "Ahmed al-Sharif", Key);
        check("Mohammed al-Dschasiri", "Muhammad al-Jaziri", Weak);
    }

    #[test]
    fn nothing_agrees_with_no_name() {
        check("", "Anton Chekhov", None);
        check(" ", "", None);
    }
}
