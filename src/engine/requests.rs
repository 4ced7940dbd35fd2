//! The request log, read: search, one exchange with what is related to it, the live tail.

use jiff::Timestamp;

use super::{Engine, EngineError};
use crate::directory::RequestId;
use crate::request_log::{Exchange, RequestQuery, RequestRow};
use crate::store::rows::{RequestListing, RequestPage};

/// How many lines one page holds at most.
const MAX_PAGE: u32 = 1_000;
/// How many related requests are shown.
const RELATED: usize = 10;
/// The resource of a bulk request.
const BULK: &str = "Bulk";

impl Engine {
    /// Some lines of the log.
    pub async fn requests(&self, mut listing: RequestListing) -> Result<RequestPage, EngineError> {
        let query = parse(&listing.query)?;
        listing.limit = listing.limit.clamp(1, MAX_PAGE);
        Ok(self
            .store
            .requests(&listing, &query, Timestamp::now())
            .await?)
    }

    /// One exchange, and others about the same subject.
    pub async fn request(&self, id: RequestId) -> Result<(Exchange, Vec<RequestRow>), EngineError> {
        self.store.flush().await?;
        let Some(exchange) = self.store.request(id).await? else {
            let last = self.last_request.load(std::sync::atomic::Ordering::Relaxed);
            return Err(EngineError::NotFound(if id.0 == 0 || id.0 > last {
                format!("there is no request {id} yet")
            } else {
                format!("request {id} is no longer in the log; its changes are in the audit")
            }));
        };
        let related = match &exchange.row.subject {
            _ if exchange.row.resource == BULK => self.operations(&exchange.row).await?,
            Some(subject) => self.related(&subject.label, id).await?,
            None => Vec::new(),
        };
        let related = self.with_bulk(&exchange.row, related).await?;
        Ok((exchange, related))
    }

    async fn related(&self, label: &str, id: RequestId) -> Result<Vec<RequestRow>, EngineError> {
        // A label the language cannot quote has no related requests; that is no reason to fail the request itself.
        let Ok(query) =
            RequestQuery::parse(&format!("user:\"{}\"", label.replace(['"', '\\'], "")))
        else {
            return Ok(Vec::new());
        };
        let limit = u32::try_from(RELATED + 1).unwrap_or(MAX_PAGE);
        let listing = RequestListing {
            limit,
            ..RequestListing::default()
        };
        let page = self
            .store
            .requests(&listing, &query, Timestamp::now())
            .await?;
        Ok(page
            .items
            .into_iter()
            .filter(|row| row.id != id)
            .take(RELATED)
            .collect())
    }

    /// The operations of a bulk request: requests of their own that came soon after it.
    async fn operations(&self, bulk: &RequestRow) -> Result<Vec<RequestRow>, EngineError> {
        let listing = RequestListing {
            limit: MAX_PAGE,
            ..RequestListing::default()
        };
        let last = bulk.id.0.saturating_add(u64::from(MAX_PAGE));
        let query = parse(&format!("id:{}..{last}", bulk.id.0.saturating_add(1)))?;
        let page = self
            .store
            .requests(&listing, &query, Timestamp::now())
            .await?;
        let mut operations: Vec<_> = page
            .items
            .into_iter()
            .filter(|row| row.part_of == Some(bulk.id))
            .collect();
        // Newest first is how lists are; what came first stands first in the request.
        operations.reverse();
        operations.truncate(RELATED);
        Ok(operations)
    }

    /// Puts the bulk request that this is an operation of before what is related.
    async fn with_bulk(
        &self,
        row: &RequestRow,
        mut related: Vec<RequestRow>,
    ) -> Result<Vec<RequestRow>, EngineError> {
        if let Some(bulk) = row.part_of
            && let Some(bulk) = self.store.request(bulk).await?
        {
            related.insert(0, bulk.row);
            related.truncate(RELATED);
        }
        Ok(related)
    }

    /// Reads a query; the error names what would be right.
    pub fn query(&self, text: &str) -> Result<RequestQuery, EngineError> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<RequestQuery, EngineError> {
    RequestQuery::parse(text).map_err(|error| EngineError::Invalid(error.to_string()))
}
