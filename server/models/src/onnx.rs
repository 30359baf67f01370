//! Edits ONNX models as they are loaded, on the bytes of the file. An ONNX model is a protocol buffer: fields with a
//! number, a wire type and a value, in which a repeated message is merged into the first.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The wire type of fields that hold text, bytes or another message.
pub(crate) const LENGTH_DELIMITED: u64 = 2;
/// `ModelProto.graph`.
pub(crate) const GRAPH: u64 = 7;
/// `GraphProto.node`, and in a node `input`, `output`, `op_type` and `attribute`.
pub(crate) const NODE: u64 = 1;
pub(crate) const INPUT: u64 = 1;
pub(crate) const OUTPUT_OF_NODE: u64 = 2;
pub(crate) const OP_TYPE: u64 = 4;
pub(crate) const ATTRIBUTE: u64 = 5;
/// `GraphProto.initializer`, and in a tensor `name`.
pub(crate) const INITIALIZER: u64 = 5;
pub(crate) const NAME: u64 = 8;
/// `GraphProto.output`.
const OUTPUT: u64 = 12;

/// Bytes to append to a model so that the value of this name becomes an output: `ModelProto { graph: GraphProto {
/// output: ValueInfoProto { name } } }`.
pub(crate) fn output(name: &str) -> Vec<u8> {
    field(GRAPH, &field(OUTPUT, &field(1, name.as_bytes())))
}

/// The model with a separate copy of each 8-bit weight for every multiplication that uses it.
///
/// If a session is told to compute exactly, ONNX Runtime 1.23 rewrites such weights once for each use, always under the
/// same new name, and then rejects the second one. `None` if the bytes are not an ONNX model.
pub(crate) fn with_own_weights(model: &[u8]) -> Option<Vec<u8>> {
    let (mut changed, mut copies) = (model.to_vec(), Vec::new());
    for graph in each(model, 0..model.len(), GRAPH)? {
        let mut weights = BTreeMap::new();
        for tensor in each(model, graph.clone(), INITIALIZER)? {
            let name = each(model, tensor.clone(), NAME)?.pop()?;
            weights.insert(&model[name.clone()], (tensor, name));
        }
        let (mut used, mut names) = (BTreeSet::new(), BTreeSet::new());
        names.extend(weights.keys().map(|name| name.to_vec()));
        for node in each(model, graph, NODE)? {
            let op = each(model, node.clone(), OP_TYPE)?.pop()?;
            if &model[op] != b"MatMulInteger" {
                continue;
            }
            for input in each(model, node, INPUT)? {
                let Some((tensor, name)) = weights.get(&model[input.clone()]) else { continue };
                if used.insert(&model[input.clone()]) {
                    continue;
                }
                // As long as the old name, so that the lengths in the file stay right.
                let new = unused(&model[input.clone()], &mut names)?;
                changed[input].copy_from_slice(&new);
                let mut copy = model[tensor.clone()].to_vec();
                copy[name.start - tensor.start..name.end - tensor.start].copy_from_slice(&new);
                copies.extend(field(GRAPH, &field(INITIALIZER, &copy)));
            }
        }
    }
    changed.extend(copies);
    Some(changed)
}

/// An unused name of the same length; it counts as used from now on.
fn unused(name: &[u8], taken: &mut BTreeSet<Vec<u8>>) -> Option<Vec<u8>> {
    let end = name.len().checked_sub(2)?;
    let letters = || b'A'..=b'Z';
    let endings = letters().flat_map(|first| letters().map(move |second| [first, second]));
    let mut names = endings.map(|ending| [&name[..end], &ending].concat());
    let new = names.find(|new| !taken.contains(new))?;
    taken.insert(new.clone());
    Some(new)
}

/// Encodes a field that holds bytes.
pub(crate) fn field(number: u64, inside: &[u8]) -> Vec<u8> {
    let mut bytes = varint(number << 3 | LENGTH_DELIMITED);
    bytes.extend(varint(inside.len() as u64));
    bytes.extend(inside);
    bytes
}

pub(crate) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The ranges of the values of a message's fields with this number, if they hold text, bytes or messages. `None` if the
/// bytes are not a message.
pub(crate) fn each(bytes: &[u8], message: Range<usize>, number: u64) -> Option<Vec<Range<usize>>> {
    let (mut at, end, mut found) = (message.start, message.end, Vec::new());
    while at < end {
        let key = read(bytes, &mut at)?;
        let length = match key & 7 {
            0 => {
                read(bytes, &mut at)?;
                continue;
            }
            1 => 8,
            LENGTH_DELIMITED => usize::try_from(read(bytes, &mut at)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let value = at..at.checked_add(length).filter(|stop| *stop <= end)?;
        at = value.end;
        if key == number << 3 | LENGTH_DELIMITED {
            found.push(value);
        }
    }
    (at == end).then_some(found)
}

fn read(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tensor(name: &str) -> Vec<u8> {
        // dims, data_type INT8, name, raw_data
        [vec![8, 2, 16, 3], field(NAME, name.as_bytes()), field(9, &[1, 2])].concat()
    }

    fn node(op: &str, inputs: &[&str]) -> Vec<u8> {
        let inputs: Vec<u8> = inputs.iter().flat_map(|name| field(INPUT, name.as_bytes())).collect();
        [inputs, field(OP_TYPE, op.as_bytes())].concat()
    }

    fn texts(bytes: &[u8], message: Range<usize>, number: u64) -> Vec<String> {
        let texts = each(bytes, message, number).unwrap().into_iter();
        texts.map(|text| String::from_utf8(bytes[text].to_vec()).unwrap()).collect()
    }

    #[test]
    fn every_multiplication_gets_weights_of_its_own() {
        let graph = [
            field(NODE, &node("MatMulInteger", &["x", "weights", "zero", "point"])),
            field(NODE, &node("Add", &["x", "weights"])),
            field(NODE, &node("MatMulInteger", &["y", "weights", "zero", "point"])),
            field(NODE, &node("MatMulInteger", &["z", "weights", "zero", "point"])),
            field(INITIALIZER, &tensor("weights")),
            field(INITIALIZER, &tensor("point")),
        ];
        let model = [vec![8, 9], field(GRAPH, &graph.concat())].concat();
        let changed = with_own_weights(&model).unwrap();
        let graphs = each(&changed, 0..changed.len(), GRAPH).unwrap();
        let nodes = each(&changed, graphs[0].clone(), NODE).unwrap();
        let inputs: Vec<_> = nodes.into_iter().map(|node| texts(&changed, node, INPUT)).collect();
        assert_eq!(inputs[0], ["x", "weights", "zero", "point"]);
        assert_eq!(inputs[1], ["x", "weights"]);
        assert_eq!(inputs[2], ["y", "weighAA", "zero", "poiAA"]);
        assert_eq!(inputs[3], ["z", "weighAB", "zero", "poiAB"]);
        let mut copies = Vec::new();
        for graph in &graphs[1..] {
            for tensor in each(&changed, graph.clone(), INITIALIZER).unwrap() {
                copies.extend(texts(&changed, tensor.clone(), NAME));
                assert_eq!(each(&changed, tensor, 9).unwrap().len(), 1, "its values are there");
            }
        }
        assert_eq!(copies, ["weighAA", "poiAA", "weighAB", "poiAB"]);
    }

    #[test]
    fn what_shares_nothing_stays_as_it_is() {
        let graph = [field(NODE, &node("MatMulInteger", &["x", "w"])), field(INITIALIZER, &tensor("w"))];
        let model = field(GRAPH, &graph.concat());
        assert_eq!(with_own_weights(&model).unwrap(), model);
        assert_eq!(with_own_weights(b"no model"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            with_own_weights(&bytes);
        }
    }
}
