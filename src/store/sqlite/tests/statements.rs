//! What checking SQL while compiling would give: every statement prepares, and the planner goes the way it should.

use rstest::rstest;
use rusqlite::Connection;

use crate::store::sqlite::migrate::migrate;
use crate::store::sqlite::statement::{AdminStatement, SsoStatement, Statement};

fn database() -> Connection {
    let mut connection = Connection::open_in_memory().expect("memory");
    migrate(&mut connection, std::path::Path::new("memory")).expect("a schema");
    connection
}

#[test]
fn every_statement_prepares() {
    let connection = database();
    // `RELEASE` and `ROLLBACK TO` are compiled whether or not there is such a savepoint.
    for statement in SsoStatement::ALL {
        if let Err(error) = connection.prepare(statement.sql()) {
            panic!("{statement:?}: {error}");
        }
    }
    for statement in AdminStatement::ALL {
        if let Err(error) = connection.prepare(statement.sql()) {
            panic!("{statement:?}: {error}");
        }
    }
    for statement in Statement::ALL {
        if let Err(error) = connection.prepare(statement.sql()) {
            panic!("{statement:?}: {error}");
        }
    }
}

#[rstest]
#[case::by_id(Statement::DocumentById, "SEARCH resource USING INDEX resource_id")]
#[case::a_member_by_name(Statement::MemberByName, "SEARCH resource USING INDEX resource_uname")]
#[case::teams_by_name(
    Statement::TeamsByName,
    "SEARCH resource USING INDEX resource_team_name"
)]
#[case::by_ext(Statement::ResourceByExt, "SEARCH resource USING INDEX resource_ext")]
#[case::by_email(Statement::ResourceByAttr, "SEARCH a USING PRIMARY KEY")]
#[case::the_list(Statement::DocumentList, "SEARCH resource USING INDEX resource_live")]
#[case::deep_pages(Statement::SeqAfter, "SEARCH resource USING INDEX resource_live")]
#[case::by_name(Statement::SeqsByName, "SEARCH card USING COVERING INDEX card_name")]
#[case::by_change(
    Statement::SeqsByModified,
    "SEARCH resource USING INDEX resource_modified"
)]
#[case::teams_of_a_member(Statement::TeamsOf, "SEARCH m USING COVERING INDEX member_of")]
#[case::members_of_a_team(Statement::MembersOf, "SEARCH m USING PRIMARY KEY")]
#[case::a_timeline(Statement::Timeline, "SEARCH o USING PRIMARY KEY")]
#[case::failures(
    Statement::Failures,
    "SEARCH request_log USING COVERING INDEX request_log_failed"
)]
#[case::rates(
    Statement::Rates,
    "SEARCH request_log USING COVERING INDEX request_log_at"
)]
fn the_planner_takes_the_index(#[case] statement: Statement, #[case] first_step: &str) {
    let plan = plan(&database(), statement);
    assert!(
        plan.iter().any(|step| step.starts_with(first_step)),
        "{statement:?} goes another way: {plan:?}"
    );
}

#[rstest]
#[case::the_list(Statement::DocumentList)]
#[case::by_name(Statement::SeqsByName)]
#[case::by_change(Statement::SeqsByModified)]
#[case::teams_by_name(Statement::TeamsByName)]
#[case::members_of_a_team(Statement::MembersOf)]
#[case::members_of_a_team_in_pages(Statement::MembersOfPage)]
#[case::teams_of_a_member(Statement::TeamsOf)]
#[case::a_timeline(Statement::Timeline)]
#[case::lines_down(Statement::LinesDown)]
#[case::the_chain(Statement::AuditChain)]
fn nothing_long_is_sorted(#[case] statement: Statement) {
    let plan = plan(&database(), statement);
    assert!(
        !plan.iter().any(|step| step.contains("TEMP B-TREE")),
        "{statement:?} sorts: {plan:?}"
    );
}

fn plan(connection: &Connection, statement: Statement) -> Vec<String> {
    let mut explain = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {}", statement.sql()))
        .expect("prepares");
    let mut steps = Vec::new();
    let mut rows = explain.raw_query();
    while let Some(row) = rows.next().expect("a step") {
        steps.push(row.get::<_, String>(3).expect("a text"));
    }
    steps
}

/// SQLite plans some statements anew whenever other values are bound, unless it is told not to.
#[tokio::test]
async fn no_statement_is_planned_twice() {
    let place = super::Place::new();
    place.create([&super::member(1)]).await;
    let connection = crate::store::sqlite::open::reader(&place.path(), 1 << 20).expect("opens");
    for statement in Statement::ALL {
        if !statement.sql().starts_with("SELECT") {
            continue;
        }
        let mut prepared = connection.prepare(statement.sql()).expect("prepares");
        for value in [1_000, 1, 0, 2_000] {
            for parameter in 1..=prepared.parameter_count() {
                prepared
                    .raw_bind_parameter(parameter, value)
                    .expect("is bound");
            }
            let mut rows = prepared.raw_query();
            while rows.next().expect("a row").is_some() {}
        }
        let again = prepared.get_status(rusqlite::StatementStatus::RePrepare);
        assert_eq!(again, 0, "{statement:?}");
    }
}
