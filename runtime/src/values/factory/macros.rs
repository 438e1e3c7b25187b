//! The shared parts of generated factories. They are macros, so that a generated factory is a list of its fields.
//!
//! There is one factory for each type, and most tests need few: everything is `#[inline]`, so it is compiled only where
//! it is called, and nothing is derived (`Debug` and `Clone` cost as much as all the methods).

/// The methods of every factory, around [`Factory`](crate::mock::Factory).
#[doc(hidden)]
#[macro_export]
macro_rules! factory_methods {
    ($name:ident, $type:ty) => {
        #[doc = concat!("Makes values of `", stringify!($type), "`, for tests.")]
        #[must_use = "a factory creates nothing until `build` is called"]
        pub struct $name($crate::mock::Factory<$type>);

        impl $type {
            /// Generates values for tests: the same ones for the same seed, always within the limits of the spec.
            #[inline]
            pub fn factory() -> $name {
                $name($crate::mock::Factory::new())
            }
        }

        impl $name {
            /// Sets the seed, which determines all generated values; 0 by default.
            #[inline]
            pub fn seed(self, seed: u64) -> Self {
                Self(self.0.seed(seed))
            }

            /// Generates only required fields; lists and maps are as short as allowed.
            #[inline]
            pub fn minimal(self) -> Self {
                Self(self.0.minimal())
            }

            /// Generates all optional fields, and elements in all lists and maps, to a depth of five models.
            #[inline]
            pub fn full(self) -> Self {
                Self(self.0.full())
            }

            /// Changes each generated value. The result is not checked.
            #[inline]
            pub fn with(self, edit: impl Fn(&mut $type) + Send + Sync + 'static) -> Self {
                Self(self.0.with(edit))
            }

            /// Returns one value.
            #[inline]
            pub fn build(&self) -> $type {
                self.0.build()
            }

            /// Returns `count` values whose generated parts differ. The first is that of `build`.
            #[inline]
            pub fn many(&self, count: usize) -> ::std::vec::Vec<$type> {
                self.0.many(count)
            }
        }
    };
}

/// The factory of a model, with a setter for each field; those in the second list differ from the field's name.
#[doc(hidden)]
#[macro_export]
macro_rules! factory {
    ($name:ident of $type:ty { $($field:ident: $value:ty),* $(,)? } $({ $($setter:ident sets $other:ident: $more:ty),* $(,)? })?) => {
        $crate::factory_methods!($name, $type);

        impl $name {
            $(
                /// Sets this field.
                #[inline]
                pub fn $field(self, value: impl ::std::convert::Into<$value>) -> Self {
                    Self(self.0.set::<$value, _>(value, |made| &mut made.$field))
                }
            )*
            $($(
                /// Sets the field of a similar name.
                #[inline]
                pub fn $setter(self, value: impl ::std::convert::Into<$more>) -> Self {
                    Self(self.0.set::<$more, _>(value, |made| &mut made.$other))
                }
            )*)?
        }
    };
}

/// The factory of a union: its methods select the member.
#[doc(hidden)]
#[macro_export]
macro_rules! union_factory {
    ($name:ident of $type:ty { $($member:ident = $position:literal),* $(,)? }) => {
        $crate::factory_methods!($name, $type);

        impl $name {
            $(
                /// Selects this member.
                #[inline]
                pub fn $member(self) -> Self {
                    Self(self.0.member($position))
                }
            )*
        }
    };
}

/// Factories of enums, which generate the first value.
#[doc(hidden)]
#[macro_export]
macro_rules! enum_factories {
    ($($type:ty = $first:ident),* $(,)?) => {$(
        impl $crate::mock::Sample for $type {
            fn sample(_: &mut $crate::mock::Sampler) -> Self {
                Self::$first
            }
        }

        impl $type {
            /// Generates the first value, for tests.
            #[inline]
            pub fn factory() -> $crate::mock::Factory<Self> {
                $crate::mock::Factory::new()
            }
        }
    )*};
}
