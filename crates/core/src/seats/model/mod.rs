//! One seat against Apple, explored exhaustively with the real rule, the real `decide_next_action` and the real
//! transitions.
//!
//! What may happen, in any order and at any moment: the desire flips; a transaction is run or is not; a request is
//! written, sent or not, accepted, refused, lost at every stage; Apple runs it late, again and again, or not at all,
//! ends it as done or failed whatever it did, reports a grant as done that it did not do; a lost request runs until its
//! quiet time is over; reads see the truth at some moment, arrive in any order or never; notifications of either
//! direction arrive at any moment, whether or not anything ran; time passes by a moment, or until the next time that
//! anything depends on.
//!
//! A crash before a commit is a step that was not taken. A crash after one loses what a process knew: that is `Lose`
//! for a request that was written, and nothing for one that was accepted, because the next session asks for it. A read
//! that fails is one that never arrives, and a delta is one that arrives only if it lists the seat.
//!
//! Nothing bounds the number of steps: the exploration ends because there are no more states. Why they are few, and why
//! that is enough:
//!
//! - Only the order of times matters to the rules, so that times are kept as ranks.
//! - How often something was tried is not kept: wherever it is asked for, both answers are explored.
//! - Lost requests of one direction count as the one that may run longest, because it can do whatever the others can.
//! - Two reads are under way at once, `READS`. They are needed to find that an old one must not outdo a fresh one;
//!   with three there are 722,000 states, and the same verdict.
//!
//! What is assumed of Apple, as the fence does: a request that was not answered runs no more 15 minutes after it may
//! have left, or was last reported as pending; a request that ended runs no more, and a release reported as done was
//! done; a read shows the truth of a moment between its begin and its arrival. No other writer is in the model:
//! nothing of ours prevents what it does.

mod calm;
mod explore;
mod judge;
mod moves;
mod pack;
mod snapshot;
mod tests;
