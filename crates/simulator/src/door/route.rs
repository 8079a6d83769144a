//! Which endpoint a request is for.

use crate::endpoint::Endpoint;
use crate::request::Request;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    To(Endpoint),
    /// The path exists, the method does not.
    WrongMethod(Endpoint),
    Nowhere,
}

impl Route {
    pub(crate) fn endpoint(self) -> Option<Endpoint> {
        match self {
            Self::To(endpoint) | Self::WrongMethod(endpoint) => Some(endpoint),
            Self::Nowhere => None,
        }
    }
}

pub(crate) fn route(request: &Request) -> Route {
    let mut here = Endpoint::ALL.into_iter().filter(|endpoint| endpoint.path() == request.path);
    let Some(first) = here.next() else { return Route::Nowhere };
    std::iter::once(first)
        .chain(here)
        .find(|endpoint| endpoint.method() == request.method)
        .map_or(Route::WrongMethod(first), Route::To)
}
