//! The replaced words, what to write for each, and where each is refused: the one place to edit.
//!
//! `docs/GLOSSARY.md` holds the reasons. English that happens to be a replaced word stays allowed: order, due, line,
//! free, present, serve, turn, told (of a person), silent, n as a part of a name.

/// How a word is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A part of a name, or several parts in a row, in any spelling: `talk`, `left_alone` also in `LeftAlone`.
    Part,
    /// A whole name, as it is spelled.
    Name,
    /// The first part of the name of a type, and that part alone: `Member` also in `MemberStatus`.
    Type,
    /// The name of a function where it is declared.
    Function,
    /// A name that begins with this word and goes on with a gerund: `decide_writing`.
    Gerund,
    /// A public field, a column, or a key of JSON.
    Member,
    /// A string that is this word and nothing else.
    Code,
    /// A table in SQL.
    Table,
    /// A folder or a file.
    Module,
    /// A word or two in prose, and as parts of a name.
    Prose,
}

/// Where a word is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Everywhere,
    /// All but the tools around the product, where the word has its ordinary meaning.
    Product,
    /// Below these folders only.
    Under(&'static [&'static str]),
}

/// Replaced words and what to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) words: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) instead: &'static str,
    pub(super) scope: Scope,
}

use Kind::{Code, Function, Gerund, Member, Module, Name, Part, Prose, Table, Type};
use Scope::{Everywhere, Product, Under};

const TOOLS: &[&str] = &["crates/xtask/", "crates/postgres-for-tests/", ".ci/", ".cargo/", ".config/"];
/// What decides and acts: the words for jobs, reads and transactions.
const HEART: Scope = Under(&["crates/core/", "crates/ports/", "crates/engine/"]);
/// The same with what stores it.
const STORED: Scope =
    Under(&["crates/core/", "crates/ports/", "crates/engine/", "crates/store/", "tests/vectors/"]);

const fn row(kind: Kind, words: &'static [&'static str], instead: &'static str, scope: Scope) -> Row {
    Row { words, kind, instead, scope }
}

/// The table. Order within it has no meaning.
pub(super) const ROWS: &[Row] = &[
    // Between Apple and us.
    row(Part, &["talk", "talks", "talked"], "assignments, or location (LocationState)", Everywhere),
    row(Part, &["talker", "talkers", "talking"], "LocationSession, or LeaseHolder", Everywhere),
    row(Name, &["Taking"], "Acquire", Product),
    row(Part, &["hitch", "hitches"], "WorkFailure", Everywhere),
    row(Part, &["went_wrong"], "Failure", Everywhere),
    row(Part, &["trouble", "troubles"], "ServiceErrorKind, or an error's own name", Product),
    row(Part, &["culprit", "culprits"], "ErrorSubjects", Everywhere),
    row(
        Part,
        &["hear", "hears", "heard", "hearing", "hearings"],
        "Receipt, received, record_notification",
        Everywhere,
    ),
    row(
        Name,
        &["Notice", "Notices", "Noticed", "HeardNotification"],
        "a received notification, Receipt",
        Product,
    ),
    row(Module, &["notice", "notices"], "notifications", Product),
    row(Part, &["left_alone", "leave_alone", "leaves_alone"], "backoff, suppressed", Everywhere),
    // A seat.
    row(Type, &["Want"], "Desired", Product),
    row(Type, &["Seen"], "Observed", Product),
    row(Name, &["want_of"], "desired_of", Product),
    row(Part, &["motion", "motions"], "Progress", Everywhere),
    row(Member, &["want"], "desired", Product),
    row(Member, &["seen"], "observed", Product),
    row(Module, &["want", "want_of", "seen"], "desired, observed", Product),
    row(Name, &["Told"], "Reported", Product),
    row(Code, &["told"], "reported", STORED),
    row(Name, &["HoldReason"], "AssignReason (of a seat), UpdateHold (of an update)", Everywhere),
    row(Name, &["FreeReason"], "UnassignReason", Everywhere),
    row(Part, &["agenda", "look_at"], "next_action, next_action_at", Everywhere),
    row(Name, &["TryAgain"], "Retry", Product),
    // Reads.
    row(Part, &["walk", "walks", "walked", "walker", "walking"], "full read (ReadAssignments)", Product),
    row(
        Part,
        &["reading", "readings"],
        "a read: full read, delta read, read-back",
        Under(&["crates/core/", "crates/engine/"]),
    ),
    row(Name, &["Confirm"], "ReadDelta (job), AllowReleases (act)", Product),
    row(Name, &["Look"], "ReadBack", Product),
    row(Function, &["confirm"], "read_delta", HEART),
    row(Function, &["look"], "read_back", HEART),
    row(Name, &["read_again"], "sync_assignments", Everywhere),
    row(Function, &["pending", "decide_pending"], "preview_requests", Product),
    row(Name, &["pending_requests"], "preview_requests", Product),
    // Users and waiting.
    row(
        Type,
        &["Member", "Members"],
        "VppUser",
        Under(&["crates/core/", "crates/ports/", "crates/engine/", "crates/store/"]),
    ),
    row(Table, &["members"], "vpp_users", Everywhere),
    row(Name, &["members_to_do"], "vpp_users_to_do", Everywhere),
    row(Type, &["WaitingChange", "WaitingWish"], "WaitlistChange, WaitlistEntry", Everywhere),
    row(
        Name,
        &["waiting_rows", "waiting_by_time", "load_waiting", "all_waiting", "with_waiting"],
        "waitlist",
        Everywhere,
    ),
    row(Table, &["waiting"], "waitlist", Everywhere),
    row(Member, &["waiting"], "waitlist", STORED),
    // Acts.
    row(
        Part,
        &["wish", "wishes", "wished", "wishing"],
        "assign, unassign, a direct assignment, LicenseType",
        Everywhere,
    ),
    row(Part, &["blast"], "release guard (ReleaseBound)", Everywhere),
    row(Name, &["ReleaseTally"], "ReleaseCount", Everywhere),
    row(Module, &["release_tally"], "release_count", Everywhere),
    row(Part, &["occasion", "occasions"], "cause", Everywhere),
    row(Name, &["kept_since"], "keep", Everywhere),
    row(Part, &["hand_over"], "deliver", Everywhere),
    row(Name, &["DeviceSaid"], "ReportContent", Everywhere),
    row(Name, &["DirectoryPage"], "DirectoryQuery", Everywhere),
    row(Name, &["DirectoryOf"], "DirectoryScope", Everywhere),
    row(Name, &["Place"], "WaitlistPlace", HEART),
    row(Name, &["Apply"], "ChangeRequest", HEART),
    row(Name, &["Leave"], "LicensesOnDeletion", HEART),
    row(Name, &["leaving"], "deleting, or grace", STORED),
    row(Member, &["news"], "unapplied_change", Everywhere),
    row(Module, &["distribute"], "installs", Everywhere),
    // Jobs.
    row(Type, &["Due"], "Job, JobKind", Product),
    row(Module, &["due"], "job", Product),
    row(Table, &["due"], "jobs", Everywhere),
    row(Name, &["due_by_time", "due_by_location"], "jobs_by_time, jobs_by_location", Everywhere),
    row(Function, &["note"], "enqueue", STORED),
    row(Function, &["settle"], "complete", STORED),
    row(Name, &["Settled"], "a completed job", STORED),
    row(Member, &["settled", "settled_n"], "completed", STORED),
    row(Part, &["put_off", "puts_off"], "reschedule", Everywhere),
    row(Member, &["n"], "generation, or a name of more than one letter", Product),
    row(Name, &["Left"], "JobOutcome", HEART),
    row(Name, &["Serve"], "FillWaitlist", HEART),
    row(Code, &["serve"], "fill_waitlist", STORED),
    row(Code, &["walk"], "read_assignments", STORED),
    row(Code, &["confirm"], "read_delta", STORED),
    row(Code, &["look"], "read_back", STORED),
    row(Part, &["unfence"], "ReleaseFences", Everywhere),
    // Transactions.
    row(
        Name,
        &["Turn", "Turns", "TurnScope", "TurnError"],
        "a transaction: LoadScope, Store::transact",
        HEART,
    ),
    row(Module, &["turn", "turns", "turn_scope"], "transaction, load_scope", Product),
    row(Member, &["turn"], "transaction", STORED),
    row(Part, &["ledger", "ledgers"], "DecisionBuilder", STORED),
    row(Name, &["decide_again"], "decide_ and an object", Everywhere),
    row(Gerund, &["decide"], "decide_<verb>_<object>", Everywhere),
    // Tests.
    row(Part, &["twin", "twins"], "fake", Everywhere),
    row(Name, &["House", "Stage", "Ground", "Scene", "Story"], "Fixture", Product),
    // Prose.
    row(
        Prose,
        &["talk", "talks", "talked", "talking", "talker", "talkers"],
        "name the actor: calls Apple, the session",
        Everywhere,
    ),
    row(Prose, &["wish", "wishes", "wished", "wishing"], "assign, direct assignment, is desired", Everywhere),
    row(Prose, &["hitch", "hitches"], "failure", Everywhere),
    row(Prose, &["twin", "twins"], "fake", Everywhere),
    row(Prose, &["whoever", "whomever"], "name the actor", Everywhere),
    row(Prose, &["nobody", "somebody"], "name the actor", Everywhere),
    row(Prose, &["he", "him", "his", "himself"], "they, them, their", Everywhere),
    row(Prose, &["so long"], "for N seconds, until", Everywhere),
    row(Prose, &["so many"], "at most N", Everywhere),
];

/// Files that may hold replaced words: the glossary, this table, and the test that plants them.
pub(super) const EXEMPT: &[&str] = &[
    "docs/GLOSSARY.md",
    "crates/xtask/src/gates/words/table.rs",
    "crates/xtask/src/gates/words/check_tests.rs",
];

/// Lines that may hold a replaced word: the file, and a text that the line contains. For names of dependencies, and
/// for quotations that do not follow `Apple:`.
pub(super) const ALLOWED: &[(&str, &str)] = &[];

impl Scope {
    pub(super) fn holds(self, path: &str) -> bool {
        let is_under = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
        match self {
            Self::Everywhere => true,
            Self::Product => !is_under(TOOLS),
            Self::Under(folders) => is_under(folders),
        }
    }
}
