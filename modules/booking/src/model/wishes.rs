//! What somebody says about themselves when they book: how they are addressed and reached, and what they would like.

use serde::{Deserialize, Serialize};

use super::{NAME_LENGTH, NOTE_LENGTH, Refusal, Strength};

/// How the customer is addressed and reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// 称呼: how the therapist addresses the customer, such as 张女士.
    pub name: String,
    /// A mobile number: eleven digits; empty for a walk-in customer who gave none.
    pub phone: String,
}

impl Contact {
    /// Reads what the desk typed about somebody who stands there: name and number may both be missing.
    ///
    /// # Errors
    /// `booking.bad_name`, `booking.bad_phone`.
    pub fn read_present(name: &str, phone: &str, unnamed: &str) -> Result<Contact, Refusal> {
        let name = if name.trim().is_empty() { unnamed } else { name };
        if phone.trim().is_empty() {
            return Ok(Contact {
                name: read_name(name)?,
                phone: String::new(),
            });
        }
        Contact::read(name, phone)
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// `booking.bad_name`, `booking.bad_phone`.
    pub fn read(name: &str, phone: &str) -> Result<Contact, Refusal> {
        let name = read_name(name)?;
        let phone = text::phone::Phone::mobile(phone).map_err(|_| Refusal::BadPhone)?;
        Ok(Contact {
            name,
            phone: phone.number,
        })
    }
}

fn read_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_LENGTH || name.chars().any(char::is_control) {
        return Err(Refusal::BadName { most: NAME_LENGTH });
    }
    Ok(name)
}

/// What the customer would like.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wishes {
    /// How firmly.
    pub strength: Strength,
    /// Anything else, in the customer's words; often empty.
    pub note: String,
}

impl Wishes {
    /// Checks what was typed.
    ///
    /// # Errors
    /// `booking.long_note`.
    pub fn read(strength: Strength, note: &str) -> Result<Wishes, Refusal> {
        let note = note.trim();
        if note.chars().count() > NOTE_LENGTH {
            return Err(Refusal::LongNote { most: NOTE_LENGTH });
        }
        Ok(Wishes {
            strength,
            note: note.to_owned(),
        })
    }
}
