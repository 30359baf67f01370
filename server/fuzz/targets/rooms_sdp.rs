#![no_main]
fuzz::run!(rooms::fuzz::SDP);
