use kernel::{Day, Id, Refused, Result};

use super::{Category, Refusal};

/// The names of the fields of a form in which attributes are answered, in their order. No category asks for more.
pub const FIELDS: [&str; 8] = [
    "answer0", "answer1", "answer2", "answer3", "answer4", "answer5", "answer6", "answer7",
];

/// Something that is asked when a thing of a category is ordered, such as the time of a home visit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Identifier.
    pub id: Id<Attribute>,
    /// Of which category.
    pub category: Id<Category>,
    /// What is asked: 上门时间.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: AttributeKind,
    /// Whether it must be answered.
    pub required: bool,
    /// What can be chosen, for a choice.
    pub choices: Vec<String>,
    /// Counts the changes.
    pub version: i64,
}

kernel::coded! {
    /// The kinds of answers.
    pub enum AttributeKind {
        /// A day.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// Where to go.
        Address = "address",
        /// A few words.
        Text = "text",
        /// One of some choices.
        Choice = "choice",
        /// A whole number.
        Number = "number",
    }
}

impl AttributeKind {
    /// The catalogue key of the name.
    pub fn text_key(self) -> String {
        format!("catalog-attribute-{}", self.code())
    }

    /// The most characters of an answer.
    pub const fn most(self) -> usize {
        match self {
            AttributeKind::Date | AttributeKind::Time | AttributeKind::Number => 10,
            AttributeKind::Choice => 20,
            AttributeKind::Address => 100,
            AttributeKind::Text => 200,
        }
    }
}

impl Attribute {
    /// What was typed, as it is kept; nothing for an empty answer to what may be left out.
    ///
    /// # Errors
    /// `catalog.not_answered`, `catalog.bad_answer`.
    pub fn read(&self, typed: &str) -> std::result::Result<Option<String>, Refusal> {
        let typed = typed.trim();
        if typed.is_empty() {
            return if self.required {
                Err(Refusal::NotAnswered {
                    name: self.name.clone(),
                })
            } else {
                Ok(None)
            };
        }
        let fits = typed.chars().count() <= self.kind.most()
            && match self.kind {
                AttributeKind::Date => Day::parse(typed).is_some(),
                AttributeKind::Time => is_time(typed),
                AttributeKind::Address => typed.chars().count() >= 4,
                AttributeKind::Text => true,
                AttributeKind::Choice => self.choices.iter().any(|choice| choice == typed),
                AttributeKind::Number => typed.parse::<i64>().is_ok(),
            };
        if fits {
            Ok(Some(typed.to_owned()))
        } else {
            Err(Refusal::BadAnswer {
                name: self.name.clone(),
            })
        }
    }
}

/// Reads the answers to what is asked, in its order: name and value of each that was answered.
///
/// # Errors
/// Those of [`Attribute::read`], on the field of [`FIELDS`] at the attribute's place.
pub fn read_answers<'a>(
    asked: &[Attribute],
    mut typed: impl FnMut(usize) -> &'a str,
) -> Result<Vec<(String, String)>> {
    let mut answers = Vec::new();
    for (place, attribute) in asked.iter().enumerate() {
        match attribute.read(typed(place)) {
            Ok(Some(value)) => answers.push((attribute.name.clone(), value)),
            Ok(None) => {}
            Err(no) => return Err(Refused::from(no).on(FIELDS[place % FIELDS.len()]).into()),
        }
    }
    Ok(answers)
}

/// What is said about an attribute when it is added or edited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewAttribute {
    /// What is asked.
    pub name: String,
    /// What kind of answer it takes.
    pub kind: AttributeKind,
    /// Whether it must be answered.
    pub required: bool,
    /// What can be chosen; only for a choice.
    pub choices: Vec<String>,
}

impl NewAttribute {
    /// The same with surrounding blanks gone, and without choices where there is nothing to choose.
    ///
    /// # Errors
    /// `catalog.bad_attribute_name`, `catalog.bad_choices`.
    pub fn checked(&self) -> Result<NewAttribute> {
        let name = self.name.trim().to_owned();
        if !(2..=20).contains(&name.chars().count()) {
            return Err(Refusal::BadAttributeName.into());
        }
        let mut choices: Vec<String> = Vec::new();
        if self.kind == AttributeKind::Choice {
            for choice in self.choices.iter().map(|choice| choice.trim()) {
                if !choice.is_empty() && !choices.iter().any(|known| known == choice) {
                    choices.push(choice.to_owned());
                }
            }
            let short = |choice: &String| choice.chars().count() <= AttributeKind::Choice.most();
            if !(2..=12).contains(&choices.len()) || !choices.iter().all(short) {
                return Err(Refusal::BadChoices.into());
            }
        }
        Ok(NewAttribute {
            name,
            choices,
            ..self.clone()
        })
    }
}

/// `14:30`, up to the thirty hours of a business day.
fn is_time(typed: &str) -> bool {
    let number = |digits: &str| match digits.len() {
        1 | 2 if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse::<u32>().ok(),
        _ => None,
    };
    match typed.split_once(':') {
        Some((hours, minutes)) => {
            number(hours).is_some_and(|hours| hours < 30)
                && number(minutes).is_some_and(|minutes| minutes < 60)
        }
        None => false,
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    fn attribute(kind: AttributeKind, required: bool) -> Attribute {
        Attribute {
            id: Id::from_raw(1),
            category: Id::from_raw(2),
            name: "上门时间".into(),
            kind,
            required,
            choices: vec!["轻".into(), "重".into()],
            version: 1,
        }
    }

    #[test]
    fn every_kind_takes_its_own_answers_only() {
        use AttributeKind::{Address, Choice, Date, Number, Text, Time};
        let long = "长".repeat(201);
        let cases: [(AttributeKind, &str, bool); 19] = [
            (Date, "2026-11-25", true),
            (Date, "2026-02-30", false),
            (Date, "明天", false),
            (Time, "14:30", true),
            (Time, "25:00", true),
            (Time, "30:00", false),
            (Time, "14:60", false),
            (Time, "1430", false),
            (Time, "+1:30", false),
            (Address, "鼓楼东大街 1 号", true),
            (Address, "家", false),
            (Text, "怕冷", true),
            (Text, &long, false),
            (Choice, "重", true),
            (Choice, "中", false),
            (Number, "-3", true),
            (Number, "3.5", false),
            (Number, "三", false),
            (Number, "99999999999", false),
        ];
        for (kind, typed, fits) in cases {
            let read = attribute(kind, true).read(&format!(" {typed} "));
            assert_eq!(read.is_ok(), fits, "{kind} {typed}");
            if fits {
                assert_eq!(read.unwrap().as_deref(), Some(typed));
            }
        }
    }

    #[test]
    fn only_what_is_required_must_be_answered() {
        for kind in AttributeKind::ALL {
            assert_eq!(attribute(*kind, false).read("  ").unwrap(), None);
            assert!(attribute(*kind, true).read("").is_err());
        }
    }

    #[test]
    fn a_wrong_answer_is_refused_on_its_own_field() {
        let asked = [
            attribute(AttributeKind::Text, false),
            attribute(AttributeKind::Number, true),
        ];
        let kernel::Error::Refused(no) = read_answers(&asked, |place| ["", "x"][place]).unwrap_err() else {
            panic!("no refusal")
        };
        assert_eq!((no.code, no.field), ("catalog.bad_answer", Some("answer1")));
        let read = read_answers(&asked, |place| ["", "7"][place]).unwrap();
        assert_eq!(read, [("上门时间".to_owned(), "7".to_owned())]);
    }

    #[test]
    fn a_choice_needs_two_to_choose_from() {
        let new = |choices: &[&str]| NewAttribute {
            name: " 力度 ".into(),
            kind: AttributeKind::Choice,
            required: true,
            choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        };
        assert!(new(&["轻"]).checked().is_err());
        assert!(new(&["轻", " 轻 ", ""]).checked().is_err());
        let checked = new(&["轻", " 重"]).checked().unwrap();
        assert_eq!(
            (checked.name.as_str(), checked.choices),
            ("力度", vec!["轻".to_owned(), "重".to_owned()])
        );
        let text = NewAttribute {
            kind: AttributeKind::Text,
            ..new(&["轻"])
        };
        assert_eq!(text.checked().unwrap().choices, Vec::<String>::new());
    }
}
