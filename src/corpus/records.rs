//! Records that a caller hands over, where there are no files.
//!
//! They are written as lines of JSON to an unnamed temporary file, as rows of
//! Parquet and web archives are, and read from there: one way from a record to
//! a document, whatever it came from, and no text is held in memory.

use super::source::SourceFile;
use super::spool::Spool;
use super::{Corpus, ReadOptions};
use crate::error::Error;
use crate::spill::temporary_file;
use serde::ser::{SerializeMap, Serializer};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The name that such records have in ids and messages.
const NAME: &str = "records";

/// One record. Without a text it is left out and named; without an id it is
/// called `records:N`, counted from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The name that reports use; unique among all records.
    pub id: Option<String>,
    /// The text.
    pub text: Option<String>,
    /// A language code; read if the options name a language field.
    pub language: Option<String>,
    /// A date; read if the options name a date field.
    pub date: Option<String>,
}

impl Corpus {
    /// A corpus of `records`, in their order.
    ///
    /// # Errors
    ///
    /// The first error among the records, or that there is no room for the
    /// temporary file.
    pub fn of_records<E: From<Error>>(
        records: impl IntoIterator<Item = Result<Record, E>>,
        options: ReadOptions,
    ) -> Result<Self, E> {
        let mut lines = Lines::create(&options)?;
        for record in records {
            let record = record?;
            lines.write(|out| write_record(&record, &options, out))?;
        }
        Ok(lines.into_corpus(options)?)
    }

    /// A corpus of the rows of Arrow `batches`, in their order; columns are
    /// the fields that `options` names, and others are passed over.
    ///
    /// # Errors
    ///
    /// The first error among the batches, that one has no column of texts, or
    /// that there is no room for the temporary file.
    #[cfg(feature = "parquet")]
    pub fn of_batches<E: From<Error>>(
        batches: impl IntoIterator<Item = Result<arrow_array::RecordBatch, E>>,
        options: ReadOptions,
    ) -> Result<Self, E> {
        let mut lines = Lines::create(&options)?;
        for batch in batches {
            let batch = super::parquet::only_fields(&batch?, &options).map_err(|cause| {
                Error::invalid_parameter(format!("the table holds no texts in `{}`", options.text_field))
                    .because(cause.to_string())
            })?;
            lines.write(|out| super::parquet::write_rows(&batch, out))?;
        }
        Ok(lines.into_corpus(options)?)
    }
}

/// The temporary file in the making.
struct Lines {
    out: BufWriter<File>,
    buffer: Vec<u8>,
    length: u64,
}

impl Lines {
    fn create(options: &ReadOptions) -> Result<Self, Error> {
        let file = temporary_file(options.temp_dir.as_deref()).map_err(|error| no_room(&error))?;
        Ok(Self { out: BufWriter::with_capacity(1 << 16, file), buffer: vec![], length: 0 })
    }

    fn write(&mut self, render: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<(), Error> {
        self.buffer.clear();
        render(&mut self.buffer).map_err(|error| no_room(&error))?;
        self.length += self.buffer.len() as u64;
        self.out.write_all(&self.buffer).map_err(|error| no_room(&error))
    }

    fn into_corpus(self, options: ReadOptions) -> Result<Corpus, Error> {
        let file = self.out.into_inner().map_err(|error| no_room(error.error()))?;
        let source = SourceFile::records(NAME, Spool::new(file, self.length, None), self.length);
        Ok(Corpus { roots: vec![], files: vec![source], options, unreadable: vec![] })
    }
}

fn no_room(error: &io::Error) -> Error {
    Error::io("keep a temporary copy of", Path::new(NAME), error).hint("name a folder with room for it")
}

fn write_record(record: &Record, options: &ReadOptions, out: &mut Vec<u8>) -> io::Result<()> {
    let fields = [
        (Some(&options.text_field), &record.text),
        (Some(&options.id_field), &record.id),
        (options.lang_field.as_ref(), &record.language),
        (options.date_field.as_ref(), &record.date),
    ];
    let mut json = serde_json::Serializer::new(&mut *out);
    let mut map = json.serialize_map(None)?;
    for (name, value) in fields {
        if let Some(name) = name {
            map.serialize_entry(name, value)?;
        }
    }
    map.end()?;
    out.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Silent;

    fn read(corpus: &Corpus) -> Vec<(String, Result<String, String>)> {
        let mut all = vec![];
        let documents = |batch: &crate::corpus::Batch| {
            let mut found = vec![];
            batch.for_each(corpus, |document| {
                found.push(match document {
                    Ok(document) => (document.id.into_owned(), Ok(document.text.into_owned())),
                    Err(skipped) => (skipped.document, Err(skipped.reason)),
                });
            });
            found
        };
        corpus
            .map_batches(&Silent, documents, |found| {
                all.extend(found);
                Ok(())
            })
            .unwrap();
        all
    }

    #[test]
    fn records_come_back_as_documents_as_often_as_they_are_read() {
        let text = |text: &str| Record { text: Some(text.into()), ..Record::default() };
        let named = Record { id: Some("b".into()), ..text("zwei\n\"Zeilen\"\u{2028}") };
        let records = [text("eins"), named, Record::default()];
        let corpus = Corpus::of_records::<Error>(records.map(Ok), ReadOptions::default()).unwrap();
        let expected = [
            ("records:1".to_owned(), Ok("eins".to_owned())),
            ("b".to_owned(), Ok("zwei\n\"Zeilen\"\u{2028}".to_owned())),
            ("records:3".to_owned(), Err("field `text` is null".to_owned())),
        ];
        assert_eq!(read(&corpus), expected);
        assert_eq!(read(&corpus), expected);
    }

    #[test]
    fn no_records_are_a_corpus_without_documents() {
        let corpus = Corpus::of_records::<Error>([], ReadOptions::default()).unwrap();
        assert_eq!(read(&corpus), []);
        let error = crate::scan::Scan::new().run(&corpus, &Silent).unwrap_err();
        assert!(error.is_nothing_to_read(), "{error}");
    }
}
