//! Tables of data. They scroll by themselves on a narrow window, and the keyboard can scroll them.

use maud::{Markup, Render, html};

/// A table with its caption, which also names the scrolling region.
pub fn table(caption: &str) -> Table<'_> {
    Table {
        caption,
        head: Vec::new(),
        numeric: Vec::new(),
        rows: Vec::new(),
        foot: None,
    }
}

/// A table being described; it renders itself. The first cell of a row is the row's heading.
pub struct Table<'a> {
    caption: &'a str,
    head: Vec<&'a str>,
    numeric: Vec<usize>,
    rows: Vec<Vec<Markup>>,
    foot: Option<Vec<Markup>>,
}

impl<'a> Table<'a> {
    /// Headings of the columns.
    pub fn head(mut self, head: &[&'a str]) -> Self {
        self.head = head.to_vec();
        self
    }

    /// Column `index`, counted from 0, holds figures.
    pub fn numeric(mut self, index: usize) -> Self {
        self.numeric.push(index);
        self
    }

    /// Adds a row.
    pub fn row(mut self, cells: Vec<Markup>) -> Self {
        self.rows.push(cells);
        self
    }

    /// Sets the row of totals.
    pub fn foot(mut self, cells: Vec<Markup>) -> Self {
        self.foot = Some(cells);
        self
    }

    fn cells(&self, cells: &[Markup]) -> Markup {
        html! {
            tr {
                @for (index, cell) in cells.iter().enumerate() {
                    @if index == 0 { th scope="row" class=[self.class(index)] { (cell) } }
                    @else { td class=[self.class(index)] { (cell) } }
                }
            }
        }
    }

    fn class(&self, index: usize) -> Option<&'static str> {
        self.numeric.contains(&index).then_some("figure")
    }
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        html! {
            section class="table-scroll" tabindex="0" aria-label=(self.caption) {
                table {
                    caption { (self.caption) }
                    thead {
                        tr {
                            @for (index, name) in self.head.iter().enumerate() {
                                th scope="col" class=[self.class(index)] { (name) }
                            }
                        }
                    }
                    tbody { @for row in &self.rows { (self.cells(row)) } }
                    @if let Some(foot) = &self.foot { tfoot { (self.cells(foot)) } }
                }
            }
        }
    }
}
