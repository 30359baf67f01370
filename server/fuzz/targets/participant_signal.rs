#![no_main]
fuzz::run!(participant::fuzz::SIGNAL);
