use kernel::{Day, Id, Instant, Money, Shop};

use super::on_each;
use crate::{Listeners, Migration, params};

const VALUES: Migration = Migration {
    module: "values",
    number: 1,
    name: "0001_values",
    sql: "CREATE TABLE value (\n id BIGINT PRIMARY KEY,\n i BIGINT,\n r DOUBLE PRECISION,\n t TEXT,\n b BYTEA\n);",
    pg: None,
};

kernel::coded! {
    /// For the test.
    enum Fruit {
        /// Red.
        Apple = "apple",
    }
}

#[test]
fn every_kind_of_value_goes_in_and_out() {
    on_each(&Listeners::default(), |_, db, _| {
        db.migrate(&[VALUES]).unwrap();
        let insert = "INSERT INTO value (i, id, r, t, b) VALUES ($2, $1, $3, $4, $5)";
        db.write(move |tx| {
            let (none, some): (Option<Money>, Option<&str>) = (None, Some("春"));
            let bytes = vec![0u8, 255];
            tx.run(
                insert,
                params![Id::<Shop>::from_raw(1), Money(-5), 1.5, some, &bytes],
            )?;
            tx.run(
                insert,
                params![2, none, None::<f64>, &None::<String>, None::<&[u8]>],
            )?;
            tx.run(insert, params![&3, true, 2.0, "apple", &bytes[..]])
        })
        .wait()
        .unwrap();
        let read = db.read(|tx| {
            let one = "SELECT id, i, r, t, b FROM value WHERE id = $1";
            let first = tx.one(one, params![1], |row| {
                Ok((
                    row.get::<Id<Shop>>(0)?,
                    row.get::<Money>(1)?,
                    row.get::<f64>(2)?,
                    row.get::<String>(3)?,
                ))
            })?;
            let second = tx.one(one, params![2], |row| {
                assert!(row.get::<i64>(1).is_err(), "NULL is no number");
                Ok((
                    row.get::<Option<Instant>>(1)?,
                    row.get::<Option<f64>>(2)?,
                    row.code_opt::<Fruit>(3)?,
                ))
            })?;
            let third = tx.one(one, params![3], |row| {
                assert!(row.get::<String>(0).is_err(), "a number is no text");
                assert!(row.get::<i64>(9).is_err(), "there is no such column");
                Ok((
                    row.get::<bool>(1)?,
                    row.code::<Fruit>(3)?,
                    row.get::<Day>(0)?,
                    row.get::<Vec<u8>>(4)?,
                ))
            })?;
            Ok((first, second, third))
        });
        let (first, second, third) = read.wait().unwrap();
        assert_eq!(first, (Id::from_raw(1), Money(-5), 1.5, "春".to_owned()));
        assert_eq!(second, (None, None, None));
        assert_eq!(third, (true, Fruit::Apple, Day(3), vec![0, 255]));
    });
}

#[test]
fn parameters_are_counted_and_may_repeat_in_any_order() {
    on_each(&Listeners::default(), |_, db, _| {
        let repeated = db.read(|tx| {
            let sql = "SELECT CAST($2 AS BIGINT) - CAST($1 AS BIGINT) + CAST($2 AS BIGINT)";
            tx.one(sql, params![1, 10], |row| row.get::<i64>(0))
        });
        assert_eq!(repeated.wait().unwrap(), 19);
        for wrong in [&[][..], &[1][..], &[1, 2, 3][..]] {
            let given: Vec<crate::Param<'static>> = wrong.iter().map(|n| crate::Param::Int(*n)).collect();
            let read = db.read(move |tx| {
                let sql = "SELECT CAST($1 AS BIGINT) + CAST($2 AS BIGINT)";
                tx.one(sql, &given, |row| row.get::<i64>(0))
            });
            assert!(read.wait().is_err(), "{wrong:?}");
        }
    });
}

#[test]
fn the_engines_agree_on_the_shared_words_of_sql() {
    on_each(&Listeners::default(), |_, db, _| {
        let facts = db.read(|tx| {
            let sql = "WITH RECURSIVE slot (n) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM slot WHERE n < $2)
                       SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(n), 0) AS BIGINT), MAX(n) FROM slot";
            let sums = tx.one(sql, params![3, 6], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let like = tx.one(
                "SELECT 'Foot' LIKE 'f%', 'Foot' LIKE 'F%', $1 = 'x'",
                params!["x"],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            Ok((sums, like))
        });
        assert_eq!(facts.wait().unwrap(), ((4i64, 18i64, 6i64), (false, true, true)));
    });
}
