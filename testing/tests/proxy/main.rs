//! The proxy over sockets, between a client and a server that say byte for byte what the tests want.

mod coverage;
mod hostile;
mod judged;
mod modes;
mod secure;
mod support;
mod transparent;
