//! Variables that are meant for this program and are none of its own: a misspelt setting is told,
//! not passed over.

/// Variables that build and test the program, and are no settings of it.
pub const OTHERS: [&str; 11] = [
    "DEMARCHE_API",
    "DEMARCHE_BINARY",
    "DEMARCHE_DATA",
    "DEMARCHE_FRONTEND",
    "DEMARCHE_FRONTEND_DIST",
    "DEMARCHE_KILLS",
    "DEMARCHE_REQUIRE_ALL",
    "DEMARCHE_SKIP_FRONTEND",
    "DEMARCHE_TEST_DATABASE_URL",
    "DEMARCHE_TEST_REDIS_URL",
    "DEMARCHE_URL",
];

/// How many letters of a variable's name may be wrong for it to be taken for one of ours whose
/// beginning is misspelt.
const MISSPELT: usize = 2;

/// Variables that are meant for this program and are none of its own, each with the name that is
/// most like it. `set` is names and values.
pub fn unknown(set: impl Iterator<Item = (String, String)>, known: &[String]) -> Vec<String> {
    let ours = set.filter_map(|(name, value)| {
        if known.contains(&name)
            || OTHERS.contains(&name.as_str())
            || is_of_kubernetes(&name, &value)
        {
            return None;
        }
        let written = name.to_uppercase().replace('-', "_");
        let like = |known: &String| strsim::jaro_winkler(known, &written);
        let nearest = known
            .iter()
            .max_by(|one, other| like(one).total_cmp(&like(other)))?;
        let misspelt = strsim::damerau_levenshtein(nearest, &written) <= MISSPELT;
        (written.starts_with("DEMARCHE_") || misspelt)
            .then(|| format!("{name}: there is no such setting; the nearest is {nearest}"))
    });
    ours.collect()
}

/// Kubernetes, and Docker where containers are linked, tell every container where a service is that
/// is called as this program is.
fn is_of_kubernetes(name: &str, value: &str) -> bool {
    let Some(rest) = name.strip_prefix("DEMARCHE_") else {
        return false;
    };
    let at = value.starts_with("tcp://") || value.starts_with("udp://");
    rest == "SERVICE_HOST"
        || rest.starts_with("SERVICE_PORT")
        || (rest == "PORT" && at)
        || (rest.starts_with("PORT_") && rest.contains("_TCP"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_variable_is_told_with_the_nearest_name() {
        let known = [
            "DEMARCHE_REGISTRATION",
            "DEMARCHE_BIND",
            "DEMARCHE_REDIS_URL",
        ]
        .map(str::to_owned);
        let typo = format!("DEMARCHE_{}", "REGISTRATON");
        let set = ["PATH".to_owned(), "DEMARCHE_BIND".into(), typo.clone()]
            .map(|name| (name, "closed".to_owned()));
        assert_eq!(
            unknown(set.into_iter(), &known),
            [format!(
                "{typo}: there is no such setting; the nearest is DEMARCHE_REGISTRATION"
            )]
        );
    }

    #[test]
    fn a_variable_in_small_letters_or_with_a_misspelt_beginning_is_told_too() {
        let known = [
            "DEMARCHE_REGISTRATION",
            "DEMARCHE_BIND",
            "DEMARCHE_REDIS_URL",
        ]
        .map(str::to_owned);
        let told = |name: &str, value: &str| {
            unknown([(name.to_owned(), value.to_owned())].into_iter(), &known)
        };
        for typo in [
            "demarche_registration",
            "Demarche_Bind",
            "DEMARCHE-BIND",
            "DEMARSHE_REGISTRATION",
            "DEMARCH_REDIS_URL",
            "DEMARCHEBIND",
            "DÉMARCHE_BIND",
        ] {
            assert!(
                told(typo, "x").iter().all(|said| said.starts_with(typo))
                    && told(typo, "x").len() == 1,
                "{typo}"
            );
        }
        for other in [
            "PATH",
            "REDIS_URL",
            "BIND",
            "DATABASE_URL",
            "REGISTRATION",
            "DEMOCRACY_URL",
        ] {
            assert!(told(other, "x").is_empty(), "{other}");
        }
        for (name, value) in [
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_PORT_HTTP", "80"),
            ("PORT", "tcp://10.0.0.1:80"),
            ("PORT_80_TCP_ADDR", "10.0.0.1"),
        ] {
            assert!(
                told(&format!("DEMARCHE_{name}"), value).is_empty(),
                "{name}"
            );
        }
        assert_eq!(told(&format!("DEMARCHE_{}", "PORT"), "8080").len(), 1);
    }
}
