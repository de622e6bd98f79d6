//! The one place where faults become gRPC statuses.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::fault::Fault;
use crate::proto::ErrorReason;

/// The `domain` of every `ErrorInfo`.
pub const DOMAIN: &str = "khabar.v1";

impl From<Fault> for Status {
    fn from(fault: Fault) -> Self {
        let meaning = Meaning::of(&fault);
        let mut details =
            ErrorDetails::with_error_info(meaning.reason_name(), DOMAIN, meaning.metadata);
        if let Some(field) = meaning.field {
            details.add_bad_request_violation(field, violation(&fault));
        }
        if let Some(delay) = meaning.retry_after {
            details.set_retry_info(Some(delay));
        }
        Status::with_error_details(meaning.code, fault.to_string(), details)
    }
}

/// The same as a message: what fills the item of one article in a batch or a
/// stream.
pub fn item_status(fault: Fault) -> tonic_types::Status {
    let status = Status::from(fault);
    // The details of a tonic status are an encoded `google.rpc.Status`.
    prost::Message::decode(status.details()).unwrap_or_else(|_| tonic_types::Status {
        code: status.code() as i32,
        message: status.message().to_owned(),
        details: Vec::new(),
    })
}

/// What is wrong with a field, without the field's path before it: the violation
/// names that apart.
fn violation(fault: &Fault) -> String {
    let message = fault.to_string();
    match fault {
        Fault::InvalidField { problem, .. } => problem.clone(),
        Fault::TextTooLong { field, .. } => {
            message.strip_prefix(&format!("{field}: ")).unwrap_or(&message).to_owned()
        }
        _ => message,
    }
}

/// What a fault is in gRPC's terms.
struct Meaning {
    code: Code,
    reason: ErrorReason,
    field: Option<String>,
    retry_after: Option<Duration>,
    metadata: HashMap<String, String>,
}

impl Meaning {
    fn new(code: Code, reason: ErrorReason) -> Self {
        Self { code, reason, field: None, retry_after: None, metadata: HashMap::new() }
    }

    fn of(fault: &Fault) -> Self {
        match fault {
            Fault::InvalidField { field, .. } => {
                Self::new(Code::InvalidArgument, ErrorReason::InvalidField).at(field)
            }
            Fault::TextTooLong { field, bytes, limit } => {
                Self::new(Code::InvalidArgument, ErrorReason::TextTooLong)
                    .at(field)
                    .with("bytes", bytes)
                    .with("limit", limit)
            }
            Fault::BatchSize { articles, limit } => {
                Self::new(Code::InvalidArgument, ErrorReason::BatchSize)
                    .at("articles")
                    .with("articles", articles)
                    .with("limit", limit)
            }
            Fault::MessageTooLarge { limit } => {
                Self::new(Code::OutOfRange, ErrorReason::MessageTooLarge).with("limit", limit)
            }
            Fault::AnswerTooLarge { bytes, limit } => {
                Self::new(Code::OutOfRange, ErrorReason::AnswerTooLarge)
                    .with("bytes", bytes)
                    .with("limit", limit)
            }
            Fault::MalformedMessage => Self::new(Code::Internal, ErrorReason::MalformedMessage),
            Fault::DeadlineExceeded => {
                Self::new(Code::DeadlineExceeded, ErrorReason::DeadlineExceeded)
            }
            Fault::Cancelled => Self::new(Code::Cancelled, ErrorReason::Cancelled),
            Fault::Overloaded { retry_after } => {
                Self::new(Code::ResourceExhausted, ErrorReason::Overloaded)
                    .again_after(*retry_after)
            }
            Fault::MissingKey => Self::new(Code::Unauthenticated, ErrorReason::MissingKey),
            Fault::UnknownKey => Self::new(Code::Unauthenticated, ErrorReason::UnknownKey),
            Fault::RateExceeded { caller, retry_after } => {
                Self::new(Code::ResourceExhausted, ErrorReason::RateExceeded)
                    .with("caller", caller)
                    .again_after(*retry_after)
            }
            Fault::Draining => Self::new(Code::Unavailable, ErrorReason::Draining),
            Fault::UnknownMethod { method } => {
                Self::new(Code::Unimplemented, ErrorReason::UnknownMethod).with("method", method)
            }
            Fault::Internal => Self::new(Code::Internal, ErrorReason::Internal),
        }
    }

    fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self.with("field", &field)
    }

    fn again_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self.with("retry_after_ms", &delay.as_millis())
    }

    fn with(mut self, key: &str, value: &dyn std::fmt::Display) -> Self {
        self.metadata.insert(key.to_owned(), value.to_string());
        self
    }

    /// The reason's name without the prefix that enum values carry.
    fn reason_name(&self) -> String {
        let name = self.reason.as_str_name();
        name.strip_prefix("ERROR_REASON_").unwrap_or(name).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_fault_names_its_field_in_bad_request_and_error_info() {
        let status = Status::from(Fault::field("articles[3].text", "must not be blank"));
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        assert_eq!(details.error_info().unwrap().reason, "INVALID_FIELD");
        assert_eq!(details.error_info().unwrap().domain, DOMAIN);
        let violations = &details.bad_request().unwrap().field_violations;
        assert_eq!(violations[0].field, "articles[3].text");
        assert_eq!(violations[0].description, "must not be blank");
    }

    #[test]
    fn overload_says_when_to_try_again() {
        let retry_after = Duration::from_millis(250);
        let status = Status::from(Fault::Overloaded { retry_after });
        assert_eq!(status.code(), Code::ResourceExhausted);
        let details = status.get_error_details();
        assert_eq!(details.retry_info().unwrap().retry_delay, Some(retry_after));
        assert_eq!(details.error_info().unwrap().metadata["retry_after_ms"], "250");
    }

    #[test]
    fn an_items_status_carries_the_same_details() {
        let fault = Fault::AnswerTooLarge { bytes: 9, limit: 8 };
        let item = item_status(fault.clone());
        assert_eq!(item.code, Code::OutOfRange as i32);
        assert_eq!(item.message, fault.to_string());
        assert_eq!(item.details.len(), 1);
        assert!(item.details[0].type_url.ends_with("google.rpc.ErrorInfo"));
    }

    #[test]
    fn every_reason_of_the_api_has_its_fault() {
        let faults = [
            Fault::field("f", "p"),
            Fault::TextTooLong { field: "text".into(), bytes: 2, limit: 1 },
            Fault::BatchSize { articles: 65, limit: 64 },
            Fault::MessageTooLarge { limit: 1 },
            Fault::AnswerTooLarge { bytes: 2, limit: 1 },
            Fault::MalformedMessage,
            Fault::DeadlineExceeded,
            Fault::Cancelled,
            Fault::Overloaded { retry_after: Duration::ZERO },
            Fault::Draining,
            Fault::Internal,
            Fault::UnknownMethod { method: "/a/b".into() },
            Fault::MissingKey,
            Fault::UnknownKey,
            Fault::RateExceeded { caller: "a".into(), retry_after: Duration::ZERO },
        ];
        let reasons: Vec<i32> =
            faults.iter().map(|fault| Meaning::of(fault).reason as i32).collect();
        assert_eq!(reasons, (1..=15).collect::<Vec<_>>());
    }
}
