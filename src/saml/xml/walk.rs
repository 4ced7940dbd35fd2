//! The walk over a subtree in document order, by loop: a recursion here would let a deep document end the process.

use super::Node;

/// One step of a [`Walk`].
#[derive(Clone, Copy, Debug)]
pub enum Step<'a, 'input> {
    /// A node begins.
    Enter(Node<'a, 'input>),
    /// An element ends. Other nodes have no end of their own.
    Leave(Node<'a, 'input>),
}

/// Steps over a node and all below it.
#[derive(Clone, Debug)]
pub struct Walk<'a, 'input> {
    top: Node<'a, 'input>,
    next: Option<Step<'a, 'input>>,
    skipped: Option<Node<'a, 'input>>,
}

impl<'a, 'input> Walk<'a, 'input> {
    /// A walk over `top` and everything below it.
    pub fn new(top: Node<'a, 'input>) -> Self {
        Self {
            top,
            next: Some(Step::Enter(top)),
            skipped: None,
        }
    }

    /// The same walk, which passes over one subtree as if it was not there.
    #[must_use]
    pub fn without(mut self, skipped: Option<Node<'a, 'input>>) -> Self {
        self.skipped = skipped;
        self
    }

    fn enter(&self, candidate: Option<Node<'a, 'input>>) -> Option<Node<'a, 'input>> {
        match candidate {
            Some(node) if Some(node) == self.skipped => node.next_sibling(),
            other => other,
        }
    }

    fn behind(&self, node: Node<'a, 'input>) -> Option<Step<'a, 'input>> {
        if node == self.top {
            return None;
        }
        match self.enter(node.next_sibling()) {
            Some(sibling) => Some(Step::Enter(sibling)),
            None => node.parent().map(Step::Leave),
        }
    }
}

impl<'a, 'input> Iterator for Walk<'a, 'input> {
    type Item = Step<'a, 'input>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.next?;
        self.next = match step {
            Step::Enter(node) if node.is_element() || node.is_root() => {
                match self.enter(node.first_child()) {
                    Some(child) => Some(Step::Enter(child)),
                    None => Some(Step::Leave(node)),
                }
            }
            Step::Enter(node) | Step::Leave(node) => self.behind(node),
        };
        Some(step)
    }
}
