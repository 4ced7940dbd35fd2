//! Where things live: the data directory, the configuration file, the state of the console.
