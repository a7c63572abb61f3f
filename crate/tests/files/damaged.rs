//! Files that were cut, changed and mixed, the same ones for the same state.

/// A step of a linear congruential generator (Knuth's MMIX).
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// A file cut, with bytes changed and pieces of others in it.
pub fn damaged(bytes: &[u8], others: &[Vec<u8>], state: &mut u64) -> Vec<u8> {
    const BYTES: &[u8] = b"\0\n\",;.#=[{9eN\xff\x80PK";
    let mut bytes = bytes.to_vec();
    for _ in 0..=next(state) % 4 {
        let at = next(state) % (bytes.len() + 1);
        match next(state) % 4 {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, BYTES[next(state) % BYTES.len()]),
            2 if at < bytes.len() => bytes[at] = BYTES[next(state) % BYTES.len()],
            _ => {
                let other = &others[next(state) % others.len()];
                bytes.splice(at..at, other.iter().copied().take(next(state) % 200));
            }
        }
    }
    bytes
}
