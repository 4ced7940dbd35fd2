//! §3.4.2.4: pages.

use rstest::rstest;

use crate::provider::{Provider, with_query};

/// "startIndex: [...] A value less than 1 SHALL be interpreted as 1." "count: [...] A negative value SHALL be interpreted
/// as \"0\". A value of \"0\" indicates that no resource results are to be returned except for \"totalResults\"." "[...]
/// MUST NOT return more results than specified".
#[rstest]
#[case::first("1", "2", 1, 2)]
#[case::second("3", "2", 3, 2)]
#[case::last("5", "2", 5, 1)]
#[case::beyond("6", "2", 6, 0)]
#[case::zero("0", "2", 1, 2)]
#[case::negative("-7", "2", 1, 2)]
#[case::none("1", "0", 1, 0)]
#[case::negative_count("1", "-1", 1, 0)]
#[case::more_than_there_are("1", "100", 1, 5)]
#[tokio::test]
async fn s3_4_2_4_a_page_is_cut_where_the_rfc_cuts_it(
    #[case] start: &str,
    #[case] count: &str,
    #[case] index: u64,
    #[case] items: usize,
) {
    let provider = Provider::new().await;
    for name in ["ada", "bob", "eve", "joe"] {
        provider.user(name).await;
    }
    let path = with_query("/Users", &[("startIndex", start), ("count", count)]);
    let reply = provider.get(&path).await.is(200);
    assert_eq!(reply.total(), 5);
    assert_eq!(reply.body["startIndex"], index);
    assert_eq!(reply.ids().len(), items);
}

#[rstest]
#[case("startIndex", "one")]
#[case("count", "1.5")]
#[tokio::test]
async fn s3_4_2_4_what_is_no_integer_is_refused(#[case] name: &str, #[case] value: &str) {
    let provider = Provider::new().await;
    let reply = provider.get(&with_query("/Users", &[(name, value)])).await;
    reply.fails(400, "invalidValue");
}

/// Pages of a filtered list are cut the same way, and its total is that of the filter.
#[tokio::test]
async fn s3_4_2_4_pages_of_a_filter_do_not_overlap() {
    let provider = Provider::new().await;
    for number in 0..5 {
        provider.user(&format!("user{number}")).await;
    }
    let page = async |start: &str| {
        let pairs = [
            ("filter", "userName sw \"user\""),
            ("startIndex", start),
            ("count", "2"),
        ];
        provider.get(&with_query("/Users", &pairs)).await.is(200)
    };
    let mut seen = Vec::new();
    for start in ["1", "3", "5"] {
        let reply = page(start).await;
        assert_eq!(reply.total(), 5);
        seen.extend(reply.ids());
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 5);
}
