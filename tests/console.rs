//! The console, driven as an admin drives it: keys in, state, effects and frames out. The engine behind it is a fake
//! whose data follow from a seed, so that every frame can be compared to a snapshot.

mod console {
    pub mod data;
    pub mod fake;

    mod by_hand;
    mod changes;
    mod driver;
    mod frames;
    mod journeys;
    mod log;
    mod mouse;
    mod runtime;
    mod table;
}
