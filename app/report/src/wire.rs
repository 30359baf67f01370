//! How programs get what is a pair here: as an object whose parts have names.

use serde::{Serialize, Serializer};

use crate::{Aspect, AspectMark, Harm, Statement};

#[derive(Serialize)]
struct MarkEntry<'a> {
    aspect: Aspect,
    #[serde(flatten)]
    mark: &'a AspectMark,
}

/// `[{aspect, mark, statement}]`.
pub(crate) fn marks<S: Serializer>(marks: &[(Aspect, AspectMark)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(marks.iter().map(|(aspect, mark)| MarkEntry { aspect: *aspect, mark }))
}

#[derive(Serialize)]
struct ShownLevel<'a, T> {
    level: &'a T,
    statement: &'a Statement,
}

/// `{level, statement}` or null.
pub(crate) fn shown<T: Serialize, S: Serializer>(
    shown: &Option<(T, Statement)>,
    to: S,
) -> Result<S::Ok, S::Error> {
    shown.as_ref().map(|(level, statement)| ShownLevel { level, statement }).serialize(to)
}

#[derive(Serialize)]
struct LeftOut {
    seq: u32,
    harm: Harm,
}

/// `[{seq, harm}]`.
pub(crate) fn left_out<S: Serializer>(left_out: &[(u32, Harm)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(left_out.iter().map(|(seq, harm)| LeftOut { seq: *seq, harm: *harm }))
}

#[derive(Serialize)]
struct Range<'a, T> {
    least: &'a T,
    most: &'a T,
}

/// `{least, most}`.
pub(crate) fn range<T: Serialize, S: Serializer>((least, most): &(T, T), to: S) -> Result<S::Ok, S::Error> {
    Range { least, most }.serialize(to)
}
