//! `provost log show`: one exchange, whole: why it ended so, each step of its way, what was sent, what changed.

use clap::Args;
use jiff::Timestamp;
use serde_json::Value;

use crate::admin::types::{
    Exchange, Explanation, Message, RequestDetail, RequestId, RequestRow, TraceStep,
};
use crate::cli::error::CliError;
use crate::cli::output::{Cell, Sheet, Style, Tone, text, time};
use crate::cli::session::Session;
use crate::cli::words;

/// Show one exchange: explanation, trace, request, answer, changes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  provost log show 4812
  provost log show 4812 --json")]
pub struct ShowVerb {
    /// Its number, with or without #.
    #[arg(value_name = "ID")]
    id: RequestId,
}

/// Shows it.
pub async fn run(session: &mut Session, verb: &ShowVerb) -> Result<(), CliError> {
    let reach = session.reach().await?;
    let asked = reach.read().request(verb.id).await;
    let detail = reach.finish(asked).await?;
    let sheet = sheet(&detail, session.now, session.out.style);
    session.out.sheet(&detail, &sheet)
}

fn sheet(detail: &RequestDetail, now: Timestamp, style: Style) -> Sheet {
    let exchange = &detail.exchange;
    let mut sheet = Sheet::new();
    head(&mut sheet, exchange, now);
    if let Some(explanation) = &detail.explanation {
        explain(&mut sheet, explanation);
    }
    if !exchange.trace.is_empty() {
        sheet.title("Trace");
        sheet.lines(
            exchange
                .trace
                .iter()
                .flat_map(|step| step_lines(step, style))
                .collect(),
        );
    }
    if !exchange.changed.is_empty() {
        sheet.title("Changed");
        for change in &exchange.changed {
            sheet.lines(vec![format!(
                "  {} {}",
                words::change_op(change.op),
                text::printable(&change.label)
            )]);
            let fields = change.fields.iter().map(|field| {
                let line =
                    words::field_line(&field.path, field.before.as_ref(), field.after.as_ref());
                format!("    {}", text::printable(&line))
            });
            sheet.lines(fields.collect());
        }
    }
    message(&mut sheet, "Request", &exchange.request);
    message(&mut sheet, "Answer", &exchange.response);
    if !detail.related.is_empty() {
        sheet.title("Around it");
        sheet.lines(detail.related.iter().map(related).collect());
    }
    sheet
}

fn head(sheet: &mut Sheet, exchange: &Exchange, now: Timestamp) {
    let row = &exchange.row;
    let query = exchange
        .query
        .as_ref()
        .map_or_else(String::new, |query| format!("?{query}"));
    sheet
        .title(format!("{} {} {}{query}", row.id, row.method, row.path))
        .fact("status", words::status(row.status))
        .fact("outcome", words::outcome(row.outcome))
        .maybe("code", row.code.as_deref())
        .maybe("why", exchange.detail.as_deref())
        .fact(
            "when",
            Cell::text(format!(
                "{}, {}",
                time::full(row.at),
                time::relative(row.at, now)
            )),
        )
        .fact("took", Cell::text(time::took(row.duration_us)))
        .maybe(
            "subject",
            row.subject.as_ref().map(|subject| subject.label.as_str()),
        )
        .maybe("token", row.token.as_deref())
        .maybe("client", row.user_agent.as_deref())
        .maybe("looks like", row.idp.as_deref())
        .maybe("from", exchange.peer.as_deref())
        .maybe("rule", exchange.policy_key.as_deref())
        .maybe("repeats", row.retry_of.map(|id| id.to_string()))
        .maybe("part of", row.part_of.map(|id| id.to_string()));
}

fn explain(sheet: &mut Sheet, explanation: &Explanation) {
    sheet
        .title(format!("Explanation: {}", explanation.code))
        .fact("what", Cell::text(&explanation.what))
        .fact("why", Cell::text(&explanation.why))
        .fact("changed", Cell::text(&explanation.changed));
    for step in &explanation.next {
        let place = if step.place == "idp" {
            "in the IdP: "
        } else {
            ""
        };
        sheet.fact("next", Cell::text(format!("{place}{}", step.text)));
    }
    if !explanation.note.is_empty() {
        sheet.title("Note for the people who run the identity provider");
        sheet.lines(
            explanation
                .note
                .lines()
                .map(|line| format!("  {}", text::printable(line)))
                .collect(),
        );
    }
}

fn step_lines(step: &TraceStep, style: Style) -> Vec<String> {
    let (sign, tone) = words::verdict(step.verdict);
    let mut lines = vec![format!(
        "  {} {:<12}  {}",
        style.paint(sign, tone),
        words::stage(step.stage),
        text::printable(&step.what)
    )];
    if let Some(expected) = &step.expected {
        lines.push(format!("      expected  {}", text::printable(expected)));
    }
    if let Some(came) = &step.came {
        lines.push(style.paint(
            &format!("      came      {}", text::printable(came)),
            Tone::Plain,
        ));
    }
    lines
}

fn message(sheet: &mut Sheet, title: &str, message: &Message) {
    let size = if message.body_bytes == 0 {
        ", no body".to_owned()
    } else {
        format!(", {}", text::bytes(message.body_bytes))
    };
    sheet.title(format!("{title}{size}"));
    let mut lines: Vec<String> = message
        .headers
        .iter()
        .map(|(name, value)| format!("  {}: {}", text::printable(name), text::printable(value)))
        .collect();
    if let Some(body) = &message.body {
        lines.push(String::new());
        let pretty = serde_json::from_str::<Value>(body)
            .ok()
            .filter(|_| !message.truncated)
            .and_then(|value| serde_json::to_string_pretty(&value).ok());
        let body = pretty.as_deref().unwrap_or(body);
        lines.extend(
            body.lines()
                .map(|line| format!("  {}", text::printable(line))),
        );
        if message.truncated {
            lines.push("  … the log keeps only this much of it".into());
        }
    }
    sheet.lines(lines);
}

fn related(row: &RequestRow) -> String {
    let line = format!(
        "  {} {} {} {} {}",
        row.id,
        time::clock(row.at),
        row.method,
        row.status,
        row.path
    );
    text::printable(&line).into_owned()
}
