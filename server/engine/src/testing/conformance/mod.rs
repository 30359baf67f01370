//! The suite that every store passes.
//!
//! A store's tests call [`run`] with a factory. Each check gets a store of its own and panics with its name
//! when it fails.

mod atomic;
mod judged;
mod lists;
mod margin;
mod origins;
mod samples;
pub mod sounds;
mod strikes;
mod trips;

use std::sync::Arc;

use async_trait::async_trait;

use crate::Store;

/// Makes stores for the suite.
#[async_trait]
pub trait Factory: Send + Sync {
    /// A new, empty store.
    async fn make(&self) -> Arc<dyn Store>;
    /// Closes a store and opens it again, as a restart does. All other handles of it are dropped before.
    async fn reopen(&self, store: Arc<dyn Store>) -> Arc<dyn Store>;
}

/// Runs one check by its name.
macro_rules! checks {
    ($factory:expr, $($module:ident :: $check:ident),* $(,)?) => {
        $(
            println!(concat!("conformance: ", stringify!($check)));
            $module::$check($factory).await;
        )*
    };
}

/// Runs all checks.
///
/// # Panics
/// When one fails; its name was printed before.
pub async fn run(factory: &dyn Factory) {
    checks!(
        factory,
        trips::a_new_session_is_read_back,
        trips::every_field_is_read_back,
        trips::every_status_is_read_back,
        trips::any_text_is_read_back,
        trips::an_unknown_session_is_none,
        trips::amended_messages_carry_their_version,
        trips::a_turn_is_completed_in_place,
        trips::events_come_in_order,
        trips::everything_is_there_after_reopening,
        atomic::a_session_is_created_once,
        atomic::a_stale_commit_is_a_conflict,
        atomic::a_commit_to_nothing_is_not_found,
        atomic::a_conflict_changes_nothing,
        atomic::of_two_commits_one_wins,
        atomic::many_commits_at_once_all_count,
        atomic::conflicts_do_not_harm_others,
        atomic::a_deadline_and_events_move_without_messages,
        lists::owners_see_their_own_newest_first,
        lists::the_owner_is_told,
        lists::what_was_said_is_found_by_its_words,
        lists::earlier_sessions_come_newest_first,
        lists::due_sessions_come_earliest_first,
        lists::the_next_deadline_is_the_earliest,
        lists::ended_sessions_come_those_that_ended_first,
        lists::deleting_deletes_everything,
        origins::what_an_interview_came_from_is_read_back,
        origins::a_fork_begins_whole_or_not_at_all,
        origins::children_outlive_their_parent,
        origins::takes_are_not_among_the_earlier,
        strikes::what_is_struck_stays_struck,
        strikes::a_strike_taken_back_counts_for_nothing,
        strikes::a_strike_moves_nothing_else,
        strikes::a_strike_on_nothing_is_not_found,
        margin::a_name_is_given_changed_and_taken_away,
        margin::a_link_is_found_by_its_digest_until_it_is_dropped,
        margin::expired_links_go_when_another_is_made,
        margin::a_comment_is_kept_once_and_in_order,
        margin::the_comments_of_an_owner_are_counted,
        margin::what_stands_beside_goes_with_the_session_and_moves_nothing,
        margin::nothing_stands_beside_nothing,
        judged::what_was_judged_first_stays,
        judged::a_judgement_moves_nothing_else,
        lists::it_is_ready,
    );
}
