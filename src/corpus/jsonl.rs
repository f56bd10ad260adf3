//! JSON Lines: each line is an object, one of its fields the text.
//!
//! The text is borrowed from the line where it holds no escapes; fields that
//! nobody asked for are passed over without being built.

use super::ReadOptions;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// What was found of the fields that were asked for.
#[derive(Debug, Default)]
pub(super) struct Record<'a> {
    pub text: Option<Cow<'a, str>>,
    pub id: Option<Cow<'a, str>>,
    pub language: Option<Cow<'a, str>>,
    pub date: Option<Cow<'a, str>>,
}

/// Reads one line; the error is one line for a person.
pub(super) fn record<'a>(line: &'a [u8], options: &ReadOptions) -> Result<Record<'a>, String> {
    let line = line.trim_ascii_end();
    let mut json = serde_json::Deserializer::from_slice(line);
    let found = Fields { options }.deserialize(&mut json).and_then(|record| json.end().map(|()| record));
    match found {
        Ok(record) if record.text.is_some() => Ok(record),
        Ok(_) => Err(missing_text(line, options)),
        Err(error) if error.is_data() => Err(strip_position(&error)),
        Err(error) => Err(format!("not valid JSON: {} at column {}", strip_position(&error), error.column())),
    }
}

fn strip_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or(&message).to_owned()
}

fn missing_text(line: &[u8], options: &ReadOptions) -> String {
    let field = &options.text_field;
    let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(line) else {
        return format!("no field `{field}`");
    };
    match object.get(field) {
        Some(serde_json::Value::Null) => format!("field `{field}` is null"),
        _ => {
            let names: Vec<String> = object.keys().map(|name| format!("`{name}`")).collect();
            match names.len() {
                0 => format!("no field `{field}`; the record is empty"),
                _ => format!("no field `{field}`; the record has {}", names.join(", ")),
            }
        }
    }
}

struct Fields<'o> {
    options: &'o ReadOptions,
}

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = Record<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record<'de>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
        let mut record = Record::default();
        let options = self.options;
        let is = |wanted: &Option<String>, name: &str| wanted.as_deref() == Some(name);
        while let Some(Str(name)) = map.next_key()? {
            if name == options.text_field {
                record.text = map.next_value::<Option<Str<'de>>>()?.map(|text| text.0);
            } else if name == options.id_field {
                record.id = map.next_value::<Option<Name<'de>>>()?.and_then(|name| name.0);
            } else if is(&options.lang_field, &name) {
                record.language = map.next_value::<Option<Name<'de>>>()?.and_then(|name| name.0);
            } else if is(&options.date_field, &name) {
                record.date = map.next_value::<Option<Name<'de>>>()?.and_then(|name| name.0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(record)
    }
}

/// A string, borrowed where it can be.
struct Str<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Str<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyStr;
        impl<'de> Visitor<'de> for AnyStr {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Str<'de>, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Str<'de>, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
            fn visit_string<E>(self, text: String) -> Result<Str<'de>, E> {
                Ok(Str(Cow::Owned(text)))
            }
        }
        deserializer.deserialize_str(AnyStr)
    }
}

/// A name: a string, a number, or anything else as no name.
struct Name<'a>(Option<Cow<'a, str>>);

impl<'de> serde::Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Some(text.into()),
            serde_json::Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> ReadOptions {
        ReadOptions { lang_field: Some("meta".into()), ..ReadOptions::default() }
    }

    #[test]
    fn text_without_escapes_is_borrowed_and_numbers_name_records() {
        let options = options();
        let record =
            record(br#"{"id": 7, "x": [1, {"text": "no"}], "text": "f\u00fcnf", "meta": "de"}"#, &options)
                .unwrap();
        assert_eq!(record.text.as_deref(), Some("fünf"));
        assert_eq!((record.id.as_deref(), record.language.as_deref()), (Some("7"), Some("de")));
        let plain = super::record(br#"{"text": "plain"}"#, &options).unwrap();
        assert!(matches!(plain.text, Some(Cow::Borrowed("plain"))));
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let check = |line: &str, expected: &str| {
            assert_eq!(record(line.as_bytes(), &options()).unwrap_err(), expected, "{line}");
        };
        check(r#"{"body": "a", "title": "b"}"#, "no field `text`; the record has `body`, `title`");
        check(r#"{"text": null}"#, "field `text` is null");
        check("{}", "no field `text`; the record is empty");
        check(r#"{"text": 5}"#, "invalid type: integer `5`, expected a string");
        check(r#"{"text": "a""#, "not valid JSON: EOF while parsing an object at column 12");
        check("{\"text\": \"a\n", "not valid JSON: EOF while parsing a string at column 11");
        check(r#"[1]"#, "invalid type: sequence, expected a JSON object");
    }
}
