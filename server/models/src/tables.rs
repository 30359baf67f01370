//! Tables of 8-bit numbers stay 8-bit in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::onnx::{
    ATTRIBUTE, GRAPH, INITIALIZER, INPUT, LENGTH_DELIMITED, NAME, NODE, OP_TYPE, OUTPUT_OF_NODE, each, field,
    varint,
};

/// `AttributeProto { name: "to", i: 1, type: INT }`: to 32-bit floats.
const TO_FLOAT: [u8; 9] = [0x0a, 2, b't', b'o', 0x18, 1, 0xa0, 0x01, 2];

/// A node: its operator, inputs and output, and its range in the file.
struct Node<'a> {
    op: &'a [u8],
    inputs: Vec<&'a [u8]>,
    outputs: Vec<&'a [u8]>,
    plain: bool,
    place: Range<usize>,
}

/// The model with its embedding tables looked up before they are converted to floats.
///
/// An embedding with 8-bit weights converts the whole table to floats, multiplies each row by its scale, then takes
/// some rows. ONNX Runtime does the first two steps once and keeps the floats, which are four times as large. Here the
/// rows are taken first, from the table and from the scales: the same products, of these rows only. `None` if the bytes
/// are not an ONNX model.
pub(crate) fn with_small_tables(model: &[u8]) -> Option<Vec<u8>> {
    let mut graphs = each(model, 0..model.len(), GRAPH)?.into_iter();
    let Some(graph) = graphs.next().filter(|_| graphs.len() == 0) else { return Some(model.to_vec()) };
    let mut weights = BTreeSet::new();
    for tensor in each(model, graph.clone(), INITIALIZER)? {
        weights.insert(&model[each(model, tensor, NAME)?.pop()?]);
    }
    let mut nodes = Vec::new();
    for place in each(model, graph.clone(), NODE)? {
        let named = |number| Some(each(model, place.clone(), number)?.into_iter().map(|at| &model[at]));
        nodes.push(Node {
            op: named(OP_TYPE)?.next()?,
            inputs: named(INPUT)?.collect(),
            outputs: named(OUTPUT_OF_NODE)?.collect(),
            plain: each(model, place.clone(), ATTRIBUTE)?.is_empty(),
            place,
        });
    }
    let (mut made_by, mut uses) = (BTreeMap::new(), BTreeMap::<&[u8], usize>::new());
    for (at, node) in nodes.iter().enumerate() {
        made_by.extend(node.outputs.iter().map(|output| (*output, at)));
        node.inputs.iter().for_each(|input| *uses.entry(input).or_default() += 1);
    }
    let made = |name: &[u8], op: &[u8]| {
        let node = made_by.get(name).filter(|at| nodes[**at].op == op)?;
        (uses.get(name) == Some(&1)).then_some(*node)
    };
    let (mut gone, mut new) = (BTreeSet::new(), Vec::new());
    for (at, lookup) in nodes.iter().enumerate().filter(|(_, node)| node.op == b"Gather") {
        let ([table, rows], [output]) = (&lookup.inputs[..], &lookup.outputs[..]) else { continue };
        let Some(product) = made(table, b"Mul") else { continue };
        let [floats, scales] = nodes[product].inputs[..] else { continue };
        let Some(cast) = made(floats, b"Cast") else { continue };
        let [bytes] = nodes[cast].inputs[..] else { continue };
        let first_axis = lookup.plain || each_attribute_is_zero(model, lookup)?;
        if !weights.contains(bytes) || !weights.contains(scales) || !first_axis {
            continue;
        }
        gone.extend([at, product, cast]);
        let name = |what: &str| [output, what.as_bytes()].concat();
        let (some, some_scales, some_floats) = (name("/rows"), name("/scales"), name("/floats"));
        new.extend(node(b"Gather", &[bytes, rows], &some, &[]));
        new.extend(node(b"Gather", &[scales, rows], &some_scales, &[]));
        new.extend(node(b"Cast", &[&some], &some_floats, &TO_FLOAT));
        new.extend(node(b"Mul", &[&some_floats, &some_scales], output, &[]));
    }
    if gone.is_empty() {
        return Some(model.to_vec());
    }
    let without: Vec<Range<usize>> = gone.into_iter().map(|at| whole(model, &nodes[at].place)).collect();
    let kept = rest(model, graph.clone(), without);
    let graph_field = whole(model, &graph);
    Some(
        [&model[..graph_field.start], &field(GRAPH, &[kept, new].concat()), &model[graph_field.end..]]
            .concat(),
    )
}

/// Whether a lookup is along the first axis: its only attribute is `axis: 0`.
fn each_attribute_is_zero(model: &[u8], lookup: &Node<'_>) -> Option<bool> {
    // AttributeProto { name: "axis", i: 0, type: INT }, in the order in which exporters write it.
    const AXIS: [u8; 11] = [0x0a, 4, b'a', b'x', b'i', b's', 0x18, 0, 0xa0, 0x01, 2];
    Some(each(model, lookup.place.clone(), ATTRIBUTE)?.into_iter().all(|attribute| model[attribute] == AXIS))
}

/// Encodes a node as a field of a graph.
fn node(op: &[u8], inputs: &[&[u8]], output: &[u8], attribute: &[u8]) -> Vec<u8> {
    let mut inside: Vec<u8> = inputs.iter().flat_map(|input| field(INPUT, input)).collect();
    inside.extend(field(OUTPUT_OF_NODE, output));
    inside.extend(field(OP_TYPE, op));
    if !attribute.is_empty() {
        inside.extend(field(ATTRIBUTE, attribute));
    }
    field(NODE, &inside)
}

/// The range of a field, including the key and length before its value.
fn whole(model: &[u8], value: &Range<usize>) -> Range<usize> {
    let length = varint(value.len() as u64).len();
    // A longer encoding of the length would be allowed, but nobody writes it. The key is one byte for small numbers.
    let start = value.start.saturating_sub(length + 1);
    debug_assert_eq!(u64::from(model[start]) & 7, LENGTH_DELIMITED);
    start..value.end
}

/// The bytes of a range without these subranges, which are in order.
fn rest(model: &[u8], range: Range<usize>, mut without: Vec<Range<usize>>) -> Vec<u8> {
    without.sort_by_key(|gap| gap.start);
    let (mut kept, mut at) = (Vec::with_capacity(range.len()), range.start);
    for gap in without {
        kept.extend(&model[at..gap.start]);
        at = gap.end;
    }
    kept.extend(&model[at..range.end]);
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tensor(name: &str) -> Vec<u8> {
        field(INITIALIZER, &[field(NAME, name.as_bytes()), field(9, &[1, 2])].concat())
    }

    fn model(lookups: usize) -> Vec<u8> {
        let graph = [
            node(b"Cast", &[b"table"], b"floats", &TO_FLOAT),
            node(b"Mul", &[b"floats", b"scales"], b"products", &[]),
            node(b"Add", &[b"x", b"y"], b"z", &[]),
            (0..lookups).flat_map(|_| node(b"Gather", &[b"products", b"ids"], b"rows", &[])).collect(),
            tensor("table"),
            tensor("scales"),
        ];
        [vec![8, 9], field(GRAPH, &graph.concat()), field(8, b"after")].concat()
    }

    /// The nodes of a model: what they do, take and give.
    fn nodes(model: &[u8]) -> Vec<String> {
        let graph = each(model, 0..model.len(), GRAPH).unwrap().remove(0);
        let texts = |place: &Range<usize>, number| -> Vec<String> {
            let texts = each(model, place.clone(), number).unwrap().into_iter();
            texts.map(|at| String::from_utf8(model[at].to_vec()).unwrap()).collect()
        };
        let nodes = each(model, graph, NODE).unwrap();
        let text =
            |place| [OP_TYPE, INPUT, OUTPUT_OF_NODE].map(|number| texts(place, number).join(",")).join(" ");
        nodes.iter().map(text).collect()
    }

    #[test]
    fn rows_are_taken_before_they_are_floats() {
        let small = with_small_tables(&model(1)).unwrap();
        assert_eq!(
            nodes(&small),
            [
                "Add x,y z",
                "Gather table,ids rows/rows",
                "Gather scales,ids rows/scales",
                "Cast rows/rows rows/floats",
                "Mul rows/floats,rows/scales rows",
            ]
        );
        assert_eq!(each(&small, 0..small.len(), 8).unwrap().len(), 1, "what follows the graph is there");
        assert_eq!(with_small_tables(&small).unwrap(), small);
    }

    #[test]
    fn a_table_that_something_else_needs_stays() {
        assert_eq!(with_small_tables(&model(2)).unwrap(), model(2));
        assert_eq!(with_small_tables(b"no model"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            with_small_tables(&bytes);
        }
    }
}
