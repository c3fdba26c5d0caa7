use integrations::fake::slack::SignedRequest;
use integrations::slack::Signature;
use secrecy::SecretString;

/// The same request with something changed, and not signed again.
pub(crate) fn forged(request: &SignedRequest, change: impl FnOnce(&mut SignedRequest)) -> SignedRequest {
    let mut request = request.clone();
    change(&mut request);
    request
}

/// The same request with another body, signed as Slack would.
pub(crate) fn signed(request: &SignedRequest, secret: &SecretString, body: String) -> SignedRequest {
    forged(request, |it| {
        it.signature = Signature::sign(secret, &it.timestamp, body.as_bytes());
        it.body = body.into_bytes();
    })
}
