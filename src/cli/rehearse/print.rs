//! The report for people.

use super::report::{Report, StepReport, StepResult, TeamSync};
use crate::cli::error::CliError;
use crate::cli::output::{Form, Out, Style, Tone, text};

/// Writes the report in the form asked for.
pub fn print(out: &mut Out, report: &Report) -> Result<(), CliError> {
    if out.form == Form::Json {
        return out.document(report);
    }
    for line in lines(report, out.style) {
        out.line(&line)?;
    }
    Ok(())
}

fn lines(report: &Report, style: Style) -> Vec<String> {
    let mut lines = vec![style.paint(&title(report), Tone::Strong), team_sync(report)];
    lines.push(String::new());
    for step in &report.steps {
        lines.extend(step_lines(step, style));
    }
    let mut part = |title: &str, items: &[String], sign: &str| {
        if items.is_empty() {
            return;
        }
        lines.push(String::new());
        lines.push(style.paint(title, Tone::Strong));
        let item = |item: &String| format!("  {sign} {}", text::printable(item));
        lines.extend(items.iter().map(item));
    };
    part("Tolerated", &report.tolerated, "~");
    part("Before go-live", &report.checklist, "☐");
    lines.push(String::new());
    lines.push(summary(report));
    let tone = match report.count(StepResult::Unexpected) {
        0 => Tone::Good,
        _ => Tone::Bad,
    };
    lines.push(style.paint(&format!("Verdict: {}", report.verdict), tone));
    lines
}

fn title(report: &Report) -> String {
    let account = if report.copied {
        "a copy of the account here"
    } else {
        "an empty account"
    };
    let overrides = match report.overrides.len() {
        0 => String::new(),
        keys => format!(
            " with {} set otherwise",
            text::count(keys as u64, "key", "keys")
        ),
    };
    format!(
        "Rehearsal of {} under the preset {}{overrides}, on {account}",
        report.idp, report.preset
    )
}

fn team_sync(report: &Report) -> String {
    match report.team_sync {
        TeamSync::TurnedOn => "Team sync is a switch here; it was turned on for the rehearsal.",
        TeamSync::Always => "Team sync has no switch here.",
    }
    .to_owned()
}

fn step_lines(step: &StepReport, style: Style) -> Vec<String> {
    let (sign, tone, word) = match step.result {
        StepResult::Works => ("✓", Tone::Good, "works"),
        StepResult::Adjusted => ("~", Tone::Warn, "works, adjusted by policy"),
        StepResult::Refused => ("!", Tone::Warn, "refused by policy"),
        StepResult::LeftOut => ("–", Tone::Dim, "left out: it needs a step that was refused"),
        StepResult::Unexpected => ("✗", Tone::Bad, "unexpected"),
    };
    let mut lines = vec![format!(
        "{} {}: {word}",
        style.paint(sign, tone),
        step.title
    )];
    for one in &step.adjustments {
        let what = text::printable(&one.what).into_owned();
        lines.push(format!("    ~ {what} ({})", one.policy_key));
    }
    for one in &step.refusals {
        let key = one.policy_key.as_deref().unwrap_or("guard");
        lines.push(format!("    ! {} {} ({key})", one.status, one.code));
        let mut say = |label: &str, said: &str| {
            let label = style.paint(label, Tone::Dim);
            lines.push(format!("      {label}  {}", text::printable(said)));
        };
        say("what  ", &one.what);
        say("why   ", &one.why);
        one.in_idp.iter().for_each(|next| say("in IdP", next));
        one.here.iter().for_each(|next| say("here  ", next));
    }
    for one in &step.unexpected {
        lines.push(format!("    ✗ {}", text::printable(one)));
    }
    if step.result == StepResult::Unexpected {
        let request = |request: &String| format!("      {}", text::printable(request));
        lines.extend(step.requests.iter().map(request));
    }
    lines
}

fn summary(report: &Report) -> String {
    let works = report.count(StepResult::Works) + report.count(StepResult::Adjusted);
    let count = |result, word: &str| match report.count(result) {
        0 => String::new(),
        count => format!(", {count} {word}"),
    };
    format!(
        "{}: {}{}{}{}",
        text::count(report.steps.len() as u64, "step", "steps"),
        text::count(works as u64, "works", "work"),
        count(StepResult::Refused, "refused by policy"),
        count(StepResult::LeftOut, "left out"),
        count(StepResult::Unexpected, "unexpected"),
    )
}
