//! Text from a server, made fit for an error: short, without control characters, without secrets.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mdm_vpp_core::{
    printable_text,
    token::{ContentToken, ReplyFacts},
};
use mdm_vpp_ports::{ClientConfig, NotificationSecret, Subscription};
use zeroize::Zeroizing;

use super::wire::ECHOED_SECRET;

/// The number of characters of a body that are quoted. Our choice: enough to recognize a proxy's page.
const EXCERPT: usize = 200;
/// The number of characters of Apple's own message that are kept. Our choice: Apple's own texts
/// are sentences.
const MESSAGE: usize = 500;
/// The number of bytes that are searched for secrets before an excerpt is cut. More than an excerpt, so that a secret
/// at its edge is seen whole.
const LOOKED_AT: usize = 4096;
/// The number of consecutive characters of a secret that count as the secret. Our choice: 12 Base64 characters are 72
/// bits, too many to match ordinary text by chance.
const TELLING: usize = 12;

/// Removes a content token, and the secret of notifications, from texts that a server may have echoed.
#[derive(Clone, Copy)]
pub(crate) struct Scrubber<'a> {
    token: Option<&'a ContentToken>,
    other: Option<&'a NotificationSecret>,
}

impl<'a> Scrubber<'a> {
    pub(crate) const fn of(token: Option<&'a ContentToken>) -> Self {
        Self { token, other: None }
    }

    pub(crate) const fn and(self, other: Option<&'a NotificationSecret>) -> Self {
        Self { other, ..self }
    }

    /// The start of a body. Scrubbed first and cut afterwards: the other way round, a secret across the cut would leave
    /// a part that is no longer recognized.
    pub(crate) fn excerpt(self, body: &[u8]) -> String {
        let start = String::from_utf8_lossy(body.get(..LOOKED_AT).unwrap_or(body));
        self.text(start.trim()).chars().take(EXCERPT).collect()
    }

    /// A message from Apple.
    pub(crate) fn message(self, text: &str) -> String {
        let start: String = text.chars().take(LOOKED_AT).collect();
        self.text(start.trim()).chars().take(MESSAGE).collect()
    }

    /// A text of any kind.
    pub(crate) fn text(self, text: &str) -> String {
        let text = without_echo(text);
        let text = text.as_ref();
        if self.token.is_none() && self.other.is_none() {
            return printable_text(text);
        }
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let run_end = rest.find(|character| !belongs_to_tokens(character)).unwrap_or(rest.len());
            let (run, after) = rest.split_at(run_end);
            clean.push_str(self.instead_of(run));
            let other_end = after.find(belongs_to_tokens).unwrap_or(after.len());
            let (other, next) = after.split_at(other_end);
            clean.push_str(other);
            rest = next;
        }
        printable_text(&clean)
    }

    /// A client config, in whose names a server may have repeated a secret.
    pub(crate) fn client_config(self, mut config: ClientConfig) -> ClientConfig {
        config.location.name = self.text(&config.location.name);
        let subscription = config.subscription.map(|read| Subscription { url: self.text(&read.url), ..read });
        ClientConfig { reply: self.reply(config.reply), subscription, ..config }
    }

    /// Expiry and claim, in whose names a server may have repeated a secret.
    pub(crate) fn reply(self, mut reply: ReplyFacts) -> ReplyFacts {
        if let Some(claim) = &mut reply.mdm_info {
            for part in [&mut claim.name, &mut claim.metadata] {
                *part = self.text(part);
            }
        }
        reply
    }

    /// The replacement of a run of token characters: the run itself, unless it holds a secret.
    fn instead_of(self, run: &str) -> &str {
        if self.token.is_some_and(|token| tells(run, token.expose())) {
            "[token]"
        } else if self.other.is_some_and(|secret| holds_part(run, secret.expose())) {
            "[secret]"
        } else {
            run
        }
    }
}

/// The text without the secret of notifications that Apple echoes in clear. It may be another product's, so it cannot
/// be compared; it is found by the name of its member.
fn without_echo(text: &str) -> Cow<'_, str> {
    if !text.contains(ECHOED_SECRET) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ECHOED_SECRET) {
        let value = after.trim_start_matches([' ', '\t', '\r', '\n', '"', '\\', ':', '=', '\'']);
        let end = value.find(|character: char| !belongs_to_values(character)).unwrap_or(value.len());
        let (between, _) = after.split_at(after.len() - value.len());
        for part in [before, ECHOED_SECRET, between, if end == 0 { "" } else { "[secret]" }] {
            clean.push_str(part);
        }
        rest = value.get(end..).unwrap_or_default();
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// The characters of a secret as JSON may spell it: also `\/` and `\u002b`.
fn belongs_to_values(character: char) -> bool {
    belongs_to_tokens(character) || character == '\\'
}

/// The characters of a content token, and `%` of its percent-encoded form.
fn belongs_to_tokens(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._~+/=%".contains(character)
}

/// Whether a run of ASCII characters holds a telling part of the secret, or of the token inside it: the file is Base64
/// of a JSON object that holds the token proper.
fn tells(run: &str, secret: &str) -> bool {
    if run.len() < TELLING.min(secret.len()) {
        return false;
    }
    let inside = Zeroizing::new(STANDARD.decode(secret).unwrap_or_default());
    let inside = Zeroizing::new(String::from_utf8_lossy(&inside).into_owned());
    holds_part(run, secret) || (!inside.is_empty() && holds_part(run, &inside))
}

fn holds_part(run: &str, secret: &str) -> bool {
    let length = TELLING.min(secret.len());
    run.len() >= length
        && (0..=run.len() - length)
            .any(|start| run.get(start..start + length).is_some_and(|part| secret.contains(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "eyJ0b2tlbiI6IlFVSkRSRVZHIiwib3JnTmFtZSI6IkV4YW1wbGUifQ==";

    fn scrubbed(text: &str) -> String {
        let token = ContentToken::new(SECRET).unwrap();
        Scrubber::of(Some(&token)).text(text)
    }

    #[test]
    fn the_secret_and_its_parts_are_removed() {
        assert_eq!(scrubbed(&format!("bad header `Bearer {SECRET}`!")), "bad header `Bearer [token]`!");
        assert_eq!(scrubbed(&format!("itvt={SECRET}; x")), "[token]; x");
        assert_eq!(scrubbed(&SECRET.replace('=', "%3D")), "[token]");
        assert_eq!(
            scrubbed(&format!("it began with {} and so on", &SECRET[..20])),
            "it began with [token] and so on"
        );
        assert_eq!(scrubbed(&format!("..{}", &SECRET[30..])), "[token]");
    }

    #[test]
    fn the_token_inside_the_file_is_removed_too() {
        let inside = "QUJDREVGR0hJSktMTU5PUA==";
        let json = format!(r#"{{"token":"{inside}","expDate":"2027-03-01T10:00:00+0000","orgName":"A"}}"#);
        let token = ContentToken::new(STANDARD.encode(json)).unwrap();
        assert_eq!(Scrubber::of(Some(&token)).text(&format!("unknown {inside}.")), "unknown [token]");
    }

    #[test]
    fn the_secret_of_notifications_is_removed_beside_the_token() {
        let (token, secret) =
            (ContentToken::new(SECRET).unwrap(), NotificationSecret::new("c2VjcmV0IG9mIG91cnM").unwrap());
        let text = format!("{SECRET} {} and {}", secret.expose(), &secret.expose()[..13]);
        let scrub = Scrubber::of(Some(&token)).and(Some(&secret));
        assert_eq!(scrub.text(&text), "[token] [secret] and [secret]");
    }

    #[test]
    fn the_secret_that_apple_echoes_is_removed_whatever_it_is() {
        for (text, clean) in [
            (
                r#"{"notificationAuthToken":"k3y.a-b_c","uId":"7"}"#,
                r#"{"notificationAuthToken":"[secret]","uId":"7"}"#,
            ),
            (r#""notificationAuthToken" : "a\/b=="#, r#""notificationAuthToken" : "[secret]"#),
            (r#"{\"notificationAuthToken\":\"k3y\"}"#, r#"{\"notificationAuthToken\":\"[secret]"}"#),
            (
                r#"notificationAuthToken=k3y&notificationAuthToken="#,
                "notificationAuthToken=[secret]&notificationAuthToken=",
            ),
            (r#""notificationAuthToken":"k"#, r#""notificationAuthToken":"[secret]"#),
        ] {
            assert_eq!(scrubbed(text), clean);
            assert_eq!(Scrubber::of(None).text(text), clean);
            assert_eq!(Scrubber::of(None).excerpt(text.as_bytes()), clean);
        }
    }

    #[test]
    fn other_text_stays() {
        let text = "Server https://vpp.itunes.apple.com/mdm/v2/assets is busy; überlastet (9646)";
        assert_eq!(scrubbed(text), text);
        assert_eq!(scrubbed(""), "");
    }

    #[test]
    fn a_secret_at_the_edge_of_an_excerpt_leaves_no_part() {
        let token = ContentToken::new(SECRET).unwrap();
        for padding in 150..210 {
            let body = format!("{} {SECRET}", ".".repeat(padding));
            let excerpt = Scrubber::of(Some(&token)).excerpt(body.as_bytes());
            assert!(!excerpt.contains(&SECRET[..4]), "{excerpt}");
        }
    }

    #[test]
    fn an_excerpt_is_short_and_printable() {
        let body = format!("<html>\r\n\u{1b}[31m{}", "é".repeat(5000));
        let excerpt = Scrubber::of(None).excerpt(body.as_bytes());
        assert_eq!(excerpt.chars().count(), 200);
        assert!(excerpt.starts_with("<html>\u{fffd}\u{fffd}\u{fffd}[31m"));
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(Scrubber::of(None).excerpt(b"\xff\xfe\x00a"), "\u{fffd}\u{fffd}\u{fffd}a");
    }
}
