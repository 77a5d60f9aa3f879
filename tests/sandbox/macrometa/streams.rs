//! `streams`: lists, creation, deletion, messages. No broker: a message is counted and gone.
//!
//! A stream is created under its bare name and known under `c8globals.NAME` or `c8locals.NAME` from then on.

use serde_json::{Value, json};

use super::super::clock;
use super::super::response::Response;
use super::state::{State, Stream};
use super::{Call, TENANT, gateway, inline, wrong_method};

/// Carries a call out.
pub fn response(state: &mut State, call: &Call) -> Result<Response, Response> {
    let fabric = state.fabrics.entry(call.fabric.to_owned()).or_default();
    let streams = &mut fabric.streams;
    let result = |value: Value| Ok(inline(200, json!({"result": value})));
    let missing = || gateway(404, "Stream not found");
    match (call.request.method.as_str(), call.path.as_slice()) {
        ("GET", ["streams"]) => {
            let wanted = call
                .request
                .query_value("global")
                .map(|_| !call.on("global"));
            let all = (streams.iter()).filter(|it| wanted.is_none_or(|local| it.local == local));
            result(all.map(|stream| shown(call, stream)).collect())
        }
        ("GET", ["streams", "ttl"]) => result(json!("259200")),
        // Nobody subscribes here, and messages are gone at once: nothing is there to change.
        ("POST", ["streams", "ttl", seconds]) => {
            let is_time = seconds.parse::<u64>().is_ok();
            is_time
                .then(|| inline(200, json!({"result": seconds})))
                .ok_or_else(|| gateway(400, "The ttl is not a number"))
        }
        ("POST", ["streams", "clearbacklog"]) => result(json!({})),
        ("POST", ["streams", "clearbacklog", _]) | ("DELETE", ["streams", "subscription", _]) => {
            Err(gateway(404, "Subscription not found"))
        }
        ("POST", ["streams", name]) => {
            let local = !call.on("global");
            let topic = format!("{}.{name}", if local { "c8locals" } else { "c8globals" });
            if streams.iter().any(|known| known.topic == topic) {
                return Err(gateway(409, "Stream already exists"));
            }
            streams.push(Stream {
                topic: topic.clone(),
                local,
                messages: 0,
            });
            result(json!({"stream-id": topic}))
        }
        ("DELETE", ["streams", topic]) => {
            let at = streams.iter().position(|known| known.topic == *topic);
            streams.remove(at.ok_or_else(missing)?);
            result(json!({}))
        }
        (method, ["streams", topic, what]) => {
            let found = streams.iter_mut().find(|known| known.topic == *topic);
            let stream = found.ok_or_else(missing)?;
            match (method, *what) {
                ("POST", "publish") => {
                    stream.messages += 1;
                    result(json!({}))
                }
                ("GET", "backlog") => result(json!(json!({"backlog": 0}).to_string())),
                ("GET", "stats") => {
                    result(json!(json!({"msgInCounter": stream.messages}).to_string()))
                }
                ("GET", "subscriptions") => result(json!("[]")),
                _ => Err(wrong_method()),
            }
        }
        (method, ["streams", topic, what, of]) => {
            if !streams.iter().any(|known| known.topic == *topic) {
                return Err(missing());
            }
            match (method, *what) {
                ("POST", "expiry") if of.parse::<u64>().is_ok() => result(json!({})),
                ("POST", "expiry") => Err(gateway(400, "The time is not a number")),
                ("DELETE", "subscriptions") => Err(gateway(404, "Subscription not found")),
                _ => Err(wrong_method()),
            }
        }
        _ => Err(wrong_method()),
    }
}

fn shown(call: &Call, stream: &Stream) -> Value {
    let kind = 4;
    let key = format!("{}_TYPE{kind}", stream.topic);
    json!({"_key": key, "_id": format!("_collections/{key}"), "_rev": format!("_{}---", clock::fresh_word(7)), "topic": stream.topic, "tenant": TENANT, "db": call.fabric, "local": stream.local, "type": kind})
}
