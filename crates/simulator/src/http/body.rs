//! Bodies on the wire: reading at most so much, sending more than is healthy.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};

use crate::request::BODY_LIMIT;

/// How much of a body beyond the limit is read and dropped, so that the client hears the refusal instead of a reset.
const DRAINED: usize = 32 * BODY_LIMIT;

/// A request body, or as much as is needed to see that it is too large.
pub(crate) async fn read(body: Body) -> Vec<u8> {
    let mut chunks = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(Ok(chunk)) = chunks.next().await {
        seen = seen.saturating_add(chunk.len());
        if kept.len() <= BODY_LIMIT {
            kept.extend_from_slice(&chunk);
        }
        if seen > DRAINED {
            break;
        }
    }
    kept
}

/// A JSON object made long by one more member, sent in pieces; anything else is followed by white space.
pub(super) fn padded(body: &[u8], mebibytes: u32) -> Body {
    const PIECE: usize = 64 * 1024;
    let pieces = usize::try_from(mebibytes).unwrap_or(usize::MAX).saturating_mul(BODY_LIMIT / PIECE);
    let object = body.strip_prefix(b"{").filter(|rest| rest.len() > 1);
    let (head, filler, tail) = match object {
        Some(rest) => (&br#"{"padding":""#[..], b'x', [&br#"","#[..], rest].concat()),
        None => (body, b' ', Vec::new()),
    };
    let filler = Bytes::from(vec![filler; PIECE]);
    let all = std::iter::once(Bytes::copy_from_slice(head))
        .chain(std::iter::repeat_n(filler, pieces))
        .chain(std::iter::once(Bytes::from(tail)));
    Body::from_stream(stream::iter(all.map(Ok::<_, Infallible>)))
}
