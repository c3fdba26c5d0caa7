use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names, but gives no private address for a guarded one: whoever controls its answers must not lead our
/// requests into the own network.
pub(super) struct Guard(Arc<HashSet<String>>);

impl Guard {
    /// Guards these names and no other.
    pub(super) fn new(names: HashSet<String>) -> Self {
        Self(names.into())
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guarded = self.0.contains(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|it| !guarded || !is_private(it.ip())).collect();
            if allowed.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to this machine, to a private network, or to nobody.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry/>
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(it) => is_private_v4(it),
        IpAddr::V6(it) => is_private_v6(it),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let shared = first == 100 && (64..128).contains(&second);
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || shared
        || first == 0
        || first >= 240
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let embedded = match ip.segments() {
        // Addresses of IPv4 written as IPv6: mapped, and translated by NAT64.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            let [.., a, b, c, d] = ip.octets();
            is_private_v4(Ipv4Addr::new(a, b, c, d))
        }
        _ => false,
    };
    let local = ip.is_unique_local() || ip.is_unicast_link_local();
    embedded || local || ip.is_loopback() || ip.is_unspecified() || ip.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_private_addresses_from_public_ones() {
        let private = [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
        ];
        let public = ["3.68.170.153", "100.128.0.1", "172.32.0.1", "2600:1f18::1", "::ffff:3.68.170.153"];
        for ip in private {
            assert!(is_private(ip.parse().unwrap()), "{ip}");
        }
        for ip in public {
            assert!(!is_private(ip.parse().unwrap()), "{ip}");
        }
    }

    #[tokio::test]
    async fn a_guarded_name_has_no_private_address() {
        let guard = Guard::new(["localhost".to_string()].into());
        assert!(guard.resolve("localhost".parse().unwrap()).await.is_err());
        assert!(Guard::new(HashSet::new()).resolve("localhost".parse().unwrap()).await.is_ok());
    }
}
