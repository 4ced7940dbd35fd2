//! The days, seeding and traffic against the stub: good behaviour passes, and each flaw is found.

mod days;
mod flaws;
mod onelogin;
mod seeding;
mod shapes;
mod streams;
