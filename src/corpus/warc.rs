//! Web archives (WARC and WET): each record that holds plain text is a line.
//!
//! Read are `conversion` records, which is what WET files hold, and
//! `resource` records of plain text. Pages as HTML are passed over: what of
//! their markup is text is not for this program to say. The record's id names
//! the document, its target and date are fields.

use super::ReadOptions;
use super::lines::Stream;
use super::unpack::Content;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes of the head of a record; more is no archive.
const LONGEST_HEAD: u64 = 1 << 20;

/// The pages of an archive as lines of JSON.
pub(super) struct Pages {
    archive: BufReader<Content>,
    text_field: String,
    id_field: String,
    lang_field: Option<String>,
    date_field: Option<String>,
    max_bytes: u64,
    line: Vec<u8>,
    at: usize,
    n_records: u64,
}

/// What the head of a record says.
#[derive(Debug, Default)]
struct Head {
    kind: String,
    id: String,
    target: Option<String>,
    date: Option<String>,
    language: Option<String>,
    content_type: String,
    length: u64,
}

impl Pages {
    pub fn new(content: Content, options: &ReadOptions) -> Self {
        Self {
            archive: BufReader::with_capacity(1 << 16, content),
            text_field: options.text_field.clone(),
            id_field: options.id_field.clone(),
            lang_field: options.lang_field.clone(),
            date_field: options.date_field.clone(),
            max_bytes: options.max_document_bytes,
            line: vec![],
            at: 0,
            n_records: 0,
        }
    }

    /// Makes the line of the next page; `false` at the end.
    fn next(&mut self) -> io::Result<bool> {
        while let Some(head) = self.head()? {
            self.n_records += 1;
            let is_text = match head.kind.as_str() {
                "conversion" => true,
                "resource" => head.content_type.starts_with("text/plain"),
                _ => false,
            };
            if !is_text || head.length > self.max_bytes {
                self.skip(head.length)?;
                continue;
            }
            let mut text = vec![];
            (&mut self.archive).take(head.length).read_to_end(&mut text)?;
            if text.len() as u64 != head.length {
                return Err(self.broken("breaks off"));
            }
            self.write_line(&head, &text)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn write_line(&mut self, head: &Head, text: &[u8]) -> io::Result<()> {
        let mut record = serde_json::Map::new();
        record.insert(self.id_field.clone(), head.id.clone().into());
        let mut add = |field: &str, value: &Option<String>| {
            if let Some(value) = value {
                record.insert(field.to_owned(), value.clone().into());
            }
        };
        add("url", &head.target);
        add(self.lang_field.as_deref().unwrap_or("language"), &head.language);
        add(self.date_field.as_deref().unwrap_or("date"), &head.date);
        record.insert(self.text_field.clone(), String::from_utf8_lossy(text).into());
        self.line.clear();
        self.at = 0;
        serde_json::to_writer(&mut self.line, &record)?;
        self.line.push(b'\n');
        Ok(())
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.archive).take(length), &mut io::sink())?;
        if skipped == length { Ok(()) } else { Err(self.broken("breaks off")) }
    }

    /// The head of the next record; `None` at the end of the archive.
    fn head(&mut self) -> io::Result<Option<Head>> {
        let mut line = vec![];
        // Records are separated by empty lines.
        loop {
            line.clear();
            if (&mut self.archive).take(LONGEST_HEAD).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            if !line.trim_ascii().is_empty() {
                break;
            }
        }
        if !line.starts_with(b"WARC/") {
            return Err(self.broken("does not start with WARC/"));
        }
        let mut head = Head::default();
        let mut length = None;
        let mut read = 0;
        loop {
            line.clear();
            read += (&mut self.archive).take(LONGEST_HEAD).read_until(b'\n', &mut line)? as u64;
            if !line.ends_with(b"\n") || read > LONGEST_HEAD {
                return Err(self.broken("has a head that does not end"));
            }
            let text = String::from_utf8_lossy(line.trim_ascii());
            if text.is_empty() {
                break;
            }
            let Some((name, value)) = text.split_once(':') else { continue };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "warc-type" => head.kind = value.to_ascii_lowercase(),
                "warc-record-id" => head.id = value.trim_matches(['<', '>']).to_owned(),
                "warc-target-uri" => head.target = Some(value.to_owned()),
                "warc-date" => head.date = Some(value.to_owned()),
                "warc-identified-content-language" => {
                    head.language = value.split(',').next().map(|code| code.trim().to_owned());
                }
                "content-type" => head.content_type = value.to_ascii_lowercase(),
                "content-length" => length = value.parse().ok(),
                _ => {}
            }
        }
        head.length = length.ok_or_else(|| self.broken("has no length"))?;
        Ok(Some(head))
    }

    fn broken(&self, what: &str) -> io::Error {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("record {} of the archive {what}", self.n_records + 1),
        )
    }
}

impl Read for Pages {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() && !self.next()? {
            return Ok(0);
        }
        let n = (&self.line[self.at..]).read(buffer)?;
        self.at += n;
        Ok(n)
    }
}

impl Stream for Pages {
    fn consumed(&self) -> u64 {
        self.archive.get_ref().consumed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn record(kind: &str, id: &str, body: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Target-URI: http://example.org/{id}\r\n\
             WARC-Date: 2024-10-03T10:00:00Z\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        )
    }

    fn lines(archive: &str) -> io::Result<String> {
        let mut lines = String::new();
        let content = Content::plain(Box::new(Cursor::new(archive.to_owned().into_bytes())));
        Pages::new(content, &ReadOptions::default()).read_to_string(&mut lines)?;
        Ok(lines)
    }

    #[test]
    fn text_records_become_lines_and_others_are_passed_over() {
        let archive = [
            record("warcinfo", "0", "software: x"),
            record("conversion", "1", "Erste \"Seite\"\nzweite Zeile"),
            record("response", "2", "HTTP/1.1 200 OK\r\n\r\n<html>"),
            record("resource", "3", "Dritte"),
        ];
        assert_eq!(
            lines(&archive.concat()).unwrap(),
            r#"{"date":"2024-10-03T10:00:00Z","id":"urn:uuid:1","text":"Erste \"Seite\"\nzweite Zeile","url":"http://example.org/1"}
{"date":"2024-10-03T10:00:00Z","id":"urn:uuid:3","text":"Dritte","url":"http://example.org/3"}
"#
        );
    }

    #[test]
    fn an_archive_that_breaks_off_is_an_error() {
        let archive = record("conversion", "1", "Erste Seite");
        let end = archive.trim_end().len();
        for cut in 1..end {
            assert!(lines(&archive[..cut]).is_err(), "cut at {cut}");
        }
        assert!(lines(&archive[..end]).is_ok());
    }
}
