//! Servers behind `https://`, whose certificates are verified as the platform verifies them.
#![cfg(all(feature = "tls", target_os = "linux"))]

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::thread;

use apigen_testing::Proxy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::*;

/// For `localhost`, signed by nobody; its key is no secret.
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proxy/certificate/localhost.pem");

/// The variable by which this program knows that it is to trust the certificate.
const TRUSTS: &str = "APIGEN_TEST_TRUSTS";

fn origin() -> SocketAddr {
    let key = include_bytes!("certificate/key.pem");
    let certificates = CertificateDer::pem_file_iter(CERTIFICATE).unwrap().map(Result::unwrap).collect();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates, PrivateKeyDer::from_pem_slice(key).unwrap())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let addr = listener.local_addr().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    thread::spawn(move || {
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that does not trust the certificate leaves.
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut request = [0; 4096];
                if stream.read(&mut request).await.is_ok() {
                    stream.write_all(&json(200, "[]")).await.unwrap();
                    stream.flush().await.unwrap();
                }
            }
        });
    });
    addr
}

#[test]
fn certificates_of_servers_are_verified() {
    let port = origin().port();
    let proxy = |host: &str| Proxy::new(service()).to(format!("https://{host}:{port}")).start().unwrap();
    let get = |host: &str| call(proxy(host).addr(), "GET /orders", &[], "");
    if std::env::var_os(TRUSTS).is_some() {
        let response = get("localhost");
        assert_eq!((response.status(), response.text()), (200, "[]"));
        assert_eq!(get("127.0.0.1").status(), 502, "the certificate is for another name");
        return;
    }
    let refused = get("localhost");
    assert_eq!(refused.status(), 502);
    assert!(refused.text().contains("certificate"), "{}", refused.text());
    let trusting = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "secure::certificates_of_servers_are_verified"])
        .envs([(TRUSTS, "1"), ("SSL_CERT_FILE", CERTIFICATE)])
        .output()
        .unwrap();
    assert!(trusting.status.success(), "{}", String::from_utf8_lossy(&trusting.stdout));
}
