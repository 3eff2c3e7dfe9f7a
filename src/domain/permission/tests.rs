//! Who may do what, tried on the whole table.
use super::*;
use crate::{
    domain::remit::{Place, Remit},
    id::Id,
};

fn actor(role: Role) -> Actor {
    let account = (role > Role::Anonymous).then(Id::new);
    Actor {
        account,
        role,
        camp: None,
        sanction: None,
        standing: true,
        waiting: None,
        remit: Remit::default(),
        alias: None,
        scope: Scope::Moderate,
    }
}

#[test]
fn a_token_may_no_more_than_its_scope_whatever_its_account_may() {
    for action in Action::ALL.iter().copied() {
        let may = |scope| {
            Actor {
                scope,
                ..actor(Role::Admin)
            }
            .may(action, false)
        };
        let least = action.rule().scope;
        for scope in [Scope::Read, Scope::Write, Scope::Moderate] {
            assert_eq!(
                may(scope),
                if scope >= least {
                    Ok(())
                } else {
                    Err(Refusal::OutsideScope)
                },
                "{action:?} by {scope:?}"
            );
        }
    }
    assert!(
        !Actor {
            scope: Scope::Write,
            ..actor(Role::Owner)
        }
        .viewer()
        .sees_hidden
    );
    assert_eq!(Scope::of_word("what a later version calls it"), Scope::Read);
}

#[test]
fn a_higher_role_may_whatever_a_lower_one_may() {
    let roles = [
        Role::Anonymous,
        Role::Member,
        Role::Participant,
        Role::Moderator,
        Role::Mediator,
        Role::Owner,
        Role::Admin,
    ];
    for action in Action::ALL.iter().copied() {
        let allowed: Vec<_> = roles
            .map(|role| actor(role).may(action, false).is_ok())
            .to_vec();
        assert!(allowed.is_sorted(), "{action:?}: {allowed:?}");
    }
}

#[test]
fn every_action_is_in_the_list_in_its_place() {
    for (place, action) in Action::ALL.iter().enumerate() {
        assert_eq!(*action as usize, place, "{action:?}");
        assert_eq!(action.alone(), [*action]);
    }
    // The fault for a word that is none lists those that are: all variants there are, whatever the
    // list says.
    let fault = serde_json::from_value::<Action>("no such".into())
        .unwrap_err()
        .to_string();
    assert_eq!(
        fault.matches('`').count() / 2 - 1,
        Action::ALL.len(),
        "{fault}"
    );
}

#[test]
fn a_limited_moderator_decides_within_the_limit_alone() {
    let limited = Actor {
        remit: Remit {
            points: Some([3].into()),
            languages: None,
        },
        ..actor(Role::Moderator)
    };
    let on = |point| Place::Thing {
        points: vec![point],
        language: None,
    };
    assert_eq!(limited.may_over(Action::Moderate, false, &on(3)), Ok(()));
    assert_eq!(
        limited.may_over(Action::Moderate, false, &on(4)),
        Err(Refusal::OutsideRemit)
    );
    assert_eq!(
        limited.may_over(Action::Sanction, false, &Place::Whole),
        Err(Refusal::OutsideRemit)
    );
    assert_eq!(
        limited.may(Action::SeeHidden, false),
        Ok(()),
        "sight is not limited"
    );
}

#[test]
fn a_pause_stops_posting_and_not_answering() {
    assert_eq!(
        actor(Role::Participant).may(Action::Post, true),
        Err(Refusal::Paused)
    );
    assert_eq!(actor(Role::Participant).may(Action::Answer, true), Ok(()));
    assert_eq!(actor(Role::Moderator).may(Action::Post, true), Ok(()));
}

#[test]
fn a_sanction_leaves_reading_and_reporting() {
    let banned = Actor {
        sanction: Some(None),
        ..actor(Role::Participant)
    };
    assert_eq!(
        banned.may(Action::Answer, false),
        Err(Refusal::Sanctioned(None))
    );
    assert_eq!(banned.may(Action::Read, false), Ok(()));
    assert_eq!(banned.may(Action::Report, false), Ok(()));
}

#[test]
fn a_role_that_waits_allows_nothing_and_says_what_it_waits_for() {
    let waits = Actor {
        waiting: Some(Role::Mediator),
        ..actor(Role::Participant)
    };
    for action in Action::ALL {
        let expected = match action.rule().least {
            Role::Moderator | Role::Mediator => Err(Refusal::SecondFactorMissing),
            Role::Owner | Role::Admin => Err(Refusal::Forbidden),
            _ => Ok(()),
        };
        assert_eq!(waits.may(*action, false), expected, "{action:?}");
    }
    assert!(!waits.viewer().sees_hidden);
    assert_eq!(waits.may(Action::Post, true), Err(Refusal::Paused));
}
