//! Graphs, as the targets of each node.

/// Returns the strongly connected components of a graph: a component comes after those that it leads to. Takes linear
/// time and does not recurse, since chains may be long (Tarjan's algorithm).
pub fn components(targets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let (mut number, mut lowest) = (vec![None; targets.len()], vec![0; targets.len()]);
    let (mut open, mut is_open) = (Vec::new(), vec![false; targets.len()]);
    let (mut found, mut count) = (Vec::new(), 0);
    for root in 0..targets.len() {
        let mut trail = if number[root].is_none() { vec![(root, 0)] } else { Vec::new() };
        while let Some((at, next)) = trail.pop() {
            if next == 0 {
                (number[at], lowest[at], is_open[at]) = (Some(count), count, true);
                open.push(at);
                count += 1;
            }
            if let Some(target) = targets[at].get(next).copied() {
                trail.push((at, next + 1));
                match number[target] {
                    None => trail.push((target, 0)),
                    Some(number) if is_open[target] => lowest[at] = lowest[at].min(number),
                    Some(_) => {}
                }
                continue;
            }
            if let Some((holder, _)) = trail.last() {
                lowest[*holder] = lowest[*holder].min(lowest[at]);
            }
            if Some(lowest[at]) == number[at] {
                let start = open.iter().rposition(|node| *node == at).unwrap_or_default();
                let component = open.split_off(start);
                component.iter().for_each(|node| is_open[*node] = false);
                found.push(component);
            }
        }
    }
    found
}

/// Marks these nodes and all that they lead to.
pub(crate) fn mark(targets: &[Vec<usize>], mut nodes: Vec<usize>, marked: &mut [bool]) {
    while let Some(node) = nodes.pop() {
        if !std::mem::replace(&mut marked[node], true) {
            nodes.extend_from_slice(&targets[node]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn a_ring_is_one_component_and_a_chain_is_not() {
        let found = components(&[vec![1], vec![2], vec![0, 3], vec![4], vec![]]);
        assert_eq!(found, [vec![4], vec![3], vec![0, 1, 2]]);
    }

    #[test]
    fn a_long_chain_does_not_use_the_stack() {
        let targets: Vec<Vec<usize>> =
            (1..=200_000).map(|next| if next < 200_000 { vec![next] } else { vec![] }).collect();
        assert_eq!(components(&targets).len(), 200_000);
    }
}
