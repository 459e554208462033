use std::{borrow::Cow, str::FromStr};

use ::postgres::types::{IsNull, ToSql, Type};
use anyhow::anyhow;
use bytes::BytesMut;
use kernel::{Day, Error, Id, Instant, Money, Result, UnknownCode};
use rusqlite::types::{ToSqlOutput, ValueRef};

/// A value on its way into a statement. Made by [`params!`](crate::params).
#[derive(Clone, Debug, PartialEq)]
pub enum Param<'a> {
    /// Nothing: SQL's NULL.
    Null,
    /// Numbers, identifiers, money (fen), instants (ms UTC), days and truth values (0 or 1).
    Int(i64),
    /// Degrees, metres, ratios.
    Real(f64),
    /// Text, also codes of coded enums and JSON.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

impl Param<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Param::Null => "NULL",
            Param::Int(_) => "a whole number",
            Param::Real(_) => "a real number",
            Param::Text(_) => "text",
            Param::Bytes(_) => "bytes",
        }
    }
}

/// The parameters of a statement, `$1` first: `params![id, money, &name, state.code()]`.
///
/// Takes identifiers, `i64`, [`Money`], [`Instant`], [`Day`], `bool`, `f64`, texts, bytes, options of these, and
/// references to most.
#[macro_export]
macro_rules! params {
    () => { &[] as &[$crate::Param<'_>] };
    ($($value:expr),+ $(,)?) => { &[$($crate::Param::from($value)),+] as &[$crate::Param<'_>] };
}

/// One row of an answer, whichever engine gave it.
pub struct Row<'a>(pub(crate) Source<'a>);

pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a postgres::Row),
}

impl Row<'_> {
    /// The value of column `i`, counted from 0. A fault when the column is missing, of another kind, or NULL where
    /// `T` is no `Option`.
    pub fn get<T: Column>(&self, i: usize) -> Result<T> {
        T::read(self, i)
    }

    /// The coded enum whose code stands in column `i`. A fault when the enum does not know the code.
    pub fn code<T: FromStr<Err = UnknownCode>>(&self, i: usize) -> Result<T> {
        Ok(self.get::<String>(i)?.parse::<T>()?)
    }

    /// Like [`Row::code`], `None` for NULL.
    pub fn code_opt<T: FromStr<Err = UnknownCode>>(&self, i: usize) -> Result<Option<T>> {
        Ok(self
            .get::<Option<String>>(i)?
            .map(|code| code.parse::<T>())
            .transpose()?)
    }

    fn cell(&self, i: usize) -> Result<Cell> {
        match &self.0 {
            Source::Sqlite(row) => Ok(match row.get_ref(i)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::Int(n),
                ValueRef::Real(r) => Cell::Real(r),
                ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text)?.to_owned()),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
            }),
            Source::Postgres(row) => postgres_cell(row, i),
        }
    }
}

enum Cell {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

fn postgres_cell(row: &postgres::Row, i: usize) -> Result<Cell> {
    let Some(column) = row.columns().get(i) else {
        return Err(fault(format!("the answer has no column {i}")));
    };
    let cell = match *column.type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map(Cell::Int),
        Type::INT4 => row.try_get::<_, Option<i32>>(i)?.map(|n| Cell::Int(n.into())),
        Type::INT2 => row.try_get::<_, Option<i16>>(i)?.map(|n| Cell::Int(n.into())),
        Type::BOOL => row.try_get::<_, Option<bool>>(i)?.map(|b| Cell::Int(b.into())),
        Type::FLOAT8 => row.try_get::<_, Option<f64>>(i)?.map(Cell::Real),
        Type::FLOAT4 => row.try_get::<_, Option<f32>>(i)?.map(|r| Cell::Real(r.into())),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map(Cell::Bytes),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
            row.try_get::<_, Option<String>>(i)?.map(Cell::Text)
        }
        ref other => {
            let name = column.name();
            return Err(fault(format!(
                "column {i} ({name}) is {other}: cast it to BIGINT, TEXT or the like"
            )));
        }
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads column `i`.
    fn read(row: &Row<'_>, i: usize) -> Result<Self>;
}

macro_rules! column {
    ($($type:ty, $what:literal: $($cell:pat => $value:expr),+;)+) => {$(
        impl Column for $type {
            fn read(row: &Row<'_>, i: usize) -> Result<$type> {
                match row.cell(i)? {
                    $($cell => Ok($value),)+
                    other => Err(fault(format!("column {i} is {}, not {}", other.kind(), $what))),
                }
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row<'_>, i: usize) -> Result<Option<$type>> {
                match row.cell(i)? {
                    Cell::Null => Ok(None),
                    $($cell => Ok(Some($value)),)+
                    other => Err(fault(format!("column {i} is {}, not {}", other.kind(), $what))),
                }
            }
        }
    )+};
}

column! {
    i64, "a number": Cell::Int(n) => n;
    bool, "a truth value": Cell::Int(n) => n != 0;
    // SQLite answers an expression over whole numbers with a whole number.
    f64, "a real number": Cell::Real(r) => r, Cell::Int(n) => n as f64;
    String, "text": Cell::Text(text) => text;
    Vec<u8>, "bytes": Cell::Bytes(bytes) => bytes;
    Money, "money": Cell::Int(n) => Money(n);
    Instant, "an instant": Cell::Int(n) => Instant(n);
    Day, "a day": Cell::Int(n) => Day(n);
}

impl<M> Column for Id<M> {
    fn read(row: &Row<'_>, i: usize) -> Result<Id<M>> {
        i64::read(row, i).map(Id::from_raw)
    }
}

impl<M> Column for Option<Id<M>> {
    fn read(row: &Row<'_>, i: usize) -> Result<Option<Id<M>>> {
        Ok(Option::<i64>::read(row, i)?.map(Id::from_raw))
    }
}

impl Cell {
    fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "NULL",
            Cell::Int(_) => "a whole number",
            Cell::Real(_) => "a real number",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytes",
        }
    }
}

fn fault(what: String) -> Error {
    Error::Fault(anyhow!(what))
}

/// A type that a parameter is made from; an `Option` of it is NULL for `None`.
pub trait Plain<'a> {
    /// The parameter.
    fn param(self) -> Param<'a>;
}

impl<'a, T: Plain<'a>> From<T> for Param<'a> {
    fn from(value: T) -> Param<'a> {
        value.param()
    }
}

impl<'a, T: Plain<'a>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Param<'a> {
        value.map_or(Param::Null, T::param)
    }
}

impl<'a, T> From<&'a Option<T>> for Param<'a>
where
    &'a T: Plain<'a>,
{
    fn from(value: &'a Option<T>) -> Param<'a> {
        value.as_ref().map_or(Param::Null, Plain::param)
    }
}

macro_rules! plain {
    ($($type:ty: $value:ident => $param:expr;)+) => {$(
        impl<'a> Plain<'a> for $type {
            fn param(self) -> Param<'a> {
                let $value = self;
                $param
            }
        }
        impl<'a> Plain<'a> for &$type {
            fn param(self) -> Param<'a> {
                let $value = *self;
                $param
            }
        }
    )+};
}

plain! {
    i64: n => Param::Int(n);
    i32: n => Param::Int(n.into());
    u32: n => Param::Int(n.into());
    u16: n => Param::Int(n.into());
    bool: b => Param::Int(b.into());
    f64: r => Param::Real(r);
    Money: money => Param::Int(money.0);
    Instant: instant => Param::Int(instant.0);
    Day: day => Param::Int(day.0);
}

macro_rules! borrowed {
    ($($type:ty: $value:ident => $param:expr;)+) => {$(
        impl<'a> Plain<'a> for $type {
            fn param(self) -> Param<'a> {
                let $value = self;
                $param
            }
        }
    )+};
}

borrowed! {
    &'a str: text => Param::Text(text.into());
    &'a &str: text => Param::Text((*text).into());
    &'a String: text => Param::Text(text.into());
    String: text => Param::Text(text.into());
    &'a [u8]: bytes => Param::Bytes(bytes.into());
    &'a Vec<u8>: bytes => Param::Bytes(bytes.into());
    Vec<u8>: bytes => Param::Bytes(bytes.into());
}

impl<'a, M> Plain<'a> for Id<M> {
    fn param(self) -> Param<'a> {
        Param::Int(self.raw())
    }
}

impl<'a, M> Plain<'a> for &Id<M> {
    fn param(self) -> Param<'a> {
        Param::Int(self.raw())
    }
}

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Null => ValueRef::Null,
            Param::Int(n) => ValueRef::Integer(*n),
            Param::Real(r) => ValueRef::Real(*r),
            Param::Text(text) => ValueRef::Text(text.as_bytes()),
            Param::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

// PostgreSQL decides what type a parameter has; a number adapts to the width it asks for.
impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self, ty) {
            (Param::Null, _) => Ok(IsNull::Yes),
            (Param::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Param::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Param::Int(n), &Type::INT2) => i16::try_from(*n)?.to_sql(ty, out),
            (Param::Int(n), &Type::BOOL) => (*n != 0).to_sql(ty, out),
            (Param::Int(n), &Type::FLOAT8) => (*n as f64).to_sql(ty, out),
            (Param::Real(r), &Type::FLOAT8) => r.to_sql(ty, out),
            (Param::Real(r), &Type::FLOAT4) => (*r as f32).to_sql(ty, out),
            (Param::Text(text), _) if <&str as ToSql>::accepts(ty) => text.as_ref().to_sql(ty, out),
            (Param::Bytes(bytes), &Type::BYTEA) => bytes.as_ref().to_sql(ty, out),
            // The value itself stays out of the words: it may be a person's.
            (given, wanted) => {
                Err(format!("the statement wants {wanted}, given was {}", given.kind()).into())
            }
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
