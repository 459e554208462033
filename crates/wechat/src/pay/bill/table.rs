use std::rc::Rc;

/// A line of a bill that cannot be read. Never quotes the line: it holds what people bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the bill: {fault}")]
pub struct BillError {
    /// The line, from 1; 0 for the bill as a whole.
    pub line: usize,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a line of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Not UTF-8.
    #[error("not UTF-8")]
    Encoding,
    /// A record before any line of titles.
    #[error("a record without titles")]
    NoTitles,
    /// Not as many fields as titles.
    #[error("{found} fields under {titles} titles")]
    Fields {
        /// How many titles there are.
        titles: usize,
        /// How many fields the record has.
        found: usize,
    },
    /// A column is missing that every such bill has.
    #[error("no column {0}")]
    Column(&'static str),
    /// Not an amount in yuan, or one that is finer than the column allows.
    #[error("not an amount")]
    Amount,
    /// Not a whole number.
    #[error("not a number")]
    Number,
    /// Not a time.
    #[error("not a time")]
    Time,
    /// More than two lines of titles.
    #[error("a third table")]
    ThirdTable,
    /// The totals are missing: the bill was cut off.
    #[error("no totals")]
    NoTotals,
    /// A record after the totals.
    #[error("a record after the totals")]
    AfterTotals,
}

/// Which of a bill's two tables a record stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One payment, refund or movement of money.
    Detail,
    /// The sums at the end.
    Total,
}

/// One record of a bill: fields by the titles of their columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The line, from 1.
    pub line: usize,
    /// Which table.
    pub part: Part,
    titles: Rc<[&'a str]>,
    fields: Vec<&'a str>,
}

impl<'a> Record<'a> {
    /// The field under the first of these titles that the bill has: titles changed over the years.
    pub fn get(&self, titles: &[&str]) -> Option<&'a str> {
        let at = self.titles.iter().position(|title| titles.contains(title))?;
        self.fields.get(at).copied()
    }

    /// Titles and fields, in the order of the bill.
    pub fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.titles.iter().copied().zip(self.fields.iter().copied())
    }

    pub(super) fn need(&self, title: &'static str, aliases: &[&str]) -> Result<&'a str, BillError> {
        self.get(&[title])
            .or_else(|| self.get(aliases))
            .ok_or_else(|| self.fault(Fault::Column(title)))
    }

    pub(super) fn fault(&self, fault: Fault) -> BillError {
        BillError {
            line: self.line,
            fault,
        }
    }

    /// The columns that the reader of the bill does not know.
    pub(super) fn others(&self, known: &[&str]) -> Vec<(String, String)> {
        self.pairs()
            .filter(|(title, _)| !known.contains(title))
            .map(|(title, field)| (title.to_owned(), field.to_owned()))
            .collect()
    }
}

/// Reads a bill record by record, never more than one line at a time (pay.weixin.qq.com,
/// bill-download/format-trade.html and format-fundflow.html).
///
/// A bill is: a line of titles, records whose fields begin with a backtick, a second line of titles, one record of
/// totals. A field may hold commas, so records are split where a comma meets a backtick. Any bytes may be given; a line
/// that cannot be read is an error of its own, and reading goes on behind it.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    rest: &'a [u8],
    line: usize,
    titles: Option<Rc<[&'a str]>>,
    part: Part,
}

impl<'a> Records<'a> {
    /// Over the bytes of a bill, not compressed.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes),
            line: 0,
            titles: None,
            part: Part::Detail,
        }
    }

    fn next_line(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let (line, rest) = match end {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, &self.rest[self.rest.len()..]),
        };
        self.rest = rest;
        self.line += 1;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// A record, or `None` for a line of titles.
    fn read(&mut self, line: &'a str) -> Result<Option<Record<'a>>, Fault> {
        let Some(record) = line.strip_prefix('`') else {
            self.part = match (&self.titles, self.part) {
                (None, _) => Part::Detail,
                (Some(_), Part::Detail) => Part::Total,
                (Some(_), Part::Total) => return Err(Fault::ThirdTable),
            };
            self.titles = Some(line.split(',').map(str::trim).collect());
            return Ok(None);
        };
        let titles = Rc::clone(self.titles.as_ref().ok_or(Fault::NoTitles)?);
        let fields: Vec<&str> = record.split(",`").collect();
        if fields.len() != titles.len() {
            let (titles, found) = (titles.len(), fields.len());
            return Err(Fault::Fields { titles, found });
        }
        Ok(Some(Record {
            line: self.line,
            part: self.part,
            titles,
            fields,
        }))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<Record<'a>, BillError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let bytes = self.next_line()?;
            let read = match std::str::from_utf8(bytes) {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => self.read(line),
                Err(_) => Err(Fault::Encoding),
            };
            let line = self.line;
            match read {
                Ok(None) => {}
                Ok(Some(record)) => return Some(Ok(record)),
                Err(fault) => return Some(Err(BillError { line, fault })),
            }
        }
    }
}

/// A whole bill: its records and its totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill<R, T> {
    /// The records, in the order of the bill.
    pub records: Vec<R>,
    /// The sums at the end.
    pub totals: T,
}

/// Reads a whole bill. The first line that cannot be read is the result: a bill read in part would be reconciled in
/// part.
pub(super) fn whole<'a, R, T>(
    bytes: &'a [u8],
    read: impl Fn(&Record<'a>) -> Result<R, BillError>,
    sum: impl Fn(&Record<'a>) -> Result<T, BillError>,
) -> Result<Bill<R, T>, BillError> {
    let (mut records, mut totals) = (Vec::new(), None);
    for record in Records::new(bytes) {
        let record = record?;
        match record.part {
            Part::Detail => records.push(read(&record)?),
            Part::Total if totals.is_some() => return Err(record.fault(Fault::AfterTotals)),
            Part::Total => totals = Some(sum(&record)?),
        }
    }
    // Without the totals nobody can say whether the bill is whole.
    let totals = totals.ok_or(BillError {
        line: 0,
        fault: Fault::NoTotals,
    })?;
    Ok(Bill { records, totals })
}
