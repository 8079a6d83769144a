//! Mistakes that a program like ours could make, made on purpose at the ports, to show that worlds find them.

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// A request without an answer leaves no fence.
    DropsTheFence,
    /// A fence ends after seconds: Apple was quick so far.
    ShortensTheFence,
    /// What Apple reports as done is taken as read.
    ConfirmsByTheReport,
    /// Of a list only the first page is read.
    ReadsOnePage,
    /// A request whose answer was lost is taken as never sent.
    TakesALossForARefusal,
    /// A request that is pending is taken as done.
    TakesPendingForComplete,
    /// A reply that cannot be read is taken as an empty list.
    TakesAnErrorForAnEmptyList,
    /// Every session has the same epoch, so nobody cleans up after one that died.
    KeepsTheEpoch,
    /// Calls leave without a pace.
    KeepsNoPace,
    /// Seats change, and their pool counts as before.
    CountsNothing,
    /// The request is sent and its row is not kept.
    ForgetsTheRequest,
    /// A license that somebody else gave is taken back.
    TakesBackForeign,
}

impl Mistake {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::DropsTheFence,
        Self::ShortensTheFence,
        Self::ConfirmsByTheReport,
        Self::ReadsOnePage,
        Self::TakesALossForARefusal,
        Self::TakesPendingForComplete,
        Self::TakesAnErrorForAnEmptyList,
        Self::KeepsTheEpoch,
        Self::KeepsNoPace,
        Self::CountsNothing,
        Self::ForgetsTheRequest,
        Self::TakesBackForeign,
    ];
}
