//! What became of each goal: printed below its rows, and once more in one table at the end.

use std::sync::Mutex;

/// A measured figure, and whether it is what was to be reached.
#[derive(Clone, Copy)]
pub struct Figure {
    figure: f64,
    reached: bool,
}

impl Figure {
    /// A figure that is to be small.
    pub fn at_most(figure: f64, limit: f64) -> Self {
        let reached = figure <= limit;
        Self { figure, reached }
    }

    /// A figure that is to be large.
    pub fn at_least(figure: f64, limit: f64) -> Self {
        let reached = figure >= limit;
        Self { figure, reached }
    }
}

struct Verdict {
    work: String,
    goal: String,
    /// None where a program is missing.
    figure: Option<Figure>,
}

static VERDICTS: Mutex<Vec<Verdict>> = Mutex::new(Vec::new());

/// Prints what became of a goal and keeps it for the table.
pub fn note(work: &str, goal: &str, figure: Option<Figure>) {
    let (shown, outcome) = words(figure);
    println!("  goal: {goal}: {shown}, {outcome}");
    VERDICTS.lock().unwrap().push(Verdict {
        work: work.to_owned(),
        goal: goal.to_owned(),
        figure,
    });
}

/// Prints the table of all goals.
pub fn summary() {
    let verdicts = VERDICTS.lock().unwrap();
    let longest = |of: fn(&Verdict) -> &str| {
        let lengths = verdicts.iter().map(|v| of(v).chars().count());
        lengths.max().unwrap_or_default().max(4)
    };
    let (works, goals) = (longest(|v| &v.work), longest(|v| &v.goal));
    if verdicts.is_empty() {
        return;
    }
    println!(
        "\n{:<works$}  {:<goals$}  {:>9}  ",
        "work", "goal", "figure"
    );
    for verdict in verdicts.iter() {
        let (figure, outcome) = words(verdict.figure);
        println!(
            "{:<works$}  {:<goals$}  {figure:>9}  {outcome}",
            verdict.work, verdict.goal
        );
    }
    let reached = verdicts
        .iter()
        .filter(|v| v.figure.is_some_and(|f| f.reached));
    let measured = verdicts.iter().filter(|v| v.figure.is_some());
    println!(
        "\n{} of {} measured goals reached, {} in all",
        reached.count(),
        measured.count(),
        verdicts.len()
    );
}

fn words(figure: Option<Figure>) -> (String, &'static str) {
    match figure {
        None => ("-".to_owned(), "not measured: a program is missing"),
        Some(Figure { figure, reached }) => {
            let digits = if figure < 10.0 { 3 } else { 1 };
            let outcome = if reached { "reached" } else { "NOT REACHED" };
            (format!("{figure:.digits$}"), outcome)
        }
    }
}
