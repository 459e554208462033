use kernel::{Id, Money};

use super::{Line, Tender, allocate};

/// What one tender pays of one line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    /// The tender.
    pub tender: Tender,
    /// How much it pays.
    pub amount: Money,
    /// How much of it went back.
    pub refunded: Money,
}

impl Cell {
    fn left(&self) -> Money {
        self.amount - self.refunded
    }
}

/// One line and what pays it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The line.
    pub line: Id<Line>,
    /// Its price.
    pub price: Money,
    /// Whether it was taken off the order: nothing more is asked for it.
    pub dropped: bool,
    /// A cell for each tender that pays a part.
    pub cells: Vec<Cell>,
}

impl Row {
    /// What the tenders pay of it.
    pub fn covered(&self) -> Money {
        self.cells.iter().map(|cell| cell.amount).sum()
    }

    /// What nobody pays yet and still has to be paid.
    pub fn open(&self) -> Money {
        if self.dropped {
            Money::ZERO
        } else {
            self.price - self.covered()
        }
    }

    /// What was paid of it and has not gone back.
    pub fn left(&self) -> Money {
        self.cells.iter().map(Cell::left).sum()
    }

    /// What of it the customer can get back: a coupon stays used.
    pub fn returnable(&self) -> Money {
        let returns = self.cells.iter().filter(|cell| cell.tender.goes_back());
        returns.map(Cell::left).sum()
    }

    /// What of it went back.
    pub fn refunded(&self) -> Money {
        self.cells.iter().map(|cell| cell.refunded).sum()
    }

    fn weights(&self) -> Vec<i64> {
        self.cells.iter().map(|cell| cell.left().fen()).collect()
    }

    fn add(&mut self, tender: Tender, amount: Money) {
        if let Some(cell) = self.cells.iter_mut().find(|cell| cell.tender == tender) {
            cell.amount += amount;
        } else {
            self.cells.push(Cell {
                tender,
                amount,
                refunded: Money::ZERO,
            });
            self.cells.sort_by_key(|cell| cell.tender);
        }
    }
}

/// Which tender pays how much of which line, to the fen: a row adds up to what is covered of its line, a column to what
/// its tender pays. A tender that comes later is spread over what is still open; rows do not touch one another, so what a
/// line gives back is its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Matrix {
    /// The rows, in the order of the lines.
    pub rows: Vec<Row>,
}

impl Matrix {
    /// Lines that nobody pays yet.
    pub fn new(lines: impl IntoIterator<Item = (Id<Line>, Money)>) -> Matrix {
        let row = |(line, price)| Row {
            line,
            price,
            dropped: false,
            cells: Vec::new(),
        };
        Matrix {
            rows: lines.into_iter().map(row).collect(),
        }
    }

    /// A tender pays `amount` of what is open.
    ///
    /// # Panics
    /// When that is more than what is open: the caller looked before.
    pub fn cover(&mut self, tender: Tender, amount: Money) {
        let open: Vec<Money> = self.rows.iter().map(Row::open).collect();
        let rest = open.iter().copied().sum::<Money>() - amount;
        assert!(rest >= Money::ZERO, "no more is covered than is open");
        let shares = allocate(&open, &[amount, rest]);
        for (row, share) in self.rows.iter_mut().zip(shares) {
            row.add(tender, share[0]);
        }
    }

    /// A tender is to pay so much of an order of which nothing has gone back yet, in place of what WeChat was to pay and
    /// then of what nobody pays; less than nothing hands it back to WeChat. The tenders are spread anew, each in its turn
    /// over what the ones before left of the lines, so that the same tenders give the same cells whichever came first.
    ///
    /// # Panics
    /// When that is more than what is open and planned for WeChat, or than the tender pays: the caller looked before.
    pub fn stand_in(&mut self, tender: Tender, amount: Money) {
        let planned = self.column(Tender::WeChat).min(amount);
        let mut columns: Vec<(Tender, Money)> =
            Tender::ALL.iter().map(|one| (*one, self.column(*one))).collect();
        for (one, sum) in &mut columns {
            match *one {
                Tender::WeChat => *sum -= planned,
                other if other == tender => *sum += amount,
                _ => {}
            }
        }
        for cell in self.rows.iter_mut().flat_map(|row| &mut row.cells) {
            assert!(cell.refunded == Money::ZERO, "nothing has gone back yet");
            cell.amount = Money::ZERO;
        }
        for (one, sum) in columns.into_iter().rev() {
            assert!(sum >= Money::ZERO, "no tender gives up more than it pays");
            if sum > Money::ZERO {
                self.cover(one, sum);
            }
        }
    }

    /// Gives back a share, in basis points, of what is left of a line, and says how much of it by which tender.
    pub fn give_back(&mut self, line: Id<Line>, share: i64) -> Vec<(Tender, Money)> {
        let Some(row) = self.rows.iter_mut().find(|row| row.line == line) else {
            return Vec::new();
        };
        let parts = row.left().share(share).split(&row.weights());
        let mut given = Vec::new();
        for (cell, part) in row.cells.iter_mut().zip(parts) {
            cell.refunded += part;
            given.push((cell.tender, part));
        }
        given
    }

    /// Gives back so much of what the customer can get back of a line, and says how much of it by which tender.
    pub fn return_to_customer(&mut self, line: Id<Line>, amount: Money) -> Vec<(Tender, Money)> {
        let Some(row) = self.rows.iter_mut().find(|row| row.line == line) else {
            return Vec::new();
        };
        let cells: Vec<&mut Cell> = row
            .cells
            .iter_mut()
            .filter(|cell| cell.tender.goes_back())
            .collect();
        let weights: Vec<i64> = cells.iter().map(|cell| cell.left().fen()).collect();
        let parts = amount.split(&weights);
        let mut given = Vec::new();
        for (cell, part) in cells.into_iter().zip(parts) {
            cell.refunded += part;
            given.push((cell.tender, part));
        }
        given
    }

    /// What a tender was to give back of a line stays after all.
    pub fn put_back(&mut self, line: Id<Line>, tender: Tender, amount: Money) {
        let row = self.rows.iter_mut().find(|row| row.line == line);
        let cell = row.and_then(|row| row.cells.iter_mut().find(|cell| cell.tender == tender));
        if let Some(cell) = cell {
            cell.refunded -= amount;
        }
    }

    /// Takes a line off: what nobody pays of it yet is not asked for any more. Answers how much that is.
    pub fn drop_line(&mut self, line: Id<Line>) -> Money {
        let Some(row) = self.rows.iter_mut().find(|row| row.line == line) else {
            return Money::ZERO;
        };
        let waived = row.open();
        row.dropped = true;
        waived
    }

    /// A line costs so much more from now on, or less. Less falls away first where nobody pays it yet; the remainder goes
    /// back, as far as anything is left of the line. Answers by how much the price that is asked for changes, and
    /// what goes back by which tender.
    pub fn reprice(&mut self, line: Id<Line>, dearer: Money) -> (Money, Vec<(Tender, Money)>) {
        let Some(row) = self.rows.iter_mut().find(|row| row.line == line) else {
            return (Money::ZERO, Vec::new());
        };
        let fallen = (-dearer).max(Money::ZERO).min(row.open());
        let asked = dearer.max(Money::ZERO) - fallen;
        let back = (-dearer - fallen).max(Money::ZERO).min(row.left());
        row.price += asked;
        let parts = back.split(&row.weights());
        let mut given = Vec::new();
        for (cell, part) in row.cells.iter_mut().zip(parts) {
            cell.refunded += part;
            given.push((cell.tender, part));
        }
        (asked, given)
    }

    /// What was paid of a line and has not gone back.
    pub fn left_of(&self, line: Id<Line>) -> Money {
        let row = self.rows.iter().find(|row| row.line == line);
        row.map_or(Money::ZERO, Row::left)
    }

    /// What the customer can get back of a line.
    pub fn returnable_of(&self, line: Id<Line>) -> Money {
        let row = self.rows.iter().find(|row| row.line == line);
        row.map_or(Money::ZERO, Row::returnable)
    }

    /// What one tender pays of all lines and has not given back.
    pub fn column(&self, tender: Tender) -> Money {
        self.cells(tender).map(Cell::left).sum()
    }

    /// What nobody pays yet.
    pub fn open(&self) -> Money {
        self.rows.iter().map(Row::open).sum()
    }

    fn cells(&self, tender: Tender) -> impl Iterator<Item = &Cell> {
        self.rows
            .iter()
            .flat_map(|row| &row.cells)
            .filter(move |cell| cell.tender == tender)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(prices: &[i64]) -> Matrix {
        Matrix::new((1..).zip(prices).map(|(id, fen)| (Id::from_raw(id), Money(*fen))))
    }

    #[test]
    fn what_comes_to_the_customer_leaves_the_coupon_and_can_be_put_back() {
        use Tender::{Coupon, WeChat};
        let mut matrix = lines(&[10_000, 6_000]);
        matrix.cover(Coupon, Money(1_600));
        matrix.cover(WeChat, Money(14_400));
        let line = matrix.rows[0].line;
        assert_eq!(matrix.returnable_of(line), Money(9_000));
        assert_eq!(
            matrix.return_to_customer(line, Money(4_001)),
            [(WeChat, Money(4_001))]
        );
        assert_eq!(
            (matrix.returnable_of(line), matrix.left_of(line)),
            (Money(4_999), Money(5_999))
        );
        matrix.put_back(line, WeChat, Money(4_001));
        assert_eq!(matrix.rows[0].refunded(), Money::ZERO);
        assert_eq!(matrix.column(WeChat), Money(14_400));
    }

    #[test]
    fn dropping_the_second_line_of_the_worked_example_returns_its_own_row() {
        // Lines of 100 and 60 yuan, a coupon of 20 and points worth 8, whichever was chosen first.
        use Tender::{Coupon, Points, WeChat};
        for chosen in [[(Coupon, 2_000), (Points, 800)], [(Points, 800), (Coupon, 2_000)]] {
            let mut matrix = lines(&[10_000, 6_000]);
            matrix.cover(WeChat, Money::yuan(160));
            for (tender, fen) in chosen {
                matrix.stand_in(tender, Money(fen));
            }
            let row = |place: usize, matrix: &Matrix| {
                let cells = matrix.rows[place].cells.iter();
                cells
                    .map(|cell| (cell.tender, cell.amount.fen()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(row(0, &matrix), [(WeChat, 8_250), (Points, 500), (Coupon, 1_250)]);
            assert_eq!(row(1, &matrix), [(WeChat, 4_950), (Points, 300), (Coupon, 750)]);
            assert_eq!(matrix.rows[1].returnable(), Money(5_250));
            let back = matrix.give_back(Id::from_raw(2), 10_000);
            assert_eq!(
                back,
                [(WeChat, Money(4_950)), (Points, Money(300)), (Coupon, Money(750))]
            );
            assert_eq!(matrix.column(WeChat), Money(8_250));
            let mut open = lines(&[10_000, 6_000]);
            open.cover(WeChat, Money::yuan(160));
            open.stand_in(Coupon, Money(2_000));
            open.stand_in(Coupon, Money(-2_000));
            assert_eq!(
                (open.column(WeChat), open.column(Coupon)),
                (Money::yuan(160), Money::ZERO)
            );
        }
    }

    #[test]
    fn a_deposit_and_the_rest_in_cash_are_two_columns() {
        let mut matrix = lines(&[10_000, 6_000]);
        matrix.cover(Tender::WeChat, Money(5_000));
        assert_eq!(matrix.open(), Money(11_000));
        matrix.cover(Tender::Cash, Money(11_000));
        let back = matrix.give_back(Id::from_raw(2), 10_000);
        assert_eq!(
            back,
            [(Tender::WeChat, Money(1_875)), (Tender::Cash, Money(4_125))]
        );
    }

    /// What may happen to the money of an order.
    #[derive(Clone, Debug)]
    enum Happening {
        Cover(bool, i64),
        StandIn(i64),
        GiveBack(usize, i64),
        Drop(usize),
        Reprice(usize, i64),
    }

    fn happening() -> impl Strategy<Value = Happening> {
        prop_oneof![
            (any::<bool>(), 0..=10_000i64).prop_map(|(cash, share)| Happening::Cover(cash, share)),
            (-10_000..=10_000i64).prop_map(Happening::StandIn),
            (0..6usize, 0..=10_000i64).prop_map(|(line, share)| Happening::GiveBack(line, share)),
            (0..6usize).prop_map(Happening::Drop),
            (0..6usize, -500_000..500_000i64).prop_map(|(line, fen)| Happening::Reprice(line, fen)),
        ]
    }

    proptest! {
        /// In any order: no line is covered beyond its price, none gives back more than was paid of it, by no tender, and
        /// what is covered, open and waived adds up to the prices.
        #[test]
        fn rows_and_columns_add_up_whatever_happens(
            prices in prop::collection::vec(0..1_000_000i64, 1..6),
            history in prop::collection::vec(happening(), 0..20),
        ) {
            let mut matrix = lines(&prices);
            let mut total = Money(prices.iter().sum());
            let (mut paid, mut back, mut waived) = ([Money::ZERO; 2], [Money::ZERO; 2], Money::ZERO);
            let index = |tender| usize::from(tender == Tender::Cash);
            for happening in history {
                match happening {
                    Happening::Cover(cash, share) => {
                        let (tender, amount) = (if cash { Tender::Cash } else { Tender::WeChat }, matrix.open().share(share));
                        matrix.cover(tender, amount);
                        paid[index(tender)] += amount;
                    }
                    Happening::StandIn(share) => {
                        // Only of an open order: nothing has gone back, no line is off.
                        let cells = matrix.rows.iter().flat_map(|row| &row.cells);
                        if cells.map(|cell| cell.refunded).sum::<Money>() > Money::ZERO || waived > Money::ZERO {
                            continue;
                        }
                        let most = if share < 0 { matrix.column(Tender::Cash) } else { matrix.column(Tender::WeChat) };
                        let amount = most.share(share);
                        matrix.stand_in(Tender::Cash, amount);
                        paid[0] -= amount;
                        paid[1] += amount;
                    }
                    Happening::GiveBack(line, share) => {
                        let id = Id::from_raw(line as i64 + 1);
                        let left = matrix.rows.get(line).map_or(Money::ZERO, Row::left);
                        let given = matrix.give_back(id, share);
                        prop_assert_eq!(given.iter().map(|part| part.1).sum::<Money>(), left.share(share));
                        for (tender, part) in given {
                            back[index(tender)] += part;
                        }
                    }
                    Happening::Drop(line) => waived += matrix.drop_line(Id::from_raw(line as i64 + 1)),
                    Happening::Reprice(line, fen) => {
                        let (id, dearer) = (Id::from_raw(line as i64 + 1), Money(fen));
                        let Some(before) = matrix.rows.get(line).cloned() else { continue };
                        if before.dropped {
                            continue;
                        }
                        let (asked, given) = matrix.reprice(id, dearer);
                        let sent: Money = given.iter().map(|part| part.1).sum();
                        // What is owed for the line changes by just as much, but never below nothing.
                        let owed = before.open() + before.left();
                        prop_assert_eq!(matrix.rows[line].open() + matrix.left_of(id), (owed + dearer).max(Money::ZERO));
                        prop_assert!(sent == Money::ZERO || matrix.rows[line].open() == Money::ZERO);
                        total += asked;
                        for (tender, part) in given {
                            back[index(tender)] += part;
                        }
                    }
                }
                for tender in [Tender::WeChat, Tender::Cash] {
                    prop_assert_eq!(matrix.column(tender), paid[index(tender)] - back[index(tender)]);
                }
                prop_assert_eq!(paid[0] + paid[1] + matrix.open() + waived, total);
                for cell in matrix.rows.iter().flat_map(|row| &row.cells) {
                    prop_assert!(cell.refunded >= Money::ZERO && cell.refunded <= cell.amount);
                }
                for row in &matrix.rows {
                    prop_assert!(row.covered() <= row.price && row.left() >= Money::ZERO);
                }
            }
        }
    }
}
