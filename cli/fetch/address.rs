//! Classes of addresses, so that documents of others cannot make us connect to internal ones.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Returns the class of an address that is not public (IANA's registries of special-purpose addresses).
pub fn class(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => class_v4(address),
        IpAddr::V6(address) => class_v6(address),
    }
}

fn class_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, ..] => "an unspecified",
        [127, ..] => "a loopback",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private",
        [100, 64..=127, ..] => "a carrier-grade NAT",
        [169, 254, ..] => "a link-local",
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            "a reserved"
        }
        [224..=239, ..] => "a multicast",
        [240..=255, ..] => "a reserved",
        _ => return None,
    })
}

fn class_v6(address: Ipv6Addr) -> Option<&'static str> {
    let segments = address.segments();
    // Addresses with an embedded IPv4 address: mapped ones and those of a translator (RFC 6052).
    if let [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        return class_v4(Ipv4Addr::new(a, b, c, d));
    }
    Some(match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => "an unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "a loopback",
        [0xfc00..=0xfdff, ..] => "a unique-local",
        [0xfe80..=0xfebf, ..] => "a link-local",
        [0xff00..=0xffff, ..] => "a multicast",
        // Protocol assignments with Teredo, documentation, 6to4: the endpoints of tunnels are hidden.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => "a reserved",
        [0x2000..=0x3fff, ..] => return None,
        _ => "a reserved",
    })
}

#[cfg(test)]
mod tests {
    use super::class;

    #[test]
    fn special_addresses_are_known() {
        for (text, expected) in [
            ("0.0.0.0", "an unspecified"),
            ("0.1.2.3", "an unspecified"),
            ("127.0.0.1", "a loopback"),
            ("127.255.255.254", "a loopback"),
            ("10.0.0.1", "a private"),
            ("172.16.0.1", "a private"),
            ("172.31.255.255", "a private"),
            ("192.168.1.1", "a private"),
            ("100.64.0.1", "a carrier-grade NAT"),
            ("100.127.255.255", "a carrier-grade NAT"),
            ("169.254.169.254", "a link-local"),
            ("192.0.2.1", "a reserved"),
            ("198.19.0.1", "a reserved"),
            ("224.0.0.1", "a multicast"),
            ("239.255.255.255", "a multicast"),
            ("240.0.0.1", "a reserved"),
            ("255.255.255.255", "a reserved"),
            ("::", "an unspecified"),
            ("::1", "a loopback"),
            ("::ffff:10.0.0.1", "a private"),
            ("::ffff:127.0.0.1", "a loopback"),
            ("64:ff9b::a00:1", "a private"),
            ("64:ff9b:1::1", "a reserved"),
            ("::7f00:1", "a reserved"),
            ("fc00::1", "a unique-local"),
            ("fdff::1", "a unique-local"),
            ("fe80::1", "a link-local"),
            ("fec0::1", "a reserved"),
            ("ff02::1", "a multicast"),
            ("100::1", "a reserved"),
            ("2001:0:7f00:1::", "a reserved"),
            ("2001:db8::1", "a reserved"),
            ("2002:7f00:1::1", "a reserved"),
        ] {
            assert_eq!(class(text.parse().unwrap()), Some(expected), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "1.1.1.1",
            "9.255.255.255",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert_eq!(class(text.parse().unwrap()), None, "{text}");
        }
    }
}
