//! Tells the tests whether a real LiveKit server is at hand, so that those which need one are visibly ignored
//! where there is none.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(livekit_server)");
    println!("cargo::rerun-if-env-changed=LIVEKIT_SERVER_BIN");
    if std::env::var_os("LIVEKIT_SERVER_BIN").is_some_and(|path| !path.is_empty()) {
        println!("cargo::rustc-cfg=livekit_server");
    }
}
