//! Reading a JSON value of any kind into a form that is never refused, so that a value of a wrong kind can be named
//! with its place instead of spoiling the text around it. Without a tree of values: for lists that are long.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What a JSON value can be read into.
pub(super) trait Form<'de>: Sized {
    /// A value of a kind that has no use here.
    fn of_kind(kind: &'static str) -> Self;

    fn null() -> Self {
        Self::of_kind("null")
    }

    fn text(_: Cow<'de, str>) -> Self {
        Self::of_kind("a text")
    }

    fn whole_number(_: String) -> Self {
        Self::of_kind("a number")
    }

    fn list<A: SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::of_kind("a list"))
    }

    fn object<A: MapAccess<'de>>(mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::of_kind("an object"))
    }
}

/// Reads whatever comes.
pub(super) fn read_form<'de, D: Deserializer<'de>, F: Form<'de>>(deserializer: D) -> Result<F, D::Error> {
    deserializer.deserialize_any(AnyValue(PhantomData))
}

struct AnyValue<F>(PhantomData<F>);

impl<'de, F: Form<'de>> Visitor<'de> for AnyValue<F> {
    type Value = F;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<F, E> {
        Ok(F::null())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<F, E> {
        Ok(F::of_kind("true or false"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<F, E> {
        Ok(F::whole_number(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<F, E> {
        Ok(F::whole_number(number.to_string()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<F, E> {
        Ok(F::of_kind("a number"))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<F, E> {
        Ok(F::text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<F, E> {
        Ok(F::text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<F, A::Error> {
        F::list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<F, A::Error> {
        F::object(object)
    }
}
