//! Statements that are sent at once, without waiting for each other's answer.

use futures_util::future::join;
use mdm_vpp_ports::StoreError;

use super::failure::is_echo;

/// Does both at once. When one fails, the server refuses what was sent behind it, and such a refusal may be seen first: it
/// says nothing of what went wrong, so the failure itself is told.
pub(super) fn both<A, B>(
    one: impl Future<Output = Result<A, StoreError>>,
    other: impl Future<Output = Result<B, StoreError>>,
) -> impl Future<Output = Result<(A, B), StoreError>> {
    // In boxes, for futures within futures would grow until no stack has room for them.
    let (one, other) = (Box::pin(one), Box::pin(other));
    async move {
        match join(one, other).await {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (Err(echo), Err(failure)) if is_echo(&echo) => Err(failure),
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }
}

/// Does four things at once, as [`both`] does two.
pub(super) async fn all_four<A, B, C, D>(
    first: impl Future<Output = Result<A, StoreError>>,
    second: impl Future<Output = Result<B, StoreError>>,
    third: impl Future<Output = Result<C, StoreError>>,
    fourth: impl Future<Output = Result<D, StoreError>>,
) -> Result<(A, B, C, D), StoreError> {
    let ((first, second), (third, fourth)) = both(both(first, second), both(third, fourth)).await?;
    Ok((first, second, third, fourth))
}
