//! Lists, maps, options, and boxes.

use std::collections::BTreeMap;

use crate::json::reader::Reader;
use crate::json::traits::FromJson;
use crate::json::writer::{ToJson, Writer};

impl<T: FromJson> FromJson for Option<T> {
    /// Reads `null` as `None`.
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        if r.null()? { Some(None) } else { T::read(r).map(Some) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let limits = r.limits.take();
        let mut elements = r.array()?;
        let at = r.scan.at;
        let mut out = Vec::new();
        while r.element(&mut elements) {
            r.keeps_element(size_of::<T>(), out.len());
            // `Vec::extend` would be compiled for each type, with a dozen functions of iterators.
            if let Some(element) = T::read(r) {
                out.push(element);
            }
        }
        r.end_array(&elements)?;
        if let Some(field) = limits {
            r.count_within(field, at, elements.count(), "elements")?;
        }
        if out.len() == elements.count() { Some(out) } else { None }
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        let wrapped = r.mode.coerce && r.open_single();
        let mut out = BTreeMap::new();
        let read = r.entries(|r, key| {
            let at = r.scan.at;
            r.keeps_entry::<T>(out.len());
            if out.insert(key, T::read(r)?).is_some() {
                r.duplicate(at);
            }
            Some(())
        });
        let value = read.map(|()| out);
        if wrapped { r.close_single(value) } else { value }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn read(r: &mut Reader<'_>) -> Option<Self> {
        r.keeps::<T>();
        T::read(r).map(Box::new)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn write(&self, w: &mut Writer) {
        match self {
            Some(value) => value.write(w),
            None => w.raw("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn is_optional(&self) -> bool {
        true
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn write(&self, w: &mut Writer) {
        self.as_slice().write(w);
    }
}

impl<T: ToJson> ToJson for [T] {
    fn write(&self, w: &mut Writer) {
        w.array(self.iter());
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn write(&self, w: &mut Writer) {
        w.map(self);
    }
}

macro_rules! write_through {
    ($($type:ty),*) => {$(
        impl<T: ToJson + ?Sized> ToJson for $type {
            fn write(&self, w: &mut Writer) {
                (**self).write(w);
            }

            fn is_absent(&self) -> bool {
                (**self).is_absent()
            }

            fn is_optional(&self) -> bool {
                (**self).is_optional()
            }
        }
    )*};
}

write_through!(Box<T>, &T);
