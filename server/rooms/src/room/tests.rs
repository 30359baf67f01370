//! One room, driven on virtual time.
