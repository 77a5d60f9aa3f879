//! `SELECT * | a, b AS c FROM t [WHERE …] [ORDER BY a [DESC]] [LIMIT n [OFFSET m]]` as a [`Statement`].

use super::parse::Parser;
use super::{Act, Binds, Expr, Refused, Source, Statement, Step};

/// The variable that stands for the row; no name of C8QL can be this.
const ROW: &str = "row of SQL";

/// Parses SQL.
pub fn parse(text: &str, binds: Binds) -> Result<Statement, Refused> {
    let mut parser = Parser::new(text, binds)?;
    parser.row = Some(ROW);
    parser.need_word("SELECT")?;
    let mut columns = Vec::new();
    let all = parser.sign("*");
    loop {
        if all {
            break;
        }
        let name = parser.name()?;
        let column = Expr::Part(
            Box::new(Expr::Variable(ROW.to_owned())),
            Box::new(Expr::Literal(name.as_str().into())),
        );
        let shown = if parser.word("AS") {
            parser.name()?
        } else {
            name
        };
        columns.push((shown, column));
        if !parser.sign(",") {
            break;
        }
    }
    parser.need_word("FROM")?;
    let mut statement = Statement {
        each: Some((ROW.to_owned(), Source::Collection(parser.collection()?))),
        steps: Vec::new(),
        sort: None,
        limit: None,
        act: Act::Return(if all {
            Expr::Variable(ROW.to_owned())
        } else {
            Expr::Object(columns)
        }),
        binds: Vec::new(),
    };
    if parser.word("WHERE") {
        statement.steps.push(Step::Filter(parser.expr()?));
    }
    if parser.word("ORDER") {
        parser.need_word("BY")?;
        let by = parser.expr()?;
        let descending = parser.word("DESC");
        let _ = descending || parser.word("ASC");
        statement.sort = Some((by, descending));
    }
    if parser.word("LIMIT") {
        let count = parser.number()?;
        let offset = if parser.word("OFFSET") {
            parser.number()?
        } else {
            0
        };
        statement.limit = Some((offset, count));
    }
    parser.end()?;
    parser.finish(statement)
}
