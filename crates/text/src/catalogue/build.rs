//! Building a catalogue: everything that can be wrong with the sources is found here, before the first page.

use super::fault::{CatalogueErrors, Fault};
use super::uses::Uses;
use super::{Catalogue, Entry, Part, Texts};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast;
use kernel::Lang;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Collects the sources of all modules.
#[derive(Debug, Default)]
pub struct TextsBuilder {
    sources: Vec<(Lang, String)>,
}

impl TextsBuilder {
    /// Adds one source in Fluent syntax.
    #[must_use]
    pub fn add(mut self, lang: Lang, source: impl Into<String>) -> Self {
        self.sources.push((lang, source.into()));
        self
    }

    /// Checks and joins the sources.
    ///
    /// # Errors
    /// Everything that is wrong at once: syntax, a key given twice, a key missing in one language, variables that
    /// differ between the languages, a reference to nothing.
    pub fn build(self) -> Result<Texts, CatalogueErrors> {
        let mut faults = Vec::new();
        let (mut zh, mut en) = (Reading::new(Lang::Zh), Reading::new(Lang::En));
        for (lang, source) in self.sources {
            let reading = if lang == Lang::Zh { &mut zh } else { &mut en };
            reading.add(source, &mut faults);
        }
        zh.follow_references(&mut faults);
        en.follow_references(&mut faults);
        compare(&zh, &en, &mut faults);
        if !faults.is_empty() {
            return Err(CatalogueErrors(faults));
        }
        Ok(Texts {
            zh: zh.finish(),
            en: en.finish(),
            missing: Default::default(),
        })
    }
}

/// One language while it is read.
struct Reading {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    entries: HashMap<Box<str>, Entry>,
    /// What each message (`key`, `key.attribute`) and term (`-key`) uses; references are followed later.
    uses: BTreeMap<String, Uses>,
}

impl Reading {
    fn new(lang: Lang) -> Self {
        let tag = lang.tag().parse().expect("the tag of a language is well formed");
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        bundle.set_use_isolating(false);
        bundle
            .add_builtins()
            .expect("an empty bundle has no functions to clash with");
        Self {
            lang,
            bundle,
            entries: HashMap::new(),
            uses: BTreeMap::new(),
        }
    }

    fn add(&mut self, source: String, faults: &mut Vec<Fault>) {
        let resource = FluentResource::try_new(source).unwrap_or_else(|(resource, errors)| {
            let source = resource.source();
            for error in errors {
                let start = source.floor_char_boundary(error.pos.start);
                let line = source[..start].matches('\n').count();
                let excerpt = source.lines().nth(line).unwrap_or_default().trim().to_owned();
                let reason = error.kind.to_string();
                faults.push(Fault::Syntax {
                    lang: self.lang,
                    line: line + 1,
                    reason,
                    excerpt,
                });
            }
            resource
        });
        for entry in resource.entries() {
            match entry {
                ast::Entry::Message(message) => {
                    let key = message.id.name.to_owned();
                    if let Some(pattern) = &message.value {
                        self.take(key.clone(), pattern, faults);
                    }
                    for attribute in &message.attributes {
                        self.take(format!("{key}.{}", attribute.id.name), &attribute.value, faults);
                    }
                }
                ast::Entry::Term(term) => {
                    self.note_uses(format!("-{}", term.id.name), &term.value, faults);
                }
                _ => {}
            }
        }
        // Keys given twice were reported above, with better words.
        let _ = self.bundle.add_resource(resource);
    }

    fn take(&mut self, key: String, pattern: &ast::Pattern<&str>, faults: &mut Vec<Fault>) {
        self.entries.insert(key.clone().into(), compiled(pattern));
        self.note_uses(key, pattern, faults);
    }

    fn note_uses(&mut self, key: String, pattern: &ast::Pattern<&str>, faults: &mut Vec<Fault>) {
        let mut uses = Uses::default();
        uses.in_pattern(pattern);
        if self.uses.insert(key.clone(), uses).is_some() {
            faults.push(Fault::Duplicate { lang: self.lang, key });
        }
    }

    /// Adds to every message the variables of the messages it refers to.
    fn follow_references(&mut self, faults: &mut Vec<Fault>) {
        let mut followed = BTreeMap::new();
        for key in self.uses.keys() {
            let mut variables = BTreeSet::new();
            if let Err(reference) = self.collect(key, &mut Vec::new(), &mut variables) {
                faults.push(Fault::Reference {
                    lang: self.lang,
                    key: key.clone(),
                    reference,
                });
            }
            followed.insert(
                key.clone(),
                Uses {
                    variables,
                    references: BTreeSet::new(),
                },
            );
        }
        self.uses = followed;
    }

    fn collect(
        &self,
        key: &str,
        path: &mut Vec<String>,
        variables: &mut BTreeSet<String>,
    ) -> Result<(), String> {
        let known = self
            .uses
            .get(key)
            .filter(|_| !path.iter().any(|step| step == key));
        let uses = known.ok_or_else(|| key.to_owned())?;
        // A term sees only what is passed to it, never the variables of the caller.
        if !key.starts_with('-') {
            variables.extend(uses.variables.iter().cloned());
        }
        path.push(key.to_owned());
        for reference in &uses.references {
            self.collect(reference, path, variables)?;
        }
        path.pop();
        Ok(())
    }

    /// Messages that Fluent must format but that always say the same are formatted once, now.
    fn finish(self) -> Catalogue {
        let constant: Vec<String> = self
            .entries
            .iter()
            .filter(|(key, entry)| matches!(entry, Entry::Fluent) && self.uses[&***key].variables.is_empty())
            .map(|(key, _)| key.to_string())
            .collect();
        let mut catalogue = Catalogue {
            entries: self.entries,
            bundle: self.bundle,
        };
        for key in constant {
            let (text, _) = catalogue.format(&key, &FluentArgs::new());
            catalogue.entries.insert(key.into(), Entry::Plain(text.into()));
        }
        catalogue
    }
}

fn compare(zh: &Reading, en: &Reading, faults: &mut Vec<Fault>) {
    for (one, other) in [(zh, en), (en, zh)] {
        for key in one
            .uses
            .keys()
            .filter(|key| !key.starts_with('-') && !other.uses.contains_key(*key))
        {
            faults.push(Fault::Missing {
                lang: other.lang,
                key: key.clone(),
            });
        }
    }
    for (key, uses) in zh.uses.iter().filter(|(key, _)| !key.starts_with('-')) {
        let Some(other) = en.uses.get(key).filter(|other| other.variables != uses.variables) else {
            continue;
        };
        let list = |names: &BTreeSet<String>| names.iter().cloned().collect();
        faults.push(Fault::Variables {
            key: key.clone(),
            zh: list(&uses.variables),
            en: list(&other.variables),
        });
    }
}

/// Text and variables only: kept as parts. Anything else is left to Fluent.
fn compiled(pattern: &ast::Pattern<&str>) -> Entry {
    let mut parts = Vec::new();
    for element in &pattern.elements {
        let part = match element {
            ast::PatternElement::TextElement { value } => Part::Text((*value).into()),
            ast::PatternElement::Placeable {
                expression: ast::Expression::Inline(inline),
            } => match inline {
                ast::InlineExpression::VariableReference { id } => Part::Variable(id.name.into()),
                ast::InlineExpression::StringLiteral { value } if !value.contains('\\') => {
                    Part::Text((*value).into())
                }
                _ => return Entry::Fluent,
            },
            ast::PatternElement::Placeable { .. } => return Entry::Fluent,
        };
        parts.push(part);
    }
    if parts.iter().any(|part| matches!(part, Part::Variable(_))) {
        return Entry::Parts(parts.into());
    }
    let text: String = parts
        .iter()
        .map(|part| match part {
            Part::Text(text) | Part::Variable(text) => &**text,
        })
        .collect();
    Entry::Plain(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn faults(zh: &str, en: &str) -> Vec<Fault> {
        Texts::builder()
            .add(Lang::Zh, zh)
            .add(Lang::En, en)
            .build()
            .err()
            .expect("the sources are wrong")
            .0
    }

    #[test]
    fn a_key_given_twice_is_refused_also_across_sources() {
        let built = Texts::builder()
            .add(Lang::Zh, "a = 1\n")
            .add(Lang::Zh, "a = 2\n")
            .add(Lang::En, "a = 1\n")
            .build();
        assert_eq!(
            built.err().unwrap().0,
            [Fault::Duplicate {
                lang: Lang::Zh,
                key: "a".into()
            }]
        );
    }

    #[test]
    fn a_key_missing_in_one_language_is_refused() {
        let missing = |lang, key: &str| Fault::Missing {
            lang,
            key: key.into(),
        };
        assert_eq!(
            faults("a = 1\n    .hint = 2\n", "a = 1\n"),
            [missing(Lang::En, "a.hint")]
        );
        assert_eq!(faults("", "a = 1\n"), [missing(Lang::Zh, "a")]);
    }

    #[test]
    fn variables_must_be_the_same_also_through_references() {
        let found = faults("a = { $x }\nb = { a }\n", "a = { $x }\nb = { a } { $y }\n");
        let want = Fault::Variables {
            key: "b".into(),
            zh: vec!["x".into()],
            en: vec!["x".into(), "y".into()],
        };
        assert_eq!(found, [want]);
        let found = faults(
            "a = { $n ->\n    [one] 1\n   *[other] { $x }\n    }\n",
            "a = { $n }\n",
        );
        assert!(
            matches!(&found[..], [Fault::Variables { key, .. }] if key == "a"),
            "{found:?}"
        );
    }

    #[test]
    fn a_reference_to_nothing_or_in_a_circle_is_refused() {
        let found = faults("a = { b }\n", "a = { b }\n");
        assert!(
            matches!(&found[0], Fault::Reference { reference, .. } if reference == "b"),
            "{found:?}"
        );
        let found = faults("a = { b }\nb = { a }\n", "a = { b }\nb = { a }\n");
        assert_eq!(found.len(), 4, "{found:?}");
        let found = faults("a = { -t }\n", "a = 1\n");
        assert!(
            matches!(&found[0], Fault::Reference { reference, .. } if reference == "-t"),
            "{found:?}"
        );
        let found = faults("a = { SHOUT($x) }\n", "a = { $x }\n");
        assert!(
            matches!(&found[0], Fault::Reference { reference, .. } if reference == "SHOUT()"),
            "{found:?}"
        );
    }

    #[test]
    fn a_syntax_error_names_its_line() {
        let found = faults("a = 1\n\nb = { $x\nc = 2\n", "a = 1\nc = 2\n");
        assert!(
            matches!(
                &found[0],
                Fault::Syntax {
                    lang: Lang::Zh,
                    line: 3 | 4,
                    ..
                }
            ),
            "{found:?}"
        );
        let errors = CatalogueErrors(found).to_string();
        assert!(
            errors.starts_with("the text catalogues are wrong:\n  zh-CN: line"),
            "{errors}"
        );
    }
}
