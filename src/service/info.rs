//! What `GetServerInfo` answers.

use prost_reflect::{DescriptorPool, Kind, MessageDescriptor};

use super::enums::{block_role, entity_type, profile};
use crate::analyze::Engine;
use crate::entities::EntityType;
use crate::limits::Limits;
use crate::normalize::Profile;
use crate::proto;
use crate::segment::Role;

/// Fields of answers that no engine fills yet, by full name.
const UNFILLED: [&str; 0] = [];

/// What `GetServerInfo` tells of a server that answers with `engine`.
pub fn server_info(engine: &Engine, limits: &Limits, default_time_zone: &str) -> proto::ServerInfo {
    let models = engine.models().iter().map(|model| proto::Model {
        name: model.name.to_owned(),
        version: model.version.to_owned(),
    });
    let profiles = [Profile::Repair, Profile::Display, Profile::Search];
    let seconds = |duration: std::time::Duration| prost_types::Duration {
        seconds: duration.as_secs() as i64,
        nanos: duration.subsec_nanos() as i32,
    };
    proto::ServerInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        engine_version: engine.version().to_owned(),
        models: models.collect(),
        limits: Some(proto::Limits {
            max_request_bytes: limits.max_request_bytes as i32,
            max_text_bytes: limits.max_text_bytes as i32,
            max_batch_articles: limits.max_batch_articles as i32,
            max_answer_bytes: limits.max_answer_bytes as i32,
            max_streams_per_connection: limits.max_streams_per_connection as i32,
            max_deadline: Some(seconds(limits.max_deadline)),
            max_stream_lifetime: Some(seconds(limits.max_stream_lifetime)),
        }),
        profiles: profiles.into_iter().map(|it| profile(it).into()).collect(),
        block_roles: Role::ALL.into_iter().map(|it| block_role(it).into()).collect(),
        entity_types: EntityType::ALL.into_iter().map(|it| entity_type(it).into()).collect(),
        default_time_zone: default_time_zone.to_owned(),
        filled_fields: filled_fields(),
    }
}

/// Every field of every answer, by full name, but the unfilled ones.
fn filled_fields() -> Vec<String> {
    let Ok(pool) = DescriptorPool::decode(proto::DESCRIPTORS) else { return Vec::new() };
    let mut fields = Vec::new();
    let mut seen = Vec::new();
    let services = pool.services().filter(|it| it.parent_file().package_name() == "khabar.v1");
    let mut open: Vec<MessageDescriptor> =
        services.flat_map(|it| it.methods().map(|it| it.output()).collect::<Vec<_>>()).collect();
    while let Some(message) = open.pop() {
        if message.package_name() != "khabar.v1" || seen.contains(&message) {
            continue;
        }
        for field in message.fields() {
            if !UNFILLED.contains(&field.full_name()) {
                fields.push(field.full_name().to_owned());
            }
            if let Kind::Message(inner) = field.kind() {
                open.push(inner);
            }
        }
        seen.push(message);
    }
    fields.sort_unstable();
    fields
}
