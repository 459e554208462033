//! What a pattern needs: variables and other texts.

use fluent_syntax::ast;
use std::collections::BTreeSet;

/// The names a pattern uses.
#[derive(Clone, Default)]
pub(super) struct Uses {
    /// Variables, without `$`.
    pub variables: BTreeSet<String>,
    /// Messages (`key`, `key.attribute`), terms (`-key`) and unknown functions (`NAME()`).
    pub references: BTreeSet<String>,
}

impl Uses {
    pub(super) fn in_pattern(&mut self, pattern: &ast::Pattern<&str>) {
        for element in &pattern.elements {
            if let ast::PatternElement::Placeable { expression } = element {
                self.in_expression(expression);
            }
        }
    }

    fn in_expression(&mut self, expression: &ast::Expression<&str>) {
        match expression {
            ast::Expression::Inline(inline) => self.in_inline(inline),
            ast::Expression::Select { selector, variants } => {
                self.in_inline(selector);
                variants
                    .iter()
                    .for_each(|variant| self.in_pattern(&variant.value));
            }
        }
    }

    fn in_inline(&mut self, inline: &ast::InlineExpression<&str>) {
        let dotted = |id: &str, attribute: &Option<ast::Identifier<&str>>| match attribute {
            Some(attribute) => format!("{id}.{}", attribute.name),
            None => id.to_owned(),
        };
        match inline {
            ast::InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            ast::InlineExpression::MessageReference { id, attribute } => {
                self.references.insert(dotted(id.name, attribute));
            }
            ast::InlineExpression::TermReference { id, arguments, .. } => {
                self.references.insert(format!("-{}", id.name));
                arguments
                    .iter()
                    .for_each(|arguments| self.in_arguments(arguments));
            }
            ast::InlineExpression::FunctionReference { id, arguments } => {
                // The only function there is; every other one is a reference to nothing.
                if id.name != "NUMBER" {
                    self.references.insert(format!("{}()", id.name));
                }
                self.in_arguments(arguments);
            }
            ast::InlineExpression::Placeable { expression } => self.in_expression(expression),
            ast::InlineExpression::StringLiteral { .. } | ast::InlineExpression::NumberLiteral { .. } => {}
        }
    }

    fn in_arguments(&mut self, arguments: &ast::CallArguments<&str>) {
        arguments
            .positional
            .iter()
            .for_each(|argument| self.in_inline(argument));
        arguments
            .named
            .iter()
            .for_each(|argument| self.in_inline(&argument.value));
    }
}
