use kernel::Money;

/// Spreads what each tender pays over the lines: row per line, column per tender; rows add up to the lines and columns
/// to the tenders, to the fen. Tenders are taken in the order given, each by the weight of what is left of the lines.
///
/// # Panics
/// When the tenders do not add up to the lines: the caller made both.
pub fn allocate(lines: &[Money], tenders: &[Money]) -> Vec<Vec<Money>> {
    let mut left = lines.to_vec();
    let mut rows = vec![Vec::with_capacity(tenders.len()); lines.len()];
    for tender in tenders {
        let weights: Vec<i64> = left.iter().map(|amount| amount.fen()).collect();
        for (line, part) in tender.split(&weights).into_iter().enumerate() {
            left[line] -= part;
            rows[line].push(part);
        }
    }
    assert!(
        left.iter().all(|rest| *rest == Money::ZERO),
        "the tenders must cover the lines exactly"
    );
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_example_of_the_allocation() {
        let rows = allocate(
            &[Money::yuan(100), Money::yuan(60)],
            &[Money::yuan(20), Money::yuan(8), Money::yuan(132)],
        );
        assert_eq!(rows[0][2], Money(8_250));
        assert_eq!(rows[1][2], Money(4_950));
    }

    proptest! {
        #[test]
        fn rows_and_columns_add_up(
            lines in prop::collection::vec(0..1_000_000i64, 1..6),
            shares in prop::collection::vec(0..=10_000i64, 0..4),
        ) {
            let lines: Vec<Money> = lines.into_iter().map(Money).collect();
            let total: Money = lines.iter().copied().sum();
            let mut rest = total;
            let mut tenders = Vec::new();
            for share in shares {
                let part = rest.share(share);
                rest -= part;
                tenders.push(part);
            }
            tenders.push(rest);
            let rows = allocate(&lines, &tenders);
            for (line, row) in lines.iter().zip(&rows) {
                prop_assert_eq!(row.iter().copied().sum::<Money>(), *line);
                prop_assert!(row.iter().all(|part| *part >= Money::ZERO));
            }
            for (column, tender) in tenders.iter().enumerate() {
                prop_assert_eq!(rows.iter().map(|row| row[column]).sum::<Money>(), *tender);
            }
        }
    }
}
