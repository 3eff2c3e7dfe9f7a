//! Links that carry a secret. It stands behind the `#`, which browsers keep to themselves: no
//! server or proxy logs it.
/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretLink {
    /// Setting a new password.
    Reset,
    /// Registering.
    Register,
}

/// The address of a link under a site's public address.
#[must_use]
pub fn address(public_url: &str, link: SecretLink, token: &str) -> String {
    let (path, name) = match link {
        SecretLink::Reset => ("reset", "token"),
        SecretLink::Register => ("register", "invitation"),
    };
    format!("{public_url}/{path}#{name}={token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_of_a_link_reaches_no_server() {
        for link in [SecretLink::Reset, SecretLink::Register] {
            let url = url::Url::parse(&address("https://debate.example", link, "s3cret")).unwrap();
            assert!(
                url.query().is_none() && !url.path().contains("s3cret"),
                "{url}"
            );
            assert!(url.fragment().unwrap().ends_with("=s3cret"), "{url}");
        }
    }
}
