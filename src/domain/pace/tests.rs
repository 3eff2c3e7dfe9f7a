//! Settings as they are wanted, laid onto those before: what they become, what is refused, and what
//! right they take.
use super::{raid::LONGEST_RAID, *};
use crate::domain::{
    permission::{Action, Role},
    remit::Place,
    text::Check,
};

fn order(before: &Pace) -> PaceOrder {
    let Pace {
        version,
        slow_seconds,
        slow_points,
        paused_points,
        first_posts,
        raid,
        quiet,
        words,
        links,
    } = before.clone();
    let raid = raid.map(|raid| RaidOrder {
        ends_at: raid.ends_at,
    });
    PaceOrder {
        version,
        slow_seconds,
        slow_points,
        paused_points,
        first_posts,
        raid,
        quiet,
        words,
        links,
    }
}

fn made(
    order: PaceOrder,
    before: &Pace,
    now: Millis,
) -> Result<Pace, Vec<crate::domain::text::Fault>> {
    let mut check = Check::default();
    let pace = order.onto(before, Role::Moderator, now, &mut check);
    check.finish().map(|()| pace)
}

#[test]
fn raid_mode_keeps_since_when_while_it_goes_on_and_ends_by_itself() {
    let raid = |ends_at| Some(RaidOrder { ends_at });
    let on = made(
        PaceOrder {
            raid: raid(Some(5_000)),
            ..order(&Pace::default())
        },
        &Pace::default(),
        1_000,
    )
    .unwrap();
    assert_eq!(
        on.raid,
        Some(Raid {
            since: 1_000,
            by: Role::Moderator,
            ends_at: Some(5_000)
        })
    );
    assert!(on.raided(4_999) && !on.raided(5_000));
    assert_eq!(made(order(&on), &on, 2_000).unwrap().raid, on.raid);
    let longer = made(
        PaceOrder {
            raid: raid(None),
            ..order(&on)
        },
        &on,
        2_000,
    )
    .unwrap();
    assert_eq!(
        longer.raid,
        Some(Raid {
            since: 1_000,
            by: Role::Moderator,
            ends_at: None
        })
    );
    let again = made(
        PaceOrder {
            raid: raid(Some(9_000)),
            ..order(&on)
        },
        &on,
        6_000,
    )
    .unwrap();
    assert_eq!(again.raid.map(|raid| raid.since), Some(6_000));
    assert_eq!(
        made(order(&on), &on, 6_000).unwrap_err()[0].field,
        "raid.ends_at"
    );
}

#[test]
fn order_takes_one_right_and_policy_another() {
    let before = Pace::default();
    let slow = made(
        PaceOrder {
            slow_seconds: Some(60),
            ..order(&before)
        },
        &before,
        0,
    )
    .unwrap();
    let (order_of_all, policy) = (
        (Action::SetPace, Place::Whole),
        (Action::SetPolicy, Place::Whole),
    );
    assert_eq!(slow.needs(&before, 0), std::slice::from_ref(&order_of_all));
    let quiet = Quiet {
        from: "22:00".into(),
        to: "07:00".into(),
        zone: "Europe/Kyiv".into(),
    };
    let night = made(
        PaceOrder {
            quiet: Some(quiet.clone()),
            ..order(&before)
        },
        &before,
        0,
    )
    .unwrap();
    assert_eq!(night.needs(&before, 0), std::slice::from_ref(&policy));
    let both = made(
        PaceOrder {
            quiet: Some(quiet),
            ..order(&slow)
        },
        &slow,
        0,
    )
    .unwrap();
    assert_eq!(both.needs(&before, 0), [order_of_all.clone(), policy]);
    assert_eq!(
        made(order(&before), &before, 0).unwrap().needs(&before, 0),
        [order_of_all]
    );
}

#[test]
fn what_is_set_on_points_takes_the_right_there_alone() {
    let before = Pace {
        slow_points: vec![SlowPoint {
            point: 1,
            seconds: 60,
        }],
        paused_points: vec![2],
        ..Pace::default()
    };
    let wanted = PaceOrder {
        slow_points: vec![SlowPoint {
            point: 1,
            seconds: 90,
        }],
        paused_points: vec![2, 4],
        ..order(&before)
    };
    let points = [1, 4].map(|point| (Action::SetPace, Place::Point(point)));
    assert_eq!(made(wanted, &before, 0).unwrap().needs(&before, 0), points);
}

#[test]
fn every_bound_names_its_field() {
    let before = Pace::default();
    let fault = |change: &dyn Fn(&mut PaceOrder)| {
        let mut order = order(&before);
        change(&mut order);
        made(order, &before, 0).unwrap_err()[0].field.clone()
    };
    assert_eq!(fault(&|order| order.slow_seconds = Some(9)), "slow_seconds");
    assert_eq!(
        fault(&|order| order.slow_points = vec![SlowPoint {
            point: 1,
            seconds: 86_401
        }]),
        "slow_points"
    );
    assert_eq!(
        fault(&|order| order.slow_points = vec![
            SlowPoint {
                point: 1,
                seconds: 60
            };
            2
        ]),
        "slow_points"
    );
    assert_eq!(
        fault(&|order| order.paused_points = (0..65).collect()),
        "paused_points"
    );
    assert_eq!(fault(&|order| order.first_posts = 6), "first_posts");
    assert_eq!(
        fault(&|order| order.raid = Some(RaidOrder {
            ends_at: Some(LONGEST_RAID + 1)
        })),
        "raid.ends_at"
    );
}

#[test]
fn a_document_of_an_older_version_reads_as_nothing_set() {
    assert_eq!(serde_json::from_str::<Pace>("{}").unwrap(), Pace::default());
}
