#![no_main]
fuzz::run!(rooms::fuzz::DATAGRAMS);
