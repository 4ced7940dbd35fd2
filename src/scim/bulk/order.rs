//! The order in which the operations of a bulk request are carried out.
//!
//! An operation that refers to what another one creates comes after it, wherever it stands in the request; otherwise the
//! order of the request is kept. Where creations refer to each other in a circle, one of them is carried out without the
//! reference and completed as soon as the other exists (RFC 7644 §3.7.1). Linear in operations and references.

/// What an operation needs, by the positions of other operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The operations it comes after.
    pub needs: Vec<usize>,
}

/// One step of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Carries an operation out.
    Operate(usize),
    /// Adds the references that an operation had to leave out.
    Complete(usize),
}

/// The steps in order, and what each operation leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Every operation once, and the completion of those that leave something out.
    pub steps: Vec<Step>,
    /// For each operation those of its needs that do not exist yet when it is carried out.
    pub later: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the way down to what it needs.
    Open,
    Done,
}

/// Puts operations in order.
pub fn plan(nodes: &[Node]) -> Plan {
    let mut plan = Plan {
        steps: Vec::with_capacity(nodes.len()),
        later: vec![Vec::new(); nodes.len()],
    };
    let mut states = vec![State::New; nodes.len()];
    // For each operation that is open those that wait for it to be completed.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    // How many open operations each one still waits for.
    let mut missing = vec![0_usize; nodes.len()];
    for root in 0..nodes.len() {
        // A stack of its own: a chain of a thousand references is nothing to recurse into.
        let mut stack = vec![(root, 0_usize)];
        while let Some((at, next)) = stack.pop() {
            let Some(state) = states.get_mut(at) else {
                continue;
            };
            if next == 0 {
                if *state != State::New {
                    continue;
                }
                *state = State::Open;
            }
            let need = nodes.get(at).and_then(|node| node.needs.get(next));
            if let Some(&need) = need {
                stack.push((at, next + 1));
                match states.get(need) {
                    Some(State::New) => stack.push((need, 0)),
                    // It is on the way here: a circle, cut at this place.
                    Some(State::Open) => {
                        if let (Some(later), Some(waiting), Some(missing)) = (
                            plan.later.get_mut(at),
                            waiting.get_mut(need),
                            missing.get_mut(at),
                        ) {
                            later.push(need);
                            waiting.push(at);
                            *missing += 1;
                        }
                    }
                    Some(State::Done) | None => {}
                }
                continue;
            }
            if let Some(state) = states.get_mut(at) {
                *state = State::Done;
            }
            plan.steps.push(Step::Operate(at));
            for waiter in waiting.get_mut(at).map(std::mem::take).unwrap_or_default() {
                if let Some(missing) = missing.get_mut(waiter) {
                    *missing = missing.saturating_sub(1);
                    if *missing == 0 {
                        plan.steps.push(Step::Complete(waiter));
                    }
                }
            }
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::Step::{Complete, Operate};
    use super::*;

    fn nodes(needs: Vec<Vec<usize>>) -> Vec<Node> {
        needs.into_iter().map(|needs| Node { needs }).collect()
    }

    #[rstest]
    #[case::independent(vec![vec![], vec![], vec![]], &[Operate(0), Operate(1), Operate(2)])]
    #[case::backward(vec![vec![], vec![0]], &[Operate(0), Operate(1)])]
    #[case::forward(vec![vec![2], vec![], vec![]], &[Operate(2), Operate(0), Operate(1)])]
    #[case::chain(vec![vec![1], vec![2], vec![]], &[Operate(2), Operate(1), Operate(0)])]
    #[case::circle(vec![vec![1], vec![0]], &[Operate(1), Operate(0), Complete(1)])]
    #[case::itself(vec![vec![0]], &[Operate(0), Complete(0)])]
    #[case::two_circles_through_one(vec![vec![1, 2], vec![0], vec![0]], &[Operate(1), Operate(2), Operate(0), Complete(1), Complete(2)])]
    #[case::nested_circles(vec![vec![1], vec![2, 0], vec![1, 0]], &[Operate(2), Operate(1), Operate(0), Complete(2), Complete(1)])]
    fn operations_come_after_what_they_need(
        #[case] needs: Vec<Vec<usize>>,
        #[case] expected: &[Step],
    ) {
        assert_eq!(plan(&nodes(needs)).steps, expected);
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let count = 100_000;
        let nodes: Vec<_> = (0..count)
            .map(|at| Node {
                needs: vec![(at + 1) % count],
            })
            .collect();
        let plan = plan(&nodes);
        assert_eq!(plan.steps.len(), count + 1);
        assert_eq!(plan.later.iter().map(Vec::len).sum::<usize>(), 1);
    }

    proptest! {
        #[test]
        fn everything_is_done_once_and_every_need_is_met_or_completed(
            needs in proptest::collection::vec(proptest::collection::vec(0_usize..30, 0..4), 30)
        ) {
            let nodes: Vec<_> = needs.into_iter().map(|needs| Node { needs }).collect();
            let plan = plan(&nodes);
            let position = |wanted: Step| plan.steps.iter().position(|step| *step == wanted);
            for (at, node) in nodes.iter().enumerate() {
                let here = position(Operate(at)).expect("every operation is there");
                let completed = position(Complete(at));
                prop_assert_eq!(completed.is_some(), !plan.later[at].is_empty());
                for need in &node.needs {
                    let there = position(Operate(*need)).expect("every operation is there");
                    let is_later = plan.later[at].contains(need);
                    prop_assert!(is_later || there < here);
                    if is_later {
                        prop_assert!(there < completed.expect("it is completed"));
                    }
                }
            }
            let operations = plan.steps.iter().filter(|step| matches!(step, Operate(_))).count();
            prop_assert_eq!(operations, nodes.len());
        }
    }
}
