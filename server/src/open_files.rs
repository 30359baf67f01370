//! How many files the process may have open: each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is needed beside connections: the database, files that are being sent, requests to a model, the log.
pub const OTHERS: u64 = 256;

/// The most that [`raise_limit_for`] can raise the limit to; `None`: as many as anyone likes. Nothing is changed.
pub fn most_allowed() -> Option<u64> {
    getrlimit(Resource::Nofile).maximum
}

/// Raises what is allowed to the most that can be had. Returns how many of the wished for connections fit, and
/// warns if that is fewer.
pub fn raise_limit_for(wished: usize) -> usize {
    let allowed = raise();
    let fit = connections_that_fit(wished, allowed);
    if fit < wished {
        tracing::warn!(
            wished,
            possible = fit,
            open_files = allowed,
            "the system allows too few open files for max_connections: raise its limit (ulimit -Hn, or \
             LimitNOFILE of the service), or lower max_connections"
        );
    }
    fit
}

/// Raises the soft limit to the hard one. Returns what is allowed then; `None`: as many as anyone likes.
fn raise() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays");
            current
        }
    }
}

/// How many of the wished for connections fit into so many open files.
pub fn connections_that_fit(wished: usize, allowed: Option<u64>) -> usize {
    let Some(allowed) = allowed else { return wished };
    let room = usize::try_from(allowed.saturating_sub(OTHERS)).unwrap_or(usize::MAX);
    wished.min(room.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_room_for_the_rest() {
        assert_eq!(connections_that_fit(4_096, None), 4_096);
        assert_eq!(connections_that_fit(4_096, Some(20_000)), 4_096);
        assert_eq!(connections_that_fit(4_096, Some(1_024)), 1_024 - 256);
        assert_eq!(connections_that_fit(4_096, Some(10)), 1);
    }

    #[test]
    fn the_limit_is_raised_to_the_hard_one() {
        raise_limit_for(1);
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        assert_eq!(current, maximum);
    }
}
